//! Operators and what comparisons say: trigger events, changes, emptiness.

use super::frame::Frame;
use super::text::HOLE;
use super::value::{Atom, NameKey, Value, What};
use super::world::World;
use crate::apex::ir::{BinaryOp, ExprId, ExprKind};
use crate::program::mask::{Fields, Mask, Test};
use crate::program::row::RowPath;
use crate::schema::ObjectId;

/// What a side of a comparison is, for the question whether it shows a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// A value as it was before the save, or as it is stored in a row other than the saved one.
    Stored,
    Constant,
    Else,
}

impl<'p> World<'p> {
    pub(super) fn binary(
        &mut self,
        frame: &mut Frame<'p>,
        op: BinaryOp,
        operands: &[ExprId],
    ) -> Value {
        match op {
            BinaryOp::And => self.all_of(frame, operands),
            BinaryOp::Or => self.any_of(frame, operands),
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Compare => {
                let values: Vec<Value> =
                    operands.iter().map(|&operand| self.expr(frame, operand)).collect();
                let test = match (values.as_slice(), op) {
                    (&[a, b], BinaryOp::Compare) => self.order_test(a, b),
                    (&[a, b], _) => {
                        let trigger =
                            operands.iter().any(|&operand| is_trigger_collection(frame, operand));
                        let equal =
                            if trigger { self.null_test(a, b) } else { self.equal_test(a, b) };
                        if op == BinaryOp::Equal { equal } else { equal.not() }
                    }
                    _ => Test::OPEN,
                };
                self.values.one(What::Test(test))
            }
            BinaryOp::Plus => {
                let values: Vec<Value> =
                    operands.iter().map(|&operand| self.expr(frame, operand)).collect();
                self.concatenation(&values)
            }
            BinaryOp::Coalesce => {
                let values: Vec<Value> =
                    operands.iter().map(|&operand| self.expr(frame, operand)).collect();
                let nothing = self.values.nothing;
                values.into_iter().fold(nothing, |joined, value| self.values.join(joined, value))
            }
            BinaryOp::Other => {
                for &operand in operands {
                    self.expr(frame, operand);
                }
                self.values.other
            }
        }
    }

    /// Each operand is reached only where those before it are true.
    fn all_of(&mut self, frame: &mut Frame<'p>, operands: &[ExprId]) -> Value {
        let reach = frame.reach;
        let mut test = Test::TRUE;
        for &operand in operands {
            frame.reach = reach.and(test.yes);
            if frame.reach.is_never() {
                break;
            }
            let value = self.expr(frame, operand);
            test = test.and(self.values.test(value));
        }
        frame.reach = reach;
        self.values.one(What::Test(test))
    }

    fn any_of(&mut self, frame: &mut Frame<'p>, operands: &[ExprId]) -> Value {
        let reach = frame.reach;
        let mut test = Test::FALSE;
        for &operand in operands {
            frame.reach = reach.and(test.no);
            if frame.reach.is_never() {
                break;
            }
            let value = self.expr(frame, operand);
            test = test.or(self.values.test(value));
        }
        frame.reach = reach;
        self.values.one(What::Test(test))
    }

    /// When two values are equal.
    pub(super) fn equal_test(&mut self, a: Value, b: Value) -> Test {
        if let Some(test) = self.event_test(a, b).or_else(|| self.event_test(b, a)) {
            return test;
        }
        if let Some(test) = self.boolean_test(a, b).or_else(|| self.boolean_test(b, a)) {
            return test;
        }
        if let Some(test) = self.constant_test(a, b) {
            return test;
        }
        if self.is_null(a) || self.is_null(b) {
            return self.old_null_test(a, b);
        }
        match (self.side(a), self.side(b)) {
            // `old.Status__c == 'Open'` is half of a test of a transition.
            (Side::Stored, Side::Constant) | (Side::Constant, Side::Stored)
                if self.is_old(a) || self.is_old(b) =>
            {
                Test::KNOWS_BEFORE
            }
            // `parent.Status__c != 'Visited'`: what is stored already need not be written again.
            (Side::Stored, _) | (_, Side::Stored) => Test::changed(self.tested_fields(a, b)).not(),
            _ => Test::OPEN,
        }
    }

    /// Two constants: strings, objects or classes.
    fn constant_test(&self, a: Value, b: Value) -> Option<Test> {
        let (left, right) = (self.constants(a)?, self.constants(b)?);
        let meet = left.iter().any(|what| right.contains(what));
        match (left.len(), right.len()) {
            (1, 1) => Some(if meet { Test::TRUE } else { Test::FALSE }),
            _ => Some(if meet { Test::OPEN } else { Test::FALSE }),
        }
    }

    fn constants(&self, value: Value) -> Option<Vec<What>> {
        let constant = |atom: &Atom| match atom.what {
            What::Text(key) if !self.names.get(key).as_str().contains(HOLE) => Some(atom.what),
            What::ObjectToken(_) | What::ClassToken(_) => Some(atom.what),
            _ => None,
        };
        let atoms = self.values.atoms(value);
        if atoms.is_empty() { None } else { atoms.iter().map(constant).collect() }
    }

    fn order_test(&self, a: Value, b: Value) -> Test {
        if self.is_old(a) || self.is_old(b) {
            return Test::knows_before(self.tested_fields(a, b));
        }
        Test::OPEN
    }

    /// The fields whose values before and after the save a comparison looks at: without a change of one, they are equal.
    fn tested_fields(&self, a: Value, b: Value) -> Fields {
        let fields = |value: Value, wanted: bool| -> Option<Vec<(ObjectId, NameKey)>> {
            let field = |atom: &Atom| match atom.what {
                What::Field { object, path, name, old } => {
                    (old == wanted && self.paths.get(path).is_saved()).then_some((object, name))
                }
                _ => None,
            };
            self.values.atoms(value).iter().map(field).collect()
        };
        let pairs = [(a, b), (b, a)].into_iter().filter_map(|(old, new)| {
            let (old, new) = (fields(old, true)?, fields(new, false)?);
            (!old.is_empty() && old == new).then_some(old)
        });
        let one = |(object, name)| Fields::one(self.schema, object, self.names.get(name));
        pairs.flatten().map(one).reduce(Fields::or).unwrap_or(Fields::ANY)
    }

    /// Whether a value is the event of the save: `Trigger.operationType`, or what a helper has made of the trigger's context.
    pub(super) fn is_current_event(&self, value: Value) -> bool {
        let is_current = |atom: &Atom| match atom.what {
            What::Operation => true,
            What::Event(mask) => atom.reach.mask == mask,
            _ => false,
        };
        let atoms = self.values.atoms(value);
        !atoms.is_empty() && atoms.iter().all(is_current)
    }

    /// `Trigger.operationType == TriggerOperation.AFTER_UPDATE`, `event == 'afterUpdate'`
    fn event_test(&self, a: Value, b: Value) -> Option<Test> {
        if !self.is_current_event(a) {
            return None;
        }
        let events = self.values.atoms(b).iter().map(|atom| match atom.what {
            What::Event(mask) => Some(mask),
            What::Text(text) => Mask::of_name(self.names.get(text).as_str()),
            _ => None,
        });
        let mask = events.reduce(|a, b| Some(a?.or(b?)))??;
        Some(Test::event(mask))
    }

    /// `Trigger.isInsert == true`
    fn boolean_test(&self, a: Value, b: Value) -> Option<Test> {
        let [atom] = self.values.atoms(b) else { return None };
        let known = self
            .values
            .has(a, |what| matches!(what, What::Test(_)))
            .then(|| self.values.test(a))?;
        match atom.what {
            What::Test(Test::TRUE) => Some(known),
            What::Test(Test::FALSE) => Some(known.not()),
            _ => None,
        }
    }

    /// `Trigger.old == null`: outside the events that have it.
    fn null_test(&self, a: Value, b: Value) -> Test {
        if !self.is_null(a) && !self.is_null(b) {
            return Test::OPEN;
        }
        let atoms = [a, b].into_iter().flat_map(|value| self.values.atoms(value));
        let exists = atoms
            .filter(|atom| matches!(atom.what, What::Row { .. }))
            .fold(Mask::NONE, |mask, atom| mask.or(atom.reach.mask));
        if exists.is_empty() { Test::OPEN } else { Test::event(Mask::ALL.without(exists)) }
    }

    /// `old == null`, of a row as it was before the save.
    fn old_null_test(&self, a: Value, b: Value) -> Test {
        let atoms = || [a, b].into_iter().flat_map(|value| self.values.atoms(value));
        let only_old =
            atoms().all(|atom| matches!(atom.what, What::Null | What::Row { old: true, .. }));
        let any_old = atoms().any(|atom| matches!(atom.what, What::Row { old: true, .. }));
        if only_old && any_old {
            Test::event(Mask::ALL.without(Mask::WITH_OLD))
        } else {
            Test::OPEN
        }
    }

    fn is_null(&self, value: Value) -> bool {
        value == self.values.null
    }

    fn is_old(&self, value: Value) -> bool {
        self.values.has(value, |what| {
            matches!(what, What::Field { old: true, .. } | What::Row { old: true, .. })
        })
    }

    fn side(&self, value: Value) -> Side {
        let stored = |what: &What| match what {
            What::Field { old: true, .. } | What::Row { old: true, .. } => true,
            // A row that is found from the saved one, as its parent: what it holds is what was written last.
            What::Field { path, name, .. } => {
                let path = self.paths.get(*path);
                *name != self.words.id && matches!(path, RowPath::Hops(_)) && !path.is_saved()
            }
            _ => false,
        };
        if self.values.has(value, stored) {
            return Side::Stored;
        }
        let constant = |what: &What| {
            matches!(what, What::Text(_) | What::Test(Test::TRUE | Test::FALSE) | What::Event(_))
        };
        if self.values.has(value, constant) { Side::Constant } else { Side::Else }
    }
}

/// `Trigger.new`, `Trigger.oldMap`, …: what is null outside some events.
fn is_trigger_collection(frame: &Frame<'_>, id: ExprId) -> bool {
    match &frame.body.exprs[id].kind {
        ExprKind::Field { object, .. } => {
            matches!(&frame.body.exprs[*object].kind, ExprKind::Name(name) if name.is("Trigger"))
        }
        _ => false,
    }
}
