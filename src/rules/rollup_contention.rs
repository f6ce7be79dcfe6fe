//! A roll-up summary: saves of the detail lock the master.

use super::relationship::declared_fields;
use super::writes::{Write, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Hop, Mask, RowPath};
use crate::schema::{FieldId, FieldKind, ObjectId, RollUp, Schema};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "rollup-contention",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "a roll-up summary: saves of the detail lock the master",
        page: include_str!("rollup_contention.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    let writes = writes(analysis);
    for id in declared_fields(schema) {
        if let FieldKind::RollUp(roll_up) = &schema.fields[id].kind {
            out.extend(finding(schema, &writes, id, roll_up));
        }
    }
}

fn finding(
    schema: &Schema,
    writes: &[Write<'_>],
    id: FieldId,
    roll_up: &RollUp,
) -> Option<Finding> {
    let (via, _) = roll_up.via?;
    let (detail, master) = (schema.fields[via].object, schema.fields[id].object);
    let reasons = reasons(schema, writes, via, master);
    let message = format!(
        "{} locks its `{}`{}",
        saves(schema, via, roll_up),
        schema.name(master),
        because(&reasons)
    );
    let severity = if reasons.is_empty() { RULE.info.severity } else { Severity::Warning };
    let mut steps = steps(schema, id, roll_up)?;
    steps.splice(1..1, reasons.into_iter().flat_map(|reason| reason.evidence));
    let chain = Chain::of_steps(steps)?;
    let (detail, master) = (schema.name(detail), schema.name(master));
    let help = format!(
        "keep all `{detail}` rows of one `{master}` in one batch of a load, or sum up later, outside the save"
    );
    let events = DmlOp::ALL.map(|op| format!("{detail}:{}", op.word())).to_vec();
    Some(
        Finding::new(&RULE.info, schema.path(id), chain, message)
            .severity(severity)
            .object(master.as_str())
            .via(Some(schema.path(via)))
            .events(events)
            .facts(&["CS-07", "AU-01", "RU-04", "RU-05", "LK-07"])
            .help(help)
            .remedy("rollup-async", schema.path(id)),
    )
}

/// The detail's relationship, then the roll-up that follows it.
pub(super) fn steps(schema: &Schema, id: FieldId, roll_up: &RollUp) -> Option<Vec<Step>> {
    let (via, named) = roll_up.via?;
    let (detail, master) =
        (schema.name(schema.fields[via].object), schema.name(schema.fields[id].object));
    let points = format!("`{}` points to the `{master}`", schema.path(via));
    let reads = format!("`{}` reads the `{detail}` rows of a `{master}`", schema.path(id));
    let updates = format!("so the platform updates the `{master}` when a `{detail}` is saved");
    // The field of a standard relationship is declared nowhere: the roll-up names it.
    let via_place = schema.fields[via].place.map_or(named, |place| place.kind);
    let place = schema.fields[id].place?;
    Some(vec![
        Step::new(via_place, points),
        Step::new(named, reads),
        Step::new(place.kind, updates),
    ])
}

/// `inserting, deleting or undeleting a Line__c, or updating its Amount__c` (RU-04 to RU-06, RU-19)
fn saves(schema: &Schema, via: FieldId, roll_up: &RollUp) -> String {
    let detail = schema.name(schema.fields[via].object);
    let moves = match &schema.fields[via].kind {
        FieldKind::MasterDetail { reparentable, .. } => *reparentable,
        FieldKind::Standard { edge, .. } => edge.updatable,
        _ => true,
    };
    let verbs = if moves {
        "inserting, deleting, undeleting or re-parenting"
    } else {
        "inserting, deleting or undeleting"
    };
    let inputs = roll_up.summarized.iter().chain(&roll_up.filters);
    let mut fields: Vec<String> = inputs.map(|input| format!("`{}`", input.name)).collect();
    fields.sort();
    fields.dedup();
    match fields.as_slice() {
        [] => format!("{verbs} a `{detail}`"),
        [field] => format!("{verbs} a `{detail}`, or updating its {field},"),
        [first @ .., last] => {
            format!("{verbs} a `{detail}`, or updating its {} or {last},", first.join(", "))
        }
    }
}

/// Something that makes waiting longer or more likely.
struct Reason {
    text: String,
    evidence: Vec<Step>,
}

fn because(reasons: &[Reason]) -> String {
    match reasons {
        [] => String::new(),
        reasons => format!(
            "; {}",
            reasons.iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("; ")
        ),
    }
}

fn reasons(schema: &Schema, writes: &[Write<'_>], via: FieldId, master: ObjectId) -> Vec<Reason> {
    let detail = schema.fields[via].object;
    let name = |object: ObjectId| schema.name(object);
    let mut reasons = Vec::new();
    let mut add = |text: String, write: &Write<'_>| {
        let at = write.chain.last();
        reasons.push(Reason { text, evidence: vec![at.clone()] });
    };
    if let Some(write) = writes.iter().find(|write| writes_master(schema, write, master)) {
        add(
            format!("automation of `{}` writes the `{}` as well", name(write.saved), name(master)),
            write,
        );
    }
    if let Some(write) = writes
        .iter()
        .find(|write| write.object == detail && write.saved != detail && write.saved != master)
    {
        add(format!("automation of `{}` writes `{}` rows", name(write.saved), name(detail)), write);
    }
    // The first by name, which does not change when code moves.
    let under_lock = writes.iter().filter(|write| {
        write.saved == master && !write.row.is_saved() && write.unchecked.meets(Mask::UPDATE)
    });
    if let Some(write) = under_lock.min_by_key(|write| name(write.object)) {
        add(
            format!(
                "the update of the `{}` then writes `{}` rows under the same lock",
                name(master),
                name(write.object)
            ),
            write,
        );
    }
    let siblings: Vec<ObjectId> = other_details(schema, detail, master);
    if let [first, ..] = siblings.as_slice() {
        let text = format!("`{}` rows roll up to the same `{}`", name(*first), name(master));
        reasons.push(Reason { text, evidence: Vec::new() });
    }
    if schema.objects[detail].loaded_in_parallel {
        let text = format!("`{}` rows are loaded in parallel", name(detail));
        reasons.push(Reason { text, evidence: Vec::new() });
    }
    if schema.is_dictionary_like(master) {
        let is = if schema.objects[master].known_dictionary { "is" } else { "looks like" };
        let text = format!("`{}` {is} a dictionary: few rows, used by all", name(master));
        reasons.push(Reason { text, evidence: Vec::new() });
    }
    reasons
}

/// Whether automation of a detail writes the master that a roll-up of it writes, too.
fn writes_master(schema: &Schema, write: &Write<'_>, master: ObjectId) -> bool {
    let RowPath::Hops(hops) = write.row else { return false };
    let [Hop::Up { child, field }] = hops.as_slice() else { return false };
    let rolls_up = schema
        .field(*child, field)
        .is_some_and(|field| schema.roll_ups_over(field).next().is_some());
    write.object == master && write.changes_rows() && rolls_up
}

/// Details other than `detail` that roll up to the master, in the order of names.
fn other_details(schema: &Schema, detail: ObjectId, master: ObjectId) -> Vec<ObjectId> {
    let details = schema
        .roll_ups_of(master)
        .filter_map(|(_, roll_up)| Some(schema.fields[roll_up.via?.0].object));
    let mut details: Vec<ObjectId> = details.filter(|&other| other != detail).collect();
    details.sort();
    details.dedup();
    details
}
