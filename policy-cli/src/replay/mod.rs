//! `jit-policy replay`: what another policy would have decided about the steps of the decision log.

mod human;
mod line;
mod tally;

use crate::args::{Format, ReplayArgs};
use crate::progress::Progress;
use crate::text::write_json;
use crate::{Ending, Trouble, files, reported};
use line::{Came, Line};
use policy_core::policy::{Policy, load};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use tally::{Kind, Tally};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// What some editors begin UTF-8 with.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The version of the log's lines that is read.
const LINE_VERSION: u32 = 1;

/// The bytes of the longest line that is looked at: a context has at most 1 MiB.
const LONGEST_LINE: u64 = 8 << 20;

/// How many bytes of a log are read at once.
const READ_AT_ONCE: usize = 1 << 17;

/// What is written as JSON.
#[derive(Debug, Serialize)]
struct Answer<'t> {
    version: u32,
    policy: &'t str,
    against: Option<&'t str>,
    #[serde(flatten)]
    tally: &'t Tally,
    changes: Vec<Change<'t>>,
}

#[derive(Debug, Serialize)]
struct Change<'t> {
    before: Side<'t>,
    after: Side<'t>,
    #[serde(flatten)]
    kind: &'t Kind,
}

#[derive(Debug, Serialize)]
struct Side<'t> {
    effect: &'t str,
    rule: Option<&'t str>,
    must: &'t str,
}

/// A changed decision, as `--list` writes it.
#[derive(Debug, Serialize)]
struct Listed<'t> {
    id: &'t str,
    at: &'t str,
    action: &'t str,
    user: Option<&'t str>,
    client: Option<&'t str>,
    before: Side<'t>,
    after: Side<'t>,
}

/// Decides a log again, and writes what would be otherwise.
///
/// # Errors
/// Where the log or a policy can't be read. A line that is none ends it: what is left out would be counted as unchanged.
pub(crate) fn run(args: &ReplayArgs, stdin: impl Read, out: &mut impl Write) -> Result<Ending, Trouble> {
    let policy = read_policy(&args.policy)?;
    let against = args.against.as_deref().map(read_policy).transpose()?;
    let mut list = args.list.as_deref().map(create).transpose()?;
    let policy = (&policy, &*args.policy.display().to_string());
    let against_name = args.against.as_ref().map(|path| path.display().to_string());
    let against = against.as_ref().zip(against_name.as_deref());
    let replayed = if args.log.as_os_str() == "-" {
        replay(BufReader::new(stdin), "<stdin>", policy, against, list.as_mut())?
    } else {
        let name = args.log.display().to_string();
        let file =
            File::open(&args.log).map_err(|error| Trouble(format!("{name} cannot be read: {error}")))?;
        let progress = Progress::bytes(file.metadata().map_or(0, |it| it.len()));
        let log = BufReader::with_capacity(READ_AT_ONCE, progress.watch(file));
        replay(log, &name, policy, against, list.as_mut())?
    };
    if let Some(list) = &mut list {
        list.flush().map_err(|error| Trouble(format!("the list cannot be written: {error}")))?;
    }
    reported(match args.format {
        Format::Human => replayed.human(out),
        Format::Json => write_json(&replayed.answer(), out),
    })?;
    Ok(replayed.ending(Limits { changed: args.max_changed, unknown: args.max_unknown }))
}

/// What came of a log.
pub(crate) struct Replay {
    tally: Tally,
    policy: String,
    against: Option<String>,
}

/// How many of the decisions may come out otherwise, or be unknown, in percent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) changed: Option<f64>,
    pub(crate) unknown: Option<f64>,
}

impl Replay {
    /// Whether the log had no line.
    pub(crate) fn is_empty(&self) -> bool {
        self.tally.replayed == 0
    }

    /// For people.
    pub(crate) fn human(&self, out: &mut impl Write) -> io::Result<()> {
        if self.is_empty() {
            return writeln!(out, "The log has no decisions: nobody can tell what would change.");
        }
        human::write(&self.tally, &self.policy, self.against.as_deref(), out)
    }

    /// For programs.
    pub(crate) fn answer(&self) -> impl Serialize + use<'_> {
        let kinds = self.tally.kinds().into_iter();
        let changes =
            kinds.map(|(before, after, kind)| Change { before: before.into(), after: after.into(), kind });
        Answer {
            version: FORMAT_VERSION,
            policy: &self.policy,
            against: self.against.as_deref(),
            tally: &self.tally,
            changes: changes.collect(),
        }
    }

    /// Bad where more comes out otherwise than may, or where there is nothing to hold the limits against; standard error says which.
    pub(crate) fn ending(&self, limits: Limits) -> Ending {
        let faults = self.faults(limits);
        for fault in &faults {
            let _ = writeln!(anstream::stderr(), "jit-policy: {fault}");
        }
        if faults.is_empty() { Ending::Good } else { Ending::Bad }
    }

    fn faults(&self, limits: Limits) -> Vec<String> {
        let tally = &self.tally;
        let each = [
            ("changed", "max-changed", tally.changed_estimate, limits.changed),
            ("unknown", "max-unknown", tally.unknown_estimate, limits.unknown),
        ];
        let broken = each.into_iter().filter_map(|(what, option, count, limit)| {
            let limit = limit?;
            if self.is_empty() {
                return Some(format!("--{option} {limit}: the log has no decisions"));
            }
            let share = count * 100.0 / tally.replayed_estimate;
            (share > limit).then(|| format!("--{option} {limit}: {share:.1} % of the decisions are {what}"))
        });
        broken.collect()
    }
}

fn read_policy(path: &Path) -> Result<Policy, Trouble> {
    let files::File { name, text } = files::read(path);
    let loaded = load(&text.map_err(Trouble)?, &name);
    loaded.map(|loaded| loaded.policy).map_err(|found| Trouble::refused("the policy", &found))
}

fn create(path: &Path) -> Result<BufWriter<File>, Trouble> {
    let file = File::create(path)
        .map_err(|error| Trouble(format!("{} cannot be written: {error}", path.display())))?;
    Ok(BufWriter::new(file))
}

/// Decides the lines of a log again. Policies come with what to call them; without another one, it is compared with what was decided.
///
/// # Errors
/// Where a line can't be read, or is none.
pub(crate) fn replay(
    mut log: impl BufRead,
    name: &str,
    (policy, policy_name): (&Policy, &str),
    against: Option<(&Policy, &str)>,
    mut list: Option<&mut BufWriter<File>>,
) -> Result<Replay, Trouble> {
    let mut tally = Tally::default();
    let mut text = Vec::new();
    for number in 1_u64.. {
        text.clear();
        let read = log.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text);
        let wrong = |why: &dyn std::fmt::Display| Trouble(format!("{name}:{number}: {why}"));
        if read.map_err(|error| wrong(&error))? == 0 {
            break;
        }
        if number == 1 && text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len());
        }
        if text.trim_ascii().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_slice(&text)
            .map_err(|error| wrong(&format!("no line of a decision log: {error}")))?;
        if line.v != LINE_VERSION {
            return Err(wrong(&format!(
                "a line of version {}; this jit-policy reads version {LINE_VERSION}",
                line.v
            )));
        }
        let before = against.map_or_else(|| Came::To(line.recorded()), |(against, _)| line.under(against));
        match (before, line.under(policy)) {
            (Came::To(before), Came::To(after)) => {
                if let Some(list) = list.as_mut().filter(|_| before.is_noticed(&after)) {
                    write_listed(list, &line, &before, &after)?;
                }
                let same_policy = against.is_none() && line.hash == policy.hash;
                tally.compare(&line, before, after, same_policy);
            }
            (Came::Unknown(why), _) | (_, Came::Unknown(why)) => tally.unknown(&line, why),
        }
    }
    let against = against.map(|(_, name)| name.to_owned());
    Ok(Replay { tally, policy: policy_name.to_owned(), against })
}

fn write_listed(
    list: &mut impl Write,
    line: &Line,
    before: &line::Said,
    after: &line::Said,
) -> Result<(), Trouble> {
    let listed = Listed {
        id: &line.id,
        at: &line.at,
        action: &line.action,
        user: line.fact("user", "username"),
        client: line.fact("client", "id"),
        before: before.into(),
        after: after.into(),
    };
    let written =
        serde_json::to_writer(&mut *list, &listed).map_err(io::Error::from).and_then(|()| writeln!(list));
    written.map_err(|error| Trouble(format!("the list cannot be written: {error}")))
}

impl<'t> From<&'t line::Said> for Side<'t> {
    fn from(said: &'t line::Said) -> Self {
        Self { effect: &said.effect, rule: said.rule.as_deref(), must: &said.must }
    }
}
