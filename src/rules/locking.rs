//! What the rules about locking queries have in common: of one query, one rule speaks.

use super::transactions::{Locking, locking_queries, nearest, transactions};
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::finding::{Finding, RuleInfo};
use crate::program::{Effect, Repeat, RowPath};
use crate::schema::Schema;

/// Which rule speaks of a query: the first that applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    Illegal,
    Unlockable,
    InLoop,
    Broad,
}

/// Types that reject `FOR UPDATE` (FU-08).
pub(super) const UNLOCKABLE: &[&str] = &[
    "Group",
    "GroupMember",
    "PermissionSet",
    "PermissionSetAssignment",
    "Profile",
    "QueueSObject",
    "User",
    "UserRole",
];

/// Runs `report` on each query of which a rule is to speak: the query by its shortest way, and all ways to it.
pub(super) fn each(
    analysis: &Analysis,
    fault: Fault,
    mut report: impl FnMut(&Effect, &[Locking<'_, '_>]),
) {
    let transactions = transactions(analysis);
    for queries in locking_queries(&transactions) {
        if fault_of(&queries, &analysis.schema) == Some(fault)
            && let Some(query) = nearest(&queries)
        {
            report(query, &queries);
        }
    }
}

fn fault_of(queries: &[Locking<'_, '_>], schema: &Schema) -> Option<Fault> {
    let any = |is: &dyn Fn(&Effect) -> bool| queries.iter().any(|query| is(query.effect));
    match () {
        () if any(&|query| query.query.is_some_and(|query| query.flaw.is_some())) => {
            Some(Fault::Illegal)
        }
        () if any(&|query| is_unlockable(query, schema)) => Some(Fault::Unlockable),
        () if any(&|query| query.repeat == Repeat::PerRow) => Some(Fault::InLoop),
        () if super::broad_locking_query::is_broad(queries) => Some(Fault::Broad),
        () => None,
    }
}

fn is_unlockable(query: &Effect, schema: &Schema) -> bool {
    match query.object {
        Some(object) => UNLOCKABLE.iter().any(|known| schema.name(object).is(known)),
        // A type that is not known may be one of them, unless the code shows that it knows of them.
        None => query.query.is_some_and(|query| !query.knows_unlockable),
    }
}

/// A finding on a locking query, with what each has.
pub(super) fn finding(
    analysis: &Analysis,
    rule: &'static RuleInfo,
    query: &Effect,
    message: String,
) -> Finding {
    let schema = &analysis.schema;
    let object = query.object.map(|object| schema.name(object).to_string());
    let anchor = format!("{} @ {}", object.as_deref().unwrap_or("?"), query.code);
    let finding = Finding::new(rule, anchor, query.chain.clone(), message)
        .confidence(if query.certain { Confidence::High } else { Confidence::Low });
    match object {
        Some(object) => finding.object(object),
        None => finding,
    }
}

/// `` `Invoice__c` rows ``, `rows of a type that is not known`
pub(super) fn rows(query: &Effect, schema: &Schema) -> String {
    match query.object {
        Some(object) => format!("`{}` rows", schema.name(object)),
        None => "rows of an object that is not known".to_owned(),
    }
}

/// Whether others want the rows of a query in a save: parents or siblings of the saved rows.
pub(super) fn is_shared(row: &RowPath) -> bool {
    matches!(row, RowPath::Hops(hops) if !hops.is_empty()) && row.is_shared()
}
