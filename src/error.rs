//! What stops a run, for the edges of the program: reading the project, and the command line.

use std::path::PathBuf;

/// An error that the user must act on. Everything below the edges gives issues instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{}` does not exist", path.display())]
    NoSuchPath { path: PathBuf },
    #[error("no Apex and no metadata found in {}", root.display())]
    NothingToAnalyse { root: PathBuf },
}
