//! A lock failure is forgotten, and data is lost without a trace.

use super::failures::{Contended, finding, statements};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{EffectKind, Failure};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "swallowed-lock-failure",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a failure of a write on rows that others lock is caught or reported, and nobody looks at it",
        page: include_str!("swallowed_lock_failure.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for statement in statements(analysis, |effect| effect.failure == Failure::Forgotten) {
        let Contended { effect, rows } = &statement;
        let what = match effect.kind {
            EffectKind::LockingQuery => "cannot be locked",
            _ => "cannot be written because they are locked",
        };
        let message = format!("nobody learns when {rows} {what}");
        out.push(
            finding(analysis, &RULE.info, effect, message)
                .facts(&["LK-02", "LK-07", "ER-01", "TR-04"])
                .help("read the results or the exception, and give the rows that were locked to a later transaction"),
        );
    }
}
