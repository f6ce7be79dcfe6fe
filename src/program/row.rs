//! How a row is found from the saved rows.

use crate::base::Name;
use crate::schema::{ObjectId, Schema};

/// One step along a relationship field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Hop {
    /// From a row of `child` to the row that its field points to.
    Up { child: ObjectId, field: Name },
    /// To the rows of `child` whose field points to the row.
    Down { child: ObjectId, field: Name },
}

/// How a row relates to the saved rows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum RowPath {
    /// Along relationships; no hops: the saved row itself.
    Hops(Vec<Hop>),
    /// Created in the same transaction: nobody else can hold it.
    New,
    /// By a query that does not depend on the saved rows: the same rows for every save.
    Constant,
    /// By a query whose filter uses values of the saved rows, but no relationship.
    Filter,
    /// Not known.
    Unknown,
}

/// A longer path is not followed: real code does not go further, and recursion would not end.
const MAX_HOPS: usize = 5;

impl RowPath {
    pub(crate) fn saved() -> RowPath {
        RowPath::Hops(Vec::new())
    }

    /// The rows one hop further on. Going down a field and up the same field leads back.
    pub(crate) fn hop(&self, hop: Hop) -> RowPath {
        let RowPath::Hops(hops) = self else {
            return self.beyond(&hop);
        };
        let mut hops = hops.clone();
        match (hops.last(), &hop) {
            (Some(Hop::Down { child: down, field: by }), Hop::Up { child, field })
                if down == child && by == field =>
            {
                hops.pop();
            }
            _ => hops.push(hop),
        }
        if hops.len() > MAX_HOPS { RowPath::Unknown } else { RowPath::Hops(hops) }
    }

    /// A hop from rows that are not found along relationships.
    fn beyond(&self, hop: &Hop) -> RowPath {
        match (self, hop) {
            // The parent of a new row is whatever its field was set to.
            (RowPath::New, Hop::Up { .. }) => RowPath::Unknown,
            (path, _) => path.clone(),
        }
    }

    /// `inner`, which starts at the rows of this path.
    pub(crate) fn then(&self, inner: &RowPath) -> RowPath {
        match inner {
            RowPath::Hops(hops) => {
                hops.iter().fold(self.clone(), |path, hop| path.hop(hop.clone()))
            }
            other => other.clone(),
        }
    }

    /// The rows if there is a filter besides that is not known.
    pub(crate) fn if_filtered(&self) -> RowPath {
        if *self == RowPath::Constant { RowPath::Unknown } else { self.clone() }
    }

    /// The object of the rows at the end of a path, where it is known.
    pub(crate) fn object(&self, saved: Option<ObjectId>, schema: &Schema) -> Option<ObjectId> {
        let RowPath::Hops(hops) = self else { return None };
        match hops.last() {
            None => saved,
            Some(Hop::Down { child, .. }) => Some(*child),
            Some(Hop::Up { child, field }) => match schema.targets(schema.field(*child, field)?) {
                [only] => Some(*only),
                _ => None,
            },
        }
    }

    pub(crate) fn is_saved(&self) -> bool {
        matches!(self, RowPath::Hops(hops) if hops.is_empty())
    }

    /// Only upwards: the saved row's parent, or its parent's parent.
    pub(crate) fn is_parent(&self) -> bool {
        matches!(self, RowPath::Hops(hops) if !hops.is_empty() && hops.iter().all(|hop| matches!(hop, Hop::Up { .. })))
    }

    /// Only downwards: rows that belong to the saved row.
    pub(crate) fn is_children(&self) -> bool {
        matches!(self, RowPath::Hops(hops) if !hops.is_empty() && hops.iter().all(|hop| matches!(hop, Hop::Down { .. })))
    }

    /// Whether other saves, of other rows, want the same row: the fan-in that turns a lock into contention.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            RowPath::Hops(hops) => hops.iter().any(|hop| matches!(hop, Hop::Up { .. })),
            RowPath::Constant => true,
            RowPath::New | RowPath::Filter | RowPath::Unknown => false,
        }
    }

    /// The path for people: `Line__c.Invoice__c`, `OrderItem.OrderId -> Order.AccountId`; nothing where it is no path.
    pub(crate) fn via(&self, schema: &Schema) -> Option<String> {
        let RowPath::Hops(hops) = self else { return None };
        let words: Vec<String> = hops.iter().map(|hop| hop.path(schema)).collect();
        (!words.is_empty()).then(|| words.join(" -> "))
    }
}

impl Hop {
    /// `Line__c.Invoice__c`, with the declared spelling where there is one; downwards marked by `<-`.
    fn path(&self, schema: &Schema) -> String {
        let (child, field, mark) = match self {
            Hop::Up { child, field } => (*child, field, ""),
            Hop::Down { child, field } => (*child, field, "<- "),
        };
        let declared = schema.field(child, field).map(|field| &schema.fields[field].name);
        format!("{mark}{}.{}", schema.name(child), declared.unwrap_or(field))
    }
}
