//! Any text as a policy: refused with every finding in its place, or usable.

use crate::answer::Twins;
use crate::decision;
use serde_json::{Value, json};

const FILE: &str = "p.yaml";

pub(crate) fn check(data: &[u8]) {
    // Bytes that are no text are the envelope's matter.
    if let Ok(source) = std::str::from_utf8(data) {
        load(source);
    }
}

/// Validates, loads and uses a policy.
pub(crate) fn load(source: &str) {
    let mut twins = Twins::default();
    let body = json!({ "source": source, "file": FILE });
    let loaded = twins.ask_twice("load", &body);
    assert_eq!(twins.ask("validate", &body), loaded, "`validate` and `load` differ");
    findings(source, &loaded);
    decision::all(&mut twins, &loaded, source);
    if let Some(hash) = loaded["ok"]["hash"].as_str() {
        assert_eq!(twins.ask("unload", &json!({ "policy": hash }))["ok"]["unloaded"], true);
        assert_eq!(twins.ask("unload", &json!({ "policy": hash }))["ok"]["unloaded"], false);
    }
}

/// Every finding stands somewhere in the file, and they come in its order.
fn findings(source: &str, loaded: &Value) {
    let lines = source.split(['\n', '\r']).count();
    let widest = source.split('\n').map(|line| line.chars().count()).max().unwrap_or_default();
    let found = loaded["error"]["diagnostics"].as_array().or(loaded["ok"]["warnings"].as_array());
    let Some(found) = found else {
        assert_eq!(loaded["error"]["code"], "too_large", "{loaded}");
        return;
    };
    let refused = found.iter().any(|finding| finding["severity"] == "error");
    assert_eq!(refused, loaded["error"].is_object(), "an error refuses, a warning does not");
    let number = |finding: &Value, key: &str| usize::try_from(finding[key].as_u64().unwrap()).unwrap();
    let mut before = (0, 0);
    for finding in found {
        let start = (number(finding, "line"), number(finding, "column"));
        let end = (number(finding, "end_line"), number(finding, "end_column"));
        assert!(before <= start && start <= end, "{finding}");
        assert!(start.0 >= 1 && end.0 <= lines && (1..=widest + 1).contains(&start.1), "{finding}");
        assert!(source.contains(finding["source"].as_str().unwrap()), "{finding}");
        before = start;
    }
}
