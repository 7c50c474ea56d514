//! `jit-policy new`: a policy to begin with, and its tests.

use crate::args::NewArgs;
use crate::text::harmless;
use crate::{Ending, Trouble, reported};
use policy_core::policy::load;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

const POLICY: &str = include_str!("starter.yaml");
const TESTS: &str = include_str!("starter.test.yaml");

/// Writes two files, and says what to do with them.
///
/// # Errors
/// Where the name is none for a policy, or a file is there already.
pub(crate) fn run(args: &NewArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    let name =
        [".yaml", ".yml"].iter().fold(args.name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
    let policy = POLICY.replace("NAME", name);
    if let Err(found) = load(&policy, "policy.yaml") {
        let why = found.first().map(|it| it.message.clone()).unwrap_or_default();
        return Err(Trouble(format!(
            "{why}: lower-case letters, digits, `-`, `.` and `_`, such as `production`"
        )));
    }
    // `./a.yaml` says no more than `a.yaml`.
    let folder = if args.folder.as_os_str() == "." { Path::new("") } else { args.folder.as_path() };
    let path = folder.join(format!("{name}.yaml"));
    let tests = folder.join(format!("{name}.test.yaml"));
    if let Some(taken) = [&path, &tests].into_iter().find(|path| path.exists()) {
        return Err(Trouble(format!("{} is there already, and stays as it is", taken.display())));
    }
    create(&path, &policy)?;
    create(&tests, &TESTS.replace("NAME", name))?;
    let shown = harmless(&path.display().to_string());
    let written = writeln!(
        out,
        "{shown} is a policy, and {} tests it. Next:\n  jit-policy test --coverage {shown}\n  jit-policy explain {shown} --case administrator",
        harmless(&tests.display().to_string())
    );
    reported(written)?;
    Ok(Ending::Good)
}

/// A file that was not there.
fn create(path: &Path, text: &str) -> Result<(), Trouble> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Trouble(format!("{} is there already, and stays as it is", path.display()))
        }
        _ => Trouble(format!("{} cannot be written: {error}", path.display())),
    })
}
