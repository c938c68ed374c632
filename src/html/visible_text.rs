//! Extracts the text that a reader of an HTML text sees.
//!
//! Character references are decoded and invisible characters removed. Inline tags are removed (`email_<b>code</b>`), and other tags
//! become line breaks. Hidden text is left out.

use std::ops::Range;

use crate::base::steps::count_steps;
use crate::html::elements::is_inline;
use crate::html::mapped_text::MappedText;
use crate::html::tree::{Element, HtmlTree, NodeData, NodeId, TextPiece};
use crate::html::visibility::Visibility;

/// Returns the visible text of a tree in reading order.
pub(crate) fn visible_text(html: &str, tree: &HtmlTree, visibility: &mut Visibility<'_>) -> MappedText {
    let mut visible = MappedText::default();
    // Each node is visited twice, before its children and after them.
    let mut pending = vec![(HtmlTree::ROOT, Visit::BeforeChildren)];
    while let Some((id, visit)) = pending.pop() {
        count_steps(1);
        let line_break = line_break_offset(tree, id);
        if visit == Visit::AfterChildren {
            push_line_break(&mut visible, line_break);
            continue;
        }
        match &tree.node(id).data {
            NodeData::Text(pieces) => {
                let parent = tree.node(id).parent.unwrap_or(HtmlTree::ROOT);
                if visibility.hidden_reason(parent).is_none() {
                    for piece in pieces {
                        push_piece(&mut visible, piece);
                    }
                }
            }
            NodeData::Element(element) => {
                let tag = tree.start_tag_range(element).filter(|_| is_shortcode_in_tags(element));
                match tag {
                    Some(tag) => visible.push(&html[tag.clone()], tag.clone()),
                    None => push_line_break(&mut visible, line_break),
                }
            }
            NodeData::Document | NodeData::Doctype(_) | NodeData::Comment(_) => {}
        }
        pending.push((id, Visit::AfterChildren));
        // The child that is pushed last is visited first.
        pending.extend(tree.children_backwards(id).map(|child| (child, Visit::BeforeChildren)));
    }
    visible
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    BeforeChildren,
    AfterChildren,
}

/// Whether an element is a shortcode in the wrong brackets: `<email_code>`.
fn is_shortcode_in_tags(element: &Element) -> bool {
    element.name.local.starts_with("email")
}

/// The position of the line breaks before and after an element; `None` if it is inline.
fn line_break_offset(tree: &HtmlTree, id: NodeId) -> Option<usize> {
    let element = tree.element(id)?;
    if is_inline(&element.name.local) || is_shortcode_in_tags(element) {
        return None;
    }
    Some(tree.start_tag_range(element).map_or(0, |tag| tag.start))
}

fn push_line_break(visible: &mut MappedText, offset: Option<usize>) {
    if let Some(offset) = offset {
        visible.push("\n", offset..offset);
    }
}

fn push_piece(visible: &mut MappedText, piece: &TextPiece) {
    let text = &*piece.text;
    if text.is_ascii() || !text.contains(is_zero_width) {
        return visible.push(text, piece.source.clone());
    }
    let is_reference = text.len() != piece.source.len();
    if is_reference {
        // The invisible character is the whole piece, such as `&shy;`.
        return;
    }
    let mut start = 0;
    for (offset, invisible) in text.match_indices(is_zero_width).chain([(text.len(), "")]) {
        if start < offset {
            let source: Range<usize> = piece.source.start + start..piece.source.start + offset;
            visible.push(&text[start..offset], source);
        }
        start = offset + invisible.len();
    }
}

/// Whether a character takes no space on a page: zero-width characters, directional marks, and the soft hyphen.
fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
