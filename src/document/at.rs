//! What stands at a byte of a text: the way from the top to the innermost key or value there.

use super::pointer::join;
use super::{Document, NodeId, Value};
use crate::source::Span;

/// The JSON Pointer and the bytes of the innermost entry around an offset: of its key, or of the value of a list. `None`
/// where there is none, as between two entries.
pub fn at(document: &Document<'_>, offset: u32) -> Option<(String, Span)> {
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    let mut found = None;
    let mut pointer = String::new();
    let mut next: Option<NodeId> = document.root();
    while let Some(id) = next.take() {
        // What an alias stands for is written elsewhere.
        match &document.node(id).value {
            Value::Object(entries) => {
                // What a merge key brought in as well.
                let mut own = entries.iter().filter(|entry| !entry.merged);
                let entry = own.find(|entry| holds(entry.key_span) || holds(document.node(entry.value).span));
                if let Some(entry) = entry {
                    pointer = join(&pointer, &entry.key);
                    found = Some(entry.key_span);
                    next = (!holds(entry.key_span)).then_some(entry.value);
                }
            }
            Value::Array(items) => {
                let item = items.iter().enumerate().find(|(_, item)| holds(document.node(**item).span));
                if let Some((index, item)) = item {
                    pointer = join(&pointer, &index.to_string());
                    found = Some(document.node(*item).span);
                    next = Some(*item);
                }
            }
            _ => {}
        }
    }
    found.map(|span| (pointer, span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::source::{Format, Source};

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
    }
}
