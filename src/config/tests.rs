use super::{Config, FailOn, Level, json_schema};
use crate::apex::ir::DmlVerb;
use crate::base::Confidence;
use crate::rules;
use snapbox::{Data, assert_data_eq};
use std::path::Path;

#[test]
fn every_part_is_read() {
    let config = Config::parse(
        r#"
        [check]
        fail-on = "never"
        confidence = "high"
        [rules]
        dml-in-loop = "off"
        [files]
        include = ["force-app"]
        exclude = ["**/vendor/**"]
        [model]
        dictionaries = ["Region__c"]
        parallel-loads = ["Payment__c"]
        wrappers = [{ method = "ns.Dml.save", operation = "upsert", argument = 2 }]
        [[allow]]
        rule = "rollup-contention"
        at = "Invoice__c.Total__c"
        reason = "one loader, at night"
        "#,
    )
    .unwrap();
    assert_eq!(config.fail_on, Some(FailOn::Never));
    assert_eq!(config.confidence, Some(Confidence::High));
    let rule = rules::by_id("dml-in-loop").unwrap();
    assert_eq!(config.level(&rule.info), Some(Level::Off));
    assert_eq!(config.include[0].text, "force-app");
    assert_eq!(config.exclude[0].text, "**/vendor/**");
    assert_eq!(config.known.dictionaries[0].as_str(), "Region__c");
    assert_eq!(config.known.parallel_loads[0].as_str(), "Payment__c");
    let wrapper = &config.known.wrappers[0];
    assert_eq!((wrapper.class.as_str(), wrapper.method.as_str()), ("ns.Dml", "save"));
    assert_eq!((wrapper.operation, wrapper.argument), (DmlVerb::Upsert, 1));
    assert_eq!(config.allowed[0].anchor, "Invoice__c.Total__c");
    assert_eq!(config.allowed[0].reason, "one loader, at night");
}

#[test]
fn nothing_is_fine() {
    let config = Config::parse("# nothing\r\n").unwrap();
    assert!(config.fail_on.is_none() && config.allowed.is_empty());
}

#[test]
fn mistakes_are_told_with_their_place() {
    let check = |text: &str, at: &str, reason: &str| {
        let mistake = Config::parse(text).unwrap_err();
        assert_eq!(mistake.reason, reason, "{text}");
        assert_eq!(text.get(mistake.place.clone()), Some(at), "{text}");
    };
    check("[chek]", "chek", "there is no key `chek` here; did you mean `check`?");
    check(
        "[check]\nfail_on = 'note'",
        "fail_on",
        "there is no key `fail_on` here; did you mean `fail-on`?",
    );
    check(
        "[check]\nxyzzy = 1",
        "xyzzy",
        "there is no key `xyzzy` here; known are `fail-on`, `confidence`",
    );
    check(
        "[check]\nfail-on = 'warnings'",
        "'warnings'",
        "there is no value `warnings` here; did you mean `warning`?",
    );
    check(
        "[rules]\ndml-loop = 'off'",
        "dml-loop",
        "there is no rule `dml-loop`; did you mean `dml-in-loop`?",
    );
    check(
        "[[allow]]\nrule = '*'\nat = 'a'\nreason = 'b'",
        "'*'",
        "an allowance names its rule; `*` is none",
    );
    check(
        "[[allow]]\nrule = 'dml-in-loop'\nat = 'a'\nreason = ' '",
        "' '",
        "an allowance needs a reason",
    );
    check("[[allow]]\nrule = 'dml-in-loop'\nat = 'a'", "[[allow]]", "missing field `reason`");
    check(
        "model.wrappers = [{ method = 'save', operation = 'insert' }]",
        "'save'",
        "`save` is no class and method",
    );
    check(
        "model.wrappers = [{ method = 'A.b', operation = 'insert', argument = 0 }]",
        "0",
        "arguments count from 1",
    );
}

#[test]
fn what_is_no_toml_is_told() {
    let mistake = Config::parse("[check\nfail-on = 'note'").unwrap_err();
    assert_eq!(mistake.reason, "unclosed table, expected `]`");
}

#[test]
fn the_example_in_the_readme_is_valid() {
    let readme = include_str!("../../README.md").replace("\r\n", "\n");
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let config = Config::parse(example.unwrap()).unwrap();
    assert_eq!((config.allowed.len(), config.known.trigger_bases.len()), (1, 1));
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rowlock.schema.json");
    assert_data_eq!(Data::text(json_schema()).raw(), Data::read_from(&path, None).raw());
}
