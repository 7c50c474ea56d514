//! What a literal token stands for.

use super::ast::Literal;
use super::token::{Kind, Token};

/// The value of a literal, or what is wrong with it. `negative` is a `-` written before a number.
pub(super) fn value(token: &Token<'_>, negative: bool) -> Result<Literal, String> {
    let text = token.text;
    match token.kind {
        Kind::Int => int(text, negative)
            .map(Literal::Int)
            .ok_or_else(|| "this number is too large for an int (64 bits)".into()),
        Kind::Uint => {
            let digits = text.trim_end_matches(['u', 'U']);
            let (radix, digits) = radix(digits);
            u64::from_str_radix(digits, radix)
                .map(Literal::Uint)
                .map_err(|_| "this number is too large for a uint (64 bits)".into())
        }
        Kind::Double => match text.parse::<f64>() {
            Ok(n) if n.is_finite() => Ok(Literal::Double(if negative { -n } else { n })),
            _ => Err("this number is too large for a double".into()),
        },
        Kind::Bytes => unescape(text).map(Literal::Bytes),
        _ => {
            let bytes = unescape(text)?;
            let text = String::from_utf8(bytes).map_err(|_| "this string is not valid Unicode")?;
            Ok(Literal::String(text))
        }
    }
}

fn radix(digits: &str) -> (u32, &str) {
    digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")).map_or((10, digits), |hex| (16, hex))
}

fn int(text: &str, negative: bool) -> Option<i64> {
    let (radix, digits) = radix(text);
    let magnitude = i128::from(u64::from_str_radix(digits, radix).ok()?);
    i64::try_from(if negative { magnitude.checked_neg()? } else { magnitude }).ok()
}

fn unescape(token: &str) -> Result<Vec<u8>, String> {
    let body = token.trim_start_matches(['r', 'R', 'b', 'B']);
    let prefix = token.get(..token.len().saturating_sub(body.len())).unwrap_or_default().to_ascii_lowercase();
    let quote = if body.starts_with("\"\"\"") || body.starts_with("'''") { 3 } else { 1 };
    let inner = body.get(quote..body.len().saturating_sub(quote)).unwrap_or_default();
    let inner = inner.replace("\r\n", "\n").replace('\r', "\n");
    if prefix.contains('r') {
        return Ok(inner.into_bytes());
    }
    let bytes = prefix.contains('b');
    let mut out = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    let push = |out: &mut Vec<u8>, c: char| out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    while let Some(c) = chars.next() {
        if c != '\\' {
            push(&mut out, c);
            continue;
        }
        let escape = chars.next().unwrap_or('\\');
        match escape {
            'a' => out.push(7),
            'b' => out.push(8),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            '\\' | '?' | '"' | '\'' | '`' => push(&mut out, escape),
            'x' | 'X' => code(&mut out, &digits(&mut chars, 2, "")?, 16, bytes)?,
            'u' if !bytes => unit(&mut out, &mut chars)?,
            'U' if !bytes => code(&mut out, &digits(&mut chars, 8, "")?, 16, false)?,
            '0'..='3' => code(&mut out, &digits(&mut chars, 2, &escape.to_string())?, 8, bytes)?,
            other => {
                return Err(format!(
                    "`\\{}` is no escape of CEL; write `\\\\` for a backslash, or a raw string r\"…\"",
                    other.escape_debug()
                ));
            }
        }
    }
    Ok(out)
}

fn digits(chars: &mut std::str::Chars<'_>, count: usize, head: &str) -> Result<String, String> {
    let digits: String = head.chars().chain(chars.by_ref().take(count)).collect();
    if digits.chars().count() == count.saturating_add(head.len()) {
        Ok(digits)
    } else {
        Err(format!("an escape of this string ends too early: it needs {count} digits"))
    }
}

/// Writes the character of `\uHHHH`, of which one beyond 16 bits takes two.
fn unit(out: &mut Vec<u8>, chars: &mut std::str::Chars<'_>) -> Result<(), String> {
    let first = digits(chars, 4, "")?;
    let high = u32::from_str_radix(&first, 16).ok().filter(|unit| (0xd800..0xdc00).contains(unit));
    let Some(high) = high else { return code(out, &first, 16, false) };
    let rest = chars.as_str().strip_prefix("\\u").and_then(|rest| rest.get(..4));
    let low = rest
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .filter(|unit| (0xdc00..0xe000).contains(unit));
    let Some(low) = low else {
        return Err(format!("`{first}` is the first half of a character, and the other is missing"));
    };
    let point = (high & 0x3ff) << 10 | (low & 0x3ff);
    *chars = chars.as_str().get(6..).unwrap_or_default().chars();
    code(out, &format!("{:x}", point.saturating_add(0x10000)), 16, false)
}

/// Writes the byte or the code point that `digits` name.
fn code(out: &mut Vec<u8>, digits: &str, radix: u32, byte: bool) -> Result<(), String> {
    let wrong = || format!("`{}` is no character", digits.escape_debug());
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(wrong());
    }
    let number = u32::from_str_radix(digits, radix).map_err(|_| wrong())?;
    if byte {
        out.push(u8::try_from(number).map_err(|_| wrong())?);
    } else {
        let c = char::from_u32(number).ok_or_else(wrong)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(())
}
