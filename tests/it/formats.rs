//! Every format on the same sample, and reports in files beside it.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::Value;
use snapbox::cmd::OutputAssert;
use snapbox::str;
use std::fs;
use std::path::Path;

const FORMATS: [&str; 8] =
    ["terminal", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"];

/// The folder of a small sample with two warnings.
fn sample() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/s01-rollup-contention")
}

fn check(folder: &Path, args: &[&str]) -> OutputAssert {
    rowlock().current_dir(folder).arg("check").arg(sample()).args(args).assert()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn no_format_changes_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        check(folder.path(), &["--format", format]).code(1).stderr_eq("");
        check(folder.path(), &["--format", format, "--fail-on", "error"]).code(0);
    }
}

#[test]
fn every_format_tells_of_every_finding() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let assert = check(folder.path(), &["--format", format]);
        let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        for word in ["parent-update", "rollup-contention", "InvoiceStamp.cls"] {
            assert!(text.contains(word), "{format} has no {word}");
        }
        assert!(text.ends_with('\n') && !text.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn all_reports_are_written_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let reports: Vec<String> =
        FORMATS.iter().map(|word| format!("--report={word}=out.{word}")).collect();
    let args: Vec<&str> = reports.iter().map(String::as_str).collect();
    check(folder.path(), &args).code(1).stderr_eq("");
    for format in FORMATS.into_iter().filter(|format| *format != "terminal") {
        let alone = check(folder.path(), &["--format", format]).get_output().stdout.clone();
        let report = fs::read(folder.path().join(format!("out.{format}"))).unwrap();
        assert!(alone == report, "{format} is the same in a file");
    }
    assert_eq!(names(folder.path()).len(), FORMATS.len(), "nothing else is left there");
}

#[test]
fn a_report_that_cannot_be_written_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let reports = ["--report=json=nowhere/a.json", "--report=sarif=b.sarif", "--fail-on=never"];
    check(folder.path(), &reports).code(3).stderr_eq(str![[r#"
error: `nowhere/a.json` cannot be written: its folder does not exist
help: give a place in a folder that is there and can be written to

"#]]);
    let log: Value =
        serde_json::from_slice(&fs::read(folder.path().join("b.sarif")).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(names(folder.path()), ["b.sarif"]);
}

#[test]
fn wrong_reports_are_usage_errors() {
    let folder = tempfile::tempdir().unwrap();
    for report in ["json", "json=", "xml=a.xml"] {
        check(folder.path(), &["--report", report]).code(2).stdout_eq("");
    }
    let twice = ["--report", "json=a", "--report", "html=a"];
    check(folder.path(), &twice).code(2).stdout_eq("").stderr_eq(str![[r#"
error: two reports go to `a`
help: give each its own file

"#]]);
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_report_replaces_files_and_writes_to_devices() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "real/old.json", "old");
    symlink("real/old.json", folder.path().join("link.json")).unwrap();
    check(
        folder.path(),
        &["--report=json=link.json", "--report=sarif=/dev/null", "--report=gitlab=new.json"],
    )
    .code(1);
    assert!(fs::symlink_metadata(folder.path().join("link.json")).unwrap().is_symlink());
    let text = fs::read_to_string(folder.path().join("real/old.json")).unwrap();
    assert!(text.starts_with('{'), "{text}");
    let mode = fs::metadata(folder.path().join("new.json")).unwrap().permissions().mode();
    assert_ne!(mode & 0o044, 0, "others may read it: {mode:o}");
    assert!(
        fs::metadata("/dev/null").unwrap().file_type()
            != fs::metadata(folder.path().join("new.json")).unwrap().file_type()
    );
}

#[test]
fn servers_know_files_by_their_path_in_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let root = "orgs/sales";
    write(
        folder.path(),
        "orgs/sales/sfdx-project.json",
        r#"{ "packageDirectories": [{ "path": "app" }] }"#,
    );
    write(
        folder.path(),
        "orgs/sales/app/triggers/T.trigger",
        "trigger T on Contact (after update) {\n  update new Account(Id = Trigger.new[0].AccountId);\n}\n",
    );
    let run = |format: &str| {
        let assert = rowlock()
            .current_dir(folder.path().join(root))
            .args(["check", "--format", format])
            .assert()
            .code(1);
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let path = "orgs/sales/app/triggers/T.trigger";
    let entries: Value = serde_json::from_str(&run("gitlab")).unwrap();
    assert_eq!(entries[0]["location"]["path"], path);
    let log: Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(
        log.pointer("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri").unwrap(),
        path
    );
    assert!(run("github").contains(&format!("::warning file={path},line=2,")));
    let json: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(json["findings"][0]["path"], "app/triggers/T.trigger", "that of the project");
}

#[cfg(unix)]
#[test]
fn what_is_xml_can_be_read_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "trigger T on Contact (after update) {\n  update new Account(Id = Trigger.new[0].AccountId); // \u{b} ]]> <&\n}\n";
    write(folder.path(), "triggers/<a & 'b'>.trigger", evil);
    let run =
        rowlock().current_dir(folder.path()).args(["check", "--format", "junit"]).assert().code(1);
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert!(failure.text().unwrap().contains("triggers/<a & 'b'>.trigger:2:3: "), "{text}");
}
