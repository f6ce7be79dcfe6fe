//! A save writes a row that all transactions share.

use super::Rule;
use super::writes::{Write, by_statement, events, saved_objects, writes};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::RowPath;
use crate::schema::Schema;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "hot-row-write",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Error,
        summary: "a save writes a row that does not depend on what is saved, so that all saves wait for it",
        page: include_str!("hot_row_write.md"),
    },
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let writes = writes(analysis);
    let hot = writes.iter().filter(|write| is_hot(write, &analysis.schema));
    out.extend(by_statement(hot).iter().map(|writes| finding(analysis, writes)));
}

fn finding(analysis: &Analysis, writes: &[&Write<'_>]) -> Finding {
    let schema = &analysis.schema;
    let write =
        writes.iter().min_by_key(|write| write.chain.len()).expect("a statement has a write");
    let object = schema.name(write.object);
    let rows = if schema.objects[write.object].custom_setting { "setting" } else { "rows" };
    let message = format!(
        "{} of any {} {} the same `{object}` {rows}",
        write.saves_in_words(),
        saved_objects(writes, schema),
        write.verbs(),
    );
    let help = "all saves stand in one queue for this row: use an auto-number, count by a query, or collect and add up later in one job";
    write.finding(&RULE.info, analysis, message).events(events(writes, analysis)).help(help)
}

/// Whether the written rows are the same for every save.
pub(super) fn is_hot(write: &Write<'_>, schema: &Schema) -> bool {
    let is_setting = schema.objects[write.object].custom_setting && *write.row != RowPath::New;
    write.changes_rows() && (*write.row == RowPath::Constant || is_setting)
}
