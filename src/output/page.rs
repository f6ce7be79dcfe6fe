//! The page of a rule on a terminal. It knows the Markdown that the pages have, and no more.

use super::words::{QUIET, TITLE};
use std::io::{self, Write};

/// Longer lines are hard to read, however wide the screen is.
const WIDEST: usize = 100;

const CODE_INDENT: &str = "    ";

/// Writes a page with its styles, which the stream strips where it has none.
pub(crate) fn write_page(page: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let width = width.min(WIDEST);
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in page.lines() {
        let fence = line.strip_prefix("```");
        if in_code && fence.is_none() {
            writeln!(out, "{}", format!("{CODE_INDENT}{line}").trim_end())?;
            continue;
        }
        let starts_anew =
            line.is_empty() || fence.is_some() || line.starts_with('#') || line.starts_with("- ");
        if starts_anew && !paragraph.is_empty() {
            wrapped(&paragraph, width, out)?;
            paragraph.clear();
        }
        match (fence, line.strip_prefix('#')) {
            (Some(language), _) => {
                in_code = !in_code;
                file_name(language, out)?;
            }
            (None, Some(title)) => {
                writeln!(out, "{TITLE}{}{TITLE:#}", title.trim_start_matches('#').trim_start())?;
            }
            (None, None) if line.is_empty() => writeln!(out)?,
            (None, None) => {
                paragraph.push_str(line);
                paragraph.push(' ');
            }
        }
    }
    if paragraph.is_empty() { Ok(()) } else { wrapped(&paragraph, width, out) }
}

/// `apex title="classes/A.cls"`: what stands above a block of code.
fn file_name(language: &str, out: &mut dyn Write) -> io::Result<()> {
    match language.split('"').nth(1) {
        Some(name) => writeln!(out, "  {QUIET}{name}{QUIET:#}"),
        None => Ok(()),
    }
}

/// The text of links, without where they lead: other pages, which are named by their rules. No bold words either.
fn without_marks(text: &str) -> String {
    let text = text.replace("**", "");
    let mut parts = text.split("](");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (Some((file, rest)), Some(start)) = (part.split_once(".md)"), plain.rfind('[')) else {
            plain.push_str("](");
            plain.push_str(part);
            continue;
        };
        plain.remove(start);
        let rule = file.replace('_', "-");
        if !plain.ends_with(&rule) {
            plain.push_str(&format!(" ({rule})"));
        }
        plain.push_str(rest);
    }
    plain
}

/// A paragraph or an item of a list, whose lines stand below its first word.
fn wrapped(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut line = String::new();
    for word in without_marks(text).split_whitespace() {
        let longer = line.chars().count() + 1 + word.chars().count();
        if width < longer && !line.trim().is_empty() {
            writeln!(out, "{line}")?;
            line = indent.to_owned();
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::{WIDEST, write_page};
    use crate::rules;
    use snapbox::{assert_data_eq, str};

    fn plain(page: &str, width: usize) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write_page(page, width, &mut out).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_page_is_wrapped_but_not_its_code() {
        let page = "# a-rule\n\nSome words that are\n`longer` than [a line](b.md), (see\n[c](c.md)) and a[0](x.\n\n- one and\n  two\n- three\n\n## Flagged\n\n\
            ```apex title=\"classes/A.cls\"\nclass A { /* code stays as it is */ }\n\n```\n";
        assert_data_eq!(
            plain(page, 16),
            str![[r#"
a-rule

Some words that
are `longer`
than a line (b),
(see c) and
a[0](x.

- one and two
- three

Flagged

  classes/A.cls
    class A { /* code stays as it is */ }


"#]]
        );
    }

    #[test]
    fn all_that_pages_say_is_shown() {
        let words = |text: &str| -> Vec<String> {
            text.split_whitespace()
                .map(str::to_owned)
                .filter(|word| !word.starts_with(['#', '`', '[', '*']) && !word.contains(".md)"))
                .collect()
        };
        for rule in rules::ALL {
            let shown = words(&plain(rule.info.page, 80));
            let titles =
                |word: &&String| !word.starts_with("title=") && !word.starts_with("before=");
            let page = words(rule.info.page);
            let missing: Vec<&String> =
                page.iter().filter(titles).filter(|word| !shown.contains(word)).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", rule.info.id);
        }
    }

    #[test]
    fn prose_is_never_wider_than_the_screen() {
        for rule in rules::ALL {
            for (width, most) in [(90, 90), (300, WIDEST)] {
                let text = plain(rule.info.page, width);
                // Code and names of files stay whole.
                let prose = text.lines().filter(|line| !line.starts_with("  "));
                let wide = prose
                    .filter(|line| line.contains(' '))
                    .find(|line| most < line.chars().count());
                assert_eq!(wide, None, "{}", rule.info.id);
            }
        }
    }
}
