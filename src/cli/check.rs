//! `rowlock check`: the whole way from files to a report.

use super::args::CheckArgs;
use super::reports::{self, Target};
use super::{COULD_NOT_ANALYSE, complain, setting};
use crate::analysis::{self, Analysis};
use crate::base::Sources;
use crate::error::Error;
use crate::output::{self, Elapsed, Format, Screen, Wanted};
use crate::policy::{self, Earlier, Found, Report, Since};
use crate::project;
use crate::rules;
use crate::stats;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    each_has_its_own_file(&args.reports)?;
    let (report, sources, elapsed) = setting::in_threads(|| analyse(args))?;
    let analysed = Instant::now();
    let unwritten = write_reports(args, &report, &sources, elapsed);
    let screen = Screen { width: setting::width(), elapsed };
    let written = write(args, &report, &sources, screen);
    match written {
        // The reader went away (`| head`), which changes nothing of what was found.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    if args.timings {
        timings(elapsed, analysed.elapsed());
    }
    unwritten.iter().for_each(|error| complain(&error.to_string(), error.help()));
    let failed = unwritten.first().map(|error| ExitCode::from(error.exit_code()));
    Ok(failed.unwrap_or_else(|| exit_code(args, &report)))
}

fn timings(elapsed: Elapsed, output: Duration) {
    let Elapsed { reading, analysis, rules } = elapsed;
    let phases =
        [("reading", reading), ("analysis", analysis), ("rules", rules), ("output", output)];
    for (phase, time) in phases {
        anstream::eprintln!("{phase:9} {:>8.3} s", time.as_secs_f64());
    }
}

fn each_has_its_own_file(targets: &[Target]) -> Result<(), Error> {
    let mut paths: Vec<&Path> = targets.iter().map(|target| target.path.as_path()).collect();
    paths.sort_unstable();
    match paths.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::SameReport { path: pair[0].to_owned() }),
        None => Ok(()),
    }
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
    output::write(wanted(args, args.format), report, sources, screen, &mut out)?;
    out.flush()
}

/// Writes the reports that can be written; why the others cannot.
fn write_reports(
    args: &CheckArgs,
    report: &Report,
    sources: &Sources,
    elapsed: Elapsed,
) -> Vec<Error> {
    let screen = Screen { width: setting::USUAL_WIDTH, elapsed };
    let write = |target: &Target| {
        let wanted = wanted(args, target.format);
        reports::write(target, |out| output::write(wanted, report, sources, screen, out)).err()
    };
    args.reports.iter().filter_map(write).collect()
}

fn wanted(args: &CheckArgs, format: Format) -> Wanted {
    let fail_on = args.fail_on.severity();
    Wanted { format, unknowns: args.unknowns, stats: args.stats, fail_on }
}

/// What rowlock could not look at may hide findings, so that comes first.
fn exit_code(args: &CheckArgs, report: &Report) -> ExitCode {
    if report.is_incomplete() {
        ExitCode::from(COULD_NOT_ANALYSE)
    } else {
        ExitCode::from(u8::from(report.fails(args.fail_on.severity())))
    }
}
