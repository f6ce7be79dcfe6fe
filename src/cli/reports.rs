//! `--report FORMAT=FILE`: the same findings for those who read files, whatever goes to standard output.

use crate::error::Error;
use crate::output::Format;
use anstream::StripStream;
use std::io::{self, Write};
use std::path::PathBuf;

/// A format and the file it goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

/// `sarif=rowlock.sarif`
pub(super) fn target(text: &str) -> Result<Target, String> {
    let words = || Format::ALL.map(Format::word).join(", ");
    let (word, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or_else(|| "give a format and a file: `sarif=rowlock.sarif`".to_owned())?;
    let format = Format::ALL.into_iter().find(|format| format.word() == word);
    let format = format.ok_or_else(|| format!("there is no format `{word}`: {}", words()))?;
    Ok(Target { format, path: PathBuf::from(path) })
}

/// Writes a report, which is there as a whole or not at all.
///
/// # Errors
/// The file cannot be written: what stood there stays.
pub(super) fn write(
    target: &Target,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let mut text = Vec::new();
    let rendered = match target.format {
        Format::Terminal => report(&mut StripStream::new(&mut text)),
        _ => report(&mut text),
    };
    rendered?;
    super::write::replace(&target.path, &text)
}
