//! CEL in a policy: variables, and compiling an expression where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::codes;
use super::load::Named;
use super::reader::Reader;
use super::yaml::{Node, Scalar};
use crate::cel::limits::{self, Place};
use crate::cel::{Expression, Problem, Scope};
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
    /// The expressions of rules and chains.
    compiled: Vec<Compiled<'n>>,
}

/// An expression of a rule or chain, and where it is written.
#[derive(Debug)]
struct Compiled<'n> {
    expression: Expression,
    scalar: &'n Scalar,
    rule: Option<String>,
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
    let scope = schema::scope().with_variables(names);
    for (name, variable) in &variables {
        if let Some(scalar) = scalars.get(name) {
            report(reader, scalar, variable.value.check(&scope));
        }
    }
    Expressions { scope, variables, scalars, compiled: Vec::new() }
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
    /// Compiles the expression that stands in a node. Problems that need no other expression are reported.
    pub(crate) fn compile(
        &mut self,
        reader: &mut Reader<'_>,
        node: &'n Node,
        what: &str,
    ) -> Option<Expression> {
        let scalar = reader.scalar(node, what)?;
        let expression = parse(reader, scalar)?;
        report(reader, scalar, expression.check(&self.scope));
        self.compiled.push(Compiled { expression: expression.clone(), scalar, rule: reader.rule.clone() });
        Some(expression)
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
        let variables: BTreeMap<String, Expression> =
            self.variables.iter().map(|(name, variable)| (name.clone(), variable.value.clone())).collect();
        let compiled: Vec<&Expression> = self.compiled.iter().map(|compiled| &compiled.expression).collect();
        for (place, problem) in limits::check_policy(&variables, &compiled, &self.scope) {
            let (scalar, rule) = match place {
                Place::Variable(name) => (self.scalars.get(&name).copied(), None),
                Place::Expression(at) => {
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
}
