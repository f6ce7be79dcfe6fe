//! `rowlock rules`: what is looked for.

use super::args::{RulesArgs, RulesFormat};
use crate::error::Error;
use crate::rules;
use serde::Serialize;
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run(args: &RulesArgs) -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    match args.format {
        RulesFormat::Text => text(&mut out)?,
        RulesFormat::Json => json(&mut out)?,
        RulesFormat::Markdown => markdown(&mut out)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn text(out: &mut dyn Write) -> io::Result<()> {
    let width = rules::ALL.iter().map(|rule| rule.info.id.len()).max().unwrap_or(0);
    for rule in rules::ALL {
        let (id, severity, summary) = (rule.info.id, rule.info.severity.word(), rule.info.summary);
        writeln!(out, "{id:width$}  {severity:7}  {summary}")?;
    }
    Ok(())
}

fn markdown(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| rule | default | what it finds |\n|---|---|---|")?;
    for rule in rules::ALL {
        let (id, severity, summary) = (rule.info.id, rule.info.severity.word(), rule.info.summary);
        writeln!(out, "| `{id}` | {severity} | {summary} |")?;
    }
    Ok(())
}

/// A list of these is a promise, as the findings' JSON is.
#[derive(Serialize)]
struct Entry {
    id: &'static str,
    aliases: &'static [&'static str],
    since: &'static str,
    severity: &'static str,
    summary: &'static str,
}

fn json(out: &mut dyn Write) -> io::Result<()> {
    let entry = |rule: &&rules::Rule| Entry {
        id: rule.info.id,
        aliases: rule.info.aliases,
        since: rule.info.since,
        severity: rule.info.severity.word(),
        summary: rule.info.summary,
    };
    let entries: Vec<Entry> = rules::ALL.iter().map(entry).collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}
