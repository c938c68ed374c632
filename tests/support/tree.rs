//! The values of a text, independent of its format and layout.

use portal_lint::base::source::{Format, Source};
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Document, Limits, NodeId, Value, parse, pointer};

/// The JSON Pointer and the value of each scalar, empty list and empty object of a text, in the order of the file.
pub fn leaf_values(name: &str, text: &str) -> Vec<(String, String)> {
    let format = Format::from_file_name(name).unwrap_or_else(|| Format::sniff(text));
    let source = Source::new(name, text, format);
    let parsed = parse(&source, &Limits::default());
    assert_eq!(parsed.errors, [], "{text}");
    let mut leaves = Vec::new();
    for document in &parsed.documents {
        if let Some(root) = document.root().filter(|_| Cursor::root(document).is_present()) {
            collect_leaves(document, root, String::new(), &mut leaves);
        }
    }
    leaves
}

fn collect_leaves(document: &Document<'_>, id: NodeId, pointer: String, leaves: &mut Vec<(String, String)>) {
    match &document.resolve(id).value {
        Value::Object(entries) if !entries.is_empty() => {
            for entry in document.entries(*entries) {
                collect_leaves(document, entry.value, pointer::join(&pointer, &entry.key), leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in document.items(*items).iter().enumerate() {
                collect_leaves(document, *item, pointer::join(&pointer, &index.to_string()), leaves);
            }
        }
        Value::Object(_) => leaves.push((pointer, "{}".to_owned())),
        Value::Array(_) => leaves.push((pointer, "[]".to_owned())),
        value => leaves.push((pointer, format!("{value:?}"))),
    }
}
