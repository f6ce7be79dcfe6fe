//! The ways through a flow: which elements are reached, when, and which of them in a loop.

use super::formula;
use crate::base::{Name, Span};
use crate::metadata::{Condition, ElementKind, FlowElement, FlowFacts, FlowValue, Logic, Outcome};
use crate::program::branches::{Branches, Taken};
use crate::program::mask::{Fields, Mask, Reach, Test};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::hash_map::Entry;

/// An element that a flow comes to.
pub(super) struct Visit<'a> {
    pub(super) element: &'a FlowElement,
    pub(super) reach: Reach,
    pub(super) branches: Branches,
    /// Whether no way leads back to it.
    pub(super) is_once: bool,
    /// The name of the loop around.
    pub(super) loop_around: Option<Span>,
}

/// The field of the saved row that a reference names: `$Record.Status__c`, `$Record__Prior.Status__c`.
pub(super) type FieldOf<'a> = dyn Fn(&str) -> Fields + 'a;

/// What conditions ask for by name.
struct Asked<'a, 'f> {
    field_of: &'f FieldOf<'f>,
    formulas: FxHashMap<&'a Name, &'a str>,
    /// Of decisions: Process Builder asks for an earlier one.
    outcomes: FxHashMap<&'a Name, &'a Outcome>,
    /// What is known of formulas and outcomes; nothing while an outcome is looked at, which may ask for itself.
    tests: RefCell<FxHashMap<&'a Name, Option<Test>>>,
}

/// Outcomes that ask for outcomes: real processes do so once.
const MAX_DEPTH: usize = 100;

impl<'a, 'f> Asked<'a, 'f> {
    fn of(flow: &'a FlowFacts, field_of: &'f FieldOf<'f>) -> Asked<'a, 'f> {
        let formulas = flow.formulas.iter().map(|(name, text)| (name, text.as_str()));
        let outcomes = flow.elements.iter().filter_map(|element| match &element.kind {
            ElementKind::Decision(outcomes) => Some(outcomes),
            _ => None,
        });
        let named = outcomes.flatten().map(|outcome| (&outcome.name, outcome));
        let (formulas, outcomes) = (formulas.collect(), named.collect());
        Asked { field_of, formulas, outcomes, tests: RefCell::default() }
    }

    fn outcome(&self, outcome: &Outcome, depth: usize) -> Test {
        let by_conditions = test(&outcome.logic, &|index| {
            let condition = outcome.conditions.get(index);
            condition.map_or(Test::OPEN, |condition| self.condition(condition, depth))
        });
        if !outcome.on_change {
            return by_conditions;
        }
        let asked = outcome.conditions.iter().map(|condition| (self.field_of)(&condition.left));
        by_conditions.and(changed(asked.reduce(Fields::or).unwrap_or(Fields::ANY)))
    }

    fn condition(&self, condition: &Condition, depth: usize) -> Test {
        let (right, constant) = match &condition.right {
            FlowValue::Reference(reference) => (reference.as_str(), ""),
            FlowValue::Constant(constant) => ("", constant.as_str()),
        };
        let is_equal = condition.operator == "EqualTo";
        let told = |test: Test| match constant {
            "true" => test,
            "false" => test.not(),
            _ => Test::OPEN,
        };
        match condition.operator.as_str() {
            "IsChanged" => return told(Test::changed((self.field_of)(&condition.left))),
            // There is no earlier row where a row is new.
            "IsNull" if is_prior_row(&condition.left) => return told(Test::event(Mask::INSERT)),
            _ => {}
        }
        if is_prior(&condition.left) || is_prior(right) {
            let of = |reference: &str| (self.field_of)(reference);
            // Of two fields, any may have changed.
            let fields = match of(&condition.left) == of(right) {
                true => of(right),
                false => Fields::ANY,
            };
            return match (right.is_empty(), is_equal) {
                (true, _) => Test::KNOWS_BEFORE,
                (false, true) => Test::changed(fields).not(),
                (false, false) => Test::changed(fields),
            };
        }
        match condition.operator.as_str() {
            "EqualTo" => told(self.named(&condition.left, depth)),
            "NotEqualTo" => told(self.named(&condition.left, depth)).not(),
            _ => Test::OPEN,
        }
    }

    /// A formula, or an outcome.
    fn named(&self, name: &str, depth: usize) -> Test {
        let name = Name::new(name);
        if let Some(known) = self.tests.borrow().get(&name) {
            return known.unwrap_or(Test::OPEN);
        }
        if let Some((&name, expression)) = self.formulas.get_key_value(&name) {
            let test = formula::test(expression);
            self.tests.borrow_mut().insert(name, Some(test));
            return test;
        }
        let Some((&name, &outcome)) = self.outcomes.get_key_value(&name) else { return Test::OPEN };
        if depth > MAX_DEPTH {
            return Test::OPEN;
        }
        self.tests.borrow_mut().insert(name, None);
        let test = self.outcome(outcome, depth + 1);
        self.tests.borrow_mut().insert(name, Some(test));
        test
    }
}

/// Of a new row everything is new.
fn changed(fields: Fields) -> Test {
    Test { yes: Reach::changed(fields).or(Reach::under(Mask::INSERT)), no: Reach::ALWAYS }
}

/// Conditions put together.
fn test(logic: &Logic, condition: &dyn Fn(usize) -> Test) -> Test {
    let parts = |parts: &[Logic], both: fn(Test, Test) -> Test, none: Test| {
        parts.iter().map(|part| test(part, condition)).reduce(both).unwrap_or(none)
    };
    match logic {
        Logic::Condition(index) => condition(*index),
        Logic::Not(inner) => test(inner, condition).not(),
        Logic::And(all) => parts(all, Test::and, Test::OPEN),
        Logic::Or(any) => parts(any, Test::or, Test::OPEN),
        Logic::Unknown => Test::OPEN,
    }
}

/// An element by its name: where it leads, and under which test of a decision that is one way of several.
struct Way<'a> {
    to: &'a Name,
    reach: Reach,
    /// The decision, and which of its ways it is.
    taken: Option<Taken>,
}

/// Loops in loops in loops: real flows settle in four passes.
const MAX_PASSES: usize = 20;

/// What comes after `start`, in the order in which it runs: what several ways lead to comes after all of them.
pub(super) fn visits<'a>(
    flow: &'a FlowFacts,
    start: &Name,
    reach: Reach,
    given: &Branches,
    field_of: &FieldOf<'_>,
) -> Vec<Visit<'a>> {
    let by_name: FxHashMap<&Name, &FlowElement> =
        flow.elements.iter().map(|element| (&element.name, element)).collect();
    let asked = Asked::of(flow, field_of);
    let order = in_order(&by_name, start);
    let repeated = repeated(&order);
    let mut reached: FxHashMap<&Name, (Reach, Branches)> = FxHashMap::default();
    // A connector may lead to what is not there: the flow ends.
    let Some((&first, _)) = by_name.get_key_value(start) else { return Vec::new() };
    reached.insert(first, (reach, given.clone()));
    // Without loops one pass is enough; round a loop more saves may come to an element, and fewer outcomes be sure.
    let mut changed = true;
    let mut passes = 0;
    while changed {
        changed = false;
        passes += 1;
        if passes > MAX_PASSES {
            // What is known least is right everywhere.
            let least = |element: &&'a FlowElement| (&element.name, (reach, Branches::default()));
            reached = order.iter().map(least).collect();
            break;
        }
        for element in &order {
            let Some((reach, taken)) = reached.get(&element.name).cloned() else { continue };
            for way in ways(&asked, element, reach) {
                let Some((&to, _)) = by_name.get_key_value(way.to) else { continue };
                if way.reach.is_never() {
                    continue;
                }
                let mut branches = taken.clone();
                // Where a row comes twice to a decision, it may take both ways.
                branches.extend(way.taken.filter(|_| !repeated.contains(&element.name)));
                changed |= join(reached.entry(to), way.reach, branches);
            }
        }
    }
    let loops = loops(&order, &by_name);
    order
        .into_iter()
        .filter_map(|element| {
            let (reach, branches) = reached.remove(&element.name)?;
            let loop_around = loops.get(&element.name).copied();
            let is_once = !repeated.contains(&element.name);
            Some(Visit { element, reach, branches, is_once, loop_around })
        })
        .collect()
}

fn join(entry: Entry<'_, &Name, (Reach, Branches)>, reach: Reach, branches: Branches) -> bool {
    match entry {
        Entry::Vacant(entry) => {
            entry.insert((reach, branches));
            true
        }
        Entry::Occupied(mut entry) => {
            let (known, taken) = entry.get();
            let joined = (known.or(reach), taken.common(&branches));
            let changed = joined != *entry.get();
            entry.insert(joined);
            changed
        }
    }
}

/// The elements that a start leads to: each before those that it leads to, but for the ways back of loops.
fn in_order<'a>(by_name: &FxHashMap<&Name, &'a FlowElement>, start: &Name) -> Vec<&'a FlowElement> {
    let mut seen: FxHashSet<&Name> = FxHashSet::default();
    let mut done: Vec<&FlowElement> = Vec::new();
    let mut open: Vec<(&Name, bool)> = vec![(start, false)];
    while let Some((name, is_done)) = open.pop() {
        let Some(&element) = by_name.get(name) else { continue };
        if is_done {
            done.push(element);
        } else if seen.insert(&element.name) {
            open.push((&element.name, true));
            // What is left last comes first: outcomes in their order, a loop's body before what follows, failures at the end.
            open.extend(next(element).into_iter().map(|name| (name, false)));
        }
    }
    done.reverse();
    done
}

/// The elements that a flow may come back to: those between the ends of the ways back.
fn repeated<'a>(order: &[&'a FlowElement]) -> FxHashSet<&'a Name> {
    let places: FxHashMap<&Name, usize> =
        order.iter().enumerate().map(|(at, element)| (&element.name, at)).collect();
    let mut repeated = FxHashSet::default();
    let mut from = order.len();
    for (at, element) in order.iter().enumerate().rev() {
        let back = next(element).into_iter().filter_map(|name| places.get(name)).min();
        from = from.min(back.copied().filter(|to| *to <= at).unwrap_or(from));
        if from <= at {
            repeated.insert(&element.name);
        }
    }
    repeated
}

/// Where an element leads, in the order in which it is tried.
fn next(element: &FlowElement) -> Vec<&Name> {
    let own: Vec<&Name> = match &element.kind {
        ElementKind::Decision(outcomes) => {
            outcomes.iter().filter_map(|outcome| outcome.next.as_ref()).collect()
        }
        ElementKind::Loop { body, .. } => body.iter().collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(&element.next).chain(&element.fault).collect()
}

/// What an entry condition says of the saves that start a flow.
pub(super) fn entry(flow: &FlowFacts, field_of: &FieldOf<'_>) -> Reach {
    let start = &flow.start;
    let of = |field: &Name| field_of(&format!("$Record.{field}"));
    let by_filters = test(&start.logic, &|index| match start.filters.get(index) {
        Some(filter) if filter.operator == "IsChanged" => match &filter.value {
            FlowValue::Constant(constant) if constant == "true" => changed(of(&filter.field)),
            _ => Test::OPEN,
        },
        _ => Test::OPEN,
    });
    let by_flag = match start.on_change {
        true => {
            let asked = start.filters.iter().map(|filter| of(&filter.field));
            changed(asked.reduce(Fields::or).unwrap_or(Fields::ANY))
        }
        false => Test::OPEN,
    };
    let by_formula = start.formula.as_deref().map_or(Test::OPEN, formula::test);
    by_filters.and(by_flag).and(by_formula).yes
}

/// The constants that the saved row has wherever a flow runs.
pub(super) fn entry_branches(flow: &FlowFacts) -> Branches {
    let filters = flow.start.filters.iter().filter(|filter| filter.must);
    let is =
        filters.filter(|filter| filter.operator == "EqualTo").filter_map(|filter| {
            match &filter.value {
                FlowValue::Constant(constant) => {
                    Some(Taken::Value { field: filter.field.clone(), constant: constant.clone() })
                }
                FlowValue::Reference(_) => None,
            }
        });
    is.collect()
}

/// The ways from an element, and when they are taken.
fn ways<'a>(asked: &Asked<'_, '_>, element: &'a FlowElement, reach: Reach) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'a>> = Vec::new();
    let mut rest = reach;
    let mut taken = None;
    match &element.kind {
        ElementKind::Decision(outcomes) => {
            // Which way a row takes that only depends on the event, all rows of a save take.
            let mut by_row = false;
            let way = |index, by_row: bool| {
                let taken = Taken::Outcome { decision: element.span, calls: Vec::new(), index };
                by_row.then_some(taken)
            };
            for (index, outcome) in outcomes.iter().enumerate() {
                let test = asked.outcome(outcome, 0);
                by_row |= !test.is_by_event();
                let taken = way(index, by_row);
                let reach = rest.and(test.yes);
                ways.extend(outcome.next.iter().map(|to| Way { to, reach, taken: taken.clone() }));
                rest = rest.and(test.no);
            }
            taken = way(outcomes.len(), by_row);
        }
        ElementKind::Loop { body, .. } => {
            ways.extend(body.iter().map(|to| Way { to, reach, taken: None }));
        }
        _ => {}
    }
    ways.extend(element.next.iter().map(|to| Way { to, reach: rest, taken: taken.clone() }));
    ways.extend(element.fault.iter().map(|to| Way { to, reach, taken: None }));
    ways
}

/// The row before the save; `myVariable_old` in Process Builder.
fn is_prior_row(reference: &str) -> bool {
    reference == "$Record__Prior" || reference == "myVariable_old"
}

fn is_prior(reference: &str) -> bool {
    is_prior_row(reference.split('.').next().unwrap_or_default())
}

/// Steps along all loops of a flow: real ones need a few hundred. What is further away counts as outside.
const MAX_STEPS: usize = 200_000;

/// The loop around each element that is in one: from the body's first element to where the loop goes on.
fn loops<'a>(
    order: &[&'a FlowElement],
    by_name: &FxHashMap<&Name, &'a FlowElement>,
) -> FxHashMap<&'a Name, Span> {
    let mut inside = FxHashMap::default();
    let mut steps = 0;
    for around in order {
        let ElementKind::Loop { body: Some(body), .. } = &around.kind else { continue };
        let mut seen: FxHashSet<&Name> = FxHashSet::from_iter([&around.name]);
        let mut open = vec![body];
        while let Some(name) = open.pop() {
            steps += 1;
            if steps > MAX_STEPS {
                return inside;
            }
            let Some(&element) = by_name.get(name).filter(|_| seen.insert(name)) else { continue };
            inside.insert(&element.name, around.span);
            open.extend(next(element));
        }
    }
    inside
}
