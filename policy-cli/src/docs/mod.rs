//! `jit-policy docs`: what the codes of diagnostics mean.
//!
//! The words are those of docs/error-codes.md, and what is said about an example is what the engine says about it now.

use crate::args::DocsArgs;
use crate::check::finding;
use crate::text::harmless;
use crate::{Ending, Trouble, reported};
use anstyle::Style;
use policy_core::policy::load;
use std::io::{self, Write};

const TEXT: &str = include_str!("../../../docs/error-codes.md");
const EXAMPLES: &str = include_str!("examples.txt");

/// What stands before each example.
const HEAD: &str = "apiVersion: jit-approval.dev/v1\nname: example\n";

/// What a code means, in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    code: &'static str,
    meaning: &'static str,
    remedy: Option<&'static str>,
}

impl Explanation {
    /// What is wrong, as plain text.
    pub(crate) fn summary(&self) -> String {
        plain(self.meaning)
    }

    /// What to do about it, as plain text.
    pub(crate) fn advice(&self) -> String {
        match self.remedy {
            Some(remedy) => plain(remedy),
            None => format!("`jit-policy docs {}` shows an example.", self.code),
        }
    }
}

/// All of them, in the order of the page.
pub(crate) fn explanations() -> impl Iterator<Item = Explanation> {
    TEXT.lines().filter(|line| line.starts_with("| `")).flat_map(|line| {
        let [codes, meaning, remedy] = cells(line);
        let remedy = Some(remedy).filter(|text| !text.is_empty());
        codes.split('`').skip(1).step_by(2).map(move |code| Explanation { code, meaning, remedy })
    })
}

/// What a code means, where there is such a code.
pub(crate) fn explanation(code: &str) -> Option<Explanation> {
    explanations().find(|explained| explained.code == code)
}

/// The three cells of a row; `\|` is no border.
fn cells(line: &'static str) -> [&'static str; 3] {
    let mut rest = line.strip_prefix('|').unwrap_or(line);
    [(); 3].map(|()| {
        let border = rest
            .match_indices('|')
            .map(|(at, _)| at)
            .find(|at| !rest.get(..*at).is_some_and(|before| before.ends_with('\\')));
        let (cell, behind) = border.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        rest = behind.strip_prefix('|').unwrap_or_default();
        cell.trim()
    })
}

/// A policy that has the finding, where one fits into a few lines.
fn example(code: &str) -> Option<String> {
    let body = EXAMPLES.split("\n---\n").find_map(|example| {
        let (name, body) = example.strip_prefix("# ")?.split_once('\n')?;
        (name == code).then_some(body)
    })?;
    Some(policy(body.trim_end()))
}

/// A policy of what an example consists of: all below its head, or the keys of its only rule.
fn policy(body: &str) -> String {
    if body.lines().any(|line| line.starts_with("rules:")) {
        return format!("{HEAD}{body}\n");
    }
    let has = |key: &str| body.lines().any(|line| line.starts_with(key));
    let mut rule = vec!["id: r"];
    rule.extend((!has("on:")).then_some("on: [login]"));
    rule.extend(body.lines());
    rule.extend((!has("effect:")).then_some("effect: deny"));
    format!("{HEAD}rules:\n  - {}\n", rule.join("\n    "))
}

/// Explains one code, or lists all.
///
/// # Errors
/// Where there is no such code, or the output takes no more.
pub(crate) fn run(args: &DocsArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    let written = match &args.code {
        None => list(out),
        Some(code) => {
            // As it stands in a message: `error[unknown-field]`.
            let code = code.to_lowercase();
            let code = code.trim_start_matches("error").trim_start_matches("warning");
            let code = code.trim_start_matches('[').trim_end_matches([']', ':']);
            let explained = explanation(code).ok_or_else(|| unknown(code))?;
            explain(explained, out)
        }
    };
    reported(written)?;
    Ok(Ending::Good)
}

fn unknown(code: &str) -> Trouble {
    let near = explanations()
        .map(|explained| (strsim::damerau_levenshtein(code, explained.code), explained.code))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let help = match near {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None => "`jit-policy docs` lists all".to_owned(),
    };
    Trouble(format!("there is no code `{}`; {help}", harmless(code)))
}

fn list(out: &mut impl Write) -> io::Result<()> {
    let width = explanations().map(|explained| explained.code.len()).max().unwrap_or_default();
    for Explanation { code, meaning, .. } in explanations() {
        writeln!(out, "{code:width$}  {}", plain(meaning))?;
    }
    Ok(())
}

fn explain(Explanation { code, meaning, remedy }: Explanation, out: &mut impl Write) -> io::Result<()> {
    let bold = Style::new().bold();
    writeln!(out, "{bold}{code}{bold:#}: {}\n", plain(meaning))?;
    if let Some(remedy) = remedy {
        writeln!(out, "{bold}What to do{bold:#}: {}\n", plain(remedy))?;
    }
    let Some(policy) = example(code) else {
        return writeln!(out, "(It takes too long a policy to show.)");
    };
    writeln!(out, "{bold}Example{bold:#}\n")?;
    for line in policy.lines() {
        writeln!(out, "    {line}")?;
    }
    writeln!(out)?;
    let found = load(&policy, "example.yaml").map_or_else(|found| found, |loaded| loaded.warnings);
    for diagnostic in found.iter().filter(|found| found.code == code) {
        finding(diagnostic, out)?;
    }
    Ok(())
}

/// A cell of the page without what only Markdown shows: escaped bars, and where links lead to.
fn plain(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell;
    while let Some((before, label, target, behind)) = link(rest) {
        text.push_str(before);
        text.push_str(if label == "below" { target } else { label });
        rest = behind;
    }
    text.push_str(rest);
    text.replace("\\|", "|")
}

/// The first `[label](target)`: what is before it, its two parts, and what is behind it.
fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, target) = text.split_once("](")?;
    let (before, label) = before.rsplit_once('[')?;
    let (target, behind) = target.split_once(')')?;
    Some((before, label, target, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those that only a policy can have which nobody would want to read.
    const WITHOUT_EXAMPLE: &[&str] = &[
        "too-large",
        "limit-source",
        "limit-tokens",
        "limit-nodes",
        "limit-policy-nodes",
        "limit-depth",
        "limit-policy-regex",
        "limit-policy-cost",
    ];

    #[test]
    fn each_code_has_an_example_in_which_it_is_found() {
        assert!(explanations().count() > 60);
        let mut others = Vec::new();
        for Explanation { code, .. } in explanations() {
            let Some(policy) = example(code) else {
                assert!(WITHOUT_EXAMPLE.contains(&code), "{code}");
                continue;
            };
            let found = load(&policy, "example.yaml").map_or_else(|found| found, |loaded| loaded.warnings);
            let mut codes: Vec<_> = found.iter().map(|it| it.code).collect();
            codes.dedup();
            others.extend((codes != [code]).then(|| format!("{code}: {codes:?}")));
        }
        assert_eq!(others, [""; 0]);
    }

    #[test]
    fn no_example_is_of_a_code_that_there_is_not() {
        let names = EXAMPLES.split("\n---\n").filter_map(|it| it.strip_prefix("# ")?.lines().next());
        for name in names {
            assert!(explanation(name).is_some(), "{name}");
        }
        assert!(explanation("limit-policy-cost").is_some() && example("limit-policy-cost").is_none());
    }

    #[test]
    fn every_cell_is_read_as_the_page_shows_it() {
        let explained = explanation("always-true").unwrap();
        assert!(plain(explained.meaning).contains(r#"`a != "x" || a != "y"`"#), "{}", explained.meaning);
        assert_eq!(explained.remedy, Some("leave it out, or write what is meant"));
        assert_eq!(explanation("wrong-argument-count").unwrap().remedy, None);
        assert_eq!(
            plain("see [policy-reference.md](policy-reference.md#x), or [a](b)"),
            "see policy-reference.md, or a"
        );
    }

    #[test]
    fn a_code_that_is_misspelt_is_guessed() {
        assert!(unknown("unknown-feild").0.ends_with("did you mean `unknown-field`?"));
        assert!(unknown("E0308").0.ends_with("lists all"));
    }
}
