//! Finds tags, quotes and comments that are not closed or that close nothing.
//!
//! [`matching`] finds elements without an end tag and end tags without an element. Errors in a single tag or comment, such as a
//! missing quote, are found here. One mistake gives one error, so its consequences are not reported again.

use std::ops::Range;

use crate::html::tag_errors::matching::find_unmatched_tags;
use crate::html::tree::{HtmlTree, Interpretation, NodeData, Tag};

mod matching;

/// A mistake in the tags of an HTML text. Names are names of elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagError {
    /// An element is never closed.
    Unclosed(String),
    /// An element is still open when an element around it is closed.
    UnclosedInside {
        name: String,
        /// The name of the element around it.
        outer: String,
        /// The end tag of the element around it.
        outer_end: Range<usize>,
    },
    /// `<h2>…</h3>`, `<strong>…</stong>`: the end tag has another name.
    Mismatched {
        /// The name of the open element.
        open: String,
        open_tag: Range<usize>,
        /// The name of the end tag.
        close: String,
    },
    /// `<b>code<b>`: the slash of the end tag is missing.
    Reopened {
        name: String,
        /// The first tag.
        open_tag: Range<usize>,
    },
    /// An end tag closes nothing.
    Stray(String),
    /// `</br>`: the element has no end tag.
    VoidEndTag(String),
    /// `<help@acme.com>`, `<name>`: text in angle brackets.
    NotAnElement,
    /// The quotes of an attribute do not match.
    UnpairedQuote,
    /// A tag lacks its `>`.
    UnfinishedTag,
    /// The HTML ends inside a comment.
    UnclosedComment,
}

/// An error and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocatedTagError {
    /// The tag, the start of the comment, or the attribute up to its value.
    pub range: Range<usize>,
    pub error: TagError,
}

/// The errors of an HTML text.
#[derive(Debug)]
pub(crate) struct TagErrors {
    /// In the order of the text.
    pub errors: Vec<LocatedTagError>,
    /// Whether no limit stopped the search. It also ends at an error that makes the rest ambiguous, which is not a limit.
    pub is_complete: bool,
}

/// Finds the errors of an HTML text. `tree` is the tree of the text. Stops after about `max_errors` errors.
pub(crate) fn find_tag_errors(
    html: &str,
    tree: &HtmlTree,
    interpretation: &Interpretation,
    max_errors: usize,
) -> TagErrors {
    let mut errors = Vec::new();
    let ambiguous = find_syntax_errors(html, tree, max_errors, &mut errors);
    let is_at_limit = errors.len() >= max_errors;
    if tree.is_repaired && !is_at_limit {
        find_unmatched_tags(html, interpretation, ambiguous, max_errors, &mut errors);
    }
    let is_complete = errors.len() < max_errors && tree.limit.is_none();
    errors.sort_by_key(|error| error.range.start);
    TagErrors { errors, is_complete }
}

/// Adds the errors within single tags and comments. Returns the index of the tag after which markup and text cannot be told apart,
/// because a quote or a `>` is missing.
fn find_syntax_errors(
    html: &str,
    tree: &HtmlTree,
    max_errors: usize,
    errors: &mut Vec<LocatedTagError>,
) -> Option<usize> {
    for (index, tag) in tree.tags.iter().enumerate() {
        let Some((range, error)) = find_syntax_error(html, tag) else { continue };
        let is_ambiguous = error != TagError::NotAnElement;
        errors.push(LocatedTagError { range, error });
        if is_ambiguous || errors.len() >= max_errors {
            return Some(index);
        }
    }
    let start = find_unclosed_comment(html, tree)?;
    errors.push(LocatedTagError { range: start, error: TagError::UnclosedComment });
    Some(tree.tags.len())
}

fn find_syntax_error(html: &str, tag: &Tag) -> Option<(Range<usize>, TagError)> {
    if !tag.name.bytes().all(is_element_name_byte) {
        // `</span</p>`: the tag without `>` contains the next one, and possibly more.
        if tag.name.contains('<') {
            return Some((tag.range.clone(), TagError::UnfinishedTag));
        }
        if tag.is_end || is_template(&tag.name) {
            return None;
        }
        return Some((tag.range.clone(), TagError::NotAnElement));
    }
    if tag.is_end {
        return None;
    }
    if let Some(range) = find_unpaired_quote(html, tag) {
        return Some((range, TagError::UnpairedQuote));
    }
    (!tag.is_finished).then(|| (tag.range.clone(), TagError::UnfinishedTag))
}

/// Whether the name of a tag is filled in by a template: `<h{{level}}>`.
fn is_template(name: &str) -> bool {
    name.contains('{')
}

fn is_element_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':')
}

/// The `<!--` of a comment that the text ends in.
fn find_unclosed_comment(html: &str, tree: &HtmlTree) -> Option<Range<usize>> {
    for id in tree.ids() {
        let NodeData::Comment(range) = &tree.node(id).data else { continue };
        let comment = &html[range.clone()];
        let is_closed = comment.ends_with("-->") || comment.ends_with("--!>");
        if comment.starts_with("<!--") && !is_closed && range.end == html.len() {
            return Some(range.start..range.start + "<!--".len());
        }
    }
    None
}

/// Finds the attribute whose quotes do not match. Returns its range up to the start of its value.
fn find_unpaired_quote(html: &str, tag: &Tag) -> Option<Range<usize>> {
    let mut previous: Option<Range<usize>> = None;
    let mut unclosed = None;
    for attribute in &tag.attributes {
        // After an unpaired quote, the rest of the value is parsed as names of attributes. The quote is in the attribute before.
        if contains_misplaced_character(&attribute.name) {
            return Some(previous.unwrap_or(attribute.range(html)));
        }
        let up_to_value = attribute.name_range.start..attribute.value_range.start;
        let is_quoted = html[up_to_value.clone()].ends_with(['"', '\'']);
        let value = html.get(attribute.value_range.clone()).unwrap_or_default();
        // In HTML, typographic quotes are part of the value.
        if !is_quoted && (contains_misplaced_character(value) || value.starts_with(['“', '”', '„'])) {
            return Some(attribute.range(html));
        }
        // A quoted value that extends to the end of the text lacks its closing quote.
        let is_unclosed = is_quoted && attribute.value_range.end == html.len();
        unclosed = if is_unclosed { Some(up_to_value.clone()) } else { None };
        previous = Some(up_to_value);
    }
    if tag.is_finished { None } else { unclosed }
}

/// Whether a name or unquoted value contains a quote or `<`, which are errors there (HTML Standard, 13.2.5.33 and 13.2.5.38).
fn contains_misplaced_character(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'"' | b'\'' | b'<'))
}

#[cfg(test)]
mod tests;
