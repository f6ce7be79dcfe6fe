//! For people: rows in the order in which they are locked, each with its reasons and their evidence.

use super::doing;
use crate::analysis::Analysis;
use crate::base::Chain;
use crate::output::words::{QUIET, TITLE, basis, reason, rows, step};
use crate::output::{clean, unread};
use crate::program::RowPath;
use crate::query::{Explanation, LockedRows, Started};
use crate::schema::{FieldId, Schema};
use std::io::{self, Write};

/// Beyond this a list of fields is cut: it is there to be recognised, not to be read.
const MOST_FIELDS: usize = 8;

/// More rows than this have an overview.
const MOST_AT_A_GLANCE: usize = 8;

/// What is not worth a reference to an earlier chain.
const SHORTEST_SHARED: usize = 2;

pub(super) fn write(
    analysis: &Analysis,
    explanations: &[Explanation<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    for (index, explanation) in explanations.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        Page { analysis, shown: Vec::new() }.write(explanation, out)?;
    }
    if let Some(unread) = unread(analysis) {
        writeln!(out, "\n{unread}")?;
    }
    writeln!(
        out,
        "\nA record that somebody views or edits is not locked: only its save is (LK-10)."
    )
}

struct Page<'a> {
    analysis: &'a Analysis,
    /// The evidence that is on the page, with the number of its rows: what is the same is shown once.
    shown: Vec<(usize, Chain)>,
}

impl Page<'_> {
    fn write(&mut self, explanation: &Explanation<'_>, out: &mut dyn Write) -> io::Result<()> {
        let schema = &self.analysis.schema;
        let what = format!(
            "{} `{}` rows locks",
            doing(explanation.event.op),
            clean(schema.name(explanation.event.object).as_str())
        );
        title(out, &capital(&what))?;
        let (found, unknown): (Vec<_>, Vec<_>) =
            explanation.rows.iter().partition(|rows| rows.row != RowPath::Unknown);
        if found.len() > MOST_AT_A_GLANCE {
            overview(&found, schema, out)?;
        }
        for (index, rows) in found.iter().enumerate() {
            self.rows(index + 1, rows, out)?;
        }
        if !unknown.is_empty() {
            title(out, "\nand perhaps these, of which it is not known which rows")?;
            for (index, rows) in unknown.iter().enumerate() {
                self.rows(found.len() + index + 1, rows, out)?;
            }
        }
        if !explanation.started.is_empty() {
            title(out, "\nIn transactions of their own, afterwards")?;
            for started in &explanation.started {
                self.started(started, out)?;
            }
        }
        duplicate_rules(explanation, schema, out)?;
        innocent(explanation, schema, out)?;
        measures(explanation, out)
    }

    fn rows(&mut self, number: usize, locked: &LockedRows, out: &mut dyn Write) -> io::Result<()> {
        let schema = &self.analysis.schema;
        writeln!(out, "\n{number:3}. {}", clean(&rows(schema, locked.object, &locked.row)))?;
        let mut is_shown = false;
        for lock in &locked.reasons {
            writeln!(out, "     - {}{}", clean(&reason(schema, lock.cause)), basis(lock))?;
            match &lock.chain {
                // One way is shown; of the others, where they end. So it is where not much is known.
                Some(chain) if chain.len() > 1 && !is_shown && locked.row != RowPath::Unknown => {
                    is_shown = true;
                    self.evidence(number, chain, out)?;
                }
                Some(chain) => step(chain.last(), &self.analysis.sources, out)?,
                None => {}
            }
        }
        Ok(())
    }

    /// The steps of a chain, but for those that an earlier one has shown.
    fn evidence(&mut self, number: usize, chain: &Chain, out: &mut dyn Write) -> io::Result<()> {
        let common =
            |known: &Chain| chain.steps().zip(known.steps()).take_while(|(a, b)| a == b).count();
        let alike = self.shown.iter().map(|(number, known)| (common(known), *number));
        // The first of those that share most.
        let (shared, by) = alike.rev().max_by_key(|(shared, _)| *shared).unwrap_or((0, 0));
        let from = if shared >= SHORTEST_SHARED { shared.min(chain.len() - 1) } else { 0 };
        if from > 0 {
            writeln!(out, "       {QUIET}… {from} steps as in {by}{QUIET:#}")?;
        }
        for one in chain.steps().skip(from) {
            step(one, &self.analysis.sources, out)?;
        }
        self.shown.push((number, chain.clone()));
        Ok(())
    }

    fn started(&self, started: &Started, out: &mut dyn Write) -> io::Result<()> {
        let schema = &self.analysis.schema;
        let locks: Vec<String> = started
            .locks
            .iter()
            .map(|object| format!("`{}`", clean(schema.name(*object).as_str())))
            .collect();
        let locks = match locks.as_slice() {
            [] => String::new(),
            locks => format!(", which writes {} rows", locks.join(", ")),
        };
        writeln!(out, "\n     - {}{locks}", started.kind.words())?;
        step(started.chain.last(), &self.analysis.sources, out)
    }
}

/// The objects that others want rows of, in their order.
fn overview(rows: &[&LockedRows], schema: &Schema, out: &mut dyn Write) -> io::Result<()> {
    let mut objects: Vec<String> = Vec::new();
    for rows in rows.iter().filter(|rows| rows.row.is_shared()) {
        let name = rows.object.map(|object| clean(schema.name(object).as_str()).into_owned());
        objects.extend(name.filter(|name| !objects.contains(name)));
    }
    let objects: Vec<String> = objects.iter().map(|object| format!("`{object}`")).collect();
    if objects.is_empty() {
        return Ok(());
    }
    writeln!(out, "  rows that other saves want as well: {}", objects.join(", "))
}

fn title(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{TITLE}{text}{TITLE:#}")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn duplicate_rules(
    explanation: &Explanation<'_>,
    schema: &Schema,
    out: &mut dyn Write,
) -> io::Result<()> {
    if explanation.duplicate_rules.is_empty() {
        return Ok(());
    }
    title(out, "\nDuplicate rules that compare rows meanwhile (DU-01)")?;
    for (object, rule) in &explanation.duplicate_rules {
        let by: Vec<&str> = rule.match_rules.iter().map(|rule| rule.name.as_str()).collect();
        let by =
            if by.is_empty() { String::new() } else { format!(", by {}", clean(&by.join(", "))) };
        let (object, label) = (clean(schema.name(*object).as_str()), clean(&rule.label));
        writeln!(out, "     - `{object}`: in Setup, Duplicate Rules > {label}{by}")?;
    }
    Ok(())
}

fn innocent(explanation: &Explanation<'_>, schema: &Schema, out: &mut dyn Write) -> io::Result<()> {
    let suspects = [&explanation.formulas, &explanation.clearing, &explanation.filtered];
    if suspects.iter().all(|fields| fields.is_empty()) {
        return Ok(());
    }
    title(out, "\nLocks nothing by itself, though often suspected")?;
    if !explanation.formulas.is_empty() {
        let fields = listed(schema, &explanation.formulas);
        writeln!(
            out,
            "     - formula fields, which are computed when they are read (RU-13): {fields}"
        )?;
    }
    if !explanation.clearing.is_empty() {
        let fields = listed(schema, &explanation.clearing);
        writeln!(
            out,
            "     - lookups that clear themselves (CS-09, DC-02; of 2013, BL-01 says otherwise): {fields}"
        )?;
    }
    if !explanation.filtered.is_empty() {
        let fields = listed(schema, &explanation.filtered);
        writeln!(
            out,
            "     - lookup filters, which make the save read the row, and which no source says to lock it (DC-13): {fields}"
        )?;
    }
    Ok(())
}

fn listed(schema: &Schema, fields: &[FieldId]) -> String {
    let shown: Vec<String> = fields
        .iter()
        .take(MOST_FIELDS)
        .map(|field| format!("`{}`", clean(&schema.path(*field))))
        .collect();
    let rest = fields.len() - shown.len();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

fn measures(explanation: &Explanation<'_>, out: &mut dyn Write) -> io::Result<()> {
    if explanation.measures.is_empty() {
        return Ok(());
    }
    title(
        out,
        "\nHow often saves meet depends on the data: count the children of a parent in production",
    )?;
    for measure in &explanation.measures {
        let (relationship, soql) = (clean(&measure.relationship), clean(&measure.soql));
        writeln!(out, "     - `{relationship}`\n       {soql}")?;
    }
    Ok(())
}
