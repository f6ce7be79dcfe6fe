//! A save writes a row that all transactions share.

use super::writes::{Write, events, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Confidence, Span};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::RowPath;
use crate::schema::{ObjectId, Schema};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "hot-row-write",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Error,
        summary: "a save writes a row that does not depend on what is saved, so that all saves wait for it",
        page: include_str!("hot_row_write.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let writes = writes(analysis);
    // The rows are the same whatever is saved: one finding for a statement, and all objects whose saves come to it.
    // What is a guess for one object is no part of what is sure for another.
    let mut statements: BTreeMap<(Span, ObjectId, Confidence), Vec<&Write<'_>>> = BTreeMap::new();
    for write in writes.iter().filter(|write| is_hot(write, &analysis.schema)) {
        let key = (write.site, write.object, write.confidence);
        statements.entry(key).or_default().push(write);
    }
    out.extend(statements.values().map(|writes| finding(analysis, writes)));
}

fn finding(analysis: &Analysis, writes: &[&Write<'_>]) -> Finding {
    let schema = &analysis.schema;
    let write =
        writes.iter().min_by_key(|write| write.chain.len()).expect("a statement has a write");
    let object = schema.name(write.object);
    let rows = if schema.objects[write.object].custom_setting { "setting" } else { "rows" };
    let message = format!("{} {} the same `{object}` {rows}", saves(writes, schema), write.verbs());
    let help = "all saves stand in one queue for this row: use an auto-number, count by a query, or collect and add up later in one job";
    write.finding(&RULE.info, analysis, message).events(events(writes, analysis)).help(help)
}

/// `insert or update of any X`, `any save of X, Y or 2 other objects`
fn saves(writes: &[&Write<'_>], schema: &Schema) -> String {
    let objects: BTreeSet<ObjectId> = writes.iter().map(|write| write.saved).collect();
    let names: Vec<String> =
        objects.iter().map(|&object| format!("`{}`", schema.name(object))).collect();
    match names.as_slice() {
        [one] => {
            let ops: BTreeSet<&str> = writes
                .iter()
                .flat_map(|write| write.saves.iter().map(|save| save.op.word()))
                .collect();
            format!("{} of any {one}", ops.into_iter().collect::<Vec<_>>().join(" or "))
        }
        [first, second] => format!("any save of {first} or {second}"),
        [first, second, third] => format!("any save of {first}, {second} or {third}"),
        [first, second, rest @ ..] => {
            format!("any save of {first}, {second} or {} other objects", rest.len())
        }
        [] => String::new(),
    }
}

/// Whether the written rows are the same for every save.
pub(super) fn is_hot(write: &Write<'_>, schema: &Schema) -> bool {
    let is_setting = schema.objects[write.object].custom_setting && *write.row != RowPath::New;
    write.changes_rows() && (*write.row == RowPath::Constant || is_setting)
}
