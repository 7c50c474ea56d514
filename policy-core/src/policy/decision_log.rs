//! The section `decision_log`: which decisions a host keeps, and what it takes out of their contexts first.

use std::collections::BTreeSet;

use serde::Serialize;

use super::reader::{Fields, Reader};
use super::yaml::{Kind, Node};
use super::{codes, suggest};
use crate::context::{FieldPath, schema};

const KEYS: &[&str] = &["sample", "redact"];

/// The most paths that a policy takes out.
const MOST_PATHS: usize = 100;

/// What a policy says about keeping its decisions.
///
/// # Example: one decision in ten, without addresses
///
/// ```
/// use policy_core::policy::load;
///
/// let text = "apiVersion: jit-approval.dev/v1
/// name: p
/// decision_log: { sample: 0.1, redact: [user.email, user.attributes.phone] }
/// rules: [{ id: a, on: [login], effect: confirm }]";
/// let log = load(text, "p.yaml")?.policy.decision_log;
/// assert_eq!(log.sample, Some(0.1));
/// assert!(log.redact.iter().map(|path| path.as_str()).eq(["user.email", "user.attributes.phone"]));
/// # Ok::<(), Vec<policy_core::policy::Diagnostic>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DecisionLog {
    /// The share, from 0 to 1, of the decisions to keep that hold nobody up; none where the host's own setting holds.
    pub sample: Option<f64>,
    /// What is taken out of a context before it is kept, in the order of the file.
    pub redact: Vec<FieldPath>,
}

// Never inlined, see `load::read`.
#[inline(never)]
pub(crate) fn read(reader: &mut Reader<'_>, fields: &Fields<'_>) -> DecisionLog {
    let section = fields.get("decision_log").and_then(|node| reader.mapping(node, "`decision_log`", KEYS));
    let Some(section) = section else {
        return DecisionLog::default();
    };
    DecisionLog {
        sample: section.get("sample").and_then(|node| sample(reader, node)),
        redact: section.get("redact").map(|node| redact(reader, node)).unwrap_or_default(),
    }
}

fn sample(reader: &mut Reader<'_>, node: &Node) -> Option<f64> {
    let number = match &node.kind {
        Kind::Scalar(scalar) if scalar.is_number() => scalar.text.parse::<f64>().ok(),
        _ => None,
    };
    let Some(number) = number else {
        reader.wrong_type(node, "`sample`", "a number from 0 to 1", "`0.01` keeps one in a hundred");
        return None;
    };
    if (0.0..=1.0).contains(&number) {
        return Some(number);
    }
    let message = format!("`sample` is from 0 to 1, not {number}");
    reader.error(codes::OUT_OF_RANGE, node.range.clone(), message, "`0.01` keeps one in a hundred");
    None
}

fn redact(reader: &mut Reader<'_>, node: &Node) -> Vec<FieldPath> {
    let mut seen = BTreeSet::new();
    let mut paths = Vec::new();
    for item in reader.list(node, "`redact`", MOST_PATHS).unwrap_or_default() {
        let Some(text) = reader.text(item, "a path").map(str::to_owned) else { continue };
        match FieldPath::parse(&text) {
            None => unknown_path(reader, item, &text),
            Some(_) if !seen.insert(text.clone()) => reader.error(
                codes::DUPLICATE_ID,
                item.range.clone(),
                format!("`{text}` stands twice in `redact`"),
                "remove one of the two",
            ),
            Some(path) => paths.push(path),
        }
    }
    paths
}

fn unknown_path(reader: &mut Reader<'_>, item: &Node, text: &str) {
    let fields = || schema::FIELDS.iter().map(|field| field.path);
    let inside: Vec<&str> =
        fields().filter(|path| path.strip_prefix(text).is_some_and(|rest| rest.starts_with('.'))).collect();
    let help = match suggest::nearest(text, fields()) {
        _ if !inside.is_empty() => format!("name its fields, e.g. `{}`", inside.join("`, `")),
        Some(near) => format!("did you mean `{near}`?"),
        None => "docs/context-reference.md lists the fields; `user.attributes.phone` is one entry of a map"
            .to_owned(),
    };
    let message = format!("the context has no field `{text}`");
    reader.error(codes::UNKNOWN_PATH, item.range.clone(), message, help);
}
