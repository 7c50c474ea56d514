//! Salts and commitments: how the hash chain covers what people may ask to have erased.
//!
//! A commitment is the SHA-256 of a salt together with what it hides. The hash chain covers the commitment, so that what is hidden can be
//! taken away without breaking it; and since the salt goes with it, nobody can find out afterwards by guessing.

use crate::wire::{self, WireError};
use serde::{Deserialize, Serialize};

/// 16 random bytes, as 32 lower-case hex digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Salt(String);

impl Salt {
    const DIGITS: usize = 32;

    /// The salt for one part of what this one was given for: the first 16 bytes of the SHA-256 of `<salt>:<part>`.
    #[must_use]
    pub fn derive(&self, part: u32) -> Self {
        let digest = wire::digest(format!("{}:{part}", self.0).as_bytes());
        Self(digest.trim_start_matches("sha256:").chars().take(Self::DIGITS).collect())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Salt {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == Self::DIGITS && text.bytes().all(is_digit) {
            Ok(Self(text))
        } else {
            Err(format!("a salt is {} lower-case hex digits", Self::DIGITS))
        }
    }
}

impl From<Salt> for String {
    fn from(salt: Salt) -> Self {
        salt.0
    }
}

/// The commitment to a value that holds its own salt.
pub(super) fn commitment<T: Serialize>(hidden: &T) -> Result<String, WireError> {
    wire::canonical(hidden).map(|bytes| wire::digest(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_32_lower_case_hex_digits() {
        let digits = "000102030405060708090a0b0c0d0e0f";
        assert!(Salt::try_from(digits.to_owned()).is_ok());
        for bad in ["", "0001", &digits.to_uppercase(), &digits.replace('0', "g"), &format!("{digits}00")] {
            assert!(Salt::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_part_has_a_salt_of_its_own() {
        let salt = Salt::try_from("0".repeat(32)).unwrap();
        let parts: std::collections::BTreeSet<String> =
            (0..100).map(|part| salt.derive(part).as_str().to_owned()).collect();
        assert_eq!(parts.len(), 100);
        assert!(parts.iter().all(|part| Salt::try_from(part.clone()).is_ok()));
    }
}
