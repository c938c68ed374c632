//! A document as the JSON body of a call: aliases and merges written out, `$schema` dropped, variables filled in.
//!
//! Whether the body is a good one is for the check to say.

use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, NodeId, Value};

/// The body, indented by two spaces. `value_of` gives the value of a `${NAME}`.
///
/// # Errors
///
/// The names of the variables that have no value, each once, in the order of the document.
pub(crate) fn body(document: &Document<'_>, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, Vec<String>> {
    let mut writer = Writer { document, value_of, text: String::new(), unset: Vec::new() };
    if let Some(root) = document.root() {
        writer.value(root, 0);
    }
    writer.text.push('\n');
    if writer.unset.is_empty() { Ok(writer.text) } else { Err(writer.unset) }
}

struct Writer<'a> {
    document: &'a Document<'a>,
    value_of: &'a dyn Fn(&str) -> Option<String>,
    text: String,
    unset: Vec<String>,
}

impl Writer<'_> {
    /// Recursion is bounded by the parser's depth limit, aliases by its limit on values.
    fn value(&mut self, id: NodeId, depth: usize) {
        match &self.document.resolve(id).value {
            Value::Null | Value::Alias(_) | Value::Broken => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(number),
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.list('[', ']', depth, self.document.items(*items), |writer, item| writer.value(*item, depth + 1));
            }
            Value::Object(entries) => {
                let entries = self.document.entries(*entries).iter();
                let entries: Vec<_> = entries.filter(|entry| depth > 0 || entry.key != "$schema").collect();
                self.list('{', '}', depth, &entries, |writer, entry| {
                    writer.quoted(&entry.key);
                    writer.text.push_str(": ");
                    writer.value(entry.value, depth + 1);
                });
            }
        }
    }

    fn list<T>(&mut self, open: char, close: char, depth: usize, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.text.push(open);
        for (index, item) in items.iter().enumerate() {
            self.text.push_str(if index == 0 { "\n" } else { ",\n" });
            self.indent(depth + 1);
            each(self, item);
        }
        if !items.is_empty() {
            self.text.push('\n');
            self.indent(depth);
        }
        self.text.push(close);
    }

    fn indent(&mut self, depth: usize) {
        self.text.extend(std::iter::repeat_n("  ", depth));
    }

    fn string(&mut self, text: &str) {
        let Some(name) = variable_name(text) else { return self.quoted(text) };
        match (self.value_of)(name) {
            Some(value) => self.quoted(&value),
            None if self.unset.iter().any(|known| known == name) => {}
            None => self.unset.push(name.to_owned()),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::model::request_json::*;
    use crate::syntax::{Limits, parse};

    fn of(text: &str) -> Result<String, Vec<String>> {
        let source = Source::new("t.yaml", text, Format::Yaml);
        let parsed = parse(&source, &Limits::default());
        assert!(parsed.errors.is_empty());
        body(&parsed.documents[0], &|name| (name != "UNSET" && name != "OTHER").then(|| format!("\"{name}\"")))
    }

    #[test]
    fn yaml_becomes_the_json_that_it_means() {
        let text = "$schema: x\na: &a\n  b: ${NAME}\n  $schema: kept\nc: {<<: *a, d: [1, true, ~]}\ne: []\nf: 'ü\t'\n";
        let expected = "{\n  \"a\": {\n    \"b\": \"\\\"NAME\\\"\",\n    \"$schema\": \"kept\"\n  },\n  \"c\": {\n    \
            \"d\": [\n      1,\n      true,\n      null\n    ],\n    \"b\": \"\\\"NAME\\\"\",\n    \"$schema\": \"kept\"\n  },\n  \
            \"e\": [],\n  \"f\": \"ü\\t\"\n}\n";
        assert_eq!(of(text).as_deref(), Ok(expected));
    }

    #[test]
    fn every_variable_without_a_value_is_named_once() {
        assert_eq!(of("a: ${UNSET}\nb: ${OTHER}\nc: ${UNSET}\n"), Err(vec!["UNSET".to_owned(), "OTHER".to_owned()]));
    }
}
