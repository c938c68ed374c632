//! Lone surrogates in JSON text.

/// Replaces each JSON escape of a lone surrogate by `\ufffd`, the replacement character.
///
/// Editors that store text as UTF-16 can send one, and `serde_json` rejects it. Dropping the whole message would lose a change of
/// the document, and every later position would differ from the editor's.
pub(crate) fn replace_lone_surrogates(body: &mut [u8]) {
    let mut offset = 0;
    while let Some(distance) = memchr::memchr(b'\\', &body[offset..]) {
        offset += distance;
        offset += match (escaped_unit(body, offset), escaped_unit(body, offset + 6)) {
            // A high surrogate and its low surrogate: a valid pair.
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                body[offset + 2..offset + 6].copy_from_slice(b"fffd");
                6
            }
            // Skip the escaped character, too: in `\\u`, the second backslash does not start an escape.
            _ => 2.min(body.len() - offset),
        };
    }
}

/// The code unit of the escape `\uXXXX` at an offset; `None` if there is no such escape.
fn escaped_unit(body: &[u8], offset: usize) -> Option<u32> {
    let digits = body.get(offset..offset + 6)?.strip_prefix(b"\\u")?;
    let mut unit = 0;
    for digit in digits {
        unit = unit * 16 + char::from(*digit).to_digit(16)?;
    }
    Some(unit)
}

#[cfg(test)]
mod tests {
    use crate::base::surrogates::*;

    #[test]
    fn replaces_lone_surrogates_and_keeps_pairs() {
        for (text, expected) in [
            (r"\ud83d\ude00 \ud83d", r"\ud83d\ude00 \ufffd"),
            (r"\ude00\ud83d\ud83d\ude00", r"\ufffd\ufffd\ud83d\ude00"),
            (r"\\ud83d \n \u00e9 \ud8", r"\\ud83d \n \u00e9 \ud8"),
            ("\\", "\\"),
        ] {
            let mut body = text.as_bytes().to_vec();
            replace_lone_surrogates(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), expected);
        }
    }
}
