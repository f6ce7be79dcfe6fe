//! The transactions of a project: each save, each job, and what else runs.

use crate::analysis::Analysis;
use crate::program::{Effect, EffectKind, Extent, JobKind};
use crate::schema::ObjectId;
use std::collections::BTreeMap;

/// What happens in one transaction, in the order of the code.
pub(super) struct Transaction<'a> {
    /// The object whose save it is, or starts it.
    pub(super) saved: Option<ObjectId>,
    pub(super) job: Option<JobKind>,
    pub(super) effects: Vec<&'a Effect>,
}

impl<'a> Transaction<'a> {
    /// Whether it is the save itself.
    pub(super) fn is_save(&self) -> bool {
        self.saved.is_some() && self.job.is_none()
    }

    /// What may happen after an effect, in the same transaction.
    pub(super) fn after(&self, effect: &Effect) -> impl Iterator<Item = &'a Effect> {
        let at = self.effects.iter().position(|known| std::ptr::eq(*known, effect));
        let mask = effect.reach.mask;
        let rest = at.map_or(&[][..], |at| &self.effects[at + 1..]);
        rest.iter()
            .copied()
            .filter(move |later| later.reach.mask.meets(mask))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// Every transaction that the project's code makes.
pub(super) fn transactions(analysis: &Analysis) -> Vec<Transaction<'_>> {
    let program = &analysis.program;
    let mut all = Vec::new();
    for automation in &program.automations {
        let job = analysis.schema.is_event(automation.object).then_some(JobKind::Event);
        let effects = automation.effects.iter().collect();
        all.push(Transaction { saved: Some(automation.object), job, effects });
        all.extend(by_job(Some(automation.object), &automation.jobs));
    }
    for routine in &program.routines {
        let effects = routine.effects.iter().collect();
        all.push(Transaction { saved: None, job: routine.job, effects });
    }
    all.extend(by_job(None, &program.jobs));
    for batch in &program.batches {
        let effects = batch.effects.iter().collect();
        all.push(Transaction { saved: None, job: Some(JobKind::Batch), effects });
    }
    all
}

fn by_job(saved: Option<ObjectId>, effects: &[Effect]) -> Vec<Transaction<'_>> {
    let mut jobs: BTreeMap<_, Vec<&Effect>> = BTreeMap::new();
    for effect in effects {
        jobs.entry(effect.job).or_default().push(effect);
    }
    jobs.into_iter()
        .map(|(job, effects)| Transaction { saved, job: job.map(|job| job.kind), effects })
        .collect()
}

/// A locking query, in one of the transactions that come to it.
pub(super) struct Locking<'t, 'a> {
    pub(super) effect: &'a Effect,
    pub(super) transaction: &'t Transaction<'a>,
}

/// Locking queries by their place, in the order of places.
pub(super) fn locking_queries<'t, 'a>(
    transactions: &'t [Transaction<'a>],
) -> Vec<Vec<Locking<'t, 'a>>> {
    let mut by_site: BTreeMap<_, Vec<Locking<'_, '_>>> = BTreeMap::new();
    for transaction in transactions {
        for &effect in &transaction.effects {
            if effect.kind == EffectKind::LockingQuery {
                by_site.entry(effect.site).or_default().push(Locking { effect, transaction });
            }
        }
    }
    by_site.into_values().collect()
}

/// The one with the shortest way to it.
pub(super) fn nearest<'a>(queries: &[Locking<'_, 'a>]) -> Option<&'a Effect> {
    let effects = queries.iter().map(|query| query.effect);
    effects.min_by(|a, b| a.chain.len().cmp(&b.chain.len()).then_with(|| a.chain.cmp(&b.chain)))
}

impl Effect {
    /// How many rows a locking query may lock.
    pub(super) fn extent(&self) -> Extent {
        self.query.map_or(Extent::Open, |query| query.extent)
    }
}
