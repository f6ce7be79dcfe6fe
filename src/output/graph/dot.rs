//! For Graphviz.

use super::{color, kinds};
use crate::output::clean;
use crate::query::Graph;
use std::io::{self, Write};

pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph locks {{")?;
    writeln!(
        out,
        "  rankdir=LR; node [shape=box, fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\", fontsize=9];"
    )?;
    for node in &graph.nodes {
        writeln!(out, "  {};", quoted(node))?;
    }
    for edge in &graph.edges {
        let (from, to) = (quoted(&graph.nodes[edge.from]), quoted(&graph.nodes[edge.to]));
        let (label, color) = (quoted(&kinds(edge)), quoted(color(edge)));
        writeln!(out, "  {from} -> {to} [label={label}, color={color}];")?;
    }
    writeln!(out, "}}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", clean(text).replace('\\', "\\\\").replace('"', "\\\""))
}
