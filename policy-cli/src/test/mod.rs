//! `jit-policy test`: policies meet the cases that are written beside them.
//!
//! `finance.yaml` is tested by `finance.test.yaml`; docs/testing.md has the format.

mod coverage;
mod expected;
mod fixture;
mod human;
mod junit;
mod sides;
pub(crate) mod timeline;

use crate::args::{TestArgs, TestFormat};
use crate::files::{self, Kind};
use crate::progress::Progress;
use crate::text::write_json;
use crate::{Ending, Trouble, reported};
use coverage::Coverage;
pub(crate) use fixture::LONGEST_PATH;
use fixture::{Asked, Case, Fixture};
use policy_core::context::{Facts, decode};
use policy_core::explain::Explainer;
use policy_core::testing::{Member, PolicyTest};
use serde::Serialize;
use serde_json::Value as Json;
use sides::{Sides, Unseen};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// Who may approve, by their names.
pub(crate) type People = BTreeMap<String, Member>;

/// What came of all files.
#[derive(Debug, Serialize)]
struct Report {
    version: u32,
    files: Vec<Tested>,
    /// Policies without any tests.
    untested: Vec<Untested>,
    passed: usize,
    failed: usize,
    /// Only the cases that were asked for were run.
    #[serde(skip)]
    filtered: bool,
}

/// What came of one file of tests.
#[derive(Debug, Default, Serialize)]
struct Tested {
    file: String,
    /// The file of the policy.
    policy: String,
    cases: Vec<Ran>,
    /// Rules of which no case shows both sides.
    unseen: Vec<Unseen>,
    /// What the cases have shown of each clause, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    /// Why there is nothing to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// Why the policy is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// A policy without any tests.
#[derive(Debug, Serialize)]
struct Untested {
    file: String,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// What came of one case.
#[derive(Debug, Serialize)]
struct Ran {
    name: String,
    line: u64,
    /// Empty where it passed.
    faults: Vec<String>,
}

/// Runs tests, and writes what came of them.
///
/// # Errors
/// Where tests can't be read, or there are none; what came of the others is written before.
pub(crate) fn run(args: &TestArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    let report = report(args)?;
    if let Some(path) = &args.junit {
        let written = std::fs::File::create(path)
            .map_err(|error| error.to_string())
            .and_then(|file| junit::write(&report, file));
        written.map_err(|why| Trouble(format!("{} cannot be written: {why}", path.display())))?;
    }
    if let Some(path) = &args.lcov {
        let written = std::fs::File::create(path).and_then(|mut file| {
            let covered = report.files.iter().filter_map(|it| Some((it, it.coverage.as_ref()?)));
            covered.into_iter().try_for_each(|(it, coverage)| coverage.write_lcov(&it.policy, &mut file))
        });
        written.map_err(|why| Trouble(format!("{} cannot be written: {why}", path.display())))?;
    }
    let written = match args.format {
        TestFormat::Human => human::write(&report, args.verbose, out),
        TestFormat::Json => write_json(&report, out),
    };
    reported(written)?;
    report.ending(args.deny_warnings)
}

fn report(args: &TestArgs) -> Result<Report, Trouble> {
    let (paths, untested) = find(&args.paths)?;
    let covers = args.coverage || args.lcov.is_some();
    let progress = Progress::things(paths.len());
    let files: Vec<Tested> = paths
        .iter()
        .map(|path| {
            progress.step();
            Tested::of(path, args.filter.as_deref(), covers)
        })
        .collect();
    drop(progress);
    let count = |passed: bool| {
        files.iter().flat_map(|file| &file.cases).filter(|ran| ran.faults.is_empty() == passed).count()
    };
    let (passed, failed) = (count(true), count(false));
    if let Some(filter) = &args.filter
        && passed.saturating_add(failed) == 0
        && files.iter().all(|file| file.trouble.is_none())
    {
        return Err(Trouble(format!("no case has {filter:?} in its name")));
    }
    let filtered = args.filter.is_some();
    let tested: BTreeSet<PathBuf> = files.iter().map(|file| real(Path::new(&file.policy))).collect();
    let is_tested = |path: &&PathBuf| tested.contains(&real(path));
    if let Some(path) = args.paths.iter().filter(|path| is_policy(path)).find(|path| !is_tested(path)) {
        let path = path.display();
        return Err(Trouble(format!("{path} has no tests: those beside it are of another policy")));
    }
    let untested = untested.iter().filter(|path| !is_tested(path)).map(|path| Untested::of(path)).collect();
    Ok(Report { version: FORMAT_VERSION, files, untested, passed, failed, filtered })
}

/// The files of tests that were named, those in folders, and those of policies, each once; and all policies in folders.
fn find(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Trouble> {
    let (mut tests, mut policies_below) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let found = files::below(path, Kind::Tests).map_err(Trouble)?;
            let policies = files::below(path, Kind::Policy).unwrap_or_default();
            policies_below.extend(policies);
            tests.extend(found);
        } else if is_policy(path) {
            let beside =
                beside(path).ok_or_else(|| Trouble(format!("{} has no tests beside it", path.display())))?;
            tests.push(beside);
        } else {
            tests.push(path.clone());
        }
    }
    let mut seen = BTreeSet::new();
    tests.retain(|path| seen.insert(path.clone()));
    Ok((tests, policies_below))
}

/// One name of a file that has several.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn is_policy(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Kind::of(&name) == Some(Kind::Policy) && path.is_file()
}

/// The tests of a policy, where there are some that are called like it.
pub(crate) fn beside(policy: &Path) -> Option<PathBuf> {
    ["yaml", "yml", "json"]
        .into_iter()
        .map(|extension| policy.with_extension(format!("test.{extension}")))
        .find(|path| path.is_file())
}

/// What a case of tests is given.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The whole context.
    pub(crate) context: Json,
    pub(crate) timeline: Vec<timeline::Step>,
    pub(crate) people: People,
}

/// What a case of tests is given, by a part of its name.
///
/// # Errors
/// Where the tests can't be read, or have no such case, or several.
pub(crate) fn case_named(tests: &Path, name: &str) -> Result<Named, Trouble> {
    let files::File { name: file, text } = files::read(tests);
    let fixture = text.and_then(|text| Fixture::read(&text, &file)).map_err(Trouble)?;
    let exact: Vec<&Case> = fixture.cases.iter().filter(|case| case.name == name).collect();
    let part: Vec<&Case> = fixture.cases.iter().filter(|case| case.name.contains(name)).collect();
    match (exact.as_slice(), part.as_slice()) {
        ([case], _) | ([], [case]) => match &case.asked {
            Ok(asked) => Ok(Named {
                context: asked.context.clone(),
                timeline: asked.timeline.clone(),
                people: fixture.people.clone(),
            }),
            Err(why) => Err(Trouble(format!("{file}:{}: {why}", case.line))),
        },
        ([], []) => Err(Trouble(format!("{file} has no case with {name:?} in its name"))),
        _ => {
            let names: Vec<String> = part.iter().map(|case| format!("\n  {}", case.name)).collect();
            Err(Trouble(format!("{file} has several cases with {name:?} in their names:{}", names.concat())))
        }
    }
}

/// The policy of tests that don't name one: `a.yaml` for `a.test.yaml`.
fn called_like(tests: &Path) -> PathBuf {
    let stem = tests.with_extension("");
    let candidates = ["yaml", "yml", "json"].map(|extension| stem.with_extension(extension));
    let [first, ..] = &candidates;
    candidates.iter().find(|path| path.is_file()).unwrap_or(first).clone()
}

impl Tested {
    fn of(path: &Path, filter: Option<&str>, covers: bool) -> Self {
        let files::File { name: file, text } = files::read(path);
        // What cannot be read is of the policy that it is called like.
        let nothing = Self { file, policy: called_like(path).display().to_string(), ..Self::default() };
        let fixture = match text.and_then(|text| Fixture::read(&text, &nothing.file)) {
            Ok(fixture) => fixture,
            Err(trouble) => return Self { trouble: Some(trouble), ..nothing },
        };
        let policy = match &fixture.policy {
            Some(name) if Path::new(name).is_absolute() => {
                let trouble =
                    format!("{}: `policy` is a path from where the tests are, not `{name}`", nothing.file);
                return Self { trouble: Some(trouble), ..nothing };
            }
            Some(name) => path.with_file_name(name),
            None => called_like(path),
        };
        let files::File { name: policy, text } = files::read(&policy);
        let nothing = Self { policy, ..nothing };
        let text = match text {
            Ok(text) => text,
            Err(trouble) => return Self { trouble: Some(trouble), ..nothing },
        };
        match PolicyTest::named(&text, &nothing.policy) {
            Err(refused) => Self { refused: Some(refused.to_string()), ..nothing },
            Ok(policy) => {
                let coverage = covers.then(|| cover(&text, &fixture)).flatten();
                Self { coverage, ..nothing.run(&policy, &fixture, filter) }
            }
        }
    }

    /// Whether a case is missing.
    fn lacks(&self) -> bool {
        !self.unseen.is_empty() || self.coverage.as_ref().is_some_and(|coverage| !coverage.is_whole())
    }

    fn run(self, policy: &PolicyTest, fixture: &Fixture, filter: Option<&str>) -> Self {
        let mut sides = Sides::new(policy.policy());
        let chosen = fixture.cases.iter().filter(|case| filter.is_none_or(|part| case.name.contains(part)));
        let cases = chosen.map(|case| Ran::of(case, policy, &fixture.people, &mut sides)).collect();
        let unseen = if filter.is_some() { Vec::new() } else { sides.unseen() };
        Self { cases, unseen, ..self }
    }
}

/// What all cases that make sense show of a policy.
fn cover(text: &str, fixture: &Fixture) -> Option<Coverage> {
    let explainer = Explainer::new(text, "").ok()?;
    let asked = fixture.cases.iter().filter_map(|case| case.asked.as_ref().ok());
    let facts: Vec<Facts> = asked.filter_map(|asked| decode(&asked.context).ok()).collect();
    Some(Coverage::of(&explainer, facts.iter()))
}

impl Untested {
    fn of(path: &Path) -> Self {
        let files::File { name: file, text } = files::read(path);
        let refused = match text.map(|text| PolicyTest::named(&text, &file)) {
            Ok(Ok(_)) => None,
            Ok(Err(refused)) => Some(refused.to_string()),
            Err(trouble) => Some(trouble),
        };
        Self { file, refused }
    }
}

impl Ran {
    fn of(case: &Case, policy: &PolicyTest, people: &People, sides: &mut Sides<'_>) -> Self {
        let faults = match &case.asked {
            Ok(asked) => ask(asked, policy, people, sides),
            Err(why) => vec![why.clone()],
        };
        Self { name: case.name.clone(), line: case.line, faults }
    }
}

fn ask(asked: &Asked, policy: &PolicyTest, people: &People, sides: &mut Sides<'_>) -> Vec<String> {
    let Asked { context, expected, timeline } = asked;
    let decision = match policy.given(context.clone()).decide() {
        Ok(decision) => decision,
        Err(error) => {
            let lines = error.to_string();
            return lines.lines().map(|line| format!("no server gives such a context: {line}")).collect();
        }
    };
    sides.take(context.get("action").and_then(Json::as_str).unwrap_or_default(), &decision);
    let mut faults = expected.faults(&decision);
    if !timeline.is_empty() {
        faults.extend(timeline::walk(timeline, people, &decision, context).1);
    }
    faults
}

impl Report {
    fn ending(&self, deny_warnings: bool) -> Result<Ending, Trouble> {
        let trouble: Vec<&str> = self.files.iter().filter_map(|file| file.trouble.as_deref()).collect();
        if !trouble.is_empty() {
            return Err(Trouble(trouble.join("\njit-policy: ")));
        }
        let refused = self.files.iter().any(|file| file.refused.is_some())
            || self.untested.iter().any(|untested| untested.refused.is_some());
        let warned = !self.untested.is_empty() || self.files.iter().any(Tested::lacks);
        let bad = self.failed > 0 || refused || (deny_warnings && warned);
        Ok(if bad { Ending::Bad } else { Ending::Good })
    }
}
