//! Base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Returned, Wrong};
use crate::cel::run::Run;
use crate::cel::val::Val;

/// Writes padding, and reads with it or without; bits that are left over at the end are let pass, as in Go.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn encode<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::Bytes(bytes)] = args else { return Err(Wrong::Types) };
    run.charge_bytes(bytes.len().saturating_mul(2))?;
    Ok(Val::String(run.arena.alloc_str(&base64_text(bytes))))
}

pub(super) fn decode<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text)] = args else { return Err(Wrong::Types) };
    run.charge_bytes(text.len())?;
    let bytes = base64_bytes(text).ok_or(Wrong::Value)?;
    Ok(Val::Bytes(run.arena.alloc_slice_copy(&bytes)))
}

/// Bytes as base64.
pub(in crate::cel) fn base64_text(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes that base64 stands for.
pub(in crate::cel) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}
