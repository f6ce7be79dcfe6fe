//! Automation changes rows that are neither the saved row nor its parent.

use super::hot_row_write::is_hot;
use super::writes::{Write, by_statement, events, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::RowPath;
use crate::schema::Schema;
use std::cmp::Reverse;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "cross-record-write",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "automation of one object changes rows of another, or other rows of the same object",
        page: include_str!("cross_record_write.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let writes = writes(analysis);
    let others = writes.iter().filter(|write| writes_others(write, &analysis.schema));
    out.extend(by_statement(others).iter().map(|writes| finding(analysis, writes)));
}

fn finding(analysis: &Analysis, writes: &[&Write<'_>]) -> Finding {
    let schema = &analysis.schema;
    let write = writes.iter().max_by_key(|write| weight(write)).expect("a statement has a write");
    let object = schema.name(write.object);
    let message = format!(
        "{} of a `{}` {} {}",
        write.saves_in_words(),
        schema.name(write.saved),
        write.verbs(),
        rows(write, schema)
    );
    // Rows below the saved row are seldom wanted by others: their common parent is held already.
    let severity = if write.row.is_children() { Severity::Note } else { RULE.info.severity };
    let help = format!(
        "the `{object}` rows stay locked until the whole save ends: write them in a transaction of their own, if they can wait"
    );
    let finding = write.finding(&RULE.info, analysis, message).severity(severity);
    finding.confidence(write.confidence).events(events(writes, analysis)).help(help)
}

/// What to say of a statement that writes several kinds of rows: the surest, the most shared, the nearest.
fn weight(write: &Write<'_>) -> (Confidence, bool, Reverse<usize>) {
    (write.confidence, !write.row.is_children(), Reverse(write.chain.len()))
}

fn writes_others(write: &Write<'_>, schema: &Schema) -> bool {
    let elsewhere = match write.row {
        RowPath::Hops(_) => !write.row.is_saved() && !write.row.is_parent(),
        RowPath::Filter | RowPath::Unknown => true,
        RowPath::New | RowPath::Constant => false,
    };
    elsewhere && write.changes_rows() && !is_hot(write, schema)
}

/// Which rows, for people.
fn rows(write: &Write<'_>, schema: &Schema) -> String {
    let object = schema.name(write.object);
    match write.row {
        RowPath::Hops(_) => {
            format!("`{object}` rows found by `{}`", write.row.via(schema).unwrap_or_default())
        }
        RowPath::Filter => format!("`{object}` rows found by a value of the saved row"),
        _ => format!("`{object}` rows; which rows could not be determined"),
    }
}
