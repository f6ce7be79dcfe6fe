//! What a run of `check` says: on standard output, in reports, and by its exit code.

use super::args::CheckArgs;
use super::reports::{self, Target};
use super::{COULD_NOT_ANALYSE, complain, setting};
use crate::base::Sources;
use crate::config::FailOn;
use crate::error::Error;
use crate::output::{self, Detail, Elapsed, Format, Screen, Wanted};
use crate::policy::Report;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What was found, and how it is told.
pub(super) struct Results<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) report: &'a Report,
    pub(super) sources: &'a Sources,
    pub(super) elapsed: Elapsed,
    pub(super) fail_on: FailOn,
}

impl Results<'_> {
    /// Writes everything that was asked for.
    ///
    /// # Errors
    /// Standard output cannot be written. Reports that cannot are told, and the others written.
    pub(super) fn tell(&self) -> Result<ExitCode, Error> {
        let start = Instant::now();
        let unwritten = self.write_reports();
        match self.write() {
            // The reader went away (`| head`), which changes nothing of what was found.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            other => other?,
        }
        if self.args.timings {
            self.timings(start.elapsed());
        }
        unwritten.iter().for_each(|error| complain(&error.to_string(), error.help()));
        let failed = unwritten.first().map(|error| ExitCode::from(error.exit_code()));
        Ok(failed.unwrap_or_else(|| self.exit_code()))
    }

    fn write(&self) -> io::Result<()> {
        let format = self.args.format;
        let screen = Screen { width: setting::width(), elapsed: self.elapsed };
        let mut out = setting::out(format, self.args.color.choice());
        output::write(self.wanted(format), self.report, self.sources, screen, &mut out)?;
        out.flush()
    }

    /// Writes the reports that can be written; why the others cannot.
    fn write_reports(&self) -> Vec<Error> {
        let screen = Screen { width: setting::USUAL_WIDTH, elapsed: self.elapsed };
        let write = |target: &Target| {
            let wanted = self.wanted(target.format);
            let render =
                |out: &mut dyn Write| output::write(wanted, self.report, self.sources, screen, out);
            reports::write(target, render).err()
        };
        self.args.reports.iter().filter_map(write).collect()
    }

    fn wanted(&self, format: Format) -> Wanted {
        let detail = match (self.args.quiet, self.args.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Usual,
        };
        let (unknowns, stats) = (self.args.unknowns, self.args.stats);
        Wanted { format, unknowns, stats, detail, fail_on: self.fail_on.severity() }
    }

    fn timings(&self, output: Duration) {
        let Elapsed { reading, analysis, rules } = self.elapsed;
        let phases =
            [("reading", reading), ("analysis", analysis), ("rules", rules), ("output", output)];
        for (phase, time) in phases {
            anstream::eprintln!("{phase:9} {:>8.3} s", time.as_secs_f64());
        }
    }

    /// What rowlock could not look at may hide findings, so that comes first.
    fn exit_code(&self) -> ExitCode {
        if self.report.is_incomplete() {
            ExitCode::from(COULD_NOT_ANALYSE)
        } else {
            ExitCode::from(u8::from(self.report.fails(self.fail_on.severity())))
        }
    }
}

/// Two reports in one file would be one.
pub(super) fn each_has_its_own_file(targets: &[Target]) -> Result<(), Error> {
    let mut paths: Vec<&Path> = targets.iter().map(|target| target.path.as_path()).collect();
    paths.sort_unstable();
    match paths.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::SameReport { path: pair[0].to_owned() }),
        None => Ok(()),
    }
}
