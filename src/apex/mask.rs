//! Apex before it is parsed: what the grammar stumbles over is taken out of its way.

/// The text with the same places, but without what the grammar stumbles over; nothing if there is none of it.
///
/// - `Trigger.` becomes `_rigger.`: the grammar takes the word, at the start of a statement, only as the keyword of a
///   declaration, and loses the statement and those after it.
/// - In the header of a trigger comments become blanks: between `after` and `insert` only these may stand.
/// - In `merge a b;` comments and line ends become blanks: only a blank may part the operands.
pub(super) fn mask(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut masked: Option<Vec<u8>> = None;
    let mut in_merge = false;
    // A trigger's header reaches from its first word to its first brace.
    let mut in_header = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' | b'\'' => after_comment_or_string(bytes, at),
            byte if is_word(byte) => {
                at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count()
            }
            _ => at + 1,
        };
        let token = &bytes[at..end];
        if in_header.is_none() && is_word(token[0]) {
            in_header = Some(token.eq_ignore_ascii_case(b"trigger"));
        }
        if token.eq_ignore_ascii_case(b"trigger") && is_navigation(&bytes[end..]) {
            masked.get_or_insert_with(|| bytes.to_vec())[at] = b'_';
        } else if token == b"{" {
            in_header = Some(false);
        } else if in_header == Some(true) && is_comment(token) {
            masked.get_or_insert_with(|| bytes.to_vec())[at..end].fill(b' ');
        } else if token.eq_ignore_ascii_case(b"merge") {
            in_merge = true;
        } else if token == b";" {
            in_merge = false;
        } else if in_merge && is_blank_or_comment(token) {
            masked.get_or_insert_with(|| bytes.to_vec())[at..end].fill(b' ');
        }
        at = end;
    }
    masked.map(|bytes| {
        String::from_utf8(bytes)
            .expect("ASCII for ASCII or for a whole comment keeps the text UTF-8")
    })
}

fn is_blank_or_comment(token: &[u8]) -> bool {
    token.trim_ascii().is_empty() || is_comment(token)
}

fn is_comment(token: &[u8]) -> bool {
    token.starts_with(b"//") || token.starts_with(b"/*")
}

/// Whether what follows a word is `.` or `?.`.
fn is_navigation(bytes: &[u8]) -> bool {
    let rest = bytes.trim_ascii_start();
    rest.starts_with(b".") || rest.starts_with(b"?.")
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The offset after the comment or string that begins here; that of the next byte if none does.
pub(super) fn after_comment_or_string(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let length = if rest.starts_with(b"//") {
        rest.iter().position(|byte| *byte == b'\n' || *byte == b'\r')
    } else if rest.starts_with(b"/*") {
        rest[2..].windows(2).position(|pair| pair == b"*/").map(|end| 2 + end + 2)
    } else if rest.starts_with(b"'''") {
        rest[3..].windows(3).position(|triple| triple == b"'''").map(|end| 3 + end + 3)
    } else if rest.starts_with(b"'") {
        string_length(rest)
    } else {
        Some(1)
    };
    // Without an end it reaches to the end of the file.
    length.map_or(bytes.len(), |length| at + length)
}

/// The length of the string that begins here, with its quotes.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'\'' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_the_grammar_stumbles_over_is_masked() {
        let masked = |text| mask(text);
        assert_eq!(
            masked("Trigger.new; trigger\n ?.x; TRIGGER . y").unwrap(),
            "_rigger.new; _rigger\n ?.x; _RIGGER . y"
        );
        assert_eq!(masked("trigger T on A (before insert) {}"), None);
        assert_eq!(
            masked(
                "'Trigger.new' // Trigger.new\n/* Trigger.new */ myTrigger.x Triggers.y TriggerÉ.z"
            ),
            None
        );
        assert_eq!(masked(r"'it\'s Trigger.new'"), None);
        assert_eq!(masked("'\\'"), None);
        assert_eq!(masked("/* Trigger.new"), None);
        assert_eq!(masked("merge a\tb;\tc").unwrap(), "merge a b;\tc");
        assert_eq!(masked("Merge a// é\r\nb/*;*/'\n'").unwrap(), "Merge a       b     '\n'");
        assert_eq!(masked("emerge\n;").as_deref(), None);
    }
}
