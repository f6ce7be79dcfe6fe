//! `rowlock diff REVISION`: what saves lock more, or less, than they did.

use super::args::DiffArgs;
use super::setting;
use crate::analysis;
use crate::error::Error;
use crate::output;
use crate::project;
use crate::query;
use std::process::ExitCode;

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Error> {
    let (before, after) = setting::in_threads(|| {
        let before = analysis::of_project(project::read_at(&args.view.paths, &args.before)?);
        let after = match &args.after {
            Some(revision) => project::read_at(&args.view.paths, revision)?,
            None => project::read(&args.view.paths)?,
        };
        Ok((before, analysis::of_project(after)))
    })?;
    let diff = query::diff(&before, &after);
    let mut out = setting::out(args.view.format.into(), args.view.color);
    output::write_diff(args.view.format.into(), &before, &after, &diff, &mut out)?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(!diff.added.is_empty())))
}
