//! Two saves lock shared rows of two objects in opposite orders.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Conflict, FirstLocks, Locked, Meeting, SaveEvent, meetings};
use crate::program::RowPath;
use crate::schema::ObjectId;
use std::collections::BTreeMap;
use std::rc::Rc;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "lock-order-inversion",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "two saves lock shared rows of the same two objects in opposite orders",
        page: include_str!("lock_order_inversion.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    let events = analysis.locks.events().filter(|event| !schema.is_event(event.object));
    let locks: Vec<(SaveEvent, FirstLocks)> = events
        .map(|event| (event, shared(analysis, event)))
        .filter(|(_, locks)| locks.len() > 1)
        .collect();
    let mut found: BTreeMap<(ObjectId, ObjectId), (Rank, Finding)> = BTreeMap::new();
    for (index, (a, first_a)) in locks.iter().enumerate() {
        for (b, first_b) in &locks[index..] {
            let meetings = meetings(*a, first_a, *b, first_b);
            let conflict = Conflict { a: *a, b: *b, meetings };
            for (first, then) in conflict.crossings() {
                let objects = (first.object.min(then.object), first.object.max(then.object));
                let rank = (hops(first) + hops(then), a.name(schema), b.name(schema));
                // One finding for two objects: that whose rows are nearest to the saved ones.
                if found.get(&objects).is_none_or(|(known, _)| rank < *known)
                    && let Some(finding) = finding(analysis, &conflict, first, then)
                {
                    found.insert(objects, (rank, finding));
                }
            }
        }
    }
    out.extend(found.into_values().map(|(_, finding)| finding));
}

/// How far the rows are away, and the names of the saves.
type Rank = (usize, String, String);

/// Of each object the first lock, if it is a certain one on a parent: what is held already is taken in no order.
fn shared(analysis: &Analysis, event: SaveEvent) -> FirstLocks {
    let mut locks = analysis.locks.first_locks(event);
    let is_sure = |locked: &Rc<Locked>| {
        locked.lock.row.is_parent()
            && locked.lock.confidence == Confidence::High
            && locked.lock.chain.is_some()
    };
    locks.values_mut().for_each(|locks| locks.truncate(1));
    locks.retain(|_, locks| locks.iter().all(is_sure));
    locks
}

fn hops(meeting: &Meeting) -> usize {
    let hops = |locked: &Locked| match &locked.lock.row {
        RowPath::Hops(hops) => hops.len(),
        _ => 0,
    };
    hops(&meeting.a) + hops(&meeting.b)
}

/// At the lock that the second save takes last, after the ways of the first save.
fn finding(
    analysis: &Analysis,
    conflict: &Conflict,
    first: &Meeting,
    then: &Meeting,
) -> Option<Finding> {
    let schema = &analysis.schema;
    let (a, b) = (conflict.a.name(schema), conflict.b.name(schema));
    let (one, other) = (schema.name(first.object), schema.name(then.object));
    let chains = [&first.a, &then.a, &then.b, &first.b].map(|locked| locked.lock.chain.as_ref());
    let [Some(first_a), Some(then_a), Some(then_b), Some(first_b)] = chains else { return None };
    let chain = first_a.then(&then_a.then(&then_b.then(first_b)));
    let message = format!(
        "`{a}` locks a `{one}` before a `{other}`, and `{b}` locks a `{other}` before a `{one}`: each may wait for the other"
    );
    let help = format!(
        "lock both in the same order everywhere: for example select the `{one}` rows `FOR UPDATE` first in both, or write one of the two in a transaction of its own"
    );
    Some(
        Finding::new(&RULE.info, format!("{one} and {other}"), chain, message)
            .object(one.as_str())
            .via(first.b.lock.row.via(schema))
            .events(vec![a, b])
            .confidence(Confidence::Medium)
            .facts(&["LK-03", "LK-05", "LK-07"])
            .help(help),
    )
}
