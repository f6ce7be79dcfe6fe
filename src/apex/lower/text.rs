//! Names and literals as they are written.

use super::super::mask::after_comment_or_string;
use std::borrow::Cow;

/// A dotted path without blanks and comments.
pub(super) fn compact(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_whitespace() || c == '/') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut path = String::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if c == '/' {
            at = after_comment_or_string(bytes, at);
            continue;
        }
        if !c.is_whitespace() {
            path.push(c);
        }
        at += c.len_utf8();
    }
    Cow::Owned(path)
}

/// The value of a string literal: without its quotes, `'` or `'''`, and its escapes.
pub(super) fn unquote(literal: &str) -> String {
    let multi_line = literal.strip_prefix("'''").and_then(|rest| rest.strip_suffix("'''"));
    let inner = match multi_line {
        // The line of the opening quotes is none of the text's.
        Some(inner) => inner.strip_prefix("\r\n").or(inner.strip_prefix('\n')).unwrap_or(inner),
        None => {
            literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(literal)
        }
    };
    unescape(inner)
}

fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        value.push_str(before);
        let mut chars = escape.chars();
        match chars.next() {
            Some('n' | 'N') => value.push('\n'),
            Some('r' | 'R') => value.push('\r'),
            Some('t' | 'T') => value.push('\t'),
            Some('b' | 'B') => value.push('\u{8}'),
            Some('f' | 'F') => value.push('\u{c}'),
            Some('u' | 'U') => {
                let code = escape.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                value.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
                chars = escape.get(5..).unwrap_or("").chars();
            }
            Some(quoted @ ('\'' | '"' | '\\')) => value.push(quoted),
            // `\_` and `\%` reach the query as they are.
            Some(other) => value.extend(['\\', other]),
            None => {}
        }
        rest = chars.as_str();
    }
    value.push_str(rest);
    value
}

#[cfg(test)]
mod tests {
    use super::{compact, unquote};

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(unquote(r"'it\'s \u00e9\n\\ 50\%'"), "it's é\n\\ 50\\%");
        assert_eq!(unquote("''"), "");
        assert_eq!(unquote("'''\n  it's\n  two'''"), "  it's\n  two");
        assert_eq!(unquote(r"'\u12'"), "\u{fffd}", "invalid, and no panic");
        assert_eq!(unquote("'"), "'");
        assert_eq!(unquote("'\\"), "'");
    }

    #[test]
    fn paths_are_compact() {
        assert_eq!(compact("A . /* b */ C // d\n . É"), "A.C.É");
        assert_eq!(compact("A.B"), "A.B");
    }
}
