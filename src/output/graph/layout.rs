//! Places for the nodes of a graph: in columns, so that most locks lead to the right, with few crossings.

use crate::query::Graph;

/// Where a node is: its column from the left, and its row from the top.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) column: usize,
    pub(super) row: usize,
}

/// Sweeps over the columns to sort each by its neighbours: more make hardly any difference.
const SWEEPS: usize = 12;

/// More columns than fit on a screen are drawn together.
const MOST_COLUMNS: usize = 7;

/// Rows in a column; more are continued in the next, which keeps the picture in the shape of a screen.
const MOST_ROWS: usize = 18;

/// One place for each node.
pub(super) fn places(graph: &Graph) -> Vec<Place> {
    let mut columns = columns(graph);
    for sweep in 0..SWEEPS {
        sort(graph, &mut columns, sweep % 2 == 0);
    }
    let split: Vec<Vec<usize>> =
        columns.iter().flat_map(|column| column.chunks(MOST_ROWS).map(<[usize]>::to_vec)).collect();
    let mut places = vec![Place { column: 0, row: 0 }; graph.nodes.len()];
    for (column, nodes) in split.iter().enumerate() {
        for (row, &node) in nodes.iter().enumerate() {
            places[node] = Place { column, row };
        }
    }
    places
}

/// The longest way to each node tells its column. Edges that would close a cycle do not count.
fn columns(graph: &Graph) -> Vec<Vec<usize>> {
    let forward = acyclic(graph);
    let mut depth = vec![0_usize; graph.nodes.len()];
    // No way is longer than there are nodes.
    for _ in 0..graph.nodes.len() {
        let mut changed = false;
        for &(from, to) in &forward {
            if depth[to] <= depth[from] {
                depth[to] = depth[from] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let count = depth.iter().max().map_or(0, |most| most + 1);
    let shown = count.min(MOST_COLUMNS);
    let mut columns = vec![Vec::new(); shown];
    for (node, depth) in depth.into_iter().enumerate() {
        columns[depth * shown / count.max(1)].push(node);
    }
    columns
}

/// The edges without those that lead back to where a walk along them has come from.
fn acyclic(graph: &Graph) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let next =
        |node: usize| graph.edges.iter().filter(move |edge| edge.from == node).map(|edge| edge.to);
    let mut state = vec![State::New; graph.nodes.len()];
    let mut kept = Vec::new();
    // What most nodes lead to comes last, and so far right.
    let mut starts: Vec<usize> = (0..graph.nodes.len()).collect();
    starts.sort_by_key(|&node| graph.edges.iter().filter(|edge| edge.to == node).count());
    for start in starts {
        let mut walk = vec![(start, false)];
        while let Some((node, is_left)) = walk.pop() {
            if is_left {
                state[node] = State::Done;
                continue;
            }
            if state[node] != State::New {
                continue;
            }
            state[node] = State::Open;
            walk.push((node, true));
            for to in next(node).filter(|&to| to != node) {
                if state[to] != State::Open {
                    kept.push((node, to));
                    walk.push((to, false));
                }
            }
        }
    }
    kept.retain(|(from, to)| from != to);
    break_cycles(kept)
}

/// A node may be opened after an edge to it was kept: what still leads round is left out.
fn break_cycles(edges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (from, to) in edges {
        let mut seen = vec![to];
        let mut at = 0;
        while let Some(&node) = seen.get(at) {
            at += 1;
            let next: Vec<usize> = kept
                .iter()
                .filter(|(start, end)| *start == node && !seen.contains(end))
                .map(|(_, end)| *end)
                .collect();
            seen.extend(next);
        }
        if !seen.contains(&from) {
            kept.push((from, to));
        }
    }
    kept
}

/// Sorts each column by the middle of its neighbours' rows, from left to right or back.
fn sort(graph: &Graph, columns: &mut [Vec<usize>], to_right: bool) {
    let order: Vec<usize> =
        if to_right { (0..columns.len()).collect() } else { (0..columns.len()).rev().collect() };
    for column in order {
        let mut row = vec![0_usize; graph.nodes.len()];
        for nodes in columns.iter() {
            nodes.iter().enumerate().for_each(|(at, &node)| row[node] = at);
        }
        let middle = |node: usize| {
            let neighbours: Vec<usize> = graph
                .edges
                .iter()
                .filter_map(|edge| match (edge.from == node, edge.to == node) {
                    (true, false) => Some(row[edge.to]),
                    (false, true) => Some(row[edge.from]),
                    _ => None,
                })
                .collect();
            let count = neighbours.len().max(1);
            // In thousandths, so that rows compare exactly.
            neighbours.iter().sum::<usize>() * 1_000 / count
        };
        columns[column].sort_by_key(|&node| (middle(node), node));
    }
}

#[cfg(test)]
mod tests {
    use super::places;
    use crate::program::DmlOp;
    use crate::query::{Edge, Graph, Kind};
    use std::collections::BTreeSet;

    fn graph(nodes: &[&str], edges: &[(usize, usize)]) -> Graph {
        let edge = |&(from, to): &(usize, usize)| Edge {
            from,
            to,
            kinds: BTreeSet::from([Kind::Write]),
            ops: BTreeSet::from([DmlOp::Insert]),
            via: BTreeSet::new(),
        };
        Graph {
            nodes: nodes.iter().map(|&node| node.to_owned()).collect(),
            edges: edges.iter().map(edge).collect(),
        }
    }

    #[test]
    fn locks_lead_to_the_right() {
        let graph = graph(&["a", "b", "c", "d"], &[(0, 1), (1, 2), (0, 2), (3, 2)]);
        let columns: Vec<usize> = places(&graph).iter().map(|place| place.column).collect();
        assert_eq!(columns, [0, 1, 2, 0]);
    }

    #[test]
    fn cycles_end() {
        let graph = graph(&["a", "b", "c"], &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        let places = places(&graph);
        for (index, place) in places.iter().enumerate() {
            assert!(!places[index + 1..].contains(place), "no two nodes in one place");
        }
    }

    #[test]
    fn nothing_has_no_places() {
        assert!(places(&graph(&[], &[])).is_empty());
    }
}
