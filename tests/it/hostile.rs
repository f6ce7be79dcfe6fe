//! Broken and malicious projects: no crash, no hang, and what is sound beside them is reported all the same.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A class with one certain finding, and all that it needs.
const SOUND: &[(&str, &str)] = &[
    (
        "triggers/Paid.trigger",
        "trigger Paid on Payment__c (after update) {
            Invoice__c invoice = new Invoice__c(Id = Trigger.new[0].Invoice__c);
            update invoice;
        }",
    ),
    (
        "objects/Payment__c.object",
        "<CustomObject><fields><fullName>Invoice__c</fullName><type>MasterDetail</type>
            <referenceTo>Invoice__c</referenceTo></fields></CustomObject>",
    ),
];

/// The sound files and these.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, content) in SOUND.iter().chain(files) {
        write(folder.path(), path, content);
    }
    folder
}

fn write(folder: &Path, path: &str, content: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::File::create(path).unwrap().write_all(content.as_bytes()).unwrap();
}

fn run(path: &Path, format: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rowlock"))
        .arg("check")
        .arg(path)
        .args(["--format", format])
        .output()
        .unwrap()
}

/// The issues of a project, as `file kind`. In every format the sound finding is there.
fn check(folder: &TempDir) -> Vec<String> {
    for format in ["terminal", "sarif"] {
        let output = run(folder.path(), format);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(text.contains("unguarded-parent-update"), "{format}");
        assert!(output.stderr.is_empty(), "{format}");
    }
    let output = run(folder.path(), "json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let sound = |it: &&Value| it["rule"] == "unguarded-parent-update" && it["path"] == SOUND[0].0;
    assert_eq!(report["findings"].as_array().unwrap().iter().filter(sound).count(), 1);
    let issue = |it: &Value| {
        let file = it["path"].as_str().unwrap().rsplit('/').next().unwrap();
        format!("{file} {}", it["kind"].as_str().unwrap())
    };
    report["issues"].as_array().unwrap().iter().map(issue).collect()
}

/// A class whose method the trigger of another file calls.
fn called(statements: &str) -> TempDir {
    let class = format!("public class C {{ public static void run() {{ {statements} }} }}");
    let trigger = "trigger T on Payment__c (after update) { C.run(); }";
    project(&[("classes/C.cls", &class), ("triggers/T.trigger", trigger)])
}

#[test]
fn nothing_to_analyse() {
    let folder = TempDir::new().unwrap();
    let code = |path: &Path| run(path, "json").status.code();
    assert_eq!(code(folder.path()), Some(3));
    write(folder.path(), "README.md", "# Nothing");
    assert_eq!(code(folder.path()), Some(3));
    assert_eq!(code(&folder.path().join("missing")), Some(3));
}

#[test]
fn broken_files() {
    let issues = check(&project(&[
        ("objects/A__c.object", "<CustomObject><label>A</lable></CustomObject>"),
        ("objects/B__c.object", "<CustomObject><fields><full"),
        ("objects/C__c.object", ""),
        ("customMetadata/D.E.md", "<CustomMetadata xsi:nil='true'/>"),
        ("customMetadata/README.md", "# Not a record"),
        ("flows/F.flow-meta.xml", "<Flow"),
        ("classes/G.cls", "public class G { void run() { update new Invoice__c(Id = "),
        ("classes/H.cls", ""),
    ]));
    let parse = [
        "G.cls",
        "H.cls",
        "D.E.md",
        "F.flow-meta.xml",
        "A__c.object",
        "B__c.object",
        "C__c.object",
    ];
    assert_eq!(issues, parse.map(|file| format!("{file} parse")));
}

#[test]
fn names_declared_twice() {
    let issues = check(&project(&[
        ("one/classes/A.cls", "public class A { }"),
        ("two/classes/A.cls", "public class a { }"),
        ("two/objects/Payment__c.object", SOUND[1].1),
    ]));
    assert_eq!(issues, ["A.cls duplicate"]);
}

#[test]
fn triggers_declared_twice() {
    let trigger = "trigger T on Payment__c (after update) { update new Invoice__c(Id = Trigger.new[0].Invoice__c); }";
    let folder =
        project(&[("one/triggers/T.trigger", trigger), ("two/triggers/T.trigger", trigger)]);
    assert_eq!(check(&folder), ["T.trigger duplicate"]);
    let report = String::from_utf8(run(folder.path(), "json").stdout).unwrap();
    assert!(report.contains("one/triggers/T.trigger") && report.contains("two/triggers/T.trigger"));
}

/// It hid the platform's class from all other files.
#[test]
fn a_class_with_the_name_of_a_platform_class() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/s01-rollup-contention");
    for name in ["Map", "List", "Set", "Id", "String", "Boolean", "SObject"] {
        let folder = TempDir::new().unwrap();
        let class = format!("public class {name} {{ }}");
        write(folder.path(), "force-app/main/default/classes/Named.cls", &class);
        for entry in walkdir::WalkDir::new(&sample) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(&sample).unwrap().to_str().unwrap();
                write(folder.path(), path, &std::fs::read_to_string(entry.path()).unwrap());
            }
        }
        let report: Value = serde_json::from_slice(&run(folder.path(), "json").stdout).unwrap();
        let found = report["findings"].as_array().unwrap();
        let is_kept = |it: &Value| it["rule"] == "parent-update";
        assert!(found.iter().any(is_kept), "{name}: {found:#?}");
    }
}

#[test]
fn deep_nesting_is_left_out() {
    let deep = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000))
    };
    for statements in [
        deep("{", "", "}"),
        deep("if (true) {", "", "}"),
        format!("Object o = {};", deep("!", "true", "")),
        format!("Object o = {};", deep("new List<Object>{", "1", "}")),
        format!("Object o = a{};", ".a()".repeat(10_000)),
    ] {
        assert_eq!(check(&called(&statements)), ["C.cls bound"]);
    }
    assert_eq!(check(&called(&format!("Integer i = {};", deep("(", "1", ")")))), [] as [&str; 0]);
    let sum = format!("String s = 'a'{};", " + 'a'".repeat(100_000));
    assert_eq!(check(&called(&sum)), [] as [&str; 0]);
}

/// A place took as long to find as its line is long.
#[test]
fn many_places_on_one_line() {
    let field = |n| {
        format!(
            "<fields><fullName>F{n}__c</fullName><type>Lookup</type><referenceTo>Invoice__c</referenceTo>
            <deleteConstraint>Restrict</deleteConstraint></fields><fields/>"
        )
        .replace('\n', " ")
    };
    let fields: String = (0..10_000).map(field).collect();
    let object = format!("<CustomObject>{fields}</CustomObject>");
    assert_eq!(check(&project(&[("objects/A__c.object", &object)])).len(), 10_000);
}

#[cfg(unix)]
mod unix {
    use super::{check, project};
    use std::os::unix::fs::symlink;
    use std::process::Command;

    fn pipe(path: &std::path::Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn what_is_no_file() {
        let folder = project(&[]);
        std::fs::create_dir(folder.path().join("A.cls")).unwrap();
        pipe(&folder.path().join("B.cls"));
        symlink("/missing", folder.path().join("C.cls")).unwrap();
        symlink("/dev/zero", folder.path().join("D.cls")).unwrap();
        symlink("E.cls", folder.path().join("E.cls")).unwrap();
        symlink("..", folder.path().join("objects/loop")).unwrap();
        let unread = ["C.cls", "D.cls", "E.cls"];
        assert_eq!(check(&folder), unread.map(|file| format!("{file} unreadable")));
    }

    /// Reading it waited for a writer for ever.
    #[test]
    fn a_list_of_ignored_files_that_is_a_pipe() {
        let folder = project(&[]);
        pipe(&folder.path().join(".forceignore"));
        assert_eq!(check(&folder), [] as [&str; 0]);
    }
}
