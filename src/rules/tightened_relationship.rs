//! A change makes saves lock, by schema, a row that they did not lock before.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Name};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Cause, SaveEvent};
use crate::program::DmlOp;
use crate::schema::{FieldId, ObjectId, Schema};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "tightened-relationship",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Error,
        summary: "a change makes saves of existing objects lock the target of a relationship",
        page: include_str!("tightened_relationship.md"),
    },
    check: Check::Change(check),
};

/// The rules that say of the same relationship what is new with it.
pub(crate) const TELLS: [&str; 4] =
    ["cascading-lookup", "master-detail-lock", "restricting-lookup", "rollup-contention"];

fn check(before: &Analysis, after: &Analysis, out: &mut Vec<Finding>) {
    for object in after.schema.objects.ids() {
        // Saves of an object that is new, or new to the project, are no saves of yesterday that lock more.
        let old = before.schema.object(after.schema.name(object));
        let Some(old) = old.filter(|old| is_declared(&before.schema, *old)) else { continue };
        let old = ties(before, old);
        for (key, tie) in ties(after, object) {
            // A roll-up locks what the master-detail below it has locked already, and the other way round.
            let (path, target, _) = &key;
            let known = [false, true].map(|is_roll_up| {
                old.get(&(path.clone(), target.clone(), is_roll_up)).map(|tie| &tie.ops)
            });
            let was = |op: &DmlOp| known.iter().flatten().any(|ops| ops.contains(op));
            let ops: Vec<DmlOp> = tie.ops.iter().copied().filter(|op| !was(op)).collect();
            if !ops.is_empty() {
                out.push(finding(&after.schema, object, &tie, &ops));
            }
        }
    }
}

/// Whether the project has metadata of an object, and not just code that names it.
fn is_declared(schema: &Schema, object: ObjectId) -> bool {
    let object = &schema.objects[object];
    object.span.is_some() || object.fields.iter().any(|&field| schema.fields[field].place.is_some())
}

/// How a relationship holds its target, and under which saves of the child.
struct Tie {
    cause: Cause,
    field: FieldId,
    target: ObjectId,
    ops: Vec<DmlOp>,
    chain: Chain,
}

/// The relationship, its target, and whether it is a roll-up: by names, since the ids of two models differ.
type Key = (Name, Name, bool);

/// What the saves of an object surely or probably lock by schema. Standard relationships do not change.
fn ties(analysis: &Analysis, object: ObjectId) -> BTreeMap<Key, Tie> {
    let schema = &analysis.schema;
    let mut ties: BTreeMap<Key, Tie> = BTreeMap::new();
    for op in DmlOp::ALL {
        let direct = analysis.locks.direct(SaveEvent { object, op });
        for lock in direct.into_iter().flat_map(|direct| &direct.locks) {
            let (Some(target), Some(chain)) = (lock.object, &lock.chain) else { continue };
            let cause = lock.cause;
            let (Cause::MasterDetail(field)
            | Cause::RestrictingLookup(field)
            | Cause::CascadingLookup(field)
            | Cause::RollUp(field)) = cause
            else {
                continue;
            };
            if lock.confidence == Confidence::Low {
                continue;
            }
            let is_roll_up = matches!(cause, Cause::RollUp(_));
            let key = (Name::new(&schema.path(field)), schema.name(target).clone(), is_roll_up);
            let new = || Tie { cause, field, target, ops: Vec::new(), chain: chain.clone() };
            ties.entry(key).or_insert_with(new).ops.push(op);
        }
    }
    ties
}

fn finding(schema: &Schema, object: ObjectId, tie: &Tie, ops: &[DmlOp]) -> Finding {
    let (child, target, path) =
        (schema.name(object), schema.name(tie.target), schema.path(tie.field));
    let words: Vec<&str> = ops.iter().map(|op| op.word()).collect();
    let saves = words.join(", ");
    let (why, facts, help): (String, &[&'static str], &str) = match tie.cause {
        Cause::MasterDetail(_) => (
            format!("`{path}` is a master-detail now"),
            &["CS-08", "DR-01"],
            "keep the lookup, or load the details sorted by master and write the master from one place",
        ),
        Cause::RollUp(_) => (
            format!("a roll-up of `{target}` over `{child}` is new"),
            &["CS-07", "AU-01"],
            "compute the value when it is read, or later in a transaction of its own",
        ),
        Cause::CascadingLookup(_) => (
            format!("the deletion of a `{target}` deletes what `{path}` points to it with now"),
            &["CS-09", "DC-09"],
            "let the lookup clear itself (`SetNull`), and delete the children by code where that is needed",
        ),
        _ => (
            format!("`{path}` stops the deletion of its `{target}` now"),
            &["CS-09", "DC-05", "DC-07"],
            "let the lookup clear itself (`SetNull`), and refuse deletes by a trigger on the target",
        ),
    };
    let message =
        format!("{why}: {saves} of a `{child}` locks the `{target}`, as it did not before");
    let anchor = match tie.cause {
        Cause::RollUp(_) => format!("{path} rolled up"),
        _ => path.clone(),
    };
    Finding::new(&RULE.info, anchor, tie.chain.clone(), message)
        .object(target.as_str())
        .via(Some(path))
        .events(ops.iter().map(|&op| SaveEvent { object, op }.name(schema)).collect())
        .facts(facts)
        .help(help.to_owned())
}
