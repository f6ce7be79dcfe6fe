//! A query locks more rows, or for longer, than a mutex needs.

use super::locking::{Fault, each, finding, is_shared, rows};
use super::transactions::Locking;
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Effect, EffectKind, Extent, Repeat, RowPath};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "broad-locking-query",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "`FOR UPDATE` locks rows without a bound, rows that others share, or locks them for long",
        page: include_str!("broad_locking_query.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    each(analysis, Fault::Broad, |query, queries| {
        let (query, why) = queries
            .iter()
            .find_map(|locking| Some((locking.effect, reason(locking)?)))
            .unwrap_or((query, Reason::Open));
        let rows = rows(query, &analysis.schema);
        let via = query.row.via(&analysis.schema);
        let message = match (why, &via) {
            (Reason::Open, _) => format!("locks all {rows} that a filter leaves, without a bound"),
            (Reason::Shared, Some(via)) => {
                format!("a save locks {rows} that other saves share, found by `{via}`")
            }
            (Reason::Shared, None) => format!("a save locks {rows} that other saves share"),
            (Reason::Work, _) => format!("holds {rows} locked while other work follows"),
            (Reason::Under, _) => {
                format!(
                    "holds {rows} locked while it saves rows of whatever object, with all their automation"
                )
            }
            (Reason::Counter, _) => {
                format!("every save locks the same few {rows}, so that all saves go one by one")
            }
        };
        let finding = finding(analysis, &RULE.info, query, message)
            .via(via)
            .facts(&["FU-01", "LK-02", "LK-03"])
            .help("lock late and little: read and compute first, then lock just the rows to be written, write them, and end");
        let sure = if why == Reason::Work { Confidence::Medium } else { Confidence::High };
        let confidence = finding.confidence.min(sure);
        let finding = finding.confidence(confidence);
        let is_deliberate = matches!(why, Reason::Counter | Reason::Under);
        out.push(if is_deliberate { finding.severity(Severity::Note) } else { finding });
    });
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reason {
    Open,
    Shared,
    Work,
    /// One row on purpose, by every save.
    Counter,
    /// One row on purpose, and rows that the code is handed are saved under it.
    Under,
}

pub(super) fn is_broad(queries: &[Locking<'_, '_>]) -> bool {
    queries.iter().any(|query| reason(query).is_some())
}

fn reason(query: &Locking<'_, '_>) -> Option<Reason> {
    let effect = query.effect;
    // The save of the rows holds them already.
    if query.transaction.is_save() && effect.row.is_saved() {
        return None;
    }
    match effect.extent() {
        Extent::Open if effect.row == RowPath::New => None,
        Extent::Open if !is_relational(&effect.row) => Some(Reason::Open),
        Extent::Given | Extent::Open if query.transaction.is_save() && is_shared(&effect.row) => {
            Some(Reason::Shared)
        }
        _ if has_work_after(query) => Some(Reason::Work),
        Extent::Few if query.transaction.is_save() && effect.row == RowPath::Constant => {
            Some(Reason::Counter)
        }
        Extent::Few if !is_relational(&effect.row) && saves_any_object_after(query) => {
            Some(Reason::Under)
        }
        _ => None,
    }
}

fn is_relational(row: &RowPath) -> bool {
    matches!(row, RowPath::Hops(_))
}

/// Whether other rows are written or locked after it, anything is written in a loop, or code waits.
fn has_work_after(query: &Locking<'_, '_>) -> bool {
    let effect = query.effect;
    // One row on purpose: a short step more, such as a log, is no long work.
    let is_mutex = effect.extent() == Extent::Few;
    query.transaction.after(effect).any(|later| {
        let other = later.object != effect.object && later.object.is_some();
        match later.kind {
            EffectKind::LockingQuery => other,
            EffectKind::BusyWait => true,
            EffectKind::Dml(_) if later.repeat == Repeat::PerRow => true,
            EffectKind::Dml(_) => other && !is_mutex && !is_new(later),
            _ => false,
        }
    })
}

/// Whether it writes rows of an object that only its caller knows.
fn saves_any_object_after(query: &Locking<'_, '_>) -> bool {
    query.transaction.after(query.effect).any(|later| {
        let is_write = matches!(later.kind, EffectKind::Dml(op) if op != DmlOp::Insert);
        is_write && later.object.is_none()
    })
}

fn is_new(effect: &Effect) -> bool {
    effect.row == RowPath::New
}
