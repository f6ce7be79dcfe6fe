//! For programs. These structs are a promise, as those of findings are.

use crate::analysis::Analysis;
use crate::output::document::{self, ChainStep, chain, evidence};
use crate::output::words::{reason, rows};
use crate::query::{Explanation, LockedRows};
use crate::schema::{FieldId, Schema};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(
    analysis: &Analysis,
    explanations: &[Explanation<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let saves = explanations.iter().map(|explanation| save(analysis, explanation)).collect();
    document::write(Content { saves }, &analysis.issues, &analysis.sources, out)
}

#[derive(Serialize)]
struct Content<'a> {
    saves: Vec<Save<'a>>,
}

#[derive(Serialize)]
struct Save<'a> {
    /// `Line__c:insert`
    event: String,
    rows: Vec<Rows<'a>>,
    started: Vec<Started<'a>>,
    duplicate_rules: Vec<DuplicateRule<'a>>,
    formulas: Vec<String>,
    clearing_lookups: Vec<String>,
    filtered_lookups: Vec<String>,
    measures: Vec<Measure<'a>>,
}

#[derive(Serialize)]
struct Rows<'a> {
    object: Option<&'a str>,
    /// From the saved row; null where it is no path.
    via: Option<String>,
    rows: String,
    /// Whether saves of other rows want the same rows.
    shared: bool,
    reasons: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    reason: String,
    confidence: &'a str,
    facts: &'a [&'static str],
    chain: Vec<ChainStep<'a>>,
}

#[derive(Serialize)]
struct Started<'a> {
    kind: &'a str,
    writes: Vec<&'a str>,
    chain: Vec<ChainStep<'a>>,
}

#[derive(Serialize)]
struct DuplicateRule<'a> {
    object: &'a str,
    label: &'a str,
    name: &'a str,
    matching_rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct Measure<'a> {
    relationship: &'a str,
    soql: &'a str,
}

fn save<'a>(analysis: &'a Analysis, explanation: &'a Explanation<'a>) -> Save<'a> {
    let schema = &analysis.schema;
    let started = explanation.started.iter().map(|started| Started {
        kind: started.kind.words(),
        writes: started.locks.iter().map(|object| schema.name(*object).as_str()).collect(),
        chain: chain(&started.chain, &analysis.sources),
    });
    let rules = explanation.duplicate_rules.iter().map(|(object, rule)| DuplicateRule {
        object: schema.name(*object).as_str(),
        label: &rule.label,
        name: &rule.name,
        matching_rules: rule.match_rules.iter().map(|rule| rule.name.as_str()).collect(),
    });
    let measures = explanation
        .measures
        .iter()
        .map(|measure| Measure { relationship: &measure.relationship, soql: &measure.soql });
    Save {
        event: explanation.event.name(schema),
        rows: explanation.rows.iter().map(|rows| locked(analysis, rows)).collect(),
        started: started.collect(),
        duplicate_rules: rules.collect(),
        formulas: paths(schema, &explanation.formulas),
        clearing_lookups: paths(schema, &explanation.clearing),
        filtered_lookups: paths(schema, &explanation.filtered),
        measures: measures.collect(),
    }
}

fn locked<'a>(analysis: &'a Analysis, locked: &'a LockedRows) -> Rows<'a> {
    let schema = &analysis.schema;
    let reasons = locked.reasons.iter().map(|lock| Reason {
        reason: reason(schema, lock.cause),
        confidence: lock.confidence.word(),
        facts: &lock.facts,
        chain: evidence(lock, &analysis.sources),
    });
    Rows {
        object: locked.object.map(|object| schema.name(object).as_str()),
        via: locked.row.via(schema),
        rows: rows(schema, locked.object, &locked.row),
        shared: locked.row.is_shared(),
        reasons: reasons.collect(),
    }
}

fn paths(schema: &Schema, fields: &[FieldId]) -> Vec<String> {
    fields.iter().map(|&field| schema.path(field)).collect()
}
