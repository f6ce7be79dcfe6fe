//! Workflow rules that update a field of a parent (WF-01, AU-01).

use super::effect::{DmlOp, Effect, EffectKind};
use super::mask::{Mask, Reach, Test};
use super::row::{Hop, RowPath};
use super::{Automation, Source};
use crate::base::{Chain, Name, Step};
use crate::metadata::{ParentUpdate, Runs, WorkflowFacts, WorkflowRule};
use crate::schema::{ObjectId, Schema};

/// What the active rules of each object write on parents, in the order of rules.
pub(super) fn follow(workflows: &[WorkflowFacts], schema: &Schema) -> Vec<Automation> {
    let mut automations = Vec::new();
    for facts in workflows {
        let Some(object) = schema.object(&facts.object) else { continue };
        for rule in &facts.rules {
            let updates =
                facts.parent_updates.iter().filter(|update| rule.updates.contains(&update.name));
            let effects: Vec<Effect> =
                updates.flat_map(|update| writes(schema, object, rule, update)).collect();
            if !effects.is_empty() {
                let name = Name::new(&rule.name);
                let (source, jobs) = (Source::Workflow, Vec::new());
                automations.push(Automation { name, source, object, effects, jobs });
            }
        }
    }
    automations
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

fn reach(runs: Runs) -> Reach {
    let insert = Mask::AFTER.and(Mask::INSERT);
    let saved = insert.or(Mask::AFTER.and(Mask::UPDATE));
    match runs {
        Runs::Created => Reach::under(insert),
        Runs::Changed => Reach::under(saved).and(Test::event(Mask::INSERT).or(Test::CHANGED).yes),
        Runs::Saved => Reach::under(saved),
    }
}
