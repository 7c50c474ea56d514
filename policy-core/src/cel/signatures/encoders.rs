//! The extension for encodings.

use super::Term::{Bytes, String};
use super::{Signature, global};

pub(super) const ALL: &[Signature] =
    &[global("base64.encode", &[Bytes], String), global("base64.decode", &[String], Bytes)];
