//! A master-detail without roll-up locks the master when details come, go or move.

use super::relationship::{chain, declared_fields, events};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::schema::FieldKind;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "master-detail-lock",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "saving a detail locks its master, also without a roll-up",
        page: include_str!("master_detail_lock.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    for id in declared_fields(schema) {
        let FieldKind::MasterDetail { to, reparentable } = schema.fields[id].kind else { continue };
        // With a roll-up, `rollup-contention` says it.
        if schema.roll_ups_over(id).next().is_some() {
            continue;
        }
        let (detail, master) = (schema.name(schema.fields[id].object), schema.name(to));
        let moving = if reparentable { ", deleting or re-parenting" } else { " or deleting" };
        let message = format!(
            "inserting{moving} a `{detail}` locks its `{master}`; another update of the `{detail}` may lock it as well"
        );
        let Some(chain) = chain(schema, id, format!("makes `{detail}` a detail of `{master}`"))
        else {
            continue;
        };
        let is_dictionary = schema.is_dictionary_like(to);
        let is_loaded = schema.objects[schema.fields[id].object].loaded_in_parallel;
        let severity =
            if is_dictionary || is_loaded { Severity::Warning } else { RULE.info.severity };
        let is = if schema.objects[to].known_dictionary { "is" } else { "looks like" };
        let help = match is_dictionary {
            true => format!(
                "`{master}` {is} a dictionary: few rows, used by all; a lookup that clears itself (`SetNull`) takes no lock"
            ),
            false => format!(
                "keep the details of one `{master}` in one batch of a load; a lookup that clears itself (`SetNull`) takes no lock"
            ),
        };
        out.push(
            Finding::new(&RULE.info, schema.path(id), chain, message)
                .severity(severity)
                .object(master.as_str())
                .via(Some(schema.path(id)))
                .events(events(schema, id))
                .facts(&["CS-08", "DR-01"])
                .help(help),
        );
    }
}
