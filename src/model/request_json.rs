//! Converts a document to the JSON body of a request: aliases and merge keys are expanded, `$schema` is removed, and variables
//! are replaced by their values.

use crate::syntax::cursor::Cursor;
use crate::syntax::variables::variable_name;
use crate::syntax::{Document, Entry, NodeId, Value};

/// Returns the body, indented by two spaces. `value_of` returns the value of a variable `${NAME}`.
///
/// # Errors
///
/// The names of the variables without a value, without duplicates, in the order of the document.
pub(crate) fn to_request_json(
    body: &Cursor<'_>,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Vec<String>> {
    let mut writer = JsonWriter { document: body.document(), value_of, json: String::new(), unset: Vec::new() };
    if let Some(root) = body.node_id() {
        writer.write_value(root, 0);
    }
    writer.json.push('\n');
    if writer.unset.is_empty() { Ok(writer.json) } else { Err(writer.unset) }
}

struct JsonWriter<'a> {
    document: &'a Document<'a>,
    value_of: &'a dyn Fn(&str) -> Option<String>,
    json: String,
    /// The variables without a value.
    unset: Vec<String>,
}

impl JsonWriter<'_> {
    fn write_value(&mut self, id: NodeId, depth: usize) {
        // The parser limits the depth of a document and the number of its values with aliases expanded, so the recursion ends and
        // the result does not explode.
        match &self.document.resolve(id).value {
            Value::Null | Value::Alias(_) | Value::Broken => self.json.push_str("null"),
            Value::Bool(true) => self.json.push_str("true"),
            Value::Bool(false) => self.json.push_str("false"),
            Value::Number(number) => self.json.push_str(number),
            Value::String(text) => self.write_text(text),
            Value::Array(items) => self.write_array(self.document.items(*items), depth),
            Value::Object(entries) => self.write_object(self.document.entries(*entries), depth),
        }
    }

    fn write_array(&mut self, items: &[NodeId], depth: usize) {
        self.json.push('[');
        for (index, item) in items.iter().enumerate() {
            self.start_item(index, depth + 1);
            self.write_value(*item, depth + 1);
        }
        self.end_items(items.len(), depth);
        self.json.push(']');
    }

    fn write_object(&mut self, entries: &[Entry<'_>], depth: usize) {
        self.json.push('{');
        let mut written = 0;
        for entry in entries {
            // At the top level, `$schema` is for editors and not a field of the request.
            if depth == 0 && entry.key == "$schema" {
                continue;
            }
            self.start_item(written, depth + 1);
            self.write_quoted(&entry.key);
            self.json.push_str(": ");
            self.write_value(entry.value, depth + 1);
            written += 1;
        }
        self.end_items(written, depth);
        self.json.push('}');
    }

    fn start_item(&mut self, index: usize, depth: usize) {
        self.json.push_str(if index == 0 { "\n" } else { ",\n" });
        self.indent(depth);
    }

    fn end_items(&mut self, count: usize, depth: usize) {
        if count > 0 {
            self.json.push('\n');
            self.indent(depth);
        }
    }

    fn indent(&mut self, depth: usize) {
        self.json.extend(std::iter::repeat_n("  ", depth));
    }

    fn write_text(&mut self, text: &str) {
        let Some(name) = variable_name(text) else { return self.write_quoted(text) };
        match (self.value_of)(name) {
            Some(value) => self.write_quoted(&value),
            None if self.unset.iter().any(|known| known == name) => {}
            None => self.unset.push(name.to_owned()),
        }
    }

    fn write_quoted(&mut self, text: &str) {
        self.json.push_str(&serde_json::Value::from(text).to_string());
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
