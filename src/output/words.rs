//! The words and lines that views have in common.

use super::clean;
use crate::base::{Confidence, Sources, Span, Step};
use crate::locks::{Cause, Lock};
use crate::program::RowPath;
use crate::schema::{ObjectId, Schema};
use anstyle::Style;
use std::io::{self, Write};

pub(super) const TITLE: Style = Style::new().bold();
pub(super) const QUIET: Style = Style::new().dimmed();

/// Which rows: ``the `Invoice__c` that `Line__c.Invoice__c` points to``.
pub(super) fn rows(schema: &Schema, object: Option<ObjectId>, row: &RowPath) -> String {
    let object = match object {
        Some(object) => format!("`{}`", schema.name(object)),
        None => "rows of an unknown object".to_owned(),
    };
    match (row, row.via(schema)) {
        (row, _) if row.is_saved() => format!("the saved {object}"),
        (RowPath::Hops(hops), Some(via)) if row.is_parent() && hops.len() == 1 => {
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
pub(super) fn reason(schema: &Schema, cause: Cause) -> String {
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

/// The facts, and how sure they are where they are not certain.
pub(super) fn basis(lock: &Lock) -> String {
    let sure = match lock.confidence {
        Confidence::High => None,
        Confidence::Medium => Some("likely"),
        Confidence::Low => Some("possible"),
    };
    let words: Vec<&str> = sure.into_iter().chain(lock.facts.iter().copied()).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// A piece of evidence, on a line of its own.
pub(super) fn step(step: &Step, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let note = clean(&step.note);
    writeln!(out, "       {QUIET}{}{QUIET:#}  {note}", place(step.span, sources))
}

fn place(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    format!("{}:{}", clean(&file.path), file.line_column(span.start).line)
}
