//! `jit-policy completions`: what shells complete.

use crate::args::Args;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::io::{self, Write};

/// Writes the completions of a shell.
///
/// # Errors
/// Where the output takes no more.
pub(crate) fn write(shell: Shell, out: &mut impl Write) -> io::Result<()> {
    // Into memory first: `generate` takes a pipe that is closed for a fault of the program.
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "jit-policy", &mut script);
    let script = String::from_utf8_lossy(&script);
    // For bash, clap_complete 4.6 takes the hyphen of a program's name for the border of a subcommand in the second half of its script.
    out.write_all(script.replace("jit__subcmd__policy__", "jit__policy__").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::write;
    use clap_complete::Shell;

    #[test]
    fn bash_completes_what_stands_behind_a_subcommand() {
        let mut script = Vec::new();
        write(Shell::Bash, &mut script).unwrap();
        let script = String::from_utf8(script).unwrap();
        let commands =
            script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\"")?.strip_suffix('"'));
        let commands: Vec<&str> = commands.filter(|command| !command.is_empty()).collect();
        assert!(commands.len() > 20, "{commands:?}");
        for command in commands {
            assert!(script.contains(&format!("\n        {command})\n")), "{command}");
        }
    }
}
