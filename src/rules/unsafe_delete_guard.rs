//! A hand-written guard against deletes has a weakness that the platform's own restriction has not.

use super::transactions::{Transaction, transactions};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Span;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::constraint;
use crate::metadata::DeleteConstraint;
use crate::program::{Effect, EffectKind, Mask, Sight};
use crate::schema::{FieldId, FieldKind, ObjectId, Schema};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unsafe-delete-guard",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a trigger that keeps rows from being deleted blocks merges, is passed by, or does not see all references",
        page: include_str!("unsafe_delete_guard.md"),
    },
    check: Check::Project(check),
};

/// Objects whose rows can be merged (MG-01).
const MERGED: &[&str] = &["Account", "Case", "Contact", "Lead"];

/// Lookups of standard objects whose rows go with their parent (GD-03).
const GO_WITH_PARENT: &[(&str, &str)] = &[("Contact", "AccountId"), ("Opportunity", "AccountId")];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let transactions = transactions(analysis);
    let guards: Vec<Guard<'_>> = transactions.iter().filter_map(guard).collect();
    let mut found: BTreeMap<(Span, String), Finding> = BTreeMap::new();
    for finding in guards.iter().flat_map(|guard| weaknesses(analysis, guard, &guards)) {
        found.entry((finding.at().span, finding.message.clone())).or_insert(finding);
    }
    out.extend(found.into_values());
}

/// What one trigger does before its rows are deleted.
struct Guard<'a> {
    object: ObjectId,
    refusals: Vec<&'a Effect>,
    references: Vec<(&'a Effect, Sight)>,
}

/// Nothing where nothing is refused, or not because of rows that refer.
fn guard<'a>(transaction: &Transaction<'a>) -> Option<Guard<'a>> {
    let object = transaction.saved.filter(|_| transaction.is_save())?;
    let before_delete = Mask::BEFORE.and(Mask::DELETE);
    let mut guard = Guard { object, refusals: Vec::new(), references: Vec::new() };
    let effects = transaction.effects.iter().filter(|effect| effect.certain);
    for &effect in effects.filter(|effect| effect.reach.mask.meets(before_delete)) {
        match effect.kind {
            EffectKind::Refusal => guard.refusals.push(effect),
            EffectKind::ReferenceQuery(sight) => guard.references.push((effect, sight)),
            _ => {}
        }
    }
    let Guard { refusals, references, .. } = &mut guard;
    refusals.retain(|refusal| references.iter().any(|(query, _)| are_near(query, refusal)));
    references.retain(|(query, _)| refusals.iter().any(|refusal| are_near(query, refusal)));
    (!guard.refusals.is_empty()).then_some(guard)
}

/// Calls, loops and the statement between where two ways part and their ends: more, and they have nothing to do with each
/// other but the trigger.
const NEAR: usize = 2;

/// Whether a refusal and a query stand together, so that one may depend on the other.
fn are_near(query: &Effect, refusal: &Effect) -> bool {
    let common = query.chain.steps().zip(refusal.chain.steps());
    let common = common.take_while(|(one, other)| one.span == other.span).count();
    query.chain.len() <= common + NEAR && refusal.chain.len() <= common + NEAR
}

fn weaknesses(analysis: &Analysis, guard: &Guard<'_>, all: &[Guard<'_>]) -> Vec<Finding> {
    let schema = &analysis.schema;
    let name = schema.name(guard.object);
    let mut found = Vec::new();
    for refusal in &guard.refusals {
        if MERGED.iter().any(|merged| name.is(merged)) {
            let message = format!("the guard blocks every merge of a `{name}` that is in use");
            let help = "note the rows in use in `before delete`, and add the error in `after delete` where `MasterRecordId` is empty";
            found.push(finding(schema, refusal, message, &["GD-04"]).help(help));
        }
        for parent in unguarded_parents(schema, guard, all) {
            let parent = schema.name(parent);
            let message = format!(
                "deleting a `{parent}` takes its `{name}` rows along and passes the guard by"
            );
            let help = format!("guard `{parent}` by the same references");
            found.push(finding(schema, refusal, message, &["GD-03"]).help(help));
        }
    }
    let mut queries: BTreeMap<Span, Vec<(&Effect, Sight)>> = BTreeMap::new();
    let hides = |(query, sight): &&(&Effect, Sight)| match sight {
        Sight::All => false,
        Sight::Shared => !query.object.is_some_and(|object| is_public(schema, object)),
        Sight::UserMode => true,
    };
    for &(query, sight) in guard.references.iter().filter(hides) {
        queries.entry(query.site).or_default().push((query, sight));
    }
    for read in queries.values() {
        let (query, sight) = read[0];
        let how = if sight == Sight::Shared { "with sharing" } else { "in user mode" };
        let names = read.iter().filter_map(|(query, _)| query.object);
        let names: BTreeSet<String> =
            names.map(|name| format!("`{}`", schema.name(name))).collect();
        let rows = names.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "the guard reads {rows} rows {how}, and misses those that the user may not see"
        );
        let help = "put the query into a class `without sharing`, and write `WITH SYSTEM_MODE`";
        found.push(finding(schema, query, message, &["GD-08"]).help(help));
    }
    found
}

fn finding(schema: &Schema, effect: &Effect, message: String, facts: &[&'static str]) -> Finding {
    let object = effect.object.map(|object| schema.name(object).to_string()).unwrap_or_default();
    Finding::new(&RULE.info, format!("{object} @ {}", effect.code), effect.chain.clone(), message)
        .object(object)
        .facts(facts)
        .remedy("delete-guard", effect.code.as_str())
}

/// Whether sharing lets everybody see all rows of an object.
fn is_public(schema: &Schema, object: ObjectId) -> bool {
    let model = schema.objects[object].sharing_model.as_deref();
    matches!(model, Some("Read" | "ReadWrite" | "ReadWriteTransfer" | "FullAccess"))
}

/// The parents whose delete takes the guarded rows along, and which do not look for the same references themselves.
fn unguarded_parents(schema: &Schema, guard: &Guard<'_>, all: &[Guard<'_>]) -> Vec<ObjectId> {
    let fields = schema.objects[guard.object].fields.iter().copied();
    let parents = fields.filter(|&field| goes_with_parent(schema, guard.object, field));
    parents
        .flat_map(|field| schema.targets(field).to_vec())
        .filter(|&parent| parent != guard.object && !is_guarded(parent, guard, all))
        .collect()
}

fn is_guarded(parent: ObjectId, guard: &Guard<'_>, all: &[Guard<'_>]) -> bool {
    all.iter().filter(|other| other.object == parent).any(|other| {
        let seen = |(reference, _): &(&Effect, Sight)| {
            other.references.iter().any(|(known, _)| known.object == reference.object)
        };
        guard.references.iter().all(seen)
    })
}

fn goes_with_parent(schema: &Schema, object: ObjectId, id: FieldId) -> bool {
    let field = &schema.fields[id];
    let standard = GO_WITH_PARENT
        .iter()
        .any(|(child, name)| schema.name(object).is(child) && field.name.is(name));
    match field.kind {
        FieldKind::MasterDetail { .. } => true,
        FieldKind::Lookup { .. } => constraint(schema, id) == DeleteConstraint::Cascade,
        _ => standard,
    }
}
