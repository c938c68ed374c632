//! Converts documents to `serde_json` values, which the validators read.

use serde_json::{Map, Number, Value as Json};

use crate::syntax::cursor::Cursor;
use crate::syntax::number::to_json_number;
use crate::syntax::{Document, NodeId, Value};

/// The maximum length of a text for the embedded schemas, in characters. It is greater than any `minLength`, `maxLength` and value of
/// an `enum` in them, so the rest of a text does not change the result.
const TRUNCATED_TEXT_LEN: usize = 24;

/// Converts a value for the embedded schemas. Texts are cut to [`TRUNCATED_TEXT_LEN`] characters, so that 5 MB of HTML are not
/// copied.
pub(super) fn to_truncated_json(document: &Document<'_>, id: NodeId) -> Json {
    convert(document, id, TRUNCATED_TEXT_LEN)
}

/// Converts a value completely, for schemas of a user-provided document. They may have a `pattern` or another keyword that depends
/// on a whole text.
pub(super) fn to_json(document: &Document<'_>, id: NodeId) -> Json {
    convert(document, id, usize::MAX)
}

/// Converts the value of a cursor completely; `None` if there is none.
pub fn cursor_to_json(cursor: &Cursor<'_>) -> Option<Json> {
    Some(to_json(cursor.document(), cursor.node_id()?))
}

fn convert(document: &Document<'_>, id: NodeId, max_text_len: usize) -> Json {
    // The parser limits the depth of a document and the number of its values with aliases expanded, so the recursion ends and
    // the result does not explode.
    match &document.resolve(id).value {
        Value::Null | Value::Alias(_) | Value::Broken => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => Json::Number(convert_number(text)),
        Value::String(text) => Json::String(truncate(text, max_text_len).to_owned()),
        Value::Array(items) => {
            document.items(*items).iter().map(|&item| convert(document, item, max_text_len)).collect()
        }
        Value::Object(entries) => {
            let mut map = Map::new();
            for entry in document.entries(*entries) {
                // The last of duplicate keys replaces the others, as in most JSON parsers.
                map.insert(entry.key.to_string(), convert(document, entry.value, max_text_len));
            }
            Json::Object(map)
        }
    }
}

fn truncate(text: &str, max_len: usize) -> &str {
    // A character has at least one byte.
    if text.len() <= max_len {
        return text;
    }
    match text.char_indices().nth(max_len) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn convert_number(text: &str) -> Number {
    let text = to_json_number(text).unwrap_or_default();
    if let Ok(integer) = text.parse::<i64>() {
        return integer.into();
    }
    // `Number` cannot hold 1e400. It is still a number, which is all that the schemas check.
    text.parse().ok().and_then(Number::from_f64).unwrap_or_else(|| 0.into())
}
