//! `rowlock graph` as a picture. The other formats are in the transcripts.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use crate::cli::rowlock;

#[test]
fn a_picture_has_a_box_for_each_object_and_a_curve_for_each_lock() {
    let assert = rowlock()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["graph", "--project", "samples/s05-sibling-details"])
        .assert()
        .success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let picture = roxmltree::Document::parse(&text).unwrap();
    let titles: Vec<&str> = picture
        .descendants()
        .filter(|node| node.has_tag_name("title") || node.tag_name().name() == "title")
        .filter_map(|node| node.text())
        .collect();
    assert_eq!(
        titles,
        [
            "update of Expedition__c locks Supply__c: automation by <- Supply__c.Expedition__c",
            "insert, update, delete, undelete of Permit__c locks Expedition__c: master-detail by Permit__c.Expedition__c",
            "insert, update, delete, undelete of Supply__c locks Expedition__c: master-detail by Supply__c.Expedition__c",
            "Expedition__c: locked by saves of 2 objects",
            "Permit__c: locked by saves of 0 objects",
            "Supply__c: locked by saves of 1 objects",
        ]
    );
}
