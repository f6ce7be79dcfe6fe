//! DML inside a loop, also through calls.

use super::writes::{Write, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Confidence, Span};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{Effect, EffectKind, Repeat, RowPath};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "dml-in-loop",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "DML inside a loop takes locks one by one and in the order of the loop",
        page: include_str!("dml_in_loop.md"),
    },
    check: Check::Project(check),
};

const HELP: &str = "collect the rows in the loop and write them once after it: one statement locks rows in the order of ids (LK-05)";

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let writes = writes(analysis);
    let mut by_site: BTreeMap<Span, Vec<&Write<'_>>> = BTreeMap::new();
    for write in writes.iter().filter(|write| write.repeat == Repeat::PerRow) {
        by_site.entry(write.site).or_default().push(write);
    }
    out.extend(by_site.values().map(|writes| in_automation(analysis, writes)));
    let stray =
        analysis.program.stray_loops.iter().filter(|effect| !by_site.contains_key(&effect.site));
    out.extend(stray.filter_map(|effect| in_other_code(analysis, effect)));
}

/// One statement, whatever it writes and from whichever trigger it is reached.
fn in_automation(analysis: &Analysis, writes: &[&Write<'_>]) -> Finding {
    let shared = writes.iter().find(|write| write.row.is_shared() && write.changes_rows());
    let write = shared.or(writes.first()).expect("a group has a member");
    let object = analysis.schema.name(write.object);
    let message =
        format!("{} `{object}` rows in a loop, by one statement for each turn", write.verbs());
    let severity = if shared.is_some() { Severity::Error } else { RULE.info.severity };
    // That it is a loop is certain, whichever rows are meant.
    let finding = write
        .finding(&RULE.info, analysis, message)
        .confidence(Confidence::High)
        .severity(severity);
    finding.facts(&["LK-03", "LK-05", "SQ-06"]).help(HELP).remedy("collect-dml", write.code)
}

/// A statement that no trigger reaches: reported where it stands.
fn in_other_code(analysis: &Analysis, effect: &Effect) -> Option<Finding> {
    let EffectKind::Dml(op) = effect.kind else { return None };
    let object = effect.object.map(|object| analysis.schema.name(object).as_str());
    let rows = object.map_or("rows".to_owned(), |object| format!("`{object}` rows"));
    let message = format!("{}s {rows} in a loop, by one statement for each turn", op.word());
    let severity =
        if effect.row == RowPath::Constant { Severity::Error } else { RULE.info.severity };
    let anchor = format!("{} @ {}", object.unwrap_or("?"), effect.code);
    let finding = Finding::new(&RULE.info, anchor, effect.chain.clone(), message)
        .severity(severity)
        .facts(&["LK-03", "LK-05", "SQ-06"]);
    let finding = match object {
        Some(object) => finding.object(object),
        None => finding,
    };
    Some(finding.help(HELP).remedy("collect-dml", effect.code.as_str()))
}
