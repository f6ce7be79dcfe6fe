//! A lookup that restricts the deletion of its target locks the target when the child is saved.

use super::relationship::{chain, declared_fields, events};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::constraint;
use crate::metadata::DeleteConstraint;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "restricting-lookup",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "saving a child locks the row that a lookup with `Restrict` points to",
        page: include_str!("restricting_lookup.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    for id in
        declared_fields(schema).filter(|&id| constraint(schema, id) == DeleteConstraint::Restrict)
    {
        let field = &schema.fields[id];
        let child = schema.name(field.object);
        let Some(&target) = schema.targets(id).first() else { continue };
        let target = schema.name(target);
        let Some(chain) = chain(
            schema,
            id,
            format!("blocks deleting the `{target}`, so the platform locks that row"),
        ) else {
            continue;
        };
        let message = format!(
            "inserting a `{child}`, or pointing it to another `{target}`, locks the `{target}` row that `{}` points to",
            field.name
        );
        let help = match field.required {
            false => format!("let the lookup clear itself (`SetNull`), and guard deletes of the `{target}` by a trigger"),
            true => "a required lookup cannot clear itself: make it optional and demand a value by a validation rule, then use `SetNull` with a delete guard".to_owned(),
        };
        out.push(
            Finding::new(&RULE.info, schema.path(id), chain, message)
                .object(target.as_str())
                .via(Some(schema.path(id)))
                .events(events(schema, id))
                .facts(if field.required {
                    &["CS-09", "DC-05", "DC-07"]
                } else {
                    &["CS-09", "DC-05"]
                })
                .help(help)
                .remedy("delete-guard", schema.path(id)),
        );
    }
}
