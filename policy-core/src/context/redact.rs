//! Taking facts out of a context before it is kept.

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::schema::{Type, find};

/// A path into a context: a field of the schema (`user.email`), or one entry of a field that is a map
/// (`user.attributes.phone`, whose key is everything behind the field).
///
/// # Example: a field, an entry of a map, and what is neither
///
/// ```
/// use policy_core::context::FieldPath;
///
/// assert!(FieldPath::parse("user.email").is_some());
/// assert!(FieldPath::parse("user.attributes.phone").is_some());
/// assert_eq!(FieldPath::parse("user.phone"), None);
/// assert_eq!(FieldPath::parse("user"), None); // a group is no field
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    text: String,
    /// The members that lead there, outermost first.
    steps: Vec<String>,
}

impl FieldPath {
    /// Reads a path; none where the schema has nothing there.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if find(text).is_some() {
            return Some(Self::new(text, text.split('.')));
        }
        let (group, rest) = text.split_once('.')?;
        let (name, key) = rest.split_once('.')?;
        let field = find(&format!("{group}.{name}"))?;
        let is_map = matches!(field.ty, Type::TextMap | Type::TextsMap | Type::TimestampMap);
        (is_map && !key.is_empty()).then(|| Self::new(text, [group, name, key]))
    }

    fn new<'t>(text: &str, steps: impl IntoIterator<Item = &'t str>) -> Self {
        Self { text: text.to_owned(), steps: steps.into_iter().map(str::to_owned).collect() }
    }

    /// As it is written in a policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Puts `null` in the place of every fact that is there and named, and says which were. A context that is decided on never holds a
/// `null`, so what was taken out can be told from what was never there.
///
/// # Example: an address is there, a phone is not
///
/// ```
/// use policy_core::context::{FieldPath, redact};
/// use serde_json::json;
///
/// let paths: Vec<FieldPath> =
///     ["user.email", "user.attributes.phone"].into_iter().filter_map(FieldPath::parse).collect();
/// let mut context = json!({ "user": { "username": "alice", "email": "alice@example.org" } });
/// let taken: Vec<&str> = redact(&mut context, &paths).into_iter().map(FieldPath::as_str).collect();
/// assert_eq!(taken, ["user.email"]);
/// assert_eq!(context, json!({ "user": { "username": "alice", "email": null } }));
/// ```
#[must_use]
pub fn redact<'p>(context: &mut Json, paths: &'p [FieldPath]) -> Vec<&'p FieldPath> {
    paths.iter().filter(|path| take(context, &path.steps)).collect()
}

fn take(context: &mut Json, steps: &[String]) -> bool {
    let place = steps.iter().try_fold(context, |place, step| place.get_mut(step));
    match place {
        // A path before this one may have taken the whole map, or this entry, already.
        Some(value) if !value.is_null() => {
            *value = Json::Null;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_is_a_field_or_an_entry_of_a_map() {
        for good in
            ["action", "user.email", "user.attributes", "user.attributes.phone", "user.attributes.a.b"]
        {
            assert_eq!(FieldPath::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "user", "user.mail", "user.email.domain", "user.attributes.", "email", "a.b.c"] {
            assert_eq!(FieldPath::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_there_becomes_null_and_is_named() {
        let paths: Vec<FieldPath> =
            ["user.email", "user.attributes.phone", "user.attributes.a.b", "request.ip", "session.acr"]
                .iter()
                .map(|path| FieldPath::parse(path).unwrap())
                .collect();
        let mut context = json!({
            "user": { "email": "alice@example.org", "attributes": { "phone": ["1"], "a.b": [], "team": ["x"] } },
            "request": {},
        });
        let taken: Vec<&str> = redact(&mut context, &paths).into_iter().map(FieldPath::as_str).collect();
        assert_eq!(taken, ["user.email", "user.attributes.phone", "user.attributes.a.b"]);
        assert_eq!(
            context,
            json!({ "user": { "email": null, "attributes": { "phone": null, "a.b": null, "team": ["x"] } }, "request": {} })
        );
    }
}
