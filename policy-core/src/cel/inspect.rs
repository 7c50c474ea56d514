//! What a value is: its elements, its size, and what to call it.

use cel::common::types::{CelBytes, CelInt, CelList, CelMap, CelOptional, CelString, Kind};
use cel::common::value::{CowVal, Val};

use super::evaluate::{Dyn, Val1};
use super::limits::MAX_VALUE_DEPTH;

/// The elements of a list or the keys of a map, in order, with the values of a map.
pub(super) fn items<'v>(value: &'v Dyn) -> Option<Vec<(Val1<'v>, &'v Dyn)>> {
    if let Some(entries) = value.downcast_ref::<CelMap<'_>>() {
        let mut sorted: Vec<_> = entries.inner().iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        return Some(sorted.into_iter().map(|(k, v)| (CowVal::Borrowed(k.inner()), v.as_ref())).collect());
    }
    let list = value.downcast_ref::<CelList<'_>>()?;
    let index = |i: usize| CowVal::owned(CelInt::from(i64::try_from(i).unwrap_or(i64::MAX)));
    Some(list.inner().iter().enumerate().map(|(i, item)| (index(i), item.as_ref())).collect())
}

/// Adds the size of a value, unless it is above `limit` or nested too deep.
pub(super) fn measure(value: &dyn Val, limit: u64, size: &mut u64, depth: u16) -> bool {
    let bytes = |n: usize| u64::try_from(n).unwrap_or(u64::MAX) >> 4;
    *size = size.saturating_add(1);
    if *size > limit || depth > MAX_VALUE_DEPTH {
        return false;
    }
    let below = depth.saturating_add(1);
    if let Some(text) = value.downcast_ref::<CelString<'_>>() {
        *size = size.saturating_add(bytes(text.inner().len()));
    } else if let Some(data) = value.downcast_ref::<CelBytes<'_>>() {
        *size = size.saturating_add(bytes(data.inner().len()));
    } else if let Some(list) = value.downcast_ref::<CelList<'_>>() {
        return list.inner().iter().all(|item| measure(item.as_ref(), limit, size, below));
    } else if let Some(map) = value.downcast_ref::<CelMap<'_>>() {
        return map.inner().iter().all(|(key, value)| {
            measure(key.inner(), limit, size, below) && measure(value.as_ref(), limit, size, below)
        });
    } else if let Some(optional) = value.downcast_ref::<CelOptional<'_>>() {
        return optional.option().is_none_or(|inner| measure(inner, limit, size, below));
    }
    *size <= limit
}

/// Whether the value is an optional, empty or not.
pub(super) fn is_optional(value: &Dyn) -> bool {
    value.downcast_ref::<CelOptional<'_>>().is_some()
}

/// The type of a value with its article, for messages.
pub(super) fn a_type(value: &dyn Val) -> String {
    match value.get_type().kind() {
        Kind::NullType => "null".to_owned(),
        _ => article(value.get_type().name()),
    }
}

/// A type's name with its article.
pub(super) fn article(name: &str) -> String {
    let name = plain_type(name);
    let vowel = name.starts_with(['a', 'e', 'i', 'o']);
    if vowel { format!("an {name}") } else { format!("a {name}") }
}

/// A type's name as a policy's author knows it.
pub(super) fn plain_type(name: &str) -> &str {
    match name {
        "google.protobuf.Timestamp" => "timestamp",
        "google.protobuf.Duration" => "duration",
        "null_type" => "null",
        "optional_type" => "optional",
        "net.IP" => "ip",
        "net.CIDR" => "cidr",
        name => name,
    }
}
