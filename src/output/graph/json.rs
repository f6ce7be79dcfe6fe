//! For programs. These structs are a promise, as those of findings are.

use crate::output::place::Tool;
use crate::query::{Edge, Graph};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        tool: Tool::THIS,
        objects: &graph.nodes,
        locks: graph.edges.iter().map(|edge| lock(graph, edge)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    objects: &'a [String],
    locks: Vec<Lock<'a>>,
}

#[derive(Serialize)]
struct Lock<'a> {
    /// Its saves lock …
    from: &'a str,
    /// … rows of this object.
    to: &'a str,
    saves: Vec<&'a str>,
    kinds: Vec<&'a str>,
    via: Vec<&'a str>,
}

fn lock<'a>(graph: &'a Graph, edge: &'a Edge) -> Lock<'a> {
    Lock {
        from: &graph.nodes[edge.from],
        to: &graph.nodes[edge.to],
        saves: edge.ops.iter().map(|op| op.word()).collect(),
        kinds: edge.kinds.iter().map(|kind| kind.word()).collect(),
        via: edge.via.iter().map(String::as_str).collect(),
    }
}
