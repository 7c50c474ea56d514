//! A file of tests, and the cases that are written in it.

use super::expected::Expected;
use super::timeline::Step;
use crate::yaml;
use policy_core::context::schema;
use policy_core::testing::{Member, context_with, merge, patch};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// The most cases of a file, each row of a table for one.
const MOST_CASES: usize = 10_000;

/// The longest path of a fact, in names.
pub(crate) const LONGEST_PATH: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    policy: Option<String>,
    #[serde(default)]
    defaults: Map<String, Json>,
    #[serde(default)]
    fragments: BTreeMap<String, Map<String, Json>>,
    #[serde(default)]
    people: BTreeMap<String, Member>,
    cases: Vec<Spanned<WrittenCase>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    name: String,
    #[serde(default)]
    given: Json,
    #[serde(default)]
    expect: Json,
    table: Option<Table>,
    #[serde(default)]
    timeline: Vec<Map<String, Json>>,
}

/// Cases that differ in a few facts: one a row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    columns: Vec<String>,
    rows: Vec<Spanned<Vec<Json>>>,
}

/// What a file of tests says.
#[derive(Debug)]
pub(super) struct Fixture {
    /// The policy's file, from where the tests are; none: the one that is called like them.
    pub(super) policy: Option<String>,
    /// Who may approve, in timelines.
    pub(super) people: BTreeMap<String, Member>,
    pub(super) cases: Vec<Case>,
}

/// A step, and what should be decided about it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    /// Where it is written.
    pub(super) line: u64,
    /// Or why the case makes no sense.
    pub(super) asked: Result<Asked, String>,
}

/// What is asked, and what should be answered.
#[derive(Debug)]
pub(super) struct Asked {
    /// The whole context.
    pub(super) context: Json,
    pub(super) expected: Expected,
    /// What happens to the request, where the decision asks people.
    pub(super) timeline: Vec<Step>,
}

impl Fixture {
    /// Reads a file of tests; `file` is its name in messages.
    ///
    /// # Errors
    /// Why it is none, for people.
    pub(super) fn read(text: &str, file: &str) -> Result<Self, String> {
        let written: Written = yaml::read(text, file)?;
        let cases = written.cases.iter().flat_map(|case| written.cases_of(case)).collect::<Vec<_>>();
        if cases.len() > MOST_CASES {
            return Err(format!("{file}: it has {} cases; at most {MOST_CASES} are allowed", cases.len()));
        }
        if cases.is_empty() {
            return Err(format!("{file}: there is no case in `cases`"));
        }
        Ok(Self { policy: written.policy, people: written.people, cases })
    }
}

impl Written {
    fn cases_of(&self, case: &Spanned<WrittenCase>) -> Vec<Case> {
        let (written, line) = (&case.value, case.referenced.line());
        let begun = self.begin(written);
        let Some(table) = &written.table else {
            let asked = begun.and_then(|begun| asked(begun, written));
            return vec![Case { name: written.name.clone(), line, asked }];
        };
        if table.rows.is_empty() {
            let asked = Err("the table has no rows".to_owned());
            return vec![Case { name: written.name.clone(), line, asked }];
        }
        table
            .rows
            .iter()
            .map(|row| {
                let cells = row.value.iter().map(shown).collect::<Vec<_>>().join(", ");
                let asked = begun.clone().and_then(|begun| asked(table.fill(&row.value, begun)?, written));
                Case { name: format!("{} ({cells})", written.name), line: row.referenced.line(), asked }
            })
            .collect()
    }

    /// What a case is given and expects, apart from its table.
    fn begin(&self, case: &WrittenCase) -> Result<(Json, Expected), String> {
        let mut facts = Json::Object(self.defaults.clone());
        self.give(&case.given, &mut facts)?;
        Ok((facts, Expected::read(&case.expect)?))
    }

    /// Adds what is given: facts, the name of a fragment, or a list of these.
    fn give(&self, given: &Json, facts: &mut Json) -> Result<(), String> {
        match given {
            Json::Null => Ok(()),
            Json::Object(_) => {
                merge(facts, given);
                Ok(())
            }
            Json::String(name) => {
                let fragment = self.fragments.get(name).ok_or_else(|| {
                    let known: Vec<&str> = self.fragments.keys().map(String::as_str).collect();
                    format!("there is no fragment `{name}`{}", instead(name, &known))
                })?;
                merge(facts, &Json::Object(fragment.clone()));
                Ok(())
            }
            Json::Array(items) => items.iter().try_for_each(|item| self.give(item, facts)),
            other => Err(format!("`given` is facts, names of fragments, or a list of these, not `{other}`")),
        }
    }
}

impl Table {
    fn fill(
        &self,
        row: &[Json],
        (mut facts, mut expected): (Json, Expected),
    ) -> Result<(Json, Expected), String> {
        if row.len() != self.columns.len() {
            return Err(format!("the row has {} values for {} columns", row.len(), self.columns.len()));
        }
        for (column, value) in self.columns.iter().zip(row) {
            if Expected::knows(column) {
                expected.set(column, value)?;
            } else if column.split('.').count() > LONGEST_PATH {
                return Err("a column is a path of at most eight names".to_owned());
            } else if schema::find(column).is_some() || column.matches('.').count() > 1 {
                merge(&mut facts, &patch(column, value.clone()));
            } else {
                let known: Vec<&str> = schema::FIELDS
                    .iter()
                    .map(|field| field.path)
                    .chain(Expected::NAMES.iter().copied())
                    .collect();
                let help = instead(column, &known);
                return Err(format!(
                    "the column `{column}` is neither a field of the context nor something to expect{help}"
                ));
            }
        }
        Ok((facts, expected))
    }
}

fn asked((facts, expected): (Json, Expected), case: &WrittenCase) -> Result<Asked, String> {
    let timeline = case.timeline.iter().map(Step::read).collect::<Result<Vec<_>, _>>();
    let timeline = timeline.map_err(|why| format!("`timeline`: {why}"))?;
    if expected.is_empty() && timeline.is_empty() {
        return Err("it expects nothing: add `expect`, such as `expect: allow`".to_owned());
    }
    Ok(Asked { context: context_with(&facts), expected, timeline })
}

/// A cell of a table, as a name shows it.
fn shown(cell: &Json) -> String {
    match cell {
        Json::String(text) => text.clone(),
        Json::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

/// What may have been meant, as the end of a sentence.
pub(super) fn instead(name: &str, known: &[&str]) -> String {
    let near = known.iter().map(|it| (strsim::damerau_levenshtein(name, it), it)).min();
    match near {
        Some((distance, near)) if distance <= 3 => format!("; did you mean `{near}`?"),
        _ if known.is_empty() || known.len() > 12 => String::new(),
        _ => {
            format!("; there is {}", known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))
        }
    }
}
