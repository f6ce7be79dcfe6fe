//! What stops a run, for the edges of the program: reading the project, and the command line.

use std::io;
use std::path::PathBuf;

/// An error that the user must act on. Everything below the edges gives issues instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{}` does not exist", path.display())]
    NoSuchPath { path: PathBuf },
    #[error("`{}` {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    /// Line and column count from 1.
    #[error("`{}` is no valid project file: {reason} (line {line}, column {column})", path.display())]
    BadProjectFile { path: PathBuf, line: usize, column: usize, reason: String },
    #[error("no Apex and no metadata found in `{}`", root.display())]
    NothingToAnalyse { root: PathBuf },
    #[error("`{}` is not part of the project in `{}`", path.display(), root.display())]
    OutsideProject { path: PathBuf, root: PathBuf },
    #[error("there is no rule `{id}`")]
    NoSuchRule { id: String, nearest: Vec<&'static str> },
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl Error {
    /// 2 for what was asked, 3 for what could not be done.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::OutsideProject { .. } | Error::NoSuchRule { .. } => 2,
            Error::NoSuchPath { .. }
            | Error::Unreadable { .. }
            | Error::BadProjectFile { .. }
            | Error::NothingToAnalyse { .. }
            | Error::Output(_)
            | Error::Threads(_) => 3,
        }
    }

    /// What to do about it, on one line.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Error::BadProjectFile { .. } => Some("`sf` refuses it too; correct it first".into()),
            Error::NothingToAnalyse { .. } => Some(
                "give the folder of `sfdx-project.json` or `package.xml`; what `.forceignore` names is left out".into(),
            ),
            Error::OutsideProject { .. } => Some("run rowlock once for each project".into()),
            Error::NoSuchRule { nearest, .. } if nearest.is_empty() => {
                Some("`rowlock rules` lists them".into())
            }
            Error::NoSuchRule { nearest, .. } => {
                Some(format!("did you mean `{}`?", nearest.join("`, `")))
            }
            Error::NoSuchPath { .. }
            | Error::Unreadable { .. }
            | Error::Output(_)
            | Error::Threads(_) => None,
        }
    }
}
