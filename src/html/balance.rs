//! Finds tags, quotes and comments that are not closed or that close nothing, with a stack of open elements.
//!
//! End tags that the HTML Standard allows to omit are no errors, and neither is a paragraph that a browser closes before a block:
//! the page looks the same. One mistake gives one error, so its consequences are not reported again.

use std::ops::{ControlFlow, Range};

use crate::base::steps::count_steps;
use crate::html::elements::{has_optional_end, has_optional_start, is_known, is_of_a_table, is_void};
use crate::html::tree::{HtmlTree, NodeData, Tag};

/// A mistake in the tags of an HTML text. Names are names of elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagError {
    /// An element is never closed.
    Unclosed(String),
    /// An element is still open where an element around it is closed.
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

/// Finds the errors of an HTML text. Stops after about `max_errors` errors or [`MAX_UNMATCHED`] unmatched end tags.
pub(crate) fn find_tag_errors(html: &str, tree: &HtmlTree, max_errors: usize) -> TagErrors {
    let mut checker = TagChecker {
        html,
        max_errors,
        open: Vec::new(),
        foreign: 0,
        explained: Vec::new(),
        unmatched: 0,
        errors: Vec::new(),
    };
    let mut is_stopped = tree.tags.iter().any(|tag| checker.process(tag).is_break());
    if !is_stopped && let Some(start) = find_unclosed_comment(html, tree) {
        checker.add(start, TagError::UnclosedComment);
        is_stopped = true;
    }
    // The end tags of elements beyond a limit were not read.
    if !is_stopped && tree.limit.is_none() {
        checker.finish();
    }
    let is_complete = !checker.is_at_limit() && tree.limit.is_none();
    let mut errors = checker.errors;
    // An unclosed element is found at the end of an outer one, after errors inside of it.
    errors.sort_by_key(|error| error.range.start);
    TagErrors { errors, is_complete }
}

/// Each unmatched end tag may search the whole stack, which is quadratic without a limit.
const MAX_UNMATCHED: usize = 50;

struct OpenElement<'h> {
    name: &'h str,
    /// Its start tag.
    tag: Range<usize>,
}

struct TagChecker<'h> {
    html: &'h str,
    max_errors: usize,
    open: Vec<OpenElement<'h>>,
    /// The number of open `svg` and `math` elements.
    foreign: usize,
    /// Names of elements that an error was reported for. The tag that is left over, before or after the error, is not reported.
    explained: Vec<String>,
    /// The number of end tags without an open element.
    unmatched: usize,
    errors: Vec<LocatedTagError>,
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

impl<'h> TagChecker<'h> {
    /// Breaks at a limit, and at an error after which markup and text cannot be told apart.
    fn process(&mut self, tag: &'h Tag) -> ControlFlow<()> {
        if !tag.is_end {
            self.process_start_tag(tag)?;
        } else if tag.name.contains('<') {
            // `</span</p>`: the tag without `>` contains the next one, and possibly more.
            self.add(tag.range.clone(), TagError::UnfinishedTag);
            return ControlFlow::Break(());
        } else {
            self.process_end_tag(&tag.name, tag.range.clone());
        }
        if self.is_at_limit() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn is_at_limit(&self) -> bool {
        self.errors.len() >= self.max_errors || self.unmatched >= MAX_UNMATCHED
    }

    fn add(&mut self, range: Range<usize>, error: TagError) {
        self.errors.push(LocatedTagError { range, error });
    }

    fn process_start_tag(&mut self, tag: &'h Tag) -> ControlFlow<()> {
        // The name is filled in by a template: `<h{{level}}>`.
        if tag.name.contains('{') {
            return ControlFlow::Continue(());
        }
        if tag.name.contains('<') {
            self.add(tag.range.clone(), TagError::UnfinishedTag);
            return ControlFlow::Break(());
        }
        if !tag.name.bytes().all(is_element_name_byte) {
            self.add(tag.range.clone(), TagError::NotAnElement);
            return ControlFlow::Continue(());
        }
        if let Some(range) = find_unpaired_quote(self.html, tag) {
            self.add(range, TagError::UnpairedQuote);
            return ControlFlow::Break(());
        }
        if !tag.is_finished {
            self.add(tag.range.clone(), TagError::UnfinishedTag);
            return ControlFlow::Break(());
        }
        let has_slash = self.html[tag.range.clone()].ends_with("/>");
        // In HTML the slash means nothing. In SVG, MathML and the namespaces of Office (`<o:p/>`) it closes the element.
        let is_self_closing = has_slash && (tag.name.contains(':') || is_foreign(&tag.name) || self.foreign > 0);
        if !is_self_closing && !is_void(&tag.name) && !is_page_element(&tag.name) {
            self.foreign += usize::from(is_foreign(&tag.name));
            self.open.push(OpenElement { name: &tag.name, tag: tag.range.clone() });
        }
        ControlFlow::Continue(())
    }

    fn process_end_tag(&mut self, name: &str, range: Range<usize>) {
        if self.open.last().is_some_and(|last| last.name == name) {
            self.open.pop();
            self.foreign -= usize::from(is_foreign(name));
        } else if is_void(name) {
            self.add(range, TagError::VoidEndTag(name.to_owned()));
        } else if !is_page_element(name) && !name.contains('{') {
            match self.find_open(name) {
                Some(index) => self.close_with_descendants(index, name, &range),
                None => self.process_unmatched_end_tag(name, range),
            }
        }
    }

    /// The index of the open element that an end tag closes. An end tag inside a table cell closes nothing outside of it, and
    /// the end tag of a row or cell nothing outside of its table.
    fn find_open(&self, name: &str) -> Option<usize> {
        let boundaries: &[&str] =
            if is_of_a_table(name) { &["table", "template"] } else { &["td", "th", "caption", "template"] };
        for (index, element) in self.open.iter().enumerate().rev() {
            count_steps(1);
            if element.name == name {
                return Some(index);
            }
            if boundaries.contains(&element.name) {
                return None;
            }
        }
        None
    }

    /// Closes the element at `index`, and reports the elements inside of it that are still open.
    fn close_with_descendants(&mut self, index: usize, name: &str, end_tag: &Range<usize>) {
        let in_foreign = self.foreign > 0;
        let mut closed = self.open.drain(index..).enumerate().peekable();
        while let Some((depth, element)) = closed.next() {
            count_steps(1);
            self.foreign -= usize::from(is_foreign(element.name));
            if depth == 0 || has_optional_end(element.name) {
                continue;
            }
            if let Some((_, second)) = closed.next_if(|(_, next)| is_missing_slash(&element, next)) {
                self.errors.push(reopened(element, second));
                continue;
            }
            let is_element = in_foreign || is_known(element.name);
            let inner = element.name.to_owned();
            // Its end tag probably follows: `<b><i></b></i>`.
            self.explained.push(inner.clone());
            let error = if is_element {
                TagError::UnclosedInside { name: inner, outer: name.to_owned(), outer_end: end_tag.clone() }
            } else {
                TagError::NotAnElement
            };
            self.errors.push(LocatedTagError { range: element.tag, error });
        }
    }

    fn process_unmatched_end_tag(&mut self, name: &str, range: Range<usize>) {
        self.unmatched += 1;
        if self.take_explained(name) || has_optional_start(name) {
            return;
        }
        if let Some(last) = self.open.pop_if(|last| is_probably_meant(last.name, name)) {
            let open = last.name.to_owned();
            return self.add(range, TagError::Mismatched { open, open_tag: last.tag, close: name.to_owned() });
        }
        self.explained.push(name.to_owned());
        self.add(range, TagError::Stray(name.to_owned()));
    }

    /// Whether an error was reported for an element with this name. Each error explains one tag.
    fn take_explained(&mut self, name: &str) -> bool {
        count_steps(self.explained.len());
        let Some(index) = self.explained.iter().position(|explained| explained == name) else { return false };
        self.explained.swap_remove(index);
        true
    }

    /// Reports the elements that are open at the end of the text.
    fn finish(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        // The content of such an element is not parsed, so the end tags of the elements around it were read as text.
        if open.last().is_some_and(|last| is_raw_text(last.name)) {
            open.drain(..open.len() - 1);
        }
        let mut open = open.into_iter().peekable();
        while self.errors.len() < self.max_errors
            && let Some(element) = open.next()
        {
            if let Some(second) = open.next_if(|next| is_missing_slash(&element, next)) {
                self.errors.push(reopened(element, second));
                continue;
            }
            if !has_optional_end(element.name) && !self.take_explained(element.name) {
                let is_element = self.foreign > 0 || is_known(element.name);
                let error =
                    if is_element { TagError::Unclosed(element.name.to_owned()) } else { TagError::NotAnElement };
                self.add(element.tag, error);
            }
        }
    }
}

fn is_element_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':')
}

/// Whether an element belongs to a whole page. In a fragment, browsers ignore these tags.
fn is_page_element(name: &str) -> bool {
    matches!(name, "html" | "head" | "body")
}

fn is_raw_text(name: &str) -> bool {
    matches!(name, "script" | "style" | "textarea" | "title" | "xmp" | "iframe")
}

/// Whether the second of two open elements was meant as the end tag of the first: text is not made bold twice.
fn is_missing_slash(first: &OpenElement<'_>, second: &OpenElement<'_>) -> bool {
    let is_text_style = matches!(first.name, "a" | "b" | "code" | "em" | "i" | "s" | "small" | "strong" | "u");
    // An end tag has no attributes.
    is_text_style && first.name == second.name && second.tag.len() == second.name.len() + "<>".len()
}

fn reopened(first: OpenElement<'_>, second: OpenElement<'_>) -> LocatedTagError {
    let error = TagError::Reopened { name: first.name.to_owned(), open_tag: first.tag };
    LocatedTagError { range: second.tag, error }
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// Whether an end tag with the name `close` was probably meant for the open element: another heading, or a typo.
fn is_probably_meant(open: &str, close: &str) -> bool {
    if is_heading(open) && is_heading(close) {
        return true;
    }
    // Short names are too similar: `b`, `i`, `p` and `a` are one letter apart.
    open.len().min(close.len()) > 3 && strsim::osa_distance(open, close) <= 1
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// Finds the attribute, up to its value, whose quotes do not match.
fn find_unpaired_quote(html: &str, tag: &Tag) -> Option<Range<usize>> {
    let mut previous: Option<Range<usize>> = None;
    let mut last_quoted = None;
    for attribute in &tag.attributes {
        // After an unpaired quote, the rest of the value is read as names of attributes. The quote is in the one before.
        if contains_quote(&attribute.name) {
            return Some(previous.unwrap_or(attribute.range(html)));
        }
        let up_to_value = attribute.name_range.start..attribute.value_range.start;
        let is_quoted = html[up_to_value.clone()].ends_with(['"', '\'']);
        let value = html.get(attribute.value_range.clone()).unwrap_or_default();
        // HTML does not know typographic quotes: they are part of the value.
        if !is_quoted && (contains_quote(value) || value.starts_with(['“', '”', '„'])) {
            return Some(attribute.range(html));
        }
        // A value that extends to the end of the text lacks its closing quote.
        let is_open = is_quoted && attribute.value_range.end == html.len();
        last_quoted = if is_open { Some(up_to_value.clone()) } else { None };
        previous = Some(up_to_value);
    }
    if tag.is_finished { None } else { last_quoted }
}

/// Whether a name or unquoted value contains characters that are errors there (HTML Standard, 13.2.5.33 and 13.2.5.38).
fn contains_quote(text: &str) -> bool {
    text.contains(['"', '\'', '<'])
}

#[cfg(test)]
mod tests;
