//! A lookup that cascades deletes locks its target when the child is saved, and all children when the target is deleted.

use super::relationship::{chain, declared_fields, events};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::constraint;
use crate::metadata::DeleteConstraint;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "cascading-lookup",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "saving a child locks the row that a lookup with `Cascade` points to, and deleting that row locks all children",
        page: include_str!("cascading_lookup.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    for id in
        declared_fields(schema).filter(|&id| constraint(schema, id) == DeleteConstraint::Cascade)
    {
        let field = &schema.fields[id];
        let child = schema.name(field.object);
        let Some(&target) = schema.targets(id).first() else { continue };
        let target = schema.name(target);
        let Some(chain) = chain(
            schema,
            id,
            format!("deletes the `{child}` rows with their `{target}`, which therefore is locked"),
        ) else {
            continue;
        };
        let message = format!(
            "inserting a `{child}`, or pointing it to another `{target}`, locks the `{target}` row; deleting a `{target}` locks and deletes all its `{child}` rows"
        );
        let mut events = events(schema, id);
        events.push(format!("{target}:delete"));
        out.push(
            Finding::new(&RULE.info, schema.path(id), chain, message)
                .confidence(Confidence::Medium)
                .object(target.as_str())
                .via(Some(schema.path(id)))
                .events(events)
                .facts(&["CS-09", "DC-05", "DC-09"])
                .help("let the lookup clear itself (`SetNull`), and delete the children in a job of their own"),
        );
    }
}
