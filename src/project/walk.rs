//! The files below folders, as far as rowlock reads them.

use super::kind;
use super::root::is_metadata_api_folder;
use super::selection::Selection;
use super::text;
use crate::base::FileKind;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

const IGNORE_FILE: &str = ".forceignore";

/// What was found: each path by what it is relative to the root, so that a file found twice counts once.
#[derive(Default, Debug)]
pub(super) struct Found {
    pub(super) files: BTreeMap<String, (PathBuf, FileKind)>,
    /// What could not be looked at, and why: a sentence whose subject is the path.
    pub(super) unread: BTreeMap<String, String>,
}

/// Collects files below a root, which is canonical.
pub(super) struct Walk<'a> {
    root: &'a Path,
    ignored: Gitignore,
    selection: &'a Selection,
    /// Folders walked already: symbolic links may lead to one again.
    walked: BTreeSet<PathBuf>,
    found: Found,
}

impl<'a> Walk<'a> {
    pub(super) fn new(root: &'a Path, selection: &'a Selection) -> Walk<'a> {
        let mut builder = GitignoreBuilder::new(root);
        // As `sf` does, whose matcher ignores case by default. Setting it never fails.
        if builder.case_insensitive(true).is_ok() {
            // A missing file has no lines.
            let lines = text::read(&root.join(IGNORE_FILE)).map_or(String::new(), |read| read.text);
            for line in lines.lines() {
                // A line that is no pattern is skipped, as git does.
                builder.add_line(None, line).ok();
            }
        }
        let ignored = builder.build().unwrap_or_else(|_| Gitignore::empty());
        Walk { root, ignored, selection, walked: BTreeSet::new(), found: Found::default() }
    }

    pub(super) fn finish(self) -> Found {
        self.found
    }

    /// Adds one file or everything below a folder; the path is canonical and below the root.
    pub(super) fn add(&mut self, path: &Path) {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            if !self.ignored_with_parents(&folder) && self.walked.insert(folder.clone()) {
                self.add_below(&folder, &mut folders);
            }
        }
    }

    fn add_below(&mut self, folder: &Path, linked: &mut Vec<PathBuf>) {
        for entry in self.entries(folder) {
            match entry {
                Ok(entry) if entry.path_is_symlink() => self.add_link(entry.path(), linked),
                Ok(entry) if entry.file_type().is_file() => self.add_file(entry.into_path()),
                // A folder, which is walked; or a pipe or a device, from which reading might never end.
                Ok(_) => {}
                Err(error) => {
                    let reason =
                        error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    self.leave_out(error.path().unwrap_or(folder), reason);
                }
            }
        }
    }

    /// The entries below a folder, itself included, without those that are ignored.
    fn entries(&self, folder: &Path) -> Vec<walkdir::Result<DirEntry>> {
        let counts = |entry: &DirEntry| entry.depth() == 0 || !self.ignores(entry);
        WalkDir::new(folder).into_iter().filter_entry(counts).collect()
    }

    fn ignores(&self, entry: &DirEntry) -> bool {
        // Hidden names are ignored as `sf` does: `.git`, and `.sfdx` and `.sf` with classes of the platform.
        let name = entry.file_name().as_encoded_bytes();
        name.starts_with(b".")
            || name == b"node_modules"
            || self.ignored.matched(entry.path(), entry.file_type().is_dir()).is_ignore()
    }

    fn ignored_with_parents(&self, path: &Path) -> bool {
        path != self.root
            && self.ignored.matched_path_or_any_parents(path, path.is_dir()).is_ignore()
    }

    fn add_file(&mut self, path: PathBuf) {
        let relative = self.relative(&path);
        if let Some(kind) = kind::of(&relative).filter(|_| self.selection.has(&relative)) {
            self.found.files.insert(relative, (path, kind));
        }
    }

    /// Follows a symbolic link that stays inside the root.
    fn add_link(&mut self, link: &Path, linked: &mut Vec<PathBuf>) {
        let matters = kind::of(&self.relative(link)).is_some();
        match link.canonicalize() {
            Ok(target) if !target.starts_with(self.root) => {
                if matters || target.is_dir() {
                    self.leave_out(
                        link,
                        "is a link to a place outside of the project, and was not followed"
                            .to_owned(),
                    );
                }
            }
            Ok(target) if target.is_dir() => linked.push(target),
            // Under the target's own name the file counts once, however many links there are.
            Ok(target) if kind::of(&self.relative(&target)).is_some() && target.is_file() => {
                self.add_file(target);
            }
            Ok(target) if target.is_file() => self.add_file(link.to_owned()),
            Ok(_) => {}
            Err(error) if matters => {
                self.leave_out(link, format!("is a link that leads nowhere: {error}"));
            }
            Err(_) => {}
        }
    }

    /// Notes that something which may matter was not read.
    pub(super) fn leave_out(&mut self, path: &Path, reason: String) {
        let relative = self.relative(path);
        self.found.unread.insert(relative, reason);
    }

    /// The folders in the Metadata API format anywhere below the root.
    pub(super) fn metadata_api_folders(&self) -> Vec<PathBuf> {
        let entries = self.entries(self.root).into_iter().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_dir()).map(DirEntry::into_path);
        folders.filter(|folder| is_metadata_api_folder(folder)).collect()
    }

    /// The path below the root, with `/`; what is no Unicode is replaced.
    fn relative(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.root).unwrap_or(path);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    }
}
