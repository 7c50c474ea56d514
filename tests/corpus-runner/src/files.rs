//! The corpus on disk.

use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads every YAML file of a folder, in the order of their names.
pub(crate) fn read<T: DeserializeOwned>(folder: &Path) -> Result<Vec<(String, T)>, String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| fault(&error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths.iter().map(|path| read_one(path)).collect()
}

fn read_one<T: DeserializeOwned>(path: &Path) -> Result<(String, T), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| fault(&error))?;
    let content = serde_saphyr::from_str(&text).map_err(|error| fault(&error))?;
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let name = Path::new(folder).join(path.file_name().unwrap_or_default());
    Ok((name.display().to_string(), content))
}
