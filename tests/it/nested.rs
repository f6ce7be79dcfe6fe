//! What a save comes to that another one causes: a test of a change passes only where the field has been set.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::Value;
use tempfile::TempDir;

/// Cards point to clients, which their trigger writes when a card moves to another; orders point to cards.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let object = |name: &str, fields: &str| {
        let text = format!(
            "<CustomObject><label>{name}</label><sharingModel>ReadWrite</sharingModel>{fields}</CustomObject>"
        );
        write(folder.path(), &format!("objects/{name}.object"), &text);
    };
    let lookup = |name: &str, to: &str| {
        format!(
            "<fields><fullName>{name}</fullName><type>Lookup</type><referenceTo>{to}</referenceTo>\
             <relationshipName>Rows</relationshipName></fields>"
        )
    };
    let text = |name: &str| {
        format!("<fields><fullName>{name}</fullName><type>Text</type><length>80</length></fields>")
    };
    object("Client__c", "");
    object("Card__c", &(lookup("Client__c", "Client__c") + &text("Salary__c") + &text("Note__c")));
    object("Order__c", &lookup("Card__c", "Card__c"));
    let moved = "trigger Moved on Card__c (after update) {
        Set<Id> ids = new Set<Id>();
        for (Card__c card : Trigger.new) {
            if (card.Client__c != Trigger.oldMap.get(card.Id).Client__c) { ids.add(card.Client__c); }
        }
        List<Client__c> clients = [SELECT Id FROM Client__c WHERE Id IN :ids];
        update clients;
    }";
    write(folder.path(), "triggers/Moved.trigger", moved);
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

/// A trigger on orders that updates their cards after it has done something to each.
fn order_trigger(to_each: &str) -> String {
    format!(
        "trigger Ordered on Order__c (after insert) {{
            Set<Id> ids = new Set<Id>();
            for (Order__c row : Trigger.new) {{ ids.add(row.Card__c); }}
            List<Card__c> cards = [SELECT Id FROM Card__c WHERE Id IN :ids];
            for (Card__c card : cards) {{ {to_each} }}
            update cards;
        }}"
    )
}

/// Whether inserting rows of an object locks clients.
fn locks_clients(folder: &TempDir, object: &str) -> bool {
    let args = ["explain", object, "--on", "insert", "--format", "json"];
    let output = rowlock().current_dir(folder.path()).args(args).assert().success();
    let document: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    let rows = document["saves"][0]["rows"].as_array().unwrap();
    rows.iter().any(|row| row["object"] == "Client__c")
}

fn order_locks_clients(to_each: &str, more: &[(&str, &str)]) -> bool {
    let trigger = order_trigger(to_each);
    let mut files = vec![("triggers/Ordered.trigger", trigger.as_str())];
    files.extend(more);
    locks_clients(&project(&files), "Order__c")
}

#[test]
fn a_field_that_is_not_set_has_not_changed() {
    assert!(!order_locks_clients("card.Salary__c = 'x';", &[]));
    assert!(order_locks_clients("card.Client__c = null;", &[]));
}

#[test]
fn a_field_may_be_set_by_its_name() {
    assert!(order_locks_clients("card.put('Client__c', null);", &[]));
    assert!(!order_locks_clients("card.put('Salary__c', null);", &[]));
    assert!(order_locks_clients("card.put(UserInfo.getName(), null);", &[]), "whichever it is");
}

#[test]
fn a_trigger_before_the_save_may_set_it() {
    let assigns = "trigger Assigned on Card__c (before update) {
        for (Card__c card : Trigger.new) { card.Client__c = null; }
    }";
    assert!(order_locks_clients(
        "card.Salary__c = 'x';",
        &[("triggers/Assigned.trigger", assigns)]
    ));
}

#[test]
fn a_flow_before_the_save_may_set_it() {
    let flow = "<Flow><processType>AutoLaunchedFlow</processType><status>Active</status>\
        <start><object>Card__c</object><recordTriggerType>Update</recordTriggerType>\
        <triggerType>RecordBeforeSave</triggerType><connector><targetReference>Set</targetReference></connector></start>\
        <recordUpdates><name>Set</name><inputAssignments><field>Client__c</field></inputAssignments>\
        <inputReference>$Record</inputReference></recordUpdates></Flow>";
    assert!(order_locks_clients("card.Salary__c = 'x';", &[("flows/Set.flow-meta.xml", flow)]));
}

/// Two updates of the same rows: what the first cannot come to, the second may.
#[test]
fn another_update_may_set_it() {
    let second = "trigger Second on Order__c (after insert) {
        update new Card__c(Id = Trigger.new[0].Card__c, Client__c = null);
    }";
    assert!(order_locks_clients("card.Salary__c = 'x';", &[("triggers/Second.trigger", second)]));
    assert!(order_locks_clients(
        "card.Salary__c = 'x';",
        &[("triggers/Another.trigger", &second.replace("Second", "Another"))]
    ));
}

/// A formula is not set by anybody: it may have changed whatever was set.
#[test]
fn a_formula_may_have_changed() {
    let formula = "<CustomField><fullName>Level__c</fullName><type>Text</type><formula>Salary__c</formula></CustomField>";
    let leveled = "trigger Leveled on Card__c (after update) {
        for (Card__c card : Trigger.new) {
            if (card.Level__c != Trigger.oldMap.get(card.Id).Level__c) {
                update new Client__c(Id = card.Client__c);
            }
        }
    }";
    let files = [
        ("objects/Card__c/fields/Level__c.field-meta.xml", formula),
        ("triggers/Leveled.trigger", leveled),
    ];
    assert!(order_locks_clients("card.Salary__c = 'x';", &files));
}

fn workflow(field: &str) -> String {
    format!(
        "<Workflow><fieldUpdates><fullName>Fill</fullName><field>{field}</field></fieldUpdates>\
         <rules><fullName>Filled</fullName><active>true</active><triggerType>onAllChanges</triggerType>\
         <actions><name>Fill</name><type>FieldUpdate</type></actions></rules></Workflow>"
    )
}

/// Section 5.3 of the facts sheet: a field update saves the record again and fires update triggers once more.
#[test]
fn workflow_runs_the_triggers_on_updates_once_more() {
    let card = |field: &str| {
        locks_clients(&project(&[("workflows/Card__c.workflow", &workflow(field))]), "Card__c")
    };
    assert!(!locks_clients(&project(&[]), "Card__c"));
    assert!(card("Client__c"));
    assert!(!card("Note__c"), "the trigger looks at another field");
}

const CONTROL: &str = "public class Control { public static Boolean isOff = false; }";

/// Whether orders lock clients where their trigger does something before it updates cards that change, and the trigger on cards
/// looks at the switch in some way.
fn is_locked(before: &str, guard: &str) -> bool {
    let trigger = format!(
        "trigger Ordered on Order__c (after insert) {{
            List<Card__c> cards = new List<Card__c>();
            for (Order__c row : Trigger.new) {{ cards.add(new Card__c(Id = row.Card__c, Note__c = 'x')); }}
            {before}
            update cards;
        }}"
    );
    let noted = format!(
        "trigger Noted on Card__c (after update) {{
            {guard}
            update new Client__c(Id = Trigger.new[0].Client__c);
        }}"
    );
    let files = [
        ("classes/Control.cls", CONTROL),
        ("triggers/Ordered.trigger", trigger.as_str()),
        ("triggers/Noted.trigger", noted.as_str()),
    ];
    locks_clients(&project(&files), "Order__c")
}

#[test]
fn code_switches_automation_off() {
    const RETURNS: &str = "if (Control.isOff) { return; }";
    assert!(is_locked("", RETURNS));
    assert!(!is_locked("Control.isOff = true;", RETURNS));
    assert!(!is_locked(
        "Control.isOff = true;",
        "if (Control.isOff == true || Trigger.isBefore) return;"
    ));
    assert!(!is_locked("control.isoff = true;", "if (false != Control.isOff) return;"));
    assert!(is_locked("Control.isOff = false;", RETURNS));
    assert!(is_locked("Control.isOff = true; Control.isOff = false;", RETURNS));
    assert!(is_locked("Control.isOff = true;", "if (!Control.isOff) { return; }"));
    assert!(!is_locked("Control.isOff = false;", "if (!Control.isOff) { return; }"));
}

#[test]
fn a_switch_that_may_stand_otherwise_stops_nothing() {
    const RETURNS: &str = "if (Control.isOff) { return; }";
    assert!(is_locked("if (cards.size() > 5) { Control.isOff = true; }", RETURNS), "not always");
    assert!(is_locked(
        "Control.isOff = true;",
        "Control.isOff = false; if (Control.isOff) { return; }"
    ));
    assert!(is_locked(
        "Control.isOff = true;",
        "if (Control.isOff && Trigger.new.size() > 5) { return; }"
    ));
    assert!(is_locked("Boolean isOff = true;", RETURNS), "another variable");
}
