//! `rowlock check`: the whole way from files to a report.

use super::COULD_NOT_ANALYSE;
use super::args::CheckArgs;
use crate::analysis;
use crate::base::{Confidence, Sources};
use crate::error::Error;
use crate::output::{self, Elapsed, Format, Screen, Wanted};
use crate::policy::{self, Found, Report};
use crate::project;
use crate::rules;
use crate::stats;
use anstream::AutoStream;
use clap::ColorChoice;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Reserved, not used, until code is nested deeply: what reads code calls itself a few times a level.
const STACK: usize = 64 << 20;

/// Without a terminal: what fits a log and a page.
const USUAL_WIDTH: usize = 100;

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK).build()?;
    let (report, sources, elapsed) = threads.install(|| analyse(&args.paths, args.confidence))?;
    let screen = Screen { width: width(), elapsed };
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
    let mut issues = project.issues;
    let mut analysis = analysis::of(project.sources);
    let analysed = Instant::now();
    let (findings, mut failures) = rules::run(&analysis);
    issues.append(&mut analysis.issues);
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
    let stdout = io::stdout();
    let mut out: Box<dyn Write> = match args.format {
        Format::Terminal => Box::new(BufWriter::new(AutoStream::new(stdout, color(args.color)))),
        Format::Json | Format::Sarif => Box::new(BufWriter::new(stdout)),
    };
    let wanted = Wanted { format: args.format, unknowns: args.unknowns, stats: args.stats };
    output::write(wanted, report, sources, screen, &mut out)?;
    out.flush()
}

fn color(choice: ColorChoice) -> anstream::ColorChoice {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}

fn width() -> usize {
    if !io::stdout().is_terminal() {
        return USUAL_WIDTH;
    }
    terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}

/// What rowlock could not look at may hide findings, so that comes first.
fn exit_code(args: &CheckArgs, report: &Report) -> ExitCode {
    if report.is_incomplete() {
        ExitCode::from(COULD_NOT_ANALYSE)
    } else {
        ExitCode::from(u8::from(report.fails(args.fail_on.severity())))
    }
}
