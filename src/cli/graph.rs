//! `rowlock graph`: whose saves lock whose rows.

use super::args::GraphArgs;
use super::setting;
use super::setup::Setup;
use crate::error::Error;
use crate::output::{self, Format, GraphFormat};
use crate::query;
use clap::ColorChoice;
use std::process::ExitCode;

pub(super) fn run(args: &GraphArgs) -> Result<ExitCode, Error> {
    let setup = Setup::of(&args.paths, args.config.as_deref())?;
    let analysis = setting::in_threads(|| Ok(setup.analyse(setup.read(&args.paths)?)))?;
    let around = match &args.object {
        Some(object) => Some((query::object_named(&analysis, object)?, args.depth)),
        None => None,
    };
    let graph = query::graph(&analysis, around);
    let mut out = setting::out(Format::Json, ColorChoice::Never);
    output::write_graph(args.format, &analysis, &graph, &mut out)?;
    out.flush()?;
    // Pictures have no place for it.
    if let Some(unread) = output::unread(&analysis).filter(|_| args.format != GraphFormat::Json) {
        anstream::eprintln!("{unread}");
    }
    Ok(ExitCode::SUCCESS)
}
