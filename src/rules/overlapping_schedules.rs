//! Two schedules meet, and their jobs write one object.

use super::contended::{contended, written_parents};
use super::cron::Cron;
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Span, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{Branches, Effect, EffectKind, Routine, Schedule};
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
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let contended = contended(analysis);
    let mut earlier: Vec<Scheduled<'_>> = Vec::new();
    for schedule in &analysis.program.schedules {
        let Some(scheduled) = scheduled(analysis, schedule) else { continue };
        let mut met = earlier
            .iter()
            .filter(|before| before.name != scheduled.name && before.meets(&scheduled))
            .flat_map(|before| {
                let both = before.writes.intersection(&scheduled.writes);
                both.map(move |object| (before, *object))
            });
        // Logs and the like are nobody's bottleneck.
        if let Some((before, object)) = met.find(|(_, object)| contended.contains(object)) {
            out.push(finding(analysis, before, &scheduled, object));
        }
        earlier.push(scheduled);
    }
}

/// A schedule whose time and job are known.
struct Scheduled<'a> {
    chain: Chain,
    cron: Cron,
    text: &'a str,
    /// The class that it runs.
    name: String,
    writes: BTreeSet<ObjectId>,
    branches: &'a Branches,
}

impl Scheduled<'_> {
    /// Whether both may start in one minute; not so where one is scheduled instead of the other.
    fn meets(&self, other: &Scheduled<'_>) -> bool {
        self.cron.meets(&other.cron) && !self.branches.exclude(other.branches)
    }
}

fn scheduled<'a>(analysis: &'a Analysis, schedule: &'a Schedule) -> Option<Scheduled<'a>> {
    let cron = Cron::read(&schedule.cron)?;
    let name = schedule.class.clone();
    let chain = call(analysis, schedule.site)
        .unwrap_or_else(|| Chain::of(Step::new(schedule.site, format!("schedules `{name}`"))));
    let mut writes = BTreeSet::new();
    for effect in effects_of_class(analysis, &name).into_iter().filter(|effect| effect.certain) {
        writes.extend(effect.object.filter(|_| effect.changes_rows()));
        writes.extend(written_parents(analysis, effect));
    }
    Some(Scheduled {
        chain,
        cron,
        text: &schedule.cron,
        name,
        writes,
        branches: &schedule.branches,
    })
}

/// The nearest way to a call of `System.schedule`. What starts there may be more than one job.
fn call(analysis: &Analysis, site: Span) -> Option<Chain> {
    let effects = analysis.program.routines.iter().flat_map(|routine| &routine.effects);
    effects
        .filter(|effect| effect.site == site && matches!(effect.kind, EffectKind::Start(_)))
        .min_by_key(|effect| effect.chain.len())
        .map(|start| start.chain.clone())
}

/// What a class does as a batch and as a scheduled job, and the jobs that it starts, however indirectly.
fn effects_of_class<'a>(analysis: &'a Analysis, class: &str) -> Vec<&'a Effect> {
    let program = &analysis.program;
    let batches = program.batches.iter().filter(|batch| batch.name.eq_ignore_ascii_case(class));
    let execute = format!("{class}.execute");
    let is_own = |routine: &&Routine| routine.name.eq_ignore_ascii_case(&execute);
    let routines: Vec<&Effect> =
        program.routines.iter().filter(is_own).flat_map(|routine| &routine.effects).collect();
    let starts: BTreeSet<Span> = routines
        .iter()
        .filter(|effect| matches!(effect.kind, EffectKind::Start(_)))
        .map(|start| start.site)
        .collect();
    let is_started =
        |effect: &&Effect| effect.chain.steps().any(|step| starts.contains(&step.span));
    let started = program.jobs.iter().filter(is_started);
    batches
        .flat_map(|batch| &batch.effects)
        .chain(started)
        .chain(routines.iter().copied())
        .collect()
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
    Finding::new(&RULE.info, anchor, then.chain.clone(), message)
        .object(object.as_str())
        .confidence(Confidence::Medium)
        .facts(&["PA-04", "PA-05"])
        .help("move one of them by more than the other takes, or let the first start the second when it is done")
}
