//! Explanations agree with decisions, on every decision of the corpus.

use corpus_runner::{Native, run};
use policy_core::context::decode;
use policy_core::explain::{Explainer, Explanation, Outcome};
use policy_core::policy::{Mode, Policy};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Where what the clauses came to is not what the engine decided.
fn disagreement(policy: &Policy, explanation: &Explanation) -> Option<String> {
    explanation.rules.iter().find_map(|explained| {
        let rule = policy.rules.iter().find(|rule| rule.id == explained.rule)?;
        let holds = explained.when.as_ref().map(|when| when.holds);
        let agrees = match (explained.outcome, holds) {
            (Outcome::NotAsked, _) | (Outcome::Matched, None) => true,
            (Outcome::Matched, Some(holds)) => holds == Some(true),
            (Outcome::NotMatched, Some(holds)) => holds == Some(false),
            (Outcome::NotMatched, None) => rule.mode == Mode::Observe,
            (Outcome::Failed, Some(holds)) => holds.is_none(),
            (Outcome::Failed, None) => false,
        };
        (!agrees).then(|| format!("{}: {:?}, and its clauses {holds:?}", rule.id, explained.outcome))
    })
}

#[test]
fn clauses_come_to_what_was_decided() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let report = run(&root.join("tests/corpus"), Native::default).unwrap();
    let mut explainers: BTreeMap<String, Option<Explainer>> = BTreeMap::new();
    let (mut agreed, mut wrong) = (0, Vec::new());
    for exchange in &report.exchanges {
        let Ok(request) = serde_json::from_str::<Value>(&exchange.request) else { continue };
        let (answer, body): (Value, _) = (serde_json::from_str(&exchange.answer).unwrap(), &request["body"]);
        match request["op"].as_str() {
            Some("load") => {
                if let (Some(hash), Some(source)) = (answer["ok"]["hash"].as_str(), body["source"].as_str()) {
                    explainers
                        .entry(hash.to_owned())
                        .or_insert_with(|| Explainer::new(source, "p.yaml").ok());
                }
            }
            Some("decide") if answer.get("ok").is_some() => {
                let explainer =
                    body["policy"].as_str().and_then(|hash| explainers.get(hash)?.as_ref()).unwrap();
                let explanation = explainer.explain(&decode(&body["context"]).unwrap()).unwrap();
                assert_eq!(
                    serde_json::to_value(&explanation.decision).unwrap(),
                    answer["ok"],
                    "{}",
                    exchange.case
                );
                let exhausted = explanation.decision.errors.iter().any(|it| it.message.contains("budget"));
                match disagreement(explainer.policy(), &explanation) {
                    // What was too much to decide may be explained: there is more of a budget for that.
                    Some(_) if exhausted => {}
                    Some(why) => wrong.push(format!("{}: {why}", exchange.case)),
                    None => agreed += 1,
                }
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(agreed >= 250, "{agreed} decisions");
}
