//! The `rowlock.toml` that a project starts with.

use crate::analysis::Analysis;
use std::collections::BTreeSet;

/// Beyond this a list is no longer read.
const MOST: usize = 20;

/// A commented file, of which all that counts is what rowlock does without it.
pub(crate) fn template(analysis: &Analysis) -> String {
    let folders: BTreeSet<&str> = analysis
        .sources
        .files()
        .iter()
        .map(|file| file.path.split_once('/').map_or(".", |(folder, _)| folder))
        .collect();
    let folders: Vec<String> = folders.into_iter().map(quoted).collect();
    format!(
        "\
# What this project decides about rowlock. `rowlock schema` prints all that may stand here.

[check]
fail-on = \"warning\"     # note | warning | error | never
confidence = \"medium\"   # low | medium | high

# The severity of a rule: off | note | warning | error. `rowlock rules` lists them.
[rules]

# Patterns as in .gitignore, relative to this file. Read is: {folders}.
[files]
# exclude = [\"**/vendor/**\"]

# What you know of your org, and its files do not say.
[model]
{dictionaries}# dictionaries = [\"Region__c\"]       # more objects of few rows that everybody uses
# parallel-loads = [\"Payment__c\"]    # objects whose rows integrations write in parallel
# wrappers = [{{ method = \"ns.Dml.save\", operation = \"upsert\" }}]    # methods of packages that write
# trigger-bases = [{{ class = \"ns.Handler\", start = \"run\" }}]         # classes of packages that start handlers

# What is to stay, where no comment can stand: metadata. `rowlock check --verbose` shows the anchors.
# In Apex: `// rowlock:allow rule-id -- reason`.
# [[allow]]
# rule = \"rollup-contention\"
# at = \"Invoice__c.Total__c\"
# reason = \"one loader, at night\"
",
        folders = folders.join(", "),
        dictionaries = dictionaries(analysis),
    )
}

/// Which objects of the project count as dictionaries without being named.
fn dictionaries(analysis: &Analysis) -> String {
    let schema = &analysis.schema;
    let declared = schema.objects.ids().filter(|&id| schema.objects[id].span.is_some());
    let mut names: Vec<&str> = declared
        .filter(|&id| schema.is_dictionary_like(id))
        .map(|id| schema.name(id).as_str())
        .collect();
    names.sort_unstable();
    if names.is_empty() {
        return String::new();
    }
    let more = match names.len().saturating_sub(MOST) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    names.truncate(MOST);
    format!("# Known by their names or kind already:\n#   {}{more}\n", names.join(", "))
}

fn quoted(folder: &str) -> String {
    // A control character would end the comment.
    let clean: String = folder.chars().filter(|c| !c.is_control()).collect();
    format!("`{clean}`")
}
