//! `rowlock rule ID`: a rule's page.

use super::args::RuleArgs;
use crate::error::Error;
use crate::rules;
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run(args: &RuleArgs) -> Result<ExitCode, Error> {
    let id = args.id.as_str();
    let Some(rule) = rules::by_id(id) else {
        return Err(Error::NoSuchRule { id: id.to_owned(), nearest: rules::nearest(id) });
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", rule.info.page.trim_end())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
