//! How much could be followed: a table for people, and the object that JSON and SARIF have.

use super::Elapsed;
use crate::stats::{Relation, Stats, per_mille};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(stats: &Stats, elapsed: Elapsed, out: &mut dyn Write) -> io::Result<()> {
    let all = stats.statements;
    row(out, "triggers followed", stats.followed, &format!("of {}", stats.triggers))?;
    row(out, "classes", stats.classes, "")?;
    row(out, "DML statements that saves reach", all, "")?;
    row(out, "  of known object", stats.typed, &share(stats.typed, all))?;
    row(out, "  related to the saved rows", stats.related, &share(stats.related, all))?;
    for &(relation, count) in stats.relations.iter().filter(|(_, count)| *count != 0) {
        row(out, &format!("    {}", words(relation)), count, "")?;
    }
    let unresolved = stats.unresolved.iter().map(|(_, count)| count).sum();
    row(out, "places that could not be resolved", unresolved, "")?;
    for (reason, count) in &stats.unresolved {
        row(out, &format!("  {}", reason.words().id), *count, "")?;
    }
    let Elapsed { reading, analysis, rules } = elapsed;
    for (phase, time) in [("reading", reading), ("analysis", analysis), ("rules", rules)] {
        writeln!(out, "{phase:35} {:>8.2} s", time.as_secs_f64())?;
    }
    writeln!(out)
}

fn row(out: &mut dyn Write, label: &str, count: usize, more: &str) -> io::Result<()> {
    let line = format!("{label:35} {count:8} {more:>8}");
    writeln!(out, "{}", line.trim_end())
}

/// `87.5 %`; nothing of nothing.
fn share(part: usize, whole: usize) -> String {
    per_mille(part, whole).map_or(String::new(), |share| format!("{}.{} %", share / 10, share % 10))
}

fn words(relation: Relation) -> &'static str {
    match relation {
        Relation::Saved => "the saved rows themselves",
        Relation::Parent => "parents",
        Relation::Child => "children",
        Relation::Relative => "relatives: up and down",
        Relation::New => "new rows",
        Relation::Constant => "the same rows for every save",
        Relation::Filter => "found by values, not by ids",
        Relation::Unknown => "not known",
    }
}

/// What machines read. These names are a promise.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Numbers {
    triggers: usize,
    followed_triggers: usize,
    classes: usize,
    statements: usize,
    typed_statements: usize,
    related_statements: usize,
    relations: BTreeMap<&'static str, usize>,
    unresolved: BTreeMap<&'static str, usize>,
}

impl Numbers {
    pub(super) fn of(stats: &Stats) -> Numbers {
        let relations = stats.relations.iter().map(|&(relation, count)| (id(relation), count));
        let unresolved = stats.unresolved.iter().map(|&(reason, count)| (reason.words().id, count));
        Numbers {
            triggers: stats.triggers,
            followed_triggers: stats.followed,
            classes: stats.classes,
            statements: stats.statements,
            typed_statements: stats.typed,
            related_statements: stats.related,
            relations: relations.collect(),
            unresolved: unresolved.collect(),
        }
    }
}

fn id(relation: Relation) -> &'static str {
    match relation {
        Relation::Saved => "self",
        Relation::Parent => "parent",
        Relation::Child => "child",
        Relation::Relative => "relative",
        Relation::New => "new",
        Relation::Constant => "constant",
        Relation::Filter => "filter",
        Relation::Unknown => "unknown",
    }
}
