//! `rowlock check`: the whole way from files to a report.

use super::args::CheckArgs;
use super::{COULD_NOT_ANALYSE, setting};
use crate::analysis::{self, Analysis};
use crate::base::Sources;
use crate::error::Error;
use crate::output::{self, Elapsed, Screen, Wanted};
use crate::policy::{self, Earlier, Found, Report, Since};
use crate::project;
use crate::rules;
use crate::stats;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    let (report, sources, elapsed) = setting::in_threads(|| analyse(args))?;
    let screen = Screen { width: setting::width(), elapsed };
    let written = write(args, &report, &sources, screen);
    match written {
        // The reader went away (`| head`), which changes nothing of what was found.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    Ok(exit_code(args, &report))
}

fn analyse(args: &CheckArgs) -> Result<(Report, Sources, Elapsed), Error> {
    let start = Instant::now();
    let project = project::read(&args.paths)?;
    let before = match &args.since {
        Some(revision) => project::read_before(&args.paths, revision)?,
        None => None,
    };
    let read = Instant::now();
    let before = before.map(analysis::of_project);
    let mut analysis = analysis::of_project(project);
    let analysed = Instant::now();
    let (findings, mut failures) = rules::run(&analysis, before.as_ref());
    let mut issues = std::mem::take(&mut analysis.issues);
    issues.append(&mut failures);
    let found = Found {
        findings,
        issues,
        files: analysis.sources.len(),
        stats: stats::of(&analysis),
        unknowns: analysis.program.unknowns,
    };
    let since = args.since.as_ref();
    let since = since.map(|_| Since { earlier: earlier(before), sources: &analysis.sources });
    let report = policy::judge(found, args.confidence, since.as_ref());
    let elapsed =
        Elapsed { reading: read - start, analysis: analysed - read, rules: analysed.elapsed() };
    Ok((report, analysis.sources, elapsed))
}

/// What was found before a change.
fn earlier(before: Option<Analysis>) -> Earlier {
    before.map_or_else(Earlier::nothing, |before| {
        Earlier::of(rules::run(&before, None).0, &before.sources)
    })
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
