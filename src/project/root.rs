//! Where a project begins.

use super::sfdx::PROJECT_FILE;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "package.xml";

/// What the folders below a root mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// The package directories of `sfdx-project.json` count, and folders with a manifest.
    Sfdx,
    /// Every folder counts: the Metadata API format, or a plain folder.
    Plain,
}

/// The root of the project that canonical paths, at least one, belong to: what the first one lies in.
pub(super) fn of(paths: &[PathBuf]) -> (PathBuf, Layout) {
    let folders: Vec<&Path> = paths.iter().map(|path| folder(path)).collect();
    let first = folders.first().copied().unwrap_or(Path::new("."));
    if let Some(root) = first.ancestors().find(|folder| folder.join(PROJECT_FILE).is_file()) {
        return (root.to_owned(), Layout::Sfdx);
    }
    // `src/` with a manifest is the project above it, so that both paths name files alike.
    let holds_manifest = |folder: &&Path| {
        let in_src = folder.join("src").join(MANIFEST).is_file();
        in_src
            || (folder.join(MANIFEST).is_file()
                && folder.file_name().is_none_or(|name| name != "src"))
    };
    if let Some(root) = first.ancestors().find(holds_manifest) {
        return (root.to_owned(), Layout::Plain);
    }
    let common = first
        .ancestors()
        .find(|root| folders.iter().all(|folder| folder.starts_with(root)))
        .unwrap_or(first);
    // A field's object is in its path: `objects/X/fields/` must stay below the root.
    let objects =
        common.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "objects"));
    (objects.and_then(Path::parent).unwrap_or(common).to_owned(), Layout::Plain)
}

/// The way from the root of the repository to that of the project, as `Sources` has it; empty where there is none.
pub(super) fn within_repository(root: &Path) -> String {
    // A file, not a folder, in further work trees and in submodules.
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    let folders = repository.and_then(|repository| root.strip_prefix(repository).ok());
    let names = folders.into_iter().flat_map(Path::components);
    names.map(|name| format!("{}/", name.as_os_str().to_string_lossy())).collect()
}

/// The folder itself, or the one that holds the file.
fn folder(path: &Path) -> &Path {
    if path.is_dir() { path } else { path.parent().unwrap_or(path) }
}

/// Whether a folder holds metadata in the Metadata API format: a manifest, and something that it lists.
pub(super) fn is_metadata_api_folder(folder: &Path) -> bool {
    let holds = |name: &str| folder.join(name).is_dir();
    folder.join(MANIFEST).is_file()
        && ["objects", "classes", "triggers", "duplicateRules", "customMetadata"]
            .into_iter()
            .any(holds)
}
