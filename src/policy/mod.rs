//! From findings to a verdict: severities, order, fingerprints, thresholds, and what a team has decided.

mod allowance;
mod baseline;
mod deployment;
mod fingerprint;
mod since;

pub(crate) use baseline::{BASELINE_NAME, Baseline, Entry, NoBaseline};
pub(crate) use deployment::Deployment;
pub(crate) use fingerprint::Fingerprint;
pub(crate) use since::{Earlier, Since};

use crate::base::{Confidence, FileId, Issue, IssueKind, Sources};
use crate::config::Config;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::Unknown;
use crate::rules::{Rule, tightened_relationship, unused_allow};
use crate::stats::Stats;
use allowance::Allowance;
use deployment::Scope;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Reported,
    /// Somebody decided that it stays.
    Allowed {
        reason: String,
        /// By a comment, not in the configuration.
        in_source: bool,
    },
    /// Among those that the team has for now.
    Baselined,
    /// There before the change that is looked at: counted, not shown.
    Unchanged,
    /// What another finding says as well, which tells what has changed: not shown.
    Superseded,
    /// No part of what is deployed: counted, not shown.
    Outside,
    /// Less sure than what was asked for: counted, not shown.
    BelowThreshold,
}

impl Verdict {
    /// The word that output uses.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Verdict::Reported => "reported",
            Verdict::Allowed { .. } => "allowed",
            Verdict::Baselined => "baselined",
            Verdict::Unchanged => "unchanged",
            Verdict::Superseded => "superseded",
            Verdict::Outside => "outside",
            Verdict::BelowThreshold => "below-threshold",
        }
    }

    /// Whether it stays known to people and tools, though it does not count: allowed, or in the baseline.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Verdict::Allowed { .. } | Verdict::Baselined)
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
    /// Entries of the baseline whose findings are gone, sorted.
    pub(crate) stale: Vec<Entry>,
}

/// How many findings do not count, by reason.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) allowed: usize,
    pub(crate) baselined: usize,
    pub(crate) unchanged: usize,
    pub(crate) outside: usize,
    pub(crate) below_threshold: usize,
}

impl Report {
    /// The findings that output shows.
    pub(crate) fn reported(&self) -> impl Iterator<Item = &Judged> {
        self.findings.iter().filter(|judged| judged.verdict == Verdict::Reported)
    }

    /// Those and the settled ones, which tools remember.
    pub(crate) fn remembered(&self) -> impl Iterator<Item = &Judged> {
        let is_remembered =
            |verdict: &Verdict| *verdict == Verdict::Reported || verdict.is_settled();
        self.findings.iter().filter(move |judged| is_remembered(&judged.verdict))
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.reported().filter(|judged| judged.finding.severity == severity).count()
    }

    /// How many findings are left out.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for judged in &self.findings {
            match judged.verdict {
                Verdict::Reported | Verdict::Superseded => {}
                Verdict::Allowed { .. } => tally.allowed += 1,
                Verdict::Baselined => tally.baselined += 1,
                Verdict::Unchanged => tally.unchanged += 1,
                Verdict::Outside => tally.outside += 1,
                Verdict::BelowThreshold => tally.below_threshold += 1,
            }
        }
        tally
    }

    /// Whether a finding weighs `fail_on` or more; never where there is no bound.
    pub(crate) fn fails(&self, fail_on: Option<Severity>) -> bool {
        fail_on.is_some_and(|bound| self.reported().any(|judged| bound <= judged.finding.severity))
    }

    /// Whether rowlock itself failed somewhere, so that findings may be missing.
    pub(crate) fn is_incomplete(&self) -> bool {
        is_incomplete(&self.issues)
    }

    /// What a baseline of this run holds: everything but what is allowed, also what is less sure.
    pub(crate) fn baseline(&self) -> Baseline {
        let stays = |judged: &&Judged| !matches!(judged.verdict, Verdict::Allowed { .. });
        let findings = self.findings.iter().filter(stays);
        Baseline::of(findings.map(|judged| (judged.fingerprint, &judged.finding)))
    }
}

fn is_incomplete(issues: &[Issue]) -> bool {
    issues.iter().any(|issue| issue.kind == IssueKind::Internal)
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

/// By what findings are judged.
pub(crate) struct Terms<'a> {
    /// What is surely shown.
    pub(crate) least: Confidence,
    /// The rules that were run.
    pub(crate) ran: Vec<&'static Rule>,
    /// Of these, the ones that are asked for.
    pub(crate) wanted: Vec<&'static Rule>,
    /// Whether the whole project was read, so that what is not found is not there.
    pub(crate) is_whole: bool,
    pub(crate) config: &'a Config,
    /// Where the configuration is shown, for findings about it.
    pub(crate) config_file: Option<FileId>,
    /// Whether it is also that of other projects, whose findings are not known here.
    pub(crate) config_is_shared: bool,
    /// Without an earlier state everything is new.
    pub(crate) since: Option<Since<'a>>,
    pub(crate) baseline: Option<&'a Baseline>,
    pub(crate) scope: Option<Scope<'a>>,
}

impl<'a> Terms<'a> {
    /// Everything that rules find in a whole project.
    pub(crate) fn new(config: &'a Config, rules: &[&'static Rule]) -> Terms<'a> {
        Terms {
            least: config.confidence.unwrap_or(Confidence::Medium),
            ran: rules.to_vec(),
            wanted: rules.to_vec(),
            is_whole: true,
            config,
            config_file: None,
            config_is_shared: false,
            since: None,
            baseline: None,
            scope: None,
        }
    }

    fn wants(&self, rule: &RuleInfo) -> bool {
        self.wanted.iter().any(|wanted| wanted.info.id == rule.id)
    }

    /// Whether all findings of a rule are known. Those about a change are gone when it is merged.
    fn knows_all_of(&self, rule: &RuleInfo) -> bool {
        let ran = self.ran.iter().find(|ran| ran.info.id == rule.id);
        self.is_whole && ran.is_some_and(|ran| !ran.is_of_change())
    }
}

/// Orders findings by place and rule, whoever found them first, and gives each its severity, identity and verdict.
pub(crate) fn judge(found: Found, sources: &Sources, terms: &Terms<'_>) -> Report {
    let Found { mut findings, mut issues, files, unknowns, stats } = found;
    let is_whole = terms.is_whole && !is_incomplete(&issues);
    let allowances = allow(&mut findings, sources, is_whole, terms);
    weigh(&mut findings, terms.config);
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    issues.sort();
    issues.dedup();
    let fingerprints = fingerprint::of(&findings);
    let stale = if is_whole { stale(&fingerprints, terms) } else { Vec::new() };
    let judged = findings.into_iter().zip(fingerprints).map(|(finding, fingerprint)| {
        let verdict = verdict(&finding, fingerprint, &allowances, terms);
        Judged { finding, fingerprint, verdict }
    });
    let mut findings: Vec<Judged> =
        judged.filter(|judged| terms.wants(judged.finding.rule)).collect();
    supersede(&mut findings);
    Report { findings, issues, files, unknowns, stats, stale }
}

/// A relationship that a change has tightened is one finding: what its locks are like goes without saying.
fn supersede(findings: &mut [Judged]) {
    let is_shown = |judged: &&Judged| judged.verdict == Verdict::Reported;
    let is_change =
        |judged: &&Judged| judged.finding.rule.id == tightened_relationship::RULE.info.id;
    let changed: Vec<Option<String>> = findings
        .iter()
        .filter(is_shown)
        .filter(is_change)
        .map(|judged| judged.finding.via.clone())
        .collect();
    for judged in findings.iter_mut().filter(|judged| judged.verdict == Verdict::Reported) {
        let is_told = tightened_relationship::TELLS.contains(&judged.finding.rule.id);
        if is_told && changed.contains(&judged.finding.via) {
            judged.verdict = Verdict::Superseded;
        }
    }
}

fn verdict(
    finding: &Finding,
    fingerprint: Fingerprint,
    allowances: &[Allowance],
    terms: &Terms<'_>,
) -> Verdict {
    let allowed = || allowances.iter().find(|allowance| allowance.covers(finding));
    if finding.confidence < terms.least {
        Verdict::BelowThreshold
    } else if terms.scope.as_ref().is_some_and(|scope| !scope.touches(finding)) {
        Verdict::Outside
    } else if let Some(allowance) = allowed() {
        let in_source = allowance.is_in_source();
        Verdict::Allowed { reason: allowance.reason.clone(), in_source }
    } else if terms.baseline.is_some_and(|baseline| baseline.has(fingerprint)) {
        Verdict::Baselined
    } else if terms.since.as_ref().is_some_and(|since| !since.is_new(finding, fingerprint)) {
        Verdict::Unchanged
    } else {
        Verdict::Reported
    }
}

/// Reads what is allowed, and adds the findings about that.
fn allow(
    findings: &mut Vec<Finding>,
    sources: &Sources,
    is_whole: bool,
    terms: &Terms<'_>,
) -> Vec<Allowance> {
    let (mut allowances, faults) = allowance::in_sources(sources);
    let entries = terms.config.allowed.iter();
    allowances.extend(entries.map(|entry| Allowance::of_entry(entry, terms.config_file)));
    let is_unused = |allowance: &&Allowance| {
        is_whole
            && terms.knows_all_of(allowance.rule)
            && (allowance.is_in_source() || !terms.config_is_shared)
            && !findings.iter().any(|finding| allowance.covers(finding))
    };
    let unused: Vec<Finding> = allowances.iter().filter(is_unused).map(Allowance::unused).collect();
    let ran = |rule: &RuleInfo| terms.ran.iter().any(|ran| ran.info.id == rule.id);
    findings.extend(faults.into_iter().chain(unused).filter(|finding| ran(finding.rule)));
    allowances
}

/// What was found in an earlier state, and about what was allowed then.
pub(crate) fn earlier(mut findings: Vec<Finding>, sources: &Sources, terms: &Terms<'_>) -> Earlier {
    allow(&mut findings, sources, terms.is_whole, terms);
    Earlier::of(findings, sources)
}

/// The rules to run for those that are wanted: what is not used is known only from all others.
pub(crate) fn needed(wanted: &[&'static Rule], possible: &[&'static Rule]) -> Vec<&'static Rule> {
    let asks_for_all = wanted.iter().any(|rule| rule.info.id == unused_allow::RULE.info.id);
    if asks_for_all { possible.to_vec() } else { wanted.to_vec() }
}

/// Gives findings the severity that the team gave to their rules. Low confidence is never above a note.
fn weigh(findings: &mut [Finding], config: &Config) {
    for finding in findings {
        let level = config.level(finding.rule).and_then(crate::config::Level::severity);
        if let Some(severity) = level.filter(|_| finding.confidence != Confidence::Low) {
            finding.severity = severity;
        }
    }
}

/// The entries of the baseline of which nothing is left.
fn stale(found: &[Fingerprint], terms: &Terms<'_>) -> Vec<Entry> {
    let is_gone = |entry: &&Entry| {
        // Of rules that were not run nothing is known; of those that no longer exist, all.
        let rule = crate::rules::by_id(&entry.rule);
        !found.contains(&entry.fingerprint)
            && rule.is_none_or(|rule| terms.knows_all_of(&rule.info))
    };
    terms.baseline.into_iter().flat_map(Baseline::entries).filter(is_gone).cloned().collect()
}

/// Files are numbered by path, so a span orders by path, then place.
fn order(finding: &Finding) -> impl Ord {
    (finding.at().span, finding.rule.id, &finding.anchor, &finding.message)
}

#[cfg(test)]
mod page_tests;

#[cfg(test)]
mod tests {
    use super::{Found, Report, Terms, judge};
    use crate::base::{Chain, Confidence, FileId, Issue, IssueKind, Sources, Span, Step};
    use crate::config::Config;
    use crate::finding::{Finding, RuleInfo, Severity};

    static ONE: RuleInfo = rule("dml-in-loop");
    static TWO: RuleInfo = rule("parent-update");

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
        of(Found { findings, files: 2, ..Found::default() })
    }

    fn of(found: Found) -> Report {
        let config = Config::default();
        judge(found, &Sources::default(), &Terms::new(&config, crate::rules::ALL))
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
        assert_eq!(words, ["dml-in-loop", "parent-update", "dml-in-loop", "dml-in-loop"]);
    }

    #[test]
    fn less_sure_findings_are_counted_and_never_fail() {
        let unsure = finding(&ONE, "a", 0, 0).confidence(Confidence::Low);
        let report = judged(vec![unsure, finding(&ONE, "b", 0, 3)]);
        assert_eq!((report.reported().count(), report.tally().below_threshold), (1, 1));
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
        assert!(of(found(IssueKind::Internal)).is_incomplete());
        assert!(!of(found(IssueKind::Parse)).is_incomplete());
    }
}
