//! The bytes of a file as text.

/// More than any class or object: a bigger file is a mistake, and is skipped rather than held in memory.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The text of a file, without byte order mark.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    /// What is wrong with its encoding, and where.
    pub(super) flaw: Option<(u32, &'static str)>,
}

/// Reads a file, or says why not, as a sentence whose subject is the file.
pub(super) fn read(path: &std::path::Path) -> Result<Text, String> {
    let reason = |error: std::io::Error| format!("could not be read: {error}");
    let metadata = std::fs::metadata(path).map_err(reason)?;
    if !metadata.is_file() {
        // A pipe or a device, from which reading might never end.
        return Err("is no file".to_owned());
    }
    if metadata.len() > MAX_BYTES {
        return Err(format!("is larger than {} MB and was skipped", MAX_BYTES / 1024 / 1024));
    }
    std::fs::read(path).map(decode).map_err(reason)
}

fn decode(bytes: Vec<u8>) -> Text {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec()),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Text {
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, flaw: None },
        Err(error) => {
            let at = error.utf8_error().valid_up_to() as u32;
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Text {
                text,
                flaw: Some((
                    at,
                    "bytes that are no UTF-8 were replaced, here and possibly further on",
                )),
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Text {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text =
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Text {
        text,
        flaw: Some((
            0,
            "is UTF-16, where Salesforce expects UTF-8; places in it are those of its UTF-8 form",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(bytes: &[u8], text: &str, flaw_at: Option<u32>) {
        let decoded = decode(bytes.to_vec());
        assert_eq!((decoded.text.as_str(), decoded.flaw.map(|(at, _)| at)), (text, flaw_at));
    }

    #[test]
    fn encodings() {
        check("é\r\n".as_bytes(), "é\r\n", None);
        check(b"\xEF\xBB\xBFabc", "abc", None);
        check(b"", "", None);
        check(b"caf\xE9 x", "caf\u{FFFD} x", Some(3));
        check(b"\xEF\xBB\xBFab\xFF", "ab\u{FFFD}", Some(2));
        check(b"\xFF\xFEa\0\xE9\0", "aé", Some(0));
        check(b"\xFE\xFF\0a\0\xE9", "aé", Some(0));
        check(b"\xFF\xFE\x3D\xD8\x00", "\u{FFFD}", Some(0));
    }
}
