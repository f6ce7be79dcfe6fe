//! Two schedules meet, and their jobs write one object.

use super::Rule;
use super::cron::Cron;
use crate::analysis::Analysis;
use crate::base::{Confidence, Span};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Effect, EffectKind, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "overlapping-schedules",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "jobs that the clock starts in the same minute write rows of the same object",
        page: include_str!("overlapping_schedules.md"),
    },
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut earlier: Vec<Scheduled<'_>> = Vec::new();
    for (site, text) in &analysis.program.crons {
        let Some(scheduled) = scheduled(analysis, *site, text) else { continue };
        let met = earlier.iter().find_map(|before| {
            let both = before.writes.intersection(&scheduled.writes).next()?;
            let is_other = before.name != scheduled.name && before.cron.meets(&scheduled.cron);
            is_other.then_some((before, *both))
        });
        if let Some((before, object)) = met {
            out.push(finding(analysis, before, &scheduled, object));
        }
        earlier.push(scheduled);
    }
}

/// A `System.schedule` statement whose time is known.
struct Scheduled<'a> {
    start: &'a Effect,
    cron: Cron,
    text: &'a str,
    /// The class that it runs.
    name: &'a str,
    writes: BTreeSet<ObjectId>,
}

fn scheduled<'a>(analysis: &'a Analysis, site: Span, text: &'a str) -> Option<Scheduled<'a>> {
    let program = &analysis.program;
    let starts = program.routines.iter().flat_map(|routine| &routine.effects);
    let start = starts
        .filter(|effect| effect.site == site && matches!(effect.kind, EffectKind::Start(_)))
        .min_by_key(|effect| effect.chain.len())?;
    let passes = |effect: &&Effect| effect.chain.steps().any(|step| step.span == site);
    let own: Vec<&Effect> = program.jobs.iter().filter(passes).collect();
    let first = own.iter().find(|effect| effect.job.is_some_and(|job| job.started == site))?;
    let writes = own.iter().filter(|effect| changes(effect)).filter_map(|effect| effect.object);
    Some(Scheduled {
        start,
        cron: Cron::read(text)?,
        text,
        name: &first.code,
        writes: writes.collect(),
    })
}

fn changes(effect: &Effect) -> bool {
    let is_write = matches!(effect.kind, EffectKind::Dml(op) if op != DmlOp::Insert);
    is_write && effect.certain && effect.row != RowPath::New
}

fn finding(
    analysis: &Analysis,
    before: &Scheduled<'_>,
    then: &Scheduled<'_>,
    object: ObjectId,
) -> Finding {
    let object = analysis.schema.name(object);
    let message = format!(
        "`{}` at `{}` and `{}` at `{}` start in the same minute, and both write `{object}` rows",
        then.name, then.text, before.name, before.text
    );
    let anchor = format!("{object} @ {} and {}", before.name, then.name);
    Finding::new(&RULE.info, anchor, then.start.chain.clone(), message)
        .object(object.as_str())
        .confidence(Confidence::Medium)
        .facts(&["PA-04", "PA-05"])
        .help("move one of them by more than the other takes, or let the first start the second when it is done")
}
