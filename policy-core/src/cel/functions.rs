//! The names of functions and types.

use super::library::FUNCTIONS;

/// How a function is called: `f(x)` or `x.f()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Global,
    Member,
}

/// Every function called in this style.
pub(super) fn names(style: Style) -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().filter(move |known| known.style == style).map(|known| known.name)
}

/// How few and how many arguments the function takes, or nothing, where there is none.
pub(super) fn arity(name: &str, style: Style) -> Option<(usize, usize)> {
    let name = name.trim_start_matches('.');
    FUNCTIONS
        .iter()
        .find(|known| known.name == name && known.style == style)
        .map(|known| (known.min, known.max))
}

/// Whether `name`, which holds a dot, is a function rather than a member call on a variable.
pub(super) fn is_qualified_function(name: &str) -> bool {
    name == "cel.bind" || (name.contains('.') && arity(name, Style::Global).is_some())
}

const TYPES: [&str; 15] = [
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "optional_type",
    "google.protobuf.Timestamp",
    "google.protobuf.Duration",
    "net.IP",
    "net.CIDR",
];

/// The type that `name` names.
pub(super) fn type_value(name: &str) -> Option<&'static str> {
    let name = name.trim_start_matches('.');
    TYPES.into_iter().find(|known| *known == name)
}

/// Whether `name` is a type whose name holds a dot.
pub(super) fn is_qualified_type(name: &str) -> bool {
    name.contains('.') && TYPES.contains(&name)
}
