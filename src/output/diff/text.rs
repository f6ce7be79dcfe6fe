//! For people: added locks first, each with what shows it.

use crate::analysis::Analysis;
use crate::output::clean;
use crate::output::words::{TITLE, basis, reason, rows, step};
use crate::query::{Change, ModelDiff};
use std::io::{self, Write};

pub(super) fn write(
    before: &Analysis,
    after: &Analysis,
    diff: &ModelDiff,
    out: &mut dyn Write,
) -> io::Result<()> {
    for change in &diff.added {
        one('+', after, change, out)?;
    }
    for change in &diff.removed {
        one('-', before, change, out)?;
    }
    let (unread_before, unread) = (before.issues.len(), after.issues.len());
    if unread_before != unread {
        writeln!(
            out,
            "{unread_before} places could not be read before, {unread} after: what they hide looks like a change\n"
        )?;
    }
    let locks = |count: usize| if count == 1 { "lock" } else { "locks" };
    let (added, removed) = (diff.added.len(), diff.removed.len());
    writeln!(out, "{added} {} added, {removed} removed", locks(added))
}

fn one(sign: char, analysis: &Analysis, change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let schema = &analysis.schema;
    let ops: Vec<&str> = change.ops.iter().map(|op| op.word()).collect();
    let lock = &change.lock;
    let saved = clean(&change.saved);
    let by = match &change.by_insert {
        Some(new) => format!("inserts `{}` rows, which locks", clean(new)),
        None => "locks".to_owned(),
    };
    writeln!(
        out,
        "{TITLE}{sign} {} of a `{saved}` {by} {}{TITLE:#}",
        ops.join(" or "),
        clean(&rows(schema, lock.object, &lock.row))
    )?;
    writeln!(out, "     {}{}", clean(&reason(schema, lock.cause)), basis(lock))?;
    for one in lock.chain.iter().flat_map(|chain| chain.steps()) {
        step(one, &analysis.sources, out)?;
    }
    writeln!(out)
}
