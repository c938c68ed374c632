//! Describes types and values in words, for messages.

use crate::syntax::Value;

/// What a value is, as a message calls it: "`true`", "a number", "an empty string".
pub fn describe_value(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "`true`",
        Value::Bool(false) => "`false`",
        Value::Number(_) => "a number",
        Value::String(text) if text.trim().is_empty() => "an empty string",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Alias(_) | Value::Broken => "a value with a syntax error",
    }
}

/// A type of JSON Schema, as a message calls it: "a list" for `array`.
pub(super) fn describe_json_type(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}
