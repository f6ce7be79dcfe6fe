//! The command line: what was asked, the call, and what is printed.

mod args;
mod baseline;
mod check;
mod completions;
mod conflicts;
mod deployment;
mod diff;
mod explain;
mod graph;
mod init;
mod man;
mod progress;
mod reports;
mod results;
mod rule;
mod rules;
mod schema;
mod setting;
mod setup;
mod write;

use crate::error::{Error, Flaw};
use crate::output::{self, clean};
use args::{Args, Command};
use clap::Parser;
use std::any::Any;
use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

/// Something other than findings went wrong.
const COULD_NOT_ANALYSE: u8 = 3;

/// Parses the arguments and runs the command.
pub(crate) fn run() -> ExitCode {
    silence_panics();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => {
            // A reader that went away needs no usage.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    match panic::catch_unwind(|| dispatch(&args.command)) {
        Ok(Ok(code)) => code,
        // The reader went away (`| head`): it has what it wanted.
        Ok(Err(Error::Output(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Ok(Err(error)) => {
            match &error {
                Error::Flaw(flaw) => show(flaw),
                other => complain(&other.to_string(), other.help()),
            }
            ExitCode::from(error.exit_code())
        }
        Err(panic) => {
            let message = format!("rowlock failed: {}", panic_message(panic.as_ref()));
            complain(
                &message,
                Some("this is a bug; with RUST_BACKTRACE=1 the place is shown, please report it"),
            );
            ExitCode::from(COULD_NOT_ANALYSE)
        }
    }
}

fn dispatch(command: &Command) -> Result<ExitCode, Error> {
    match command {
        Command::Baseline(args) => baseline::run(args),
        Command::Check(args) => check::run(args),
        Command::Conflicts(args) => conflicts::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Graph(args) => graph::run(args),
        Command::Init(args) => init::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Rule(args) => rule::run(args),
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// A caught panic becomes an issue: its own message would confuse, unless somebody looks for the place.
fn silence_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| {}));
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for an unknown reason")
}

/// A complaint about a file, with its place.
fn show(flaw: &Flaw) {
    // Nobody can be told that the place for complaints is closed.
    let _ = output::write_flaw(flaw, setting::width(), &mut anstream::stderr());
}

fn complain(message: &str, help: Option<&str>) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    let mut err = anstream::stderr();
    // Nobody can be told that the place for complaints is closed.
    let _ = writeln!(err, "{red}error{red:#}: {}", clean(message));
    if let Some(help) = help {
        let _ = writeln!(err, "{cyan}help{cyan:#}: {}", clean(help));
    }
}
