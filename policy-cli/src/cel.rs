//! Expressions on standard input, one case a line, and what they come to.

use std::io::{self, BufRead, Read, Write};

use policy_core::cel::conformance::{Case, ConformanceError, ErrorKind, run};
use serde::Serialize;
use serde_json::Value;

use crate::{Ending, Trouble};

/// The bytes of the longest line that is looked at.
const MAX_LINE: usize = 16 << 20;

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Value(Value),
    Error(ConformanceError),
}

/// Answers every line of `input` with one line on `out`, as soon as it is read.
///
/// # Errors
/// Where lines cannot be read or answers not be written. An expression that fails is an answer.
pub(crate) fn answer_lines(mut input: impl BufRead, mut out: impl Write) -> Result<Ending, Trouble> {
    let mut number = 0_u64;
    loop {
        let line =
            next_line(&mut input).map_err(|error| Trouble(format!("the cases cannot be read: {error}")))?;
        let Some(line) = line else { return Ok(Ending::Good) };
        number = number.saturating_add(1);
        match write(&mut out, &answer(&line, number)) {
            Ok(()) => {}
            // Who closes the pipe early has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Ending::Good),
            Err(error) => return Err(Trouble(format!("an answer cannot be written: {error}"))),
        }
    }
}

fn write(out: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

fn answer(line: &Line, number: u64) -> Answer {
    let case = match line {
        Line::Whole(text) => Case::read(text),
        Line::TooLong => Err(format!("it has more than {MAX_LINE} bytes")),
    };
    let outcome = match case {
        Ok(case) => run(&case),
        Err(why) => {
            Err(ConformanceError { kind: ErrorKind::Parse, message: format!("line {number}, {why}") })
        }
    };
    outcome.map_or_else(Answer::Error, Answer::Value)
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// The next line, of which no more than [`MAX_LINE`] bytes are kept.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = Vec::new();
    if input.by_ref().take(limit).read_until(b'\n', &mut text)? == 0 {
        return Ok(None);
    }
    if text.last() == Some(&b'\n') || text.len() <= MAX_LINE {
        return Ok(Some(Line::Whole(text)));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Line::TooLong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn answers(input: &[u8]) -> Vec<Value> {
        let mut out = Vec::new();
        assert_eq!(answer_lines(Cursor::new(input), &mut out).unwrap(), Ending::Good);
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() {
        let mut input = vec![b' '; MAX_LINE + 5];
        input.extend_from_slice(b"\n{\"expr\": \"2\"}");
        let answers = answers(&input);
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0]["error"]["message"], "line 1, it has more than 16777216 bytes");
        assert_eq!(answers[1]["value"][1], "2");
    }

    /// A writer that counts what has been flushed.
    #[derive(Default)]
    struct Flushed {
        held: Vec<u8>,
        seen: Vec<usize>,
    }

    impl Write for Flushed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.held.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.seen.push(self.held.iter().filter(|byte| **byte == b'\n').count());
            Ok(())
        }
    }

    #[test]
    fn every_answer_is_flushed_by_itself() {
        let mut out = Flushed::default();
        answer_lines(Cursor::new(b"{\"expr\": \"1\"}\n{\"expr\": \"2\"}\n"), &mut out).unwrap();
        assert_eq!(out.seen, [1, 2]);
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_closes_the_pipe_has_seen_enough() {
        let ended = answer_lines(Cursor::new(b"{\"expr\": \"1\"}\n"), Closed);
        assert_eq!(ended.unwrap(), Ending::Good);
    }
}
