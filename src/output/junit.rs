//! JUnit's XML, for Jenkins and whatever else shows test results: a suite a rule, a case a finding.

use super::markup::escaped;
use super::{Wanted, place};
use crate::base::{Issue, IssueKind, Sources};
use crate::finding::{Finding, Severity};
use crate::policy::{Judged, Report};
use crate::rules;
use rustc_hash::FxHashMap;
use std::io::{self, Write};

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// Said, though it fails nothing.
    Skipped,
    Failed,
    /// rowlock itself failed.
    Error,
}

impl Outcome {
    fn element(self) -> &'static str {
        match self {
            Outcome::Passed => "",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failure",
            Outcome::Error => "error",
        }
    }
}

struct Suite<'a> {
    name: &'a str,
    cases: Vec<Case<'a>>,
}

struct Case<'a> {
    name: String,
    outcome: Outcome,
    kind: &'a str,
    message: &'a str,
    /// Lines.
    text: Vec<String>,
}

pub(super) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut suites: Vec<Suite<'_>> = rules::ALL
        .iter()
        .map(|rule| of_rule(rule.info.id, wanted.fail_on, report, sources))
        .collect();
    suites.extend(of_issues(report, sources));
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"rowlock\" {}>", totals(all(), false))?;
    for suite in &suites {
        write_suite(suite, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// A rule without findings is a case that passed: Jenkins takes a report without cases for a broken build.
fn of_rule<'a>(
    rule: &'static str,
    fail_on: Option<Severity>,
    report: &'a Report,
    sources: &Sources,
) -> Suite<'a> {
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let found = report.reported().filter(|judged| judged.finding.rule.id == rule);
    let mut cases: Vec<Case<'a>> = found
        .map(|judged| {
            let times = seen.entry(&judged.finding.anchor).or_default();
            *times += 1;
            of_finding(judged, *times, fail_on, sources)
        })
        .collect();
    if cases.is_empty() {
        cases.push(Case {
            name: "nothing found".to_owned(),
            outcome: Outcome::Passed,
            kind: "",
            message: "",
            text: Vec::new(),
        });
    }
    Suite { name: rule, cases }
}

fn of_finding<'a>(
    judged: &'a Judged,
    times: usize,
    fail_on: Option<Severity>,
    sources: &Sources,
) -> Case<'a> {
    let finding = &judged.finding;
    let fails = fail_on.is_some_and(|bound| bound <= finding.severity);
    Case {
        // Results are followed from build to build by their names.
        name: match times {
            1 => finding.anchor.clone(),
            _ => format!("{} ({times})", finding.anchor),
        },
        outcome: if fails { Outcome::Failed } else { Outcome::Skipped },
        kind: finding.severity.word(),
        message: &finding.message,
        text: lines(finding, sources),
    }
}

fn lines(finding: &Finding, sources: &Sources) -> Vec<String> {
    let at = format!("{}: {}", place(finding.at().span, sources), finding.message);
    let steps = finding.chain.steps().enumerate().map(|(index, step)| {
        format!("  {}. {}: {}", index + 1, place(step.span, sources), step.note)
    });
    let help = finding.help.as_ref().map(|help| format!("help: {help}"));
    std::iter::once(at).chain(steps).chain(help).collect()
}

/// What could not be read is a suite of its own, where there is any.
fn of_issues<'a>(report: &'a Report, sources: &Sources) -> Option<Suite<'a>> {
    let case = |issue: &'a Issue| Case {
        name: place(issue.span, sources),
        outcome: match issue.kind {
            IssueKind::Internal => Outcome::Error,
            _ => Outcome::Skipped,
        },
        kind: issue.kind.word(),
        message: &issue.message,
        text: Vec::new(),
    };
    let cases: Vec<Case<'a>> = report.issues.iter().map(case).collect();
    (!cases.is_empty()).then_some(Suite { name: "could not be read", cases })
}

fn write_suite(suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(suite.name);
    writeln!(out, "  <testsuite name=\"{name}\" {}>", totals(suite.cases.iter(), true))?;
    for case in &suite.cases {
        write!(out, "    <testcase classname=\"rowlock.{name}\" name=\"{}\"", escaped(&case.name))?;
        if case.outcome == Outcome::Passed {
            writeln!(out, "/>")?;
            continue;
        }
        let element = case.outcome.element();
        let (kind, message) = (escaped(case.kind), escaped(case.message));
        writeln!(out, ">\n      <{element} type=\"{kind}\" message=\"{message}\">")?;
        for line in &case.text {
            writeln!(out, "{}", escaped(line))?;
        }
        writeln!(out, "      </{element}>\n    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// The attributes that count; `skipped` stands at suites only.
fn totals<'a>(cases: impl Iterator<Item = &'a Case<'a>>, skipped: bool) -> String {
    let outcomes: Vec<Outcome> = cases.map(|case| case.outcome).collect();
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let (failed, errors) = (count(Outcome::Failed), count(Outcome::Error));
    let counts = format!("tests=\"{}\" failures=\"{failed}\" errors=\"{errors}\"", outcomes.len());
    if skipped { format!("{counts} skipped=\"{}\"", count(Outcome::Skipped)) } else { counts }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::base::{Chain, Issue, IssueKind, Span, Step};
    use crate::finding::{Finding, Severity};
    use crate::output::{Format, Wanted, samples};
    use crate::policy::Report;
    use crate::rules;
    use snapbox::{IntoData, assert_data_eq, str};

    fn junit(report: &Report, fail_on: Option<Severity>) -> String {
        let mut out = Vec::new();
        let wanted = Wanted { fail_on, ..samples::in_format(Format::Junit) };
        write(wanted, report, &samples::sources(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// One finding of each severity by a real rule, and one twice.
    fn report() -> Report {
        let rule = rules::by_id("parent-update").unwrap();
        let sources = samples::sources();
        let found = |severity, text: &str, anchor: &str| {
            let chain = Chain::of(Step::new(samples::span(&sources, 1, text), "<here> & \u{1}"));
            Finding::new(&rule.info, anchor.into(), chain, format!("\"{text}\" ]]> '"))
                .severity(severity)
        };
        let findings = vec![
            found(Severity::Note, "trigger Zeile", "a"),
            found(Severity::Warning, "Line__c", "b -> c"),
            found(Severity::Error, "after", "b -> c").help("<do>"),
        ];
        let issue = |kind| Issue::new(Span::start_of(crate::base::FileId(0)), kind, "a < b");
        samples::report_of(
            &sources,
            findings,
            vec![issue(IssueKind::Parse), issue(IssueKind::Internal)],
        )
    }

    #[test]
    fn a_finding_is_a_case() {
        let text = junit(&report(), Some(Severity::Warning));
        let suites = |text: &str| -> Vec<String> {
            text.split_inclusive("</testsuite>\n").map(str::to_owned).collect()
        };
        let wanted = |suite: &String| !suite.contains("nothing found");
        let told: Vec<String> = suites(&text).into_iter().filter(wanted).collect();
        assert_data_eq!(
            told.concat(),
            str![[r#"
  <testsuite name="parent-update" tests="3" failures="2" errors="0" skipped="1">
    <testcase classname="rowlock.parent-update" name="a">
      <skipped type="note" message="&quot;trigger Zeile&quot; ]]&gt; &#39;">
main/Zeile.trigger:1:1: &quot;trigger Zeile&quot; ]]&gt; &#39;
  1. main/Zeile.trigger:1:1: &lt;here&gt; &amp; �
      </skipped>
    </testcase>
    <testcase classname="rowlock.parent-update" name="b -&gt; c">
      <failure type="warning" message="&quot;Line__c&quot; ]]&gt; &#39;">
main/Zeile.trigger:1:18: &quot;Line__c&quot; ]]&gt; &#39;
  1. main/Zeile.trigger:1:18: &lt;here&gt; &amp; �
      </failure>
    </testcase>
    <testcase classname="rowlock.parent-update" name="b -&gt; c (2)">
      <failure type="error" message="&quot;after&quot; ]]&gt; &#39;">
main/Zeile.trigger:1:27: &quot;after&quot; ]]&gt; &#39;
  1. main/Zeile.trigger:1:27: &lt;here&gt; &amp; �
help: &lt;do&gt;
      </failure>
    </testcase>
  </testsuite>
  <testsuite name="could not be read" tests="2" failures="0" errors="1" skipped="1">
    <testcase classname="rowlock.could not be read" name="main/Läufer 1.cls:1:1">
      <skipped type="parse" message="a &lt; b">
      </skipped>
    </testcase>
    <testcase classname="rowlock.could not be read" name="main/Läufer 1.cls:1:1">
      <error type="internal" message="a &lt; b">
      </error>
    </testcase>
  </testsuite>
</testsuites>

"#]]
            .raw()
        );
    }

    #[test]
    fn what_does_not_fail_the_run_fails_no_case() {
        let failures = |fail_on| {
            let text = junit(&report(), fail_on);
            let count = text.matches("<failure ").count();
            assert!(text.contains(&format!("failures=\"{count}\" errors=\"1\">")), "{text}");
            count
        };
        assert_eq!(failures(Some(Severity::Error)), 1);
        assert_eq!(failures(Some(Severity::Note)), 3);
        assert_eq!(failures(None), 0);
    }

    #[test]
    fn names_are_unique_and_every_rule_has_a_case() {
        let text = junit(&report(), None);
        let cases: Vec<&str> = text.lines().filter(|line| line.contains("<testcase ")).collect();
        let names: std::collections::BTreeSet<&str> =
            cases.iter().map(|case| case.trim_end_matches(['/', '>'])).collect();
        // The two issues stand at the same place.
        assert_eq!(names.len() + 1, cases.len());
        for rule in rules::ALL {
            let name = format!("classname=\"rowlock.{}\"", rule.info.id);
            assert!(cases.iter().any(|case| case.contains(&name)), "{name}");
        }
    }
}
