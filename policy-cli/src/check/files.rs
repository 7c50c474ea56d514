//! Policy files, by the names on the command line.

use policy_core::policy::LARGEST;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a file that are looked at: more than a policy may have, so that one which is too large is told so.
const MOST_BYTES: usize = 2 * LARGEST;

/// How many folders may be inside each other.
const DEEPEST: usize = 32;

/// A file, and what is in it.
#[derive(Debug)]
pub(crate) struct File {
    /// As messages call it.
    pub(crate) name: String,
    /// Or why it can't be read.
    pub(crate) text: Result<String, String>,
}

/// Reads what was named, in its order; a folder's files in the order of their names.
pub(crate) fn read(names: &[PathBuf], mut stdin: impl Read) -> Vec<File> {
    let mut files = Vec::new();
    for name in names {
        if name.as_os_str() == "-" {
            files.push(File { name: "<stdin>".to_owned(), text: text_of(&mut stdin, "standard input") });
        } else if name.is_dir() {
            of_folder(name, &mut files);
        } else {
            files.push(of(name));
        }
    }
    files
}

fn of(path: &Path) -> File {
    let name = path.display().to_string();
    let text = match fs::File::open(path) {
        Ok(file) => text_of(file, &name),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    };
    File { name, text }
}

fn of_folder(folder: &Path, files: &mut Vec<File>) {
    let mut paths = Vec::new();
    match list(folder, DEEPEST, &mut paths) {
        Ok(()) if paths.is_empty() => {
            let text = Err(format!("there is no policy in {}: no *.yaml, *.yml or *.json", folder.display()));
            files.push(File { name: folder.display().to_string(), text });
        }
        Ok(()) => files.extend(paths.iter().map(|path| of(path))),
        Err(error) => {
            let name = folder.display().to_string();
            files.push(File { text: Err(format!("{name} cannot be read: {error}")), name });
        }
    }
}

fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> io::Result<()> {
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
            list(&entry.path(), depth, paths)?;
        } else if is_policy(&name) {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// Whether a file of a folder is a policy, rather than its tests or something else.
fn is_policy(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    ["yaml", "yml", "json"].contains(&extension) && !stem.ends_with(".test")
}

fn text_of(file: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut bytes).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let is_cut = bytes.len() == MOST_BYTES;
    String::from_utf8(bytes).or_else(|error| {
        let at = error.utf8_error().valid_up_to();
        match error.utf8_error().error_len() {
            // Where the reading stopped, in the middle of a character.
            None if is_cut => Ok(String::from_utf8_lossy(error.as_bytes()).into_owned()),
            _ => Err(format!("{name} is not UTF-8: the byte at {at} begins no character")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_other_files_are_no_policies() {
        for name in ["a.yaml", "a.yml", "a.json", "a.tests.yaml"] {
            assert!(is_policy(name), "{name}");
        }
        for name in ["a.test.yaml", "a.test.json", "README.md", "yaml", "a.yaml~"] {
            assert!(!is_policy(name), "{name}");
        }
    }

    #[test]
    fn a_file_that_is_far_too_large_is_read_in_part() {
        let endless = io::repeat(0xC3).chain(io::empty());
        assert!(text_of(endless, "endless").unwrap_err().contains("not UTF-8: the byte at 0"));
        let text = "a".repeat(MOST_BYTES - 1) + "é…";
        assert!(text_of(text.as_bytes(), "large").unwrap().len() > LARGEST);
    }
}
