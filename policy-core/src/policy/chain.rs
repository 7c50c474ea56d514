//! One entry of `chains`, and its stages.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use super::escalation;
use super::expressions::{Expressions, Place};
use super::model::{ChainPlan, SelectorPlan, StagePlan};
use super::reader::{Fields, Reader};
use super::yaml::{Kind, Node};
use super::{codes, suggest};
use crate::approval::chain::{Quorum, Require, Selector};
use crate::cel::{Knowledge, Wanted};

const CHAIN_KEYS: &[&str] = &["stages", "justification", "show_approvers", "use_by"];
const STAGE_KEYS: &[&str] =
    &["name", "approvers", "quorum", "timeout", "on_timeout", "standby", "allow_repeat", "notify", "require"];
const REQUIRE_KEYS: &[&str] = &["comment", "match_code", "acr"];
const SELECTORS: &[&str] = &["role", "client_role", "group", "user", "attribute", "cel"];

/// How long an approval may be used: 10 s to 1 day; 10 minutes by default.
const USE_BY: RangeInclusive<u32> = 10..=86_400;
const USE_BY_DEFAULT: u32 = 600;
/// How long a stage may take: 10 s to 30 days; 15 minutes by default.
const TIMEOUT: RangeInclusive<u32> = 10..=30 * 86_400;
const TIMEOUT_DEFAULT: u32 = 900;
const MOST_STAGES: usize = 20;
const MOST_SELECTORS: usize = 50;
const LARGEST_QUORUM: i64 = 100;

/// A stage that was read, with what the checks between stages need.
pub(crate) struct Read<'n> {
    pub(crate) plan: StagePlan,
    /// Where the name stands.
    pub(crate) name: &'n Node,
    /// Where the target of the escalation stands.
    pub(crate) escalate: Option<&'n Node>,
}

/// A chain, and where the names of its stages stand.
#[derive(Debug)]
pub(crate) struct ReadChain {
    pub(crate) plan: ChainPlan,
    pub(crate) stages: Vec<Range<usize>>,
}

/// Reads a chain: a list of stages, or a mapping that has one.
pub(crate) fn read<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
) -> Option<ReadChain> {
    if matches!(node.kind, Kind::List(_)) {
        let (plans, stages) = stages(reader, node, expressions)?;
        let plan =
            ChainPlan { justification: false, show_approvers: false, use_by: USE_BY_DEFAULT, stages: plans };
        return Some(ReadChain { plan, stages });
    }
    let fields = reader.mapping(node, "a chain", CHAIN_KEYS)?;
    let justification = flag(reader, &fields, "justification", false);
    let show_approvers = flag(reader, &fields, "show_approvers", false);
    let use_by = fields
        .get("use_by")
        .and_then(|node| reader.duration(node, "`use_by`", &USE_BY))
        .unwrap_or(USE_BY_DEFAULT);
    let stages = reader
        .required(&fields, "stages", "a chain has at least one stage")
        .and_then(|node| stages(reader, node, expressions));
    let (plans, stages) = stages?;
    Some(ReadChain { plan: ChainPlan { justification, show_approvers, use_by, stages: plans }, stages })
}

fn flag(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, default: bool) -> bool {
    fields.get(key).and_then(|node| reader.boolean(node, &format!("`{key}`"))).unwrap_or(default)
}

fn stages<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
) -> Option<(Vec<StagePlan>, Vec<Range<usize>>)> {
    let items = reader.list(node, "the list of stages", MOST_STAGES)?;
    let mut read = Vec::new();
    for item in items {
        read.extend(stage(reader, item, expressions));
    }
    let all = read.len() == items.len();
    unique_names(reader, &read);
    if all {
        // Where a stage is missing, its neighbours would be told nonsense about it.
        escalation::check(reader, &read);
    }
    all.then(|| read.into_iter().map(|stage| (stage.plan, stage.name.range.clone())).unzip())
}

fn unique_names(reader: &mut Reader<'_>, stages: &[Read<'_>]) {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for stage in stages {
        let line = reader.source.line_of(stage.name.range.start);
        if let Some(first) = lines.get(stage.plan.name.as_str()) {
            let message = format!("the stage name `{}` is already taken in line {first}", stage.plan.name);
            reader.error(
                codes::DUPLICATE_ID,
                stage.name.range.clone(),
                message,
                "every stage of a chain needs a name of its own",
            );
        } else {
            lines.insert(&stage.plan.name, line);
        }
    }
}

fn stage<'n>(reader: &mut Reader<'_>, node: &'n Node, expressions: &mut Expressions<'n>) -> Option<Read<'n>> {
    let fields = reader.mapping(node, "a stage", STAGE_KEYS)?;
    let name_node = reader.required(&fields, "name", "e.g. `name: manager`");
    let name = name_node.and_then(|node| {
        let text = reader.text(node, "`name`")?.to_owned();
        reader.name(&text, node.range.clone(), "a stage")
    });
    let approvers =
        reader.required(&fields, "approvers", "say who may approve, e.g. `approvers: [{ role: approver }]`");
    let approvers = approvers.and_then(|node| approvers_list(reader, node, expressions));
    let quorum = fields.get("quorum").map_or(Some(Quorum::AtLeast(1)), |node| quorum(reader, node));
    let timeout = fields
        .get("timeout")
        .and_then(|node| reader.duration(node, "`timeout`", &TIMEOUT))
        .unwrap_or(TIMEOUT_DEFAULT);
    let escalate = fields.get("on_timeout").and_then(|node| on_timeout(reader, node));
    let standby = flag(reader, &fields, "standby", false);
    let allow_repeat = flag(reader, &fields, "allow_repeat", false);
    let notify = flag(reader, &fields, "notify", true);
    let require = fields.get("require").map_or(Some(Require::default()), |node| require(reader, node));
    Some(Read {
        plan: StagePlan {
            name: name?,
            approvers: approvers?,
            quorum: quorum?,
            timeout,
            escalate: escalate.as_ref().map(|(target, _)| target.clone()),
            standby,
            allow_repeat,
            notify,
            require: require?,
        },
        name: name_node?,
        escalate: escalate.map(|(_, node)| node),
    })
}

fn quorum(reader: &mut Reader<'_>, node: &Node) -> Option<Quorum> {
    let Kind::Scalar(scalar) = &node.kind else {
        reader.wrong_type(node, "`quorum`", "a number or `all`", "");
        return None;
    };
    if scalar.text == "all" {
        return Some(Quorum::All);
    }
    match scalar.as_integer() {
        Some(people @ 1..=LARGEST_QUORUM) => u32::try_from(people).ok().map(Quorum::AtLeast),
        Some(people) => {
            let message = format!("`quorum` is 1 to {LARGEST_QUORUM}, not {people}");
            reader.error(
                codes::OUT_OF_RANGE,
                node.range.clone(),
                message,
                "it counts distinct people who must approve",
            );
            None
        }
        None => {
            let message = format!("`{}` is no quorum", scalar.text);
            reader.error(
                codes::WRONG_TYPE,
                node.range.clone(),
                message,
                "write a number, not in quotes, or `all`",
            );
            None
        }
    }
}

/// `None`: deny, or not readable. There is no third way: a time-out never approves.
fn on_timeout<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<(String, &'n Node)> {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.text == "deny" => None,
        Kind::Scalar(scalar) => {
            let help = if scalar.text == "escalate" {
                "say to which stage: `{ escalate: <stage> }`"
            } else {
                "write `deny`, or `{ escalate: <stage> }`; a time-out never approves"
            };
            reader.error(
                codes::UNKNOWN_VALUE,
                node.range.clone(),
                format!("`{}` is no value for `on_timeout`", scalar.text),
                help,
            );
            None
        }
        _ => {
            let fields = reader.mapping(node, "`on_timeout`", &["escalate"])?;
            let target =
                reader.required(&fields, "escalate", "say to which stage: `{ escalate: <stage> }`")?;
            Some((reader.text(target, "`escalate`")?.to_owned(), target))
        }
    }
}

fn require(reader: &mut Reader<'_>, node: &Node) -> Option<Require> {
    let fields = reader.mapping(node, "`require`", REQUIRE_KEYS)?;
    let comment = flag(reader, &fields, "comment", false);
    let match_code = flag(reader, &fields, "match_code", false);
    let acr = match fields.get("acr") {
        None => None,
        Some(node) => Some(reader.text(node, "`acr`")?.to_owned()),
    };
    Some(Require { comment, match_code, acr })
}

fn approvers_list<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
) -> Option<Vec<SelectorPlan>> {
    let items = reader.list(node, "`approvers`", MOST_SELECTORS)?;
    let selectors: Vec<Option<SelectorPlan>> =
        items.iter().map(|item| selector(reader, item, expressions)).collect();
    selectors.into_iter().collect()
}

fn selector<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    expressions: &mut Expressions<'n>,
) -> Option<SelectorPlan> {
    let fields = reader.mapping(node, "a selector of approvers", SELECTORS)?;
    let [entry] = fields.entries() else {
        let message = "a selector of approvers has exactly one key";
        reader.error(
            codes::WRONG_TYPE,
            node.range.clone(),
            message,
            format!("write one entry per {}", suggest::list(SELECTORS)),
        );
        return None;
    };
    let what = format!("`{}`", entry.key);
    let value = &entry.value;
    let selector = match entry.key.as_str() {
        "cel" => {
            let place = Place { what: "`cel`", wanted: Wanted::Names, known: &Knowledge::default() };
            let compiled = expressions.compile(reader, value, place)?;
            return Some(SelectorPlan::Cel(compiled.expression));
        }
        "client_role" => client_role(reader, value)?,
        "role" => Selector::Role(reader.text(value, &what)?.to_owned()),
        "group" => Selector::Group(group(reader, value)?),
        "user" => Selector::User(reader.text(value, &what)?.to_owned()),
        "attribute" => Selector::Attribute(reader.text(value, &what)?.to_owned()),
        _ => return None,
    };
    Some(SelectorPlan::Fixed(selector))
}

fn client_role(reader: &mut Reader<'_>, node: &Node) -> Option<Selector> {
    let help = "write `client_role: { client: prod-console, role: approver }`";
    let fields = reader.mapping(node, "`client_role`", &["client", "role"])?;
    let client = reader
        .required(&fields, "client", help)
        .and_then(|node| reader.text(node, "`client`").map(str::to_owned));
    let role = reader
        .required(&fields, "role", help)
        .and_then(|node| reader.text(node, "`role`").map(str::to_owned));
    Some(Selector::ClientRole { client: client?, role: role? })
}

/// A group is named by its path: names alone are not unique.
fn group(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let path = reader.text(node, "`group`")?.to_owned();
    if !path.starts_with('/') || path.len() < 2 || path.ends_with('/') {
        let help = format!("write the path: `/{}`", path.trim_matches('/'));
        reader.error(codes::BAD_NAME, node.range.clone(), format!("`{path}` is no path of a group"), help);
        return None;
    }
    Some(path)
}
