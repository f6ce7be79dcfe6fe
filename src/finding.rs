//! What a rule reports.

use crate::base::{Chain, Confidence, Step};

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    /// The word that options and output use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What is known of a rule without running it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct RuleInfo {
    /// Stable for ever; finishes the sentence "allow …".
    pub(crate) id: &'static str,
    /// Earlier ids of the same rule.
    pub(crate) aliases: &'static [&'static str],
    /// The version that brought the rule.
    pub(crate) since: &'static str,
    /// The default severity.
    pub(crate) severity: Severity,
    /// One line, lower case, without a full stop.
    pub(crate) summary: &'static str,
    /// The rule's page in Markdown, whose examples are its tests.
    pub(crate) page: &'static str,
}

/// A generator that removes what a finding is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Remedy {
    pub(crate) generator: &'static str,
    pub(crate) target: String,
}

/// One place that takes a lock it should not take, with the evidence.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Finding {
    pub(crate) rule: &'static RuleInfo,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    /// One line, lower case, without a full stop.
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// From the save to the place that one would edit, which is the last step.
    pub(crate) chain: Chain,
    /// Whose row is locked.
    pub(crate) object: Option<String>,
    /// The path from the saved row: `Line__c.Invoice__c`.
    pub(crate) via: Option<String>,
    /// The save events that reach it: `Line__c:insert`; sorted.
    pub(crate) events: Vec<String>,
    /// The facts it rests on, by id.
    pub(crate) facts: Vec<&'static str>,
    /// The place in the model, without lines: what fingerprints and allowances name.
    pub(crate) anchor: String,
    pub(crate) remedy: Option<Remedy>,
}

impl Finding {
    /// A finding of default severity and high confidence. `chain` ends at the place to edit.
    pub(crate) fn new(
        rule: &'static RuleInfo,
        anchor: String,
        chain: Chain,
        message: String,
    ) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            confidence: Confidence::High,
            message,
            help: None,
            chain,
            object: None,
            via: None,
            events: Vec::new(),
            facts: Vec::new(),
            anchor,
            remedy: None,
        }
    }

    /// The place that one would edit.
    pub(crate) fn at(&self) -> &Step {
        self.chain.last()
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// Low confidence is never above a note.
    pub(crate) fn confidence(mut self, confidence: Confidence) -> Finding {
        self.confidence = confidence;
        if confidence == Confidence::Low {
            self.severity = Severity::Note;
        }
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn object(mut self, object: impl Into<String>) -> Finding {
        self.object = Some(object.into());
        self
    }

    pub(crate) fn via(mut self, via: Option<String>) -> Finding {
        self.via = via;
        self
    }

    pub(crate) fn events(mut self, mut events: Vec<String>) -> Finding {
        events.sort();
        events.dedup();
        self.events = events;
        self
    }

    pub(crate) fn facts(mut self, facts: &[&'static str]) -> Finding {
        self.facts = facts.to_vec();
        self
    }

    pub(crate) fn remedy(mut self, generator: &'static str, target: impl Into<String>) -> Finding {
        self.remedy = Some(Remedy { generator, target: target.into() });
        self
    }
}
