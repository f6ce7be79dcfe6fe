//! `rowlock check`: the whole way from files to a report.

use super::args::CheckArgs;
use super::{COULD_NOT_ANALYSE, setting};
use crate::analysis;
use crate::base::{Confidence, Sources};
use crate::error::Error;
use crate::output::{self, Elapsed, Screen, Wanted};
use crate::policy::{self, Found, Report};
use crate::project;
use crate::rules;
use crate::stats;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    let (report, sources, elapsed) = setting::in_threads(|| analyse(&args.paths, args.confidence))?;
    let screen = Screen { width: setting::width(), elapsed };
    let written = write(args, &report, &sources, screen);
    match written {
        // The reader went away (`| head`), which changes nothing of what was found.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    Ok(exit_code(args, &report))
}

fn analyse(paths: &[PathBuf], least: Confidence) -> Result<(Report, Sources, Elapsed), Error> {
    let start = Instant::now();
    let project = project::read(paths)?;
    let read = Instant::now();
    let mut analysis = analysis::of_project(project);
    let analysed = Instant::now();
    let (findings, mut failures) = rules::run(&analysis);
    let mut issues = std::mem::take(&mut analysis.issues);
    issues.append(&mut failures);
    let found = Found {
        findings,
        issues,
        files: analysis.sources.len(),
        stats: stats::of(&analysis),
        unknowns: analysis.program.unknowns,
    };
    let report = policy::judge(found, least);
    let elapsed =
        Elapsed { reading: read - start, analysis: analysed - read, rules: analysed.elapsed() };
    Ok((report, analysis.sources, elapsed))
}

fn write(args: &CheckArgs, report: &Report, sources: &Sources, screen: Screen) -> io::Result<()> {
    let mut out = setting::out(args.format, args.color);
    let wanted = Wanted { format: args.format, unknowns: args.unknowns, stats: args.stats };
    output::write(wanted, report, sources, screen, &mut out)?;
    out.flush()
}

/// What rowlock could not look at may hide findings, so that comes first.
fn exit_code(args: &CheckArgs, report: &Report) -> ExitCode {
    if report.is_incomplete() {
        ExitCode::from(COULD_NOT_ANALYSE)
    } else {
        ExitCode::from(u8::from(report.fails(args.fail_on.severity())))
    }
}
