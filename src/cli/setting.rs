//! What commands run in: their threads, and the stream they write to.

use super::progress;
use crate::error::Error;
use crate::output::Format;
use anstream::AutoStream;
use clap::ColorChoice;
use std::io::{self, BufWriter, IsTerminal, Write};

/// Reserved, not used, until code is nested deeply: what reads code calls itself a few times a level.
const STACK: usize = 64 << 20;

/// Without a terminal: what fits a log and a page.
pub(super) const USUAL_WIDTH: usize = 100;

/// Runs something on threads that can read deeply nested code, and tells whoever waits for it that it runs.
///
/// # Errors
///
/// The threads cannot be started, or what `run` says.
pub(super) fn in_threads<T: Send>(
    run: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build()?;
    progress::during(|| pool.install(run))
}

/// Standard output; with styles for people only.
pub(super) fn out(format: Format, color: ColorChoice) -> Box<dyn Write> {
    let stdout = io::stdout();
    let color = match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    match format {
        Format::Terminal => Box::new(BufWriter::new(AutoStream::new(stdout, color))),
        _ => Box::new(BufWriter::new(stdout)),
    }
}

/// In columns.
pub(super) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return USUAL_WIDTH;
    }
    terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}
