//! `rowlock init`: a configuration that fits the project.

use super::args::InitArgs;
use super::setup::Setup;
use super::{setting, write};
use crate::config::{self, FILE_NAME};
use crate::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run(args: &InitArgs) -> Result<ExitCode, Error> {
    let paths = [args.path.clone()];
    let setup = Setup::of(&paths, None)?;
    if let Some(path) = setup.file {
        return Err(Error::Exists { path });
    }
    let root = [setup.root.clone()];
    let analysis = setting::in_threads(|| Ok(setup.analyse(setup.read(&root)?)))?;
    let path = setup.root.join(FILE_NAME);
    write::create(&path, &config::template(&analysis))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} written", path.display())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
