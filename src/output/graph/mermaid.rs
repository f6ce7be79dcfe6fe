//! For Markdown that shows pictures.

use super::kinds;
use crate::output::clean;
use crate::query::Graph;
use std::io::{self, Write};

pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (index, node) in graph.nodes.iter().enumerate() {
        writeln!(out, "  n{index}[\"{}\"]", escaped(node))?;
    }
    for edge in &graph.edges {
        writeln!(out, "  n{} -->|{}| n{}", edge.from, kinds(edge), edge.to)?;
    }
    Ok(())
}

/// A name, without what Mermaid or the page around it would read as markup: it writes entities with `#`.
fn escaped(name: &str) -> String {
    let escape = |c: char| match c {
        '"' | '#' | '&' | '<' | '>' | '`' => format!("#{};", u32::from(c)),
        harmless => harmless.to_string(),
    };
    clean(name).chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_are_no_markup() {
        assert_eq!(escaped("Größe__c"), "Größe__c");
        assert_eq!(escaped("a\"] <b>&lt;#35;"), "a#34;] #60;b#62;#38;lt;#35;35;");
    }
}
