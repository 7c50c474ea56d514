//! CEL source to tokens (cel-spec, "Syntax").

use std::ops::Range;

use super::problem::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ident,
    /// A field name between backticks; the text includes them.
    Quoted,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    /// An operator or a delimiter; told apart by its text.
    Symbol,
    End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
    pub(super) range: Range<usize>,
}

const SYMBOLS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", "{", "}", ".", ",", "-", "+", "*", "/",
    "%", "?", ":", "!",
];

/// Splits `source`, or tells every place that is no token. `limit` bounds the number of tokens.
pub(super) fn tokens(source: &str, limit: usize) -> Result<Vec<Token<'_>>, Vec<Problem>> {
    let mut tokens = Vec::new();
    let mut problems = Vec::new();
    let mut at = 0;
    loop {
        let rest = source.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { break };
        if first.is_ascii_whitespace() || first == '\x0b' {
            at = at.saturating_add(1);
            continue;
        }
        if rest.starts_with("//") {
            at = at.saturating_add(rest.find('\n').unwrap_or(rest.len()));
            continue;
        }
        if tokens.len() >= limit {
            problems.push(Problem::new(
                "limit-tokens",
                at..source.len(),
                format!("the expression has more than {limit} words and signs, the most that is allowed"),
            ));
            break;
        }
        let (kind, length) = match scan(first, rest) {
            Ok(found) => found,
            Err((length, message, help)) => {
                let mut problem = Problem::new("syntax", at..at.saturating_add(length), message);
                problem.help = help.map(str::to_owned);
                problems.push(problem);
                if problems.len() >= 10 {
                    break;
                }
                at = at.saturating_add(length.max(first.len_utf8()));
                continue;
            }
        };
        let end = at.saturating_add(length);
        tokens.push(Token { kind, text: source.get(at..end).unwrap_or_default(), range: at..end });
        at = end;
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    tokens.push(Token { kind: Kind::End, text: "", range: source.len()..source.len() });
    Ok(tokens)
}

type Failure = (usize, String, Option<&'static str>);

fn scan(first: char, rest: &str) -> Result<(Kind, usize), Failure> {
    if let Some(found) = quoted(rest) {
        return found;
    }
    if first == '`' {
        let inner = rest.get(1..).unwrap_or_default();
        return match inner.find(['`', '\n']) {
            Some(0) => Err((2, "a field name is missing between the backticks".into(), None)),
            Some(end) if inner.get(end..).is_some_and(|s| s.starts_with('`')) => {
                Ok((Kind::Quoted, end.saturating_add(2)))
            }
            _ => Err((rest.len(), "this backtick is never closed".into(), None)),
        };
    }
    if first.is_ascii_digit()
        || (first == '.' && rest.get(1..).is_some_and(|s| s.starts_with(|c: char| c.is_ascii_digit())))
    {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        return Ok((Kind::Ident, word(rest)));
    }
    if rest.starts_with('&') && !rest.starts_with("&&") {
        return Err((1, "`&` is no operator of CEL".into(), Some("write `&&` for \"and\"")));
    }
    if rest.starts_with('|') && !rest.starts_with("||") {
        return Err((1, "`|` is no operator of CEL".into(), Some("write `||` for \"or\"")));
    }
    if rest.starts_with('=') && !rest.starts_with("==") {
        return Err((1, "`=` is no operator of CEL".into(), Some("write `==` to compare")));
    }
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => Ok((Kind::Symbol, symbol.len())),
        None => Err((
            first.len_utf8(),
            format!("`{}` does not belong into an expression", first.escape_debug()),
            matches!(first, '“' | '”' | '‘' | '’' | '„').then_some("use the plain quotes `\"` or `'`"),
        )),
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
}

fn number(rest: &str) -> Result<(Kind, usize), Failure> {
    let digits = |from: usize| {
        rest.get(from..).map_or(0, |s| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len()))
    };
    let starts = |from: usize, what: &[char]| rest.get(from..).is_some_and(|s| s.starts_with(what));
    let mut kind = Kind::Int;
    let mut end;
    if rest.starts_with("0x") || rest.starts_with("0X") {
        end = rest
            .get(2..)
            .map_or(0, |s| s.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(s.len()))
            .saturating_add(2);
        if end == 2 {
            return Err((end, "digits are missing after `0x`".into(), None));
        }
    } else {
        end = digits(0);
        if starts(end, &['.']) && digits(end.saturating_add(1)) > 0 {
            kind = Kind::Double;
            end = end.saturating_add(1).saturating_add(digits(end.saturating_add(1)));
        }
        if starts(end, &['e', 'E']) {
            let sign = usize::from(starts(end.saturating_add(1), &['+', '-']));
            let exponent = digits(end.saturating_add(1).saturating_add(sign));
            if exponent == 0 {
                return Err((
                    end.saturating_add(1),
                    "digits are missing in the exponent of this number".into(),
                    None,
                ));
            }
            kind = Kind::Double;
            end = end.saturating_add(1).saturating_add(sign).saturating_add(exponent);
        }
    }
    if kind == Kind::Int && starts(end, &['u', 'U']) {
        kind = Kind::Uint;
        end = end.saturating_add(1);
    }
    let trailing = word(rest.get(end..).unwrap_or_default());
    if trailing > 0 {
        return Err((
            end.saturating_add(trailing),
            "this number runs into a word".into(),
            Some("a name starts with a letter or `_`"),
        ));
    }
    Ok((kind, end))
}

/// A string or bytes literal, with its prefix.
fn quoted(rest: &str) -> Option<Result<(Kind, usize), Failure>> {
    let prefix = rest.find(|c: char| !matches!(c, 'r' | 'R' | 'b' | 'B'))?;
    let letters = rest.get(..prefix)?.to_ascii_lowercase();
    if !matches!(letters.as_str(), "" | "r" | "b" | "br" | "rb") {
        return None;
    }
    let body = rest.get(prefix..)?;
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let kind = if letters.contains('b') { Kind::Bytes } else { Kind::String };
    let raw = letters.contains('r');
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let long = body.starts_with(&triple);
    let open = if long { 3 } else { 1 };
    let mut chars = body.char_indices().skip(open);
    let close = loop {
        let Some((i, c)) = chars.next() else { break None };
        match c {
            '\\' if !raw => drop(chars.next()),
            '\n' | '\r' if !long => break Some(Err(i)),
            _ if long && body.get(i..).is_some_and(|s| s.starts_with(&triple)) => {
                break Some(Ok(i.saturating_add(3)));
            }
            c if !long && c == quote => break Some(Ok(i.saturating_add(1))),
            _ => {}
        }
    };
    let unclosed = |end: usize| {
        Err((
            prefix.saturating_add(end),
            "this string is never closed".to_owned(),
            Some("close it with the quote that it starts with"),
        ))
    };
    Some(match close {
        Some(Ok(end)) => Ok((kind, prefix.saturating_add(end))),
        Some(Err(end)) => unclosed(end),
        None => unclosed(body.len()),
    })
}
