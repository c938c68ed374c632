//! What a text says, without how it is written.

use portal_lint::base::source::{Format, Source};
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Document, Limits, NodeId, Value, parse, pointer};

/// Every value of a text that holds no other, by its pointer, keys in the order of the file.
pub fn values(name: &str, text: &str) -> Vec<(String, String)> {
    let format = Format::from_file_name(name).unwrap_or_else(|| Format::sniff(text));
    let source = Source::new(name, text, format);
    let parsed = parse(&source, &Limits::default());
    assert_eq!(parsed.errors, [], "{text}");
    let mut values = Vec::new();
    for document in &parsed.documents {
        if let Some(root) = document.root().filter(|_| Cursor::root(document).is_present()) {
            collect(document, root, String::new(), &mut values);
        }
    }
    values
}

fn collect(document: &Document<'_>, id: NodeId, place: String, values: &mut Vec<(String, String)>) {
    match &document.resolve(id).value {
        Value::Object(entries) if !entries.is_empty() => {
            for entry in document.entries(*entries) {
                collect(document, entry.value, pointer::join(&place, &entry.key), values);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in document.items(*items).iter().enumerate() {
                collect(document, *item, pointer::join(&place, &index.to_string()), values);
            }
        }
        Value::Object(_) => values.push((place, "{}".to_owned())),
        Value::Array(_) => values.push((place, "[]".to_owned())),
        value => values.push((place, format!("{value:?}"))),
    }
}
