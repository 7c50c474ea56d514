//! Policies and their tests, by the names on the command line.

use policy_core::policy::LARGEST;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a file: more than a policy may have, so that one which is too large is told so by the engine.
const MOST_BYTES: usize = 2 * LARGEST;

/// How many folders may be inside each other.
const DEEPEST: usize = 32;

/// What a file is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `*.yaml`, `*.yml` or `*.json`.
    Policy,
    /// `*.test.yaml`, `*.test.yml` or `*.test.json`.
    Tests,
}

impl Kind {
    /// Of a file of a folder; none where it is something else.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let is_tests = stem.ends_with(".test");
        ["yaml", "yml", "json"].contains(&extension).then_some(if is_tests {
            Self::Tests
        } else {
            Self::Policy
        })
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Policy => "policies: no *.yaml, *.yml or *.json",
            Self::Tests => "tests: no *.test.yaml, *.test.yml or *.test.json",
        }
    }
}

/// A file, and what is in it.
#[derive(Debug)]
pub(crate) struct File {
    /// As messages call it.
    pub(crate) name: String,
    /// Or why it can't be read.
    pub(crate) text: Result<String, String>,
}

/// Reads policies: those that were named, in that order; a folder's in the order of their names; `-` is standard input.
pub(crate) fn policies(names: &[PathBuf], mut stdin: impl Read) -> Vec<File> {
    let mut files = Vec::new();
    let is_test = |name: &&PathBuf| {
        name.file_name().is_some_and(|name| Kind::of(&name.to_string_lossy()) == Some(Kind::Tests))
    };
    // A shell's `*.yaml` names tests as well. Where there is nothing else, somebody takes them for policies.
    let only_tests = names.iter().all(|name| is_test(&name));
    for name in names.iter().filter(|name| !is_test(name) || only_tests) {
        if only_tests {
            let name = name.display().to_string();
            let text = Err(format!("{name} is a file of tests: `jit-policy test` runs it"));
            files.push(File { name, text });
        } else if name.is_dir() {
            match below(name, Kind::Policy) {
                Ok(paths) => files.extend(paths.iter().map(|path| read(path))),
                Err(why) => files.push(File { name: name.display().to_string(), text: Err(why) }),
            }
        } else {
            files.push(read_or(name, &mut stdin));
        }
    }
    files
}

/// Reads one file, or standard input where it is called `-`.
pub(crate) fn read_or(path: &Path, stdin: impl Read) -> File {
    if path.as_os_str() == "-" {
        return File { name: "<stdin>".to_owned(), text: text_of(stdin, "standard input") };
    }
    read(path)
}

/// Reads one file.
pub(crate) fn read(path: &Path) -> File {
    let name = path.display().to_string();
    let text = match fs::File::open(path) {
        Ok(file) => text_of(file, &name),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    };
    File { name, text }
}

/// All files of a kind in a folder, at any depth, in the order of their names; hidden ones are left out.
///
/// # Errors
/// A sentence that says why the folder can't be read, or that there are none.
pub(crate) fn below(folder: &Path, kind: Kind) -> Result<Vec<PathBuf>, String> {
    let mut paths = Vec::new();
    list(folder, DEEPEST, kind, &mut paths)
        .map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    if paths.is_empty() {
        return Err(format!("{} has no {}", folder.display(), kind.plural()));
    }
    Ok(paths)
}

fn list(folder: &Path, depth: usize, kind: Kind, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(io::Error::other(format!("{} is too deep", folder.display())));
    };
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder is not followed: it could lead round in a circle.
        if entry.file_type()?.is_dir() {
            list(&entry.path(), depth, kind, paths)?;
        } else if Kind::of(&name) == Some(kind)
            && (entry.path().is_file() || leads_nowhere(&entry.path()))
            && !is_of_another_tool(&entry.path())
        {
            // `./a.yaml` says no more than `a.yaml`.
            let path = entry.path();
            paths.push(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
        }
    }
    Ok(())
}

/// Whether it is a link to what is not there, which is told rather than passed over.
fn leads_nowhere(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

/// Whether a file of a folder is JSON without a word of policies: there is a lot of JSON beside them.
fn is_of_another_tool(path: &Path) -> bool {
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    is_json
        && !read(path).text.is_ok_and(|text| text.contains("jit-approval.dev/") || text.contains("\"cases\""))
}

fn text_of(file: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(|error| format!("{name} cannot be read: {error}"))?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("{name} has more than {} MiB", MOST_BYTES >> 20));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{name} is not UTF-8: the byte at {at} begins no character")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_is_for() {
        for name in ["a.yaml", "a.yml", "a.json", "a.tests.yaml"] {
            assert_eq!(Kind::of(name), Some(Kind::Policy), "{name}");
        }
        for name in ["a.test.yaml", "a.test.json"] {
            assert_eq!(Kind::of(name), Some(Kind::Tests), "{name}");
        }
        for name in ["README.md", "yaml", "a.yaml~"] {
            assert_eq!(Kind::of(name), None, "{name}");
        }
    }

    #[test]
    fn a_file_that_is_far_too_large_is_refused_rather_than_cut() {
        let most = "a".repeat(MOST_BYTES);
        assert_eq!(text_of(most.as_bytes(), "it").as_ref(), Ok(&most));
        assert_eq!(text_of(io::repeat(b'a'), "it").unwrap_err(), "it has more than 4 MiB");
        assert_eq!(
            text_of(&b"a\xc3"[..], "it").unwrap_err(),
            "it is not UTF-8: the byte at 1 begins no character"
        );
    }
}
