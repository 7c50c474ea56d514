//! Policies of a running server: stored, activated, fetched, looked at.

mod pull;
mod push;
mod rehearsal;
mod status;
mod switch;

pub(crate) use pull::run as pull;
pub(crate) use push::run as push;
pub(crate) use status::run as status;
pub(crate) use switch::run as activate;

use crate::server::{Refusal, refused};
use crate::{Ending, Trouble};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// The media type of a policy as it is written (RFC 9512).
const YAML: &str = "application/yaml";

/// How a command ends that a server was asked in.
fn ended(answer: Result<Ending, Refusal>) -> Result<Ending, Trouble> {
    answer.or_else(refused)
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}
