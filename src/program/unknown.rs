//! Places that could not be resolved, in words.

use super::effect::{Effect, EffectKind};
use super::row::RowPath;
use crate::base::Span;

/// A place where the analysis had to stop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Unknown {
    pub(crate) span: Span,
    pub(crate) reason: UnknownReason,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum UnknownReason {
    /// DML whose operand has no known type.
    UntypedOperand,
    /// Rows of a known object that have no known relation to the saved rows.
    UnknownRows,
    /// A call of a class that is not in the project and not the platform's.
    ManagedCall,
    /// A flow that is called and not in the project, or not active.
    MissingFlow,
    /// A flow that is run by its name, which is not known.
    DynamicFlow,
    /// A class that is made by its name, which is not known.
    DynamicType,
    /// A class that is made by a name that no class has.
    NoSuchClass,
    /// A query in a string whose object is not known.
    DynamicSoql,
    /// A bound of the analysis was reached.
    Depth,
}

/// A reason for people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The word that output uses.
    pub(crate) id: &'static str,
    /// What stands at the place.
    pub(crate) what: &'static str,
    /// What that means for the findings.
    pub(crate) effect: &'static str,
    /// What one could do.
    pub(crate) help: &'static str,
}

impl UnknownReason {
    pub(crate) fn words(self) -> Words {
        match self {
            UnknownReason::UntypedOperand => Words {
                id: "unknown-object",
                what: "it is not known which object the written rows have",
                effect: "what their save locks is not reported",
                help: "give the rows a type where they come from: `List<Account>` instead of `List<SObject>`",
            },
            UnknownReason::UnknownRows => Words {
                id: "unknown-rows",
                what: "it is not known how these rows relate to the saved rows",
                effect: "findings about them have low confidence; `--confidence low` shows them",
                help: "select the rows by ids of the saved rows, in code that the trigger calls directly",
            },
            UnknownReason::ManagedCall => Words {
                id: "missing-class",
                what: "the class that is called is not in the project",
                effect: "what it locks is not reported, and what it returns is not known",
                help: "if you have its source, check it together with the project",
            },
            UnknownReason::MissingFlow => Words {
                id: "missing-flow",
                what: "the flow that is called is not in the project, or not active",
                effect: "what it locks is not reported",
                help: "if you have it, check it together with the project",
            },
            UnknownReason::DynamicFlow => Words {
                id: "computed-flow",
                what: "the name of the flow that is run here is not known",
                effect: "what the flow locks is not reported",
                help: "if the name is in custom metadata, add its records to the project",
            },
            UnknownReason::DynamicType => Words {
                id: "computed-class",
                what: "the name of the class that is made here is not known",
                effect: "what the class does is not reported",
                help: "if the name is in custom metadata, add its records to the project",
            },
            UnknownReason::NoSuchClass => Words {
                id: "no-such-class",
                what: "no class of the project has the name of the class that is made here",
                effect: "what the class does is not reported",
                help: "check the name; if the class is in another folder, check it together with the project",
            },
            UnknownReason::DynamicSoql => Words {
                id: "computed-query",
                what: "the object of this query is not known",
                effect: "nothing is known of the rows that it finds",
                help: "write the object into the text of the query, or the query in brackets",
            },
            UnknownReason::Depth => Words {
                id: "too-deep",
                what: "calls are nested too deeply to be followed further",
                effect: "what this code does is not reported where it is reached that way",
                help: "often code that calls itself; there is nothing to do if it writes no rows",
            },
        }
    }
}

/// What is not known of the rows that an effect concerns.
pub(super) fn unknown_rows(effect: &Effect) -> Option<Unknown> {
    let reason = match (effect.kind, effect.object) {
        (EffectKind::Dml(_), None) => UnknownReason::UntypedOperand,
        (EffectKind::Dml(_) | EffectKind::LockingQuery, Some(_))
            if effect.row == RowPath::Unknown =>
        {
            UnknownReason::UnknownRows
        }
        _ => return None,
    };
    Some(Unknown { span: effect.site, reason })
}
