//! Allowances: `// rowlock:allow` in Apex, `[[allow]]` in `rowlock.toml`.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::write;
use crate::diff::{git, overwrite};
use crate::policy::{HANDLER, HANDLER_TEXT, MASTER, TRIGGER, found, json, library, said};
use std::path::Path;
use tempfile::TempDir;

const COMMENT: &str = "        // rowlock:allow parent-update -- one librarian\n        update";

/// The project with a comment above the update.
fn with_comment() -> TempDir {
    let folder = library();
    overwrite(&folder.path().join(HANDLER), &HANDLER_TEXT.replace("        update", COMMENT));
    folder
}

fn with_entry(at: &str) -> TempDir {
    let folder = library();
    let entry =
        format!("\n[[allow]]\nrule = 'master-detail-lock'\nat = '{at}'\nreason = 'few pages'\n");
    write(folder.path(), "rowlock.toml", &entry);
    folder
}

#[test]
fn a_comment_allows_a_finding() {
    let folder = with_comment();
    let folder = folder.path();
    assert_eq!(
        found(folder, &[]),
        ["parent-update warning allowed", "master-detail-lock note reported"]
    );
    let document = json(folder, &[]);
    assert_eq!(document["findings"][0]["justification"], "one librarian");
    assert_eq!(document["summary"]["allowed"], 1);
    let text = said(folder, &["check"], 0);
    assert!(
        text.contains("1 note in 4 files") && text.contains("1 finding not shown: allowed"),
        "{text}"
    );
    let text = said(folder, &["check", "--verbose"], 0);
    assert!(text.contains("= note: allowed: one librarian"), "{text}");
}

#[test]
fn line_ends_do_not_matter() {
    let folder = with_comment();
    let path = folder.path().join(HANDLER);
    let text = std::fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
    overwrite(&path, &text);
    assert_eq!(found(folder.path(), &[])[0], "parent-update warning allowed");
}

#[test]
fn comments_of_all_kinds_count() {
    let folder = library();
    let path = folder.path().join(HANDLER);
    let allowed = |find: &str, replace: &str| {
        overwrite(&path, &HANDLER_TEXT.replace(find, replace));
        found(folder.path(), &["--rule", "parent-update"]) == ["parent-update warning allowed"]
    };
    let line = "update new Book__c(Id = loans[0].Book__c);";
    assert!(allowed(line, &format!("{line} // rowlock:allow parent-update -- a")));
    assert!(allowed(line, &format!("/* rowlock:allow parent-update -- a */ {line}")));
    assert!(allowed(
        line,
        &format!("/**\n * Why.\n * rowlock:allow parent-update -- a\n */\n{line}")
    ));
    assert!(allowed(
        line,
        &format!("// rowlock:allow dml-in-loop, parent-update -- a\n// b\n{line}")
    ));
    assert!(allowed(
        "    public static",
        "    // rowlock:allow parent-update -- a\n    public static"
    ));
    assert!(allowed("public class", "// rowlock:allow parent-update -- a\npublic class"));
    assert!(allowed(
        "update new Book__c(Id = loans[0].Book__c);",
        "update new Book__c(\n Id = loans[0].Book__c\n); // rowlock:allow parent-update -- at its end"
    ));
    assert!(!allowed(line, &format!("// rowlock:allow parent-update -- a\n\n{line}")));
    assert!(!allowed(line, &format!("{line}\n// rowlock:allow parent-update -- below")));
    assert!(!allowed(line, &format!("String s = '// rowlock:allow parent-update -- a'; {line}")));
}

#[test]
fn a_comment_on_the_line_of_a_header_is_no_comment_above_it() {
    let folder = library();
    let text = HANDLER_TEXT.replace("loans) {", "loans) { // rowlock:allow parent-update -- a");
    overwrite(&folder.path().join(HANDLER), &text);
    assert_eq!(
        found(folder.path(), &["--rule", "parent-update"]),
        ["parent-update warning reported"]
    );
}

#[test]
fn sarif_closes_what_is_settled() {
    let folder = with_comment();
    let folder = folder.path();
    let entry =
        "[[allow]]\nrule = 'master-detail-lock'\nat = 'PAGE__C.Book__c'\nreason = 'few pages'\n";
    write(folder, "rowlock.toml", entry);
    let sarif: serde_json::Value =
        serde_json::from_str(&said(folder, &["check", "--format", "sarif"], 0)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressions: Vec<(&str, &str)> = results
        .iter()
        .map(|result| {
            let suppression = &result["suppressions"][0];
            (suppression["kind"].as_str().unwrap(), suppression["justification"].as_str().unwrap())
        })
        .collect();
    assert_eq!(suppressions, [("inSource", "one librarian"), ("external", "few pages")]);
    crate::policy::sarif_is_valid(&sarif);
}

#[test]
fn an_entry_allows_a_finding_by_its_anchor() {
    let folder = with_entry("Page__c.Book__c");
    assert_eq!(
        found(folder.path(), &[]),
        ["parent-update warning reported", "master-detail-lock note allowed"]
    );
}

#[test]
fn an_entry_of_no_use_is_found_where_it_stands() {
    let folder = with_entry("Page__c.Other__c");
    let document = json(folder.path(), &[]);
    let unused = &document["findings"][2];
    assert_eq!(unused["rule"], "unused-allow");
    assert_eq!(
        (&unused["path"], &unused["range"]["start"]["line"]),
        (&"rowlock.toml".into(), &4.into())
    );
    assert_eq!(document["summary"]["files"], 4, "the configuration is no file of the project");
    let text = said(folder.path(), &["check"], 1);
    assert!(text.contains("--> rowlock.toml:4:6"), "{text}");
    assert!(
        text.contains("no finding of `master-detail-lock` has the anchor `Page__c.Other__c`"),
        "{text}"
    );
}

#[test]
fn what_is_not_looked_at_is_not_unused() {
    let unused = |folder: &Path, args: &[&str]| {
        found(folder, args).iter().filter(|line| line.starts_with("unused-allow")).count()
    };
    let folder = with_entry("Page__c.Other__c");
    let folder = folder.path();
    let path = folder.join("rowlock.toml");
    assert_eq!(unused(folder, &[]), 1);
    assert_eq!(unused(folder, &["--rule", "parent-update"]), 0, "the rule is not run");
    assert_eq!(unused(folder, &["--rule", "master-detail-lock"]), 0, "not asked for");
    assert_eq!(unused(folder, &["--rule", "unused-allow"]), 1, "all are run for it");
    assert_eq!(unused(folder, &["classes"]), 0, "a part of the project");
    let text = std::fs::read_to_string(&path).unwrap();
    overwrite(&path, &format!("[rules]\nmaster-detail-lock = 'off'\n{text}"));
    assert_eq!(unused(folder, &[]), 0, "the rule is off");
    overwrite(&path, &format!("[rules]\nunused-allow = 'off'\n{text}"));
    assert_eq!(unused(folder, &[]), 0);
    overwrite(&path, &text.replace("master-detail-lock", "tightened-relationship"));
    assert_eq!(unused(folder, &[]), 0, "it speaks of changes only");
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "A library"]);
    assert_eq!(unused(folder, &["--since", "HEAD"]), 0, "it was for a change before");
}

#[test]
fn all_package_directories_are_the_project() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let sfdx = r#"{"packageDirectories": [{"path": "app"}, {"path": "more"}]}"#;
    write(folder, "sfdx-project.json", sfdx);
    crate::policy::library_in(&folder.join("app"));
    write(folder, "more/classes/More.cls", "public class More { }\n");
    write(folder, "rowlock.toml", "[[allow]]\nrule = 'dml-in-loop'\nat = 'x'\nreason = 'y'\n");
    let unused = |args: &[&str]| {
        found(folder, args).iter().filter(|line| line.starts_with("unused-allow")).count()
    };
    assert_eq!(unused(&["app"]), 0, "a part");
    assert_eq!(unused(&["app", "more"]), 1, "all that there is");
    assert_eq!(unused(&[]), 1);
}

#[test]
fn entries_of_a_shared_configuration_may_be_for_others() {
    let folder = TempDir::new().unwrap();
    git(folder.path(), &["init", "-q"]);
    let project = folder.path().join("project");
    crate::policy::library_in(&project);
    let entries = "model.dictionaries = ['Other__c']\n[[allow]]\nrule = 'dml-in-loop'\nat = 'x'\nreason = 'y'\n";
    write(folder.path(), "rowlock.toml", entries);
    let document = json(&project, &[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 2);
    assert_eq!(document["issues"], serde_json::json!([]));
    let given = json(&project, &["--config", "../rowlock.toml"]);
    assert_eq!(given["findings"], document["findings"]);
}

#[test]
fn a_configuration_without_history_is_taken_as_it_is() {
    let folder = TempDir::new().unwrap();
    let project = folder.path().join("project");
    crate::policy::library_in(&project);
    git(&project, &["init", "-q"]);
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-q", "-m", "A library"]);
    let entry = "[[allow]]\nrule = 'dml-in-loop'\nat = 'x'\nreason = 'y'\n";
    write(folder.path(), "elsewhere/rowlock.toml", entry);
    assert_eq!(
        found(&project, &["--since", "HEAD", "--config", "../elsewhere/rowlock.toml"]),
        [""; 0]
    );
}

#[test]
fn what_is_not_shown_is_used() {
    let folder = with_comment();
    let folder = folder.path();
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "A library"]);
    let only = ["parent-update warning allowed"];
    assert_eq!(found(folder, &["--since", "HEAD"]), only, "unchanged, and allowed");
    assert_eq!(found(folder, &["--confidence", "high"])[0], only[0]);
    let manifest =
        "<Package><types><members>Other</members><name>ApexClass</name></types></Package>";
    write(folder, "other/package.xml", manifest);
    assert_eq!(found(folder, &["--manifest", "other/package.xml"]), [""; 0]);
}

#[test]
fn a_change_brings_allowances_of_no_use() {
    let folder = with_comment();
    let folder = folder.path();
    write(folder, "classes/Old.cls", "// rowlock:allow dml-in-loop -- old\npublic class Old { }\n");
    let old = "[[allow]]\nrule = 'dml-in-loop'\nat = 'old'\nreason = 'x'\n";
    write(folder, "rowlock.toml", old);
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "A library"]);
    assert_eq!(found(folder, &["--since", "HEAD"]).len(), 1, "the old ones are there before");
    overwrite(&folder.join(TRIGGER), "trigger Loans on Loan__c (after insert) { }\n");
    let new = "[[allow]]\nrule = 'dml-in-loop'\nat = 'new'\nreason = 'y'\n";
    overwrite(&folder.join("rowlock.toml"), &format!("{new}{old}"));
    let document = json(folder, &["--since", "HEAD"]);
    let findings = document["findings"].as_array().unwrap();
    let places: Vec<&str> = findings.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(places, [HANDLER, "rowlock.toml"], "{findings:?}");
    assert_eq!(document["summary"]["unchanged"], 3);
    assert!(findings[1]["message"].as_str().unwrap().contains("`new`"));
}

#[test]
fn what_cannot_be_read_allows_nothing() {
    let folder = library();
    let text = HANDLER_TEXT
        .replace("        update", "        // rowlock:allow parent-updat -- x\n        update");
    overwrite(&folder.path().join(HANDLER), &text);
    assert_eq!(
        found(folder.path(), &[])[..2],
        ["unknown-rule warning reported", "parent-update warning reported"]
    );
    assert!(said(folder.path(), &["rule", "unknown-rule"], 0).starts_with("unknown-rule\n"));
    assert!(said(folder.path(), &["rule", "unused-allow"], 0).starts_with("unused-allow\n"));
}

#[test]
fn comments_in_metadata_do_not_count() {
    let folder = library();
    let path = folder.path().join(MASTER);
    let text = std::fs::read_to_string(&path).unwrap();
    overwrite(
        &path,
        &text.replace("    <type>", "    <!-- rowlock:allow master-detail-lock: x -->\n    <type>"),
    );
    assert_eq!(found(folder.path(), &[])[1], "master-detail-lock note reported");
}
