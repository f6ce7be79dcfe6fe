//! Parents of one object are locked by several statements of one transaction.

use super::contended::written_parents;
use super::failures::rows;
use super::relationship::is_locked_by_save;
use super::transactions::{Transaction, transactions};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, FileKind, Span};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::SaveEvent;
use crate::program::{DmlOp, Effect, EffectKind, Mask, ORIGIN, Repeat, Routine, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "split-parent-update",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "one transaction locks shared rows of one object in several statements, in no common order",
        page: include_str!("split_parent_update.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let transactions = transactions(analysis);
    let mut found = BTreeMap::new();
    for transaction in &transactions {
        let findings = match transaction.is_save() {
            true => in_save(analysis, transaction),
            false if transaction.saved.is_none() => in_routine(analysis, transaction),
            false => Vec::new(),
        };
        for finding in findings {
            let place = (finding.at().span, finding.object.clone());
            let known = found.entry(place).or_insert_with(|| finding.clone());
            if finding.chain.len() < known.chain.len() {
                *known = finding;
            }
        }
    }
    out.extend(found.into_values());
    out.extend(in_pages(analysis));
}

/// Two methods of one controller, which a page may call side by side: one saves rows whose automation writes what the other
/// writes.
fn in_pages(analysis: &Analysis) -> Vec<Finding> {
    let pages: Vec<&Routine> =
        analysis.program.routines.iter().filter(|routine| routine.page.is_some()).collect();
    let mut found: BTreeMap<(Span, String), Finding> = BTreeMap::new();
    for routine in &pages {
        for write in &routine.effects {
            if saved_by(write).is_none() {
                continue;
            }
            let by_automation = written_parents(analysis, write);
            let others = pages.iter().filter(|other| other.page == routine.page);
            let others = others.filter(|other| other.name != routine.name);
            let own = others.flat_map(|other| &other.effects).find(|own| {
                saved_by(own).is_some_and(|event| {
                    event.op != DmlOp::Insert && by_automation.contains(&event.object)
                })
            });
            if let Some(own) = own {
                let finding = routine_finding(analysis, write, own).severity(Severity::Note);
                let place = (finding.at().span, finding.object.clone().unwrap_or_default());
                found.entry(place).or_insert(finding);
            }
        }
    }
    found.into_values().collect()
}

/// A statement, as one way leads to it, with all rows of one object that it locks.
struct Statement<'a> {
    effects: Vec<&'a Effect>,
    way: Vec<Span>,
}

impl Statement<'_> {
    fn mask(&self) -> Mask {
        self.effects.iter().fold(Mask::NONE, |mask, effect| mask.or(effect.reach.mask))
    }

    /// Whether one transaction may come to both.
    fn meets(&self, other: &Statement<'_>) -> bool {
        let excludes = |a: &Effect| self.effects.iter().all(|b| a.branches.exclude(&b.branches));
        self.mask().meets(other.mask()) && !other.effects.iter().all(|effect| excludes(effect))
    }

    /// Whether the rows of this statement are locked by another one before it, so that it waits for nothing.
    fn is_held_by(&self, before: &Statement<'_>, analysis: &Analysis) -> bool {
        let (first, then) = (before.effects[0], self.effects[0]);
        let same_variable = first.code == then.code
            && first.site != then.site
            && first.operand.is_some()
            && first.operand == then.operand;
        let is_locked = |effect: &Effect| {
            before.locks_by_query(effect)
                || before.locks_all_of(effect)
                || (in_flow(analysis, effect) && before.locks_always(effect))
        };
        same_variable || self.effects.iter().all(|effect| is_locked(effect))
    }

    /// An element of the same flow, to which each row has come that comes to this one.
    fn locks_always(&self, effect: &Effect) -> bool {
        // Of several rows that a variable may hold, it is not known which are locked.
        let [known] = self.effects.as_slice() else { return false };
        let is_same = known.code == effect.code && known.row == effect.row;
        is_same && known.branches.include(&effect.branches)
    }

    /// All rows whose ids were taken at some place, when this one writes some of them.
    fn locks_all_of(&self, effect: &Effect) -> bool {
        let origins = |effect: &Effect| -> Vec<Span> {
            effect.chain.steps().filter(|step| step.note == ORIGIN).map(|step| step.span).collect()
        };
        self.effects.iter().any(|known| {
            let same = known.row == effect.row && origins(known) == origins(effect);
            known.is_whole && same && !origins(known).is_empty()
        })
    }

    fn locks_by_query(&self, effect: &Effect) -> bool {
        self.effects
            .iter()
            .any(|known| known.kind == EffectKind::LockingQuery && known.row == effect.row)
    }
}

fn in_save(analysis: &Analysis, transaction: &Transaction<'_>) -> Vec<Finding> {
    let mut by_object: BTreeMap<ObjectId, Vec<Statement<'_>>> = BTreeMap::new();
    let saved = transaction.saved;
    let locks_more =
        |effect: &&&Effect| locks_parents(effect) && !is_held_by_save(analysis, saved, effect);
    for effect in transaction.effects.iter().filter(locks_more) {
        let Some(object) = effect.object else { continue };
        let way = way(&effect.chain);
        let statements = by_object.entry(object).or_default();
        match statements.iter_mut().find(|known| known.way == way) {
            Some(known) => known.effects.push(effect),
            None => statements.push(Statement { effects: vec![effect], way }),
        }
    }
    by_object.values().flat_map(|statements| later(analysis, statements)).collect()
}

/// Each statement that comes after one that has not locked its rows already.
fn later(analysis: &Analysis, statements: &[Statement<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, statement) in statements.iter().enumerate().skip(1) {
        let mut before = statements[..at].iter().filter(|before| before.meets(statement));
        let Some(first) = before.next() else { continue };
        let is_held = |before: &Statement<'_>| statement.is_held_by(before, analysis);
        let queried =
            |effect: &&Effect| statements[..at].iter().any(|before| before.locks_by_query(effect));
        if is_held(first) || before.any(is_held) || statement.effects.iter().all(queried) {
            continue;
        }
        found.push(finding(analysis, statement, first));
    }
    found
}

fn in_flow(analysis: &Analysis, effect: &Effect) -> bool {
    analysis.sources.file(effect.site.file).kind == FileKind::Flow
}

fn finding(analysis: &Analysis, statement: &Statement<'_>, first: &Statement<'_>) -> Finding {
    let schema = &analysis.schema;
    let effect = statement.effects[0];
    let object = effect.object.map(|object| schema.name(object).to_string()).unwrap_or_default();
    let message =
        format!("locks more {} by another statement of the same save", rows(effect, schema));
    let before = &first.effects[0];
    let other = where_it_parts(&before.chain, &statement.way).unwrap_or(&before.code);
    let remedy = match before.kind == effect.kind {
        true => "put all rows into one map by id and write it by one statement at the end",
        // An update and a delete cannot be one statement.
        false => "lock all of them by one `FOR UPDATE` query before",
    };
    let help = format!(
        "the first is in `{other}`: {remedy}, since only within a statement rows are locked in the order of ids"
    );
    let anchor = format!("{object} @ {} after {}", effect.code, first.effects[0].code);
    // Where one statement is come to twice, the second way to it is what one would edit.
    let chain = match effect.site == first.effects[0].site {
        true => until_they_part(&effect.chain, &first.way).unwrap_or_else(|| effect.chain.clone()),
        false => effect.chain.clone(),
    };
    Finding::new(&RULE.info, anchor, chain, message)
        .object(object)
        .via(effect.row.via(schema))
        .facts(&["LK-02", "LK-03", "LK-05", "LK-07"])
        .help(help)
        .remedy("parent-write", effect.code.as_str())
}

/// Parents of the saved rows, or their siblings, by a statement that is no loop.
fn locks_parents(effect: &Effect) -> bool {
    let locks = effect.changes_rows() || effect.is_locking_query();
    locks && effect.certain && effect.repeat != Repeat::PerRow && effect.row.is_parent()
}

/// The calls and the statement, without the places that only show where ids come from.
fn way(chain: &Chain) -> Vec<Span> {
    chain.steps().filter(|step| step.note != ORIGIN).map(|step| step.span).collect()
}

/// The code that the first step calls which another way does not have: a helper that both end in says nothing.
fn where_it_parts<'c>(chain: &'c Chain, other: &[Span]) -> Option<&'c str> {
    let mut own = chain.steps().filter(|step| step.note != ORIGIN && !other.contains(&step.span));
    own.next()?.note.strip_prefix("calls `")?.strip_suffix('`')
}

/// Whether the save itself locks these rows, before anything else.
fn is_held_by_save(analysis: &Analysis, saved: Option<ObjectId>, effect: &Effect) -> bool {
    let ops = DmlOp::ALL.into_iter().filter(|op| effect.reach.mask.meets(op.events()));
    saved.is_some() && ops.into_iter().all(|op| is_locked_by_save(analysis, op, &effect.row))
}

fn until_they_part(chain: &Chain, other: &[Span]) -> Option<Chain> {
    let mut steps = Vec::new();
    let mut rest = other.iter();
    for step in chain.steps().filter(|step| step.note != ORIGIN) {
        steps.push(step.clone());
        if rest.next() != Some(&step.span) {
            break;
        }
    }
    Chain::of_steps(steps)
}

/// Code that no trigger reaches: it writes rows itself that the automation of other rows, which it saves as well, writes too.
fn in_routine(analysis: &Analysis, transaction: &Transaction<'_>) -> Vec<Finding> {
    let writes: Vec<(&Effect, SaveEvent)> = transaction
        .effects
        .iter()
        .filter_map(|effect| Some((*effect, saved_by(effect)?)))
        .collect();
    let mut found = Vec::new();
    for &(write, _) in &writes {
        let by_automation = written_parents(analysis, write);
        let own = writes.iter().find(|(own, event)| {
            own.site != write.site
                && own.row != RowPath::New
                && event.op != DmlOp::Insert
                && by_automation.contains(&event.object)
        });
        if let Some((own, _)) = own {
            found.push(routine_finding(analysis, write, own));
        }
    }
    found
}

fn routine_finding(analysis: &Analysis, write: &Effect, own: &Effect) -> Finding {
    let schema = &analysis.schema;
    let parents = rows(own, schema);
    let message = format!(
        "the save of {} makes automation write {parents}, which the same code writes as well",
        rows(write, schema)
    );
    let help = format!(
        "let one of the two write the parents, the automation or `{}`; or save the children so that automation has nothing to do",
        own.code
    );
    let object = own.object.map(|object| schema.name(object).to_string()).unwrap_or_default();
    let anchor = format!("{object} by automation @ {}", write.code);
    Finding::new(&RULE.info, anchor, write.chain.clone(), message)
        .object(object)
        .confidence(Confidence::Medium)
        .facts(&["AU-02", "LK-03", "LK-05", "LK-07"])
        .help(help)
}

fn saved_by(effect: &Effect) -> Option<SaveEvent> {
    let EffectKind::Dml(op) = effect.kind else { return None };
    let is_plain = effect.certain && effect.repeat != Repeat::PerRow;
    Some(SaveEvent { object: effect.object.filter(|_| is_plain)?, op })
}
