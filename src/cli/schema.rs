//! `rowlock schema`: what may stand in `rowlock.toml`.

use crate::config;
use crate::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run() -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    out.write_all(config::json_schema().as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
