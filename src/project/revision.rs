//! A project as it was at a revision: read from git's objects; the working tree and its index are left alone.

use super::{Project, Selection, kind, read};
use crate::error::Error;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Files that say what belongs to a project.
const PROJECT_FILES: [&str; 3] = ["sfdx-project.json", ".forceignore", "package.xml"];

/// Reads the project that the paths belong to, as it was at a revision.
///
/// # Errors
/// No git, no repository, a revision that is not there; and what `read` says.
pub(crate) fn read_at(
    paths: &[PathBuf],
    revision: &str,
    selection: &Selection,
) -> Result<Project, Error> {
    let (git, given) = repository(paths)?;
    let commit = git.commit(revision)?;
    let top = git.text(["rev-parse", "--show-toplevel"]).unwrap_or_default();
    let top = super::canonical(Path::new(&top))?;
    let temporary = TempDir::new()?;
    let index = Some(temporary.path().join("index"));
    let git = Git { folder: top.clone(), index };
    git.run(["read-tree", &commit], &[])?;
    let tree = temporary.path().join("tree");
    let wanted: Vec<u8> = git
        .run(["ls-files", "-z"], &[])?
        .split(|byte| *byte == 0)
        .filter(|path| is_wanted(path))
        .flat_map(|path| path.iter().copied().chain([0]))
        .collect();
    let prefix = format!("--prefix={}/", tree.display());
    git.run(["checkout-index", "-q", "-z", "--stdin", &prefix], &wanted)?;
    let mut there: Vec<PathBuf> = given
        .iter()
        .map(|path| path.strip_prefix(&top).map_or(tree.clone(), |path| tree.join(path)))
        .collect();
    // Some may be newer than the revision.
    there.retain(|path| path.exists());
    if there.is_empty() {
        return Err(Error::NothingAtRevision { revision: revision.to_owned() });
    }
    read(&there, selection)
}

/// Reads the project as it was where the history of the files here left that of a revision; nothing where there was none.
///
/// # Errors
/// As `read_at`; and no common history.
pub(crate) fn read_before(
    paths: &[PathBuf],
    revision: &str,
    selection: &Selection,
) -> Result<Option<Project>, Error> {
    let (git, _) = repository(paths)?;
    match read_at(paths, &git.base(revision)?, selection) {
        Ok(project) => Ok(Some(project)),
        Err(Error::NothingAtRevision { .. } | Error::NothingToAnalyse { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file's text as it was where the history of the files here left that of a revision; nothing where there was none.
///
/// # Errors
/// As `read_before`.
pub(crate) fn text_before(path: &Path, revision: &str) -> Result<Option<String>, Error> {
    let (git, given) = repository(&[path.to_owned()])?;
    let base = git.base(revision)?;
    let name = given.first().and_then(|path| path.file_name()).unwrap_or_default();
    Ok(git.text(["show", &format!("{base}:./{}", name.to_string_lossy())]))
}

/// Git in the folder of the paths, which are made absolute.
fn repository(paths: &[PathBuf]) -> Result<(Git, Vec<PathBuf>), Error> {
    let given = paths.iter().map(|path| super::canonical(path)).collect::<Result<Vec<_>, _>>()?;
    let first = given.first().map_or(Path::new("."), PathBuf::as_path);
    let folder = if first.is_dir() { first } else { first.parent().unwrap_or(first) };
    Ok((Git { folder: folder.to_owned(), index: None }, given))
}

fn is_wanted(path: &[u8]) -> bool {
    let path = String::from_utf8_lossy(path);
    let name = path.rsplit('/').next().unwrap_or(&path);
    PROJECT_FILES.contains(&name) || kind::of(&path).is_some()
}

/// Git in some folder, perhaps with an index of its own.
struct Git {
    folder: PathBuf,
    index: Option<PathBuf>,
}

impl Git {
    /// The commit that a revision names.
    fn commit(&self, revision: &str) -> Result<String, Error> {
        if self.text(["rev-parse", "--git-dir"]).is_none() {
            return Err(Error::NoRepository { path: self.folder.clone() });
        }
        let commit = format!("{revision}^{{commit}}");
        let found = self.text(["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        found.ok_or_else(|| Error::NoSuchRevision {
            revision: revision.to_owned(),
            shallow: self.is_shallow(),
        })
    }

    /// Where the history here left that of a revision.
    fn base(&self, revision: &str) -> Result<String, Error> {
        let commit = self.commit(revision)?;
        self.text(["merge-base", &commit, "HEAD"]).ok_or_else(|| Error::NoCommonHistory {
            revision: revision.to_owned(),
            shallow: self.is_shallow(),
        })
    }

    fn is_shallow(&self) -> bool {
        let answer = self.text(["rev-parse", "--is-shallow-repository"]);
        answer.is_some_and(|answer| answer == "true")
    }

    /// What a command prints, without the blanks around it; nothing where it fails.
    fn text<const N: usize>(&self, args: [&str; N]) -> Option<String> {
        let output = self.run(args, &[]).ok()?;
        let text = String::from_utf8(output).ok()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    fn run<const N: usize>(&self, args: [&str; N], input: &[u8]) -> Result<Vec<u8>, Error> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(args.map(OsStr::new));
        // Large files are of no interest.
        command.env("GIT_LFS_SKIP_SMUDGE", "1");
        // A hook that runs rowlock has set them for its own repository, relative to another folder.
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(inherited);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let failed = |reason: String| Error::Git { command: args.join(" "), reason };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A git that goes away says why at the end.
            let _ = stdin.write_all(input);
        }
        let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
        }
    }
}
