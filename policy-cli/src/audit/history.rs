//! One request of an export: its row, and the rows of its events.

use super::checkpoint::Attested;
use super::lines::{EventLine, RequestLine};
use super::report::{Erased, Finding, Kind};
use policy_core::approval::{self, Pinned, Screen};
use policy_core::wire::canonical_text;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What one request came to.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) findings: Vec<Finding>,
    pub(super) erased: Erased,
}

/// An event that can at least be told by its number.
#[derive(Debug)]
struct Told<'e> {
    line: usize,
    seq: u64,
    event: &'e Value,
    /// As the chain has it.
    hash: String,
}

struct Check<'r> {
    request: &'r RequestLine,
    verdict: Verdict,
}

/// Verifies a request's history, from its own row to the last event.
pub(super) fn verify(
    request: &RequestLine,
    events: &[EventLine],
    realm_id: &str,
    attested: Option<&Attested>,
) -> Verdict {
    let mut check = Check { request, verdict: Verdict::default() };
    let told = check.tell(events);
    check.order(&told);
    let by_seq: BTreeMap<u64, &Told<'_>> = told.iter().rev().map(|told| (told.seq, told)).collect();
    check.completeness(&by_seq);
    check.hashes(&by_seq);
    check.personal_parts(&by_seq);
    check.document(realm_id);
    if let Some(attested) = attested {
        check.attested(&by_seq, attested);
    }
    if check.verdict.findings.is_empty() {
        check.fold(&by_seq);
    }
    check.verdict
}

impl Check<'_> {
    fn find(&mut self, kind: Kind, line: usize, seq: Option<u64>, message: impl Into<String>) {
        let finding = Finding::new(kind, Some(line), message).of(&self.request.id);
        self.verdict.findings.push(match seq {
            Some(seq) => finding.event(seq),
            None => finding,
        });
    }

    fn tell<'e>(&mut self, events: &'e [EventLine]) -> Vec<Told<'e>> {
        let mut told = Vec::new();
        for row in events {
            let seq = row.event.get("seq").and_then(Value::as_u64);
            match seq.zip(approval::hash(&row.event).ok()) {
                Some((seq, hash)) => told.push(Told { line: row.number, seq, event: &row.event, hash }),
                None => self.find(Kind::Edited, row.number, None, "the row holds no event with a number"),
            }
        }
        told
    }

    fn order(&mut self, told: &[Told<'_>]) {
        let mut sorted: Vec<u64> = told.iter().map(|told| told.seq).collect();
        sorted.sort_unstable();
        for (told, seq) in told.iter().zip(sorted) {
            if told.seq != seq {
                let message = format!("event {} stands in the place of event {seq}", told.seq);
                self.find(Kind::Reordered, told.line, Some(told.seq), message);
            }
        }
        let mut first: BTreeMap<u64, usize> = BTreeMap::new();
        for told in told {
            if let Some(line) = first.get(&told.seq) {
                let message = format!("there is an event with this number in line {line} already");
                self.find(Kind::Duplicated, told.line, Some(told.seq), message);
            } else {
                first.insert(told.seq, told.line);
            }
        }
    }

    fn completeness(&mut self, by_seq: &BTreeMap<u64, &Told<'_>>) {
        let RequestLine { seq: last, number: line, .. } = *self.request;
        if last == 0 {
            self.find(Kind::Edited, line, None, "the request's row says that nothing happened to it");
        }
        for (seq, told) in by_seq.range(last.saturating_add(1)..) {
            let message = format!("the request's row in line {line} says that event {last} is the last one");
            self.find(Kind::Unexpected, told.line, Some(*seq), message);
        }
        if let Some(told) = by_seq.get(&0) {
            self.find(Kind::Edited, told.line, Some(0), "events count from 1");
        }
        let present = by_seq.range(1..=last).next_back().map_or(0, |(seq, _)| *seq);
        let mut expected: u64 = 1;
        for seq in by_seq.range(1..=last).map(|(seq, _)| *seq).chain([last.saturating_add(1)]) {
            // A row that claims a wild number must not make this list every number up to it.
            if seq > expected {
                let (from, to) = (expected, seq.saturating_sub(1));
                let kind = if from > present { Kind::Truncated } else { Kind::Missing };
                let message = if from == to {
                    format!("event {from} of {last} is not there")
                } else {
                    format!("events {from} to {to} of {last} are not there")
                };
                self.find(kind, line, Some(from), message);
            }
            expected = seq.saturating_add(1);
        }
    }

    /// From the last event to the first: what comes later says what the one before it was.
    fn hashes(&mut self, by_seq: &BTreeMap<u64, &Told<'_>>) {
        let last = self.request.seq;
        // What the event must hash to, and whether that is known from a row that is itself as it was.
        let mut wanted = Some((self.request.head.as_str(), true));
        let mut above = last.saturating_add(1);
        for (seq, told) in by_seq.range(1..=last).rev() {
            if seq.checked_add(1) != Some(above) {
                wanted = None;
            }
            above = *seq;
            let prev = told.event.get("prev").and_then(Value::as_str);
            let mut intact = true;
            match wanted {
                Some((hash, proven)) if hash != told.hash => {
                    intact = false;
                    self.differs(told, proven);
                }
                _ => {}
            }
            if prev.is_none() {
                self.find(Kind::Edited, told.line, Some(*seq), "the event has no `prev`");
            }
            wanted = prev.map(|prev| (prev, intact));
        }
        let genesis = approval::hash(&self.request.pinned).unwrap_or_default();
        match wanted {
            Some((hash, proven)) if above == 1 && hash != genesis => {
                let line = self.request.number;
                if proven {
                    self.find(Kind::Edited, line, None, "`pinned` is not what the request was opened with");
                } else {
                    self.find(
                        Kind::Unproven,
                        line,
                        None,
                        "`pinned` is not what event 1, which was edited, says",
                    );
                }
            }
            _ => {}
        }
    }

    fn differs(&mut self, told: &Told<'_>, proven: bool) {
        let RequestLine { seq: last, number: line, .. } = *self.request;
        let (kind, message) = match (proven, told.seq == last) {
            (true, true) => (
                Kind::Edited,
                format!("the event is not what `head` in line {line} says: one of them was edited"),
            ),
            (true, false) => (Kind::Edited, "the event is not what the one after it says it was".to_owned()),
            (false, _) => (
                Kind::Unproven,
                "the event is not what the one after it, which was edited, says it was".to_owned(),
            ),
        };
        self.find(kind, told.line, Some(told.seq), message);
    }

    fn personal_parts(&mut self, by_seq: &BTreeMap<u64, &Told<'_>>) {
        let live = matches!(self.request.status.as_str(), "pending" | "approved");
        for told in by_seq.values() {
            let commitment = told.event.get("commitment").and_then(Value::as_str);
            match (commitment, told.event.get("personal")) {
                (None, None) => {}
                (Some(_), None) if live => {
                    let message = "who did it was taken away, though the request has not ended";
                    self.find(Kind::Edited, told.line, Some(told.seq), message);
                }
                (Some(_), None) => self.verdict.erased.events = self.verdict.erased.events.saturating_add(1),
                (commitment, Some(personal)) => {
                    let actual = approval::commitment(personal).ok();
                    if actual.as_deref() != commitment {
                        let message = "its personal part is not what it was written with";
                        self.find(Kind::Edited, told.line, Some(told.seq), message);
                    }
                }
            }
        }
    }

    /// The pinned document, and what approvers were shown.
    fn document(&mut self, realm_id: &str) {
        let RequestLine { number: line, ref pinned, ref shown, .. } = *self.request;
        let text = |pointer: &str| pinned.pointer(pointer).and_then(Value::as_str);
        if text("/about/request") != Some(&self.request.id) || text("/about/realm") != Some(realm_id) {
            self.find(Kind::Edited, line, None, "`pinned` is about another request, or another realm");
        }
        let Some(personal) = pinned.get("personal") else {
            if matches!(self.request.status.as_str(), "pending" | "approved") {
                let message = "who asked was taken away, though the request has not ended";
                self.find(Kind::Edited, line, None, message);
            }
            if shown.is_some() {
                let message =
                    "`shown` cannot be proven, since the salt of it was erased: it should be gone as well";
                self.find(Kind::Unproven, line, None, message);
            }
            self.verdict.erased.requests = self.verdict.erased.requests.saturating_add(1);
            return;
        };
        if approval::commitment(personal).ok().as_deref() != text("/commitment") {
            self.find(
                Kind::Edited,
                line,
                None,
                "the personal part of `pinned` is not what it was written with",
            );
            return;
        }
        let salt = personal.get("salt").cloned().unwrap_or_default();
        let actual = shown
            .clone()
            .and_then(|shown| Screen::deserialize(shown).ok())
            .zip(approval::Salt::deserialize(salt).ok())
            .and_then(|(screen, salt)| screen.commitment(&salt).ok());
        if actual.as_deref() != text("/shown") {
            self.find(Kind::Edited, line, None, "`shown` is not what approvers were shown");
        }
    }

    fn attested(&mut self, by_seq: &BTreeMap<u64, &Told<'_>>, attested: &Attested) {
        for (seq, (head, checkpoint)) in &attested.heads {
            match by_seq.get(seq) {
                Some(told) if told.hash != *head => {
                    let message = format!("it is not the event that checkpoint {checkpoint} lists");
                    self.find(Kind::Edited, told.line, Some(*seq), message);
                }
                Some(_) => {}
                None => {
                    let message = format!("the event is not there, and checkpoint {checkpoint} lists it");
                    self.find(Kind::Truncated, self.request.number, Some(*seq), message);
                }
            }
        }
    }

    /// All hashes hold: now whether it could have happened at all, and led to where the row says.
    fn fold(&mut self, by_seq: &BTreeMap<u64, &Told<'_>>) {
        let line = self.request.number;
        let texts: Result<Vec<String>, _> = by_seq.values().map(|told| canonical_text(told.event)).collect();
        let pinned = Pinned::try_from(self.request.pinned.clone());
        let proof = match (pinned, texts) {
            (Ok(pinned), Ok(texts)) => approval::verify(&pinned, &texts).map_err(|error| error.to_string()),
            (Err(fault), _) => Err(fault),
            (_, Err(error)) => Err(error.message),
        };
        match proof {
            Err(fault) => self.find(Kind::Edited, line, None, format!("this cannot have happened: {fault}")),
            Ok(proof) => {
                let status = serde_json::to_value(proof.status).unwrap_or_default();
                if status.as_str() != Some(&self.request.status) {
                    let message =
                        format!("the row says `{}`, and the events lead to {status}", self.request.status);
                    self.find(Kind::Edited, line, None, message);
                }
            }
        }
    }
}
