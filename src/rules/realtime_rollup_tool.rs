//! A declarative roll-up that is calculated in the save of the child.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::SaveEvent;
use crate::program::{DmlOp, Fields, RollUpTool};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "realtime-rollup-tool",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a declarative roll-up writes the parent in each save of a child",
        page: include_str!("realtime_rollup_tool.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    out.extend(analysis.program.roll_up_tools.iter().map(|tool| finding(analysis, tool)));
}

fn finding(analysis: &Analysis, tool: &RollUpTool) -> Finding {
    let schema = &analysis.schema;
    let (child, parent) = (schema.name(tool.child), schema.name(tool.parent));
    let declared = schema.field(tool.child, &tool.field);
    let field = declared.map_or(&tool.field, |field| &schema.fields[field].name);
    let via = format!("{child}.{field}");
    let message = format!(
        "the {} roll-up `{}` writes the `{parent}` that `{via}` points to in each save of a `{child}`",
        tool.tool, tool.name
    );
    let (help, facts): (_, &[&str]) = match tool.tool {
        "DLRS" => (
            "set the calculation mode to `Scheduled`: then children only leave a note for a job, and parents are written once",
            &["RT-01", "AU-02", "LK-03"],
        ),
        _ => (
            "set `ShouldRunAs__c` to `Queueable` or `Batchable`: then the parents are written in a transaction of their own",
            &["RT-02", "AU-02", "LK-03"],
        ),
    };
    let saves: BTreeSet<SaveEvent> = DmlOp::ALL
        .into_iter()
        .map(|op| SaveEvent { object: tool.child, op })
        .flat_map(|save| analysis.locks.saves_that_reach(save, Fields::ANY))
        .collect();
    let chain = Chain::of(Step::new(tool.mode, "here it is told to run in the save"));
    Finding::new(&RULE.info, format!("{} {}", tool.tool, tool.name), chain, message)
        .object(parent.as_str())
        .via(Some(via))
        .events(saves.into_iter().map(|save| save.name(schema)).collect())
        .facts(facts)
        .help(help)
}
