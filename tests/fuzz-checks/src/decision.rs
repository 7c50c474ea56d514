//! What holds for every decision.

use crate::answer::Twins;
use crate::facts::{self, SECRET};
use serde_json::{Value, json};

const EFFECTS: [&str; 5] = ["allow", "confirm", "step_up", "require_approval", "deny"];
const LONGEST_REASON: usize = 500;
const LONGEST_MESSAGE: usize = 300;

/// How many of a policy's actions are decided on; they differ little.
const MOST_ACTIONS: usize = 3;

/// Decides a policy's actions on contexts with much and with little in them. `loaded` is the answer of `load`.
pub(crate) fn all(twins: &mut Twins, loaded: &Value, source: &str) {
    let Some(hash) = loaded["ok"]["hash"].as_str() else { return };
    for action in loaded["ok"]["actions"].as_array().unwrap().iter().take(MOST_ACTIONS) {
        let action = action.as_str().unwrap();
        for context in [facts::full(action), facts::bare(action)] {
            let answer = twins.ask_twice("decide", &json!({ "policy": hash, "context": context }));
            let decision = &answer["ok"];
            assert!(decision.is_object(), "a context that fits the schema is decided on: {answer}");
            sound(decision);
            named(decision, &loaded["ok"]["rules"]);
            if !source.contains(SECRET) {
                silent(decision);
            }
        }
    }
}

/// Checks that a decision fits together.
pub(crate) fn sound(decision: &Value) {
    let effect = decision["effect"].as_str().unwrap();
    assert!(EFFECTS.contains(&effect), "{effect}");
    let obligations = decision["obligations"].as_object().unwrap();
    match effect {
        "allow" | "deny" => assert!(obligations.is_empty(), "{effect} obliges to nothing: {decision}"),
        "confirm" => assert_eq!(obligations["confirm"], true),
        "step_up" => assert!(obligations["acr"].is_string()),
        _ => assert!(!obligations["approval"]["stages"].as_array().unwrap().is_empty()),
    }
    // Nobody answers for what is allowed or denied.
    let digest = (!matches!(effect, "allow" | "deny")).then_some("sha256:".len() + 64);
    assert_eq!(decision["digest"].as_str().map(str::len), digest, "{decision}");
    if let Some(reason) = decision["reason"].as_str() {
        assert!((1..=LONGEST_REASON).contains(&reason.chars().count()), "{reason}");
        assert!(!reason.contains(char::is_control), "{reason:?}");
    }
    let errors = decision["errors"].as_array().unwrap();
    for error in errors {
        assert!(error["message"].as_str().unwrap().chars().count() <= LONGEST_MESSAGE, "{error}");
    }
    let denied = |error: &Value| error["outcome"] == "deny";
    assert!(effect == "deny" || !errors.iter().any(denied), "a failure that denies denies: {decision}");
}

/// Whatever a decision names is a rule of the policy.
fn named(decision: &Value, rules: &Value) {
    let rules = rules.as_array().unwrap();
    let told = decision["matched"].as_array().unwrap().iter().chain(decision["errors"].as_array().unwrap());
    for rule in told.map(|entry| &entry["rule"]).chain([&decision["rule"]]).filter(|rule| !rule.is_null()) {
        assert!(rules.contains(rule), "there is no rule {rule}");
    }
}

/// Messages tell what went wrong, never what the facts are.
fn silent(decision: &Value) {
    for error in decision["errors"].as_array().unwrap() {
        assert!(!error["message"].as_str().unwrap().contains(SECRET), "a message tells a fact: {error}");
    }
}
