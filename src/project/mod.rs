//! Which files a project has, and their text.

use crate::base::{Issue, Sources};
use crate::error::Error;
use std::path::PathBuf;

/// A project as read from disk.
#[derive(Debug)]
pub(crate) struct Project {
    /// What paths are relative to.
    pub(crate) root: PathBuf,
    pub(crate) sources: Sources,
    /// What could not be read, as issues on the file concerned.
    pub(crate) issues: Vec<Issue>,
}

/// Reads the project that the paths belong to: folders, or single files.
///
/// # Errors
/// A path that does not exist; nothing to analyse.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Project, Error> {
    let path = paths.first().cloned().unwrap_or_default();
    Err(Error::NothingToAnalyse { root: path })
}
