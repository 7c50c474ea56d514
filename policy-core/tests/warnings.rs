//! What a valid policy's author should know. (What makes a policy invalid stands in tests/corpus/invalid.)

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use policy_core::policy::{Severity, load};

const HEAD: &str = "apiVersion: jit-approval.dev/v1\nname: p\n";

/// The warnings of a policy as `code line:column rule`.
fn warnings(body: &str) -> Vec<String> {
    let loaded = load(&format!("{HEAD}{body}"), "p.yaml").unwrap_or_else(|found| panic!("{found:#?}"));
    assert!(loaded.warnings.iter().all(|it| it.severity == Severity::Warning));
    let brief = |it: &policy_core::policy::Diagnostic| {
        format!("{} {}:{} {}", it.code, it.line, it.column, it.rule.as_deref().unwrap_or("-"))
    };
    loaded.warnings.iter().map(brief).collect()
}

#[test]
fn a_clean_policy_has_none() {
    let policy = "variables: { a: 'true', b: a }\nchains:\n  c:\n    - { name: s, approvers: [{ cel: 'user.attributes.manager' }], on_timeout: { escalate: t } }\n    \
                  - { name: t, approvers: [{ user: bob }], standby: true }\nrules:\n  - { id: x, on: [login], when: b, effect: require_approval, chain: c }\n";
    assert_eq!(warnings(policy), [""; 0]);
}

#[test]
fn on_error_skip_is_remarked_on() {
    let policy = "on_error: skip\nrules:\n  - { id: x, on: [login], when: user.federated, effect: deny, on_error: skip }\n";
    assert_eq!(warnings(policy), ["skip-hides-errors 3:11 -", "skip-hides-errors 5:73 x"]);
}

#[test]
fn what_nothing_uses_is_named() {
    let policy = "variables:\n  used: 'true'\n  only_by_unused: used\n  unused: only_by_unused\nchains:\n  c: [{ name: s, approvers: [{ user: bob }] }]\n\
                  rules:\n  - { id: x, on: [login], when: used, effect: deny }\n";
    assert_eq!(warnings(policy), ["unused-variable 5:3 -", "unused-variable 6:3 -", "unused-chain 8:3 -"]);
}

#[test]
fn a_grant_that_holds_in_every_browser_is_remarked_on() {
    let with = |grant: &str| {
        format!(
            "chains: {{ c: [{{ name: s, approvers: [{{ user: bob }}] }}] }}\nrules:\n  - {{ id: x, on: [login], effect: require_approval, chain: c, grant: {grant} }}\n"
        )
    };
    assert_eq!(warnings(&with("{ for: 1h, bound_to: [client, scopes] }")), ["unbound-grant 5:91 x"]);
    for grant in ["1h", "{ for: 1h }", "{ for: 1h, bound_to: [session] }", "{ for: 1h, bound_to: [device] }"]
    {
        assert_eq!(warnings(&with(grant)), [""; 0], "{grant}");
    }
}

#[test]
fn a_standby_stage_that_nobody_enters_is_named() {
    let policy = "chains:\n  c:\n    - { name: s, approvers: [{ user: bob }] }\n    - { name: t, approvers: [{ user: eve }], standby: true }\n\
                  rules:\n  - { id: x, on: [login], effect: require_approval, chain: c }\n";
    assert_eq!(warnings(policy), ["unreachable-stage 6:15 -"]);
}

#[test]
fn rules_that_can_never_decide_are_named() {
    let never = "rules:\n  - { id: x, on: [login], when: 'false', effect: deny }\n";
    assert_eq!(warnings(never), ["unreachable-rule 4:11 x"]);

    let behind = "combine: first_match\nrules:\n  - { id: all, on: [login, register], effect: confirm }\n  - { id: late, on: [login], effect: deny }\n  \
                  - { id: other, on: [login, ciba], effect: deny }\n";
    assert_eq!(warnings(behind), ["unreachable-rule 6:11 late", "duplicate-condition 7:11 other"]);

    let observed = behind.replace("effect: confirm }", "effect: confirm, mode: observe }");
    assert_eq!(warnings(&observed), ["duplicate-condition 7:11 other"]);

    let strictest = behind.replace("first_match", "strictest");
    assert_eq!(warnings(&strictest), [""; 0]);
}

#[test]
fn an_escalation_may_lead_to_the_next_stage_or_to_a_standby_stage_further_down() {
    let policy = "chains:\n  c:\n    - { name: a, approvers: [{ user: bob }], on_timeout: { escalate: b } }\n    \
                  - { name: b, approvers: [{ user: eve }], on_timeout: { escalate: duty } }\n    \
                  - { name: c, approvers: [{ user: eve }] }\n    \
                  - { name: duty, approvers: [{ user: dan }], standby: true, on_timeout: { escalate: last } }\n    \
                  - { name: last, approvers: [{ user: flo }], standby: true }\n\
                  rules:\n  - { id: x, on: [login], effect: require_approval, chain: c }\n";
    assert_eq!(warnings(policy), [""; 0]);
}

#[test]
fn among_thousands_of_rules_the_one_that_adds_nothing_is_found() {
    let rule = |at: usize| {
        format!("  - {{ id: r{at}, on: [login], when: client.id == \"c{at}\", effect: confirm }}\n")
    };
    let rules: String = (0..4_000).map(rule).collect();
    let last =
        "  - { id: last, on: [login], when: user.federated && client.id == \"c7\", effect: confirm }\n";
    let policy = |combine: &str| format!("combine: {combine}\nrules:\n{rules}{last}");
    assert_eq!(warnings(&policy("strictest")), ["absorbed-rule 4005:11 last"]);
    assert_eq!(warnings(&policy("first_match")), ["unreachable-rule 4005:11 last"]);
}

#[test]
fn what_works_is_not_remarked_on() {
    for condition in [
        // Of a value whose type nobody knows, anything may be asked.
        "dyn(user.roles).exists(role, role == null)",
        // A group of the context is a map of what is there.
        r#"user.exists(name, name == "email")"#,
        // The action may stand on either side.
        r#""update-email" == action && "email" in change.fields"#,
    ] {
        let policy = format!(
            "rules:\n  - {{ id: x, on: [login, update-email], when: '{condition}', effect: deny }}\n"
        );
        assert_eq!(warnings(&policy), [""; 0], "{condition}");
    }
}
