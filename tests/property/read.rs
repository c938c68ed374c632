//! What the parser reads of a text that a printer wrote, compared with what was to be written, byte by byte.

use portal_lint::base::source::{Format, Source};
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, Node, Value, located, parse};

use super::sheet::Sheet;
use super::tree::{Tree, join};

/// The same keys in the same order, the same values, each at its bytes, and each character of a text at its own.
pub fn is_read_back(sheet: &Sheet, tree: &Tree) -> Result<(), String> {
    let format = Format::from_file_name(sheet.name).expect("a name of ours");
    let source = Source::new(sheet.name, sheet.text.as_str(), format);
    let parsed = parse(&source, &Limits::default());
    if !parsed.errors.is_empty() || parsed.documents.len() != 1 {
        return Err(format!("{} documents, errors {:?}", parsed.documents.len(), parsed.errors));
    }
    compare(sheet, Cursor::root(&parsed.documents[0]), tree, "")
}

fn compare(sheet: &Sheet, slot: Cursor<'_>, tree: &Tree, pointer: &str) -> Result<(), String> {
    let node = slot.node().ok_or("nothing is there")?;
    let place = &sheet.places[pointer];
    if node.span.range() != place.value {
        return Err(format!("{pointer}: the value is at {:?}, not {:?}", node.span.range(), place.value));
    }
    match (&node.value, tree) {
        (Value::Null, Tree::Null) => Ok(()),
        (Value::Bool(own), Tree::Bool(other)) if own == other => Ok(()),
        (Value::Number(own), Tree::Number(other)) if **own == **other => Ok(()),
        (Value::String(own), Tree::Text(other)) if own == other => each_character(sheet, node, own, pointer),
        (Value::Array(_), Tree::List(other)) if slot.items().len() == other.len() => {
            let mut pairs = slot.items().zip(other).enumerate();
            pairs.try_for_each(|(at, (item, other))| compare(sheet, item, other, &format!("{pointer}/{at}")))
        }
        (Value::Object(_), Tree::Object(other)) if slot.entries().len() == other.len() => {
            let mut pairs = slot.children().zip(slot.entries()).zip(other);
            pairs.try_for_each(|((child, entry), (key, value))| {
                let pointer = join(pointer, key);
                let span = sheet.places[&pointer].key.clone();
                if entry.key != *key || Some(entry.key_span.range()) != span {
                    return Err(format!("{pointer}: the key is {} at {:?}, not {span:?}", entry.key, entry.key_span));
                }
                compare(sheet, child, value, &pointer)
            })
        }
        (own, other) => Err(format!("{pointer}: {own:?} is not {other:?}")),
    }
}

/// Line breaks and what they are folded to are no one's place: only what stands between them is compared.
fn each_character(sheet: &Sheet, node: &Node<'_>, text: &str, pointer: &str) -> Result<(), String> {
    let pieces = &sheet.places[pointer].pieces;
    // Each costs a pass over the text: of a long one some, others for each value and file.
    let step = 1 + pieces.len() / 8;
    for (decoded, written) in pieces.iter().skip((pointer.len() + sheet.text.len()) % step).step_by(step) {
        let character = &text[decoded.clone()];
        let found = located::locate(&sheet.text, node, decoded.clone()).range();
        if found != *written && !character.trim().is_empty() {
            return Err(format!("{pointer}: {character:?} at {decoded:?} is located at {found:?}, not {written:?}"));
        }
    }
    Ok(())
}
