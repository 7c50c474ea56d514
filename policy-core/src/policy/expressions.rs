//! CEL in a policy: variables, and compiling an expression where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::cost::Costs;
use super::load::{Named, ReadRule};
use super::model::Then;
use super::reader::Reader;
use super::yaml::{Node, Scalar};
use super::{absence, codes};
use crate::cel::limits;
use crate::cel::{Checked, Expression, FieldRead, Knowledge, Problem, Scope, Wanted};
use crate::context::schema;

/// The most variables of a policy.
const MOST_VARIABLES: usize = 500;

/// Words that CEL keeps for itself, and the names of its types.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
    "bool",
    "bytes",
    "double",
    "duration",
    "dyn",
    "int",
    "list",
    "map",
    "null_type",
    "optional",
    "string",
    "timestamp",
    "type",
    "uint",
];

/// The names that expressions may use, and those that they do.
#[derive(Debug)]
pub(crate) struct Expressions<'n> {
    scope: Scope,
    variables: BTreeMap<String, Named<Expression>>,
    /// Where the variables are written.
    scalars: BTreeMap<String, &'n Scalar>,
    /// What the variables read, each after those that it uses.
    variable_reads: Vec<(String, Vec<FieldRead>)>,
    /// The expressions of rules and chains.
    compiled: Vec<Compiled<'n>>,
    /// What is being read.
    owner: Arc<Owner>,
    /// Many rules are for the same actions.
    owners: BTreeSet<Arc<Owner>>,
    spent: Spent,
}

/// What the expressions of a policy hold together.
#[derive(Debug, Default)]
struct Spent {
    parts: usize,
    /// Memory of regular expressions, in bytes.
    patterns: usize,
    /// It is too much, which was told: what follows is not looked at.
    full: bool,
}

/// What an expression belongs to: that tells for which actions it is evaluated.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// A rule on these actions.
    Rule(BTreeSet<String>),
    /// The chain of this name, which rules use.
    Chain(String),
    /// Something that could not be read.
    #[default]
    Nothing,
}

/// An expression of a rule or chain, and where it is written.
#[derive(Debug)]
struct Compiled<'n> {
    expression: Expression,
    scalar: &'n Scalar,
    rule: Option<String>,
    wanted: Wanted,
    owner: Arc<Owner>,
    /// Those of a chain: only its rules tell for which actions it reads.
    reads: Vec<FieldRead>,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// Its key, such as `` `when` ``.
    pub(crate) what: &'p str,
    /// What it must come out as.
    pub(crate) wanted: Wanted,
    /// What holds wherever it is evaluated.
    pub(crate) known: &'p Knowledge,
}

/// An expression that was compiled.
#[derive(Debug)]
pub(crate) struct Compilation {
    pub(crate) expression: Expression,
    /// What is known where it is true.
    pub(crate) when_true: Knowledge,
}

/// Reads `variables` and checks each of them.
#[inline(never)]
pub(crate) fn variables<'n>(reader: &mut Reader<'_>, node: Option<&'n Node>) -> Expressions<'n> {
    let mut variables: BTreeMap<String, Named<Expression>> = BTreeMap::new();
    let mut scalars: BTreeMap<String, &'n Scalar> = BTreeMap::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut spent = Spent::default();
    if let Some(fields) = node.and_then(|node| reader.any_mapping(node, "`variables`")) {
        if fields.entries().len() > MOST_VARIABLES {
            let message = format!("a policy has at most {MOST_VARIABLES} variables");
            reader.error(codes::OUT_OF_RANGE, fields.head(), message, "");
        }
        for entry in fields.entries().iter().take(MOST_VARIABLES) {
            variable_name(reader, &entry.key, entry.key_range.clone());
            // Known even if it cannot be read, so that one mistake is reported once.
            names.insert(entry.key.clone());
            let Some(scalar) = reader.scalar(&entry.value, "a variable") else { continue };
            let Some(value) = spent.parse(reader, scalar, None) else { continue };
            scalars.entry(entry.key.clone()).or_insert(scalar);
            variables.entry(entry.key.clone()).or_insert(Named { value, range: entry.key_range.clone() });
        }
    }
    let mut scope = schema::scope().with_variables(names);
    let mut variable_reads = Vec::new();
    for (name, checked) in scope.declare(&expressions(&variables)) {
        if let Some(scalar) = scalars.get(&name) {
            report(reader, scalar, checked.problems);
            spent.count_patterns(reader, scalar, checked.patterns);
        }
        variable_reads.push((name, checked.reads));
    }
    let (compiled, owner, owners) = (Vec::new(), Arc::default(), BTreeSet::new());
    Expressions { scope, variables, scalars, variable_reads, compiled, owner, owners, spent }
}

fn expressions(variables: &BTreeMap<String, Named<Expression>>) -> BTreeMap<String, Expression> {
    variables.iter().map(|(name, variable)| (name.clone(), variable.value.clone())).collect()
}

fn variable_name(reader: &mut Reader<'_>, name: &str, range: Range<usize>) {
    let identifier = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.len() <= 64;
    if !identifier {
        let message = format!("`{name}` is not a good name for a variable");
        reader.error(
            codes::BAD_NAME,
            range,
            message,
            "letters, digits and `_`, beginning with a letter, at most 64",
        );
    } else if RESERVED.contains(&name) {
        reader.error(codes::BAD_NAME, range, format!("`{name}` is a word of CEL"), "choose another name");
    } else if schema::is_root(name) {
        let message = format!("the variable `{name}` would hide the context's `{name}`");
        reader.error(codes::BAD_NAME, range, message, "choose another name");
    }
}

impl Spent {
    fn parse(
        &mut self,
        reader: &mut Reader<'_>,
        scalar: &Scalar,
        wanted: Option<Wanted>,
    ) -> Option<Expression> {
        if self.full {
            return None;
        }
        let expression = match Expression::parse(&scalar.text) {
            Ok(expression) => expression,
            Err(mut problems) => {
                if let (Some(Wanted::String), Some(first)) = (wanted, problems.first_mut()) {
                    let help = "a sentence is CEL, too: put it in quotes inside of YAML's, as in `'\"You are suspended\"'`";
                    first.help.get_or_insert_with(|| help.to_owned());
                }
                report(reader, scalar, problems);
                return None;
            }
        };
        self.parts = self.parts.saturating_add(expression.parts());
        if self.parts > limits::MAX_POLICY_NODES {
            let message = format!(
                "with this, the policy's expressions have more than {} parts together, the most that is allowed",
                limits::MAX_POLICY_NODES
            );
            self.refuse(
                reader,
                scalar,
                Problem::new(codes::LIMIT_POLICY_NODES, 0..scalar.text.len(), message),
            );
            return None;
        }
        Some(expression)
    }

    fn count_patterns(&mut self, reader: &mut Reader<'_>, scalar: &Scalar, bytes: usize) {
        self.patterns = self.patterns.saturating_add(bytes);
        if !self.full && self.patterns > limits::MAX_POLICY_REGEX_BYTES {
            let message = format!(
                "with this, the policy's regular expressions take more than {} MiB of memory together, the most that is allowed",
                limits::MAX_POLICY_REGEX_BYTES >> 20
            );
            let problem = Problem::new(codes::LIMIT_POLICY_REGEX, 0..scalar.text.len(), message)
                .with_help("write them shorter, share them through variables, or use `startsWith`, `endsWith` or `contains`");
            self.refuse(reader, scalar, problem);
        }
    }

    fn refuse(&mut self, reader: &mut Reader<'_>, scalar: &Scalar, problem: Problem) {
        self.full = true;
        report(reader, scalar, vec![problem]);
    }
}

/// Places what CEL found in the file.
fn report(reader: &mut Reader<'_>, scalar: &Scalar, problems: Vec<Problem>) {
    for problem in problems {
        let range = scalar.locate(reader.source.text(), problem.range);
        reader.error(problem.code, range, problem.message, problem.help.unwrap_or_default());
    }
}

impl<'n> Expressions<'n> {
    /// Says what the expressions that are compiled next belong to.
    pub(crate) fn enter(&mut self, owner: Owner) {
        let known = self.owners.get(&owner).map(Arc::clone);
        self.owner = known.unwrap_or_else(|| Arc::new(owner));
        self.owners.insert(Arc::clone(&self.owner));
    }

    /// Compiles the expression that stands in a node. Problems that need no other expression are reported.
    pub(crate) fn compile(
        &mut self,
        reader: &mut Reader<'_>,
        node: &'n Node,
        place: Place<'_>,
    ) -> Option<Compilation> {
        let scalar = reader.scalar(node, place.what)?;
        let expression = self.spent.parse(reader, scalar, Some(place.wanted))?;
        let Checked { problems, mut reads, when_true, patterns, .. } =
            expression.check_as(place.wanted, place.what, &self.scope, place.known);
        report(reader, scalar, problems);
        self.spent.count_patterns(reader, scalar, patterns);
        let (rule, owner) = (reader.rule.clone(), Arc::clone(&self.owner));
        if let Owner::Rule(on) = &*owner {
            report(reader, scalar, absence::problems(&reads, on));
            reads = Vec::new();
        }
        let wanted = place.wanted;
        self.compiled.push(Compiled { expression: expression.clone(), scalar, rule, wanted, owner, reads });
        Some(Compilation { expression, when_true })
    }

    /// The variables that neither a rule nor a chain needs, directly or through another variable.
    pub(crate) fn unused(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let compiled = self.compiled.iter().filter(|_| !self.variables.is_empty());
        let used = self.closure(compiled.flat_map(|compiled| compiled.expression.references().names));
        self.variables
            .iter()
            .filter(move |(name, _)| !used.contains(*name))
            .map(|(name, variable)| (name.as_str(), variable.range.clone()))
    }

    /// The names that expressions may use.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The variables, and where they are written.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &Expression, &'n Scalar)> {
        self.variables
            .iter()
            .filter_map(|(name, variable)| Some((name.as_str(), &variable.value, *self.scalars.get(name)?)))
    }

    /// The expressions of rules and chains, where they are written, and the ids of their rules.
    pub(crate) fn compiled(&self) -> impl Iterator<Item = (&Expression, &'n Scalar, Option<&str>)> {
        self.compiled.iter().map(|compiled| (&compiled.expression, compiled.scalar, compiled.rule.as_deref()))
    }

    /// Warns of what was found in an expression.
    pub(crate) fn remark(&self, reader: &mut Reader<'_>, scalar: &Scalar, findings: Vec<Problem>) {
        for finding in findings {
            let range = scalar.locate(reader.source.text(), finding.range);
            reader.warn(finding.code, range, finding.message, finding.help.unwrap_or_default());
        }
    }

    /// The variables by name.
    pub(crate) fn into_variables(self) -> BTreeMap<String, Expression> {
        self.variables.into_iter().map(|(name, variable)| (name, variable.value)).collect()
    }

    /// These names and all that they need.
    fn closure(&self, names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            if let Some(variable) = self.variables.get(&name).filter(|_| !seen.contains(&name)) {
                open.extend(variable.value.references().names);
            }
            seen.insert(name);
        }
        seen
    }

    /// Reports what only shows when all expressions are seen together: circles of variables, and work that adds up. Gives what
    /// they can cost.
    #[inline(never)]
    pub(crate) fn check_together(&self, reader: &mut Reader<'_>) -> Costs {
        let variables = expressions(&self.variables);
        let compiled: Vec<&Expression> = self.compiled.iter().map(|compiled| &compiled.expression).collect();
        let estimates = limits::check_policy(&variables, &compiled, &self.scope);
        for (place, problem) in estimates.problems {
            let (scalar, rule) = match place {
                limits::Place::Variable(name) => (self.scalars.get(&name).copied(), None),
                limits::Place::Expression(at) => {
                    let compiled = self.compiled.get(at);
                    (
                        compiled.map(|compiled| compiled.scalar),
                        compiled.and_then(|compiled| compiled.rule.clone()),
                    )
                }
            };
            if let Some(scalar) = scalar {
                reader.rule = rule;
                report(reader, scalar, vec![problem]);
            }
        }
        reader.rule = None;
        let mut costs = Costs::new(estimates.variables);
        for (compiled, steps) in self.compiled.iter().zip(estimates.expressions) {
            match (&*compiled.owner, &compiled.rule) {
                (Owner::Chain(name), _) => costs.add_approvers(name, steps),
                (_, Some(rule)) if compiled.wanted == Wanted::Bool => costs.add_condition(rule, steps),
                (_, Some(rule)) => costs.add_reason(rule, steps),
                _ => {}
            }
        }
        costs
    }

    /// Reports fields that variables and chains read where they may be absent, or always are.
    #[inline(never)]
    pub(crate) fn check_absence(&self, reader: &mut Reader<'_>, rules: &[ReadRule]) {
        let mut chains: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for rule in rules.iter().map(|rule| &rule.value) {
            if let Then::RequireApproval { chain, .. } = &rule.then {
                chains.entry(chain).or_default().extend(rule.on.iter().cloned());
            }
        }
        let nothing = BTreeSet::new();
        let mut variables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for compiled in &self.compiled {
            let on = match &*compiled.owner {
                Owner::Rule(on) => on,
                Owner::Chain(name) => chains.get(name.as_str()).unwrap_or(&nothing),
                Owner::Nothing => &nothing,
            };
            reader.rule = compiled.rule.clone();
            report(reader, compiled.scalar, absence::problems(&compiled.reads, on));
            self.pass_on(&compiled.expression, on, &mut variables);
        }
        reader.rule = None;
        // Whoever uses a variable comes before it here.
        for (name, reads) in self.variable_reads.iter().rev() {
            let on = variables.get(name).cloned().unwrap_or_default();
            if let (Some(variable), Some(scalar)) = (self.variables.get(name), self.scalars.get(name)) {
                report(reader, scalar, absence::problems(reads, &on));
                self.pass_on(&variable.value, &on, &mut variables);
            }
        }
    }

    /// An expression that is evaluated for these actions evaluates its variables for them.
    fn pass_on(
        &self,
        expression: &Expression,
        on: &BTreeSet<String>,
        variables: &mut BTreeMap<String, BTreeSet<String>>,
    ) {
        // A policy without variables is spared the walk.
        let names = if self.variables.is_empty() { BTreeSet::new() } else { expression.references().names };
        for used in names {
            if self.variables.contains_key(&used) {
                variables.entry(used).or_default().extend(on.iter().cloned());
            }
        }
    }
}
