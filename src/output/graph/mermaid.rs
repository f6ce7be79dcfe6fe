//! For Markdown that shows pictures.

use super::kinds;
use crate::output::clean;
use crate::query::Graph;
use std::io::{self, Write};

pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (index, node) in graph.nodes.iter().enumerate() {
        writeln!(out, "  n{index}[\"{}\"]", clean(node).replace('"', "#quot;"))?;
    }
    for edge in &graph.edges {
        writeln!(out, "  n{} -->|{}| n{}", edge.from, kinds(edge), edge.to)?;
    }
    Ok(())
}
