//! One entry of `rules`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::expressions::{Expressions, Owner, Place};
use super::load::{Chains, MODES, Settings, on_error, unknown};
use super::model::{Mode, OnError, Rule, Then};
use super::reader::{Fields, Reader};
use super::yaml::{Kind, Node};
use super::{codes, grant, suggest};
use crate::cel::{Expression, Knowledge, Wanted};
use crate::context::action;

const KEYS: &[&str] =
    &["id", "on", "when", "effect", "acr", "chain", "reason", "grant", "remember", "on_error", "mode"];

/// How long a confirmation may be remembered, in seconds: 10 s to 30 days.
const REMEMBER: std::ops::RangeInclusive<u32> = 10..=30 * 86_400;

/// A rule as far as it could be read.
pub(crate) struct Read {
    pub(crate) id: Option<(String, Range<usize>)>,
    /// Where its level stands.
    pub(crate) acr: Option<Range<usize>>,
    pub(crate) rule: Option<Rule>,
}

/// Reads a rule; its findings name it.
pub(crate) fn read<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
    settings: Settings,
    chains: &Chains,
) -> Read {
    // The id first: findings about the rule's keys name it.
    reader.rule = id_as_written(node);
    let read = fields(reader, node, expressions, settings, chains);
    reader.rule = None;
    read
}

/// The id, good or not: what the author calls the rule.
pub(crate) fn id_as_written(node: &Node) -> Option<String> {
    let Kind::Mapping(entries) = &node.kind else { return None };
    match &entries.iter().find(|entry| entry.key == "id")?.value.kind {
        Kind::Scalar(scalar) if !scalar.is_null() => Some(scalar.text.chars().take(64).collect()),
        _ => None,
    }
}

fn fields<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
    settings: Settings,
    chains: &Chains,
) -> Read {
    let Some(fields) = reader.mapping(node, "a rule", KEYS) else {
        return Read { id: None, acr: None, rule: None };
    };
    let id = reader.required(&fields, "id", "e.g. `id: prod-console`").and_then(|node| {
        let text = reader.text(node, "`id`")?.to_owned();
        Some((reader.name(&text, node.range.clone(), "a rule")?, node.range.clone()))
    });
    let on = reader.required(&fields, "on", "e.g. `on: [login]`").and_then(|node| actions(reader, node));
    let on_error = on_error(reader, &fields).unwrap_or(settings.on_error);
    expressions.enter(on.clone().map_or(Owner::Nothing, Owner::Rule));
    let (when, reason) = sentences(reader, &fields, expressions, on_error);
    let then = then(reader, &fields, chains);
    let mode = fields.get("mode").and_then(|node| reader.word(node, "`mode`", MODES)).unwrap_or_default();
    let mode = if settings.mode == Mode::Observe { Mode::Observe } else { mode };
    let rule = match (&id, on, then) {
        (Some((id, _)), Some(on), Some(then)) => {
            Some(Rule { id: id.clone(), on, when, then, reason, on_error, mode })
        }
        _ => None,
    };
    Read { id, acr: fields.get("acr").map(|node| node.range.clone()), rule }
}

/// The condition and the reason.
fn sentences<'n>(
    reader: &mut Reader<'_>,
    fields: &Fields<'n>,
    expressions: &mut Expressions<'n>,
    on_error: OnError,
) -> (Option<Expression>, Option<Expression>) {
    let nothing = Knowledge::default();
    let place = Place { what: "`when`", wanted: Wanted::Bool, known: &nothing };
    let when = fields.get("when").and_then(|node| expressions.compile(reader, node, place));
    // A reason is told where the condition is true; under `match`, also where it could not be evaluated.
    let known = when.as_ref().map(|when| &when.when_true).filter(|_| on_error != OnError::Match);
    let place = Place { what: "`reason`", wanted: Wanted::String, known: known.unwrap_or(&nothing) };
    let reason = fields.get("reason").and_then(|node| expressions.compile(reader, node, place));
    (when.map(|it| it.expression), reason.map(|it| it.expression))
}

fn actions(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeSet<String>> {
    let mut actions = BTreeSet::new();
    for item in reader.list(node, "`on`", 64)? {
        let Some(name) = reader.text(item, "an action").map(str::to_owned) else { continue };
        if !action::is_known(&name) {
            let help = match suggest::nearest(&name, action::names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if name.starts_with("x-") => {
                    "a custom action is `x-`, then lower-case letters, digits and `-`".to_owned()
                }
                None => {
                    "docs/context-reference.md lists the actions; one of your own begins with `x-`".to_owned()
                }
            };
            reader.error(
                codes::UNKNOWN_ACTION,
                item.range.clone(),
                format!("there is no action `{name}`"),
                help,
            );
        } else if !actions.insert(name.clone()) {
            reader.error(
                codes::DUPLICATE_ID,
                item.range.clone(),
                format!("`{name}` stands twice in `on`"),
                "remove one of the two",
            );
        }
    }
    (!actions.is_empty()).then_some(actions)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Allow,
    Deny,
    Confirm,
    StepUp,
    RequireApproval,
}

fn then(reader: &mut Reader<'_>, fields: &Fields<'_>, chains: &Chains) -> Option<Then> {
    let words = [
        ("allow", Word::Allow),
        ("deny", Word::Deny),
        ("confirm", Word::Confirm),
        ("step_up", Word::StepUp),
        ("require_approval", Word::RequireApproval),
    ];
    let help = "write `effect: deny`, say, or `require_approval`, `step_up`, `confirm`, `allow`";
    let effect =
        reader.required(fields, "effect", help).and_then(|node| reader.word(node, "`effect`", &words));
    let acr = fields.get("acr").map(|node| reader.text(node, "`acr`").map(str::to_owned));
    let grant = fields.get("grant").map(|node| grant::read(reader, node));
    let remember = fields.get("remember").and_then(|node| reader.duration(node, "`remember`", &REMEMBER));
    let chain = fields.get("chain").and_then(|node| chain_name(reader, node, chains));
    let effect = effect?;
    if !matches!(effect, Word::StepUp | Word::RequireApproval) {
        misplaced(reader, fields, "acr", "`step_up` or `require_approval`");
    }
    if effect != Word::RequireApproval {
        misplaced(reader, fields, "chain", "`require_approval`");
        misplaced(reader, fields, "grant", "`require_approval`");
    }
    if effect != Word::Confirm {
        misplaced(reader, fields, "remember", "`confirm`");
    }
    match effect {
        Word::Allow => Some(Then::Allow),
        Word::Deny => Some(Then::Deny),
        Word::Confirm => Some(Then::Confirm { remember }),
        Word::StepUp => {
            reader.required(fields, "acr", "say which level must be reached, e.g. `acr: \"2\"`")?;
            Some(Then::StepUp { acr: acr.flatten()? })
        }
        Word::RequireApproval => {
            reader.required(fields, "chain", "say who must approve, e.g. `chain: two-eyes`")?;
            // A grant that could not be read is none: the policy is refused all the same.
            Some(Then::RequireApproval { chain: chain?, acr: acr.flatten(), grant: grant.flatten() })
        }
    }
}

fn chain_name(reader: &mut Reader<'_>, node: &Node, chains: &Chains) -> Option<String> {
    let name = reader.text(node, "`chain`")?.to_owned();
    if chains.contains_key(&name) {
        return Some(name);
    }
    unknown(reader, codes::UNKNOWN_CHAIN, node, "chain", &name, chains.keys().map(String::as_str));
    None
}

/// A key that means nothing with this effect: its author expects something that will not happen.
fn misplaced(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, effects: &str) {
    if let Some(entry) = fields.entry(key) {
        let message = format!("`{key}` goes with the effect {effects} only");
        reader.error(
            codes::MISPLACED_KEY,
            entry.key_range.clone(),
            message,
            format!("remove `{key}`, or change the effect"),
        );
    }
}
