//! `rowlock completions SHELL`: what makes a shell complete commands.

use super::args::{Args, CompletionsArgs};
use crate::error::Error;
use clap::CommandFactory;
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run(args: &CompletionsArgs) -> Result<ExitCode, Error> {
    // The generator takes a closed pipe for a reason to panic; memory is never closed.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "rowlock", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
