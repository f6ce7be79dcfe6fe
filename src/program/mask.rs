//! Trigger events as bit masks: under which events code runs, and under which of them without a change test.

use crate::apex::ir::TriggerEvent;
use crate::base::Name;
use crate::schema::{ObjectId, Schema};

/// A set of trigger events: before/after × insert/update/delete/undelete.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Mask(u8);

impl Mask {
    pub(crate) const NONE: Mask = Mask(0);
    pub(crate) const ALL: Mask = Mask(0x7f);
    pub(crate) const BEFORE: Mask = Mask(0x07);
    pub(crate) const AFTER: Mask = Mask(0x78);
    pub(crate) const INSERT: Mask = Mask(0x09);
    pub(crate) const UPDATE: Mask = Mask(0x12);
    pub(crate) const DELETE: Mask = Mask(0x24);
    pub(crate) const UNDELETE: Mask = Mask(0x40);
    /// The events in which `Trigger.new` exists (TR-02).
    pub(crate) const WITH_NEW: Mask = Mask(0x5b);
    /// The events in which `Trigger.newMap` exists: not before insert, where rows have no ids.
    pub(crate) const WITH_NEW_MAP: Mask = Mask(0x5a);
    /// The events in which `Trigger.old` exists (TR-02).
    pub(crate) const WITH_OLD: Mask = Mask(0x36);

    pub(crate) fn of(event: TriggerEvent) -> Mask {
        Mask(match event {
            TriggerEvent::BeforeInsert => 0x01,
            TriggerEvent::BeforeUpdate => 0x02,
            TriggerEvent::BeforeDelete => 0x04,
            TriggerEvent::AfterInsert => 0x08,
            TriggerEvent::AfterUpdate => 0x10,
            TriggerEvent::AfterDelete => 0x20,
            TriggerEvent::AfterUndelete => 0x40,
        })
    }

    /// The event that a name speaks of: `AFTER_UPDATE`, `afterUpdate`, `onAfterUpdate`, `After_Update__c`, `after update`.
    pub(crate) fn of_name(name: &str) -> Option<Mask> {
        let letters: String = name
            .chars()
            .filter(char::is_ascii_alphabetic)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let time = [("before", Mask::BEFORE), ("after", Mask::AFTER)];
        let verb = [
            ("undelete", Mask::UNDELETE),
            ("insert", Mask::INSERT),
            ("update", Mask::UPDATE),
            ("delete", Mask::DELETE),
        ];
        let (word, time) = time.into_iter().find(|(word, _)| letters.contains(word))?;
        let (_, rest) = letters.split_once(word)?;
        let (_, verb) = verb.into_iter().find(|(word, _)| rest.starts_with(word))?;
        let mask = time.and(verb);
        (!mask.is_empty()).then_some(mask)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn and(self, other: Mask) -> Mask {
        Mask(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Mask) -> Mask {
        Mask(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Mask) -> Mask {
        Mask(self.0 & !other.0)
    }

    pub(crate) fn meets(self, other: Mask) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 7] = ["BI", "BU", "BD", "AI", "AU", "AD", "AN"];
        let names: Vec<&str> =
            (0..7).filter(|bit| self.0 & (1 << bit) != 0).map(|bit| NAMES[bit]).collect();
        f.write_str(&names.join("|"))
    }
}

/// Fields of the rows of one object. Of more than there is room for, some are not told apart, so that a set may hold more fields
/// than it says, and never fewer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Fields(u64);

impl Fields {
    pub(crate) const NONE: Fields = Fields(0);
    /// Fields that are not known.
    pub(crate) const ANY: Fields = Fields(1 << Fields::ROOM);
    const ROOM: usize = 63;

    /// A field that has the value which was last written to it; any, where others decide what it holds.
    pub(crate) fn one(schema: &Schema, object: ObjectId, name: &Name) -> Fields {
        match schema.field(object, name).filter(|field| schema.is_stored(*field)) {
            Some(field) => Fields(1 << (field.index() % Fields::ROOM)),
            None => Fields::ANY,
        }
    }

    /// The fields that a write of some fields sets: what others decide, it does not.
    pub(crate) fn set<'n>(
        schema: &Schema,
        object: ObjectId,
        names: impl IntoIterator<Item = &'n Name>,
    ) -> Fields {
        let fields = names.into_iter().map(|name| Fields::one(schema, object, name));
        fields.filter(|field| *field != Fields::ANY).fold(Fields::NONE, Fields::or)
    }

    pub(crate) fn or(self, other: Fields) -> Fields {
        Fields(self.0 | other.0)
    }

    /// Whether it holds all fields of another set.
    pub(crate) fn cover(self, other: Fields) -> bool {
        self.0 & Fields::ANY.0 != 0 || other.0 & !self.0 == 0
    }

    pub(crate) fn meet(self, other: Fields) -> bool {
        let is_known = (self.or(other).0 & Fields::ANY.0) == 0;
        !is_known || self.0 & other.0 != 0
    }
}

/// When something happens: under which events, and under which of these no test of a change stands before it.
///
/// A test such as `line.Amount__c != old.Amount__c` says nothing about inserts, so it is kept by event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Reach {
    pub(crate) mask: Mask,
    /// A part of `mask`.
    pub(crate) unchecked: Mask,
    /// Where a test of a change stands before every update: fields of which at least one has to change.
    fields: Fields,
}

impl Reach {
    pub(crate) const ALWAYS: Reach = Reach::under(Mask::ALL);
    pub(crate) const NEVER: Reach = Reach::under(Mask::NONE);
    /// Under every event, after a test of a change.
    pub(crate) const CHANGED: Reach = Reach::changed(Fields::ANY);

    pub(crate) const fn under(mask: Mask) -> Reach {
        Reach { mask, unchecked: mask, fields: Fields::NONE }
    }

    /// Under every event, after a test that one of these fields has changed.
    pub(crate) const fn changed(fields: Fields) -> Reach {
        Reach { mask: Mask::ALL, unchecked: Mask::NONE, fields }
    }

    pub(crate) fn without(self, mask: Mask) -> Reach {
        self.and(Reach::under(Mask::ALL.without(mask)))
    }

    /// Both: first one test, then the other.
    pub(crate) fn and(self, other: Reach) -> Reach {
        let (mask, unchecked) = (self.mask.and(other.mask), self.unchecked.and(other.unchecked));
        // Each of the two has to let one of its own pass, so that one of all has.
        Reach { mask, unchecked, fields: self.fields.or(other.fields) }.settled()
    }

    /// Either.
    pub(crate) fn or(self, other: Reach) -> Reach {
        let (mask, unchecked) = (self.mask.or(other.mask), self.unchecked.or(other.unchecked));
        Reach { mask, unchecked, fields: self.fields.or(other.fields) }.settled()
    }

    /// What says the same is the same.
    fn settled(self) -> Reach {
        let checked = self.mask.without(self.unchecked).and(Mask::UPDATE);
        if checked.is_empty() { Reach { fields: Fields::NONE, ..self } } else { self }
    }

    /// The fields of which one has to change before something happens in an update; any, where nothing has to.
    pub(crate) fn needs(self) -> Fields {
        if self.unchecked.meets(Mask::UPDATE) { Fields::ANY } else { self.fields }
    }

    pub(crate) fn is_never(self) -> bool {
        self.mask.is_empty()
    }
}

/// What a Boolean says: when it can be true, and when false.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Test {
    pub(crate) yes: Reach,
    pub(crate) no: Reach,
}

impl Test {
    /// A Boolean of which nothing is known.
    pub(crate) const OPEN: Test = Test { yes: Reach::ALWAYS, no: Reach::ALWAYS };
    pub(crate) const TRUE: Test = Test { yes: Reach::ALWAYS, no: Reach::NEVER };
    pub(crate) const FALSE: Test = Test { yes: Reach::NEVER, no: Reach::ALWAYS };
    /// True where a relevant value changed.
    pub(crate) const CHANGED: Test = Test::changed(Fields::ANY);

    /// True where one of these fields changed.
    pub(crate) const fn changed(fields: Fields) -> Test {
        Test { yes: Reach::changed(fields), no: Reach::ALWAYS }
    }

    /// Something is known of what was before, whichever it is: half of a test of a change.
    pub(crate) const KNOWS_BEFORE: Test = Test::knows_before(Fields::ANY);

    pub(crate) const fn knows_before(fields: Fields) -> Test {
        Test { yes: Reach::changed(fields), no: Reach::changed(fields) }
    }

    /// True exactly under these events.
    pub(crate) fn event(mask: Mask) -> Test {
        Test { yes: Reach::under(mask), no: Reach::under(Mask::ALL.without(mask)) }
    }

    /// Whether the event alone says what it is.
    pub(crate) fn is_by_event(self) -> bool {
        self == Test::event(self.yes.mask)
    }

    pub(crate) fn not(self) -> Test {
        Test { yes: self.no, no: self.yes }
    }

    pub(crate) fn and(self, other: Test) -> Test {
        // It is false if the first is, or else the second.
        Test { yes: self.yes.and(other.yes), no: self.no.or(self.yes.and(other.no)) }
    }

    pub(crate) fn or(self, other: Test) -> Test {
        self.not().and(other.not()).not()
    }

    /// One of two values, as where two branches meet.
    pub(crate) fn join(self, other: Test) -> Test {
        Test { yes: self.yes.or(other.yes), no: self.no.or(other.no) }
    }

    /// This value, if it was computed where `reach` held.
    pub(crate) fn within(self, reach: Reach) -> Test {
        Test { yes: self.yes.and(reach), no: self.no.and(reach) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mask, Reach, Test};

    #[test]
    fn names_of_events() {
        let after_update = Mask::AFTER.and(Mask::UPDATE);
        for name in
            ["AFTER_UPDATE", "afterUpdate", "onAfterUpdate", "After_Update__c", "after update"]
        {
            assert_eq!(Mask::of_name(name), Some(after_update), "{name}");
        }
        assert_eq!(Mask::of_name("afterUndelete"), Some(Mask::UNDELETE));
        assert_eq!(Mask::of_name("beforeUndelete"), None, "there is no such event");
        assert_eq!(Mask::of_name("update"), None);
        assert_eq!(Mask::of_name("afterAll"), None);
    }

    #[test]
    fn a_change_test_counts_by_event() {
        // if (Trigger.isInsert || line.Amount__c != old.Amount__c)
        let test = Test::event(Mask::INSERT).or(Test::CHANGED);
        assert_eq!(test.yes.mask, Mask::ALL);
        assert_eq!(test.yes.unchecked, Mask::INSERT);
    }

    #[test]
    fn what_follows_an_early_return() {
        // if (Trigger.isBefore || Trigger.isDelete) return;
        let test = Test::event(Mask::BEFORE).or(Test::event(Mask::DELETE));
        assert_eq!(test.no, Reach::under(Mask::AFTER.without(Mask::DELETE)));
    }

    #[test]
    fn precedence_of_a_common_bug() {
        // isBefore && isInsert || isBefore && isUpdate
        let before = Test::event(Mask::BEFORE);
        let test = before.and(Test::event(Mask::INSERT)).or(before.and(Test::event(Mask::UPDATE)));
        assert_eq!(test.yes.mask, Mask::BEFORE.without(Mask::DELETE));
    }
}
