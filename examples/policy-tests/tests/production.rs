//! What `policies/production.yaml` decides.

#![allow(clippy::unwrap_used, reason = "a test that panics fails, which is what it is for")]

use policy_core::approval::{CommandKind, Status};
use policy_core::decision::Effect;
use policy_core::testing::{Act, Member, PolicyTest, Timeline};
use std::collections::BTreeMap;

fn production() -> PolicyTest {
    PolicyTest::named(include_str!("../policies/production.yaml"), "production.yaml").unwrap()
}

#[test]
fn administrators_are_let_in_by_others() {
    let policy = production();
    let step = policy.on("login").with("client.id", "prod-console").with("user.roles", ["admin"]);
    let decision = step.decide().unwrap();
    assert_eq!(decision.effect, Effect::RequireApproval);
    assert_eq!(decision.rule.as_deref(), Some("administrators"));
}

#[test]
fn at_weekends_production_is_for_those_on_call() {
    // Sunday in Zurich, while it is Saturday in Greenwich.
    let policy = production();
    let sunday = policy.on("login").with("client.id", "prod-console").with("now", "2026-01-03T23:30:00Z");
    assert_eq!(sunday.decide().unwrap().effect, Effect::Deny);
    assert_eq!(sunday.with("user.roles", ["on-call"]).decide().unwrap().effect, Effect::Allow);
}

#[test]
fn the_pipeline_stays_in_its_network() {
    let policy = production();
    let pipeline = policy.on("client-credentials").with("client.id", "pipeline");
    for (ip, effect) in [("10.1.2.3", Effect::Allow), ("203.0.113.7", Effect::Deny)] {
        let decision = pipeline.clone().with("request.ip", ip).decide().unwrap();
        assert_eq!(decision.effect, effect, "from {ip}");
    }
}

#[test]
fn a_lead_alone_lets_nobody_in() {
    let policy = production();
    let step = policy
        .on("login")
        .with("client.id", "prod-console")
        .with("user.roles", ["admin"])
        .with("user.attributes.manager", ["bob"]);
    let security = Member { groups: ["/security".to_owned()].into(), ..Member::default() };
    let people = BTreeMap::from([("bob".to_owned(), Member::default()), ("carol".to_owned(), security)]);
    let (mut timeline, _) = Timeline::open(&step.decide().unwrap(), step.context(), people).unwrap();
    let minutes = |minutes: u32| minutes * 60;

    let lead = timeline.at(minutes(5), &Act::new("bob", CommandKind::Approve)).unwrap();
    assert_eq!(lead.status, Some(Status::Pending));
    let security = timeline.at(minutes(30), &Act::new("carol", CommandKind::Approve)).unwrap();
    assert_eq!(security.status, Some(Status::Approved));
}
