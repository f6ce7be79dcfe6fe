//! For people: each object in which two saves meet, with both ways to it.

use crate::analysis::Analysis;
use crate::locks::{Conflict, Lock, Locked, Meeting};
use crate::output::words::{QUIET, TITLE, basis, reason, rows, step};
use crate::output::{clean, unread};
use std::io::{self, Write};

/// Where orders cross, they cross often: a few pairs show it.
const MOST_CROSSINGS: usize = 3;

pub(super) fn write(
    analysis: &Analysis,
    conflicts: &[Conflict],
    out: &mut dyn Write,
) -> io::Result<()> {
    match conflicts {
        [] => writeln!(out, "No two saves of the project lock the same rows, as far as is known.")?,
        [one] => pair(analysis, one, out)?,
        several => {
            for (index, conflict) in several.iter().enumerate() {
                in_short(analysis, index + 1, conflict, out)?;
            }
        }
    }
    if let Some(unread) = unread(analysis) {
        writeln!(out, "\n{unread}")?;
    }
    writeln!(
        out,
        "\nOne call cannot deadlock itself: a transaction never waits for locks that it holds (LK-03, BK-11). Saves meet where they run\n\
         side by side: parallel loads, jobs, people."
    )
}

fn pair(analysis: &Analysis, conflict: &Conflict, out: &mut dyn Write) -> io::Result<()> {
    let schema = &analysis.schema;
    let (a, b) = (conflict.a.name(schema), conflict.b.name(schema));
    let (a, b) = (clean(&a), clean(&b));
    if conflict.meetings.is_empty() {
        return writeln!(out, "{TITLE}`{a}` and `{b}` lock no row that both want{TITLE:#}");
    }
    writeln!(out, "{TITLE}`{a}` and `{b}` both lock{TITLE:#}")?;
    for meeting in &conflict.meetings {
        writeln!(out, "\n  rows of `{}`", clean(schema.name(meeting.object).as_str()))?;
        side(analysis, &a, &meeting.a, out)?;
        if a != b || meeting.a.lock != meeting.b.lock {
            side(analysis, &b, &meeting.b, out)?;
        }
    }
    writeln!(out)?;
    let crossings: Vec<(&Meeting, &Meeting)> = conflict.crossings().collect();
    if crossings.is_empty() {
        let order: Vec<String> = conflict
            .meetings
            .iter()
            .map(|meeting| format!("`{}`", clean(schema.name(meeting.object).as_str())))
            .collect();
        let order = match conflict.is_in_order() {
            true => format!("Both take them in the same order ({}):", order.join(", ")),
            false => "In which order each takes them is not known of all; where it is the same,"
                .to_owned(),
        };
        return writeln!(
            out,
            "  {order} one waits for the other, and fails if that takes more than 10 s (LK-02)."
        );
    }
    for (first, then) in crossings.iter().take(MOST_CROSSINGS) {
        crossing(analysis, conflict, first, then, out)?;
    }
    match crossings.len().saturating_sub(MOST_CROSSINGS) {
        0 => Ok(()),
        rest => writeln!(out, "  So do {rest} more pairs of these objects."),
    }
}

/// One of many pairs: in what they meet, and how to see more.
fn in_short(
    analysis: &Analysis,
    number: usize,
    conflict: &Conflict,
    out: &mut dyn Write,
) -> io::Result<()> {
    let schema = &analysis.schema;
    let (a, b) = (conflict.a.name(schema), conflict.b.name(schema));
    let (a, b) = (clean(&a), clean(&b));
    let objects: Vec<String> = conflict
        .meetings
        .iter()
        .map(|meeting| format!("`{}`", clean(schema.name(meeting.object).as_str())))
        .collect();
    let order = match conflict.crossings().next() {
        Some((first, then)) => format!(
            "orders cross, first of `{}` and `{}`",
            clean(schema.name(first.object).as_str()),
            clean(schema.name(then.object).as_str())
        ),
        None if conflict.is_in_order() => "in the same order".to_owned(),
        None => "in an order that is not known".to_owned(),
    };
    writeln!(out, "{number:2}. {TITLE}`{a}` and `{b}`{TITLE:#}: {order}")?;
    writeln!(out, "    {}", objects.join(", "))?;
    writeln!(out, "    {QUIET}rowlock conflicts {a} {b}{QUIET:#}")
}

fn crossing(
    analysis: &Analysis,
    conflict: &Conflict,
    first: &Meeting,
    then: &Meeting,
    out: &mut dyn Write,
) -> io::Result<()> {
    let schema = &analysis.schema;
    let (a, b) = (conflict.a.name(schema), conflict.b.name(schema));
    let (a, b) = (clean(&a), clean(&b));
    let (one, other) =
        (clean(schema.name(first.object).as_str()), clean(schema.name(then.object).as_str()));
    writeln!(
        out,
        "  Their orders cross: `{a}` locks `{one}` before `{other}`, `{b}` locks `{other}` before `{one}`. Each may wait for what the\n  \
         other holds, until one fails (LK-07)."
    )
}

fn side(analysis: &Analysis, save: &str, locked: &Locked, out: &mut dyn Write) -> io::Result<()> {
    let schema = &analysis.schema;
    let Lock { object, row, cause, chain, .. } = &locked.lock;
    let (which, why) = (rows(schema, *object, row), reason(schema, *cause));
    let (which, why, basis) = (clean(&which), clean(&why), basis(&locked.lock));
    writeln!(out, "    {QUIET}`{save}`{QUIET:#}: {which}: {why}{basis}")?;
    match chain {
        Some(chain) => step(chain.last(), &analysis.sources, out),
        None => Ok(()),
    }
}
