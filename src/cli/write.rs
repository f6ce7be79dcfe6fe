//! The files that rowlock writes for itself: whole, or not at all.

use crate::error::Error;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// Writes a file that is not there.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Error> {
    let file = beside(path, text.as_bytes()).map_err(|error| unwritable(path, &error))?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            Err(Error::Exists { path: path.to_owned() })
        }
        Err(error) => Err(unwritable(path, &error.error)),
    }
}

/// Writes a file, in place of the one that may be there.
///
/// # Errors
/// It cannot be written: what stood there stays.
pub(super) fn replace(path: &Path, text: &[u8]) -> Result<(), Error> {
    // Where a link points to is meant, not the link.
    let at = path.canonicalize().unwrap_or(path.to_owned());
    let there = at.metadata().ok();
    let written = match &there {
        Some(there) if there.is_file() && there.permissions().readonly() => {
            Err(io::Error::other("it is read-only"))
        }
        // A pipe or a device cannot be replaced; a folder says so itself.
        Some(there) if !there.is_file() => {
            OpenOptions::new().write(true).open(&at).and_then(|mut file| file.write_all(text))
        }
        _ => beside(&at, text).and_then(|file| file.persist(&at).map(drop).map_err(Into::into)),
    };
    written.map_err(|error| unwritable(path, &error))
}

/// The text in a new file in the same folder.
fn beside(path: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    let named = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = named.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::new(ErrorKind::NotFound, "its folder does not exist"));
    }
    let mut builder = Builder::new();
    builder.prefix(".rowlock-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Like any other file, less what the user's mask takes away: the next step of a build may be another user.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The message would have the name of the temporary file, which says nothing and differs from run to run.
    let mut file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(text)?;
    Ok(file)
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::Unwritable { path: path.to_owned(), reason: error.to_string() }
}
