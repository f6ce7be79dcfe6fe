//! From findings to a verdict: order, fingerprints, thresholds.

mod fingerprint;
mod since;

pub(crate) use fingerprint::Fingerprint;
pub(crate) use since::{Earlier, Since};

use crate::base::{Confidence, Issue, IssueKind};
use crate::finding::{Finding, Severity};
use crate::program::Unknown;
use crate::stats::Stats;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Reported,
    /// Less sure than what was asked for: counted, not shown.
    BelowThreshold,
    /// There before the change that is looked at: counted, not shown.
    Unchanged,
}

impl Verdict {
    /// The word that output uses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Verdict::Reported => "reported",
            Verdict::BelowThreshold => "below-threshold",
            Verdict::Unchanged => "unchanged",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) finding: Finding,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) verdict: Verdict,
}

/// What a run says.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// In the order of output.
    pub(crate) findings: Vec<Judged>,
    pub(crate) issues: Vec<Issue>,
    /// Files read.
    pub(crate) files: usize,
    /// Places that could not be resolved, sorted.
    pub(crate) unknowns: Vec<Unknown>,
    pub(crate) stats: Stats,
}

impl Report {
    /// The findings that output shows.
    pub(crate) fn reported(&self) -> impl Iterator<Item = &Judged> {
        self.findings.iter().filter(|judged| judged.verdict == Verdict::Reported)
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.reported().filter(|judged| judged.finding.severity == severity).count()
    }

    /// How many findings are left out for this reason.
    pub(crate) fn left_out(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|judged| judged.verdict == verdict).count()
    }

    /// Whether a finding weighs `fail_on` or more; never where there is no bound.
    pub(crate) fn fails(&self, fail_on: Option<Severity>) -> bool {
        fail_on.is_some_and(|bound| self.reported().any(|judged| bound <= judged.finding.severity))
    }

    /// Whether rowlock itself failed somewhere, so that findings may be missing.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.issues.iter().any(|issue| issue.kind == IssueKind::Internal)
    }
}

/// What a run found, before it is judged.
#[derive(Default, Debug)]
pub(crate) struct Found {
    pub(crate) findings: Vec<Finding>,
    pub(crate) issues: Vec<Issue>,
    /// Files read.
    pub(crate) files: usize,
    /// Places that could not be resolved, sorted.
    pub(crate) unknowns: Vec<Unknown>,
    pub(crate) stats: Stats,
}

/// Orders findings by place and rule, whoever found them first, and gives each its identity and verdict.
///
/// Without an earlier state everything is new.
pub(crate) fn judge(found: Found, least: Confidence, since: Option<&Since<'_>>) -> Report {
    let Found { mut findings, mut issues, files, unknowns, stats } = found;
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    issues.sort();
    issues.dedup();
    let fingerprints = fingerprint::of(&findings);
    let judged = findings.into_iter().zip(fingerprints).map(|(finding, fingerprint)| {
        let is_new = since.is_none_or(|since| since.is_new(&finding, fingerprint));
        let verdict = match (is_new, least <= finding.confidence) {
            (true, true) => Verdict::Reported,
            (_, false) => Verdict::BelowThreshold,
            (false, true) => Verdict::Unchanged,
        };
        Judged { finding, fingerprint, verdict }
    });
    Report { findings: judged.collect(), issues, files, unknowns, stats }
}

/// Files are numbered by path, so a span orders by path, then place.
fn order(finding: &Finding) -> impl Ord {
    (finding.at().span, finding.rule.id, &finding.anchor, &finding.message)
}

#[cfg(test)]
mod tests {
    use super::{Found, Report, judge};
    use crate::base::{Chain, Confidence, FileId, Issue, IssueKind, Span, Step};
    use crate::finding::{Finding, RuleInfo, Severity};

    static ONE: RuleInfo = rule("one");
    static TWO: RuleInfo = rule("two");

    const fn rule(id: &'static str) -> RuleInfo {
        RuleInfo {
            id,
            aliases: &[],
            since: "0.1.0",
            severity: Severity::Warning,
            summary: "",
            page: "",
        }
    }

    fn finding(rule: &'static RuleInfo, anchor: &str, file: u32, start: u32) -> Finding {
        let step = Step::new(Span { file: FileId(file), start, end: start + 1 }, "here");
        Finding::new(rule, anchor.into(), Chain::of(step), format!("found at {start}"))
    }

    fn judged(findings: Vec<Finding>) -> Report {
        judge(Found { findings, files: 2, ..Found::default() }, Confidence::Medium, None)
    }

    #[test]
    fn findings_are_ordered_by_path_place_and_rule() {
        let mut findings = vec![
            finding(&TWO, "a", 0, 5),
            finding(&ONE, "a", 0, 5),
            finding(&ONE, "a", 1, 0),
            finding(&ONE, "a", 0, 9),
        ];
        let lines = |report: &Report| -> Vec<String> {
            let line = |it: &super::Judged| {
                format!("{} {} {}", it.finding.rule.id, it.finding.message, it.fingerprint)
            };
            report.findings.iter().map(line).collect()
        };
        let one_way = lines(&judged(findings.clone()));
        findings.reverse();
        assert_eq!(one_way, lines(&judged(findings)));
        let words: Vec<&str> = one_way.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(words, ["one", "two", "one", "one"]);
    }

    #[test]
    fn less_sure_findings_are_counted_and_never_fail() {
        let unsure = finding(&ONE, "a", 0, 0).confidence(Confidence::Low);
        let report = judged(vec![unsure, finding(&ONE, "b", 0, 3)]);
        assert_eq!(
            (report.reported().count(), report.left_out(super::Verdict::BelowThreshold)),
            (1, 1)
        );
        assert_eq!((report.count(Severity::Note), report.count(Severity::Warning)), (0, 1));
    }

    #[test]
    fn a_run_fails_from_its_bound_on() {
        let report = judged(vec![finding(&ONE, "a", 0, 0)]);
        assert!(report.fails(Some(Severity::Note)));
        assert!(report.fails(Some(Severity::Warning)));
        assert!(!report.fails(Some(Severity::Error)));
        assert!(!report.fails(None));
    }

    #[test]
    fn an_internal_issue_makes_a_run_incomplete() {
        let issue = |kind| vec![Issue::new(Span::start_of(FileId(0)), kind, "…")];
        let found = |kind| Found { issues: issue(kind), files: 1, ..Found::default() };
        assert!(judge(found(IssueKind::Internal), Confidence::Medium, None).is_incomplete());
        assert!(!judge(found(IssueKind::Parse), Confidence::Medium, None).is_incomplete());
    }
}
