//! `rowlock diff`, on the history of a sample.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::rowlock;
use serde_json::Value;
use snapbox::str;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const FIELD: &str = "force-app/main/default/objects/Loan__c/fields/Book__c.field-meta.xml";

const LOOKUP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>Book__c</fullName>
    <deleteConstraint>SetNull</deleteConstraint>
    <referenceTo>Book__c</referenceTo>
    <relationshipName>Loans</relationshipName>
    <type>Lookup</type>
</CustomField>
"#;

pub(crate) fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
    command.args(["-c", "commit.gpgsign=false"]).args(args);
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) fn overwrite(path: &Path, text: &str) {
    std::io::Write::write_all(&mut std::fs::File::create(path).unwrap(), text.as_bytes()).unwrap();
}

/// The sample in a repository, in a folder below its top: first with the lookup, then as it is.
fn library() -> TempDir {
    let folder = TempDir::new().unwrap();
    let project = folder.path().join("library");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/s03-lookup-to-master-detail"),
        &project,
    );
    let master_detail = std::fs::read_to_string(project.join(FIELD)).unwrap();
    overwrite(&project.join(FIELD), LOOKUP);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "A lookup"]);
    overwrite(&project.join(FIELD), &master_detail);
    folder
}

#[test]
fn a_lookup_that_became_a_master_detail_locks_the_master() {
    let repository = library();
    let project = repository.path().join("library");
    rowlock().current_dir(&project).args(["diff", "HEAD"]).assert().code(1).stdout_eq(str![[r#"
+ insert or update or delete or undelete of a `Loan__c` locks the `Book__c` that `Loan__c.Book__c` points to
     it is the master of `Loan__c` (CS-08, DR-01)
       force-app/main/default/objects/Loan__c/fields/Book__c.field-meta.xml:10  `Loan__c.Book__c` is declared here

1 lock added, 0 removed

"#]]);
}

#[test]
fn revisions_are_compared_without_the_working_tree() {
    let repository = library();
    let project = repository.path().join("library");
    git(repository.path(), &["commit", "-q", "-a", "-m", "A master-detail"]);
    // Whatever lies about now does not count, and stays as it is.
    overwrite(&project.join(FIELD), "<broken");
    let diff = |args: &[&str]| {
        let assert = rowlock().current_dir(&project).arg("diff").args(args).assert();
        let output = assert.get_output().clone();
        (output.status.code(), output.stdout)
    };
    assert_eq!(diff(&["HEAD", "HEAD"]).0, Some(0));
    let (code, _) = diff(&["HEAD~1", "HEAD"]);
    assert_eq!(code, Some(1));
    let (code, json) = diff(&["HEAD", "HEAD~1", "--format", "json"]);
    assert_eq!(code, Some(0), "fewer locks are no failure");
    let document: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(document["removed"][0]["via"], "Loan__c.Book__c");
    assert_eq!(std::fs::read_to_string(project.join(FIELD)).unwrap(), "<broken");
}

#[test]
fn what_cannot_be_read_is_told() {
    let repository = library();
    let project = repository.path().join("library");
    overwrite(&project.join(FIELD), "<broken");
    rowlock().current_dir(&project).args(["diff", "HEAD"]).assert().success().stdout_eq(str![[
        r#"
0 places could not be read before, 1 after: what they hide looks like a change

0 locks added, 0 removed

"#
    ]]);
}

/// That another save locked the same rows before is no evidence.
#[test]
fn the_evidence_is_that_of_the_save_that_is_new() {
    let repository = library();
    let project = repository.path().join("library");
    let trigger = |name: &str, event: &str| {
        let text = format!(
            "trigger {name} on Loan__c (after {event}) {{
                Map<Id, Book__c> books = new Map<Id, Book__c>();
                for (Loan__c row : Trigger.new) {{ books.put(row.Book__c, new Book__c(Id = row.Book__c)); }}
                update books.values();
            }}"
        );
        crate::cli::write(
            &project,
            &format!("force-app/main/default/triggers/{name}.trigger"),
            &text,
        );
    };
    trigger("Inserted", "insert");
    git(repository.path(), &["add", "-A"]);
    git(repository.path(), &["commit", "-q", "-m", "A trigger"]);
    trigger("Updated", "update");
    let assert =
        rowlock().current_dir(&project).args(["diff", "HEAD", "--format", "json"]).assert();
    let document: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let added = document["added"].as_array().unwrap();
    assert_eq!(added.len(), 1);
    assert_eq!(added[0]["events"], serde_json::json!(["Loan__c:update"]));
    let path = added[0]["chain"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("Updated.trigger"), "{path}");
}

#[test]
fn what_cannot_be_compared() {
    let repository = library();
    let project = repository.path().join("library");
    let fails = |args: &[&str], code: i32, message: &str| {
        let assert = rowlock().current_dir(&project).arg("diff").args(args).assert().code(code);
        let error = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(error.contains(message), "{error}");
    };
    fails(&["nowhere"], 2, "git knows no revision `nowhere`");
    fails(&["--", "--help"], 2, "git knows no revision `--help`");
    let outside = TempDir::new().unwrap();
    let outside = outside.path().to_str().unwrap();
    fails(&["HEAD", "--project", outside], 3, "is in no git repository");
}
