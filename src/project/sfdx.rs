//! `sfdx-project.json`: which folders are package directories.

use crate::base::{FileKind, SourceFile};
use crate::error::Error;
use serde::Deserialize;
use std::path::{Path, PathBuf};

pub(super) const PROJECT_FILE: &str = "sfdx-project.json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProjectFile {
    package_directories: Vec<PackageDirectory>,
}

#[derive(Deserialize)]
struct PackageDirectory {
    path: String,
}

/// The package directories, as written, in file order. They need not exist.
pub(super) fn package_directories(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let path = root.join(PROJECT_FILE);
    match super::text::read(&path) {
        Ok(text) => parse(&path, text.text),
        Err(reason) => Err(Error::Unreadable { path, reason }),
    }
}

fn parse(path: &Path, text: String) -> Result<Vec<PathBuf>, Error> {
    let bad = |line, column, reason| Error::BadProjectFile {
        path: path.to_owned(),
        line,
        column,
        reason,
    };
    let file: ProjectFile = match serde_json::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let source = SourceFile::new(PROJECT_FILE.to_owned(), FileKind::Unread, text);
            if let Some(at) = source.conflict_marker() {
                let place = source.line_column(at);
                return Err(bad(
                    place.line,
                    place.column,
                    "it has an unresolved merge conflict".to_owned(),
                ));
            }
            let (line, column) = (error.line(), error.column());
            let whole = error.to_string();
            let reason =
                whole.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&whole);
            return Err(bad(line.max(1), column.max(1), reason.to_owned()));
        }
    };
    Ok(file
        .package_directories
        .into_iter()
        .map(|directory| PathBuf::from(directory.path))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::path::{Path, PathBuf};

    fn check(text: &str, expected: Result<&[&str], &str>) {
        let found =
            parse(Path::new("p/sfdx-project.json"), text.into()).map_err(|error| error.to_string());
        let expected = expected.map(|paths| paths.iter().map(PathBuf::from).collect());
        assert_eq!(
            found,
            expected.map_err(|reason| format!(
                "`p/sfdx-project.json` is no valid project file: {reason}"
            ))
        );
    }

    #[test]
    fn package_directories() {
        check(
            r#"{"packageDirectories": [{"path": "a", "default": true}, {"path": "./b/c/"}]}"#,
            Ok(&["a", "./b/c/"]),
        );
        check(r#"{"packageDirectories": [], "namespace": null}"#, Ok(&[]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        check("", Err("EOF while parsing a value (line 1, column 1)"));
        check("{\n}", Err("missing field `packageDirectories` (line 2, column 1)"));
        check(
            "{\"packageDirectories\": \"a\"}",
            Err("invalid type: string \"a\", expected a sequence (line 1, column 26)"),
        );
        check("{\n  \"packageDirectories\": [{]}", Err("key must be a string (line 2, column 27)"));
        check(
            "{\n<<<<<<< HEAD\n=======\n>>>>>>> b\n}",
            Err("it has an unresolved merge conflict (line 2, column 1)"),
        );
    }
}
