//! What stops a run, for the edges of the program: reading the project, and the command line.

use crate::base::SourceFile;
use std::io;
use std::ops::Range;
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
    #[error("there is no rule `{id}`{}", did_you_mean(nearest))]
    NoSuchRule { id: String, nearest: Vec<&'static str> },
    #[error("the project has no object `{name}`{}", did_you_mean(nearest))]
    NoSuchObject { name: String, nearest: Vec<String> },
    #[error("`{}` is in no git repository", path.display())]
    NoRepository { path: PathBuf },
    #[error("git knows no revision `{revision}`{}", if *shallow { " in this shallow clone" } else { "" })]
    NoSuchRevision { revision: String, shallow: bool },
    #[error("`{revision}` has no history in common with the files here{}", if *shallow { " in this shallow clone" } else { "" })]
    NoCommonHistory { revision: String, shallow: bool },
    #[error("the project does not exist at revision `{revision}`")]
    NothingAtRevision { revision: String },
    #[error("`git {command}` failed: {reason}")]
    Git { command: String, reason: String },
    #[error("`{save}` is no save")]
    NoSuchSave { save: String },
    #[error("{}", .0.reason)]
    Flaw(Box<Flaw>),
    #[error("the rule `{id}` is switched off in `{}`", config.display())]
    RuleIsOff { id: &'static str, config: PathBuf },
    #[error("`{}` was written by a newer rowlock (its version is {version}, this one knows 1)", path.display())]
    NewerBaseline { path: PathBuf, version: u64 },
    #[error("`{}` exists already", path.display())]
    Exists { path: PathBuf },
    #[error("`{}` cannot be written: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    #[error("two reports go to `{}`", path.display())]
    SameReport { path: PathBuf },
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// What is wrong in a file that people write for rowlock, and where.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub(crate) file: SourceFile,
    /// In bytes.
    pub(crate) place: Range<usize>,
    /// One line, lower case, without a full stop.
    pub(crate) reason: String,
    pub(crate) help: Option<&'static str>,
}

impl Error {
    /// 2 for wrong arguments, 3 for what could not be done.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::OutsideProject { .. }
            | Error::NoSuchRule { .. }
            | Error::NoSuchObject { .. }
            | Error::NoSuchSave { .. }
            | Error::NoSuchRevision { .. }
            | Error::NoCommonHistory { .. }
            | Error::NothingAtRevision { .. }
            | Error::Flaw(_)
            | Error::RuleIsOff { .. }
            | Error::NewerBaseline { .. }
            | Error::Exists { .. }
            | Error::SameReport { .. } => 2,
            Error::NoSuchPath { .. }
            | Error::Unreadable { .. }
            | Error::BadProjectFile { .. }
            | Error::NothingToAnalyse { .. }
            | Error::NoRepository { .. }
            | Error::Git { .. }
            | Error::Unwritable { .. }
            | Error::Output(_)
            | Error::Threads(_) => 3,
        }
    }

    /// What to do about it, in one line.
    pub(crate) fn help(&self) -> Option<&'static str> {
        match self {
            Error::BadProjectFile { .. } => Some("`sf` refuses it too; correct it first"),
            Error::NothingToAnalyse { .. } => Some(
                "give the folder of `sfdx-project.json` or `package.xml`; what `.forceignore` names, and `rowlock.toml` excludes, is left out",
            ),
            Error::OutsideProject { .. } => Some("run rowlock once for each project"),
            Error::NoSuchRule { .. } => Some("`rowlock rules` lists the rules"),
            Error::NoRepository { .. } => {
                Some("revisions are read from git: run rowlock in a clone")
            }
            Error::NoSuchRevision { shallow: true, .. } => {
                Some("fetch it first: `git fetch --deepen 100`, or `git fetch origin REVISION`")
            }
            Error::NoSuchRevision { shallow: false, .. } => {
                Some("give a branch, a tag or a commit that `git log` shows")
            }
            Error::NoCommonHistory { shallow: true, .. } => Some(
                "fetch more of it first: `git fetch --unshallow`, or `fetch-depth: 0` in GitHub's checkout",
            ),
            Error::NoCommonHistory { shallow: false, .. } => {
                Some("give a branch from which the files here come")
            }
            Error::NothingAtRevision { .. } => {
                Some("give a later revision, or the folder it was in")
            }
            Error::Git { .. } => Some("rowlock needs git 2.25 or newer for revisions"),
            Error::NoSuchSave { .. } => Some(
                "write an object and what is done to it: `Payment__c:insert`, `Account:update`",
            ),
            Error::NoSuchObject { .. } => Some("give the API name, with its namespace and suffix"),
            Error::Flaw(flaw) => flaw.help,
            Error::RuleIsOff { .. } => {
                Some("give it a severity there, or leave it out of `--rule`")
            }
            Error::NewerBaseline { .. } => Some(
                "install the newer rowlock; or delete the file, and write it anew with `rowlock baseline`",
            ),
            Error::Exists { .. } => Some("edit it, or delete it first"),
            Error::SameReport { .. } => Some("give each its own file"),
            Error::Unwritable { .. } => {
                Some("give a place in a folder that is there and can be written to")
            }
            Error::NoSuchPath { .. }
            | Error::Unreadable { .. }
            | Error::Output(_)
            | Error::Threads(_) => None,
        }
    }
}

/// The end of a sentence about a name that is not there.
pub(crate) fn did_you_mean(nearest: &[impl AsRef<str>]) -> String {
    if nearest.is_empty() {
        String::new()
    } else {
        let names: Vec<&str> = nearest.iter().map(AsRef::as_ref).collect();
        format!("; did you mean `{}`?", names.join("` or `"))
    }
}
