//! A picture: boxes in columns, and a curve for each lock, to whose end somebody waits.

use super::layout::{Place, places};
use super::{color, kinds};
use crate::output::markup::escaped;
use crate::query::{Edge, Graph};
use std::io::{self, Write};

// In pixels.
const BOX_HEIGHT: usize = 26;
const ROW: usize = 46;
const GAP: usize = 130;
const MARGIN: usize = 20;
/// Of one character, on average.
const CHARACTER: usize = 7;
const LEGEND: usize = 34;

const COLORS: [(&str, &str); 4] = [
    ("#c2410c", "automation"),
    ("#7c3aed", "locking query"),
    ("#0369a1", "roll-up"),
    ("#0d9488", "relationship"),
];

pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let places = places(graph);
    let picture = Picture::of(graph, &places);
    let (width, height) = (picture.width(), picture.height());
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">"
    )?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>")?;
    legend(out)?;
    for (index, (color, _)) in COLORS.iter().chain(&[("#94a3b8", "")]).enumerate() {
        writeln!(
            out,
            "<marker id=\"m{index}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"{color}\"/></marker>"
        )?;
    }
    for edge in &graph.edges {
        curve(graph, &picture, &places, edge, out)?;
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        let (x, y) = picture.corner(places[index]);
        let width = picture.widths[places[index].column];
        let heat = graph.edges.iter().filter(|edge| edge.to == index).count();
        writeln!(
            out,
            "<g><title>{0}: locked by saves of {heat} objects</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" \
             height=\"{BOX_HEIGHT}\" rx=\"4\" fill=\"{1}\" stroke=\"#334155\"/><text x=\"{2}\" y=\"{3}\" \
             text-anchor=\"middle\">{0}</text></g>",
            escaped(node),
            fill(heat),
            x + width / 2,
            y + BOX_HEIGHT / 2 + 4,
        )?;
    }
    writeln!(out, "</svg>")
}

/// Where the columns are.
struct Picture {
    widths: Vec<usize>,
    /// How many boxes each column has.
    rows: Vec<usize>,
}

impl Picture {
    /// A column is as wide as its longest name.
    fn of(graph: &Graph, places: &[Place]) -> Picture {
        let count = places.iter().map(|place| place.column + 1).max().unwrap_or(0);
        let mut widths = vec![0; count];
        let mut rows = vec![0; count];
        for (node, place) in graph.nodes.iter().zip(places) {
            rows[place.column] += 1;
            let width = node.chars().count() * CHARACTER + 16;
            widths[place.column] = widths[place.column].max(width);
        }
        Picture { widths, rows }
    }

    fn corner(&self, place: Place) -> (usize, usize) {
        let before: usize = self.widths.iter().take(place.column).map(|width| width + GAP).sum();
        // Neighbouring columns are shifted, so that curves do not run along boxes.
        let shift = if place.column % 2 == 1 { self.shift() } else { 0 };
        // Columns are centred on the longest.
        let free = (self.most_rows() - self.rows[place.column]) * ROW / 2;
        (MARGIN + before, MARGIN + LEGEND + free + place.row * ROW + shift)
    }

    fn width(&self) -> usize {
        let columns: usize = self.widths.iter().map(|width| width + GAP).sum();
        (columns.saturating_sub(GAP) + 2 * MARGIN).max(700)
    }

    fn most_rows(&self) -> usize {
        self.rows.iter().copied().max().unwrap_or(0)
    }

    /// Where there are few rows, more than half of one, or all curves would be flat.
    fn shift(&self) -> usize {
        if self.most_rows() > 3 { ROW / 2 } else { 2 * ROW }
    }

    fn height(&self) -> usize {
        self.most_rows() * ROW + self.shift() + 2 * MARGIN + LEGEND
    }
}

/// From the right side of the box to the left side of the other; back, from left to right.
fn curve(
    graph: &Graph,
    picture: &Picture,
    places: &[Place],
    edge: &Edge,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (from, to) = (places[edge.from], places[edge.to]);
    let ((x1, y1), (x2, y2)) = (picture.corner(from), picture.corner(to));
    let middle = BOX_HEIGHT / 2;
    let path = if edge.from == edge.to {
        let right = x1 + picture.widths[from.column];
        format!("M{right} {} c28 -18 28 18 0 {}", y1 + 8, BOX_HEIGHT - 16)
    } else if from.column == to.column {
        let right = x1 + picture.widths[from.column];
        let (start, end) = (y1 + middle, y2 + middle);
        // The further apart, the wider, so that curves do not lie upon each other.
        let bend = right + 24 + y1.abs_diff(y2) / 5;
        format!("M{right} {start} C{bend} {start} {bend} {end} {right} {end}")
    } else if from.column < to.column {
        let start = x1 + picture.widths[from.column];
        let bend = GAP * 2 / 3;
        format!(
            "M{start} {} C{} {} {} {} {x2} {}",
            y1 + middle,
            start + bend,
            y1 + middle,
            x2.saturating_sub(bend),
            y2 + middle,
            y2 + middle
        )
    } else {
        let end = x2 + picture.widths[to.column];
        let bend = GAP * 2 / 3;
        format!(
            "M{x1} {} C{} {} {} {} {end} {}",
            y1 + middle,
            x1.saturating_sub(bend),
            y1 + middle,
            end + bend,
            y2 + middle,
            y2 + middle
        )
    };
    let color = color(edge);
    let marker = COLORS.iter().position(|(known, _)| *known == color).unwrap_or(COLORS.len());
    let saves: Vec<&str> = edge.ops.iter().map(|op| op.word()).collect();
    let via: Vec<&str> = edge.via.iter().map(String::as_str).collect();
    let title = format!(
        "{} of {} locks {}: {}{}{}",
        saves.join(", "),
        graph.nodes[edge.from],
        graph.nodes[edge.to],
        kinds(edge),
        if via.is_empty() { "" } else { " by " },
        via.join("; ")
    );
    writeln!(
        out,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-opacity=\"0.7\" stroke-width=\"1.4\" \
         marker-end=\"url(#m{marker})\"><title>{}</title></path>",
        escaped(&title)
    )
}

fn legend(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<text x=\"{MARGIN}\" y=\"22\" fill=\"#334155\">saves lock rows of →</text>")?;
    for (index, (color, word)) in COLORS.iter().enumerate() {
        let x = MARGIN + 140 + index * 130;
        writeln!(
            out,
            "<path d=\"M{x} 18h18\" stroke=\"{color}\" stroke-width=\"2\"/><text x=\"{}\" y=\"22\" fill=\"#334155\">{word}</text>",
            x + 24
        )?;
    }
    Ok(())
}

/// The more objects' saves lock it, the darker.
fn fill(heat: usize) -> &'static str {
    match heat {
        0 => "#ffffff",
        1 => "#fef3c7",
        2..=3 => "#fde68a",
        4..=7 => "#fbbf24",
        _ => "#f59e0b",
    }
}
