//! Reading of folders made for the purpose.

use super::{Project, Selection, read};
use crate::base::FileKind;
use crate::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with these files, each with this content.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, content) in files {
        write(folder.path(), path, content.as_bytes());
    }
    folder
}

fn write(folder: &Path, path: &str, content: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::File::create(path).unwrap().write_all(content).unwrap();
}

fn read_all(folder: &TempDir, paths: &[&str]) -> Result<Project, Error> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
    read(&paths, &Selection::all())
}

/// The paths read below the folder, and the root relative to the folder.
fn check(folder: &TempDir, paths: &[&str], root: &str, expected: &[&str]) {
    let project = read_all(folder, paths).unwrap();
    assert_eq!(project.root, folder.path().join(root).canonicalize().unwrap());
    let found: Vec<&str> = project.sources.files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(found, expected);
}

fn issues(project: &Project) -> Vec<String> {
    let issue = |issue: &crate::base::Issue| {
        let file = project.sources.file(issue.span.file);
        format!("{}@{} {:?}: {}", file.path, issue.span.start, file.kind, issue.message)
    };
    project.issues.iter().map(issue).collect()
}

/// The message of the error, without the folder's own name.
fn fails(folder: &TempDir, paths: &[&str], code: u8, expected: &str) {
    let error = read_all(folder, paths).unwrap_err();
    let base = folder.path().canonicalize().unwrap();
    let message = error
        .to_string()
        .replace(&*base.to_string_lossy(), "")
        .replace(&*folder.path().to_string_lossy(), "");
    assert_eq!((message.as_str(), error.exit_code()), (expected, code));
}

const PROJECT: (&str, &str) =
    ("sfdx-project.json", r#"{"packageDirectories": [{"path": "app"}, {"path": "./more/"}]}"#);

#[test]
fn package_directories_and_metadata_api_folders() {
    let folder = folder(&[
        PROJECT,
        ("app/main/classes/A.cls", ""),
        ("app/main/classes/A.cls-meta.xml", ""),
        ("app/objects/O__c/fields/F__c.field-meta.xml", ""),
        ("app/unpackaged/package.xml", ""),
        ("app/unpackaged/classes/U.cls", ""),
        ("more/B.trigger", ""),
        ("unpackaged/post/package.xml", ""),
        ("unpackaged/post/objects/P__c.object", ""),
        ("unpackaged/rollups/package.xml", ""),
        ("unpackaged/rollups/customMetadata/Rollup.Paid.md", ""),
        ("manifest/package.xml", ""),
        ("manifest/other/C.cls", ""),
        ("scripts/D.cls", ""),
    ]);
    let all = [
        "app/main/classes/A.cls",
        "app/main/classes/A.cls-meta.xml",
        "app/objects/O__c/fields/F__c.field-meta.xml",
        "app/unpackaged/classes/U.cls",
        "more/B.trigger",
        "unpackaged/post/objects/P__c.object",
        "unpackaged/rollups/customMetadata/Rollup.Paid.md",
    ];
    check(&folder, &["."], "", &all);
    check(&folder, &[".", "more", "app/main"], "", &all);
    check(&folder, &["app/main"], "", &all[..2]);
    check(&folder, &["app/main/classes/A.cls", "more/B.trigger"], "", &[all[0], all[4]]);
    check(&folder, &["app/objects/O__c/fields"], "", &all[2..3]);
    check(&folder, &["scripts"], "", &["scripts/D.cls"]);
}

#[test]
fn the_metadata_api_format() {
    let folder = folder(&[
        ("src/package.xml", ""),
        ("src/classes/A.cls", ""),
        ("src/objects/O__c.object", ""),
        ("backup/B.trigger", ""),
    ]);
    check(
        &folder,
        &["."],
        "",
        &["backup/B.trigger", "src/classes/A.cls", "src/objects/O__c.object"],
    );
    check(&folder, &["src"], "", &["src/classes/A.cls", "src/objects/O__c.object"]);
    check(&folder, &["src/classes/A.cls"], "", &["src/classes/A.cls"]);
    let other = self::folder(&[("deploy/package.xml", ""), ("deploy/classes/A.cls", "")]);
    check(&other, &["deploy/classes"], "deploy", &["classes/A.cls"]);
}

#[test]
fn plain_folders() {
    let folder = folder(&[
        ("x/A.cls", ""),
        ("y/z/B.cls", ""),
        ("objects/O__c/fields/F__c.field-meta.xml", ""),
    ]);
    check(&folder, &["x", "y"], "", &["x/A.cls", "y/z/B.cls"]);
    check(&folder, &["y/z/B.cls"], "y/z", &["B.cls"]);
    check(
        &folder,
        &["objects/O__c/fields/F__c.field-meta.xml"],
        "",
        &["objects/O__c/fields/F__c.field-meta.xml"],
    );
}

#[test]
fn ignored_files() {
    let folder = folder(&[
        PROJECT,
        (
            ".forceignore",
            "# comment\n**/old/**\n*Test.cls\n!KeepTest.cls\n/app/gone\npackage.xml\n",
        ),
        ("app/A.cls", ""),
        ("app/ATEST.CLS", ""),
        ("app/KeepTest.cls", ""),
        ("app/old/B.cls", ""),
        ("app/gone/C.cls", ""),
        ("app/.hidden/D.cls", ""),
        ("app/node_modules/E.cls", ""),
        ("more/gone/F.cls", ""),
        ("unpackaged/package.xml", ""),
        ("unpackaged/classes/G.cls", ""),
        (".sfdx/classes/H.cls", ""),
        (".sfdx/package.xml", ""),
    ]);
    let all = ["app/A.cls", "app/KeepTest.cls", "more/gone/F.cls", "unpackaged/classes/G.cls"];
    check(&folder, &["."], "", &all);
    check(&folder, &["app/A.cls", "app/old/B.cls"], "", &all[..1]);
    fails(&folder, &["app/gone"], 3, "no Apex and no metadata found in ``");
}

#[test]
fn a_list_of_ignored_files_in_another_encoding() {
    let folder = folder(&[("A.cls", ""), ("B.cls", "")]);
    write(folder.path(), ".forceignore", b"# caf\xE9\nB.cls\n");
    check(&folder, &["."], "", &["A.cls"]);
}

#[test]
fn what_cannot_be_analysed() {
    let folder = folder(&[
        ("a/sfdx-project.json", "{"),
        ("b/README.md", ""),
        ("c/C.cls", ""),
        ("d/sfdx-project.json", PROJECT.1),
    ]);
    fails(&folder, &["none"], 3, "`/none` does not exist");
    fails(&folder, &["b"], 3, "no Apex and no metadata found in `/b`");
    fails(&folder, &["b/README.md"], 3, "no Apex and no metadata found in `/b`");
    fails(
        &folder,
        &["a"],
        3,
        "`/a/sfdx-project.json` is no valid project file: EOF while parsing an object (line 1, column 1)",
    );
    fails(&folder, &["d"], 3, "`/d/app` is a package directory that does not exist");
    fails(&folder, &["d", "c"], 2, "`/c` is not part of the project in `/d`");
}

#[test]
fn a_missing_package_directory_is_an_issue() {
    let folder = folder(&[PROJECT, ("more/A.cls", "")]);
    let project = read_all(&folder, &["."]).unwrap();
    assert_eq!(issues(&project), ["app@0 Unread: is a package directory that does not exist"]);
}

#[test]
fn encodings_are_issues_of_their_files() {
    let folder = folder(&[("A.cls", "\u{FEFF}class A {}"), ("C.cls", "")]);
    write(folder.path(), "B.cls", b"// \xFF\n");
    let project = read_all(&folder, &["."]).unwrap();
    let message = "bytes that are no UTF-8 were replaced, here and possibly further on";
    assert_eq!(issues(&project), [format!("B.cls@3 ApexClass: {message}")]);
    let texts: Vec<&str> = project.sources.files().iter().map(|file| file.text.as_str()).collect();
    assert_eq!(texts, ["class A {}", "// \u{FFFD}\n", ""]);
}

#[test]
fn huge_files_are_skipped() {
    let folder = folder(&[("A.cls", "class A {}")]);
    let size = |path: &str, bytes: u64| {
        std::fs::File::create(folder.path().join(path)).unwrap().set_len(bytes).unwrap();
    };
    size("B.cls", 20 * 1024 * 1024);
    size("C.cls", 64 * 1024 * 1024 + 1);
    let project = read_all(&folder, &["."]).unwrap();
    assert_eq!(project.sources.files()[1].text.len(), 20 * 1024 * 1024);
    assert_eq!(project.sources.files()[2].kind, FileKind::Unread);
    assert_eq!(issues(&project), ["C.cls@0 Unread: is larger than 64 MB and was skipped"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_root() {
    let outside = folder(&[("X.cls", ""), ("lib/Y.cls", "")]);
    let folder = folder(&[
        PROJECT,
        ("app/A.cls", ""),
        ("shared/B.cls", ""),
        ("store/raw", ""),
        ("more/c/C.cls", ""),
    ]);
    let link = |target: &Path, link: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
    };
    link(Path::new("."), "app/loop");
    link(Path::new("../shared"), "app/shared");
    link(Path::new("../shared"), "app/again");
    link(Path::new("A.cls"), "app/SameA.cls");
    link(Path::new("../store/raw"), "app/Stored.cls");
    link(Path::new("nowhere"), "app/Broken.cls");
    link(Path::new("nowhere"), "app/broken.txt");
    link(&outside.path().join("X.cls"), "app/Outside.cls");
    link(&outside.path().join("lib"), "app/outside");
    link(Path::new("/dev/zero"), "app/Endless.cls");
    let project = read_all(&folder, &["."]).unwrap();
    let read = project.sources.files().iter().filter(|file| file.kind != FileKind::Unread);
    let read: Vec<&str> = read.map(|file| file.path.as_str()).collect();
    assert_eq!(read, ["app/A.cls", "app/Stored.cls", "more/c/C.cls", "shared/B.cls"]);
    let outside = "is a link to a place outside of the project, and was not followed";
    let mut expected = vec![
        "app/Broken.cls@0 Unread: is a link that leads nowhere: No such file or directory (os error 2)".to_owned(),
    ];
    expected.extend(
        ["Endless.cls", "Outside.cls", "outside"]
            .map(|name| format!("app/{name}@0 Unread: {outside}")),
    );
    assert_eq!(issues(&project), expected);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_skipped() {
    let folder = folder(&[("A.cls", "")]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("B.cls")).unwrap();
    check(&folder, &["."], "", &["A.cls"]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"A\xFF.cls");
    std::fs::File::create(folder.path().join(name)).unwrap();
    check(&folder, &["."], "", &["A\u{FFFD}.cls"]);
}
