//! The files that rowlock writes for itself: whole, or not at all.

use crate::error::Error;
use std::io::{ErrorKind, Write};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// Writes a file that is not there.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Error> {
    match beside(path, text)?.persist_noclobber(path) {
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
/// It cannot be written.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    // A link stays one.
    let path = path.canonicalize().unwrap_or(path.to_owned());
    let is_read_only = path.metadata().is_ok_and(|it| it.permissions().readonly());
    if is_read_only {
        let reason = "it is read-only".to_owned();
        return Err(Error::Unwritable { path, reason });
    }
    let written = beside(&path, text)?.persist(&path);
    written.map(drop).map_err(|error| unwritable(&path, &error.error))
}

/// The text in a new file in the same folder.
fn beside(path: &Path, text: &str) -> Result<NamedTempFile, Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".rowlock-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Like any other file, less what the user's mask takes away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file));
    written.map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::Unwritable { path: path.to_owned(), reason: error.to_string() }
}
