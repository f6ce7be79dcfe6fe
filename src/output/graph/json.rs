//! For programs. These structs are a promise, as those of findings are.

use crate::analysis::Analysis;
use crate::output::document;
use crate::query::{Edge, Graph};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(analysis: &Analysis, graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let content = Content {
        objects: &graph.nodes,
        locks: graph.edges.iter().map(|edge| lock(graph, edge)).collect(),
    };
    document::write(content, &analysis.issues, &analysis.sources, out)
}

#[derive(Serialize)]
struct Content<'a> {
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
