//! Statements whose failure matters, for the rules about what is done with it.

use super::transactions::{Transaction, transactions};
use crate::analysis::Analysis;
use crate::base::{Confidence, Span};
use crate::finding::{Finding, RuleInfo};
use crate::program::{DmlOp, Effect, EffectKind, JobKind, RowPath};
use crate::schema::Schema;
use std::collections::BTreeMap;

/// A statement on rows for which a lock failure is to be expected.
pub(super) struct Contended<'a> {
    pub(super) effect: &'a Effect,
    /// `` `Invoice__c` rows ``
    pub(super) rows: String,
}

/// Statements on contended rows for which `is` holds, each by its shortest way, in the order of places.
pub(super) fn statements(analysis: &Analysis, is: impl Fn(&Effect) -> bool) -> Vec<Contended<'_>> {
    let transactions = transactions(analysis);
    let effects = transactions.iter().flat_map(|transaction| {
        transaction
            .effects
            .iter()
            .filter(|effect| is(effect) && is_contended(transaction, effect))
            .map(|effect| (transaction.job, *effect))
            .collect::<Vec<_>>()
    });
    nearest(effects)
        .into_iter()
        .map(|(_, effect)| Contended { effect, rows: rows(effect, &analysis.schema) })
        .collect()
}

/// The same of any rows that exist already.
pub(super) fn any_statements(analysis: &Analysis, is: impl Fn(&Effect) -> bool) -> Vec<&Effect> {
    let transactions = transactions(analysis);
    let effects = transactions.iter().flat_map(|transaction| {
        let locks = |effect: &&&Effect| is(effect) && takes_locks(effect);
        transaction.effects.iter().filter(locks).map(|effect| ((), *effect)).collect::<Vec<_>>()
    });
    nearest(effects).into_iter().map(|(_, effect)| effect).collect()
}

/// Writes of existing rows in the background, but for jobs that attach a finalizer.
pub(super) fn job_statements(analysis: &Analysis) -> Vec<(JobKind, &Effect)> {
    let transactions = transactions(analysis);
    let effects = transactions.iter().flat_map(|transaction| {
        let is_safe = transaction
            .effects
            .iter()
            .any(|effect| effect.kind == EffectKind::Start(JobKind::Finalizer));
        let job = transaction.job.filter(|_| !is_safe);
        job.into_iter()
            .flat_map(|job| transaction.effects.iter().map(move |effect| (job, *effect)))
            .filter(|(_, effect)| effect.changes_rows())
            .collect::<Vec<_>>()
    });
    nearest(effects)
}

/// Of the ways to a statement, the shortest.
fn nearest<'a, T: Copy>(effects: impl Iterator<Item = (T, &'a Effect)>) -> Vec<(T, &'a Effect)> {
    let mut by_site: BTreeMap<Span, (T, &Effect)> = BTreeMap::new();
    for (with, effect) in effects {
        let known = by_site.entry(effect.site).or_insert((with, effect));
        if effect.chain.len() < known.1.chain.len() {
            *known = (with, effect);
        }
    }
    by_site.into_values().collect()
}

/// In a save: parents, siblings, and rows that all transactions share. In a job: all rows that exist already and are not
/// deleted. Of other code nothing is known.
fn is_contended(transaction: &Transaction<'_>, effect: &Effect) -> bool {
    let is_delete = effect.kind == EffectKind::Dml(DmlOp::Delete);
    match transaction.job {
        _ if !takes_locks(effect) || effect.row == RowPath::New => false,
        _ if effect.row.is_shared() => true,
        Some(_) => !is_delete,
        None => false,
    }
}

fn takes_locks(effect: &Effect) -> bool {
    effect.changes_rows() || effect.is_locking_query()
}

pub(super) fn rows(effect: &Effect, schema: &Schema) -> String {
    match effect.object {
        Some(object) => format!("`{}` rows", schema.name(object)),
        None => "rows".to_owned(),
    }
}

/// A finding on a statement, with what each has.
pub(super) fn finding(
    analysis: &Analysis,
    rule: &'static RuleInfo,
    effect: &Effect,
    message: String,
) -> Finding {
    let schema = &analysis.schema;
    let object = effect.object.map(|object| schema.name(object).to_string());
    let anchor = format!("{} @ {}", object.as_deref().unwrap_or("?"), effect.code);
    let finding = Finding::new(rule, anchor, effect.chain.clone(), message)
        .via(effect.row.via(schema))
        .confidence(if effect.certain { Confidence::High } else { Confidence::Low });
    match object {
        Some(object) => finding.object(object),
        None => finding,
    }
}
