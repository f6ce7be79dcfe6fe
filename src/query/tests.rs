//! What holds of every model, on generated projects: objects that point to each other, and triggers that write what their
//! rows point to, also in circles.

use crate::analysis::{self, Analysis};
use crate::base::{FileKind, Name, SourceFile, Sources};
use crate::locks::SaveEvent;
use crate::program::DmlOp;
use proptest::collection::{btree_set, vec};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, proptest};
use std::collections::BTreeSet;

const OBJECTS: usize = 5;

/// From an object to the one that its field points to.
type Edge = (usize, usize);

fn edges() -> impl Strategy<Value = BTreeSet<Edge>> {
    btree_set((0..OBJECTS, 0..OBJECTS), 1..12)
}

fn project(lookups: &BTreeSet<Edge>, triggers: &[Edge]) -> Analysis {
    let mut files = Vec::new();
    for object in 0..OBJECTS {
        let fields: String = lookups
            .iter()
            .filter(|(from, _)| *from == object)
            .map(|(_, to)| {
                format!(
                    "<fields><fullName>F{to}__c</fullName><deleteConstraint>SetNull</deleteConstraint>\
                     <referenceTo>O{to}__c</referenceTo><relationshipName>R{object}{to}</relationshipName>\
                     <type>Lookup</type></fields>"
                )
            })
            .collect();
        let text = format!("<CustomObject>{fields}</CustomObject>");
        files.push(SourceFile::new(format!("objects/O{object}__c.object"), FileKind::Object, text));
    }
    for (index, (from, to)) in triggers.iter().enumerate() {
        let text = format!(
            "trigger T{index} on O{from}__c (after update) {{ List<O{to}__c> rows = new List<O{to}__c>();\n\
             for (O{from}__c row : Trigger.new) {{ rows.add(new O{to}__c(Id = row.F{to}__c)); }} update rows; }}"
        );
        let path = format!("triggers/T{index}.trigger");
        files.push(SourceFile::new(path, FileKind::ApexTrigger, text));
    }
    analysis::of(Sources::new(files))
}

/// What an update of each object locks, by names.
fn locked(analysis: &Analysis) -> BTreeSet<(usize, String)> {
    let schema = &analysis.schema;
    (0..OBJECTS)
        .flat_map(|index| {
            let object = schema.object(&Name::new(&format!("O{index}__c"))).unwrap();
            let locks = analysis.locks.footprint(SaveEvent { object, op: DmlOp::Update });
            let objects = locks.into_iter().filter_map(|lock| lock.object);
            objects.map(move |object| (index, schema.name(object).to_string())).collect::<Vec<_>>()
        })
        .collect()
}

fn with_triggers() -> impl Strategy<Value = (BTreeSet<Edge>, Vec<Edge>)> {
    edges().prop_flat_map(|edges| {
        let all: Vec<Edge> = edges.iter().copied().collect();
        let chosen = vec(proptest::sample::select(all), 1..8);
        (Just(edges), chosen)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// However triggers call each other in circles, the footprints come to an end, and more automation never locks less.
    #[test]
    fn automation_adds_locks_and_takes_none_away((lookups, triggers) in with_triggers()) {
        let (last, fewer) = triggers.split_last().unwrap();
        let before = locked(&project(&lookups, fewer));
        let after = locked(&project(&lookups, &triggers));
        prop_assert!(before.is_subset(&after), "{last:?} took away {:?}", before.difference(&after));
    }
}
