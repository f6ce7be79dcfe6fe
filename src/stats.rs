//! How much of a project could be followed, in numbers.

use crate::analysis::Analysis;
use crate::base::Span;
use crate::program::{Effect, EffectKind, RowPath, UnknownReason};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// The numbers of a project. A DML statement counts once for each object whose triggers reach it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Stats {
    /// Of the top level, without tests.
    pub(crate) classes: usize,
    pub(crate) triggers: usize,
    /// Triggers that are active, on objects that are known.
    pub(crate) followed: usize,
    pub(crate) statements: usize,
    /// Statements of which the object of all rows is known.
    pub(crate) typed: usize,
    /// Statements of which the relation of all rows to the saved rows is known; those are typed as well.
    pub(crate) related: usize,
    /// Statements by how they may find their rows, in the order of `Relation::ALL`; one may have several ways.
    pub(crate) relations: Vec<(Relation, usize)>,
    /// Places that could not be resolved, by reason.
    pub(crate) unresolved: Vec<(UnknownReason, usize)>,
}

/// How written rows are found from the saved rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Relation {
    Saved,
    Parent,
    Child,
    /// Up and down along relationships.
    Relative,
    New,
    Constant,
    Filter,
    Unknown,
}

impl Relation {
    pub(crate) const ALL: [Relation; 8] = [
        Relation::Saved,
        Relation::Parent,
        Relation::Child,
        Relation::Relative,
        Relation::New,
        Relation::Constant,
        Relation::Filter,
        Relation::Unknown,
    ];

    fn of(row: &RowPath) -> Relation {
        match row {
            RowPath::Hops(_) if row.is_saved() => Relation::Saved,
            RowPath::Hops(_) if row.is_parent() => Relation::Parent,
            RowPath::Hops(_) if row.is_children() => Relation::Child,
            RowPath::Hops(_) => Relation::Relative,
            RowPath::New => Relation::New,
            RowPath::Constant => Relation::Constant,
            RowPath::Filter => Relation::Filter,
            RowPath::Unknown => Relation::Unknown,
        }
    }
}

/// What is known of the rows that a statement writes.
#[derive(Default)]
struct Written {
    relations: BTreeSet<Relation>,
    is_untyped: bool,
}

pub(crate) fn of(analysis: &Analysis) -> Stats {
    let statements = statements(analysis);
    let count = |holds: fn(&Written) -> bool| statements.values().filter(|it| holds(it)).count();
    let with = |relation| statements.values().filter(|it| it.relations.contains(&relation)).count();
    Stats {
        classes: analysis.size.classes,
        triggers: analysis.size.triggers,
        followed: analysis.program.automations.len(),
        statements: statements.len(),
        typed: count(|it| !it.is_untyped),
        related: count(|it| !it.relations.contains(&Relation::Unknown)),
        relations: Relation::ALL.map(|relation| (relation, with(relation))).to_vec(),
        unresolved: by_reason(analysis),
    }
}

fn statements(analysis: &Analysis) -> BTreeMap<(Span, ObjectId), Written> {
    let mut statements: BTreeMap<(Span, ObjectId), Written> = BTreeMap::new();
    for automation in &analysis.program.automations {
        for effect in automation.effects.iter().filter(|effect| is_dml(effect)) {
            let written = statements.entry((effect.site, automation.object)).or_default();
            written.relations.insert(Relation::of(&effect.row));
            written.is_untyped |= effect.object.is_none();
        }
    }
    statements
}

fn is_dml(effect: &Effect) -> bool {
    matches!(effect.kind, EffectKind::Dml(_))
}

fn by_reason(analysis: &Analysis) -> Vec<(UnknownReason, usize)> {
    let mut counts = BTreeMap::new();
    for unknown in &analysis.program.unknowns {
        *counts.entry(unknown.reason).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// Of how many out of how many, in tenths of a percent, rounded down so that nothing is ever called complete that is not.
pub(crate) fn per_mille(part: usize, whole: usize) -> Option<usize> {
    (part * 1000).checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::{Relation, Stats, of, per_mille};
    use crate::analysis;
    use crate::base::{FileKind, SourceFile, Sources};

    fn stats(files: &[(&str, FileKind, &str)]) -> Stats {
        let file = |&(path, kind, text): &(&str, FileKind, &str)| {
            SourceFile::new(path.into(), kind, text.into())
        };
        of(&analysis::of(Sources::new(files.iter().map(file).collect())))
    }

    fn count(stats: &Stats, relation: Relation) -> usize {
        stats.relations.iter().find(|(it, _)| *it == relation).unwrap().1
    }

    #[test]
    fn a_statement_counts_for_each_object_whose_triggers_reach_it() {
        let stats = stats(&[
            (
                "A.trigger",
                FileKind::ApexTrigger,
                "trigger A on Contact (after insert) { H.touch(Trigger.new[0].AccountId); }",
            ),
            (
                "B.trigger",
                FileKind::ApexTrigger,
                "trigger B on Opportunity (after insert) { H.touch(Trigger.new[0].AccountId); }",
            ),
            (
                "H.cls",
                FileKind::ApexClass,
                "class H { static void touch(Id a) { update new Account(Id = a); } void idle() { delete [SELECT Id FROM Lead]; } }",
            ),
            ("T.cls", FileKind::ApexClass, "@IsTest class T { void t() { insert new Lead(); } }"),
        ]);
        assert_eq!((stats.classes, stats.triggers, stats.followed), (1, 2, 2));
        assert_eq!((stats.statements, stats.typed, stats.related), (2, 2, 2));
        assert_eq!(count(&stats, Relation::Parent), 2);
        assert_eq!(stats.unresolved, []);
    }

    #[test]
    fn one_row_that_is_not_known_makes_a_statement_unknown() {
        let stats = stats(&[(
            "A.trigger",
            FileKind::ApexTrigger,
            "trigger A on Contact (after insert) {
                List<SObject> rows = new List<SObject>{ new Account(), Vendor.make() };
                insert rows;
                insert new Task();
            }",
        )]);
        assert_eq!((stats.statements, stats.typed, stats.related), (2, 1, 1));
        assert_eq!(count(&stats, Relation::New), 2, "by both statements");
        assert_eq!(count(&stats, Relation::Unknown), 1);
        let reasons: Vec<_> =
            stats.unresolved.iter().map(|(reason, count)| (reason.words().id, *count)).collect();
        assert_eq!(reasons, [("unknown-object", 1), ("missing-class", 1)]);
    }

    #[test]
    fn tokens_are_values_where_they_are_called() {
        let stats = stats(&[(
            "A.trigger",
            FileKind::ApexTrigger,
            "trigger A on Contact (after insert) {
                SObject one = Task.SObjectType.newSObject();
                insert one;
                SObject two = Schema.SObjectType.Task.getSObjectType().newSObject(null, true);
                insert two;
                Boolean b = Task.Status.getDescribe().isCreateable() && Boolean.valueOf('true');
                Set<String> names = SObjectType.Task.fields.getMap().keySet();
            }",
        )]);
        assert_eq!((stats.statements, stats.typed), (2, 2));
        assert_eq!(stats.unresolved, []);
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(per_mille(0, 0), None);
        assert_eq!(per_mille(1999, 2000), Some(999));
        assert_eq!(per_mille(3, 3), Some(1000));
    }
}
