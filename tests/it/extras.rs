//! What `rowlock check` tells besides its findings: `--unknowns` and `--stats`; and what it looks at with `--include-tests`.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::{Value, json};
use snapbox::cmd::OutputAssert;
use snapbox::str;

/// A trigger whose code does four things that cannot be resolved, one twice, and a test that does the same.
const FILES: [(&str, &str); 4] = [
    (
        "classes/LineHandler.cls",
        "public class LineHandler {
    public static void run(List<Line__c> lines, String name) {
        update new Invoice__c(Id = lines[0].Invoice__c);
        insert Vendor.audit(lines);
        insert Vendor.audit(lines);
        Object step = Type.forName(name).newInstance();
        List<Order> orders = Database.query(
            'SELECT Id FROM Order WHERE ' + name
        );
        update orders;
    }
}
",
    ),
    (
        "classes/LineTest.cls",
        "@IsTest
private class LineTest {
    @IsTest static void run() { update Vendor.rows(); }
}
",
    ),
    (
        "triggers/LineTrigger.trigger",
        "trigger LineTrigger on Line__c (after update) {
    LineHandler.run(Trigger.new, System.Label.Step);
}
",
    ),
    (
        "objects/Line__c.object",
        "<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <fields>
        <fullName>Invoice__c</fullName>
        <type>Lookup</type>
        <referenceTo>Invoice__c</referenceTo>
    </fields>
</CustomObject>
",
    ),
];

fn check(args: &[&str]) -> OutputAssert {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        write(folder.path(), path, text);
    }
    rowlock()
        .current_dir(folder.path())
        .args(["check", "--fail-on", "never"])
        .args(args)
        .assert()
        .code(0)
}

fn json_of(assert: &OutputAssert) -> Value {
    serde_json::from_slice(&assert.get_output().stdout).unwrap()
}

#[test]
fn unknowns_are_listed_with_what_to_do() {
    check(&["--unknowns"]).stderr_eq("").stdout_eq(str![[r#"
warning[unguarded-parent-update]: every update of a `Line__c` updates the `Invoice__c` that `Line__c.Invoice__c` points to
 --> classes/LineHandler.cls:3:9
  |
 ::: triggers/LineTrigger.trigger:1:1
  |
1 | trigger LineTrigger on Line__c (after update) {
  | --------------------------------------------- 1. `LineTrigger` runs when a `Line__c` is saved
2 |     LineHandler.run(Trigger.new, System.Label.Step);
  |     ----------------------------------------------- 2. calls `LineHandler.run`
  |
 ::: classes/LineHandler.cls:3:9
  |
3 |         update new Invoice__c(Id = lines[0].Invoice__c);
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 3. updates `Invoice__c`
  |
  = note: facts AU-02, LK-01, LK-03 (confidence: high)
  = help: compare with `Trigger.oldMap`, and write the `Invoice__c` only for rows in which something relevant changed

unresolved[unknown-object]: classes/LineHandler.cls:4:9: `insert Vendor.audit(lines)`
unresolved[missing-class]: classes/LineHandler.cls:4:16: `Vendor.audit(lines)`
unresolved[unknown-object]: classes/LineHandler.cls:5:9: `insert Vendor.audit(lines)`
unresolved[missing-class]: classes/LineHandler.cls:5:16: `Vendor.audit(lines)`
unresolved[computed-class]: classes/LineHandler.cls:6:23: `Type.forName(name)`
unresolved[unknown-rows]: classes/LineHandler.cls:10:9: `update orders`

2 places [unknown-object]: it is not known which object the written rows have
  = note: what their save locks is not reported
  = help: give the rows a type where they come from: `List<Account>` instead of `List<SObject>`

1 place [unknown-rows]: it is not known how these rows relate to the saved rows
  = note: findings about them have low confidence; `--confidence low` shows them
  = help: select the rows by ids of the saved rows, in code that the trigger calls directly

2 places [missing-class]: the class that is called is not in the project
  = note: what it locks is not reported, and what it returns is not known
  = help: if you have its source, check it together with the project

1 place [computed-class]: the name of the class that is made here is not known
  = note: what the class does is not reported
  = help: if the name is in custom metadata, add its records to the project

1 warning in 4 files ([..] s); 6 places could not be resolved
1 finding not shown: less sure than --confidence asks for

"#]]);
}

#[test]
fn unknowns_are_data_in_json() {
    let document = json_of(&check(&["--unknowns", "--format", "json"]));
    let unknowns = document["unknowns"].as_array().unwrap();
    assert_eq!(document["summary"]["unresolved"], unknowns.len());
    let first = &unknowns[0];
    assert_eq!(first["path"], "classes/LineHandler.cls");
    assert_eq!(first["reason"], "unknown-object");
    assert_eq!(first["range"]["start"], json!({ "line": 4, "column": 9, "offset": 155 }));
    assert!(first.get("help").is_some() && document.get("stats").is_none());
}

#[test]
fn stats_are_a_table() {
    check(&["--stats"]).stderr_eq("").stdout_eq(str![[r#"
warning[unguarded-parent-update]: every update of a `Line__c` updates the `Invoice__c` that `Line__c.Invoice__c` points to
 --> classes/LineHandler.cls:3:9
  |
 ::: triggers/LineTrigger.trigger:1:1
  |
1 | trigger LineTrigger on Line__c (after update) {
  | --------------------------------------------- 1. `LineTrigger` runs when a `Line__c` is saved
2 |     LineHandler.run(Trigger.new, System.Label.Step);
  |     ----------------------------------------------- 2. calls `LineHandler.run`
  |
 ::: classes/LineHandler.cls:3:9
  |
3 |         update new Invoice__c(Id = lines[0].Invoice__c);
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 3. updates `Invoice__c`
  |
  = note: facts AU-02, LK-01, LK-03 (confidence: high)
  = help: compare with `Trigger.oldMap`, and write the `Invoice__c` only for rows in which something relevant changed

triggers followed                          1     of 1
classes                                    1
DML statements that saves reach            4
  of known object                          2   50.0 %
  related to the saved rows                1   25.0 %
    parents                                1
    not known                              3
places that could not be resolved          6
  unknown-object                           2
  unknown-rows                             1
  missing-class                            2
  computed-class                           1
reading[..] s
analysis[..] s
rules[..] s

1 warning in 4 files ([..] s); 6 places could not be resolved
1 finding not shown: less sure than --confidence asks for

"#]]);
}

#[test]
fn stats_are_data_in_json() {
    let document = json_of(&check(&["--stats", "--format", "json"]));
    assert_eq!(
        document["stats"],
        json!({
            "triggers": 1,
            "followedTriggers": 1,
            "classes": 1,
            "statements": 4,
            "typedStatements": 2,
            "relatedStatements": 1,
            "relations": {
                "self": 0, "parent": 1, "child": 0, "relative": 0,
                "new": 0, "constant": 0, "filter": 0, "unknown": 3,
            },
            "unresolved": {
                "unknown-object": 2, "unknown-rows": 1, "missing-class": 2, "computed-class": 1,
            },
        })
    );
    assert!(document.get("unknowns").is_none());
}

#[test]
fn nothing_more_is_written_without_being_asked_for() {
    let document = json_of(&check(&["--format", "json"]));
    let members: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(members, ["findings", "issues", "summary", "tool", "version"]);
}

#[test]
fn the_same_project_gives_the_same_lists() {
    let run = || check(&["--unknowns", "--stats", "--format", "json"]).get_output().stdout.clone();
    assert_eq!(run(), run());
}

#[test]
fn a_flow_that_is_not_there_is_a_place_that_could_not_be_resolved() {
    let folder = tempfile::tempdir().unwrap();
    let text = "<Flow><subflows><name>Call</name><flowName>Gone</flowName></subflows>\
        <actionCalls><name>Act</name><actionName>GoneToo</actionName><actionType>apex</actionType>\
        <connector><targetReference>Call</targetReference></connector></actionCalls>\
        <processType>AutoLaunchedFlow</processType><start><connector><targetReference>Act</targetReference>\
        </connector><object>Account</object><recordTriggerType>Update</recordTriggerType>\
        <triggerType>RecordAfterSave</triggerType></start><status>Active</status></Flow>";
    crate::cli::write(folder.path(), "flows/Caller.flow", text);
    let assert = crate::cli::rowlock()
        .arg("check")
        .arg(folder.path())
        .args(["--unknowns", "--format", "json"])
        .assert()
        .success();
    let report: serde_json::Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let reasons: Vec<&str> = report["unknowns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unknown| unknown["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, ["missing-flow", "missing-class"]);
}

#[test]
fn tests_are_looked_at_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let test = "@IsTest private class OrderTest {
        @IsTest static void itSaves() {
            for (Order__c row : [SELECT Id FROM Order__c]) { update row; }
        }
    }";
    write(folder.path(), "classes/OrderTest.cls", test);
    write(
        folder.path(),
        "objects/Order__c.object",
        "<CustomObject><label>Order</label></CustomObject>",
    );
    assert!(crate::policy::found(folder.path(), &[]).is_empty());
    let asked = crate::policy::found(folder.path(), &["--include-tests"]);
    assert_eq!(asked, ["dml-in-loop error reported"]);
}
