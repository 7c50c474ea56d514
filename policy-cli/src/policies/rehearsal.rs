//! `--dry-run`: which decisions of the server's log a policy would change.

use super::{FORMAT_VERSION, YAML};
use crate::Ending;
use crate::args::{RehearsalArgs, Since};
use crate::replay::{Limits, Replay, replay};
use crate::server::{Answer, Refusal, Server, text_of, trouble};
use policy_core::policy::{Policy, load};
use policy_core::time::Timestamp;
use serde_json::{Value, json};
use std::io::BufReader;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Decides the server's log again: by the policy, and by the one that decides now.
pub(super) fn rehearse(server: &Server, args: &RehearsalArgs, name: &str, policy: &Policy) -> Answer<Replay> {
    let active = active(server)?;
    let against = active.as_ref().map(|policy| (policy, "what decides now"));
    let since = instant(args.since).to_string();
    let log = server.stream("decisions/export", &[("from", &since)])?;
    Ok(replay(BufReader::new(log), "the server's log", (policy, name), against, None)?)
}

/// The policy that decides now; none where there is none.
fn active(server: &Server) -> Answer<Option<Policy>> {
    let source = match server.get_as("policies/active", YAML, &[]) {
        Ok(response) => text_of(response)?,
        Err(Refusal::Server(problem)) if problem.status() == 404 => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    let active = load(&source, "the active policy").map_err(|_| {
        trouble(
            "this jit-policy refuses the active policy, which a newer engine has accepted: update jit-policy",
        )
    })?;
    Ok(Some(active.policy))
}

fn instant(since: Since) -> Timestamp {
    match since {
        Since::At(instant) => instant,
        Since::Ago(seconds) => {
            #[allow(
                clippy::disallowed_methods,
                reason = "`--since 7d` is seven days before now, by the clock of this machine"
            )]
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let then = now.saturating_sub(Duration::from_secs(seconds.into())).as_millis();
            i64::try_from(then).ok().and_then(Timestamp::from_millis).unwrap_or(Timestamp::FIRST)
        }
    }
}

/// For programs.
pub(super) fn json(replay: &Replay) -> Value {
    json!({ "version": FORMAT_VERSION, "dry_run": true, "replay": replay.answer() })
}

/// Bad where more comes out otherwise than may.
pub(super) fn ending(replay: &Replay, args: &RehearsalArgs) -> Ending {
    replay.ending(Limits { changed: args.max_changed, unknown: args.max_unknown })
}
