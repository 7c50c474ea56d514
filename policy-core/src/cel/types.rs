//! The types of CEL expressions (cel-spec, "Gradual Type Checking").

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The type of a value before there is one.
///
/// # Example: a map of lists, as CEL writes it
///
/// ```
/// use policy_core::cel::Type;
///
/// let attributes = Type::map(Type::String, Type::list(Type::String));
/// assert_eq!(attributes.to_string(), "map(string, list(string))");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Anything: only what `dyn(…)` gives, and what mixes types.
    Dyn,
    /// No value at all: an element of `[]`, the value of `optional.none()`. It goes for every type.
    Never,
    /// `null_type`.
    Null,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `uint`.
    Uint,
    /// `double`.
    Double,
    /// `string`.
    String,
    /// `bytes`.
    Bytes,
    /// `google.protobuf.Timestamp`.
    Timestamp,
    /// `google.protobuf.Duration`.
    Duration,
    /// `net.IP`.
    Ip,
    /// `net.CIDR`.
    Cidr,
    /// A list of one type.
    List(Arc<Type>),
    /// A map: its keys, its values.
    Map(Arc<Type>, Arc<Type>),
    /// A fixed set of fields, such as `user`.
    Object(Arc<Object>),
    /// A value that may be missing.
    Optional(Arc<Type>),
    /// A type as a value.
    Type(Arc<Type>),
}

/// A part of the context with a closed set of fields. There is one value of each: whatever way leads to it, it is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The name by which expressions read it.
    pub name: String,
    /// The types of its fields, by name. A field may be absent.
    pub fields: BTreeMap<String, Type>,
}

impl Type {
    /// A list of `item`.
    #[must_use]
    pub fn list(item: Self) -> Self {
        Self::List(Arc::new(item))
    }

    /// A map.
    #[must_use]
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// An optional value.
    #[must_use]
    pub fn optional(value: Self) -> Self {
        Self::Optional(Arc::new(value))
    }

    /// A type as a value: what `type(x)` is for an `x` of type `of`.
    #[must_use]
    pub fn type_of(of: Self) -> Self {
        Self::Type(Arc::new(of))
    }

    /// The object that expressions read by this name.
    #[must_use]
    pub fn object<N: Into<String>>(
        name: impl Into<String>,
        fields: impl IntoIterator<Item = (N, Self)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(field, of)| (field.into(), of)).collect();
        Self::Object(Arc::new(Object { name: name.into(), fields }))
    }

    /// The type of what is of the one or of the other type: `dyn`, where they are different. Element types of lists and
    /// maps that are written out join like this.
    ///
    /// # Example: an empty list takes any type, a mixed one has none
    ///
    /// ```
    /// use policy_core::cel::Type;
    ///
    /// assert_eq!(Type::list(Type::Never).join(&Type::list(Type::Int)), Type::list(Type::Int));
    /// assert_eq!(Type::Int.join(&Type::String), Type::Dyn);
    /// ```
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        self.unify(other).unwrap_or(Self::Dyn)
    }

    /// The more general one of two types of which one goes for the other.
    pub(super) fn unify(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (one, other) if one == other => one.clone(),
            (Self::Never, known) | (known, Self::Never) => known.clone(),
            (Self::Dyn, _) | (_, Self::Dyn) => Self::Dyn,
            (Self::Null, it) | (it, Self::Null) if it.is_nullable() => it.clone(),
            (Self::List(one), Self::List(other)) => Self::list(one.unify(other)?),
            (Self::Map(key, value), Self::Map(other_key, other_value)) => {
                Self::map(key.unify(other_key)?, value.unify(other_value)?)
            }
            (Self::Optional(one), Self::Optional(other)) => Self::optional(one.unify(other)?),
            (Self::Type(_), Self::Type(_)) => Self::type_of(Self::Dyn),
            _ => return None,
        })
    }

    /// What cel-go lets `null` stand for.
    fn is_nullable(&self) -> bool {
        matches!(self, Self::Timestamp | Self::Duration | Self::Ip | Self::Cidr | Self::Optional(_))
    }

    /// Whether nothing is known of the value that would rule anything out.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Dyn | Self::Never)
    }

    pub(super) fn is_numeric(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }

    /// Whether `<` tells two of them apart.
    pub(super) fn is_ordered(&self) -> bool {
        self.is_numeric()
            || matches!(self, Self::Bool | Self::String | Self::Bytes | Self::Timestamp | Self::Duration)
    }

    /// Whether a value of the one can equal a value of the other type. Numbers of different types can.
    pub(super) fn can_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (one, other) if one.is_numeric() && other.is_numeric() => true,
            (Self::List(one), Self::List(other)) | (Self::Optional(one), Self::Optional(other)) => {
                one.can_equal(other)
            }
            (Self::Map(key, value), Self::Map(other_key, other_value)) => {
                key.can_equal(other_key) && value.can_equal(other_value)
            }
            (Self::Object(_), Self::Map(key, _)) | (Self::Map(key, _), Self::Object(_)) => {
                key.can_equal(&Self::String)
            }
            (one, other) => one.unify(other).is_some(),
        }
    }

    /// How many lists, maps, … are inside each other.
    pub(super) fn levels(&self) -> u64 {
        let inner = match self {
            Self::List(inner) | Self::Optional(inner) | Self::Type(inner) | Self::Map(_, inner) => {
                inner.levels()
            }
            _ => 0,
        };
        inner.saturating_add(1)
    }

    /// With its article, and without what is inside: `a list`, `an int`.
    pub(super) fn brief(&self) -> &'static str {
        match self {
            Self::Dyn | Self::Never => "of any type",
            Self::Null => "null",
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Uint => "a uint",
            Self::Double => "a double",
            Self::String => "a string",
            Self::Bytes => "bytes",
            Self::Timestamp => "a timestamp",
            Self::Duration => "a duration",
            Self::Ip => "an address (net.IP)",
            Self::Cidr => "a range of addresses (net.CIDR)",
            Self::List(_) => "a list",
            Self::Map(..) => "a map",
            Self::Object(_) => "an object",
            Self::Optional(_) => "an optional",
            Self::Type(_) => "a type",
        }
    }

    /// With its article: `a list(string)`, `an int`.
    pub(super) fn described(&self) -> String {
        match self {
            Self::List(item) if **item == Self::Never => "an empty list".to_owned(),
            Self::Map(key, _) if **key == Self::Never => "an empty map".to_owned(),
            Self::List(_) | Self::Map(..) => format!("a {self}"),
            Self::Optional(_) => format!("an {self}"),
            simple => simple.brief().to_owned(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List(item) => return write!(f, "list({item})"),
            Self::Map(key, value) => return write!(f, "map({key}, {value})"),
            Self::Optional(value) => return write!(f, "optional({value})"),
            Self::Type(of) => return write!(f, "type({of})"),
            Self::Object(_) => "object",
            Self::Dyn => "dyn",
            Self::Never => "_",
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Timestamp => "timestamp",
            Self::Duration => "duration",
            Self::Ip => "net.IP",
            Self::Cidr => "net.CIDR",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_takes_the_type_of_the_other_one() {
        let empty = Type::list(Type::Never);
        assert_eq!(empty.join(&Type::list(Type::Int)), Type::list(Type::Int));
        assert_eq!(
            Type::map(Type::Never, Type::Never).join(&Type::map(Type::String, empty.clone())).to_string(),
            "map(string, list(_))"
        );
    }

    #[test]
    fn what_mixes_types_is_dyn() {
        assert_eq!(Type::Int.join(&Type::String), Type::Dyn);
        assert_eq!(Type::list(Type::Int).join(&Type::list(Type::String)), Type::Dyn);
        assert_eq!(Type::list(Type::Dyn).join(&Type::list(Type::Int)), Type::list(Type::Dyn));
        assert_eq!(Type::Null.join(&Type::Timestamp), Type::Timestamp);
        assert_eq!(Type::Null.join(&Type::String), Type::Dyn);
    }

    #[test]
    fn numbers_of_different_types_can_be_equal_and_texts_and_numbers_cannot() {
        assert!(Type::list(Type::Int).can_equal(&Type::list(Type::Double)));
        assert!(!Type::list(Type::Int).can_equal(&Type::list(Type::String)));
        assert!(!Type::String.can_equal(&Type::optional(Type::String)));
        assert!(Type::type_of(Type::Int).can_equal(&Type::type_of(Type::String)));
    }
}
