//! The JSON body of a request: aliases and merge keys are expanded, `$schema` is removed, and variables are replaced by their
//! values.

use std::collections::BTreeSet;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::syntax::cursor::Cursor;
use crate::syntax::number::to_json_number;
use crate::syntax::variables::variable_name;
use crate::syntax::{Document, NodeId, Style, Value};

/// Returns the body, indented by two spaces. `value_of` returns the value of a variable `${NAME}`.
///
/// # Errors
///
/// The names of the variables without a value, without duplicates, in the order of the document.
pub(crate) fn to_request_json(
    body: &Cursor<'_>,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Vec<String>> {
    let mut body = RequestValue::from_body(body);
    let mut unset: Vec<String> = Vec::new();
    body.change_scalars("", &mut |_, scalar| {
        let RequestValue::Variable(name) = scalar else { return };
        match value_of(name) {
            Some(value) => *scalar = RequestValue::Text(value),
            None if unset.contains(name) => {}
            None => unset.push(name.clone()),
        }
    });
    if unset.is_empty() { Ok(body.to_text()) } else { Err(unset) }
}

/// A JSON value whose objects keep the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RequestValue {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number in the notation of JSON.
    Number(String),
    /// A string.
    Text(String),
    /// The name of a variable `${NAME}` without a value. The value of a variable is a [`Self::Text`], even if it looks like `${NAME}`.
    Variable(String),
    /// A list.
    Array(Vec<RequestValue>),
    /// The keys and values of an object.
    Object(Vec<(String, RequestValue)>),
}

impl RequestValue {
    /// Converts the body of a request.
    pub(crate) fn from_body(body: &Cursor<'_>) -> Self {
        let mut converted = Self::from_cursor(body);
        if let Self::Object(entries) = &mut converted {
            // At the top level, `$schema` is for editors and not a field of the request.
            entries.retain(|(key, _)| key != "$schema");
        }
        converted
    }

    /// Converts any value.
    pub(crate) fn from_cursor(cursor: &Cursor<'_>) -> Self {
        cursor.node_id().map_or(Self::Null, |node| Self::from_node(cursor.document(), node))
    }

    fn from_node(document: &Document<'_>, id: NodeId) -> Self {
        // The parser limits the depth of a document and the number of its values after aliases are expanded. This also limits the
        // recursion and the size of the result.
        let node = document.resolve(id);
        match &node.value {
            Value::Null | Value::Alias(_) | Value::Broken => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            // A number that JSON does not have is a syntax error.
            Value::Number(number) => to_json_number(number).map_or(Self::Null, |json| Self::Number(json.into_owned())),
            Value::String(text) => match variable_name(text) {
                Some(name) if node.style != Style::Variable => Self::Variable(name.to_owned()),
                _ => Self::Text(text.to_string()),
            },
            Value::Array(items) => {
                Self::Array(document.items(*items).iter().map(|item| Self::from_node(document, *item)).collect())
            }
            Value::Object(entries) => {
                let entries = document.entries(*entries).iter();
                Self::Object(
                    entries.map(|entry| (entry.key.to_string(), Self::from_node(document, entry.value))).collect(),
                )
            }
        }
    }

    /// Calls `change` with each value that is not a list or object, and with its key, or that of the list that contains it.
    pub(crate) fn change_scalars(&mut self, key: &str, change: &mut dyn FnMut(&str, &mut Self)) {
        match self {
            Self::Array(items) => items.iter_mut().for_each(|item| item.change_scalars(key, change)),
            Self::Object(entries) => entries.iter_mut().for_each(|(key, value)| value.change_scalars(key, change)),
            scalar => change(key, scalar),
        }
    }

    /// The names of the variables `${NAME}` that it contains.
    pub fn variables(&self) -> BTreeSet<&str> {
        match self {
            Self::Variable(name) => BTreeSet::from([name.as_str()]),
            Self::Array(items) => items.iter().flat_map(Self::variables).collect(),
            Self::Object(entries) => entries.iter().flat_map(|(_, value)| value.variables()).collect(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => BTreeSet::new(),
        }
    }

    /// The value as JSON text, indented by two spaces, with a line break at the end.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Serialization cannot fail: all keys are strings, and the target is memory.
        for c in serde_json::to_string_pretty(self).unwrap_or_default().chars() {
            // `render` checks the body under the name of the file. If that is YAML, its strings cannot contain these characters.
            if matches!(c, '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
                text.extend(["\\u", &format!("{:04x}", u32::from(c))]);
            } else {
                text.push(c);
            }
        }
        text + "\n"
    }
}

impl Serialize for RequestValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // As it is written: a `serde_json::Number` has fewer digits and a smaller range.
            Self::Number(number) => {
                RawValue::from_string(number.clone()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::Variable(name) => serializer.serialize_str(&format!("${{{name}}}")),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::model::request_json::*;
    use crate::syntax::{Limits, parse};

    fn convert(text: &str) -> Result<String, Vec<String>> {
        let source = Source::new("t.yaml", text, Format::Yaml);
        let parsed = parse(&source, &Limits::default());
        assert!(parsed.errors.is_empty());
        to_request_json(&Cursor::root(&parsed.documents[0]), &|name| {
            (name != "UNSET" && name != "OTHER").then(|| format!("\"{name}\""))
        })
    }

    #[test]
    fn aliases_and_variables_are_expanded_and_schema_is_removed() {
        let text = "$schema: x\na: &a\n  b: ${NAME}\n  $schema: kept\nc: {<<: *a, d: [1, true, ~]}\ne: []\nf: 'ü\t'\n";
        let expected = "{\n  \"a\": {\n    \"b\": \"\\\"NAME\\\"\",\n    \"$schema\": \"kept\"\n  },\n  \"c\": {\n    \
            \"d\": [\n      1,\n      true,\n      null\n    ],\n    \"b\": \"\\\"NAME\\\"\",\n    \"$schema\": \"kept\"\n  },\n  \
            \"e\": [],\n  \"f\": \"ü\\t\"\n}\n";
        assert_eq!(convert(text).as_deref(), Ok(expected));
    }

    #[test]
    fn variables_without_a_value_are_errors_without_duplicates() {
        assert_eq!(
            convert("a: ${UNSET}\nb: ${OTHER}\nc: ${UNSET}\n"),
            Err(vec!["UNSET".to_owned(), "OTHER".to_owned()])
        );
    }
}
