//! `--report FORMAT=FILE`: the same findings for those who read files, whatever goes to standard output.

use crate::error::Error;
use crate::output::Format;
use anstream::StripStream;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A format and the file it goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

/// `sarif=rowlock.sarif`
pub(super) fn target(text: &str) -> Result<Target, String> {
    let words = || Format::ALL.map(Format::word).join(", ");
    let (word, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or_else(|| "give a format and a file: `sarif=rowlock.sarif`".to_owned())?;
    let format = Format::ALL.into_iter().find(|format| format.word() == word);
    let format = format.ok_or_else(|| format!("there is no format `{word}`: {}", words()))?;
    Ok(Target { format, path: PathBuf::from(path) })
}

/// Writes a report, which is there as a whole or not at all.
///
/// # Errors
/// The file cannot be written: what stood there stays.
pub(super) fn write(
    target: &Target,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let failed = |error: io::Error| Error::Unwritable {
        path: target.path.clone(),
        reason: error.to_string(),
    };
    let mut text = Vec::new();
    let rendered = match target.format {
        Format::Terminal => report(&mut StripStream::new(&mut text)),
        _ => report(&mut text),
    };
    rendered.and_then(|()| to_file(&target.path, &text)).map_err(failed)
}

fn to_file(path: &Path, text: &[u8]) -> io::Result<()> {
    // Where a link points to is meant, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        // A pipe or a device cannot be replaced; a folder says so itself.
        return OpenOptions::new().write(true).open(&path)?.write_all(text);
    }
    let named = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = named.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"));
    }
    // The message would have the name of the temporary file, which says nothing and differs from run to run.
    let mut file = temporary(folder).map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(text)?;
    file.persist(&path)?;
    Ok(())
}

/// With the permissions of any new file: the next step of a build may be another user.
#[cfg(unix)]
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o666);
    Builder::new().prefix(".rowlock-").permissions(permissions).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(".rowlock-").tempfile_in(folder)
}
