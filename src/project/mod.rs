//! Which files a project has, and their text.

mod kind;
mod revision;
mod root;
mod selection;
mod settings;
mod sfdx;
mod text;
mod walk;

use crate::base::{FileId, FileKind, Issue, IssueKind, SourceFile, Sources, Span};
use crate::error::Error;
use rayon::prelude::*;
use root::Layout;
use std::path::{Path, PathBuf};
use walk::{Found, Walk};

pub(crate) use revision::{read_at, read_before, text_before};
pub(crate) use selection::Selection;
pub(crate) use settings::{locate, relative, text_of};

#[cfg(test)]
pub(crate) use kind::of as kind_of;

/// A project as read from disk.
#[derive(Debug)]
pub(crate) struct Project {
    /// What paths are relative to: absolute, without symbolic links.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests check it; all other paths are relative to it")
    )]
    pub(crate) root: PathBuf,
    /// Whether all of it was asked for, not some folders or files.
    pub(crate) is_whole: bool,
    /// What was read. What could not be is in it too, as `FileKind::Unread`, so that issues have a place.
    pub(crate) sources: Sources,
    /// What could not be read, as issues on the file or folder concerned.
    pub(crate) issues: Vec<Issue>,
}

/// Reads the project that the paths belong to: the whole of it where a path is its root; otherwise the
/// folders and single files given.
///
/// # Errors
/// A path that does not exist or belongs to another project; a broken `sfdx-project.json`; nothing to analyse.
pub(crate) fn read(paths: &[PathBuf], selection: &Selection) -> Result<Project, Error> {
    let given = paths.iter().map(|path| canonical(path)).collect::<Result<Vec<_>, _>>()?;
    let (root, layout) = root::of(&given);
    let mut walk = Walk::new(&root, selection);
    for (path, written) in given.iter().zip(paths) {
        if !path.starts_with(&root) {
            return Err(Error::OutsideProject { path: written.clone(), root });
        }
        if *path == root && layout == Layout::Sfdx {
            add_sfdx(&root, &mut walk)?;
        } else {
            walk.add(path);
        }
    }
    let is_whole = given.contains(&root)
        || layout == Layout::Sfdx && covers(&given, &root, &walk).unwrap_or_default();
    let (sources, issues) = load(walk.finish());
    if sources.files().iter().all(|file| file.kind == FileKind::Unread) {
        return Err(match (sources.files().first(), issues.into_iter().next()) {
            (Some(file), Some(issue)) => {
                Error::Unreadable { path: root.join(&file.path), reason: issue.message }
            }
            _ => Error::NothingToAnalyse { root },
        });
    }
    let sources = sources.within(root::within_repository(&root));
    Ok(Project { root, is_whole, sources, issues })
}

fn canonical(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NoSuchPath { path: path.to_owned() },
        _ => Error::Unreadable {
            path: path.to_owned(),
            reason: format!("could not be read: {error}"),
        },
    })
}

/// Adds the package directories, and folders in the Metadata API format beside them.
fn add_sfdx(root: &Path, walk: &mut Walk) -> Result<(), Error> {
    for directory in sfdx::package_directories(root)? {
        let path = root.join(&directory);
        match path.canonicalize() {
            Ok(path) if path.starts_with(root) => walk.add(&path),
            Ok(_) => walk.leave_out(
                &path,
                "is a package directory outside of the project, and was not read".to_owned(),
            ),
            Err(_) => {
                walk.leave_out(&path, "is a package directory that does not exist".to_owned());
            }
        }
    }
    for folder in walk.metadata_api_folders() {
        walk.add(&folder);
    }
    Ok(())
}

/// Whether paths, which are not the root, are all of a project nevertheless.
fn covers(given: &[PathBuf], root: &Path, walk: &Walk) -> Option<bool> {
    let directories = sfdx::package_directories(root).ok()?;
    let mut parts: Vec<PathBuf> =
        directories.iter().filter_map(|path| root.join(path).canonicalize().ok()).collect();
    let is_given = |part: &PathBuf| given.iter().any(|path| part.starts_with(path));
    if parts.iter().all(is_given) {
        parts = walk.metadata_api_folders();
    }
    Some(parts.iter().all(is_given))
}

/// What is wrong with a file as a whole.
struct Flaw {
    kind: IssueKind,
    at: u32,
    message: String,
}

/// Reads what was found. Issues name files by their place in the sorted list, hence all of them at once.
fn load(found: Found) -> (Sources, Vec<Issue>) {
    let read: Vec<_> = found
        .files
        .into_par_iter()
        .map(|(path, (absolute, kind))| load_file(path, &absolute, kind))
        .collect();
    let unread = found.unread.into_iter().map(|(path, reason)| unread(path, reason));
    let mut files: Vec<(SourceFile, Option<Flaw>)> = read.into_iter().chain(unread).collect();
    files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    files.dedup_by(|(a, _), (b, _)| a.path == b.path);
    let (files, flaws): (Vec<_>, Vec<_>) = files.into_iter().unzip();
    let issue = |(index, flaw): (usize, Option<Flaw>)| {
        let Flaw { kind, at, message } = flaw?;
        Some(Issue::new(Span { file: FileId(index as u32), start: at, end: at }, kind, message))
    };
    (Sources::new(files), flaws.into_iter().enumerate().filter_map(issue).collect())
}

fn load_file(path: String, absolute: &Path, kind: FileKind) -> (SourceFile, Option<Flaw>) {
    match text::read(absolute) {
        Ok(read) => {
            let flaw = read.flaw.map(|(at, what)| Flaw {
                kind: IssueKind::Encoding,
                at,
                message: what.to_owned(),
            });
            (SourceFile::new(path, kind, read.text), flaw)
        }
        Err(reason) => unread(path, reason),
    }
}

fn unread(path: String, message: String) -> (SourceFile, Option<Flaw>) {
    let flaw = Flaw { kind: IssueKind::Unreadable, at: 0, message };
    (SourceFile::new(path, FileKind::Unread, String::new()), Some(flaw))
}

#[cfg(test)]
mod tests;
