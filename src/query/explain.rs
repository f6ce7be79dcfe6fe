//! What a save locks, and why: the answer to "which record is meant?".

use crate::analysis::Analysis;
use crate::base::{Chain, Confidence};
use crate::locks::{Caused, Lock, SaveEvent};
use crate::metadata::DuplicateRuleFacts;
use crate::program::{Effect, EffectKind, Hop, JobKind, Mask, RowPath};
use crate::schema::{FieldId, FieldKind, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// All that one kind of save does to rows of others.
pub(crate) struct Explanation<'a> {
    pub(crate) event: SaveEvent,
    /// In the order in which they are locked, as far as that is known: what the save itself locks, then what the saves
    /// lock that it causes.
    pub(crate) rows: Vec<LockedRows>,
    /// In transactions of their own.
    pub(crate) started: Vec<Started>,
    /// The active ones that compare rows in this transaction, with their objects.
    pub(crate) duplicate_rules: Vec<(ObjectId, &'a DuplicateRuleFacts)>,
    /// Formula fields of the rows that are locked: they are suspected, and lock nothing (RU-13).
    pub(crate) formulas: Vec<FieldId>,
    /// Lookups of the saved rows whose filters read their targets, which no source says to lock (DC-13).
    pub(crate) filtered: Vec<FieldId>,
    /// Lookups of the saved object that lock nothing, since they clear themselves (DC-02).
    pub(crate) clearing: Vec<FieldId>,
    /// How many rows share a locked one depends on the data (S14 of the scenarios): where to count.
    pub(crate) measures: Vec<Measure>,
}

/// Rows of one object, found in one way, with every reason to lock them.
pub(crate) struct LockedRows {
    /// Nothing where the object could not be resolved.
    pub(crate) object: Option<ObjectId>,
    pub(crate) row: RowPath,
    /// The surest first.
    pub(crate) reasons: Vec<Lock>,
}

/// Work that starts when the save is done with.
pub(crate) struct Started {
    pub(crate) kind: JobKind,
    pub(crate) chain: Chain,
    /// The objects whose existing rows it locks.
    pub(crate) locks: Vec<ObjectId>,
}

/// A relationship whose skew decides how often saves meet.
pub(crate) struct Measure {
    pub(crate) relationship: String,
    /// Children per parent, the most first.
    pub(crate) soql: String,
}

pub(crate) fn explain(analysis: &Analysis, event: SaveEvent) -> Explanation<'_> {
    let rows = locked_rows(analysis.locks.footprint(event));
    let saves = analysis.locks.saves(event);
    Explanation {
        event,
        started: started(analysis, &saves),
        duplicate_rules: duplicate_rules(analysis, &saves),
        formulas: formulas(analysis, &rows),
        filtered: filtered(analysis, event.object),
        clearing: clearing(analysis, event.object),
        measures: measures(analysis, &rows),
        rows,
    }
}

impl LockedRows {
    pub(crate) fn confidence(&self) -> Confidence {
        self.reasons.iter().map(|reason| reason.confidence).max().unwrap_or(Confidence::Low)
    }
}

/// Rows that the transaction makes itself are nobody else's.
fn locked_rows(locks: Vec<Lock>) -> Vec<LockedRows> {
    let mut all: Vec<LockedRows> = Vec::new();
    for lock in locks.into_iter().filter(|lock| lock.row != RowPath::New) {
        let is_same = |rows: &&mut LockedRows| rows.object == lock.object && rows.row == lock.row;
        match all.iter_mut().find(is_same) {
            Some(rows) => rows.reasons.push(lock),
            None => all.push(LockedRows {
                object: lock.object,
                row: lock.row.clone(),
                reasons: vec![lock],
            }),
        }
    }
    for rows in &mut all {
        rows.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.confidence));
    }
    all
}

fn started(analysis: &Analysis, saves: &[Caused]) -> Vec<Started> {
    let mut by_site: BTreeMap<_, Started> = BTreeMap::new();
    for save in saves {
        for automation in analysis.program.automations_of(save.event.object) {
            let reached = |effect: &&Effect| effect.reach.mask.meets(save.event.op.events());
            for start in automation.effects.iter().filter(reached) {
                let EffectKind::Start(kind) = start.kind else { continue };
                // An event is handled by what its object has for automation.
                let event = start.object.filter(|_| kind == JobKind::Event);
                let handlers =
                    event.into_iter().flat_map(|event| analysis.program.automations_of(event));
                let of_job =
                    |effect: &&Effect| effect.job.is_some_and(|job| job.started == start.site);
                let done = automation.jobs.iter().filter(of_job);
                let locks: BTreeSet<ObjectId> = done
                    .chain(handlers.flat_map(|handler| &handler.effects))
                    .filter(|effect| effect.changes_rows())
                    .filter_map(|effect| effect.object)
                    .collect();
                let chain = match &save.chain {
                    Some(chain) => chain.then(&start.chain),
                    None => start.chain.clone(),
                };
                by_site.entry(start.site).or_insert(Started {
                    kind,
                    chain,
                    locks: locks.into_iter().collect(),
                });
            }
        }
    }
    by_site.into_values().collect()
}

fn duplicate_rules<'a>(
    analysis: &'a Analysis,
    saves: &[Caused],
) -> Vec<(ObjectId, &'a DuplicateRuleFacts)> {
    let compared = Mask::INSERT.or(Mask::UPDATE);
    let objects: BTreeSet<ObjectId> = saves
        .iter()
        .filter(|save| save.event.op.events().meets(compared))
        .map(|save| save.event.object)
        .collect();
    let rules = objects.into_iter().flat_map(|object| {
        let rules = analysis.schema.objects[object].duplicate_rules.iter();
        rules.map(move |rule| (object, rule))
    });
    rules.filter(|(_, rule)| rule.active).collect()
}

fn formulas(analysis: &Analysis, rows: &[LockedRows]) -> Vec<FieldId> {
    let schema = &analysis.schema;
    let sure = rows.iter().filter(|rows| rows.confidence() > Confidence::Low);
    let objects: BTreeSet<ObjectId> = sure.filter_map(|rows| rows.object).collect();
    let fields = objects.into_iter().flat_map(|object| &schema.objects[object].fields).copied();
    fields.filter(|&field| matches!(schema.fields[field].kind, FieldKind::Formula)).collect()
}

fn filtered(analysis: &Analysis, object: ObjectId) -> Vec<FieldId> {
    let schema = &analysis.schema;
    let fields = schema.objects[object].fields.iter().copied();
    fields.filter(|&field| schema.fields[field].filtered).collect()
}

fn clearing(analysis: &Analysis, object: ObjectId) -> Vec<FieldId> {
    let schema = &analysis.schema;
    let is_clearing = |&field: &FieldId| {
        matches!(schema.fields[field].kind, FieldKind::Lookup { .. })
            && crate::locks::constraint(schema, field) == crate::metadata::DeleteConstraint::SetNull
    };
    schema.objects[object].fields.iter().copied().filter(is_clearing).collect()
}

/// Each relationship on the way to a row that other saves want as well, in the order of the rows.
fn measures(analysis: &Analysis, rows: &[LockedRows]) -> Vec<Measure> {
    let schema = &analysis.schema;
    let mut seen = BTreeSet::new();
    let mut measures = Vec::new();
    for row in rows.iter().filter(|rows| rows.confidence() > Confidence::Low) {
        let RowPath::Hops(hops) = &row.row else { continue };
        for hop in hops {
            let Hop::Up { child, field } = hop else { continue };
            if schema.is_event(*child) || !seen.insert((*child, field.clone())) {
                continue;
            }
            let declared = schema.field(*child, field);
            let field = declared.map_or(field, |field| &schema.fields[field].name);
            let child = schema.name(*child);
            measures.push(Measure {
                relationship: format!("{child}.{field}"),
                soql: format!(
                    "SELECT {field}, COUNT(Id) FROM {child} WHERE {field} != NULL GROUP BY {field} ORDER BY COUNT(Id) DESC LIMIT 20"
                ),
            });
        }
    }
    measures
}
