//! `rowlock baseline`: what is there may stay.

use super::args::BaselineArgs;
use super::check::{self, Asked};
use super::setup::Setup;
use super::{COULD_NOT_ANALYSE, setting, write};
use crate::base::{FileKind, SourceFile};
use crate::error::{Error, Flaw};
use crate::policy::{BASELINE_NAME, Baseline, NoBaseline};
use crate::project;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn run(args: &BaselineArgs) -> Result<ExitCode, Error> {
    let given = [args.path.clone()];
    let setup = Setup::of(&given, args.config.as_deref())?;
    let path = setup.root.join(BASELINE_NAME);
    let is_there = path.is_file();
    let old = match read(&path) {
        // It is written anew, whatever is wrong with it.
        Err(Error::Flaw(_)) if !args.prune && !args.check => Baseline::default(),
        other => other?.unwrap_or_default(),
    };
    // A baseline is of the whole project.
    let paths: [PathBuf; 1] = [setup.root.clone()];
    let asked = Asked::of(&paths, &setup).with(&old);
    let (report, ..) = setting::in_threads(|| check::analyse(&asked))?;
    if report.is_incomplete() {
        anstream::eprintln!(
            "rowlock failed on a part of the project; `rowlock check` tells where. Nothing was written."
        );
        return Ok(ExitCode::from(COULD_NOT_ANALYSE));
    }
    let new = if args.prune {
        let mut pruned = old.clone();
        pruned.prune(&report.stale);
        pruned
    } else {
        report.baseline()
    };
    let (added, removed) = (new.without(&old).count(), old.without(&new).count());
    // Nobody asks for an empty file but by asking for a baseline.
    let is_same = added == 0 && removed == 0 && (is_there || args.prune || args.check);
    if !is_same && !args.check {
        write::replace(&path, new.text().as_bytes())?;
    }
    let done = match (is_same, args.check) {
        (true, _) => "is up to date",
        (false, true) => "would change",
        (false, false) => "written",
    };
    let mut out = io::stdout().lock();
    let findings = if new.len() == 1 { "finding" } else { "findings" };
    writeln!(out, "{BASELINE_NAME} {done}: {} {findings}, {added} new, {removed} gone", new.len())?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(args.check && !is_same)))
}

/// The baseline in a file; nothing where there is none.
///
/// # Errors
/// It cannot be read, or is none.
pub(super) fn read(path: &Path) -> Result<Option<Baseline>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let text = project::text_of(path)?;
    let file = SourceFile::new(BASELINE_NAME.to_owned(), FileKind::Config, text);
    let flaw = |at: u32, reason: String| {
        let place = file.line_around(at);
        let help = Some("write it anew with `rowlock baseline`, or restore it from git");
        Err(Error::Flaw(Box::new(Flaw { file: file.clone(), place, reason, help })))
    };
    if let Some(at) = file.conflict_marker() {
        return flaw(at, "the baseline has an unresolved merge conflict".to_owned());
    }
    match Baseline::parse(&file.text) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(NoBaseline::Newer(version)) => {
            Err(Error::NewerBaseline { path: path.to_owned(), version })
        }
        Err(NoBaseline::Broken { line, column, reason }) => {
            flaw(file.offset(line, column), format!("this is no baseline: {reason}"))
        }
    }
}
