//! `rowlock check --since`: what a change brings.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use crate::diff::{git, overwrite};
use serde_json::Value;
use snapbox::str;
use std::path::Path;
use tempfile::TempDir;

const FIELD: &str = "objects/Loan__c/fields/Book__c.field-meta.xml";
const TRIGGER: &str = "triggers/Loans.trigger";
const HANDLER: &str = "classes/LoanHandler.cls";

const LOOKUP: &str = "<CustomField>
    <fullName>Book__c</fullName>
    <referenceTo>Book__c</referenceTo>
    <relationshipName>Loans</relationshipName>
    <type>Lookup</type>
</CustomField>";

const HANDLER_TEXT: &str = "public class LoanHandler {
    public static void run(List<Loan__c> loans, Map<Id, Loan__c> before) {
        List<Book__c> books = new List<Book__c>();
        for (Loan__c loan : loans) {
            if (loan.Due__c != before.get(loan.Id).Due__c) {
                books.add(new Book__c(Id = loan.Book__c));
            }
        }
        update books;
    }
}";

/// A branch, with one older finding: the parent is written where something changed.
fn library() -> TempDir {
    let folder = TempDir::new().unwrap();
    let file = |path: &str, text: &str| write(folder.path(), path, text);
    file(FIELD, LOOKUP);
    file(HANDLER, HANDLER_TEXT);
    file(
        TRIGGER,
        "trigger Loans on Loan__c (after update) {\n    LoanHandler.run(Trigger.new, Trigger.oldMap);\n}",
    );
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "A library"]);
    git(folder.path(), &["checkout", "-q", "-b", "work"]);
    folder
}

/// The rules that are broken since `main`, and how many findings were there before.
fn since_main(folder: &Path) -> (Vec<String>, u64) {
    let arguments = ["check", "--since", "main", "--format", "json"];
    let assert = rowlock().current_dir(folder).args(arguments).assert();
    let document: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    let rules = findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
    (rules, document["summary"]["unchanged"].as_u64().unwrap())
}

#[test]
fn what_was_there_before_is_left_out() {
    let folder = library();
    let folder = folder.path();
    assert_eq!(since_main(folder), (vec![], 1));
    rowlock().current_dir(folder).args(["check"]).assert().code(1);
    let assert =
        rowlock().current_dir(folder).args(["check", "--since", "main"]).assert().success();
    let output = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(output.contains("1 finding not shown: there before"), "{output}");
}

#[test]
fn code_that_moves_is_no_change() {
    let folder = library();
    let folder = folder.path();
    let indented = HANDLER_TEXT.replace("    ", "\t").replace("{\n", "{\r\n\r\n// moved\r\n");
    overwrite(&folder.join(HANDLER), &indented);
    git(folder, &["mv", TRIGGER, "triggers/AllLoans.trigger"]);
    git(folder, &["commit", "-q", "-a", "-m", "Tidy up"]);
    assert_eq!(since_main(folder), (vec![], 1));
}

#[test]
fn a_handler_far_from_its_trigger_counts() {
    let folder = library();
    let folder = folder.path();
    let unguarded = HANDLER_TEXT.replace("if (loan.Due__c != before.get(loan.Id).Due__c) {", "{");
    overwrite(&folder.join(HANDLER), &unguarded);
    assert_eq!(since_main(folder), (vec!["unguarded-parent-update".to_owned()], 0));
    let other = HANDLER_TEXT.replace("update books;", "Database.update(books);");
    overwrite(&folder.join(HANDLER), &other);
    assert_eq!(since_main(folder), (vec!["parent-update".to_owned()], 0), "its statement changed");
}

#[test]
fn a_save_that_comes_to_it_for_the_first_time_counts() {
    let folder = library();
    let folder = folder.path();
    let text = "trigger Loans on Loan__c (after insert, after update) {\n    if (Trigger.isInsert) {\n        update new Book__c(Id = Trigger.new[0].Book__c);\n    }\n}";
    write(folder, "triggers/Books.trigger", text);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "Another trigger"]);
    git(folder, &["branch", "-f", "main"]);
    assert_eq!(since_main(folder).0, [""; 0]);
    overwrite(&folder.join("triggers/Books.trigger"), &text.replace("Trigger.isInsert", "true"));
    assert!(!since_main(folder).0.is_empty(), "by another condition, updates as well");
}

#[test]
fn of_several_paths_some_may_be_new() {
    let folder = library();
    let folder = folder.path();
    write(folder, "more/classes/New.cls", "public class New { }");
    let arguments = ["check", "--since", "main", "classes", "triggers", "objects", "more"];
    rowlock().current_dir(folder).args(arguments).assert().success();
}

#[test]
fn the_environment_of_a_hook_does_not_matter() {
    let folder = library();
    let folder = folder.path();
    let command = rowlock().current_dir(folder).env("GIT_DIR", ".git").env("GIT_INDEX_FILE", "x");
    command.args(["check", "--since", "main", "objects"]).assert().success();
}

#[test]
fn a_tightened_relationship_is_told() {
    let folder = library();
    let folder = folder.path();
    overwrite(&folder.join(FIELD), &LOOKUP.replace("Lookup", "MasterDetail"));
    let (rules, unchanged) = since_main(folder);
    assert_eq!(rules, ["tightened-relationship"]);
    assert_eq!(unchanged, 1);
    // What the other branch does meanwhile is not ours.
    git(folder, &["commit", "-q", "-a", "-m", "A master-detail"]);
    git(folder, &["checkout", "-q", "main"]);
    git(folder, &["rm", "-q", TRIGGER]);
    git(folder, &["commit", "-q", "-m", "No trigger"]);
    git(folder, &["checkout", "-q", "work"]);
    assert_eq!(since_main(folder).1, 1, "compared with where the branches part");
}

#[test]
fn without_common_history_there_is_no_comparison() {
    let folder = library();
    let folder = folder.path();
    git(folder, &["checkout", "-q", "--orphan", "other"]);
    git(folder, &["commit", "-q", "-m", "Something else"]);
    let fails = |folder: &Path, revision: &str, message: &str| {
        let arguments = ["check", "--since", revision];
        let assert = rowlock().current_dir(folder).args(arguments).assert().code(2);
        let error = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(error.contains(message), "{error}");
    };
    fails(folder, "main", "`main` has no history in common");
    fails(folder, "nowhere", "git knows no revision `nowhere`");
}

/// Where there was no project, everything is new.
#[test]
fn a_project_may_be_new() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write(folder, "README.md", "Nothing yet");
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "A start"]);
    write(folder, FIELD, &LOOKUP.replace("Lookup", "MasterDetail"));
    assert_eq!(since_main(folder), (vec!["master-detail-lock".to_owned()], 0));
}

/// The commands of the README that need a history, with their whole output: one field becomes a master-detail.
#[test]
fn transcripts_of_a_branch() {
    let folder = library();
    let folder = folder.path();
    git(folder, &["update-ref", "refs/remotes/origin/main", "main"]);
    overwrite(&folder.join(FIELD), &LOOKUP.replace("Lookup", "MasterDetail"));
    let run = |args: &[&str]| rowlock().current_dir(folder).args(args).assert().code(1);
    run(&["check", "--since", "origin/main"]).stdout_eq(str![[r#"
error[tightened-relationship]: `Loan__c.Book__c` is a master-detail now: insert, update, delete, undelete of a `Loan__c` locks the `Book__c`, as it did not before
 --> objects/Loan__c/fields/Book__c.field-meta.xml:5:11
  |
5 |     <type>MasterDetail</type>
  |           ^^^^^^^^^^^^ `Loan__c.Book__c` is declared here
  |
  = note: facts CS-08, DR-01 (confidence: high)
  = help: keep the lookup, or load the details sorted by master and write the master from one place

1 error in 3 files ([..] s)
1 finding not shown: there before, and not touched by the change

"#]]);
    run(&["diff", "origin/main"]).stdout_eq(str![[r#"
+ insert or update or delete or undelete of a `Loan__c` locks the `Book__c` that `Loan__c.Book__c` points to
     it is the master of `Loan__c` (CS-08, DR-01)
       objects/Loan__c/fields/Book__c.field-meta.xml:5  `Loan__c.Book__c` is declared here

1 lock added, 0 removed

"#]]);
}
