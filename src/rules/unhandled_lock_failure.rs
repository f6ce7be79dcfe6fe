//! Work in the background writes contended rows, and nothing is done when they are locked.

use super::contended::contended;
use super::failures::{finding, job_statements, rows};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{Failure, JobKind};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unhandled-lock-failure",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "a job writes rows that saves lock as well, and is lost when they are locked",
        page: include_str!("unhandled_lock_failure.md"),
    },
    check: Check::Project(check),
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
            "{} writes {rows}, which saves lock as well, and nothing is done if they are locked",
            job.words()
        );
        let finding = finding(analysis, &RULE.info, effect, message);
        let confidence = finding.confidence.min(Confidence::Medium);
        out.push(
            finding
                .confidence(confidence)
                .facts(facts(job))
                .help(help(job))
                .remedy("lock-retry", effect.code.as_str()),
        );
    }
}

fn help(job: JobKind) -> &'static str {
    match job {
        JobKind::Path => "give the element a fault path that keeps what was locked for later",
        _ => {
            "write with partial success and give what was locked to a later job, attach a finalizer, or throw a retryable exception"
        }
    }
}

fn facts(job: JobKind) -> &'static [&'static str] {
    match job {
        JobKind::Batch => &["LK-07", "PA-04", "BK-18"],
        JobKind::Event => &["LK-07", "PA-06", "BK-18"],
        JobKind::Future => &["LK-07", "PA-02", "BK-18"],
        JobKind::Finalizer | JobKind::Queueable => &["LK-07", "PA-03", "BK-18"],
        JobKind::Path => &["LK-07", "PA-05", "FL-01"],
        JobKind::Scheduled => &["LK-07", "PA-05", "BK-18"],
    }
}
