//! `rowlock rule ID`: a rule's page.

use super::args::RuleArgs;
use super::setting;
use crate::error::Error;
use crate::output::{self, Format};
use crate::rules;
use clap::ColorChoice;
use std::process::ExitCode;

pub(super) fn run(args: &RuleArgs) -> Result<ExitCode, Error> {
    let id = args.id.as_str();
    let Some(rule) = rules::by_id(id) else {
        return Err(Error::NoSuchRule { id: id.to_owned(), nearest: rules::nearest(id) });
    };
    let mut out = setting::out(Format::Terminal, ColorChoice::Auto);
    output::write_page(rule.info.page, setting::width(), &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
