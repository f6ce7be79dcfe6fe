//! For programs. These structs are a promise, as those of findings are.

use crate::analysis::Analysis;
use crate::output::document::{self, ChainStep, evidence};
use crate::output::words::{reason, rows};
use crate::query::{Change, ModelDiff};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(
    before: &Analysis,
    after: &Analysis,
    diff: &ModelDiff,
    out: &mut dyn Write,
) -> io::Result<()> {
    let content = Content {
        unread_before: before.issues.len(),
        added: diff.added.iter().map(|change| entry(after, change)).collect(),
        removed: diff.removed.iter().map(|change| entry(before, change)).collect(),
    };
    document::write(content, &after.issues, &after.sources, out)
}

#[derive(Serialize)]
struct Content<'a> {
    /// How many places could not be read: where they differ from the issues now, they may look like changes.
    unread_before: usize,
    added: Vec<Entry<'a>>,
    removed: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// `Line__c:insert`
    events: Vec<String>,
    /// The object of new rows that take the lock; null where the saved rows do.
    inserted: Option<&'a str>,
    object: Option<&'a str>,
    via: Option<String>,
    rows: String,
    reason: String,
    confidence: &'a str,
    facts: &'a [&'static str],
    chain: Vec<ChainStep<'a>>,
}

fn entry<'a>(analysis: &'a Analysis, change: &'a Change) -> Entry<'a> {
    let (schema, lock) = (&analysis.schema, &change.lock);
    Entry {
        events: change.ops.iter().map(|op| format!("{}:{}", change.saved, op.word())).collect(),
        inserted: change.by_insert.as_deref(),
        object: lock.object.map(|object| schema.name(object).as_str()),
        via: lock.row.via(schema),
        rows: rows(schema, lock.object, &lock.row),
        reason: reason(schema, lock.cause),
        confidence: lock.confidence.word(),
        facts: &lock.facts,
        chain: evidence(lock, &analysis.sources),
    }
}
