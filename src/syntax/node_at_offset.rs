//! Finds the innermost key or value at an offset, for hover and similar requests of an editor.

use crate::base::source::Span;
use crate::syntax::pointer::join;
use crate::syntax::{Document, NodeId, Value};

/// The JSON Pointer of the innermost entry at an offset, and the span of its key or, for a list item, of the item. `None` if
/// there is no entry, as between two entries.
pub(crate) fn at(document: &Document<'_>, offset: u32) -> Option<(String, Span)> {
    find_in_children(document, document.root()?, "", offset)
}

/// Searches the children of a node. All of them are searched, even if the offset is outside of the node's span, because a
/// TOML table may contain entries from elsewhere in the file. The depth limit of the parser bounds the recursion.
fn find_in_children(document: &Document<'_>, id: NodeId, pointer: &str, offset: u32) -> Option<(String, Span)> {
    let contains = |span: Span| span.start <= offset && offset <= span.end;
    let inside = |value: NodeId, pointer: &str| find_in_children(document, value, pointer, offset);
    // The values of aliases and merge keys are written elsewhere, where they are found through their own parents.
    match &document.node(id).value {
        Value::Object(entries) => document.entries(*entries).iter().filter(|entry| !entry.merged).find_map(|entry| {
            let own = join(pointer, &entry.key);
            if contains(entry.key_span) {
                return Some((own, entry.key_span));
            }
            let here = || contains(document.node(entry.value).span).then(|| (own.clone(), entry.key_span));
            inside(entry.value, &own).or_else(here)
        }),
        Value::Array(items) => document.items(*items).iter().enumerate().find_map(|(index, item)| {
            let own = join(pointer, &index.to_string());
            let span = document.node(*item).span;
            inside(*item, &own).or_else(|| contains(span).then_some((own, span)))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::{Format, Source};
    use crate::syntax::node_at_offset::*;
    use crate::syntax::{Limits, parse};

    #[test]
    fn the_innermost_key_or_value_is_found() {
        let found = |text: &str, format, mark: &str| {
            let source = Source::new("t", text, format);
            let parsed = parse(&source, &Limits::default());
            let offset = Span::new(text.find(mark).unwrap(), 0).start;
            at(&parsed.documents[0], offset).map(|(pointer, span)| (pointer, source.slice(span).to_owned()))
        };
        let json = r#"{"a": {"b/c": [1, {"d": "text"}]}, "e": true}"#;
        for (mark, pointer, text) in [
            ("\"a\"", "/a", "\"a\""),
            ("b/c", "/a/b~1c", "\"b/c\""),
            ("1, ", "/a/b~1c/0", "1"),
            ("text", "/a/b~1c/1/d", "\"d\""),
            ("rue", "/e", "\"e\""),
        ] {
            assert_eq!(found(json, Format::Json, mark), Some((pointer.into(), text.into())), "{mark}");
        }
        let yaml = "a:\n  b: |\n    some\n    words\n  c: &x [1]\nd: *x\n";
        assert_eq!(found(yaml, Format::Yaml, "words"), Some(("/a/b".into(), "b".into())));
        assert_eq!(found(yaml, Format::Yaml, "*x"), Some(("/d".into(), "d".into())));
        assert_eq!(found("{ }", Format::Json, "}"), None);
        let toml = "[[allow]]\nrule = 'x'\n\n[[allow]]\nfiles = ['a', 'b']\n";
        assert_eq!(found(toml, Format::Toml, "'b'"), Some(("/allow/1/files/1".into(), "'b'".into())));
        assert_eq!(found(toml, Format::Toml, "rule"), Some(("/allow/0/rule".into(), "rule".into())));
    }
}
