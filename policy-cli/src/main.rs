//! `jit-policy`, see the crate's documentation.

use std::process::ExitCode;

fn main() -> ExitCode {
    policy_cli::main()
}
