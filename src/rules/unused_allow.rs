//! An allowance covers no finding any more.

use super::{Check, Rule};
use crate::finding::{RuleInfo, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unused-allow",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "an allowance covers no finding any more",
        page: include_str!("unused_allow.md"),
    },
    check: Check::Allowances,
};
