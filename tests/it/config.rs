//! `rowlock.toml`: what it decides, where it is found, and what is said of a broken one.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use crate::diff::{git, overwrite};
use crate::policy::{complaint, found, library, library_in, said};
use snapbox::{assert_data_eq, str};
use std::path::Path;
use tempfile::TempDir;

const BOTH: [&str; 2] = ["parent-update warning reported", "master-detail-lock note reported"];

fn configured(text: &str) -> TempDir {
    let folder = library();
    write(folder.path(), "rowlock.toml", text);
    folder
}

fn found_with(text: &str, args: &[&str]) -> Vec<String> {
    found(configured(text).path(), args)
}

#[test]
fn severities_are_those_of_the_file() {
    assert_eq!(found_with("", &[]), BOTH);
    let text = "[rules]\nparent-update = 'error'\nmaster-detail-lock = 'off'\n";
    assert_eq!(found_with(text, &[]), ["parent-update error reported"]);
}

#[test]
fn thresholds_are_those_of_the_file_unless_flags_say_otherwise() {
    let folder = configured("[check]\nfail-on = 'error'\n");
    let check = |args: &[&str], code: i32| {
        rowlock().current_dir(folder.path()).arg("check").args(args).assert().code(code);
    };
    check(&[], 0);
    check(&["--fail-on", "warning"], 1);
    let folder = library();
    rowlock().current_dir(folder.path()).arg("check").assert().code(1);
}

#[test]
fn confidence_is_that_of_the_file_unless_a_flag_says_otherwise() {
    let folder = configured("[check]\nconfidence = 'low'\n");
    // A list that comes from anywhere: which rows is a guess.
    let text =
        "trigger Guess on Page__c (after insert) {\n    update Guesses.books(Trigger.new);\n}\n";
    write(folder.path(), "triggers/Guess.trigger", text);
    let guesses = "public class Guesses {\n    public static List<Book__c> books(List<Page__c> pages) {\n        \
        return Vendor.find(pages);\n    }\n}\n";
    write(folder.path(), "classes/Guesses.cls", guesses);
    let low = found(folder.path(), &[]).len();
    let medium = found(folder.path(), &["--confidence", "medium"]).len();
    assert!(medium < low, "{medium} < {low}");
}

#[test]
fn files_are_left_out() {
    let without = |text: &str| found_with(text, &[]);
    assert_eq!(without("[files]\nexclude = ['/objects/Page__c/']\n"), [BOTH[0]]);
    assert_eq!(without("[files]\nexclude = ['objects\\\\Page__c']\n"), BOTH, "no single separator");
    assert_eq!(without("[files]\nexclude = ['objects\\Page__c']\n"), [BOTH[0]], "as on Windows");
    assert_eq!(without("[files]\ninclude = ['objects/']\n"), [BOTH[1]]);
    let folder = configured("[files]\nexclude = ['*']\n");
    assert!(complaint(folder.path(), &["check"], 3).contains("`rowlock.toml` excludes"));
}

#[test]
fn the_nearest_file_counts_up_to_the_repository() {
    let folder = TempDir::new().unwrap();
    let (one, two) = (folder.path().join("repo/one"), folder.path().join("repo/two"));
    library_in(&one);
    library_in(&two);
    let off = "[rules]\nparent-update = 'off'\n[files]\nexclude = ['one/objects/Page__c']\n";
    write(folder.path(), "rowlock.toml", "[rules]\nmaster-detail-lock = 'off'\n");
    assert_eq!(found(&one, &[]), BOTH, "without a repository only the project counts");
    git(&folder.path().join("repo"), &["init", "-q"]);
    assert_eq!(found(&one, &[]), BOTH, "the file stands above the repository");
    write(folder.path(), "repo/rowlock.toml", off);
    assert_eq!(found(&one, &[]), [""; 0], "patterns count from the folder of the file");
    assert_eq!(found(&two, &[]), [BOTH[1]]);
    write(&two, "rowlock.toml", "");
    assert_eq!(found(&two, &[]), BOTH, "the nearer one replaces the other");
    assert_eq!(found(&two, &["--config", "../../rowlock.toml"]), [BOTH[0]]);
}

#[test]
fn what_is_wrong_is_shown_with_its_place() {
    let folder = configured("[rules]\ndml-loop = \"error\"\n");
    let complaint = complaint(folder.path(), &["check"], 2);
    assert_data_eq!(
        complaint,
        str![[r#"
error: there is no rule `dml-loop`; did you mean `dml-in-loop`?
 --> rowlock.toml:2:1
  |
2 | dml-loop = "error"
  | ^^^^^^^^
  |
  = help: `rowlock rules` lists the rules

"#]]
    );
}

#[test]
fn every_command_that_reads_a_project_reads_it() {
    let folder = configured("[chek]\n");
    git(folder.path(), &["init", "-q"]);
    for args in [
        &["check"][..],
        &["explain", "Book__c"],
        &["conflicts"],
        &["diff", "HEAD"],
        &["graph"],
        &["baseline"],
    ] {
        let complaint = complaint(folder.path(), args, 2);
        assert!(complaint.contains("no key `chek` here; did you mean `check`?"), "{complaint}");
    }
}

#[test]
fn mistakes_of_all_kinds_are_usage_errors() {
    let folder = library();
    let says = |text: &str, expected: &str| {
        overwrite(&folder.path().join("rowlock.toml"), text);
        let complaint = complaint(folder.path(), &["check"], 2);
        assert!(complaint.contains(expected) && complaint.contains("rowlock.toml:"), "{complaint}");
    };
    says("[check\n", "unclosed table");
    says("[check]\nfail-on = 'warn'\n", "did you mean `warning`?");
    says("[check]\nfail-on = 3\n", "wanted string or table");
    says("[rules]\ndml-in-loop = 'warn'\n", "did you mean `warning`?");
    says("[files]\nexclude = ['{']\n", "this is no pattern");
    says("[[allow]]\nrule = 'dml-in-loop'\nat = 'a'\nreason = ''\n", "needs a reason");
    says("[[allow]]\nrule = 'dml-in-loop'\nat = 'a'\n", "missing field `reason`");
    says("[[allow]]\nrule = '*'\nat = 'a'\nreason = 'b'\n", "`*` is none");
    says("[rules]\n<<<<<<< HEAD\n", "unresolved merge conflict");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let folder = library();
    let complaint = complaint(folder.path(), &["check", "--config", "nowhere.toml"], 3);
    assert_eq!(complaint, "error: `nowhere.toml` does not exist\n");
}

#[test]
fn only_the_rules_that_are_asked_for_are_run() {
    let folder = configured("[rules]\nparent-update = 'off'\n");
    let folder = folder.path();
    assert_eq!(found(folder, &["--rule", "master-detail-lock"]), [BOTH[1]]);
    assert_eq!(
        found(folder, &["--rule", "master-detail-lock", "--rule", "dml-in-loop"]),
        [BOTH[1]]
    );
    let off = complaint(folder, &["check", "--rule", "parent-update"], 2);
    assert_eq!(
        off,
        "error: the rule `parent-update` is switched off in `[CONFIG]`\nhelp: give it a severity there, or leave it out of `--rule`\n"
            .replace("[CONFIG]", &folder.canonicalize().unwrap().join("rowlock.toml").display().to_string())
    );
    let unknown = complaint(folder, &["check", "--rule", "master-detail"], 2);
    assert!(unknown.contains("did you mean `master-detail-lock`"), "{unknown}");
}

#[test]
fn what_people_know_of_their_org_counts() {
    let severity = |text: &str| found_with(text, &[])[1].clone();
    assert_eq!(severity("model.dictionaries = ['book__c']"), "master-detail-lock warning reported");
    assert_eq!(
        severity("model.parallel-loads = ['Page__c']"),
        "master-detail-lock warning reported"
    );
    assert_eq!(severity("model.dictionaries = ['Other__c']"), BOTH[1]);
}

/// What the rule finds in the project with these files, without and with parallel loads of an object.
fn with_loads(object: &str, rule: &str, files: &[(&str, &str)]) -> [Vec<String>; 2] {
    let folder = library();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    let before = found(folder.path(), &["--rule", rule]);
    write(folder.path(), "rowlock.toml", &format!("model.parallel-loads = ['{object}']\n"));
    [before, found(folder.path(), &["--rule", rule])]
}

#[test]
fn parallel_loads_aggravate_roll_ups() {
    let roll_up = "<CustomField><fullName>Pages__c</fullName><summaryForeignKey>Page__c.Book__c</summaryForeignKey>\
        <summaryOperation>count</summaryOperation><type>Summary</type></CustomField>";
    let path = "objects/Book__c/fields/Pages__c.field-meta.xml";
    let [before, after] = with_loads("Page__c", "rollup-contention", &[(path, roll_up)]);
    assert_eq!(before, ["rollup-contention note reported"]);
    assert_eq!(after, ["rollup-contention warning reported"]);
}

#[test]
fn parallel_loads_aggravate_inserts() {
    let trigger = "trigger Pages on Loan__c (after insert) {\n    insert new Page__c(Book__c = Trigger.new[0].Book__c);\n}\n";
    let files = [("triggers/Pages.trigger", trigger)];
    let [before, after] = with_loads("Page__c", "shared-parent-insert", &files);
    assert_eq!(before, ["shared-parent-insert note reported"]);
    assert_eq!(after, ["shared-parent-insert warning reported"]);
}

#[test]
fn jobs_meet_parallel_loads() {
    let job = "public class Ageing implements Queueable {\n    public void execute(QueueableContext context) {\n        \
        List<Member__c> members = [SELECT Id FROM Member__c WHERE Old__c = true];\n        update members;\n    }\n}\n";
    let files = [("classes/Ageing.cls", job), ("objects/Member__c.object", "<CustomObject/>")];
    let [before, after] = with_loads("Member__c", "unhandled-lock-failure", &files);
    assert_eq!(before, [""; 0]);
    assert_eq!(after, ["unhandled-lock-failure note reported"]);
}

#[test]
fn an_object_that_is_not_there_is_told() {
    let folder = configured("[model]\ndictionaries = ['Bok__c']\n");
    let text = said(folder.path(), &["check", "--fail-on", "never"], 0);
    let expected = "issue[configuration]: rowlock.toml:2:17: the project has no object `Bok__c`; did you mean `Book__c`";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_wrapper_writes_what_it_is_handed() {
    let wrapper =
        "model.wrappers = [{ method = 'ns.Dml.save', operation = 'update', argument = 2 }]\n";
    let with = |text: &str| {
        let folder = configured(text);
        let handler = "public class LoanHandler {\n    public static void run(List<Loan__c> loans) {\n        \
            ns.Dml.save(true, new Book__c(Id = loans[0].Book__c));\n    }\n}\n";
        overwrite(&folder.path().join(crate::policy::HANDLER), handler);
        found(folder.path(), &[])
    };
    assert_eq!(with(""), [BOTH[1]]);
    assert_eq!(with(wrapper), BOTH);
}

#[test]
fn a_base_of_a_package_calls_the_methods_of_events() {
    let with = |text: &str| {
        let folder = configured(text);
        let handler = "public class LoanHandler extends fw.Handler {\n    public override void afterInsert() {\n        \
            update new Book__c(Id = ((List<Loan__c>) Trigger.new)[0].Book__c);\n    }\n}\n";
        overwrite(&folder.path().join(crate::policy::HANDLER), handler);
        let trigger =
            "trigger Loans on Loan__c (after insert) {\n    new LoanHandler().handle();\n}\n";
        overwrite(&folder.path().join(crate::policy::TRIGGER), trigger);
        found(folder.path(), &[])
    };
    assert_eq!(with(""), [BOTH[1]]);
    assert_eq!(with("model.trigger-bases = [{ class = 'FW.Handler', start = 'handle' }]\n"), BOTH);
    assert_eq!(with("model.trigger-bases = [{ class = 'fw.Handler', start = 'go' }]\n"), [BOTH[1]]);
}

#[test]
fn quiet_and_verbose_are_for_people() {
    let folder = configured("[[allow]]\nrule = 'parent-update'\nat = 'nothing'\nreason = 'x'\n");
    let folder = folder.path();
    let quiet = said(folder, &["check", "-q", "--rule", "master-detail-lock"], 0);
    assert!(
        quiet.starts_with("note[master-detail-lock]") && !quiet.contains("in 4 files"),
        "{quiet}"
    );
    let verbose = said(folder, &["check", "--verbose", "--rule", "master-detail-lock"], 0);
    assert!(verbose.contains("= note: anchor `Page__c.Book__c`"), "{verbose}");
    assert!(verbose.contains("in 4 files"), "{verbose}");
    rowlock().args(["check", "--quiet", "--verbose"]).assert().code(2);
}

#[test]
fn no_colour_is_a_flag_too() {
    let folder = library();
    let output = |args: &[&str]| {
        let command = rowlock().current_dir(folder.path()).env("CLICOLOR_FORCE", "1").args(args);
        command.assert().get_output().stdout.contains(&0x1b)
    };
    assert!(output(&["check"]));
    assert!(!output(&["check", "--no-color"]));
    assert!(!output(&["check", "--color", "never"]));
    rowlock().args(["check", "--no-color", "--color", "always"]).assert().code(2);
}

#[test]
fn init_writes_a_file_that_changes_nothing() {
    let folder = library();
    let folder = folder.path();
    write(
        folder,
        "objects/Book_Type__c.object",
        "<CustomObject><label>Type</label></CustomObject>",
    );
    let before = found(folder, &[]);
    let path = folder.canonicalize().unwrap().join("rowlock.toml");
    assert_eq!(said(folder, &["init"], 0), format!("{} written\n", path.display()));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("#   Book_Type__c\n"), "{text}");
    assert!(text.contains("Read is: `classes`, `objects`, `triggers`."), "{text}");
    assert_eq!(found(folder, &[]), before);
    let complaint = complaint(folder, &["init"], 2);
    assert!(complaint.contains("exists already"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    // What stands in comments is valid, too.
    let uncommented = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.contains(" = ") || rest.starts_with('[') => rest.to_owned(),
        _ => line.to_owned(),
    });
    let uncommented: Vec<String> = uncommented.collect();
    overwrite(&path, &uncommented.join("\n"));
    let found = found(folder, &[]);
    assert_eq!(found.last().unwrap(), "unused-allow warning reported", "{found:?}");
}

#[test]
fn schema_prints_what_may_stand_in_the_file() {
    let schema = said(Path::new("."), &["schema"], 0);
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid =
        serde_json::json!({ "rules": { "dml-in-loop": "off" }, "check": { "fail-on": "note" } });
    assert!(validator.is_valid(&valid));
    for wrong in [
        serde_json::json!({ "rules": { "dml-loop": "off" } }),
        serde_json::json!({ "chek": {} }),
        serde_json::json!({ "allow": [{ "rule": "dml-in-loop", "at": "a" }] }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
