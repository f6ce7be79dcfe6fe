//! The situations that rowlock exists for: what `rowlock check` answers about each sample. That nothing else is
//! found is said by the marks in the samples' sources, which the rules' own tests compare.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The findings about a sample, medium confidence and above, as the JSON report has them.
fn check(sample: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
    let output = Command::new(env!("CARGO_BIN_EXE_rowlock"))
        .arg("check")
        .arg(folder)
        .args(["--format", "json", "--fail-on", "never"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["issues"], Value::Array(Vec::new()), "everything can be read");
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["confidence"] != "low")
        .cloned()
        .collect()
}

/// The only finding of a rule in the file of that name.
fn only<'a>(findings: &'a [Value], rule: &str, file: &str) -> &'a Value {
    let of_rule = |it: &&Value| {
        it["rule"] == rule && it["path"].as_str().unwrap().ends_with(&format!("/{file}"))
    };
    let found: Vec<&Value> = findings.iter().filter(of_rule).collect();
    assert_eq!(found.len(), 1, "one {rule} in {file}: {findings:#?}");
    found[0]
}

/// Everything that a finding says, as one text.
fn words(finding: &Value) -> String {
    format!(
        "{} {}",
        finding["message"].as_str().unwrap(),
        finding["help"].as_str().unwrap_or_default()
    )
}

#[test]
fn s01_the_roll_up_locks_the_master() {
    let findings = check("s01-rollup-contention");

    let rollup = only(&findings, "rollup-contention", "Paid__c.field-meta.xml");
    assert_eq!(
        rollup["severity"], "warning",
        "the trigger of the detail writes the master as well"
    );
    assert_eq!(rollup["object"], "Invoice__c");
    assert_eq!(rollup["via"], "Payment__c.Invoice__c");
    let words = words(rollup);
    for word in [
        "Payment__c",
        "Invoice__c",
        "insert",
        "delet",
        "undelet",
        "updat",
        "Amount__c",
        "Status__c",
    ] {
        assert!(words.contains(word), "{word}: {words}");
    }
    let from_detail_to_master = rollup["chain"].as_array().unwrap();
    let file = |step: &Value| step["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(
        file(&from_detail_to_master[0]),
        "Invoice__c.field-meta.xml",
        "first the field that leads to the master"
    );
    assert_eq!(file(from_detail_to_master.last().unwrap()), "Paid__c.field-meta.xml");

    let update = only(&findings, "parent-update", "InvoiceStamp.cls");
    assert_eq!(update["events"], serde_json::json!(["Payment__c:insert", "Payment__c:update"]));
    assert_eq!(findings.len(), 2);
}

#[test]
fn s02_assigning_in_a_before_trigger_is_no_finding() {
    assert_eq!(check("s02-before-trigger"), [] as [Value; 0]);
}

#[test]
fn s04_a_roll_up_of_a_roll_up_is_a_chain_and_a_formula_is_nothing() {
    let findings = check("s04-rollup-chain");

    let chain = only(&findings, "rollup-chain", "Project__c/fields/Hours__c.field-meta.xml");
    assert_eq!(chain["severity"], "warning");
    assert_eq!(chain["confidence"], "high");
    let words = words(chain);
    for object in ["Work_Log__c", "Milestone__c", "Project__c"] {
        assert!(words.contains(object), "{object}: {words}");
    }

    let of_formulas = findings.iter().filter(|it| {
        let path = it["path"].as_str().unwrap();
        path.ends_with("/Progress__c.field-meta.xml")
            || path.ends_with("/Budget_Left__c.field-meta.xml")
    });
    assert_eq!(of_formulas.count(), 0, "formulas lock nothing");
}

#[test]
fn s11_a_restricting_lookup_locks_its_target() {
    let findings = check("s11-restricting-lookup");

    let lookup = only(&findings, "restricting-lookup", "Warehouse__c.field-meta.xml");
    assert_eq!(lookup["severity"], "warning");
    assert_eq!(lookup["object"], "Warehouse__c", "whose row is locked");
    assert_eq!(lookup["via"], "Parcel__c.Warehouse__c");
    assert!(words(lookup).contains("Warehouse__c"));
    only(&findings, "restricting-lookup", "Carrier__c.field-meta.xml");
    assert_eq!(
        findings.len(),
        2,
        "neither the lookup that clears itself nor the one to its own object"
    );
}

#[test]
fn s13_active_duplicate_rules_are_listed_with_their_place() {
    let findings = check("s13-duplicate-rules");

    for (file, severity) in [
        ("Contact.Contacts_by_Email", "warning"),
        ("Membership__c.One_per_Year", "warning"),
        ("Account.Accounts_by_Name", "note"),
    ] {
        let rule =
            only(&findings, "active-duplicate-rule", &format!("{file}.duplicateRule-meta.xml"));
        assert_eq!(rule["severity"], severity, "{file}");
        let words = words(rule);
        assert!(
            words.contains("Setup") && words.contains("Duplicate Rules"),
            "where it is in the org: {words}"
        );
    }
    let contact = only(
        &findings,
        "active-duplicate-rule",
        "Contact.Contacts_by_Email.duplicateRule-meta.xml",
    );
    let words = words(contact);
    assert!(words.contains("Contacts by Email"), "the name that Setup shows: {words}");
    assert!(words.contains("Contact_Email"), "the matching rule: {words}");
    assert_eq!(
        findings.iter().filter(|it| it["rule"] == "active-duplicate-rule").count(),
        3,
        "the inactive one is silent"
    );
}
