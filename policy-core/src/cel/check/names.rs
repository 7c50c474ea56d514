//! Variables, and types by name.

use super::super::ast::Node;
use super::super::problem::{Problem, nearest};
use super::super::types::Type;
use super::{Checker, Typed};

impl<'s> Checker<'s> {
    pub(super) fn ident(&mut self, name: &'s str, node: &Node) -> Typed {
        let absolute = name.strip_prefix('.');
        if absolute.is_none()
            && let Some((_, typed)) = self.bound.iter().rev().find(|(bound, _)| *bound == name)
        {
            return typed.clone();
        }
        let name = absolute.unwrap_or(name);
        let scope = self.scope;
        if let Some(variable) = scope.variables.get(name) {
            return variable.clone();
        }
        if let Some(root) = scope.roots.get(name) {
            return root.clone().into();
        }
        match named(name) {
            Some(of) => Type::type_of(of).into(),
            None => {
                self.unknown_variable(name, node);
                Type::Never.into()
            }
        }
    }

    #[inline(never)]
    fn unknown_variable(&mut self, name: &str, node: &Node) {
        let scope = self.scope;
        let problem =
            Problem::new("unknown-variable", node.range(), format!("there is no variable `{name}`"));
        let known = scope.roots.keys().chain(scope.variables.keys()).map(String::as_str);
        let known = known.chain(self.bound.iter().map(|(bound, _)| *bound));
        let inside = scope
            .roots
            .iter()
            .find(|(_, root)| matches!(root, Type::Object(object) if object.fields.contains_key(name)));
        let help = match (inside, nearest(name, known)) {
            (Some((root, _)), _) => Some(format!("did you mean `{root}.{name}`?")),
            (None, Some(near)) => Some(format!("did you mean `{near}`?")),
            (None, None) => None,
        };
        self.report(Problem { help, ..problem });
    }
}

/// The type that `name` names (cel-spec, "Type Values").
fn named(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "bytes" => Type::Bytes,
        "double" => Type::Double,
        "int" => Type::Int,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "null_type" => Type::Null,
        "string" => Type::String,
        "type" => Type::type_of(Type::Dyn),
        "uint" => Type::Uint,
        "optional_type" => Type::optional(Type::Dyn),
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.Duration" => Type::Duration,
        "net.IP" => Type::Ip,
        "net.CIDR" => Type::Cidr,
        _ => return None,
    })
}
