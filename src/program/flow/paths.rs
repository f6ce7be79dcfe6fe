//! The ways through a flow: which elements are reached, when, and which of them in a loop.

use crate::base::{Name, Span};
use crate::metadata::{Condition, ElementKind, Filter, FlowElement, FlowFacts, FlowValue, Outcome};
use crate::program::mask::{Mask, Reach, Test};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// An element that a flow comes to.
pub(super) struct Visit<'a> {
    pub(super) element: &'a FlowElement,
    pub(super) reach: Reach,
    /// The name of the loop around.
    pub(super) loop_around: Option<Span>,
}

/// What conditions ask for by name.
struct Asked<'a> {
    formulas: FxHashMap<&'a Name, &'a str>,
    /// Of decisions: Process Builder asks for an earlier one.
    outcomes: FxHashMap<&'a Name, &'a Outcome>,
}

impl<'a> Asked<'a> {
    fn of(flow: &'a FlowFacts) -> Asked<'a> {
        let formulas = flow.formulas.iter().map(|(name, text)| (name, text.as_str()));
        let outcomes = flow.elements.iter().filter_map(|element| match &element.kind {
            ElementKind::Decision(outcomes) => Some(outcomes),
            _ => None,
        });
        let named = outcomes.flatten().map(|outcome| (&outcome.name, outcome));
        Asked { formulas: formulas.collect(), outcomes: named.collect() }
    }
}

/// What comes after `start`, in the order of the connectors.
pub(super) fn visits<'a>(flow: &'a FlowFacts, start: &Name, reach: Reach) -> Vec<Visit<'a>> {
    let by_name: FxHashMap<&Name, &FlowElement> =
        flow.elements.iter().map(|element| (&element.name, element)).collect();
    let asked = Asked::of(flow);
    let mut reached: FxHashMap<&Name, Reach> = FxHashMap::default();
    let mut order: Vec<&FlowElement> = Vec::new();
    let mut open: VecDeque<(&Name, Reach)> = VecDeque::from([(start, reach)]);
    while let Some((name, reach)) = open.pop_front() {
        // A connector may lead to what is not there: the flow ends.
        let Some(&element) = by_name.get(name) else { continue };
        let known = reached.get(&element.name).copied();
        let joined = known.map_or(reach, |known| known.or(reach));
        if reach.is_never() || known == Some(joined) {
            continue;
        }
        if known.is_none() {
            order.push(element);
        }
        reached.insert(&element.name, joined);
        open.extend(next(&asked, element, joined));
    }
    let loops = loops(&order, &by_name);
    order
        .into_iter()
        .map(|element| Visit {
            element,
            reach: reached[&element.name],
            loop_around: loops.get(&element.name).copied(),
        })
        .collect()
}

/// What an entry condition says of the saves that start a flow.
pub(super) fn entry(flow: &FlowFacts) -> Reach {
    let start = &flow.start;
    let is_change = |filter: &Filter| {
        filter.operator == "IsChanged" && filter.value == FlowValue::Constant("true".to_owned())
    };
    let formula = start.formula.as_deref().map_or(Test::OPEN, formula);
    let by_filter = start.on_change || start.filters.iter().any(is_change);
    // Of a new row everything is new.
    let changed = Test::event(Mask::INSERT).or(Test::CHANGED);
    let by_filter = if by_filter { changed } else { Test::OPEN };
    by_filter.and(formula).yes
}

/// The elements that may follow, and when.
fn next<'a>(asked: &Asked<'_>, element: &'a FlowElement, reach: Reach) -> Vec<(&'a Name, Reach)> {
    let mut next: Vec<(&Name, Reach)> = Vec::new();
    let mut rest = reach;
    match &element.kind {
        ElementKind::Decision(outcomes) => {
            for outcome in outcomes {
                let test = outcome_test(asked, outcome, 0);
                next.extend(outcome.next.iter().map(|name| (name, rest.and(test.yes))));
                rest = rest.and(test.no);
            }
        }
        ElementKind::Loop { body, .. } => next.extend(body.iter().map(|name| (name, reach))),
        _ => {}
    }
    next.extend(element.next.iter().map(|name| (name, rest)));
    next.extend(element.fault.iter().map(|name| (name, reach)));
    next
}

/// Outcomes that ask for outcomes: real processes do so once.
const MAX_DEPTH: usize = 4;

fn outcome_test(asked: &Asked<'_>, outcome: &Outcome, depth: usize) -> Test {
    let tests = |must: bool| {
        let conditions = outcome.conditions.iter().filter(move |condition| condition.must == must);
        conditions.map(move |condition| condition_test(asked, condition, depth))
    };
    // Beside what must hold, the rest may tell more, or not.
    match tests(true).reduce(Test::and) {
        Some(all) => all,
        None => tests(false).reduce(Test::or).unwrap_or(Test::OPEN),
    }
}

/// What was before is compared with a constant: either way something is known of a change.
const KNOWS_BEFORE: Test = Test { yes: Reach::CHANGED, no: Reach::CHANGED };

fn condition_test(asked: &Asked<'_>, condition: &Condition, depth: usize) -> Test {
    let is_true = condition.right != FlowValue::Constant("false".to_owned());
    let right = match &condition.right {
        FlowValue::Reference(reference) => reference.as_str(),
        FlowValue::Constant(_) => "",
    };
    let is_equal = condition.operator == "EqualTo";
    if condition.operator == "IsChanged" {
        return if is_true { Test::CHANGED } else { Test::CHANGED.not() };
    }
    if is_prior_row(&condition.left) && condition.operator == "IsNull" {
        // There is no earlier row where a row is new.
        let is_new = Test::event(Mask::INSERT);
        return if is_true { is_new } else { is_new.not() };
    }
    if is_prior(&condition.left) || is_prior(right) {
        return match (right.is_empty(), is_equal) {
            (true, _) => KNOWS_BEFORE,
            (false, true) => Test::CHANGED.not(),
            (false, false) => Test::CHANGED,
        };
    }
    let left = Name::new(&condition.left);
    let by_formula = asked.formulas.get(&left).map(|expression| formula(expression));
    let test = by_formula.or_else(|| {
        let outcome = asked.outcomes.get(&left).filter(|_| depth < MAX_DEPTH)?;
        Some(outcome_test(asked, outcome, depth + 1))
    });
    match test {
        Some(test) if is_true => test,
        Some(test) => test.not(),
        None => Test::OPEN,
    }
}

/// What a formula says about the save, as far as its functions tell.
fn formula(expression: &str) -> Test {
    let upper = expression.to_ascii_uppercase();
    let asks_change =
        ["ISCHANGED", "PRIORVALUE", "$RECORD__PRIOR"].iter().any(|word| upper.contains(word));
    if upper.contains("MYVARIABLE_OLD") {
        return KNOWS_BEFORE;
    }
    match (upper.contains("ISNEW"), asks_change) {
        (_, true) => Test::event(Mask::INSERT).or(Test::CHANGED),
        (true, false) if upper.contains("NOT(ISNEW") || upper.contains("NOT (ISNEW") => {
            Test::event(Mask::INSERT).not()
        }
        // Alone, or as one of several conditions that must all hold.
        (true, false) if !upper.contains("OR(") && !upper.contains("||") => {
            Test::event(Mask::INSERT)
        }
        _ => Test::OPEN,
    }
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
            let next = match &element.kind {
                ElementKind::Decision(outcomes) => {
                    outcomes.iter().filter_map(|outcome| outcome.next.as_ref()).collect()
                }
                ElementKind::Loop { body, .. } => body.iter().collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            open.extend(next.into_iter().chain(&element.next).chain(&element.fault));
        }
    }
    inside
}
