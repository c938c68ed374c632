//! Parses a rendered text and compares the result with the tree and with the recorded byte ranges.

use portal_lint::base::source::{Format, Source};
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, Node, Value, located, parse};

use super::rendered_text::RenderedText;
use super::tree::{Tree, join};

/// An error describes the first difference in the order of keys, the values, or the range of a key, a value or a character.
pub fn check_read_back(rendered: &RenderedText, tree: &Tree) -> Result<(), String> {
    let format = Format::from_file_name(rendered.name).expect("a known extension");
    let source = Source::new(rendered.name, rendered.text.as_str(), format);
    let parsed = parse(&source, &Limits::default());
    if !parsed.errors.is_empty() || parsed.documents.len() != 1 {
        return Err(format!("{} documents, errors {:?}", parsed.documents.len(), parsed.errors));
    }
    compare(rendered, Cursor::root(&parsed.documents[0]), tree, "")
}

fn compare(rendered: &RenderedText, cursor: Cursor<'_>, tree: &Tree, pointer: &str) -> Result<(), String> {
    let node = cursor.node().ok_or("no value")?;
    let location = &rendered.locations[pointer];
    if node.span.range() != location.value {
        return Err(format!("{pointer}: the value is at {:?}, not {:?}", node.span.range(), location.value));
    }
    match (&node.value, tree) {
        (Value::Null, Tree::Null) => Ok(()),
        (Value::Bool(parsed), Tree::Bool(expected)) if parsed == expected => Ok(()),
        (Value::Number(parsed), Tree::Number(expected)) if **parsed == **expected => Ok(()),
        (Value::String(parsed), Tree::Text(expected)) if parsed == expected => {
            compare_characters(rendered, node, parsed, pointer)
        }
        (Value::Array(_), Tree::List(expected)) if cursor.items().len() == expected.len() => {
            for (index, (item, expected_item)) in cursor.items().zip(expected).enumerate() {
                compare(rendered, item, expected_item, &format!("{pointer}/{index}"))?;
            }
            Ok(())
        }
        (Value::Object(_), Tree::Object(expected)) if cursor.entries().len() == expected.len() => {
            for ((child, entry), (key, value)) in cursor.children().zip(cursor.entries()).zip(expected) {
                let pointer = join(pointer, key);
                let key_range = rendered.locations[&pointer].key.clone();
                if entry.key != *key || Some(entry.key_span.range()) != key_range {
                    let found = (&entry.key, entry.key_span);
                    return Err(format!("{pointer}: the key is {found:?}, not at {key_range:?}"));
                }
                compare(rendered, child, value, &pointer)?;
            }
            Ok(())
        }
        (parsed, expected) => Err(format!("{pointer}: {parsed:?} is not {expected:?}")),
    }
}

/// Compares the located range of characters. White space is skipped: a folded line break has no range of its own.
fn compare_characters(rendered: &RenderedText, node: &Node<'_>, text: &str, pointer: &str) -> Result<(), String> {
    let characters = &rendered.locations[pointer].characters;
    // To locate a character takes a pass over the text, so only about 8 characters of a long text are compared: different ones for each
    // value and file.
    let step = 1 + characters.len() / 8;
    for (decoded, written) in characters.iter().skip((pointer.len() + rendered.text.len()) % step).step_by(step) {
        let character = &text[decoded.clone()];
        let found = located::locate(&rendered.text, node, decoded.clone()).unwrap_or(node.span).range();
        if found != *written && !character.trim().is_empty() {
            return Err(format!("{pointer}: {character:?} at {decoded:?} is located at {found:?}, not {written:?}"));
        }
    }
    Ok(())
}
