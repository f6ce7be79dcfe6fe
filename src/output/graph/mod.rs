//! `rowlock graph`: one file a format.

mod dot;
mod json;
mod layout;
mod mermaid;
mod svg;

use crate::analysis::Analysis;
use crate::query::{Edge, Graph, Kind};
use std::io::{self, Write};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GraphFormat {
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
    /// A picture.
    Svg,
    /// For programs.
    Json,
}

pub(crate) fn write_graph(
    format: GraphFormat,
    analysis: &Analysis,
    graph: &Graph,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        GraphFormat::Dot => dot::write(graph, out),
        GraphFormat::Mermaid => mermaid::write(graph, out),
        GraphFormat::Svg => svg::write(graph, out),
        GraphFormat::Json => json::write(analysis, graph, out),
    }
}

/// `automation, roll-up`
fn kinds(edge: &Edge) -> String {
    let kinds: Vec<&str> = edge.kinds.iter().rev().map(|kind| kind.word()).collect();
    kinds.join(", ")
}

/// That of the most telling reason. Distinct for people who see no red.
fn color(edge: &Edge) -> &'static str {
    match edge.kinds.last() {
        Some(Kind::Write) => "#c2410c",
        Some(Kind::Query) => "#7c3aed",
        Some(Kind::RollUp) => "#0369a1",
        Some(Kind::MasterDetail | Kind::Lookup) => "#0d9488",
        Some(Kind::Platform) | None => "#94a3b8",
    }
}
