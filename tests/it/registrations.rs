//! Which custom metadata registers classes: a loop over registrations runs a few times, one over data does not.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::{rowlock, write};
use serde_json::Value;

/// Whether DML in a loop over the records is found; each has one value.
fn is_loop(values: &[&str]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let file = |path: &str, text: &str| write(folder.path(), path, text);
    file("objects/Step__mdt.object", "<CustomObject><label>Step</label></CustomObject>");
    for (index, value) in values.iter().enumerate() {
        let text = format!(
            "<CustomMetadata><label>{index}</label><values><field>Value__c</field><value>{value}</value></values>\
                </CustomMetadata>"
        );
        file(&format!("customMetadata/Step.Record_{index}.md"), &text);
    }
    file("classes/Donation.cls", "public class Donation { }");
    file(
        "triggers/Gifts.trigger",
        "trigger Gifts on Account (after update) {
            for (Step__mdt step : [SELECT Value__c FROM Step__mdt]) {
                update new Contact(Id = Trigger.new[0].Contact__c);
            }
        }",
    );
    let output = rowlock().current_dir(folder.path()).args(["check", "--format", "json"]).assert();
    let document: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    let mut findings = document["findings"].as_array().unwrap().iter();
    findings.any(|finding| finding["rule"] == "dml-in-loop")
}

#[test]
fn records_that_name_classes_are_registrations() {
    assert!(!is_loop(&["Donation"]));
    assert!(!is_loop(&["Donation", "Of_A_Package"]));
}

/// Six filters, one of which compares with a word that is the name of a class, cost a quarter of a large project's time.
#[test]
fn a_word_that_is_the_name_of_a_class_is_none() {
    assert!(is_loop(&["Donation", "Amount", "Name"]));
}
