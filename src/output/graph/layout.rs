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
    let neighbours = Neighbours::of(graph);
    let mut columns = columns(&neighbours);
    for sweep in 0..SWEEPS {
        sort(&neighbours, &mut columns, sweep % 2 == 0);
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

/// By node: what it locks, and what locks it.
struct Neighbours {
    to: Vec<Vec<usize>>,
    from: Vec<Vec<usize>>,
}

impl Neighbours {
    fn of(graph: &Graph) -> Neighbours {
        let none = || vec![Vec::new(); graph.nodes.len()];
        let mut neighbours = Neighbours { to: none(), from: none() };
        for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
            neighbours.to[edge.from].push(edge.to);
            neighbours.from[edge.to].push(edge.from);
        }
        neighbours
    }
}

/// The longest way to each node tells its column. Edges that would close a cycle do not count.
fn columns(neighbours: &Neighbours) -> Vec<Vec<usize>> {
    let left = left(neighbours);
    let mut place = vec![0; left.len()];
    left.iter().enumerate().for_each(|(at, &node)| place[node] = at);
    let mut depth = vec![0_usize; left.len()];
    // Whatever a walk leaves late leads to what it has left before.
    for &node in left.iter().rev() {
        for &to in neighbours.to[node].iter().filter(|&&to| place[to] < place[node]) {
            depth[to] = depth[to].max(depth[node] + 1);
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

/// The nodes in the order in which a walk along the edges is done with them.
fn left(neighbours: &Neighbours) -> Vec<usize> {
    let mut is_seen = vec![false; neighbours.to.len()];
    let mut left = Vec::new();
    // What most nodes lead to comes last, and so far right.
    let mut starts: Vec<usize> = (0..neighbours.to.len()).collect();
    starts.sort_by_key(|&node| neighbours.from[node].len());
    for start in starts {
        let mut walk = vec![(start, false)];
        while let Some((node, is_done)) = walk.pop() {
            if is_done {
                left.push(node);
            } else if !is_seen[node] {
                is_seen[node] = true;
                walk.push((node, true));
                walk.extend(neighbours.to[node].iter().map(|&to| (to, false)));
            }
        }
    }
    left
}

/// Sorts each column by the middle of its neighbours' rows, from left to right or back.
fn sort(neighbours: &Neighbours, columns: &mut [Vec<usize>], to_right: bool) {
    let mut row = vec![0_usize; neighbours.to.len()];
    for nodes in columns.iter() {
        nodes.iter().enumerate().for_each(|(at, &node)| row[node] = at);
    }
    let order: Vec<usize> =
        if to_right { (0..columns.len()).collect() } else { (0..columns.len()).rev().collect() };
    for column in order {
        let middle = |node: usize| {
            let all = neighbours.to[node].iter().chain(&neighbours.from[node]);
            let count = neighbours.to[node].len() + neighbours.from[node].len();
            // In thousandths, so that rows compare exactly.
            all.map(|&other| row[other]).sum::<usize>() * 1_000 / count.max(1)
        };
        columns[column].sort_by_cached_key(|&node| (middle(node), node));
        columns[column].iter().enumerate().for_each(|(at, &node)| row[node] = at);
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
