//! The whole file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostic::{Diagnostic, Finding, Severity};
use super::expressions::{self, Expressions, Owner};
use super::index::Index;
use super::model::{ChainPlan, Combine, DefaultEffect, Mode, OnError, Policy, Rule, SelectorPlan};
use super::reader::{Fields, Reader};
use super::reads::Reads;
use super::source::Source;
use super::yaml::Node;
use super::{chain, codes, cost, decision_log, levels, lint, rule, suggest, yaml};
use crate::cel::{Expression, Variables};
use crate::context::{schema, table};

/// The largest policy, in bytes: 200 for each of the most rules. A policy takes some twenty times its bytes while it is read.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// The most findings that are reported; the first ones tell enough.
const MOST_FINDINGS: usize = 100;

/// The one version of the format.
const API_VERSION: &str = "jit-approval.dev/v1";

const KEYS: &[&str] = &[
    "apiVersion",
    "name",
    "mode",
    "combine",
    "default",
    "on_error",
    "decision_log",
    "variables",
    "chains",
    "rules",
];

/// A policy that may be used, and what its author should know.
#[derive(Debug)]
pub struct Loaded {
    /// The compiled policy.
    pub policy: Policy,
    /// Warnings, in the order of the file.
    pub warnings: Vec<Diagnostic>,
}

/// Reads a policy, checks all of it, and compiles it. `file` is the name to use in messages.
///
/// # Errors
///
/// All errors and warnings, in the order of the file; at least one of them is an error.
///
/// # Example: a policy that loads
///
/// ```
/// use policy_core::policy::load;
///
/// let loaded = load(
///     "apiVersion: jit-approval.dev/v1
/// name: production
/// rules: [{ id: nobody, on: [login], effect: deny }]",
///     "production.yaml",
/// )?;
/// assert_eq!((loaded.policy.name.as_str(), loaded.policy.rules.len()), ("production", 1));
/// assert!(loaded.warnings.is_empty());
/// # Ok::<(), Vec<policy_core::policy::Diagnostic>>(())
/// ```
///
/// # Example: one that is refused, and where
///
/// ```
/// use policy_core::policy::load;
///
/// let found = load(
///     "apiVersion: jit-approval.dev/v1
/// name: production
/// rules:
///   - { id: public, on: [login], when: client.pubic, effect: confirm }",
///     "production.yaml",
/// )
/// .unwrap_err();
/// let [it] = found.as_slice() else { panic!("{found:?}") };
/// let line = format!("{}:{}:{}: {}: {}", it.file, it.line, it.column, it.code, it.message);
/// assert_eq!(line, "production.yaml:4:38: unknown-field: `client` has no field `pubic`");
/// assert_eq!(it.help.as_deref(), Some("did you mean `public`?"));
/// ```
pub fn load(text: &str, file: &str) -> Result<Loaded, Vec<Diagnostic>> {
    let source = Source::new(file, text);
    let mut reader = Reader::new(&source);
    let policy = read(&mut reader, text);
    let diagnostics = place(&source, reader.findings);
    let refused = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match policy {
        Some(policy) if !refused => Ok(Loaded { policy, warnings: diagnostics }),
        _ => Err(diagnostics),
    }
}

/// In the order of the file; where there are too many, errors go first.
fn place(source: &Source<'_>, mut findings: Vec<Finding>) -> Vec<Diagnostic> {
    findings.sort_by_key(|finding| (finding.severity, finding.range.start, finding.range.end));
    findings.dedup_by(|one, other| {
        one.range == other.range && one.code == other.code && one.message == other.message
    });
    findings.truncate(MOST_FINDINGS);
    findings.sort_by_key(|finding| (finding.range.start, finding.range.end, finding.severity));
    findings.into_iter().map(|finding| Diagnostic::new(source, finding)).collect()
}

/// What a name refers to, and where it was written.
#[derive(Debug)]
pub(crate) struct Named<T> {
    pub(crate) value: T,
    pub(crate) range: std::ops::Range<usize>,
}

/// A rule, and where it was written.
#[derive(Debug)]
pub(crate) struct ReadRule {
    pub(crate) value: Rule,
    /// Its id.
    pub(crate) range: std::ops::Range<usize>,
    /// Its level.
    pub(crate) acr: Option<std::ops::Range<usize>>,
}

// What this calls is never inlined into it: compiled to JVM bytecode, it would be larger than a Java method may be,
// and run in an interpreter.
fn read(reader: &mut Reader<'_>, text: &str) -> Option<Policy> {
    if text.len() > LARGEST {
        let message = format!("the policy has {} bytes; at most {LARGEST} are allowed", text.len());
        reader.error(codes::TOO_LARGE, 0..0, message, "split it, or move lists of people into groups");
        return None;
    }
    let Some(root) = yaml::parse(reader.source, &mut reader.findings) else {
        if reader.findings.is_empty() {
            reader.error(
                codes::EMPTY,
                0..0,
                "the policy is empty",
                format!("begin with `apiVersion: {API_VERSION}`"),
            );
        }
        return None;
    };
    let fields = reader.mapping(&root, "a policy", KEYS)?;
    api_version(reader, &fields);
    let name = reader.required(&fields, "name", "e.g. `name: production`").and_then(|node| {
        reader
            .text(node, "`name`")
            .map(str::to_owned)
            .and_then(|name| reader.name(&name, node.range.clone(), "a policy"))
    });
    let settings = settings(reader, &fields);
    let decision_log = decision_log::read(reader, &fields);
    let mut expressions = expressions::variables(reader, fields.get("variables"));
    let chains = chains(reader, fields.get("chains"), &mut expressions);
    let rules = rules(reader, &fields, &mut expressions, settings, &chains);
    let costs = expressions.check_together(reader);
    expressions.check_absence(reader, &rules);
    if settings.combine == Combine::Strictest {
        levels::check(reader, &rules);
    }
    if reader.refuses() {
        return None;
    }
    let found = reader.findings.len();
    lint::lint(reader, &expressions, &chains, &rules, settings);
    let remarked = reader.findings.len();
    let variables = expressions.into_variables();
    // The tree of the file takes more memory than what comes of it.
    drop(root);
    let mut chains = chains.into_iter().filter_map(|(name, chain)| Some((name, chain.value?.plan))).collect();
    let (mut rules, places): (Vec<Rule>, Vec<Range<usize>>) =
        rules.into_iter().map(|rule| (rule.value, rule.range)).unzip();
    let reads = Reads::of(&rules, &chains, &variables);
    let variables = link(&mut rules, &mut chains, variables);
    let index = Index::new(&rules);
    cost::check(reader, &costs, &rules, &places, &index);
    if reader.refuses() {
        reader.findings.drain(found..remarked);
        return None;
    }
    Some(Policy {
        hash: crate::wire::digest(text.as_bytes()),
        name: name?,
        mode: settings.mode,
        combine: settings.combine,
        default: settings.default,
        decision_log,
        reads: reads.by_action,
        reads_slots: table::slots(reads.at_all.iter().map(String::as_str)),
        reads_at_all: reads.at_all,
        index,
        variables,
        chains,
        observes: rules.iter().any(|rule| rule.mode == Mode::Observe),
        rules,
    })
}

/// Prepares all expressions, those of chains that no rule names as well.
#[inline(never)]
fn link(
    rules: &mut [Rule],
    chains: &mut BTreeMap<String, ChainPlan>,
    variables: BTreeMap<String, Expression>,
) -> Variables {
    let variables = Variables::new(variables, schema::layout())
        .sharing(rules.iter().filter_map(|rule| rule.when.as_ref()));
    let conditions = rules.iter_mut().flat_map(|rule| rule.when.iter_mut().chain(&mut rule.reason));
    let stages = chains.values_mut().flat_map(|chain| &mut chain.stages);
    let approvers = stages.flat_map(|stage| &mut stage.approvers).filter_map(|selector| match selector {
        SelectorPlan::Cel(expression) => Some(expression),
        SelectorPlan::Fixed(_) => None,
    });
    variables.link(schema::layout(), conditions.chain(approvers));
    variables
}

fn api_version(reader: &mut Reader<'_>, fields: &Fields<'_>) {
    let help = format!("write `apiVersion: {API_VERSION}`");
    if let Some(node) = reader.required(fields, "apiVersion", &help) {
        reader.word(node, "`apiVersion`", &[(API_VERSION, ())]);
    }
}

/// What holds for the policy as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    pub(crate) on_error: OnError,
    pub(crate) combine: Combine,
    pub(crate) default: DefaultEffect,
}

pub(crate) const MODES: &[(&str, Mode)] = &[("enforce", Mode::Enforce), ("observe", Mode::Observe)];

#[inline(never)]
fn settings(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Settings {
    let combines = [("strictest", Combine::Strictest), ("first_match", Combine::FirstMatch)];
    let defaults = [("allow", DefaultEffect::Allow), ("deny", DefaultEffect::Deny)];
    Settings {
        mode: fields.get("mode").and_then(|node| reader.word(node, "`mode`", MODES)).unwrap_or_default(),
        combine: fields
            .get("combine")
            .and_then(|node| reader.word(node, "`combine`", &combines))
            .unwrap_or_default(),
        default: fields
            .get("default")
            .and_then(|node| reader.word(node, "`default`", &defaults))
            .unwrap_or_default(),
        on_error: on_error(reader, fields).unwrap_or_default(),
    }
}

/// `on_error` of a policy or a rule; `skip` is legal and seldom wise.
pub(crate) fn on_error(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<OnError> {
    let words = [("deny", OnError::Deny), ("match", OnError::Match), ("skip", OnError::Skip)];
    let node = fields.get("on_error")?;
    let on_error = reader.word(node, "`on_error`", &words)?;
    if on_error == OnError::Skip {
        let help = "use `match` or `deny`, and guard optional fields with `has(…)`, unless you mean it";
        reader.warn(
            codes::SKIP_HIDES_ERRORS,
            node.range.clone(),
            "with `on_error: skip`, a rule that cannot be evaluated lets the step pass",
            help,
        );
    }
    Some(on_error)
}

/// Chains by name; one that could not be read is there without a value, so that rules may refer to it.
pub(crate) type Chains = BTreeMap<String, Named<Option<chain::ReadChain>>>;

#[inline(never)]
fn chains<'n>(reader: &mut Reader<'_>, node: Option<&'n Node>, expressions: &mut Expressions<'n>) -> Chains {
    let mut chains = Chains::new();
    let Some(fields) = node.and_then(|node| reader.any_mapping(node, "`chains`")) else { return chains };
    for entry in fields.entries() {
        if reader.has_enough() {
            break;
        }
        let name = reader.name(&entry.key, entry.key_range.clone(), "a chain");
        expressions.enter(Owner::Chain(entry.key.clone()));
        let value = chain::read(reader, &entry.value, expressions);
        chains
            .entry(name.unwrap_or_else(|| entry.key.clone()))
            .or_insert(Named { value, range: entry.key_range.clone() });
    }
    chains
}

/// Of a realm with a thousand clients, ten for each.
const MOST_RULES: usize = 10_000;

#[inline(never)]
fn rules<'n>(
    reader: &mut Reader<'_>,
    fields: &Fields<'n>,
    expressions: &mut Expressions<'n>,
    settings: Settings,
    chains: &Chains,
) -> Vec<ReadRule> {
    let Some(node) = reader.required(fields, "rules", "a policy has at least one rule") else {
        return Vec::new();
    };
    let items = reader.list(node, "`rules`", MOST_RULES).unwrap_or_default();
    name_rules(reader, items);
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut rules = Vec::with_capacity(items.len());
    for item in items {
        if reader.has_enough() {
            break;
        }
        let read = rule::read(reader, item, expressions, settings, chains);
        if let Some((id, range)) = read.id {
            if let Some(line) = first.get(&id) {
                reader.rule = Some(id.clone());
                let message = format!("the rule id `{id}` is already taken in line {line}");
                reader.error(
                    codes::DUPLICATE_ID,
                    range.clone(),
                    message,
                    "every rule needs an id of its own",
                );
                reader.rule = None;
            } else {
                first.insert(id, reader.source.line_of(range.start));
            }
            rules.extend(read.rule.map(|value| ReadRule { value, range, acr: read.acr }));
        }
    }
    rules
}

/// Names the rule in what the YAML reader found, which knows no rules.
fn name_rules(reader: &mut Reader<'_>, items: &[Node]) {
    for finding in reader.findings.iter_mut().filter(|finding| finding.rule.is_none()) {
        let behind = items.partition_point(|item| item.range.start <= finding.range.start);
        let item = behind.checked_sub(1).and_then(|at| items.get(at));
        let inside = item.filter(|item| finding.range.start < item.range.end);
        finding.rule = inside.and_then(rule::id_as_written);
    }
}

/// Refuses a name that is not in a list, saying which is near.
pub(crate) fn unknown<'n>(
    reader: &mut Reader<'_>,
    code: &'static str,
    node: &Node,
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) {
    let known: Vec<&str> = known.into_iter().collect();
    let help = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() || known.len() > 12 => String::new(),
        None => format!("there is {}", suggest::list(&known)),
    };
    reader.error(code, node.range.clone(), format!("there is no {what} `{name}`"), help);
}
