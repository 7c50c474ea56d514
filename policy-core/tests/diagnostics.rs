//! What the checker says about mistakes, as people read it: golden files beside the cases, in tests/diagnostics/.
//!
//! A case is a name, and a policy without its head or the keys of its only rule. To accept what changed, run with
//! `INSTA_UPDATE=always` and read the difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use policy_core::policy::{Severity, load};

const HEAD: &str = "apiVersion: jit-approval.dev/v1\nname: p\n";

/// Names and bodies.
fn cases(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.split("\n---\n").map(|case| case.trim_end().trim_start_matches("# ").split_once('\n').unwrap())
}

/// The policy of a case.
fn policy(body: &str) -> String {
    if body.lines().any(|line| line.starts_with("rules:")) {
        return format!("{HEAD}{body}\n");
    }
    let mut rule = vec!["id: r".to_owned()];
    let has = |key: &str| body.lines().any(|line| line.starts_with(key));
    rule.extend((!has("on:")).then(|| "on: [login]".to_owned()));
    rule.extend((!has("effect:")).then(|| "effect: deny".to_owned()));
    rule.extend(body.lines().map(str::to_owned));
    format!("{HEAD}rules:\n  - {}\n", rule.join("\n    "))
}

/// Every case with all that is said about it.
fn told(file: &str) -> String {
    let mut text = String::new();
    for (name, body) in cases(file) {
        let found = load(&policy(body), "p.yaml").err().unwrap_or_else(|| panic!("{name}: a valid policy"));
        assert!(found.iter().any(|it| it.severity == Severity::Error), "{name}");
        let rendered: Vec<&str> = found.iter().map(|it| it.rendered.as_str()).collect();
        text.push_str(&format!("# {name}\n\n{}\n\n", rendered.join("\n\n")));
    }
    text
}

macro_rules! groups {
    ($($group:ident),*) => {
        $(
            #[test]
            fn $group() {
                let file = include_str!(concat!("diagnostics/", stringify!($group), ".txt"));
                let mut settings = insta::Settings::clone_current();
                settings.set_snapshot_path("diagnostics");
                settings.set_prepend_module_to_snapshot(false);
                settings.set_omit_expression(true);
                settings.bind(|| insta::assert_snapshot!(stringify!($group), told(file)));
            }
        )*

        #[test]
        fn there_are_enough_of_them() {
            let files = [$(include_str!(concat!("diagnostics/", stringify!($group), ".txt"))),*];
            let count: usize = files.into_iter().map(|file| cases(file).count()).sum();
            assert!(count >= 150, "{count} cases");
        }
    };
}

groups!(names, fields, arithmetic, comparisons, conditions, results, functions, macros, absence, literals);

#[test]
fn what_is_guarded_is_let_pass() {
    for body in [
        r#"when: has(user.email) && user.email == "a""#,
        r#"when: has(user.email) && has(user.email) && user.email == "a""#,
        r#"when: '!has(user.email) || user.email == "a"'"#,
        r#"when: 'has(user.email) ? user.email == "a" : false'"#,
        r#"when: '!(!has(user.email) || user.email == "a")'"#,
        r#"when: '(has(user.email) ? true : false) && user.email == "a"'"#,
        r#"when: has(user.email) && client.id == "x" && (user.federated || user.email == "a")"#,
        r#"when: (has(user.email) && user.federated || has(user.email) && client.public) && user.email == "a""#,
        r#"when: has(user.email) && user.roles.exists(r, r == user.email)"#,
        r#"when: user.roles.exists(r, has(user.email) && r == user.email)"#,
        r#"when: '!(has(user.email) && client.public) || user.email == "a"'"#,
        r#"when: '!(!has(user.email) || client.public) && user.email == "a"'"#,
        r#"when: user.?email.orValue("") == "a""#,
        r#"when: user.?email.hasValue() && user.email == "a""#,
        r#"when: user.?email.optMap(e, e == user.email).orValue(false)"#,
        r#"when: user[?"email"].orValue("") == "a""#,
        r#"when: optional.of(user).?email.hasValue() && user.email == "a""#,
        "when: user[client.id] == \"a\"",
        r#"when: '"email" in user && user.email == "a"'"#,
        r#"when: cel.bind(known, has(user.email), known && user.email == "a")"#,
        r#"when: cel.bind(u, user, has(u.email) && u.email == "a")"#,
        r#"when: 'user.federated ? has(user.email) && user.email == "a" : true'"#,
        "when: has(client.name) && client.public\nreason: client.name",
        "on: [login, register]\nwhen: action == \"login\" && user.username == \"a\"",
        "on: [login, register]\nwhen: action != \"register\" && user.username == \"a\"",
        "on: [login, register]\nwhen: action in [\"login\", \"ciba\"] && user.username == \"a\"",
        "on: [login, register]\nwhen: 'action == \"register\" ? change.after[\"a\"] == [] : user.username == \"a\"'",
        "on: [register]\nwhen: has(user.email) && user.email == \"a\" && change.after.size() > 0",
        "on: [x-transfer]\nwhen: has(session.sso) && session.sso && has(change.before)",
        "when: '!has(change.fields)'",
        "variables: { known: has(user.email) }\nrules: [{ id: r, on: [login], when: 'known && user.email == \"a\"', effect: deny }]",
        "variables: { known: 'has(user.email) && user.email != \"\"', b: known }\n\
         rules: [{ id: r, on: [login], when: 'b && user.email == \"a\"', effect: deny }]",
        "variables: { unused: user.email }\nrules: [{ id: r, on: [login], effect: deny }]",
        "variables: { fields: change.fields }\nrules: [{ id: r, on: [register], when: '\"email\" in fields', effect: deny }]",
        "when: '\"reports\" in grants && grants[\"reports\"] > now'",
    ] {
        let rendered = |found: Vec<policy_core::policy::Diagnostic>| {
            found.into_iter().map(|it| it.rendered).collect::<Vec<_>>().join("\n")
        };
        if let Err(found) = load(&policy(body), "p.yaml") {
            panic!("{body}\n{}", rendered(found));
        }
    }
}
