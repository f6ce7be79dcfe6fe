//! `rowlock.toml` as it is written. These structs are a promise, and the source of its JSON schema.

use super::schema;
use crate::apex::ir::DmlVerb;
use crate::base::Confidence;
use crate::finding::Severity;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// How rowlock judges a project. Flags of the command line come before what stands here.
#[derive(Deserialize, JsonSchema, Default, Debug)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "rowlock.toml")]
pub(super) struct File {
    /// When a run fails, and what it shows.
    pub(super) check: Check,
    /// The severity of rules, by id; a rule that is off is not run.
    #[schemars(schema_with = "schema::rules")]
    pub(super) rules: BTreeMap<Spanned<String>, Level>,
    /// Which files are read, by patterns as in `.gitignore`, relative to the folder of this file.
    pub(super) files: Files,
    /// What you know of your org, and its files do not say.
    pub(super) model: Model,
    /// Findings that are to stay, each with its reason. In Apex, a comment is nearer:
    /// `// rowlock:allow rule-id -- reason`.
    pub(super) allow: Vec<Allow>,
}

#[derive(Deserialize, JsonSchema, Default, Debug)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Check {
    /// The least severity that makes the exit code 1: `warning` where nothing is said.
    pub(super) fail_on: Option<FailOn>,
    /// The least confidence of findings that are shown: `medium` where nothing is said.
    pub(super) confidence: Option<Sureness>,
}

/// The least severity that makes the exit code 1.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailOn {
    Note,
    Warning,
    Error,
    Never,
}

impl FailOn {
    /// The least severity that fails a run, if any does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Note => Some(Severity::Note),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }
}

#[derive(Clone, Copy, Deserialize, JsonSchema, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sureness {
    Low,
    Medium,
    High,
}

impl From<Sureness> for Confidence {
    fn from(sureness: Sureness) -> Confidence {
        match sureness {
            Sureness::Low => Confidence::Low,
            Sureness::Medium => Confidence::Medium,
            Sureness::High => Confidence::High,
        }
    }
}

/// The severity of all findings of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Off,
    Note,
    Warning,
    Error,
}

impl Level {
    /// Nothing where the rule is off.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Level::Off => None,
            Level::Note => Some(Severity::Note),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

#[derive(Deserialize, JsonSchema, Default, Debug)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Files {
    /// Only files that one of these matches are read; without any, all are.
    #[schemars(with = "Vec<String>")]
    pub(super) include: Vec<Spanned<String>>,
    /// Files that one of these matches are not read: the model does not have them either.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema, Default, Debug)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Model {
    /// Objects of few rows that everybody uses, by API name, besides those whose names say so (types, tags, settings):
    /// locks on their rows weigh more.
    #[schemars(with = "Vec<String>")]
    pub(super) dictionaries: Vec<Spanned<String>>,
    /// Objects whose rows integrations write in parallel, by API name: what their saves lock weighs more.
    #[schemars(with = "Vec<String>")]
    pub(super) parallel_loads: Vec<Spanned<String>>,
    /// Methods of packages that write the rows they are handed.
    pub(super) wrappers: Vec<Wrapper>,
    /// Base classes of packages whose trigger handlers have methods named after events: `beforeInsert`, `afterUpdate`.
    pub(super) trigger_bases: Vec<TriggerBase>,
}

#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerBase {
    /// The class, as handlers name it: `ns.Handler`.
    pub(super) class: String,
    /// The method that calls those of the events: `run`.
    pub(super) start: String,
}

#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapper {
    /// The class and the method: `Dml.save`, `ns.Dml.save`.
    #[schemars(with = "String")]
    pub(super) method: Spanned<String>,
    /// What it does with the rows.
    pub(super) operation: WrapperOperation,
    /// Which argument the rows are, from 1.
    #[serde(default = "first")]
    #[schemars(with = "u8", range(min = 1))]
    pub(super) argument: Spanned<u8>,
}

fn first() -> Spanned<u8> {
    Spanned::new(0..0, 1)
}

#[derive(Clone, Copy, Deserialize, JsonSchema, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum WrapperOperation {
    Insert,
    Update,
    Upsert,
    Delete,
    Undelete,
}

impl From<WrapperOperation> for DmlVerb {
    fn from(operation: WrapperOperation) -> DmlVerb {
        match operation {
            WrapperOperation::Insert => DmlVerb::Insert,
            WrapperOperation::Update => DmlVerb::Update,
            WrapperOperation::Upsert => DmlVerb::Upsert,
            WrapperOperation::Delete => DmlVerb::Delete,
            WrapperOperation::Undelete => DmlVerb::Undelete,
        }
    }
}

#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Allow {
    /// The id of the rule.
    #[schemars(schema_with = "schema::rule_id")]
    pub(super) rule: Spanned<String>,
    /// The anchor of the finding, as `rowlock check --verbose` and JSON give it: `Invoice__c.Total__c`.
    #[schemars(with = "String")]
    pub(super) at: Spanned<String>,
    /// Why it is to stay.
    #[schemars(with = "String", length(min = 1))]
    pub(super) reason: Spanned<String>,
}
