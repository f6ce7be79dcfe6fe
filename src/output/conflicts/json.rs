//! For programs. These structs are a promise, as those of findings are.

use crate::analysis::Analysis;
use crate::locks::{Conflict, Locked, Meeting};
use crate::output::document::{self, ChainStep, evidence};
use crate::output::words::{reason, rows};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(
    analysis: &Analysis,
    conflicts: &[Conflict],
    out: &mut dyn Write,
) -> io::Result<()> {
    let conflicts = conflicts.iter().map(|conflict| pair(analysis, conflict)).collect();
    document::write(Content { conflicts }, &analysis.issues, &analysis.sources, out)
}

#[derive(Serialize)]
struct Content<'a> {
    conflicts: Vec<Pair<'a>>,
}

#[derive(Serialize)]
struct Pair<'a> {
    /// `Line__c:insert`
    a: String,
    b: String,
    /// In the order in which `a` locks them.
    meetings: Vec<Both<'a>>,
    /// Objects that the two lock in opposite orders.
    crossings: Vec<[&'a str; 2]>,
}

#[derive(Serialize)]
struct Both<'a> {
    object: &'a str,
    a: Side<'a>,
    b: Side<'a>,
}

#[derive(Serialize)]
struct Side<'a> {
    /// When it is locked among all locks of the save; equal where the order is not known.
    order: usize,
    via: Option<String>,
    rows: String,
    reason: String,
    confidence: &'a str,
    facts: &'a [&'static str],
    chain: Vec<ChainStep<'a>>,
}

fn pair<'a>(analysis: &'a Analysis, conflict: &'a Conflict) -> Pair<'a> {
    let schema = &analysis.schema;
    let name = |meeting: &Meeting| schema.name(meeting.object).as_str();
    let meetings = conflict.meetings.iter().map(|meeting| Both {
        object: name(meeting),
        a: side(analysis, &meeting.a),
        b: side(analysis, &meeting.b),
    });
    Pair {
        a: conflict.a.name(schema),
        b: conflict.b.name(schema),
        meetings: meetings.collect(),
        crossings: conflict.crossings().map(|(one, other)| [name(one), name(other)]).collect(),
    }
}

fn side<'a>(analysis: &'a Analysis, locked: &'a Locked) -> Side<'a> {
    let schema = &analysis.schema;
    let lock = &locked.lock;
    Side {
        order: locked.at,
        via: lock.row.via(schema),
        rows: rows(schema, lock.object, &lock.row),
        reason: reason(schema, lock.cause),
        confidence: lock.confidence.word(),
        facts: &lock.facts,
        chain: evidence(lock, &analysis.sources),
    }
}
