//! Finds the innermost key or value at an offset, for hover and similar requests of an editor.

use crate::base::source::Span;
use crate::syntax::cursor::Cursor;
use crate::syntax::pointer::join;
use crate::syntax::{Document, NodeId, Value};

/// The JSON Pointer of the innermost entry at an offset, and the span of its key or, for a list item, of the item. `None` if
/// there is no entry, as between two entries.
pub(crate) fn find_entry_at(root: Cursor<'_>, offset: u32) -> Option<(String, Span)> {
    find_in_children(root.document(), root.node_id()?, "", offset)
}

/// Searches the children of a node. All of them are searched, even if the offset is outside of the node's span, because a
/// TOML table may contain entries from elsewhere in the file. The depth limit of the parser bounds the recursion.
fn find_in_children(document: &Document<'_>, id: NodeId, pointer: &str, offset: u32) -> Option<(String, Span)> {
    match &document.node(id).value {
        Value::Object(entries) => {
            for entry in document.entries(*entries) {
                // The entries of a merge key are written elsewhere and found there.
                if entry.merged {
                    continue;
                }
                let entry_pointer = join(pointer, &entry.key);
                if contains(entry.key_span, offset) {
                    return Some((entry_pointer, entry.key_span));
                }
                if let Some(found) = find_in_children(document, entry.value, &entry_pointer, offset) {
                    return Some(found);
                }
                if contains(document.node(entry.value).span, offset) {
                    return Some((entry_pointer, entry.key_span));
                }
            }
            None
        }
        Value::Array(items) => {
            for (index, item) in document.items(*items).iter().enumerate() {
                let item_pointer = join(pointer, &index.to_string());
                if let Some(found) = find_in_children(document, *item, &item_pointer, offset) {
                    return Some(found);
                }
                let span = document.node(*item).span;
                if contains(span, offset) {
                    return Some((item_pointer, span));
                }
            }
            None
        }
        // The target of an alias is not searched, because it is found at its own place in the tree.
        _ => None,
    }
}

/// Whether a text cursor at this offset is inside the span or at one of its ends.
fn contains(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::syntax::node_at_offset::*;
    use crate::syntax::{Limits, parse};

    /// The pointer and the underlined text of the entry at the first occurrence of `mark`.
    fn find_entry_at_mark(text: &str, format: Format, mark: &str) -> Option<(String, String)> {
        let source = Source::new("t", text, format);
        let parsed = parse(&source, &Limits::default());
        let offset = Span::new(text.find(mark).unwrap(), 0).start;
        let (pointer, span) = find_entry_at(Cursor::root(&parsed.documents[0]), offset)?;
        Some((pointer, source.slice(span).to_owned()))
    }

    #[test]
    fn innermost_key_or_value_is_found() {
        let json = r#"{"a": {"b/c": [1, {"d": "text"}]}, "e": true}"#;
        for (mark, pointer, text) in [
            ("\"a\"", "/a", "\"a\""),
            ("b/c", "/a/b~1c", "\"b/c\""),
            ("1, ", "/a/b~1c/0", "1"),
            ("text", "/a/b~1c/1/d", "\"d\""),
            ("rue", "/e", "\"e\""),
        ] {
            assert_eq!(find_entry_at_mark(json, Format::Json, mark), Some((pointer.into(), text.into())), "{mark}");
        }
        let yaml = "a:\n  b: |\n    some\n    words\n  c: &x [1]\nd: *x\n";
        assert_eq!(find_entry_at_mark(yaml, Format::Yaml, "words"), Some(("/a/b".into(), "b".into())));
        assert_eq!(find_entry_at_mark(yaml, Format::Yaml, "*x"), Some(("/d".into(), "d".into())));
        assert_eq!(find_entry_at_mark("{ }", Format::Json, "}"), None);
        let toml = "[[allow]]\nrule = 'x'\n\n[[allow]]\nfiles = ['a', 'b']\n";
        assert_eq!(find_entry_at_mark(toml, Format::Toml, "'b'"), Some(("/allow/1/files/1".into(), "'b'".into())));
        assert_eq!(find_entry_at_mark(toml, Format::Toml, "rule"), Some(("/allow/0/rule".into(), "rule".into())));
    }
}
