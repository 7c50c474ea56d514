//! What a value can still be, given how the tests of it came out.

use super::constant::{Constant, Kind};
use super::solve::{Fact, Want};
use super::term::{Relation, Shape, Term, Terms};

/// Whole numbers between two bounds are counted out up to this many.
const FEW: f64 = 64.0;

impl Terms<'_> {
    /// What a test says something about: a comparison with a constant is about its other side, and everything else about
    /// itself.
    pub(super) fn subject(&self, test: Term) -> Term {
        match self.shape(test) {
            Shape::Equal(subject, constant) if self.constant(*constant).is_some() => *subject,
            Shape::OneOf(subject, _) | Shape::Order(subject, ..) | Shape::Text(subject, ..) => *subject,
            _ => test,
        }
    }

    /// How a test comes out where its subject has this value; nothing where it fails.
    fn outcome(&self, test: Term, value: &Constant) -> Option<bool> {
        match (self.shape(test), value) {
            (Shape::Equal(_, constant), _) if self.constant(*constant).is_some() => {
                Some(self.constant(*constant) == Some(value))
            }
            (Shape::OneOf(_, constants), _) => Some(constants.contains(value)),
            (Shape::Order(_, relation, constant), _) => {
                value.order(constant).map(|order| relation.holds(order))
            }
            (Shape::Text(_, test, part), Constant::Text(text)) => Some(test.holds(text, part)),
            (Shape::Text(..), _) => None,
            (_, Constant::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// Whether some value of `subject` makes all of these tests come out so. `given` are the values that it can have,
    /// where they are known.
    pub(super) fn has_value(&self, subject: Term, facts: &[&Fact], given: Option<&[Constant]>) -> bool {
        // A test that came out true or false had a value to look at.
        let read = facts.iter().any(|fact| matches!(fact.want, Want::True | Want::False));
        if !read {
            return true;
        }
        match self.candidates(subject, facts, given) {
            Some(candidates) => candidates
                .iter()
                .any(|value| self.fits(subject, value) && facts.iter().all(|fact| self.agrees(fact, value))),
            None => self.has_range(subject, facts),
        }
    }

    #[inline(never)]
    fn agrees(&self, fact: &Fact, value: &Constant) -> bool {
        let outcome = self.outcome(fact.test, value);
        match fact.want {
            Want::True => outcome == Some(true),
            Want::False => outcome == Some(false),
            Want::NotTrue => outcome != Some(true),
            Want::NotFalse => outcome != Some(false),
        }
    }

    /// Whether a value is of the kind and within the bounds of what it shall be the value of.
    fn fits(&self, subject: Term, value: &Constant) -> bool {
        let Some(kind) = self.kind(subject) else { return true };
        let whole = |value: &Constant| matches!(value, Constant::Number(number) if number.is_whole());
        if !kind.meets(value.kind()) || (kind == Kind::Int && !whole(value)) {
            return false;
        }
        match (self.bounds(subject), value) {
            (Some((least, most)), Constant::Number(number)) => (least..=most).contains(&number.get()),
            _ => true,
        }
    }

    /// The only values that the subject can have, where the facts leave a few.
    #[inline(never)]
    fn candidates(
        &self,
        subject: Term,
        facts: &[&Fact],
        given: Option<&[Constant]>,
    ) -> Option<Vec<Constant>> {
        if let Some(given) = given {
            return Some(given.to_vec());
        }
        let named = facts.iter().filter(|fact| fact.want == Want::True).find_map(|fact| {
            match self.shape(fact.test) {
                Shape::Equal(_, constant) => Some(vec![self.constant(*constant)?.clone()]),
                Shape::OneOf(_, constants) => Some(constants.clone()),
                _ => None,
            }
        });
        // A condition that came out true or false is a bool.
        let is_bool =
            self.is_bool(subject) || facts.iter().any(|fact| fact.test == subject && fact.is_settled());
        named.or_else(|| is_bool.then(|| vec![Constant::Bool(false), Constant::Bool(true)]))
    }

    /// Whether the comparisons leave room between them.
    #[inline(never)]
    fn has_range(&self, subject: Term, facts: &[&Fact]) -> bool {
        let kind = self.kind(subject);
        let mut range = Range::default();
        if let Some((least, most)) = self.bounds(subject) {
            range.at_least(least, most);
        }
        let compared =
            |fact: &&&Fact| fact.want == Want::True && matches!(self.shape(fact.test), Shape::Order(..));
        // Where nothing says that it has an order, it may be NaN, of which every comparison is false.
        let ordered = kind.is_some_and(|kind| kind != Kind::Number) || facts.iter().any(|it| compared(&it));
        for fact in facts {
            let Shape::Order(_, relation, constant) = self.shape(fact.test) else { continue };
            let meets = kind.is_none_or(|kind| kind.meets(constant.kind()));
            let room = match fact.want {
                Want::True => meets && range.narrow(*relation, constant),
                Want::False if ordered && meets => range.narrow(relation.negated(), constant),
                // A comparison that can only fail does not come out false.
                Want::False => !ordered || meets,
                // It may have failed, unless its sides can be compared.
                Want::NotTrue if meets && kind.is_some() => range.narrow(relation.negated(), constant),
                Want::NotFalse if meets && kind.is_some() => range.narrow(*relation, constant),
                Want::NotTrue | Want::NotFalse => true,
            };
            if !room {
                return false;
            }
        }
        range.has_room(kind == Some(Kind::Int), |value| {
            facts
                .iter()
                .all(|fact| matches!(self.shape(fact.test), Shape::Order(..)) || self.agrees(fact, value))
        })
    }
}

/// Two bounds; `true` stands for one that is excluded itself.
#[derive(Debug, Default)]
struct Range {
    least: Option<(Constant, bool)>,
    most: Option<(Constant, bool)>,
}

impl Range {
    fn at_least(&mut self, least: f64, most: f64) {
        use super::constant::Number;
        self.least = Number::new(least).map(|least| (Constant::Number(least), false));
        self.most = Number::new(most).map(|most| (Constant::Number(most), false));
    }

    /// Whether the relation can hold beside those before.
    fn narrow(&mut self, relation: Relation, constant: &Constant) -> bool {
        let other_kind = |bound: &Option<(Constant, bool)>| {
            bound.as_ref().is_some_and(|(bound, _)| bound.kind() != constant.kind())
        };
        if other_kind(&self.least) || other_kind(&self.most) {
            return false;
        }
        let bound = (constant.clone(), matches!(relation, Relation::Less | Relation::Greater));
        match relation {
            Relation::Greater | Relation::GreaterOrEqual => {
                let tighter = self.least.as_ref().is_none_or(|least| *least < bound);
                if tighter {
                    self.least = Some(bound);
                }
            }
            Relation::Less | Relation::LessOrEqual => {
                // Of two equal bounds the one that is excluded is the tighter.
                let tighter = self.most.as_ref().is_none_or(|(most, excluded)| {
                    bound.0 < *most || (bound.0 == *most && bound.1 && !excluded)
                });
                if tighter {
                    self.most = Some(bound);
                }
            }
        }
        true
    }

    /// Whether a value lies between the bounds and passes `allowed`.
    fn has_room(&self, whole: bool, allowed: impl Fn(&Constant) -> bool) -> bool {
        let (Some((least, above)), Some((most, below))) = (&self.least, &self.most) else { return true };
        match least.cmp(most) {
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => !above && !below && allowed(least),
            std::cmp::Ordering::Less => match (least, most) {
                (Constant::Number(least), Constant::Number(most)) if whole => {
                    whole_between(least.get(), *above, most.get(), *below, allowed)
                }
                _ => true,
            },
        }
    }
}

fn whole_between(
    least: f64,
    above: bool,
    most: f64,
    below: bool,
    allowed: impl Fn(&Constant) -> bool,
) -> bool {
    let first = if above { (least + 1.0).floor() } else { least.ceil() };
    let last = if below { (most - 1.0).ceil() } else { most.floor() };
    if last - first > FEW {
        return true;
    }
    let mut value = first;
    while value <= last {
        if super::constant::Number::new(value).is_none_or(|value| allowed(&Constant::Number(value))) {
            return true;
        }
        value += 1.0;
    }
    false
}
