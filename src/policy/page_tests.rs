//! The pages of the rules on allowances as tests, by the whole way from files to verdicts.

use super::{Found, Terms, Verdict, judge};
use crate::analysis;
use crate::base::Sources;
use crate::config::Config;
use crate::finding::Finding;
use crate::rules::tests::{differences, sections};
use crate::rules::{self, unknown_rule, unused_allow};

#[test]
fn rules_on_allowances_find_what_their_pages_mark() {
    let mut wrong = Vec::new();
    for rule in [&unknown_rule::RULE, &unused_allow::RULE] {
        for section in sections(rule.info.page) {
            let found = differences(section.sources(), find);
            wrong.extend(
                found.iter().map(|line| format!("{}, {}: {line}", rule.info.id, section.heading)),
            );
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn find(sources: Sources) -> (Vec<Finding>, Vec<String>) {
    let analysis = analysis::of(sources);
    let (findings, issues) = rules::run(rules::ALL, &analysis, None);
    let found = Found { findings, issues, ..Found::default() };
    let config = Config::default();
    let report = judge(found, &analysis.sources, &Terms::new(&config, rules::ALL));
    let reported = report.findings.into_iter().filter(|it| it.verdict == Verdict::Reported);
    (reported.map(|judged| judged.finding).collect(), Vec::new())
}
