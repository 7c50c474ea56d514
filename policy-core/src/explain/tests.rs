//! Explanations say what decisions did.

use super::*;
use crate::context::decode;
use crate::testing::{context, merge};
use serde_json::{Value as Json, json};

const POLICY: &str = r#"apiVersion: jit-approval.dev/v1
name: p
variables:
  office: cidr("10.0.0.0/8").containsIP(request.ip)
  hour: now.getHours("UTC")
rules:
  - id: outside
    on: [login]
    when: |
      "finance" in user.roles
        && !office
    effect: confirm
  - { id: night, on: [login], when: 'hour < 6 || hour >= 22', effect: deny }
  - { id: manager, on: [login, ciba], when: 'user.attributes["manager"][0] == "bob"', effect: deny, on_error: skip }
  - { id: always, on: [ciba], effect: confirm }
"#;

fn explained(policy: &str, action: &str, patch: &Json) -> Explanation {
    let mut context = context(action);
    merge(&mut context, patch);
    let explainer = Explainer::new(policy, "p.yaml").unwrap();
    explainer.explain(&decode(&context).unwrap()).unwrap()
}

fn known(path: &str, value: Option<Json>) -> Read {
    Read { path: path.to_owned(), value, withheld: false }
}

/// What stands in the file at a place of one line.
fn at(policy: &str, span: Span) -> String {
    let line = policy.lines().nth(span.line.saturating_sub(1)).unwrap();
    line.chars()
        .skip(span.column.saturating_sub(1))
        .take(span.end_column.saturating_sub(span.column))
        .collect()
}

#[test]
fn each_clause_says_what_it_came_to_and_what_it_read() {
    let patch = json!({"user": {"roles": ["finance"]}, "request": {"ip": "203.0.113.7"}});
    let Explanation { decision, rules } = explained(POLICY, "login", &patch);
    assert_eq!(decision.rule.as_deref(), Some("outside"));
    let ids: Vec<_> = rules.iter().map(|it| (it.rule.as_str(), it.line, it.outcome)).collect();
    assert_eq!(
        ids,
        [
            ("outside", 7, Outcome::Matched),
            ("night", 13, Outcome::NotMatched),
            ("manager", 14, Outcome::Failed)
        ]
    );

    let outside = rules[0].when.as_ref().unwrap();
    assert_eq!(
        (outside.kind, outside.holds, outside.span.line, outside.span.end_line),
        (Kind::All, Some(true), 10, 11)
    );
    let [finance, not] = outside.of.as_slice() else { panic!("{outside:?}") };
    assert_eq!((finance.text.as_str(), finance.holds), (r#""finance" in user.roles"#, Some(true)));
    assert_eq!(finance.reads, [known("user.roles", Some(json!(["finance"])))]);
    assert_eq!(at(POLICY, finance.span), finance.text);
    assert_eq!((not.kind, not.text.as_str(), not.holds), (Kind::Not, "!office", Some(true)));
    assert_eq!(at(POLICY, not.span), "!office");
    let office = &not.of[0];
    assert_eq!(
        (office.kind, office.holds, at(POLICY, office.span)),
        (Kind::Variable, Some(false), "office".into())
    );
    let condition = &office.of[0];
    assert_eq!(at(POLICY, condition.span), r#"cidr("10.0.0.0/8").containsIP(request.ip)"#);
    assert_eq!(condition.reads, [known("request.ip", Some(json!("203.0.113.7")))]);

    let night = rules[1].when.as_ref().unwrap();
    assert_eq!(night.of[1].reads, [known("hour", Some(json!(12)))]);
    let manager = rules[2].when.as_ref().unwrap();
    assert_eq!(
        (manager.kind, manager.holds, manager.error.as_deref()),
        (Kind::Test, None, Some("no such key: `manager`"))
    );
    assert_eq!(manager.reads, [known("user.attributes.manager", None)]);
}

#[test]
fn a_rule_without_a_condition_has_none_to_explain() {
    let explanation = explained(POLICY, "ciba", &json!({"user": {"attributes": {"manager": ["bob"]}}}));
    let outcomes: Vec<_> =
        explanation.rules.iter().map(|it| (it.rule.as_str(), it.outcome, it.when.is_some())).collect();
    assert_eq!(outcomes, [("manager", Outcome::Matched, true), ("always", Outcome::Matched, false)]);
}

#[test]
fn behind_the_rule_that_decides_nothing_is_asked_under_first_match() {
    let policy =
        POLICY.replace("variables:", "combine: first_match\nvariables:").replace(", on_error: skip", "");
    let explanation = explained(&policy, "login", &json!({"user": {"roles": ["finance"]}}));
    let outcomes: Vec<_> = explanation.rules.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Matched, Outcome::NotAsked, Outcome::NotAsked]);
}

const FLAGS: [&str; 4] = ["user.federated", "client.public", "session.sso", "user.email_verified"];

/// The clauses that decide, of a condition over four flags, A to D.
fn deciding(condition: &str, flags: [bool; 4]) -> String {
    let condition = ["A", "B", "C", "D"]
        .iter()
        .zip(FLAGS)
        .fold(condition.to_owned(), |text, (it, flag)| text.replace(it, flag));
    let policy = format!(
        "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n  - {{ id: r, on: [login], when: '{condition}', effect: deny }}\n"
    );
    let [federated, public, sso, verified] = flags;
    let patch = json!({"user": {"federated": federated, "email_verified": verified}, "client": {"public": public}, "session": {"sso": sso}});
    let explanation = explained(&policy, "login", &patch);
    let when = explanation.rules[0].when.as_ref().unwrap();
    let deciding = when.tests().into_iter().filter(|clause| clause.decides);
    deciding
        .map(|clause| ["A", "B", "C", "D"][FLAGS.iter().position(|flag| *flag == clause.text).unwrap()])
        .collect()
}

#[test]
fn a_guard_decides_where_nothing_could_be_read_without_it() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n  - { id: r, on: [login], when: 'has(risk.country) && risk.country != \"CH\"', effect: deny }\n";
    let deciding = |patch: &Json| {
        let explanation = explained(policy, "login", patch);
        let when = explanation.rules[0].when.as_ref().unwrap();
        when.of.iter().map(|clause| (clause.holds, clause.decides)).collect::<Vec<_>>()
    };
    assert_eq!(deciding(&json!({})), [(Some(false), true), (None, false)]);
    assert_eq!(deciding(&json!({"risk": {"country": "CH"}})), [(Some(true), false), (Some(false), true)]);
    assert_eq!(deciding(&json!({"risk": {"country": "US"}})), [(Some(true), true), (Some(true), true)]);
}

#[test]
fn a_clause_decides_where_the_others_leave_it_to_it() {
    const T: bool = true;
    const F: bool = false;
    assert_eq!(deciding("A && B", [T, T, F, F]), "AB");
    assert_eq!(deciding("A && B", [F, T, F, F]), "A");
    assert_eq!(deciding("A && B", [F, F, F, F]), "");
    assert_eq!(deciding("A || B", [F, F, F, F]), "AB");
    assert_eq!(deciding("A || B", [T, F, F, F]), "A");
    assert_eq!(deciding("A || B", [T, T, F, F]), "");
    assert_eq!(deciding("A && !(B || C)", [T, F, F, F]), "ABC");
    assert_eq!(deciding("A && !(B || C)", [T, F, T, F]), "C");
    assert_eq!(deciding("A && !(B || C)", [F, F, T, F]), "");
    assert_eq!(deciding("A ? B : C", [T, T, F, F]), "AB");
    assert_eq!(deciding("A ? B : C", [T, T, T, F]), "B");
    assert_eq!(deciding("A ? B : C", [F, T, F, F]), "AC");
    assert_eq!(deciding("A && (B || C) && D", [T, T, F, T]), "ABD");
}

#[test]
fn a_variable_is_explained_where_it_is_used_first() {
    let mut variables = "v0: '\"a\" in user.roles'\n".to_owned();
    for (m, n) in (0..29).zip(1..30) {
        variables.push_str(&format!("  v{n}: 'v{m} && (v{m} || user.username == \"x{n}\")'\n"));
    }
    let policy = format!(
        "apiVersion: jit-approval.dev/v1\nname: p\nvariables:\n  {variables}rules:\n  - {{ id: r, on: [login], when: v29, effect: deny }}\n"
    );
    let explanation = explained(&policy, "login", &json!({"user": {"roles": ["a"]}}));
    let when = explanation.rules[0].when.as_ref().unwrap();
    assert_eq!((when.holds, when.tests().len()), (Some(true), 30));
}

#[test]
fn a_rule_that_is_skipped_does_not_end_first_match() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\ncombine: first_match\nrules:\n\
                  \x20 - { id: a, on: [login], when: 'user.attributes[\"x\"][0] == \"y\"', effect: deny, on_error: skip }\n\
                  \x20 - { id: b, on: [login], when: user.federated, effect: confirm }\n\
                  \x20 - { id: c, on: [login], when: 'user.attributes[\"x\"][0] == \"y\"', effect: deny }\n\
                  \x20 - { id: d, on: [login], when: client.public, effect: confirm }\n\
                  \x20 - { id: e, on: [login], when: client.public, effect: confirm, mode: observe }\n";
    let outcomes: Vec<_> = explained(policy, "login", &json!({})).rules.iter().map(|it| it.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::Failed, Outcome::NotMatched, Outcome::Failed, Outcome::NotAsked, Outcome::NotMatched]
    );
}

#[test]
fn behind_an_exhausted_budget_nothing_is_asked() {
    let costly = "user.roles.exists(a, user.roles.exists(b, a + b == client.id))";
    let policy = format!(
        "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n  - {{ id: a, on: [login], when: '{costly}', effect: confirm }}\n  \
         - {{ id: b, on: [login], when: client.public, effect: confirm }}\n"
    );
    let roles: Vec<String> = (0..3_000).map(|n| format!("role-{n}")).collect();
    let explanation = explained(&policy, "login", &json!({"user": {"roles": roles}}));
    let outcomes: Vec<_> = explanation.rules.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Failed, Outcome::NotAsked]);
    let read = &explanation.rules[0].when.as_ref().unwrap().tests()[0].reads[1];
    assert_eq!(
        (read.path.as_str(), read.value.as_ref().unwrap().as_array().unwrap().len()),
        ("user.roles", 100)
    );
}

/// What the decision log would have of a decision, without what is named.
fn kept(policy: &str, action: &str, patch: &Json, redacted: &[&str]) -> Kept {
    let mut context = context(action);
    merge(&mut context, patch);
    let decision =
        Explainer::new(policy, "p.yaml").unwrap().explain(&decode(&context).unwrap()).unwrap().decision;
    let paths: Vec<_> = redacted.iter().map(|path| crate::context::FieldPath::parse(path).unwrap()).collect();
    let taken = crate::context::redact(&mut context, &paths);
    assert_eq!(taken.len(), redacted.len(), "all of it was there");
    let errors = decision
        .errors
        .iter()
        .map(|failure| json!({ "rule": failure.rule, "part": failure.part, "outcome": failure.outcome }));
    let kept = json!({ "action": action, "context": context, "redacted": redacted, "matched": decision.matched, "errors": errors.collect::<Vec<_>>() });
    serde_json::from_value(kept).unwrap()
}

fn retold(policy: &str, kept: &Kept) -> Retold {
    Explainer::new(policy, "p.yaml").unwrap().retell(kept).unwrap()
}

#[test]
fn what_was_kept_whole_is_explained_as_it_was_decided() {
    let patch = json!({"user": {"roles": ["finance"]}, "request": {"ip": "203.0.113.7"}});
    let first = explained(POLICY, "login", &patch);
    let later = retold(POLICY, &kept(POLICY, "login", &patch, &[]));
    assert_eq!(serde_json::to_value(&later).unwrap(), serde_json::to_value(first).unwrap());
}

#[test]
fn a_clause_that_reads_what_was_taken_out_comes_to_nothing() {
    let patch = json!({"user": {"roles": ["finance"], "attributes": {"manager": ["bob"], "phone": ["1"]}}, "request": {"ip": "203.0.113.7"}});
    let redacted = ["request.ip", "user.attributes.manager"];
    let Retold { decision, rules } = retold(POLICY, &kept(POLICY, "login", &patch, &redacted));
    assert_eq!(decision, None);
    let outcomes: Vec<_> = rules.iter().map(|it| (it.rule.as_str(), it.outcome)).collect();
    assert_eq!(
        outcomes,
        [("outside", Outcome::Matched), ("night", Outcome::NotMatched), ("manager", Outcome::Matched)]
    );
    let outside = rules[0].when.as_ref().unwrap();
    assert_eq!(outside.of.iter().map(|it| it.holds).collect::<Vec<_>>(), [Some(true), None]);
    let office = &outside.of[1].of[0].of[0];
    assert_eq!(office.error.as_deref(), Some(WITHHELD));
    assert_eq!(office.reads, [Read { path: "request.ip".into(), value: None, withheld: true }]);
    let manager = rules[2].when.as_ref().unwrap();
    assert_eq!((manager.holds, manager.reads[0].withheld), (None, true));
    let text = serde_json::to_string(&rules).unwrap();
    assert!(!text.contains("203.0.113.7") && !text.contains(r#"["bob"]"#), "{text}");
    // Nor what stands in the place of what was taken out.
    assert!(!text.contains("192.0.2.1"), "{text}");
}

#[test]
fn what_was_taken_out_is_not_told_by_a_variable_either() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\nvariables:\n  domain: user.?email.orValue('').split('@')[?1].orValue('')\n  \
                  site: '\"x.\" + domain'\nrules:\n  - { id: r, on: [login], when: 'site == \"x.a.example\" && domain.size() > 3', effect: confirm }\n";
    let patch = json!({"user": {"email": "alice@a.example"}});
    let Retold { rules, .. } = retold(policy, &kept(policy, "login", &patch, &["user.email"]));
    assert_eq!(rules[0].outcome, Outcome::Matched);
    for clause in rules[0].when.as_ref().unwrap().tests() {
        assert_eq!((clause.holds, clause.reads[0].withheld), (None, true), "{}", clause.text);
    }
    assert!(!serde_json::to_string(&rules).unwrap().contains("alice@"));
}

#[test]
fn nor_by_a_variable_that_turns_another_round() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\nvariables:\n  inside: user.?email.orValue('') == 'a@a.example'\n  \
                  outside: '!inside'\nrules:\n  - { id: r, on: [login], when: '[outside].exists(it, it)', effect: confirm }\n";
    let patch = json!({"user": {"email": "b@a.example"}});
    let Retold { rules, .. } = retold(policy, &kept(policy, "login", &patch, &["user.email"]));
    let when = rules[0].when.as_ref().unwrap();
    assert_eq!((when.holds, when.reads[0].withheld, rules[0].outcome), (None, true, Outcome::Matched));
}

#[test]
fn a_rule_that_would_have_matched_was_not_asked() {
    let policy = POLICY.replace("variables:", "combine: first_match\nvariables:");
    let patch = json!({"user": {"roles": ["finance"], "attributes": {"manager": ["bob"]}}, "request": {"ip": "203.0.113.7"}});
    let Retold { rules, .. } = retold(&policy, &kept(&policy, "login", &patch, &["request.ip"]));
    let outcomes: Vec<_> = rules.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Matched, Outcome::NotAsked, Outcome::NotAsked]);
}

#[test]
fn what_there_is_no_room_for_is_left_out_and_the_rules_that_matched_come_first() {
    let long = "x".repeat(2_000);
    let clause = format!("user.username != \"{long}\"");
    // Each clause tells all roles that it read.
    let roles: Vec<String> = (0..100).map(|number| format!("{number}{}", "y".repeat(200))).collect();
    let huge: Vec<String> = (0..20).map(|number| format!("!(\"{number}\" in user.roles)")).collect();
    let huge = huge.join(" && ");
    let mut policy = "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n".to_owned();
    for number in 0..700 {
        policy.push_str(&format!(
            "  - {{ id: r{number}, on: [login], when: 'client.public && {clause}', effect: confirm }}\n"
        ));
    }
    policy.push_str(&format!("  - {{ id: huge, on: [login], when: '{huge}', effect: confirm }}\n"));
    policy.push_str("  - { id: last, on: [login], when: '!client.public', effect: deny }\n");
    let patch = json!({"user": {"roles": roles}});
    let Retold { rules, .. } = retold(&policy, &kept(&policy, "login", &patch, &[]));
    let find = |id: &str| rules.iter().find(|it| it.rule == id).unwrap();
    assert_eq!((find("last").left_out, find("last").when.is_some()), (false, true));
    assert_eq!((find("huge").left_out, find("huge").outcome), (true, Outcome::Matched));
    assert!(!find("r0").left_out && find("r699").left_out);
    let size = serde_json::to_string(&rules).unwrap().len();
    assert!(size < 1_400_000, "{size}");
}

#[test]
fn an_action_that_was_taken_out_is_known_all_the_same() {
    let patch = json!({"user": {"attributes": {"manager": ["bob"]}}});
    let Retold { rules, .. } = retold(POLICY, &kept(POLICY, "ciba", &patch, &["action", "user.username"]));
    let outcomes: Vec<_> = rules.iter().map(|it| (it.rule.as_str(), it.outcome)).collect();
    assert_eq!(outcomes, [("manager", Outcome::Matched), ("always", Outcome::Matched)]);
}

#[test]
fn only_what_was_taken_out_may_be_missing() {
    let mut kept = kept(POLICY, "login", &json!({}), &["request.ip"]);
    kept.context["user"] = json!({});
    let error = Explainer::new(POLICY, "p.yaml").unwrap().retell(&kept).unwrap_err();
    assert_eq!(error.code, "invalid_context");
}

#[test]
fn long_values_are_cut() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\nvariables:\n  all: user.roles.join(\",\")\n  big: user.roles.map(r, all)\nrules:\n  \
                  - { id: r, on: [login], when: 'big.size() > 5 && user.username.size() > 3', effect: confirm }\n";
    let roles: Vec<String> = (0..300).map(|number| format!("{number}{}", "é".repeat(200))).collect();
    let patch = json!({"user": {"roles": roles, "username": "x".repeat(10_000)}});
    for rules in
        [explained(policy, "login", &patch).rules, retold(policy, &kept(policy, "login", &patch, &[])).rules]
    {
        let size = serde_json::to_string(&rules).unwrap().len();
        assert!(size < 60_000 && !rules[0].left_out, "{size}");
        let read = &rules[0].when.as_ref().unwrap().of[1].reads[0];
        assert!(read.value.as_ref().unwrap().as_str().unwrap().ends_with("x…"));
    }
}

#[test]
fn what_is_too_deep_is_left_out_at_once() {
    let mut policy = "apiVersion: jit-approval.dev/v1\nname: p\nvariables:\n  v0: client.public\n".to_owned();
    for (before, number) in (1..60).enumerate() {
        policy.push_str(&format!("  v{number}: '!v{before}'\n"));
    }
    policy.push_str("rules:\n  - { id: deep, on: [login], when: v59, effect: deny }\n  - { id: flat, on: [login], when: v9, effect: deny }\n");
    let Retold { rules, .. } = retold(&policy, &kept(&policy, "login", &json!({}), &[]));
    assert_eq!(rules.iter().map(|it| it.left_out).collect::<Vec<_>>(), [true, false]);
    let text = serde_json::to_string(&rules).unwrap();
    serde_json::from_str::<Json>(&text).unwrap();
    assert!(!explained(&policy, "login", &json!({})).rules[0].left_out);
}
