//! `rowlock explain OBJECT`: what its saves lock, and why.

use super::args::ExplainArgs;
use super::setting;
use super::setup::Setup;
use crate::error::Error;
use crate::locks::SaveEvent;
use crate::output;
use crate::program::DmlOp;
use crate::query::{self, Explanation};
use std::process::ExitCode;

pub(super) fn run(args: &ExplainArgs) -> Result<ExitCode, Error> {
    let setup = Setup::of(&args.view.paths, args.view.config.as_deref())?;
    let analysis = setting::in_threads(|| Ok(setup.analyse(setup.read(&args.view.paths)?)))?;
    let object = query::object_named(&analysis, &args.object)?;
    let ops = if args.on.is_empty() { DmlOp::ALL.to_vec() } else { args.on.clone() };
    let explanations: Vec<Explanation<'_>> =
        ops.into_iter().map(|op| query::explain(&analysis, SaveEvent { object, op })).collect();
    let mut out = setting::out(args.view.format.into(), args.view.color.choice());
    output::write_explanations(args.view.format.into(), &analysis, &explanations, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
