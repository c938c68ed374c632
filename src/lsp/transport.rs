//! Reads and writes LSP messages: a header with `Content-Length`, then JSON (LSP 3.17, "Base Protocol").
//!
//! The message types and the writer are those of lsp-server. Its reader is not used, because it allocates as many bytes as a header
//! announces, and ends the session at the first message that it cannot parse.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

use crate::base::surrogates::replace_lone_surrogates;

/// The maximum number of bytes of a message. A file of the largest configurable size fits, even if all its characters are escaped.
const MAX_MESSAGE_LEN: u64 = 64 << 20;
/// The maximum number of bytes of a header line, including its line break.
const MAX_HEADER_LINE_LEN: u64 = 1024;
const MAX_HEADER_LINES: usize = 16;

/// What [`read`] returns for one header and body.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A valid message.
    Message(Message),
    /// A body that is not a message, with the code and the text of the error response.
    Malformed(ErrorCode, String),
}

/// Reads the next message. Returns `None` at the end of the input.
///
/// # Errors
///
/// `InvalidData` if the header is invalid, so that the start of the next message is unknown; any other kind if reading fails or
/// the input ends inside a message.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = read_header(input)? else { return Ok(None) };
    if length > MAX_MESSAGE_LEN {
        return Err(invalid_data(format!("the message has {length} bytes, more than the limit of {MAX_MESSAGE_LEN}")));
    }
    // Do not allocate `length` bytes up front: the header may announce more than follows.
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    replace_lone_surrogates(&mut body);
    Ok(Some(match serde_json::from_slice::<Message>(&body) {
        Ok(message) if !is_request_with_invalid_id(&message, &body) => Incoming::Message(message),
        _ => match serde_json::from_slice::<Json>(&body) {
            Ok(_) => Incoming::Malformed(ErrorCode::InvalidRequest, "not a message of the protocol".into()),
            Err(error) => Incoming::Malformed(ErrorCode::ParseError, format!("invalid JSON: {error}")),
        },
    }))
}

/// Whether lsp-server parsed a request as a notification because its `id` is not a valid one (an `i32` or a string). Treated as a
/// notification, it would never get a response.
fn is_request_with_invalid_id(message: &Message, body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct IdPresence {
        #[serde(default, deserialize_with = "is_present")]
        id: bool,
    }
    fn is_present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
        IgnoredAny::deserialize(value)?;
        Ok(true)
    }
    matches!(message, Message::Notification(_))
        // An error means that `id` occurs twice.
        && !matches!(serde_json::from_slice(body), Ok(IdPresence { id: false }))
}

/// Reads a header and returns its `Content-Length`, or `None` if the input ends before it.
fn read_header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for line_index in 0..MAX_HEADER_LINES {
        let mut line = Vec::new();
        input.by_ref().take(MAX_HEADER_LINE_LEN).read_until(b'\n', &mut line)?;
        let Some(line) = line.strip_suffix(b"\n") else {
            return match (line_index, &line[..]) {
                (0, []) => Ok(None),
                (_, line) if (line.len() as u64) < MAX_HEADER_LINE_LEN => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Err(invalid_data("a header line is not terminated")),
            };
        };
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.is_empty() {
            let Some(length) = length else {
                return Err(invalid_data("the `Content-Length` header is missing"));
            };
            return Ok(Some(length));
        }
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("Content-Length") => {
                let value = value.trim();
                if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(invalid_data("the `Content-Length` header is not a number"));
                }
                // A number that does not fit in a `u64` exceeds the limit for messages: report that.
                length = Some(value.parse().unwrap_or(u64::MAX));
            }
            Some(_) => {}
            None => return Err(invalid_data("expected a header of the language server protocol; is this an editor?")),
        }
    }
    Err(invalid_data("the header is not terminated"))
}

/// Writes a message to the editor.
///
/// # Errors
///
/// If writing to `out` fails.
pub(super) fn write(message: &Message, mut out: &mut dyn Write) -> io::Result<()> {
    message.write(&mut out)
}

/// Writes the error response to a malformed message. Its `id` is `null`, as JSON-RPC 2.0 requires when the request's `id` is
/// unknown; lsp-server's response type cannot express that.
///
/// # Errors
///
/// If writing to `out` fails.
pub(super) fn write_error(code: ErrorCode, message: &str, out: &mut dyn Write) -> io::Result<()> {
    let response = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code as i32, "message": message } });
    let response = response.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{response}", response.len())?;
    out.flush()
}

fn invalid_data(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

#[cfg(test)]
mod tests {
    use crate::lsp::transport::*;

    #[test]
    fn accepts_headers_in_any_case_and_order() {
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
    fn rejects_a_request_with_an_invalid_id() {
        for id in ["2147483648", "1.5", "null", "{}", "true", "[1]", "1, \"id\": null"] {
            let body = format!("{{\"id\": {id}, \"method\": \"shutdown\"}}");
            let read = read(&mut format!("Content-Length: {}\n\n{body}", body.len()).as_bytes()).unwrap();
            assert!(matches!(read, Some(Incoming::Malformed(ErrorCode::InvalidRequest, _))), "{body}: {read:?}");
        }
    }

    #[test]
    fn distinguishes_malformed_messages_from_unreadable_input() {
        let read_text = |text: &str| read(&mut text.as_bytes());
        assert!(read_text("").unwrap().is_none());
        for (body, code) in [("{\"method\"", "ParseError"), ("[1]", "InvalidRequest"), ("\u{0}", "ParseError")] {
            let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
            match read_text(&text).unwrap() {
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
            assert_eq!(read_text(text).unwrap_err().kind(), kind, "{text:?}");
        }
    }
}
