//! `rowlock conflicts A B`: the rows that two saves both lock.

use super::args::ConflictsArgs;
use super::setting;
use super::setup::Setup;
use crate::analysis::Analysis;
use crate::error::Error;
use crate::locks::SaveEvent;
use crate::output;
use crate::program::DmlOp;
use crate::query;
use std::process::ExitCode;

/// Without names: more than a page nobody reads.
const WORST: usize = 10;

pub(super) fn run(args: &ConflictsArgs) -> Result<ExitCode, Error> {
    let setup = Setup::of(&args.view.paths, args.view.config.as_deref())?;
    let analysis = setting::in_threads(|| Ok(setup.analyse(setup.read(&args.view.paths)?)))?;
    let conflicts = match args.saves.as_slice() {
        [] => query::worst_conflicts(&analysis, WORST),
        [one] => {
            let event = event(&analysis, one)?;
            vec![analysis.locks.conflict(event, event)]
        }
        [a, b, ..] => vec![analysis.locks.conflict(event(&analysis, a)?, event(&analysis, b)?)],
    };
    let mut out = setting::out(args.view.format.into(), args.view.color.choice());
    output::write_conflicts(args.view.format.into(), &analysis, &conflicts, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// `Line__c:update`
fn event(analysis: &Analysis, save: &str) -> Result<SaveEvent, Error> {
    let parts = save.split_once(':');
    let named = |word: &str| DmlOp::ALL.into_iter().find(|op| op.word().eq_ignore_ascii_case(word));
    let (object, op) = parts
        .and_then(|(object, op)| Some((object, named(op)?)))
        .ok_or_else(|| Error::NoSuchSave { save: save.to_owned() })?;
    Ok(SaveEvent { object: query::object_named(analysis, object)?, op })
}
