//! `rowlock explain`, for people and for programs.

mod json;
mod text;

use super::Format;
use crate::analysis::Analysis;
use crate::locks::Cause;
use crate::program::{DmlOp, RowPath};
use crate::query::{Explanation, LockedRows};
use crate::schema::Schema;
use std::io::{self, Write};

/// Writes what saves of one object do. SARIF has no form for it: whatever is not JSON is text.
pub(crate) fn write_explanations(
    format: Format,
    analysis: &Analysis,
    explanations: &[Explanation<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(analysis, explanations, out),
        Format::Terminal | Format::Sarif => text::write(analysis, explanations, out),
    }
}

/// Which rows: ``the `Invoice__c` that `Line__c.Invoice__c` points to``.
fn rows(schema: &Schema, rows: &LockedRows) -> String {
    let object = match rows.object {
        Some(object) => format!("`{}`", schema.name(object)),
        None => "rows of an unknown object".to_owned(),
    };
    match (&rows.row, rows.row.via(schema)) {
        (row, _) if row.is_saved() => format!("the saved {object}"),
        (RowPath::Hops(hops), Some(via)) if rows.row.is_parent() && hops.len() == 1 => {
            format!("the {object} that `{via}` points to")
        }
        (RowPath::Hops(_), via) => format!("{object} found by `{}`", via.unwrap_or_default()),
        (RowPath::Constant, _) => format!("{object}: the same rows for every save"),
        (RowPath::Filter, _) => format!("{object} found by values of the saved rows"),
        (RowPath::New, _) => format!("new {object}"),
        (RowPath::Unknown, _) => object,
    }
}

/// Why a row is locked, in a few words.
fn reason(schema: &Schema, cause: Cause) -> String {
    match cause {
        Cause::SavedRow => "it is saved".to_owned(),
        Cause::MasterDetail(field) => {
            format!("it is the master of `{}`", schema.name(schema.fields[field].object))
        }
        Cause::RollUp(field) => {
            let fields: Vec<String> = schema
                .roll_ups_over(field)
                .map(|(roll_up, _)| format!("`{}`", schema.path(roll_up)))
                .collect();
            let are =
                if fields.len() == 1 { "the roll-up summary" } else { "the roll-up summaries" };
            format!("{are} {} may have to be written", fields.join(", "))
        }
        Cause::RestrictingLookup(field) => {
            format!("`{}` stops its deletion while it points to it", schema.path(field))
        }
        Cause::CascadingLookup(field) => {
            format!("its deletion deletes what `{}` points to it with", schema.path(field))
        }
        Cause::Standard(field) => {
            format!("the platform locks what `{}` points to", schema.path(field))
        }
        Cause::Write(op) => format!("automation {}s it", op.word()),
        Cause::LockingQuery => "automation selects it `FOR UPDATE`".to_owned(),
    }
}

/// `inserting a`, `deleting an`
fn doing(op: DmlOp) -> &'static str {
    match op {
        DmlOp::Insert => "inserting",
        DmlOp::Update => "updating",
        DmlOp::Delete => "deleting",
        DmlOp::Undelete => "undeleting",
    }
}
