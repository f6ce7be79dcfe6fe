//! The line of code that a piece of evidence stands on, for formats that have no snippet renderer.

use super::clean;
use crate::base::{Sources, Span};
use std::borrow::Cow;

/// A line that is longer is generated, or says no more.
const LONGEST: usize = 160;

/// A line without its indentation, cut where the evidence begins and ends.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Excerpt<'a> {
    /// Counts from 1.
    pub(super) line: usize,
    pub(super) before: Cow<'a, str>,
    pub(super) marked: Cow<'a, str>,
    pub(super) after: Cow<'a, str>,
}

/// The first line of a place; nothing where there is no text to show.
pub(super) fn of(span: Span, sources: &Sources) -> Option<Excerpt<'_>> {
    let file = sources.file(span.file);
    let line = file.line_around(span.start);
    let start = file.char_start(span.start).clamp(line.start, line.end);
    let end = file.char_start(span.end).clamp(start, line.end);
    let before = file.text.get(line.start..start)?.trim_start();
    let after = file.text.get(end..line.end)?.trim_end();
    let marked = file.text.get(start..end)?;
    let marked = if after.is_empty() { marked.trim_end() } else { marked };
    if before.is_empty() && marked.is_empty() && after.is_empty() {
        return None;
    }
    let (marked, after) = match marked.char_indices().nth(LONGEST) {
        Some((cut, _)) => (format!("{}…", clean(marked.get(..cut)?)).into(), "".into()),
        None => (clean(marked), shortened_end(after)),
    };
    let line = file.line_column(span.start).line;
    Some(Excerpt { line, before: shortened_start(before), marked, after })
}

fn shortened_end(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", clean(text.get(..cut).unwrap_or_default())).into(),
        None => clean(text),
    }
}

fn shortened_start(text: &str) -> Cow<'_, str> {
    match text.char_indices().rev().nth(LONGEST) {
        Some((cut, _)) => format!("…{}", clean(text.get(cut..).unwrap_or_default())).into(),
        None => clean(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, of};
    use crate::base::{FileId, FileKind, SourceFile, Sources, Span};

    fn excerpt(text: &str, start: u32, end: u32) -> Option<(usize, String)> {
        let file = SourceFile::new("A.cls".into(), FileKind::ApexClass, text.into());
        let sources = Sources::new(vec![file]);
        let it = of(Span { file: FileId(0), start, end }, &sources)?;
        Some((it.line, format!("{}[{}]{}", it.before, it.marked, it.after)))
    }

    #[test]
    fn it_is_the_first_line_of_the_place() {
        let text = "class A {\r\n  void é() {\r\n  }\r\n}\r\n";
        assert_eq!(excerpt(text, 13, 26), Some((2, "[void é() {]".into())));
        assert_eq!(excerpt(text, 18, 20), Some((2, "void [é]() {".into())));
        assert_eq!(excerpt(text, 19, 20), Some((2, "void [é]() {".into())), "inside a character");
        assert_eq!(excerpt("", 0, 0), None);
        assert_eq!(excerpt("\n\n", 1, 1), None);
        assert_eq!(excerpt("a", 5, 9), Some((1, "a[]".into())), "past the end");
    }

    #[test]
    fn a_minified_line_is_cut_on_both_sides() {
        let text = "x".repeat(10_000);
        let (_, line) = excerpt(&text, 5_000, 5_003).unwrap();
        assert!(line.starts_with("…x") && line.ends_with("x…") && line.contains("[xxx]"));
        let (_, line) = excerpt(&text, 0, 10_000).unwrap();
        assert_eq!(line.chars().count(), LONGEST + 3);
    }
}
