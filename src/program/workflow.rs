//! Workflow rules that update a field of a parent (WF-01, AU-01).

use super::effect::{DmlOp, Effect, EffectKind, Job, JobKind};
use super::mask::{Fields, Mask, Reach, Test};
use super::row::{Hop, RowPath};
use super::{Automation, Source};
use crate::base::{Chain, Name, Span, Step};
use crate::metadata::{ParentUpdate, Runs, WorkflowFacts, WorkflowRule};
use crate::schema::{ObjectId, Schema};

/// What the active rules of each object write on parents, in the order of rules.
pub(super) fn follow(workflows: &[WorkflowFacts], schema: &Schema) -> Vec<Automation> {
    let mut automations = Vec::new();
    for facts in workflows {
        let Some(object) = schema.object(&facts.object) else { continue };
        for rule in &facts.rules {
            let written = |names: &[String]| {
                let updates =
                    facts.parent_updates.iter().filter(|update| names.contains(&update.name));
                updates.flat_map(|update| writes(schema, object, rule, update)).collect::<Vec<_>>()
            };
            let mut effects = written(&rule.updates);
            effects.extend(saves_again(schema, object, facts, rule));
            let mut jobs = Vec::new();
            for later in &rule.later {
                let done = written(&later.updates);
                effects.extend(done.first().map(|write| starts(write, later.span)));
                let job = Some(Job::new(JobKind::Path, later.span));
                jobs.extend(done.into_iter().map(|effect| Effect { job, ..effect }));
            }
            if !effects.is_empty() {
                let (name, source) = (Name::new(&rule.name), Source::Workflow);
                automations.push(Automation { name, source, object, effects, jobs });
            }
        }
    }
    automations
}

/// The fields of its own row that the active rules of each object set.
pub(super) fn set_fields(workflows: &[WorkflowFacts], schema: &Schema) -> Vec<(ObjectId, Fields)> {
    let set = workflows.iter().filter_map(|facts| {
        let object = schema.object(&facts.object)?;
        let carried = facts.rules.iter().flat_map(|rule| own_fields(facts, &rule.updates));
        Some((object, Fields::set(schema, object, carried)))
    });
    set.collect()
}

/// The fields of the own row that some field updates set.
fn own_fields<'a>(
    facts: &'a WorkflowFacts,
    updates: &'a [String],
) -> impl Iterator<Item = &'a Name> {
    let carried = facts.own_updates.iter().filter(|(name, _)| updates.contains(name));
    carried.map(|(_, field)| field)
}

fn writes(
    schema: &Schema,
    object: ObjectId,
    rule: &WorkflowRule,
    update: &ParentUpdate,
) -> Vec<Effect> {
    let Some(field) = schema.field(object, &update.target) else { return Vec::new() };
    let child = schema.name(object);
    let name = schema.fields[field].name.clone();
    let row = RowPath::saved().hop(Hop::Up { child: object, field: name });
    let header = Step::new(
        rule.span,
        format!("the workflow rule `{}` runs when a `{child}` is saved", rule.name),
    );
    let write = |&parent: &ObjectId| {
        let step = Step::new(update.span, format!("updates `{}`", schema.name(parent)));
        Effect {
            object: Some(parent),
            row: row.clone(),
            sets: match &update.field {
                Some(field) => Fields::set(schema, parent, [field]),
                None => Fields::ANY,
            },
            ..Effect::new(
                EffectKind::Dml(DmlOp::Update),
                reach(rule.runs),
                update.span,
                format!("workflow {child}.{}", update.name),
                Chain::of(step).after(header.clone()),
            )
        }
    };
    schema.targets(field).iter().map(write).collect()
}

/// What field updates of the own row make of the save.
fn saves_again(
    schema: &Schema,
    object: ObjectId,
    facts: &WorkflowFacts,
    rule: &WorkflowRule,
) -> Option<Effect> {
    let sets = Fields::set(schema, object, own_fields(facts, &rule.updates));
    own_fields(facts, &rule.updates).next()?;
    let name = schema.name(object);
    let note = format!("the workflow rule `{}` sets fields of the saved `{name}`", rule.name);
    Some(Effect {
        object: Some(object),
        row: RowPath::saved(),
        sets,
        ..Effect::new(
            EffectKind::TriggersAgain,
            reach(rule.runs),
            rule.span,
            format!("workflow {name}.{}", rule.name),
            Chain::of(Step::new(rule.span, note)),
        )
    })
}

/// A time trigger, which does a write later.
fn starts(write: &Effect, span: Span) -> Effect {
    let header = write.chain.first().clone();
    let chain = Chain::of(Step::new(span, "starts a path that runs later")).after(header);
    let kind = EffectKind::Start(JobKind::Path);
    Effect::new(kind, write.reach, span, write.code.clone(), chain)
}

fn reach(runs: Runs) -> Reach {
    let insert = Mask::AFTER.and(Mask::INSERT);
    let saved = insert.or(Mask::AFTER.and(Mask::UPDATE));
    match runs {
        Runs::Created => Reach::under(insert),
        Runs::Changed => Reach::under(saved).and(Test::event(Mask::INSERT).or(Test::CHANGED).yes),
        Runs::Saved => Reach::under(saved),
    }
}
