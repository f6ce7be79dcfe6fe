//! `rowlock man FOLDER`: the manual, for packages.

use super::args::{Args, ManArgs};
use crate::error::Error;
use clap::CommandFactory;
use std::process::ExitCode;

pub(super) fn run(args: &ManArgs) -> Result<ExitCode, Error> {
    clap_mangen::generate_to(Args::command(), &args.folder).map_err(|error| Error::Unwritable {
        path: args.folder.clone(),
        reason: error.to_string(),
    })?;
    Ok(ExitCode::SUCCESS)
}
