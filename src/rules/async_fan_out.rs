//! A save starts a job for each row, or several jobs on one object.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Lock, SaveEvent, locks_of_save};
use crate::program::{Automation, DmlOp, Effect, EffectKind, JobKind, Repeat, RowPath};
use crate::schema::{ObjectId, Schema};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "async-fan-out",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "one save starts several jobs that write the same shared rows",
        page: include_str!("async_fan_out.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut found: BTreeMap<_, Finding> = BTreeMap::new();
    for automation in &analysis.program.automations {
        for finding in fan_outs(analysis, automation) {
            let known = found.entry(finding.at().span).or_insert_with(|| finding.clone());
            if finding.chain.len() < known.chain.len() {
                *known = finding;
            }
        }
    }
    out.extend(found.into_values());
}

fn fan_outs(analysis: &Analysis, automation: &Automation) -> Vec<Finding> {
    let starts: Vec<&Effect> =
        automation.effects.iter().filter(|effect| is_start(effect)).collect();
    let mut found = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let shared = shared_rows(analysis, automation, start);
        if start.repeat == Repeat::PerRow {
            let first = shared.iter().next();
            found.extend(first.map(|(&object, write)| per_row(analysis, start, write, object)));
            continue;
        }
        let meets = |before: &&&Effect| before.reach.mask.meets(start.reach.mask);
        let earlier = starts[..at].iter().filter(|before| before.certain).filter(meets);
        let known: BTreeSet<ObjectId> = earlier
            .flat_map(|before| shared_rows(analysis, automation, before).into_keys())
            .collect();
        let both = shared.iter().find(|(object, _)| known.contains(object));
        found.extend(both.map(|(&object, write)| second(analysis, start, write, object)));
    }
    found
}

fn is_start(effect: &Effect) -> bool {
    let EffectKind::Start(kind) = effect.kind else { return false };
    effect.certain && matches!(kind, JobKind::Batch | JobKind::Future | JobKind::Queueable)
}

/// The shared rows that the job of a start writes, by object.
fn shared_rows<'a>(
    analysis: &Analysis,
    automation: &'a Automation,
    start: &Effect,
) -> BTreeMap<ObjectId, &'a Effect> {
    let own = |effect: &&Effect| effect.job.is_some_and(|job| job.started == start.site);
    let effects: Vec<&Effect> = automation.jobs.iter().filter(own).collect();
    let mut shared = BTreeMap::new();
    for effect in effects.iter().filter(|effect| effect.certain) {
        for object in shared_by(&analysis.schema, effect, &effects) {
            shared.entry(object).or_insert(*effect);
        }
    }
    shared
}

/// The objects whose shared rows an effect locks: parents of the saved rows, a row that is locked on purpose and written, or
/// the parents of what it inserts.
fn shared_by(schema: &Schema, effect: &Effect, job: &[&Effect]) -> Vec<ObjectId> {
    let (EffectKind::Dml(op), Some(object)) = (effect.kind, effect.object) else {
        return Vec::new();
    };
    let is_locked = |known: &&Effect| known.query.is_some() && known.object == effect.object;
    let is_counter = effect.row == RowPath::Constant && job.iter().any(is_locked);
    if op != DmlOp::Insert && (effect.row.is_parent() || is_counter) {
        return vec![object];
    }
    if effect.row != RowPath::New {
        return Vec::new();
    }
    let locked = locks_of_save(schema, SaveEvent { object, op }).into_iter();
    let given = |lock: &Lock| {
        let field = lock.row.via(schema);
        effect.parents.iter().any(|(name, row)| {
            row.is_parent() && field.as_ref().is_some_and(|via| via.ends_with(&format!(".{name}")))
        })
    };
    locked
        .filter(|lock| lock.confidence == Confidence::High && given(lock))
        .filter_map(|lock| lock.object)
        .collect()
}

fn per_row(analysis: &Analysis, start: &Effect, write: &Effect, object: ObjectId) -> Finding {
    let message = format!(
        "starts {} for each row, and all of them lock `{}` rows",
        kind(start),
        analysis.schema.name(object)
    );
    finding(analysis, start, write, object, message)
        .help("collect the ids and start one job with all of them")
}

fn second(analysis: &Analysis, start: &Effect, write: &Effect, object: ObjectId) -> Finding {
    let message = format!(
        "starts a second job that locks `{}` rows in the same save: the two run side by side",
        analysis.schema.name(object)
    );
    finding(analysis, start, write, object, message)
        .help("let the first job start the second when it is done, or make one of both")
}

fn kind(start: &Effect) -> &'static str {
    match start.kind {
        EffectKind::Start(kind) => kind.words(),
        _ => "a job",
    }
}

fn finding(
    analysis: &Analysis,
    start: &Effect,
    write: &Effect,
    object: ObjectId,
    message: String,
) -> Finding {
    let schema = &analysis.schema;
    let object = schema.name(object).to_string();
    Finding::new(&RULE.info, format!("{object} @ {}", start.code), start.chain.clone(), message)
        .object(object)
        .via(write.row.via(schema))
        .facts(&["PA-02", "PA-03", "PA-04", "LK-01", "LK-02"])
        .remedy("lock-retry", start.code.as_str())
}
