//! Messages on the wire: a header that says how long, then JSON.
//!
//! The messages and their writing are lsp-server's. Their reading is not: it sets aside whatever a header asks for, and ends
//! the session at the first message that it does not understand.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

/// More than any editor has to say: a file at the limit of the settings, every character of it escaped.
const LONGEST: u64 = 64 << 20;
/// A line of a header, and how many of them.
const LONGEST_LINE: u64 = 1024;
const LINES: usize = 16;

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    /// A message.
    Message(Message),
    /// Something of its length that is none, and what that is to the protocol.
    Malformed(ErrorCode, String),
}

/// The next message; `None` when nothing comes any more.
///
/// # Errors
///
/// `InvalidData` when it cannot be told where the next message starts; any other when reading fails or ends in the middle.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = length(input)? else { return Ok(None) };
    if length > LONGEST {
        return Err(invalid(format!("a message of {length} bytes was announced; more than {LONGEST} are not read")));
    }
    // What was announced is not set aside: it has to come first.
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    mend(&mut body);
    Ok(Some(match serde_json::from_slice::<Message>(&body) {
        Ok(message) if !is_odd(&message, &body) => Incoming::Message(message),
        _ => match serde_json::from_slice::<Json>(&body) {
            Ok(_) => Incoming::Malformed(ErrorCode::InvalidRequest, "this is no message of the protocol".into()),
            Err(error) => Incoming::Malformed(ErrorCode::ParseError, format!("this is no JSON: {error}")),
        },
    }))
}

/// A question whose number is none of the protocol's is read as a notification, which is never answered.
fn is_odd(message: &Message, body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Numbered {
        #[serde(default, deserialize_with = "is_there")]
        id: bool,
    }
    fn is_there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
        IgnoredAny::deserialize(value).map(|_| true)
    }
    matches!(message, Message::Notification(_))
        && serde_json::from_slice::<Numbered>(body).map_or(true, |numbered| numbered.id)
}

/// Editors that count in UTF-16 can have half a character in a text, which is none in UTF-8. In its place comes the character
/// for what cannot be shown: were the message left out, every place behind it would be another than the editor's.
fn mend(body: &mut [u8]) {
    /// The number of an escape at a place.
    fn unit(body: &[u8], at: usize) -> Option<u32> {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
    }
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &body[at..]) {
        at += found;
        at += match (unit(body, at), unit(body, at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                body[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            // An escape is two bytes at least, so that a backslash that is escaped escapes nothing.
            _ => 2.min(body.len() - at),
        };
    }
}

/// Reads a header.
fn length(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for number in 0..LINES {
        let mut line = Vec::new();
        input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        let Some(line) = line.strip_suffix(b"\n") else {
            return match (number, &line[..]) {
                (0, []) => Ok(None),
                (_, line) if (line.len() as u64) < LONGEST_LINE => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Err(invalid("a line of a header does not end")),
            };
        };
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| invalid("a header does not say how long its message is"));
        }
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("Content-Length") => {
                // A number too large to be one is too large for a message as well.
                let value = value.trim();
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let number = digits.then(|| value.parse().unwrap_or(u64::MAX));
                length = Some(number.ok_or_else(|| invalid("the length in a header is no number"))?);
            }
            Some(_) => {}
            None => return Err(invalid("what came in is no header; is this an editor?")),
        }
    }
    Err(invalid("a header does not end"))
}

/// Writes a message.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write(message: &Message, mut out: &mut dyn Write) -> io::Result<()> {
    message.write(&mut out)
}

/// Answers what was no message. Whose question it was is not known: the only answer with `null` for its number.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_error(code: ErrorCode, message: &str, out: &mut dyn Write) -> io::Result<()> {
    let answer = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code as i32, "message": message } });
    let answer = answer.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    out.flush()
}

fn invalid(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

#[cfg(test)]
mod tests {
    use crate::lsp::transport::*;

    #[test]
    fn a_message_is_read_however_its_header_is_written() {
        for header in [
            "Content-Length: 17\r\n\r\n",
            "content-length:17\n\n",
            "X: y\r\nContent-Length: 17\r\nContent-Type: z\r\n\r\n",
        ] {
            let text = format!("{header}{{\"method\":\"exit\"}}");
            let read = read(&mut text.as_bytes()).unwrap();
            assert!(matches!(read, Some(Incoming::Message(Message::Notification(_)))), "{header:?}");
        }
    }

    #[test]
    fn a_question_has_a_number_of_the_protocol() {
        for id in ["2147483648", "1.5", "null", "{}", "true", "[1]", "1, \"id\": null"] {
            let body = format!("{{\"id\": {id}, \"method\": \"shutdown\"}}");
            let read = read(&mut format!("Content-Length: {}\n\n{body}", body.len()).as_bytes()).unwrap();
            assert!(matches!(read, Some(Incoming::Malformed(ErrorCode::InvalidRequest, _))), "{body}: {read:?}");
        }
    }

    #[test]
    fn half_a_character_is_mended_and_whole_ones_stay() {
        for (text, mended) in [
            (r"\ud83d\ude00 \ud83d", r"\ud83d\ude00 \ufffd"),
            (r"\ude00\ud83d\ud83d\ude00", r"\ufffd\ufffd\ud83d\ude00"),
            (r"\\ud83d \n \u00e9 \ud8", r"\\ud83d \n \u00e9 \ud8"),
            ("\\", "\\"),
        ] {
            let mut body = text.as_bytes().to_vec();
            mend(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), mended);
        }
    }

    #[test]
    fn what_is_no_message_is_told_apart_from_what_has_no_end() {
        let of = |text: &str| read(&mut text.as_bytes());
        assert!(of("").unwrap().is_none());
        for (body, code) in [("{\"method\"", "ParseError"), ("[1]", "InvalidRequest"), ("\u{0}", "ParseError")] {
            let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
            match of(&text).unwrap() {
                Some(Incoming::Malformed(found, _)) => assert_eq!(format!("{found:?}"), code),
                other => panic!("{other:?}"),
            }
        }
        for (text, kind) in [
            ("Content-Length: 99999999999\r\n\r\n{}", io::ErrorKind::InvalidData),
            ("Content-Length: 99999999999999999999999999\r\n\r\n{}", io::ErrorKind::InvalidData),
            ("Content-Length: -1\r\n\r\n{}", io::ErrorKind::InvalidData),
            ("\r\n{}", io::ErrorKind::InvalidData),
            ("GET / HTTP/1.1\r\n\r\n", io::ErrorKind::InvalidData),
            (&"x".repeat(5000), io::ErrorKind::InvalidData),
            (&"a: b\r\n".repeat(50), io::ErrorKind::InvalidData),
            ("Content-Length: 17\r\n\r\n{}", io::ErrorKind::UnexpectedEof),
            ("Content-Length: 17", io::ErrorKind::UnexpectedEof),
        ] {
            assert_eq!(of(text).unwrap_err().kind(), kind, "{text:?}");
        }
    }
}
