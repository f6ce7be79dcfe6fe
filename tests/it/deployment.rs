//! `--manifest` and `--files-from`: only what is deployed counts.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use crate::policy::{FIELD, HANDLER, MASTER, TRIGGER, complaint, found, json, library};
use std::path::Path;

const PARENT: &str = "parent-update warning reported";
const DETAIL: &str = "master-detail-lock note reported";

fn manifest(folder: &Path, name: &str, members: &[(&str, &str)]) {
    let types: String = members
        .iter()
        .map(|(kind, name)| format!("<types><members>{name}</members><name>{kind}</name></types>"))
        .collect();
    let text = format!(
        "<?xml version=\"1.0\"?>\n<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\">{types}</Package>\n"
    );
    write(folder, name, &text);
}

fn deployed(members: &[(&str, &str)]) -> Vec<String> {
    let folder = library();
    manifest(folder.path(), "deploy/package.xml", members);
    found(folder.path(), &["--manifest", "deploy/package.xml"])
}

#[test]
fn what_touches_a_component_counts() {
    assert_eq!(deployed(&[("ApexClass", "LoanHandler")]), [PARENT]);
    assert_eq!(deployed(&[("ApexTrigger", "*")]), [PARENT], "the way leads through it");
    assert_eq!(deployed(&[("CustomField", "Page__c.Book__c")]), [DETAIL]);
    assert_eq!(deployed(&[("CustomObject", "Page__c")]), [DETAIL], "with its fields");
    assert_eq!(deployed(&[("CustomObject", "Loan__c")]), [PARENT], "the anchor names it");
    assert_eq!(deployed(&[("ApexClass", "*"), ("CustomField", "*")]), [PARENT, DETAIL]);
    assert_eq!(deployed(&[("ApexClass", "Other"), ("Layout", "*")]), [""; 0]);
}

#[test]
fn what_is_outside_is_counted() {
    let folder = library();
    let folder = folder.path();
    manifest(folder, "deploy/package.xml", &[("ApexClass", "LoanHandler")]);
    let document = json(folder, &["--manifest", "deploy/package.xml"]);
    assert_eq!(document["summary"]["outside"], 1);
    assert_eq!(document["summary"]["files"], 4, "the whole project is read");
    let assert = rowlock()
        .current_dir(folder)
        .args(["check", "--manifest", "deploy/package.xml"])
        .assert()
        .code(1)
        .stderr_eq("");
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("1 finding not shown: no part of what is deployed"), "{text}");
}

#[test]
fn what_is_deleted_does_not_count() {
    let folder = library();
    let folder = folder.path();
    let all = [("ApexClass", "*"), ("ApexTrigger", "*"), ("CustomField", "*")];
    manifest(folder, "deploy/package.xml", &all);
    manifest(folder, "deploy/destructiveChangesPost.xml", &[("CustomField", "Page__c.Book__c")]);
    assert_eq!(found(folder, &["--manifest", "deploy/package.xml"]), [PARENT]);
    manifest(folder, "other/package.xml", &all);
    let post = "deploy/destructiveChangesPost.xml";
    assert_eq!(found(folder, &["--manifest", "other/package.xml", "--manifest", post]), [PARENT]);
}

#[test]
fn a_deployment_of_something_else_is_told() {
    let folder = library();
    manifest(folder.path(), "deploy/package.xml", &[("ApexClass", "Other"), ("Layout", "A")]);
    let command = rowlock().current_dir(folder.path());
    let assert = command.args(["check", "--manifest", "deploy/package.xml"]).assert().code(0);
    let error = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(error.contains("Nothing of what is deployed"), "{error}");
}

#[test]
fn what_is_no_manifest_is_told() {
    let folder = library();
    let folder = folder.path();
    write(folder, "bad.xml", "<Package>\n<types>\n");
    let says = |name: &str, code: i32, expected: &str| {
        let complaint = complaint(folder, &["check", "--manifest", name], code);
        assert!(complaint.contains(expected), "{complaint}");
    };
    says("bad.xml", 2, "this is no manifest: it ends in the middle of an element");
    says("bad.xml", 2, "--> bad.xml:2:8");
    says(FIELD, 2, "holds <CustomField> where <Package> belongs");
    says("nowhere.xml", 3, "`nowhere.xml` does not exist");
}

#[test]
fn files_of_a_list_count() {
    let folder = library();
    let folder = folder.path();
    let with = |list: &str| {
        write(folder, "list", list);
        found(folder, &["--files-from", "list"])
    };
    assert_eq!(with(&format!("{MASTER}\n")), [DETAIL]);
    assert_eq!(with(&format!("{MASTER}\0{HANDLER}\0")), [PARENT, DETAIL]);
    assert_eq!(with(&format!("./{TRIGGER}\r\nclasses/Gone.cls\r\n")), [PARENT]);
    assert_eq!(with(&MASTER.replace('/', "\\")), [DETAIL], "as Windows writes it");
    assert_eq!(with(&format!("{}\n", folder.join(HANDLER).display())), [PARENT]);
    assert_eq!(with("classes/Gone.cls\n"), [""; 0]);
    assert_eq!(with(""), [""; 0]);
}

#[test]
fn a_list_may_come_from_standard_input() {
    let folder = library();
    let command = rowlock()
        .current_dir(folder.path().join("objects"))
        .stdin(MASTER.trim_start_matches("objects/"));
    let assert =
        command.args(["check", "..", "--files-from", "-", "--format", "json"]).assert().code(0);
    let document: serde_json::Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    assert_eq!(document["summary"]["outside"], 1);
}
