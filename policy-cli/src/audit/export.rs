//! The file as a whole: rows into requests, and nothing missing at either end.

use super::checkpoint::{Attested, Checkpoints};
use super::history;
use super::lines::{self, EventLine, Line, RequestLine};
use super::report::{Finding, Kind, Report};
use crate::Trouble;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

pub(super) fn verify(
    mut export: impl BufRead,
    checkpoints: &Checkpoints,
    name: &str,
) -> Result<Report, Trouble> {
    let mut number = 1;
    let first = lines::next(&mut export, number)?;
    let (realm_id, at) = match &first {
        None => return Err(Trouble(format!("{name} is empty"))),
        Some(Line::Unreadable(fault)) => {
            return Err(Trouble(format!("{name} is no export: line 1 {fault}")));
        }
        Some(Line::Realm { id, at }) => (id.clone(), at.clone()),
        Some(Line::Request(request)) => (realm_of(request), String::new()),
        Some(_) => (String::new(), String::new()),
    };
    let mut walk = Walk {
        attested: checkpoints.attested(&realm_id),
        partial: checkpoints.is_for_a_part(),
        report: Report { file: name.to_owned(), checkpoints: checkpoints.numbers(), ..Report::default() },
        realm_id: &realm_id,
        open: None,
        last: None,
        seen: BTreeSet::new(),
        strays: BTreeMap::new(),
        ended: false,
    };
    let mut line = first;
    if !matches!(line, Some(Line::Realm { .. })) {
        walk.find(Finding::new(Kind::Missing, Some(1), "the row of the realm is not there"));
    } else {
        walk.report.findings.extend(checkpoints.findings(&realm_id, &at));
        line = advance(&mut export, &mut number)?;
    }
    while let Some(read) = line {
        walk.take(read, number);
        line = advance(&mut export, &mut number)?;
    }
    Ok(walk.finish(number))
}

fn advance(export: &mut impl BufRead, number: &mut usize) -> Result<Option<Line>, Trouble> {
    *number = number.saturating_add(1);
    lines::next(export, *number)
}

/// The realm, where its own row is missing.
fn realm_of(request: &RequestLine) -> String {
    request.pinned.pointer("/about/realm").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

struct Walk<'c> {
    attested: BTreeMap<&'c str, Attested>,
    /// What checkpoints list besides is not missed.
    partial: bool,
    report: Report,
    realm_id: &'c str,
    /// The request whose events are being read.
    open: Option<(RequestLine, Vec<EventLine>)>,
    /// The id of the request before.
    last: Option<String>,
    seen: BTreeSet<String>,
    /// Events that stand under another request: by their own request, the line of the first.
    strays: BTreeMap<String, usize>,
    ended: bool,
}

impl Walk<'_> {
    fn find(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }

    fn take(&mut self, line: Line, number: usize) {
        if self.ended {
            self.find(Finding::new(Kind::Unexpected, Some(number), "the row stands after the end"));
        }
        match line {
            Line::Realm { .. } => {
                self.find(Finding::new(
                    Kind::Duplicated,
                    Some(number),
                    "there is a row of the realm already",
                ));
            }
            Line::Request(request) => self.request(request),
            Line::Event(event) => self.event(event),
            Line::End { requests, events } => self.end(number, requests, events),
            Line::Unreadable(fault) => {
                self.find(Finding::new(Kind::Edited, Some(number), format!("the row {fault}")));
            }
        }
    }

    fn request(&mut self, request: RequestLine) {
        self.close();
        self.report.requests = self.report.requests.saturating_add(1);
        let line = Some(request.number);
        if !self.seen.insert(request.id.clone()) {
            let message = "the request is there already";
            self.find(Finding::new(Kind::Duplicated, line, message).of(&request.id));
        } else if self.last.as_ref().is_some_and(|last| *last > request.id) {
            let message = "requests stand in the order of their ids, and this one comes too late";
            self.find(Finding::new(Kind::Reordered, line, message).of(&request.id));
        }
        self.last = Some(request.id.clone());
        self.open = Some((request, Vec::new()));
    }

    fn event(&mut self, event: EventLine) {
        self.report.events = self.report.events.saturating_add(1);
        match &mut self.open {
            Some((request, events)) if request.id == event.request => events.push(event),
            _ => {
                let message = "the event does not stand under its own request";
                let seq = event.event.get("seq").and_then(serde_json::Value::as_u64);
                let finding = Finding::new(Kind::Reordered, Some(event.number), message).of(&event.request);
                self.find(Finding { seq, ..finding });
                self.strays.entry(event.request).or_insert(event.number);
            }
        }
    }

    fn end(&mut self, number: usize, requests: u64, events: u64) {
        self.close();
        self.ended = true;
        for (what, said, found) in
            [("requests", requests, self.report.requests), ("events", events, self.report.events)]
        {
            if said != found {
                let kind = if said > found { Kind::Missing } else { Kind::Unexpected };
                let message = format!("the end says that there are {said} {what}, and there are {found}");
                self.find(Finding::new(kind, Some(number), message));
            }
        }
    }

    fn close(&mut self) {
        let Some((request, events)) = self.open.take() else {
            return;
        };
        let attested = self.attested.get(request.id.as_str());
        let verdict = history::verify(&request, &events, self.realm_id, attested);
        self.report.findings.extend(verdict.findings);
        let erased = &mut self.report.erased;
        erased.requests = erased.requests.saturating_add(verdict.erased.requests);
        erased.events = erased.events.saturating_add(verdict.erased.events);
    }

    fn finish(mut self, number: usize) -> Report {
        self.close();
        if !self.ended {
            let message = "the row of the end is not there: the file was cut";
            self.find(Finding::new(Kind::Truncated, Some(number), message));
        }
        let orphans: Vec<Finding> = self
            .strays
            .iter()
            .filter(|(id, _)| !self.seen.contains(*id))
            .map(|(id, line)| {
                Finding::new(Kind::Missing, Some(*line), "the row of the request is not there").of(id)
            })
            .collect();
        self.report.findings.extend(orphans);
        let missing: Vec<Finding> = self
            .attested
            .iter()
            .filter(|(id, attested)| !self.partial && !attested.removed && !self.seen.contains(**id))
            .filter_map(|(id, attested)| {
                let (seq, (_, checkpoint)) = attested.heads.last_key_value()?;
                let message = format!(
                    "the request is not there, and checkpoint {checkpoint} lists it with {seq} events"
                );
                Some(Finding::new(Kind::Missing, None, message).of(id))
            })
            .collect();
        self.report.findings.extend(missing);
        self.report.result = if self.report.findings.is_empty() { "intact" } else { "damaged" };
        self.report
    }
}
