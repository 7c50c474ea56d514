//! What is said to be always or never true is held against the evaluator.

use proptest::prelude::*;

use super::*;
use crate::cel::{Arena, Evaluation, Layout, Value, Variables, limits};

/// Tests of everything that the analysis knows something of, so alike that they contradict each other often.
const TESTS: &[&str] = &[
    r#"user.username == "a""#,
    r#"user.username != "b""#,
    r#""a" == user.username"#,
    r#"user.username in ["a", "b"]"#,
    r#"user.username in ["b"]"#,
    r#"user.username < "b""#,
    r#"user.username >= "ab""#,
    r#"user.username.startsWith("a")"#,
    r#"user.username.endsWith("b")"#,
    r#"user.username.contains("")"#,
    r#"user.username.size() == 1"#,
    r#"size(user.username) > 1"#,
    r#"user.username == user.email"#,
    r#"user.username == user.username"#,
    r#"user.username < 3"#,
    r#"user.username"#,
    r#"user.email == "a""#,
    r#"user["email"] == "b""#,
    r#"user.email != "a""#,
    r#"has(user.email)"#,
    r#"user.?email.orValue("") == "a""#,
    r#"user.?email.hasValue()"#,
    r#"action == "login""#,
    r#"action != "register""#,
    r#"action in ["login", "ciba"]"#,
    r#"action == "logn""#,
    r#"risk.sessions == 1"#,
    r#"risk.sessions == 1.5"#,
    r#"risk.sessions != 2u"#,
    r#"risk.sessions > 1"#,
    r#"risk.sessions < 2"#,
    r#"risk.sessions >= 1.5"#,
    r#"risk.sessions <= 0"#,
    r#"0 <= risk.sessions"#,
    r#"risk.sessions in [0, 1, 2.0]"#,
    r#"risk.sessions + 1 > 1"#,
    r#"double(risk.sessions) / 0.0 < 1.0"#,
    r#"double(risk.sessions) / 0.0 >= 1.0"#,
    r#"double(risk.sessions) / 0.0 == double(risk.sessions) / 0.0"#,
    r#"dyn(risk.sessions) == "a""#,
    r#"risk.known_ip"#,
    r#"risk.known_ip == true"#,
    r#"risk.known_ip != false"#,
    r#"has(risk.known_ip)"#,
    r#"now < timestamp("2026-03-01T12:00:00Z")"#,
    r#"now >= timestamp("2026-03-01T13:00:00+01:00")"#,
    r#"now == timestamp("2026-03-01T12:00:00Z")"#,
    r#"now.getHours() > 12"#,
    r#"now.getHours("Europe/Zurich") == 24"#,
    r#"now.getMonth() == 2"#,
    r#"now.getMonth() == 12"#,
    r#"now.getDayOfYear() <= 365"#,
    r#"now - risk.last_login_at > duration("1h")"#,
    r#"now - risk.last_login_at <= duration("90m")"#,
    r#""a" in user.roles"#,
    r#"user.roles == ["a"]"#,
    r#"size(user.roles) >= 0"#,
    r#"user.roles.size() == 0"#,
    r#"user.roles.exists(r, r == "a" && r != "b")"#,
    r#"user.roles.all(r, r in ["a"] || user.username == r)"#,
    r#"user.roles.exists(user, user == "a")"#,
    r#"cel.bind(username, user.username, username == "a")"#,
    r#"user.attributes.a[0] == "1""#,
    r#"user.attributes["a"] == ["1"]"#,
    r#"has(user.attributes.a)"#,
    r#"outside"#,
    r#"night"#,
    r#"cidr("10.0.0.0/8").containsIP(request.ip)"#,
    r#"true"#,
    r#"false"#,
    r#"1 + 1 == 2"#,
    r#"-1 > 0"#,
    r#"- 1 < 0"#,
    r#"1 / 0 == 1"#,
    r#""abc".contains("d")"#,
    r#"[1, 2] == [1, 2.0]"#,
    r#"1 in [1.0]"#,
    r#"null == false"#,
];

fn condition() -> impl Strategy<Value = String> {
    let test = proptest::sample::select(TESTS).prop_map(str::to_owned);
    test.prop_recursive(5, 24, 3, |inner| {
        let many = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            4 => many.clone().prop_map(|terms| joined(&terms, " && ")),
            4 => many.prop_map(|terms| joined(&terms, " || ")),
            3 => inner.clone().prop_map(|term| format!("!({term})")),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(c, yes, no)| format!("(({c}) ? ({yes}) : ({no}))")),
            1 => inner.prop_map(|term| format!("(({term}) == true)")),
        ]
    })
}

fn joined(terms: &[String], operator: &str) -> String {
    terms.iter().map(|term| format!("({term})")).collect::<Vec<_>>().join(operator)
}

/// A context such as a host sends one; what is optional may be absent.
fn context() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let text = |values: &'static [&'static str]| proptest::sample::select(values).prop_map(Value::from_text);
    let user = (
        text(&["a", "b", "ab", ""]),
        proptest::option::of(text(&["a", "b", ""])),
        proptest::collection::vec(text(&["a", "b", "c"]), 0..3),
        proptest::option::of(proptest::collection::vec(text(&["1", "2"]), 0..2)),
    );
    let risk = (
        proptest::option::of(-1_i64..4),
        proptest::option::of(any::<bool>()),
        proptest::option::of(proptest::sample::select(TIMES)),
    );
    let rest =
        (text(&["login", "register"]), proptest::sample::select(TIMES), text(&["10.0.0.1", "203.0.113.7"]));
    (user, risk, rest).prop_map(
        |((username, email, roles, a), (sessions, known, last), (action, now, ip))| {
            let object = |fields: Vec<(&str, Option<Value>)>| {
                let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                Value::Map(fields.collect())
            };
            let attributes = object(vec![("a", a.map(Value::List))]);
            let user = object(vec![
                ("username", Some(username)),
                ("email", email),
                ("roles", Some(Value::List(roles))),
                ("attributes", Some(attributes)),
            ]);
            let risk = object(vec![
                ("sessions", sessions.map(Value::Int)),
                ("known_ip", known.map(Value::Bool)),
                ("last_login_at", last.map(Value::Timestamp)),
            ]);
            BTreeMap::from([
                ("user".to_owned(), user),
                ("risk".to_owned(), risk),
                ("request".to_owned(), object(vec![("ip", Some(ip))])),
                ("action".to_owned(), action),
                ("now".to_owned(), Value::Timestamp(now)),
            ])
        },
    )
}

/// Around noon of 1 March 2026, and at the ends of that year.
const TIMES: &[i64] =
    &[1_772_366_400_000, 1_772_366_399_000, 1_772_373_600_000, 1_767_225_600_000, 1_798_761_599_000];

impl Value {
    fn from_text(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// How a condition comes out: nothing where it fails.
fn outcome(source: &str, context: &BTreeMap<String, Value>) -> Option<bool> {
    let layout = Layout::of_names(context.keys().map(String::as_str));
    let variables = Variables::new(variables(), &layout);
    let condition = expression(source);
    condition.link(&layout, &variables);
    let arena = Arena::default();
    let evaluation = Evaluation::new(&arena, context.values().map(Some), &variables, limits::DEFAULT_BUDGET);
    evaluation.eval_bool(&condition).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_told_of_conditions_is_true(
        first in condition(),
        second in condition(),
        contexts in proptest::collection::vec(context(), 24),
    ) {
        let on = actions(&["login", "register"]);
        let told = with(&[&first, &second], |analysis, terms| {
            let (one, other) = (terms[0], terms[1]);
            [
                analysis.never_true(one, Some(&on)),
                analysis.never_false(one, Some(&on)),
                analysis.implies(one, other, &on, false),
                analysis.implies(one, other, &on, true),
                one == other,
            ]
        });
        let [never_true, never_false, implies, surely, same] = told;
        for context in &contexts {
            let (one, other) = (outcome(&first, context), outcome(&second, context));
            prop_assert!(!never_true || one != Some(true), "never true: {first}\nin {context:?}");
            prop_assert!(!never_false || one != Some(false), "never false: {first}\nin {context:?}");
            prop_assert!(!implies || one != Some(true) || other != Some(false), "{first}\n=> {second}\nin {context:?}");
            prop_assert!(!surely || one != Some(true) || other == Some(true), "{first}\n=>! {second}\nin {context:?}");
            prop_assert!(!same || one == other, "{first}\n== {second}\nin {context:?}");
        }
    }

    #[test]
    fn whatever_is_remarked_on_is_so(source in condition(), contexts in proptest::collection::vec(context(), 24)) {
        let scope = scope();
        let mut analysis = Analysis::new(&scope, &variables());
        let expression = expression(&source);
        for finding in analysis.findings(&expression, Some(&actions(&["login", "register"]))) {
            let Some(part) = source.get(finding.range.clone()).filter(|part| Expression::parse(part).is_ok()) else {
                continue;
            };
            // What is inside a macro has no value outside of it.
            if part.contains("r ==") || part.contains("user ==") || part.contains("r in") || part.starts_with("username") {
                continue;
            }
            let never = match finding.code {
                "always-true" => false,
                "always-false" => true,
                _ => continue,
            };
            for context in &contexts {
                prop_assert_ne!(outcome(part, context), Some(never), "{} in {}", part, source);
            }
        }
    }
}
