//! `fuzz-checks FOLDER`: writes the seeds of each fuzz target into a folder of its name, for `./jit fuzz`.

#![allow(clippy::disallowed_methods, reason = "a tool for tests writes files; the engine does not")]

use fuzz_checks::seeds;
use policy_core::wire::digest;
use std::path::{Path, PathBuf};

fn main() -> Result<(), String> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        return Err("usage: fuzz-checks FOLDER".to_owned());
    };
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for (target, input) in seeds(&corpus)? {
        let name: String = digest(&input).trim_start_matches("sha256:").chars().take(40).collect();
        let path = folder.join(target).join(name);
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::create_dir_all(folder.join(target)).map_err(fault)?;
        std::fs::write(&path, input).map_err(fault)?;
    }
    Ok(())
}
