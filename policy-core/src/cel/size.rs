//! How large what the context holds is taken to be, before there is a context.

use std::fmt;

/// The most that a fact is expected to hold. The estimate of a policy's cost counts with it; a larger fact is read all the same, and then the
/// budget of the decision is what ends it.
///
/// # Example: attributes, each with some values
///
/// ```
/// use policy_core::cel::Size;
///
/// // Up to 64 attributes with up to 16 values of 255 bytes each.
/// let attributes = Size { entries: 64, inner: 16, bytes: 255 };
/// assert_eq!(attributes.to_string(), "64 × 16 entries of 255 bytes");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Entries of a list or map; 0 for what is neither.
    pub entries: u32,
    /// Entries of each list or map that is an entry itself; 0 where there is none.
    pub inner: u32,
    /// Bytes of each text, keys included; 0 where there is none.
    pub bytes: u32,
}

impl Size {
    /// Of what nobody has said anything about.
    pub const UNKNOWN: Self = Self { entries: 32, inner: 32, bytes: 64 };
    /// Of a number, a bool, an instant.
    pub const SCALAR: Self = Self { entries: 0, inner: 0, bytes: 0 };

    /// Of a text.
    #[must_use]
    pub const fn text(bytes: u32) -> Self {
        Self { entries: 0, inner: 0, bytes }
    }

    /// Of a list of texts.
    #[must_use]
    pub const fn texts(entries: u32, bytes: u32) -> Self {
        Self { entries, inner: 0, bytes }
    }

    /// Of what is inside an entry.
    pub(super) fn inside(self) -> Self {
        Self { entries: self.inner, inner: Self::UNKNOWN.inner, ..self }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = if self.entries > 0 && self.bytes > 0 { " of " } else { "" };
        match (self.entries, self.inner) {
            (0, _) => {}
            (entries, 0) => write!(f, "{entries} entries{of}")?,
            (entries, inner) => write!(f, "{entries} × {inner} entries{of}")?,
        }
        if self.bytes > 0 { write!(f, "{} bytes", self.bytes) } else { Ok(()) }
    }
}
