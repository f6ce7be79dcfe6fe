//! A small project, and what the tests of decisions about findings ask of it.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

pub(crate) const HANDLER: &str = "classes/LoanHandler.cls";
pub(crate) const TRIGGER: &str = "triggers/Loans.trigger";
pub(crate) const FIELD: &str = "objects/Loan__c/fields/Book__c.field-meta.xml";
pub(crate) const MASTER: &str = "objects/Page__c/fields/Book__c.field-meta.xml";

pub(crate) const HANDLER_TEXT: &str = "public class LoanHandler {
    public static void run(List<Loan__c> loans) {
        update new Book__c(Id = loans[0].Book__c);
    }
}
";

/// Two findings: a `parent-update` in the handler (a warning), and a `master-detail-lock` (a note).
pub(crate) fn library() -> TempDir {
    let folder = TempDir::new().unwrap();
    library_in(folder.path());
    folder
}

pub(crate) fn library_in(folder: &Path) {
    let field = |kind: &str| {
        format!(
            "<CustomField>\n    <fullName>Book__c</fullName>\n    <referenceTo>Book__c</referenceTo>\n    \
             <relationshipName>Rows</relationshipName>\n    <type>{kind}</type>\n</CustomField>\n"
        )
    };
    write(folder, "package.xml", "<Package/>");
    write(folder, FIELD, &field("Lookup"));
    write(folder, MASTER, &field("MasterDetail"));
    write(folder, HANDLER, HANDLER_TEXT);
    let trigger =
        "trigger Loans on Loan__c (after insert) {\n    LoanHandler.run(Trigger.new);\n}\n";
    write(folder, TRIGGER, trigger);
}

/// What `check` says as JSON, whatever the exit code.
pub(crate) fn json(folder: &Path, args: &[&str]) -> Value {
    let assert =
        rowlock().current_dir(folder).args(["check", "--format", "json"]).args(args).assert();
    let output = assert.get_output();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

/// Rule, severity and verdict of each finding.
pub(crate) fn found(folder: &Path, args: &[&str]) -> Vec<String> {
    let document = json(folder, args);
    let findings = document["findings"].as_array().unwrap().iter();
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings
        .map(|it| format!("{} {} {}", word(it, "rule"), word(it, "severity"), word(it, "verdict")))
        .collect()
}

/// The complaint of a command that fails with this exit code.
pub(crate) fn complaint(folder: &Path, args: &[&str], code: i32) -> String {
    let assert = rowlock().current_dir(folder).args(args).assert().code(code);
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// What a command that succeeds with this exit code says.
pub(crate) fn said(folder: &Path, args: &[&str], code: i32) -> String {
    let assert = rowlock().current_dir(folder).args(args).assert().code(code);
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// Checks a SARIF document against the schema of the format.
pub(crate) fn sarif_is_valid(document: &Value) {
    let schema = include_str!("../schemas/sarif-2.1.0-rtm.5.json");
    // Its pattern for languages has a stray `]`, which not every engine forgives.
    let schema: Value = serde_json::from_str(&schema.replace("{2}]?$", "{2}$")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
