//! CEL in a policy: variables, and compiling an expression where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

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
    owner: Owner,
}

/// What an expression belongs to: that tells for which actions it is evaluated.
#[derive(Clone, Debug, Default)]
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
    owner: Owner,
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
            let Some(value) = parse(reader, scalar) else { continue };
            scalars.entry(entry.key.clone()).or_insert(scalar);
            variables.entry(entry.key.clone()).or_insert(Named { value, range: entry.key_range.clone() });
        }
    }
    let mut scope = schema::scope().with_variables(names);
    let mut variable_reads = Vec::new();
    for (name, checked) in scope.declare(&expressions(&variables)) {
        if let Some(scalar) = scalars.get(&name) {
            report(reader, scalar, checked.problems);
        }
        variable_reads.push((name, checked.reads));
    }
    Expressions { scope, variables, scalars, variable_reads, compiled: Vec::new(), owner: Owner::Nothing }
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

fn parse(reader: &mut Reader<'_>, scalar: &Scalar) -> Option<Expression> {
    match Expression::parse(&scalar.text) {
        Ok(expression) => Some(expression),
        Err(problems) => {
            report(reader, scalar, problems);
            None
        }
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
        self.owner = owner;
    }

    /// Compiles the expression that stands in a node. Problems that need no other expression are reported.
    pub(crate) fn compile(
        &mut self,
        reader: &mut Reader<'_>,
        node: &'n Node,
        place: Place<'_>,
    ) -> Option<Compilation> {
        let scalar = reader.scalar(node, place.what)?;
        let expression = parse(reader, scalar)?;
        let Checked { problems, reads, when_true, .. } =
            expression.check_as(place.wanted, place.what, &self.scope, place.known);
        report(reader, scalar, problems);
        let (rule, owner) = (reader.rule.clone(), self.owner.clone());
        self.compiled.push(Compiled { expression: expression.clone(), scalar, rule, owner, reads });
        Some(Compilation { expression, when_true })
    }

    /// The variables that neither a rule nor a chain needs, directly or through another variable.
    pub(crate) fn unused(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let used =
            self.closure(self.compiled.iter().flat_map(|compiled| compiled.expression.references().names));
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

    /// Reports what only shows when all expressions are seen together: circles of variables, and work that adds up.
    #[inline(never)]
    pub(crate) fn check_together(&self, reader: &mut Reader<'_>) {
        let variables = expressions(&self.variables);
        let compiled: Vec<&Expression> = self.compiled.iter().map(|compiled| &compiled.expression).collect();
        for (place, problem) in limits::check_policy(&variables, &compiled, &self.scope) {
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
    }

    /// Reports fields that are read where they may be absent, or always are.
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
            let on = match &compiled.owner {
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
        for used in expression.references().names {
            if self.variables.contains_key(&used) {
                variables.entry(used).or_default().extend(on.iter().cloned());
            }
        }
    }
}
