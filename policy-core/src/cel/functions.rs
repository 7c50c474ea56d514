//! The functions that an expression may call.

use std::sync::{Arc, LazyLock};

use cel::common::types::CelType;
use cel::{DeclarationError, Env, extensions};

use super::network;

/// The standard library with the extensions in use. Nothing in it reads a clock, a random source or the outside.
pub(super) static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // The names are fixed, so a clash would show in every test that calls a function.
    let added = extend(&mut env);
    debug_assert_eq!(added, Ok(()), "the extensions don't clash");
    Arc::new(env)
});

fn extend(env: &mut Env) -> Result<(), DeclarationError> {
    extensions::strings(env)?;
    extensions::math(env)?;
    extensions::lists(env)?;
    extensions::encoders(env)?;
    network::extension(env)
}

/// How a function is called: `f(x)` or `x.f()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Global,
    Member,
}

/// Every function, how it is called, and how many arguments it takes at least and at most.
const FUNCTIONS: [(&str, Style, usize, usize); 88] = {
    use Style::{Global, Member};
    [
        ("size", Global, 1, 1),
        ("bool", Global, 1, 1),
        ("bytes", Global, 1, 1),
        ("double", Global, 1, 1),
        ("duration", Global, 1, 1),
        ("dyn", Global, 1, 1),
        ("int", Global, 1, 1),
        ("string", Global, 1, 1),
        ("timestamp", Global, 1, 1),
        ("type", Global, 1, 1),
        ("uint", Global, 1, 1),
        ("matches", Global, 2, 2),
        ("optional.none", Global, 0, 0),
        ("optional.of", Global, 1, 1),
        ("optional.ofNonZeroValue", Global, 1, 1),
        ("ip", Global, 1, 1),
        ("isIP", Global, 1, 1),
        ("cidr", Global, 1, 1),
        ("isCIDR", Global, 1, 1),
        ("ip.isCanonical", Global, 1, 1),
        ("lists.range", Global, 1, 1),
        ("strings.quote", Global, 1, 1),
        ("base64.encode", Global, 1, 1),
        ("base64.decode", Global, 1, 1),
        ("math.greatest", Global, 1, usize::MAX),
        ("math.least", Global, 1, usize::MAX),
        ("math.ceil", Global, 1, 1),
        ("math.floor", Global, 1, 1),
        ("math.round", Global, 1, 1),
        ("math.trunc", Global, 1, 1),
        ("math.isInf", Global, 1, 1),
        ("math.isNaN", Global, 1, 1),
        ("math.isFinite", Global, 1, 1),
        ("math.abs", Global, 1, 1),
        ("math.sign", Global, 1, 1),
        ("math.sqrt", Global, 1, 1),
        ("math.bitAnd", Global, 2, 2),
        ("math.bitOr", Global, 2, 2),
        ("math.bitXor", Global, 2, 2),
        ("math.bitNot", Global, 1, 1),
        ("math.bitShiftLeft", Global, 2, 2),
        ("math.bitShiftRight", Global, 2, 2),
        ("size", Member, 0, 0),
        ("contains", Member, 1, 1),
        ("startsWith", Member, 1, 1),
        ("endsWith", Member, 1, 1),
        ("matches", Member, 1, 1),
        ("getFullYear", Member, 0, 1),
        ("getMonth", Member, 0, 1),
        ("getDayOfYear", Member, 0, 1),
        ("getDayOfMonth", Member, 0, 1),
        ("getDate", Member, 0, 1),
        ("getDayOfWeek", Member, 0, 1),
        ("getHours", Member, 0, 1),
        ("getMinutes", Member, 0, 1),
        ("getSeconds", Member, 0, 1),
        ("getMilliseconds", Member, 0, 1),
        ("value", Member, 0, 0),
        ("hasValue", Member, 0, 0),
        ("or", Member, 1, 1),
        ("orValue", Member, 1, 1),
        ("charAt", Member, 1, 1),
        ("indexOf", Member, 1, 2),
        ("lastIndexOf", Member, 1, 2),
        ("lowerAscii", Member, 0, 0),
        ("upperAscii", Member, 0, 0),
        ("replace", Member, 2, 3),
        ("reverse", Member, 0, 0),
        ("split", Member, 1, 2),
        ("substring", Member, 1, 2),
        ("trim", Member, 0, 0),
        ("format", Member, 1, 1),
        ("join", Member, 0, 1),
        ("distinct", Member, 0, 0),
        ("flatten", Member, 0, 1),
        ("slice", Member, 2, 2),
        ("sort", Member, 0, 0),
        ("family", Member, 0, 0),
        ("isUnspecified", Member, 0, 0),
        ("isLoopback", Member, 0, 0),
        ("isGlobalUnicast", Member, 0, 0),
        ("isLinkLocalMulticast", Member, 0, 0),
        ("isLinkLocalUnicast", Member, 0, 0),
        ("containsIP", Member, 1, 1),
        ("containsCIDR", Member, 1, 1),
        ("ip", Member, 0, 0),
        ("masked", Member, 0, 0),
        ("prefixLength", Member, 0, 0),
    ]
};

/// Every function called in this style.
pub(super) fn names(style: Style) -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().filter(move |(_, known, ..)| *known == style).map(|(name, ..)| *name)
}

/// How few and how many arguments the function takes, or nothing, where there is none.
pub(super) fn arity(name: &str, style: Style) -> Option<(usize, usize)> {
    let name = name.trim_start_matches('.');
    FUNCTIONS
        .iter()
        .find(|(known, called, ..)| *known == name && *called == style)
        .map(|(.., min, max)| (*min, *max))
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

/// The type that `name` names, as a value.
pub(super) fn type_value(name: &str) -> Option<CelType> {
    let name = name.trim_start_matches('.');
    TYPES.iter().find(|known| **known == name).map(|known| CelType::new_static(known))
}

/// Whether `name` is a type whose name holds a dot.
pub(super) fn is_qualified_type(name: &str) -> bool {
    name.contains('.') && TYPES.contains(&name)
}
