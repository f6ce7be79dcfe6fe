//! Text from files, made harmless: names, notes and paths are written by strangers.

use std::borrow::Cow;

/// The text on one line, without what a terminal would obey: control characters and changes of direction.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        unsafe_char if is_unsafe(unsafe_char) => char::REPLACEMENT_CHARACTER,
        harmless => harmless,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// A source text with the same offsets, without the control characters that the snippet renderer lets pass:
/// U+0080 to U+009F, of which one starts an escape sequence. Their stand-in has two bytes as they do.
pub(super) fn clean_source(text: &str) -> Cow<'_, str> {
    let passes = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    if text.contains(passes) {
        Cow::Owned(text.replace(passes, "\u{b7}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_source};

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(clean("Größe 🚣"), "Größe 🚣");
        assert_eq!(
            clean("a\u{1b}[31mb\u{9b}2Jc\nd\u{202e}e"),
            "a\u{fffd}[31mb\u{fffd}2Jc d\u{fffd}e"
        );
    }

    #[test]
    fn sources_keep_their_offsets() {
        let text = "é\u{9b}2J";
        assert_eq!(clean_source(text), "é·2J");
        assert_eq!(clean_source(text).len(), text.len());
    }
}
