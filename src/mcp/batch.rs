//! Responds to a line: parses it, handles its message, and supports the batches of protocol version 2025-03-26.

use serde_json::Value as Json;

use crate::base::source::{Format, Source};
use crate::base::surrogates::replace_lone_surrogates;
use crate::mcp::message::{ErrorCode, Message, RpcError, error_response, result_response};
use crate::mcp::queue::MessageQueue;
use crate::mcp::session::Session;
use crate::mcp::transport::Line;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Problem, json};

/// The response to a line. `None` if there is none: for a notification, or a request that was cancelled.
pub(super) fn respond(session: &mut Session, line: Line, queue: &mut MessageQueue) -> Option<Json> {
    let Line::Text(mut text) = line else {
        return Some(error(ErrorCode::InvalidRequest, "a message may have at most 9 MiB"));
    };
    replace_lone_surrogates(&mut text);
    let Ok(value) = serde_json::from_slice::<Json>(&text) else {
        return respond_to_unreadable(&text);
    };
    match value {
        Json::Array(messages) if session.accepts_batches() && !messages.is_empty() => {
            let texts = texts_of_messages(&text);
            let mut responses = Vec::new();
            for (index, message) in messages.into_iter().enumerate() {
                let text = texts.get(index).map(String::as_bytes);
                responses.extend(respond_to_message(session, message, text, queue));
            }
            (!responses.is_empty()).then_some(Json::Array(responses))
        }
        Json::Array(_) => Some(error(ErrorCode::InvalidRequest, "the line is a list, not a message")),
        message => respond_to_message(session, message, Some(&text), queue),
    }
}

/// The texts of the messages of a batch, as they are written in the line.
fn texts_of_messages(line: &[u8]) -> Vec<String> {
    let source = Source::new("<request>", String::from_utf8_lossy(line), Format::Json);
    let parsed = json::parse_strict(source.text());
    let messages = parsed.documents.iter().flat_map(|document| Cursor::root(document).items());
    messages.map(|message| source.slice(message.span()).to_owned()).collect()
}

/// The response to a text that `serde_json` cannot read: it is not JSON, or has more levels or a larger number than is supported.
fn respond_to_unreadable(text: &[u8]) -> Option<Json> {
    let source = Source::new("<request>", String::from_utf8_lossy(text), Format::Json);
    let parsed = json::parse_strict(source.text());
    let is_utf8 = str::from_utf8(text).is_ok();
    // A number that is too large for a program is still valid JSON.
    let is_json = is_utf8 && parsed.errors.iter().all(|error| error.problem == Problem::NumberTooLarge);
    let Some(root) = parsed.documents.first().map(Cursor::root).filter(|_| is_json) else {
        return Some(error(ErrorCode::ParseError, "the line is not valid JSON"));
    };
    let id = root.field("id");
    // A notification has no response.
    if root.is_object() && !id.is_present() {
        return None;
    }
    let id: Option<Json> = serde_json::from_str(source.slice(id.span())).ok();
    let id = id.filter(|id| id.is_string() || id.is_i64() || id.is_u64());
    let problem = RpcError::new(ErrorCode::InvalidParams, "a number is too large, or the values are nested too deep");
    Some(error_response(id.as_ref(), &problem))
}

fn respond_to_message(
    session: &mut Session,
    message: Json,
    text: Option<&[u8]>,
    queue: &mut MessageQueue,
) -> Option<Json> {
    match Message::from_json(message) {
        Message::Other => None,
        Message::Invalid { id, error } => Some(error_response(id.as_ref(), &error)),
        Message::Request { id, .. } if queue.is_cancelled(&id) => None,
        Message::Request { id, method, params } => {
            let response = match session.handle(&method, &params, text) {
                Ok(result) => result_response(&id, &result),
                Err(error) => error_response(Some(&id), &error),
            };
            (!queue.is_cancelled(&id)).then_some(response)
        }
    }
}

fn error(code: ErrorCode, message: &'static str) -> Json {
    error_response(None, &RpcError::new(code, message))
}
