//! `rowlock diff REVISION`: what saves lock more, or less, than they did.

use super::args::DiffArgs;
use super::setting;
use super::setup::Setup;
use crate::error::Error;
use crate::output;
use crate::query;
use std::process::ExitCode;

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Error> {
    let setup = Setup::of(&args.view.paths, args.view.config.as_deref())?;
    let (before, after) = setting::in_threads(|| {
        let before = setup.analyse(setup.read_at(&args.view.paths, &args.before)?);
        let after = match &args.after {
            Some(revision) => setup.read_at(&args.view.paths, revision)?,
            None => setup.read(&args.view.paths)?,
        };
        Ok((before, setup.analyse(after)))
    })?;
    let diff = query::diff(&before, &after);
    let mut out = setting::out(args.view.format.into(), args.view.color.choice());
    output::write_diff(args.view.format.into(), &before, &after, &diff, &mut out)?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(!diff.added.is_empty())))
}
