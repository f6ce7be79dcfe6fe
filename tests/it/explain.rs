//! What `rowlock explain` tells programs. What people see is in the transcripts.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::rowlock;
use serde_json::{Value, json};

fn explain(args: &[&str]) -> Value {
    let folder = env!("CARGO_MANIFEST_DIR");
    let assert = rowlock().current_dir(folder).arg("explain").args(args).assert().success();
    serde_json::from_slice(&assert.get_output().stdout).unwrap()
}

#[test]
fn rows_come_with_their_reasons() {
    let args =
        ["payment__c", "-p", "samples/s01-rollup-contention", "--on", "delete", "--format", "json"];
    let document = explain(&args);
    let save = &document["saves"][0];
    assert_eq!(save["event"], "Payment__c:delete", "names are those of the project");
    let master = &save["rows"][0];
    assert_eq!(save["rows"][1]["object"], "Payment__c", "parents are locked first");
    assert_eq!(master["object"], "Invoice__c");
    assert_eq!(master["via"], "Payment__c.Invoice__c");
    assert_eq!(master["shared"], true);
    let roll_up = &master["reasons"][1];
    assert_eq!(roll_up["facts"], json!(["CS-07", "AU-01"]));
    assert_eq!(roll_up["chain"][0]["range"]["start"]["line"], 12);
    assert_eq!(save["measures"][0]["relationship"], "Payment__c.Invoice__c");
}

#[test]
fn every_save_is_explained_unless_some_are_chosen() {
    let args = ["Payment__c", "-p", "samples/s01-rollup-contention", "--format", "json"];
    let document = explain(&args);
    let events: Vec<&Value> =
        document["saves"].as_array().unwrap().iter().map(|save| &save["event"]).collect();
    let wanted = ["insert", "update", "delete", "undelete"].map(|op| format!("Payment__c:{op}"));
    assert_eq!(events, wanted.iter().collect::<Vec<_>>());
}

#[test]
fn an_event_leads_to_those_who_handle_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| crate::cli::write(folder.path(), path, text);
    write(
        "triggers/OrderTrigger.trigger",
        "trigger OrderTrigger on Order__c (after insert) {
            List<Ordered__e> events = new List<Ordered__e>();
            for (Order__c row : Trigger.new) { events.add(new Ordered__e(Shop__c = row.Shop__c)); }
            EventBus.publish(events);
        }",
    );
    write(
        "triggers/OrderedTrigger.trigger",
        "trigger OrderedTrigger on Ordered__e (after insert) {
            List<Shop__c> shops = new List<Shop__c>();
            for (Ordered__e event : Trigger.new) { shops.add(new Shop__c(Id = event.Shop__c)); }
            update shops;
        }",
    );
    let project = folder.path().to_str().unwrap();
    let document =
        explain(&["Order__c", "--project", project, "--on", "insert", "--format", "json"]);
    let save = &document["saves"][0];
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "the event is no part of the save");
    let started = &save["started"][0];
    assert_eq!(started["writes"], json!(["Shop__c"]));
    assert_eq!(started["chain"][1]["note"], "publishes `Ordered__e`");
}

/// A name that a terminal would obey.
#[test]
fn names_from_files_are_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let text = "<CustomObject><fields><fullName>F\u{9b}2J__c</fullName><type>MasterDetail</type>\
        <referenceTo>Evil\u{9b}2J__c</referenceTo><relationshipName>R</relationshipName></fields></CustomObject>";
    crate::cli::write(folder.path(), "objects/A__c.object", text);
    let path = folder.path().to_str().unwrap();
    for args in [
        &["explain", "A__c", "--project", path][..],
        &["conflicts", "A__c:insert", "--project", path],
        &["graph", "--format", "dot", "--project", path],
        &["graph", "--format", "mermaid", "--project", path],
    ] {
        let assert = rowlock().args(args).assert().success();
        let output = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert!(output.contains("Evil"), "{output}");
        assert!(!output.contains('\u{9b}'), "{args:?}");
    }
}

/// What could not be read may hide locks.
#[test]
fn every_view_tells_what_could_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    crate::cli::write(folder.path(), "objects/A__c.object", "<CustomObject/>");
    crate::cli::write(folder.path(), "objects/B__c.object", "<CustomObject>");
    for view in [&["explain", "A__c"][..], &["conflicts"], &["graph"]] {
        let told = "One place of the project could not be read";
        let assert = rowlock().current_dir(folder.path()).args(view).assert().success();
        let output = assert.get_output();
        let text = [output.stdout.clone(), output.stderr.clone()].concat();
        assert!(String::from_utf8(text).unwrap().contains(told), "{view:?}");
        let assert =
            rowlock().current_dir(folder.path()).args(view).args(["--format", "json"]).assert();
        let output = assert.success().get_output().clone();
        assert_eq!(output.stderr, b"");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["issues"][0]["path"], "objects/B__c.object", "{view:?}");
    }
}

/// A long page begins with what matters.
#[test]
fn many_rows_have_an_overview() {
    let explain = |parents: usize| {
        let folder = tempfile::tempdir().unwrap();
        let field = |number: usize| {
            format!(
                "<fields><fullName>F{number}__c</fullName><type>MasterDetail</type>\
                    <referenceTo>P{number}__c</referenceTo></fields>"
            )
        };
        let fields: String = (0..parents).map(field).collect();
        let text = format!("<CustomObject>{fields}</CustomObject>");
        crate::cli::write(folder.path(), "objects/A__c.object", &text);
        let command = rowlock().current_dir(folder.path()).args(["explain", "A__c"]);
        let assert = command.args(["--on", "insert"]).assert().success();
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    let overview = "rows that other saves want as well: `P0__c`, `P1__c`";
    assert!(explain(9).contains(overview));
    assert!(!explain(3).contains("rows that other saves want"));
}

/// DC-13: it makes the save read the target; no source says that it locks it.
#[test]
fn an_active_lookup_filter_is_suspected_only() {
    let folder = tempfile::tempdir().unwrap();
    let field = |name: &str, active: bool| {
        let text = format!(
            "<CustomField><fullName>{name}</fullName><type>Lookup</type><referenceTo>Shop__c</referenceTo>\
             <relationshipName>{name}s</relationshipName><lookupFilter><active>{active}</active></lookupFilter></CustomField>"
        );
        let path = format!("objects/Order__c/fields/{name}.field-meta.xml");
        crate::cli::write(folder.path(), &path, &text);
    };
    field("Shop__c", true);
    field("Former_Shop__c", false);
    let args = ["explain", "Order__c", "--on", "insert"];
    let json = rowlock().current_dir(folder.path()).args(args).args(["--format", "json"]).assert();
    let document: Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    let save = &document["saves"][0];
    assert_eq!(save["filtered_lookups"], json!(["Order__c.Shop__c"]));
    assert_eq!(save["rows"].as_array().unwrap().len(), 1, "only the order");
    let text = rowlock().current_dir(folder.path()).args(args).assert();
    let text = String::from_utf8(text.get_output().stdout.clone()).unwrap();
    assert!(text.contains("(DC-13): `Order__c.Shop__c`"), "{text}");
}
