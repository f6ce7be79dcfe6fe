//! The files that people write for rowlock, beside the project.

use super::{root, text};
use crate::error::Error;
use std::path::{Path, PathBuf};

/// A project, and where a file for it was found.
#[derive(Debug)]
pub(crate) struct Place {
    /// The root of the project: absolute, without symbolic links.
    pub(crate) root: PathBuf,
    /// The nearest file of the name, from the root of the project up to that of its repository.
    pub(crate) file: Option<PathBuf>,
}

/// The project that paths belong to, and the nearest file of a name.
///
/// # Errors
/// A path that does not exist.
pub(crate) fn locate(paths: &[PathBuf], name: &str) -> Result<Place, Error> {
    let given = paths.iter().map(|path| super::canonical(path)).collect::<Result<Vec<_>, _>>()?;
    let (root, _) = root::of(&given);
    let in_repository = root.ancestors().any(is_repository);
    let mut folders = root.ancestors();
    let mut file = None;
    while let Some(folder) = folders.next().filter(|_| file.is_none()) {
        file = Some(folder.join(name)).filter(|path| path.is_file());
        if !in_repository || is_repository(folder) {
            break;
        }
    }
    Ok(Place { root, file })
}

/// A folder of git's, or the file that stands for one in a worktree.
fn is_repository(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The text of a file.
///
/// # Errors
/// What does not exist or cannot be read.
pub(crate) fn text_of(path: &Path) -> Result<String, Error> {
    super::canonical(path)?;
    let read = text::read(path);
    let read = read.map_err(|reason| Error::Unreadable { path: path.to_owned(), reason })?;
    Ok(read.text)
}

/// A path as seen from a folder, with `/`: `../rowlock.toml`; as it is where they have nothing in common.
pub(crate) fn relative(path: &Path, folder: &Path) -> String {
    let join = |path: &Path| {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    };
    let mut up = String::new();
    for above in folder.ancestors().filter(|above| above.parent().is_some()) {
        if let Ok(below) = path.strip_prefix(above) {
            return format!("{up}{}", join(below));
        }
        up.push_str("../");
    }
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    #[test]
    fn paths_as_seen_from_a_folder() {
        let check = |path: &str, folder: &str, expected: &str| {
            assert_eq!(relative(Path::new(path), Path::new(folder)), expected);
        };
        check("/a/b/c.toml", "/a/b", "c.toml");
        check("/a/c.toml", "/a/b", "../c.toml");
        check("/a/ci/c.toml", "/a/b", "../ci/c.toml");
        check("/x/c.toml", "/a/b", "/x/c.toml");
    }
}
