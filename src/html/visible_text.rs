//! The text of an HTML text as a reader sees it.
//!
//! Character references are decoded and invisible characters removed. Inline tags leave no trace (`email_<b>code</b>`), other
//! tags become line breaks. Hidden text is left out.

use std::ops::Range;

use crate::base::steps::count_steps;
use crate::html::elements::is_inline;
use crate::html::mapped_text::MappedText;
use crate::html::tree::{HtmlTree, NodeData, NodeId, TextPiece};
use crate::html::visibility::Visibility;

/// Returns the visible text of a tree in reading order.
pub(crate) fn visible_text(html: &str, tree: &HtmlTree, visibility: &mut Visibility<'_>) -> MappedText {
    let mut visible = MappedText::default();
    // Each node, and whether it is left and not entered.
    let mut pending = vec![(HtmlTree::ROOT, false)];
    while let Some((id, is_left)) = pending.pop() {
        count_steps(1);
        let breaks_line = breaks_line(tree, id);
        if is_left {
            push_line_break(&mut visible, breaks_line);
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
                // Not an element but a shortcode in the wrong brackets: `<email_code>`.
                if let Some(tag) = tree.start_tag(element).filter(|_| element.name.local.starts_with("email")) {
                    visible.push(&html[tag.clone()], tag.clone());
                } else {
                    push_line_break(&mut visible, breaks_line);
                }
            }
            NodeData::Document | NodeData::Doctype(_) | NodeData::Comment(_) => {}
        }
        pending.push((id, true));
        // The stack returns the last child that was pushed first.
        pending.extend(tree.children_backwards(id).map(|child| (child, false)));
    }
    visible
}

/// The position of the line break around an element that is not inline.
fn breaks_line(tree: &HtmlTree, id: NodeId) -> Option<usize> {
    let element = tree.element(id)?;
    let is_break = !is_inline(&element.name.local) && !element.name.local.starts_with("email");
    is_break.then(|| tree.start_tag(element).map_or(0, |tag| tag.start))
}

fn push_line_break(visible: &mut MappedText, offset: Option<usize>) {
    if let Some(offset) = offset {
        visible.push("\n", offset..offset);
    }
}

fn push_piece(visible: &mut MappedText, piece: &TextPiece) {
    let text = &*piece.text;
    let is_verbatim = text.len() == piece.source.len();
    if text.is_ascii() || !text.contains(is_invisible) {
        return visible.push(text, piece.source.clone());
    }
    if !is_verbatim {
        // A reference such as `&shy;`.
        return;
    }
    let mut start = 0;
    for (offset, invisible) in text.match_indices(is_invisible).chain([(text.len(), "")]) {
        if start < offset {
            let source: Range<usize> = piece.source.start + start..piece.source.start + offset;
            visible.push(&text[start..offset], source);
        }
        start = offset + invisible.len();
    }
}

/// Zero-width characters and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
