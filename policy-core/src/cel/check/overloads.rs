//! Which overload takes some arguments, and what it gives.

use super::super::signatures::{Signature, Term};
use super::super::types::Type;

/// How well an argument fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    /// It depends on the value.
    Maybe,
    Yes,
}

/// What the overloads give for these arguments, nothing where none takes them. Where it depends on values which one is taken and
/// what that gives, it is `dyn`.
pub(super) fn resolve(overloads: &[&Signature], args: &[Type]) -> Option<Type> {
    let mut possible: Option<Type> = None;
    for signature in overloads.iter().filter(|it| it.args.len() == args.len()) {
        #[cfg(test)]
        crate::cel::steps::take();
        let mut parameters = Parameters::default();
        let mut worst = Fit::Yes;
        for (term, arg) in signature.args.iter().zip(args) {
            worst = worst.min(parameters.fit(term, arg));
            if worst == Fit::No {
                break;
            }
        }
        let gives = || parameters.fill(&signature.gives);
        match worst {
            Fit::No => {}
            Fit::Yes => return Some(gives()),
            Fit::Maybe => {
                let gives = gives();
                possible = Some(match possible {
                    Some(before) if before != gives => Type::Dyn,
                    _ => gives,
                });
            }
        }
    }
    possible
}

/// What the type parameters of a signature stand for.
#[derive(Default)]
struct Parameters {
    a: Option<Type>,
    b: Option<Type>,
    ordered: Option<Type>,
}

impl Parameters {
    fn fit(&mut self, term: &Term, arg: &Type) -> Fit {
        match (term, arg) {
            (Term::Dyn, _) => Fit::Yes,
            (Term::A, _) => take(&mut self.a, arg),
            (Term::B, _) => take(&mut self.b, arg),
            (Term::Ordered, _) if arg.is_ordered() => take(&mut self.ordered, arg),
            (_, Type::Dyn | Type::Never) => {
                self.open(term, arg);
                Fit::Maybe
            }
            (Term::List(item), Type::List(given)) => self.fit(item, given),
            (Term::Optional(value), Type::Optional(given)) => self.fit(value, given),
            (Term::Map(key, value), Type::Map(given_key, given_value)) => {
                self.fit(key, given_key).min(self.fit(value, given_value))
            }
            (Term::Map(key, value), Type::Object(_)) => {
                self.fit(key, &Type::String).min(self.fit(value, &Type::Dyn))
            }
            (Term::Bool, Type::Bool)
            | (Term::Int, Type::Int)
            | (Term::Uint, Type::Uint)
            | (Term::Double, Type::Double)
            | (Term::String, Type::String)
            | (Term::Bytes, Type::Bytes)
            | (Term::Timestamp, Type::Timestamp)
            | (Term::Duration, Type::Duration)
            | (Term::Ip, Type::Ip)
            | (Term::Cidr, Type::Cidr) => Fit::Yes,
            _ => Fit::No,
        }
    }

    /// Lets the parameters inside a term stand for what is not known.
    fn open(&mut self, term: &Term, arg: &Type) {
        let parameter = match term {
            Term::A => &mut self.a,
            Term::B => &mut self.b,
            Term::Ordered => &mut self.ordered,
            Term::List(inner) | Term::Optional(inner) | Term::Type(inner) => return self.open(inner, arg),
            Term::Map(key, value) => {
                self.open(key, arg);
                return self.open(value, arg);
            }
            _ => return,
        };
        take(parameter, arg);
    }

    fn fill(&self, term: &Term) -> Type {
        let parameter = |it: &Option<Type>| it.clone().unwrap_or(Type::Never);
        match term {
            Term::Dyn => Type::Dyn,
            Term::Bool => Type::Bool,
            Term::Int => Type::Int,
            Term::Uint => Type::Uint,
            Term::Double => Type::Double,
            Term::String => Type::String,
            Term::Bytes => Type::Bytes,
            Term::Timestamp => Type::Timestamp,
            Term::Duration => Type::Duration,
            Term::Ip => Type::Ip,
            Term::Cidr => Type::Cidr,
            Term::A => parameter(&self.a),
            Term::B => parameter(&self.b),
            Term::Ordered => parameter(&self.ordered),
            Term::List(item) => Type::list(self.fill(item)),
            Term::Map(key, value) => Type::map(self.fill(key), self.fill(value)),
            Term::Optional(value) => Type::optional(self.fill(value)),
            Term::Type(of) => Type::type_of(self.fill(of)),
        }
    }
}

fn take(parameter: &mut Option<Type>, arg: &Type) -> Fit {
    let unified = match parameter {
        Some(before) => before.unify(arg),
        None => Some(arg.clone()),
    };
    match unified {
        Some(unified) => {
            *parameter = Some(unified);
            Fit::Yes
        }
        None => Fit::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::signatures::{Call, overloads};

    fn gives(name: &str, call: Call, args: &[Type]) -> Option<String> {
        resolve(overloads(name, call), args).map(|kind| kind.to_string())
    }

    #[test]
    fn parameters_are_the_same_everywhere_in_a_signature() {
        let ints = Type::list(Type::Int);
        let given = |it: Option<String>| it.unwrap_or_default();
        assert_eq!(given(gives("+", Call::Operator, &[ints.clone(), ints.clone()])), "list(int)");
        assert_eq!(given(gives("+", Call::Operator, &[Type::list(Type::Never), ints.clone()])), "list(int)");
        assert_eq!(gives("+", Call::Operator, &[ints.clone(), Type::list(Type::String)]), None);
        assert_eq!(given(gives("flatten", Call::Member, &[Type::list(ints.clone())])), "list(int)");
        assert_eq!(given(gives("flatten", Call::Member, &[ints])), "list(dyn)");
    }

    #[test]
    fn what_depends_on_values_is_dyn_unless_all_give_the_same() {
        assert_eq!(gives("reverse", Call::Member, &[Type::Dyn]).as_deref(), Some("dyn"));
        assert_eq!(gives("size", Call::Member, &[Type::Dyn]).as_deref(), Some("int"));
        assert_eq!(gives("+", Call::Operator, &[Type::Dyn, Type::String]).as_deref(), Some("string"));
        assert_eq!(gives("sort", Call::Member, &[Type::list(Type::Dyn)]).as_deref(), Some("list(dyn)"));
        assert_eq!(gives("sort", Call::Member, &[Type::list(Type::list(Type::Int))]), None);
    }

    #[test]
    fn nothing_goes_for_everything() {
        let none = Type::optional(Type::Never);
        assert_eq!(gives("orValue", Call::Member, &[none.clone(), Type::Int]).as_deref(), Some("int"));
        assert_eq!(gives("optional.none", Call::Global, &[]).as_deref(), Some("optional(_)"));
        assert_eq!(
            gives("or", Call::Member, &[none, Type::optional(Type::Int)]).as_deref(),
            Some("optional(int)")
        );
    }
}
