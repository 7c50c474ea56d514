//! `signed-comparisons MODULE OUT`: the same module, whose comparisons of unsigned integers are comparisons of signed ones.
//!
//! Every access to a slice compares its place without a sign. On Java 17 HotSpot makes of that (`Integer.compareUnsigned`) a number below, equal
//! to or above zero, and compares that once more: ten instructions and two branches, where one comparison would do. With the highest bit of
//! both sides turned, a signed comparison tells the same.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool of the build reads and writes files; the engine does not"
)]

mod rewrite;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, out] = arguments.as_slice() else {
        bail!("usage: signed-comparisons MODULE OUT");
    };
    let read = std::fs::read(module).with_context(|| format!("{} can't be read", module.display()))?;
    let written = rewrite::module(&read).with_context(|| format!("{} is no module", module.display()))?;
    std::fs::write(out, written).with_context(|| format!("{} can't be written", out.display()))
}
