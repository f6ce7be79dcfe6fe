//! Work in the background writes contended rows, and nothing is done when they are locked.

use super::Rule;
use super::failures::{finding, job_statements, rows};
use super::transactions::transactions;
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Cause, SaveEvent};
use crate::program::{Automation, DmlOp, Effect, EffectKind, Extent, Failure, JobKind, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unhandled-lock-failure",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "a job writes rows that saves lock as well, and is lost when they are locked",
        page: include_str!("unhandled_lock_failure.md"),
    },
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let contended = contended(analysis);
    for (job, effect) in job_statements(analysis) {
        let is_contended = effect.object.is_some_and(|object| contended.contains(&object));
        if effect.failure != Failure::Thrown || !is_contended {
            continue;
        }
        let rows = rows(effect, &analysis.schema);
        let message = format!(
            "a {} writes {rows}, which saves lock as well, and nothing is done if they are locked",
            job.word()
        );
        let finding = finding(analysis, &RULE.info, effect, message);
        let confidence = finding.confidence.min(Confidence::Medium);
        out.push(
            finding
                .confidence(confidence)
                .facts(facts(job))
                .help("write with partial success and give what was locked to a later job, attach a finalizer, or throw a retryable exception")
                .remedy("lock-retry", effect.code.as_str()),
        );
    }
}

fn facts(job: JobKind) -> &'static [&'static str] {
    match job {
        JobKind::Batch => &["LK-07", "PA-04", "BK-18"],
        JobKind::Event => &["LK-07", "PA-06", "BK-18"],
        JobKind::Future => &["LK-07", "PA-02", "BK-18"],
        JobKind::Finalizer | JobKind::Queueable => &["LK-07", "PA-03", "BK-18"],
        JobKind::Scheduled => &["LK-07", "PA-05", "BK-18"],
    }
}

/// The objects of which the project shows that saves of other rows lock their rows: masters, targets that restrict, parents
/// that triggers write, and rows that all saves write.
fn contended(analysis: &Analysis) -> BTreeSet<ObjectId> {
    let mut objects = BTreeSet::new();
    let saves = |event: &SaveEvent| !analysis.schema.is_event(event.object);
    for event in analysis.locks.events().filter(saves) {
        for lock in analysis.locks.direct(event).into_iter().flat_map(|direct| &direct.locks) {
            let is_own = !matches!(lock.cause, Cause::Standard(_));
            if is_own && lock.row.is_shared() && lock.confidence == Confidence::High {
                objects.extend(lock.object);
            }
        }
    }
    let saves = |automation: &&Automation| !analysis.schema.is_event(automation.object);
    for automation in analysis.program.automations.iter().filter(saves) {
        for effect in &automation.effects {
            let writes = matches!(effect.kind, EffectKind::Dml(op) if op != DmlOp::Insert);
            if writes && effect.row.is_shared() && effect.certain {
                objects.extend(effect.object);
            }
        }
    }
    // A row that is locked on purpose is one that others want.
    for transaction in &transactions(analysis) {
        for effect in transaction.effects.iter().filter(|effect| is_mutex(effect)) {
            objects.extend(effect.object);
        }
    }
    objects
}

fn is_mutex(effect: &Effect) -> bool {
    let is_few = effect.query.is_some_and(|query| query.extent == Extent::Few);
    is_few && effect.row == RowPath::Constant
}
