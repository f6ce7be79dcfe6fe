//! Automation inserts rows whose own save locks a row that others use.

use super::relationship::is_locked_by_save;
use super::writes::{Write, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::locks_on;
use crate::program::{DmlOp, RowPath};
use crate::schema::FieldId;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "shared-parent-insert",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "automation inserts rows whose own save locks a parent that others use",
        page: include_str!("shared_parent_insert.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for write in writes(analysis)
        .iter()
        .filter(|write| write.ops.contains(&DmlOp::Insert) && *write.row == RowPath::New)
    {
        // Two objects may share a field's name, but one field leads to one parent: the path that says most counts.
        for (name, path) in write.parents {
            let field = analysis.schema.field(write.object, name);
            if let Some(field) = field {
                out.extend(finding(analysis, write, field, path));
            }
        }
    }
}

fn finding(
    analysis: &Analysis,
    write: &Write<'_>,
    field: FieldId,
    path: &RowPath,
) -> Option<Finding> {
    let schema = &analysis.schema;
    let lock = locks_on(schema, field, DmlOp::Insert)?.into_iter().next()?;
    let certain = match path {
        RowPath::Hops(_) | RowPath::Constant if path.is_shared() => Confidence::High,
        RowPath::Filter => Confidence::Medium,
        RowPath::Unknown => Confidence::Low,
        // The saved row, its own children, or a row of this transaction.
        RowPath::Hops(_) | RowPath::Constant | RowPath::New => return None,
    };
    if write.saves.iter().all(|save| is_locked_by_save(analysis, save.op, path)) {
        return None;
    }
    let parent = schema.name(lock.object?);
    let detail = schema.name(write.object);
    let via = schema.path(field);
    let whose =
        path.via(schema).map_or(String::new(), |path| format!(", the one that `{path}` points to"));
    let message = format!(
        "{} of a `{}` inserts `{detail}` rows, which locks their `{parent}`{whose}",
        write.saves_in_words(),
        schema.name(write.saved)
    );
    let is_heavy = schema.roll_ups_over(field).next().is_some()
        || schema.is_dictionary_like(lock.object?)
        || schema.objects[write.object].loaded_in_parallel
        || *path == RowPath::Constant;
    let severity = if is_heavy { Severity::Warning } else { RULE.info.severity };
    let later =
        format!("insert the rows in another transaction, one job for a `{parent}` at a time");
    let help = match schema.fields[field].required {
        true => {
            format!("{later}, or do not require `{via}`, so that it can clear itself (`SetNull`)")
        }
        false => format!("{later}, or make `{via}` a lookup that clears itself (`SetNull`)"),
    };
    let mut facts = lock.facts.clone();
    facts.extend(["AU-02", "LK-03"]);
    let finding = write
        .finding(&RULE.info, analysis, message)
        .severity(severity)
        .confidence(lock.confidence.min(certain));
    Some(finding.object(parent.as_str()).via(Some(via)).facts(&facts).help(help))
}
