//! What automation writes, one entry a statement, object and path: what the rules about automation ask.

use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Span};
use crate::finding::{Finding, RuleInfo};
use crate::locks::{SaveEvent, confidence_of, saves_of};
use crate::program::{
    Automation, DmlOp, Effect, EffectKind, Fields, Mask, Repeat, RowPath, Source,
};
use crate::schema::{ObjectId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// A statement in a trigger, or in code that a trigger calls, that writes rows of one object.
pub(super) struct Write<'a> {
    /// The object whose trigger it is.
    pub(super) saved: ObjectId,
    pub(super) ops: BTreeSet<DmlOp>,
    pub(super) object: ObjectId,
    pub(super) row: &'a RowPath,
    /// The trigger events under which it happens, and those of them without a test of a change.
    pub(super) mask: Mask,
    pub(super) unchecked: Mask,
    /// Fields of the saved row of which one has to change before an update comes to it.
    needs: Fields,
    pub(super) repeat: Repeat,
    pub(super) confidence: Confidence,
    /// The saves under which it happens.
    pub(super) saves: BTreeSet<SaveEvent>,
    pub(super) parents: &'a [(crate::base::Name, RowPath)],
    pub(super) site: Span,
    pub(super) code: &'a str,
    pub(super) chain: &'a Chain,
}

impl Write<'_> {
    /// Whether existing rows are changed: an insert touches no row that others could hold.
    pub(super) fn changes_rows(&self) -> bool {
        self.ops.iter().any(|op| *op != DmlOp::Insert)
    }

    /// `updates`, `deletes`, `inserts or updates`
    pub(super) fn verbs(&self) -> String {
        let verbs: Vec<String> = self.ops.iter().map(|op| format!("{}s", op.word())).collect();
        verbs.join(" or ")
    }

    /// `insert or update`: the saves of the trigger's object.
    pub(super) fn saves_in_words(&self) -> String {
        let saves: Vec<&str> = self.saves.iter().map(|save| save.op.word()).collect();
        saves.join(" or ")
    }

    /// A finding at the statement, with what every finding about a write has.
    pub(super) fn finding(
        &self,
        rule: &'static RuleInfo,
        analysis: &Analysis,
        message: String,
    ) -> Finding {
        let schema = &analysis.schema;
        Finding::new(rule, self.anchor(schema), self.chain.clone(), message)
            .confidence(self.confidence)
            .object(schema.name(self.object).as_str())
            .via(self.row.via(schema))
            .events(events(&[self], analysis))
            .facts(&["AU-02", "LK-01", "LK-03"])
    }

    /// The place in the model: `Line__c -> Invoice__c via Line__c.Invoice__c @ LineService.touch`.
    fn anchor(&self, schema: &Schema) -> String {
        let path = match self.row {
            RowPath::Hops(_) => {
                self.row.via(schema).map_or(String::new(), |via| format!(" via {via}"))
            }
            RowPath::New => " new".to_owned(),
            RowPath::Constant => " constant".to_owned(),
            RowPath::Filter => " by filter".to_owned(),
            RowPath::Unknown => " unknown".to_owned(),
        };
        format!("{} -> {}{path} @ {}", schema.name(self.saved), schema.name(self.object), self.code)
    }
}

/// Every write of every trigger, workflow rule and flow, in the order of places. What platform events start saves no rows that
/// others wait for; roll-up tools have a rule of their own.
pub(super) fn writes(analysis: &Analysis) -> Vec<Write<'_>> {
    let mut writes: BTreeMap<(Span, ObjectId, ObjectId, &RowPath), Write<'_>> = BTreeMap::new();
    for automation in analysis
        .program
        .automations
        .iter()
        .filter(|automation| !analysis.schema.is_event(automation.object))
        .filter(|automation| automation.source != Source::RollUpTool)
    {
        for effect in &automation.effects {
            let (EffectKind::Dml(op), Some(object)) = (effect.kind, effect.object) else {
                continue;
            };
            let key = (effect.site, automation.object, object, &effect.row);
            let saves: BTreeSet<SaveEvent> = saves_of(automation, effect).collect();
            match writes.get_mut(&key) {
                Some(known) => known.join(op, effect, saves),
                None => drop(writes.insert(key, write(automation, op, object, effect, saves))),
            }
        }
    }
    writes.into_values().collect()
}

fn write<'a>(
    automation: &Automation,
    op: DmlOp,
    object: ObjectId,
    effect: &'a Effect,
    saves: BTreeSet<SaveEvent>,
) -> Write<'a> {
    Write {
        saved: automation.object,
        ops: BTreeSet::from([op]),
        object,
        row: &effect.row,
        mask: effect.reach.mask,
        unchecked: effect.reach.unchecked,
        needs: effect.reach.needs(),
        repeat: effect.repeat,
        confidence: confidence_of(effect),
        saves,
        parents: &effect.parents,
        site: effect.site,
        code: &effect.code,
        chain: &effect.chain,
    }
}

impl<'a> Write<'a> {
    /// The same statement, from another trigger of the object or by another operation of an upsert.
    fn join(&mut self, op: DmlOp, effect: &'a Effect, saves: BTreeSet<SaveEvent>) {
        self.ops.insert(op);
        self.mask = self.mask.or(effect.reach.mask);
        self.unchecked = self.unchecked.or(effect.reach.unchecked);
        self.needs = self.needs.or(effect.reach.needs());
        self.repeat = self.repeat.max(effect.repeat);
        self.saves.extend(saves);
        if effect.chain.len() < self.chain.len() {
            self.chain = &effect.chain;
        }
    }
}

/// The writes of each statement to rows of one object in saves of one object: one finding each, whatever the ways in which
/// the rows are found.
pub(super) fn by_statement<'w, 'a>(
    writes: impl Iterator<Item = &'w Write<'a>>,
) -> Vec<Vec<&'w Write<'a>>> {
    let mut statements: BTreeMap<(Span, ObjectId, ObjectId), Vec<&Write<'_>>> = BTreeMap::new();
    for write in writes {
        statements.entry((write.site, write.object, write.saved)).or_default().push(write);
    }
    statements.into_values().collect()
}

/// The saves that reach any of the writes: those of the triggers' objects, and every save that causes one.
pub(super) fn events(writes: &[&Write<'_>], analysis: &Analysis) -> Vec<String> {
    let reached: BTreeSet<SaveEvent> = writes
        .iter()
        .flat_map(|write| write.saves.iter().map(|save| (*save, write.needs)))
        .flat_map(|(save, needs)| analysis.locks.saves_that_reach(save, needs))
        .collect();
    reached.into_iter().map(|save| save.name(&analysis.schema)).collect()
}
