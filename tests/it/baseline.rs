//! `rowlock baseline`: what is there may stay, what is new counts.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::write;
use crate::diff::{git, overwrite};
use crate::policy::{
    FIELD, HANDLER, HANDLER_TEXT, MASTER, TRIGGER, complaint, found, json, library, said,
};
use serde_json::json;
use snapbox::{assert_data_eq, str};
use std::path::Path;
use tempfile::TempDir;

const FILE: &str = "rowlock-baseline.json";

/// The project with a baseline of its two findings.
fn settled() -> TempDir {
    let folder = library();
    said(folder.path(), &["baseline"], 0);
    folder
}

fn text(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(FILE)).unwrap()
}

#[test]
fn the_file_has_a_line_for_each_finding() {
    let folder = library();
    let folder = folder.path();
    assert_eq!(
        said(folder, &["baseline"], 0),
        "rowlock-baseline.json written: 2 findings, 2 new, 0 gone\n"
    );
    assert_data_eq!(
        text(folder),
        str![[r#"
{
  "version": 1,
  "findings": [
    {"fingerprint":"v1:5ab9c73fc955d905","rule":"parent-update","at":"Loan__c -> Book__c via Loan__c.Book__c @ LoanHandler.run"},
    {"fingerprint":"v1:f2a2dee9120a45d9","rule":"master-detail-lock","at":"Page__c.Book__c"}
  ]
}

"#]]
    );
    assert_eq!(
        said(folder, &["baseline"], 0),
        "rowlock-baseline.json is up to date: 2 findings, 0 new, 0 gone\n"
    );
}

#[test]
fn what_it_has_does_not_count() {
    let folder = settled();
    let folder = folder.path();
    let verdicts = ["parent-update warning baselined", "master-detail-lock note baselined"];
    assert_eq!(found(folder, &[]), verdicts);
    assert_eq!(json(folder, &[])["summary"]["baselined"], 2);
    let text = said(folder, &["check"], 0);
    assert!(text.contains("no findings in 4 files"), "{text}");
    assert!(text.contains("2 findings not shown: in the baseline"), "{text}");
    let text = said(folder, &["check", "--verbose"], 0);
    assert!(text.contains("= note: in the baseline"), "{text}");
    said(folder, &["check", "--no-baseline"], 1);
    let sarif: serde_json::Value =
        serde_json::from_str(&said(folder, &["check", "--format", "sarif"], 0)).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"][0]["suppressions"],
        json!([{ "kind": "external", "justification": "in the baseline" }])
    );
    crate::policy::sarif_is_valid(&sarif);
}

#[test]
fn what_is_new_counts() {
    let folder = settled();
    let folder = folder.path();
    let field = std::fs::read_to_string(folder.join(MASTER)).unwrap();
    write(folder, "objects/Note__c/fields/Book__c.field-meta.xml", &field);
    assert_eq!(
        found(folder, &[]).iter().filter(|line| line.ends_with("reported")).collect::<Vec<_>>(),
        ["master-detail-lock note reported"]
    );
    assert_eq!(
        said(folder, &["baseline", "--check"], 1),
        "rowlock-baseline.json would change: 3 findings, 1 new, 0 gone\n"
    );
    assert_eq!(json(folder, &[])["summary"]["baselined"], 2, "--check writes nothing");
}

#[test]
fn code_may_move() {
    let folder = settled();
    let folder = folder.path();
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    let rename = |from: &str, to: &str| {
        std::fs::create_dir_all(folder.join(to).parent().unwrap()).unwrap();
        git(folder, &["mv", from, to]);
    };
    let moved =
        HANDLER_TEXT.replace("    ", "\t").replace("{\n", "{\n\n// moved\n").replace('\n', "\r\n");
    overwrite(&folder.join(HANDLER), &moved);
    rename(HANDLER, "more/classes/LoanHandler.cls");
    rename(TRIGGER, "triggers/Renamed.trigger");
    rename(FIELD, "more/objects/Loan__c/fields/Book__c.field-meta.xml");
    let crlf = text(folder).replace('\n', "\r\n");
    overwrite(&folder.join(FILE), &crlf);
    assert!(found(folder, &[]).iter().all(|line| line.ends_with("baselined")));
    said(folder, &["baseline", "--check"], 0);
}

#[test]
fn what_is_gone_is_told_and_taken_out() {
    let folder = settled();
    let folder = folder.path();
    overwrite(&folder.join(TRIGGER), "trigger Loans on Loan__c (after insert) { }\n");
    let field = std::fs::read_to_string(folder.join(MASTER)).unwrap();
    write(folder, "objects/Note__c/fields/Book__c.field-meta.xml", &field);
    let said_by_check = said(folder, &["check"], 0);
    assert!(
        said_by_check
            .contains("1 entry of the baseline is stale: `rowlock baseline --prune` takes it out"),
        "{said_by_check}"
    );
    let anchor = "Loan__c -> Book__c via Loan__c.Book__c @ LoanHandler.run";
    let verbose = said(folder, &["check", "--verbose"], 0);
    assert!(verbose.contains(&format!("  parent-update: {anchor}\n")), "{verbose}");
    let stale = &json(folder, &[])["stale"];
    assert_eq!((stale.as_array().unwrap().len(), &stale[0]["rule"]), (1, &json!("parent-update")));
    assert_eq!(stale[0]["anchor"], anchor);
    assert_eq!(
        said(folder, &["baseline", "--prune", "--check"], 1),
        "rowlock-baseline.json would change: 1 finding, 0 new, 1 gone\n"
    );
    said(folder, &["baseline", "--prune"], 0);
    assert!(
        found(folder, &[]).contains(&"master-detail-lock note reported".to_owned()),
        "only old ones go"
    );
    assert!(json(folder, &[]).get("stale").is_none());
}

#[test]
fn what_is_not_looked_at_is_not_stale() {
    let folder = settled();
    let folder = folder.path();
    overwrite(&folder.join(TRIGGER), "trigger Loans on Loan__c (after insert) { }\n");
    let stale = |args: &[&str]| json(folder, args)["stale"].as_array().map_or(0, Vec::len);
    assert_eq!(stale(&[]), 1);
    assert_eq!(stale(&["--rule", "master-detail-lock"]), 0);
    assert_eq!(stale(&["--rule", "parent-update"]), 1);
    assert_eq!(stale(&["classes"]), 0, "a part of the project");
    write(folder, "rowlock.toml", "[rules]\nparent-update = 'off'\n");
    assert_eq!(stale(&[]), 0);
}

#[test]
fn a_baseline_is_of_the_whole_project() {
    let folder = settled();
    let before = text(folder.path());
    let below = folder.path().join("classes");
    assert!(said(&below, &["baseline"], 0).contains("is up to date: 2 findings"));
    assert_eq!(text(folder.path()), before);
    assert!(!below.join(FILE).exists());
}

#[test]
fn without_a_file_there_is_nothing_to_prune() {
    let folder = library();
    let folder = folder.path();
    said(folder, &["baseline", "--check"], 1);
    said(folder, &["baseline", "--prune"], 0);
    assert!(!folder.join(FILE).exists());
    write(folder, "rowlock.toml", "[files]\ninclude = ['classes']\n");
    said(folder, &["baseline", "--check"], 0);
    assert!(said(folder, &["baseline"], 0).contains("written: 0 findings"));
    assert_eq!(text(folder), "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

#[test]
fn what_is_allowed_needs_no_entry() {
    let folder = library();
    let entry = "[[allow]]\nrule = 'master-detail-lock'\nat = 'Page__c.Book__c'\nreason = 'few'\n";
    write(folder.path(), "rowlock.toml", entry);
    assert!(said(folder.path(), &["baseline"], 0).contains("1 finding"));
}

#[test]
fn a_broken_baseline_is_told_with_its_place() {
    let folder = settled();
    let folder = folder.path();
    let good = text(folder);
    let breaks = |text: &str, expected: &str| {
        overwrite(&folder.join(FILE), text);
        let complaint = complaint(folder, &["check"], 2);
        assert!(complaint.contains(expected), "{complaint}");
        said(folder, &["check", "--no-baseline"], 1);
    };
    breaks(
        &good.replace("  \"findings", "<<<<<<< HEAD\n  \"findings"),
        "rowlock-baseline.json:3:1",
    );
    breaks(
        &good.replace("  \"findings", "<<<<<<< HEAD\n  \"findings"),
        "unresolved merge conflict",
    );
    breaks("{", "this is no baseline: EOF");
    breaks(&good.replace("v1:", "x"), "is no fingerprint");
    breaks(&good.replace("\"version\": 1", "\"version\": 2"), "was written by a newer rowlock");
    complaint(folder, &["baseline"], 2);
    assert!(text(folder).contains("\"version\": 2"), "one that is newer is left alone");
    overwrite(&folder.join(FILE), "{");
    complaint(folder, &["baseline", "--prune"], 2);
    said(folder, &["baseline"], 0);
    assert_eq!(text(folder), good, "it is written anew");
}

#[test]
fn paths_as_windows_writes_them_are_harmless() {
    let folder = settled();
    let folder = folder.path();
    let with_paths =
        text(folder).replace("\"at\":\"", "\"path\":\"force-app\\\\main\\\\A.cls\",\"at\":\"");
    overwrite(&folder.join(FILE), &with_paths);
    assert!(found(folder, &[]).iter().all(|line| line.ends_with("baselined")));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = settled();
    let folder = folder.path();
    let path = folder.join(FILE);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    overwrite(&folder.join(TRIGGER), "trigger Loans on Loan__c (after insert) { }\n");
    let complaint = complaint(folder, &["baseline"], 3);
    assert!(complaint.contains("cannot be written: it is read-only"), "{complaint}");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    said(folder, &["baseline"], 0);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o600, 0o600);
    let names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".rowlock-")), "{names:?}");
}
