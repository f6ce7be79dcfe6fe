//! The lock model: which rows each save locks, why, and what else it causes.

mod by;
mod conflicts;
mod footprint;
mod relationships;

pub(crate) use conflicts::{Conflict, FirstLocks, Locked, Meeting, meetings};
pub(crate) use relationships::{constraint, locks_of_save, locks_on};

use crate::base::{Chain, Confidence, Name};
use crate::program::{
    Automation, DmlOp, Effect, EffectKind, Fields, Mask, Program, RowPath, Switches,
};
use crate::schema::{FieldId, ObjectId, Schema};
use by::By;
use std::collections::{BTreeMap, BTreeSet};

/// A save of rows of one object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct SaveEvent {
    pub(crate) object: ObjectId,
    pub(crate) op: DmlOp,
}

impl SaveEvent {
    /// `Line__c:insert`
    pub(crate) fn name(self, schema: &Schema) -> String {
        format!("{}:{}", schema.name(self.object), self.op.word())
    }
}

/// Why a row is locked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Cause {
    /// It is written by the save itself (LK-01).
    SavedRow,
    /// It is the master (CS-08, DR-01).
    MasterDetail(FieldId),
    /// It holds a roll-up over the saved row (CS-07, AU-01). The field is that of the detail.
    RollUp(FieldId),
    /// It is the target of a lookup that restricts its deletion (CS-09).
    RestrictingLookup(FieldId),
    /// It is the target of a lookup that cascades its deletion (CS-09, DC-09).
    CascadingLookup(FieldId),
    /// It is the parent by a standard relationship (facts sheet, section 7).
    Standard(FieldId),
    /// Automation writes it (AU-02).
    Write(DmlOp),
    /// Automation selects it `FOR UPDATE` (FU-01).
    LockingQuery,
}

/// One row that a save locks.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Lock {
    /// Nothing where automation writes rows of an object that could not be resolved.
    pub(crate) object: Option<ObjectId>,
    /// From the saved row.
    pub(crate) row: RowPath,
    pub(crate) cause: Cause,
    pub(crate) confidence: Confidence,
    pub(crate) facts: Vec<&'static str>,
    /// In an update: fields of the saved row of which one has to change first.
    needs: Fields,
    switches: Switches,
    /// Nothing where the platform locks it by itself.
    by: Option<By>,
    pub(crate) chain: Option<Chain>,
}

/// What a field of a new row points to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct NewParent {
    field: Name,
    /// Where it is known: a field may point to rows of several objects.
    object: Option<ObjectId>,
    row: RowPath,
}

/// A save that a save causes in the same transaction.
#[derive(Clone, Debug)]
pub(crate) struct Caused {
    pub(crate) event: SaveEvent,
    /// The rows of the caused save, from the saved row.
    pub(crate) row: RowPath,
    /// Of new rows: the parents that code gives them.
    pub(crate) parents: Vec<NewParent>,
    /// How many locks of the save that causes it come before.
    pub(crate) after: usize,
    pub(crate) confidence: Confidence,
    /// In an update of the row that causes it: fields of that row of which one has to change first.
    needs: Fields,
    /// The fields that it may change.
    sets: Fields,
    /// Whether it only runs the triggers once more.
    is_again: bool,
    /// Of the code that does it.
    switches: Switches,
    by: Option<By>,
    pub(crate) chain: Option<Chain>,
}

/// What a save locks by itself, and which saves it causes; in the order in which the platform does it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Direct {
    pub(crate) locks: Vec<Lock>,
    /// How many of the locks are those of parents by the schema: they come first.
    pub(crate) parents: usize,
    pub(crate) causes: Vec<Caused>,
}

#[derive(Default, Debug)]
pub(crate) struct LockModel {
    direct: BTreeMap<SaveEvent, Direct>,
    /// With the fields that a save changes where it is caused.
    caused_by: BTreeMap<SaveEvent, BTreeMap<SaveEvent, Fields>>,
    /// The fields of the saved rows that automation sets in updates.
    set_by_saves: BTreeMap<ObjectId, Fields>,
}

impl DmlOp {
    /// The trigger events of a save of this kind.
    pub(crate) fn events(self) -> Mask {
        match self {
            DmlOp::Insert => Mask::INSERT,
            DmlOp::Update => Mask::UPDATE,
            DmlOp::Delete => Mask::DELETE,
            DmlOp::Undelete => Mask::UNDELETE,
        }
    }
}

/// The saves under which an effect of a trigger may happen.
pub(crate) fn saves_of(
    automation: &Automation,
    effect: &Effect,
) -> impl Iterator<Item = SaveEvent> {
    let (object, mask) = (automation.object, effect.reach.mask);
    DmlOp::ALL
        .into_iter()
        .filter(move |op| mask.meets(op.events()))
        .map(move |op| SaveEvent { object, op })
}

/// Builds the model of all objects that have relationships or automation.
pub(crate) fn model(schema: &Schema, program: &Program) -> LockModel {
    let mut model =
        LockModel { set_by_saves: program.set_by_saves.clone(), ..LockModel::default() };
    for object in schema.objects.ids() {
        for op in DmlOp::ALL {
            let mut direct = direct(schema, program, SaveEvent { object, op });
            for caused in &mut direct.causes {
                caused.sets = model.changed_in(caused.event.object, caused.sets);
            }
            if !direct.locks.is_empty() || !direct.causes.is_empty() {
                model.direct.insert(SaveEvent { object, op }, direct);
            }
        }
    }
    for (&event, direct) in &model.direct {
        for caused in &direct.causes {
            let causes = model.caused_by.entry(caused.event).or_default();
            let sets = causes.entry(event).or_insert(Fields::NONE);
            *sets = sets.or(caused.sets);
        }
    }
    model
}

/// The parents come first (LK-05, LK-06), then what triggers do, and roll-ups last (section 1.5 C of the facts sheet).
fn direct(schema: &Schema, program: &Program, event: SaveEvent) -> Direct {
    let locks = locks_of_save(schema, event);
    let mut direct = Direct { parents: locks.len(), locks, causes: Vec::new() };
    for automation in program.automations_of(event.object) {
        for effect in &automation.effects {
            if effect.reach.mask.meets(event.op.events()) {
                let parents = new_parents(schema, event.object, effect);
                direct.add_effect(effect, &parents, &By::of(automation, effect));
            }
        }
    }
    relationships::add_roll_ups(schema, event, &mut direct);
    direct
}

impl Direct {
    fn add_effect(&mut self, effect: &Effect, parents: &[NewParent], by: &By) {
        if effect.kind == EffectKind::TriggersAgain {
            self.add_caused(effect, Vec::new(), by);
        }
        if !matches!(effect.kind, EffectKind::Dml(_)) && !effect.is_locking_query() {
            return;
        }
        // A row of this transaction's own making is nobody else's.
        if effect.row == RowPath::New {
            for parents in variants(parents) {
                self.add_caused(effect, parents, by);
            }
            return;
        }
        let (cause, facts) = match effect.kind {
            EffectKind::Dml(op) => (Cause::Write(op), vec!["AU-02", "LK-01"]),
            _ => (Cause::LockingQuery, vec!["FU-01", "LK-03"]),
        };
        self.locks.push(Lock {
            object: effect.object,
            row: effect.row.clone(),
            cause,
            confidence: confidence_of(effect),
            facts,
            needs: effect.reach.needs(),
            switches: effect.switches.clone(),
            by: Some(by.clone()),
            chain: Some(effect.chain.clone()),
        });
        self.add_caused(effect, Vec::new(), by);
    }

    /// The save of the rows that an effect writes.
    fn add_caused(&mut self, effect: &Effect, parents: Vec<NewParent>, by: &By) {
        let op = match effect.kind {
            EffectKind::Dml(op) => Some(op),
            EffectKind::TriggersAgain => Some(DmlOp::Update),
            _ => None,
        };
        if let (Some(op), Some(object)) = (op, effect.object) {
            self.causes.push(Caused {
                event: SaveEvent { object, op },
                row: effect.row.clone(),
                parents,
                after: self.locks.len(),
                confidence: confidence_of(effect),
                needs: effect.reach.needs(),
                sets: effect.sets,
                is_again: effect.kind == EffectKind::TriggersAgain,
                switches: effect.switches.clone(),
                by: Some(by.clone()),
                chain: Some(effect.chain.clone()),
            });
        }
    }
}

fn new_parents(schema: &Schema, saved: ObjectId, effect: &Effect) -> Vec<NewParent> {
    let parent = |(field, row): &(Name, RowPath)| NewParent {
        field: field.clone(),
        object: row.object(Some(saved), schema),
        row: row.clone(),
    };
    effect.parents.iter().map(parent).collect()
}

/// New rows, each with one parent by each field: where a field may hold several, they are other rows.
fn variants(parents: &[NewParent]) -> Vec<Vec<NewParent>> {
    let mut by_field: BTreeMap<&Name, Vec<&NewParent>> = BTreeMap::new();
    for parent in parents {
        by_field.entry(&parent.field).or_default().push(parent);
    }
    let count = by_field.values().map(Vec::len).max().unwrap_or(1);
    let variant = |number: usize| {
        let parents = by_field.values();
        parents.filter_map(|all| all.get(number).or(all.first()).copied().cloned()).collect()
    };
    (0..count).map(variant).collect()
}

/// How sure it is which rows an effect concerns.
pub(crate) fn confidence_of(effect: &Effect) -> Confidence {
    match (&effect.row, effect.object) {
        _ if !effect.certain => Confidence::Low,
        (_, None) | (RowPath::Unknown, _) => Confidence::Low,
        (RowPath::Filter, _) => Confidence::Medium,
        _ => Confidence::High,
    }
}

impl LockModel {
    /// All saves that lock or cause anything.
    pub(crate) fn events(&self) -> impl Iterator<Item = SaveEvent> {
        self.direct.keys().copied()
    }

    pub(crate) fn direct(&self, event: SaveEvent) -> Option<&Direct> {
        self.direct.get(&event)
    }

    /// The locks of a save that DML causes, unless they need a change of fields that it does not set, or are switched off.
    pub(crate) fn locks_after<'a>(
        &'a self,
        event: SaveEvent,
        dml: &'a Effect,
    ) -> impl Iterator<Item = &'a Lock> {
        let sets = self.changed_in(event.object, dml.sets);
        let locks = self.direct(event).into_iter().flat_map(|direct| &direct.locks);
        locks.filter(move |lock| {
            let is_met = event.op != DmlOp::Update || lock.needs.meet(sets);
            is_met && !dml.switches.stop(&lock.switches)
        })
    }

    /// The fields that have changed once automation has seen an update that sets some.
    fn changed_in(&self, object: ObjectId, sets: Fields) -> Fields {
        sets.or(self.set_by_saves.get(&object).copied().unwrap_or(Fields::NONE))
    }

    /// The save itself, and every save that causes it, sorted. Where an update has to change one of some fields, the saves that
    /// cause it without are left out.
    pub(crate) fn saves_that_reach(&self, event: SaveEvent, needs: Fields) -> BTreeSet<SaveEvent> {
        let mut reached = BTreeSet::from([event]);
        let is_met = |sets: Fields| event.op != DmlOp::Update || needs.meet(sets);
        let causes = self.caused_by.get(&event).into_iter().flatten();
        let mut open: Vec<SaveEvent> =
            causes.filter(|(_, sets)| is_met(**sets)).map(|(cause, _)| *cause).collect();
        while let Some(cause) = open.pop() {
            if reached.insert(cause) {
                open.extend(self.caused_by.get(&cause).into_iter().flat_map(BTreeMap::keys));
            }
        }
        reached
    }
}
