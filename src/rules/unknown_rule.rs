//! A comment that is to allow a finding names no rule, or gives no reason.

use super::{Check, Rule};
use crate::finding::{RuleInfo, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unknown-rule",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a comment that is to allow a finding names no rule, or gives no reason",
        page: include_str!("unknown_rule.md"),
    },
    check: Check::Allowances,
};
