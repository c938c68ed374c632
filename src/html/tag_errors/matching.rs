//! Finds elements without an end tag and end tags without an element.
//!
//! A browser does not reject such a text but repairs it, and html5ever repairs it in the same way. The text is therefore parsed once
//! more, and each change of html5ever's stack of open elements is compared with what the tag should do: a start tag opens its element,
//! and an end tag closes the innermost element, which has its name. End tags that the HTML Standard allows to omit are no errors, and
//! neither is a paragraph that a browser closes before a block, because the page looks the same.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use html5ever::{LocalName, ns};

use crate::base::steps::count_steps;
use crate::html::elements::{has_optional_end, has_optional_start, is_formatting, is_known, is_void};
use crate::html::tag_errors::{LocatedTagError, TagError, is_element_name_byte, is_template};
use crate::html::tree::{HtmlTree, Interpretation, NodeId, Tag, TagId, parse_observed};

/// Adds the errors of a text until there are about `max_errors`. Ignores the tag with the index `ambiguous` and everything after it.
pub(super) fn find_unmatched_tags(
    html: &str,
    interpretation: &Interpretation,
    ambiguous: Option<TagId>,
    max_errors: usize,
    errors: &mut Vec<LocatedTagError>,
) {
    let mut matcher = TagMatcher {
        html,
        stack: Vec::new(),
        starts: HashMap::new(),
        ended_early: HashMap::new(),
        ended_by_start_tags: Vec::new(),
        stray: HashMap::new(),
        errors: std::mem::take(errors),
        max_errors,
    };
    let tree = parse_observed(html, interpretation, &mut |tree, tag, open| {
        let is_ignored = tag.is_some_and(|tag| ambiguous.is_some_and(|ambiguous| tag >= ambiguous));
        if !is_ignored && matcher.errors.len() < max_errors {
            matcher.process_token(tree, tag, open);
        }
    });
    // The end tags of elements beyond a limit were not read.
    if ambiguous.is_none() && tree.limit.is_none() {
        matcher.finish();
    }
    *errors = matcher.errors;
}

/// An element on the stack.
#[derive(Clone, Debug)]
struct OpenElement {
    id: NodeId,
    /// The name in lower case.
    name: LocalName,
    /// The start tag and its bytes. A copy of a formatting element has those of the original. `None` if the browser added the
    /// element by itself.
    start: Option<(TagId, Range<usize>)>,
    /// Whether there is an element with this name. Otherwise the tag is a word in angle brackets.
    is_known: bool,
}

/// The state of a start tag whose element is no longer open, or which has an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StartTagState {
    /// An end tag closed the element.
    Closed,
    /// The element ended without its end tag, which can still follow: `<b><i></b></i>`.
    EndedEarly,
    /// Like `EndedEarly`, but together with the element around it, so that an end tag that follows is at the wrong place:
    /// `<td><b><td></b>`.
    EndedWithParent,
    /// The element ended early, and needs no error: one was reported, an end tag followed, or the browser ignored the tag.
    Resolved,
}

struct TagMatcher<'h> {
    html: &'h str,
    /// The open elements after the last token.
    stack: Vec<OpenElement>,
    starts: HashMap<TagId, StartTagState>,
    /// For each name, the start tags whose elements ended early or were not opened. Each is a reason for one end tag that closes
    /// nothing.
    ended_early: HashMap<LocalName, Vec<(TagId, Range<usize>)>>,
    /// The start tags whose elements were ended by another start tag.
    ended_by_start_tags: Vec<OpenElement>,
    /// For each name, the errors about end tags that close nothing, as indices of `errors`.
    stray: HashMap<LocalName, Vec<usize>>,
    errors: Vec<LocatedTagError>,
    max_errors: usize,
}

impl TagMatcher<'_> {
    /// Compares the stack after a token with the one before. `open` is the stack after the token.
    fn process_token(&mut self, tree: &HtmlTree, tag: Option<TagId>, open: &[NodeId]) {
        count_steps(self.stack.len() + open.len());
        let unchanged = self.stack.iter().zip(open).take_while(|(element, id)| element.id == **id).count();
        let before = self.stack.split_off(unchanged);
        let still_open: HashSet<NodeId> = open[unchanged..].iter().copied().collect();
        let (kept, closed): (Vec<_>, Vec<_>) = before.iter().partition(|element| still_open.contains(&element.id));
        if let Some(id) = tag {
            let tag = &tree.tags[id];
            if tag.is_end {
                self.process_end_tag(tag, &before, &closed);
            } else {
                self.process_start_tag(id, tag, &closed);
            }
        }
        let kept: HashMap<NodeId, &OpenElement> = kept.into_iter().map(|element| (element.id, element)).collect();
        for id in &open[unchanged..] {
            let element = match kept.get(id) {
                Some(element) => Some((*element).clone()),
                None => self.new_open_element(tree, *id),
            };
            self.stack.extend(element);
        }
        if let Some(tag) = tag {
            self.record_ignored_start_tag(tree, tag);
        }
    }

    fn new_open_element(&self, tree: &HtmlTree, id: NodeId) -> Option<OpenElement> {
        let element = tree.element(id)?;
        let name = LocalName::from(element.name.local.to_ascii_lowercase());
        let is_known = element.name.ns != ns!(html) || is_known(&name);
        let mut start = element.start_tag.map(|tag| (tag, tree.tags[tag].range.clone()));
        if start.is_none() && is_formatting(&name) {
            // The tree does not tell which element this is a copy of if it has no attributes. It is probably the last one.
            start = self.ended_early.get(&name).and_then(|tags| tags.last()).cloned();
        }
        Some(OpenElement { id, name, start, is_known })
    }

    /// Records a start tag that the browser ignores, such as `<td>` outside of a table. It ignores the end tag as well, which is
    /// therefore no error.
    fn record_ignored_start_tag(&mut self, tree: &HtmlTree, id: TagId) {
        let tag = &tree.tags[id];
        let is_open = self.stack.last().is_some_and(|element| element.tag() == Some(id));
        if !tag.is_end && !is_open && !is_void(&tag.name) && !self.html[tag.range.clone()].ends_with("/>") {
            self.starts.insert(id, StartTagState::Resolved);
            self.ended_early.entry(tag.name.clone()).or_default().push((id, tag.range.clone()));
        }
    }

    fn process_start_tag(&mut self, id: TagId, tag: &Tag, closed: &[&OpenElement]) {
        let ends_cell = closed.iter().any(|element| matches!(&*element.name, "td" | "th" | "caption"));
        for element in closed.iter().rev() {
            // `<a href=x>Help<a>`: a link cannot contain another, so the second tag ends the first.
            if is_missing_slash(element, &tag.name, &tag.range) && resolve(&mut self.starts, element) {
                self.report(tag.range.clone(), reopened(element));
                self.starts.insert(id, StartTagState::Resolved);
            }
            let has_parent = closed.first().is_some_and(|outermost| outermost.id != element.id);
            // Outside of a table cell, the browser opens a formatting element again in the next paragraph.
            let is_reopened = is_formatting(&element.name) && !ends_cell;
            self.end_early(
                element,
                if has_parent && !is_reopened { StartTagState::EndedWithParent } else { StartTagState::EndedEarly },
            );
            self.ended_by_start_tags.push((*element).clone());
        }
    }

    fn process_end_tag(&mut self, tag: &Tag, before: &[OpenElement], closed: &[&OpenElement]) {
        let name = &*tag.name;
        let target = closed.iter().rfind(|element| {
            // The end tag of one heading closes another.
            *element.name == *name || is_heading(&element.name) && is_heading(name)
        });
        if !is_page_element(name) && !is_template(name) {
            match target {
                Some(target) => self.close(target, tag, before),
                None => self.process_unmatched_end_tag(tag, before),
            }
        }
        for element in closed {
            if target.is_none_or(|target| target.id != element.id) {
                self.end_early(element, StartTagState::EndedEarly);
            }
        }
    }

    /// Closes an element with its end tag, and reports the elements inside of it that are still open.
    fn close(&mut self, target: &OpenElement, tag: &Tag, before: &[OpenElement]) {
        let name = &*tag.name;
        if let Some((id, open_tag)) = &target.start {
            self.starts.insert(*id, StartTagState::Closed);
            if *target.name != *name {
                let open = target.name.to_string();
                let error = TagError::Mismatched { open, open_tag: open_tag.clone(), close: name.to_owned() };
                self.report(tag.range.clone(), error);
            }
        }
        let mut inside = Vec::new();
        for element in before.iter().skip_while(|element| element.id != target.id).skip(1) {
            // This can be a copy of an element that ended early. It is not reported, because the end tag may follow.
            if !self.has_ended_early(element) {
                inside.push(element);
            }
        }
        self.report_unclosed_inside(&inside, tag);
    }

    /// Whether the element of a start tag ended early, and this is not resolved.
    fn has_ended_early(&self, element: &OpenElement) -> bool {
        let state = element.tag().and_then(|tag| self.starts.get(&tag));
        matches!(state, Some(StartTagState::EndedEarly | StartTagState::EndedWithParent))
    }

    fn process_unmatched_end_tag(&mut self, tag: &Tag, before: &[OpenElement]) {
        let name = &*tag.name;
        let range = tag.range.clone();
        if is_void(name) {
            let error = TagError::VoidEndTag(name.to_owned());
            return self.report(range, error);
        }
        if self.take_ended_early(&tag.name) || has_optional_start(name) {
            return;
        }
        let innermost = before.last().or(self.stack.last()).cloned();
        let error = match innermost {
            Some(OpenElement { name: open, start: Some((id, open_tag)), .. })
                if is_probably_meant(&open, name) && !self.starts.contains_key(&id) =>
            {
                self.starts.insert(id, StartTagState::Resolved);
                TagError::Mismatched { open: open.to_string(), open_tag, close: name.to_owned() }
            }
            _ => {
                if self.errors.len() < self.max_errors {
                    self.stray.entry(tag.name.clone()).or_default().push(self.errors.len());
                }
                TagError::Stray(name.to_owned())
            }
        };
        self.report(range, error);
    }

    /// Adds an error, unless the maximum number is reached.
    fn report(&mut self, range: Range<usize>, error: TagError) {
        if self.errors.len() < self.max_errors {
            self.errors.push(LocatedTagError { range, error });
        }
    }

    /// Records that an element ended without its end tag.
    fn end_early(&mut self, element: &OpenElement, state: StartTagState) {
        let Some((id, range)) = &element.start else { return };
        self.starts.entry(*id).or_insert(state);
        self.ended_early.entry(element.name.clone()).or_default().push((*id, range.clone()));
    }

    /// Whether an end tag with this name belongs to an element that ended early. Each such element is used for one end tag.
    fn take_ended_early(&mut self, name: &LocalName) -> bool {
        let Some(tags) = self.ended_early.get_mut(name) else { return false };
        while let Some((id, _)) = tags.pop() {
            count_steps(1);
            if matches!(self.starts.get(&id), Some(StartTagState::EndedEarly | StartTagState::Resolved)) {
                self.starts.insert(id, StartTagState::Resolved);
                return true;
            }
        }
        false
    }

    /// Reports the elements that need an end tag and end at the end tag `outer` instead. `elements` starts with the outermost.
    fn report_unclosed_inside(&mut self, elements: &[&OpenElement], outer: &Tag) {
        for (element, range) in self.take_unclosed(elements) {
            self.report(range, unclosed_inside(&element, &outer.name, &outer.range));
        }
    }

    /// Reports the elements that need an end tag and end at the end of the text instead. `elements` starts with the outermost.
    fn report_unclosed(&mut self, elements: &[&OpenElement]) {
        // The index of the error about an end tag that would have closed the element around the current one.
        let mut ignored_end_tag = None;
        for (element, range) in self.take_unclosed(elements) {
            if let Some(index) = self.stray.get_mut(&element.name).and_then(Vec::pop) {
                ignored_end_tag = Some(index);
                continue;
            }
            // `<div><table></div>`: browsers ignore the end tag because the table is open. The missing end tag is the cause.
            if let Some(index) = ignored_end_tag.take_if(|index| self.errors[*index].range.start > range.start)
                && let TagError::Stray(outer) = &self.errors[index].error
            {
                let error = unclosed_inside(&element, outer, &self.errors[index].range);
                self.errors[index] = LocatedTagError { range, error };
                continue;
            }
            let error =
                if element.is_known { TagError::Unclosed(element.name.to_string()) } else { TagError::NotAnElement };
            self.report(range, error);
        }
    }

    /// Selects the elements that need an end tag and are not resolved, with the ranges of their start tags, and marks them as
    /// resolved. If the start tag of the next element was meant as the end tag, this is reported here instead.
    fn take_unclosed(&mut self, elements: &[&OpenElement]) -> Vec<(OpenElement, Range<usize>)> {
        let mut unclosed = Vec::new();
        let mut elements = elements.iter().filter(|element| needs_end_tag(self.html, element)).peekable();
        while let Some(element) = elements.next() {
            count_steps(1);
            let Some((_, range)) = element.start.clone() else { continue };
            if !resolve(&mut self.starts, element) {
                continue;
            }
            match elements.next_if(|next| is_meant_as_end_tag(next, element)) {
                Some(next) => {
                    if resolve(&mut self.starts, next)
                        && let Some((_, range)) = next.start.clone()
                    {
                        self.report(range, reopened(element));
                    }
                }
                None => unclosed.push(((*element).clone(), range)),
            }
        }
        unclosed
    }

    /// Reports the elements that are never closed.
    fn finish(&mut self) {
        let stack = std::mem::take(&mut self.stack);
        let ended = std::mem::take(&mut self.ended_by_start_tags);
        let mut unclosed: Vec<&OpenElement> = match stack.last() {
            // The content of such an element is raw text, so the end tags of the elements around it were not recognized.
            Some(last) if is_raw_text(&last.name) => vec![last],
            _ => stack.iter().collect(),
        };
        unclosed.extend(ended.iter().filter(|element| self.has_ended_early(element)));
        self.report_unclosed(&unclosed);
    }
}

impl OpenElement {
    fn tag(&self) -> Option<TagId> {
        self.start.as_ref().map(|(id, _)| *id)
    }
}

/// Marks the start tag of an element as resolved. Returns whether it was not resolved before.
fn resolve(starts: &mut HashMap<TagId, StartTagState>, element: &OpenElement) -> bool {
    let Some((id, _)) = element.start else { return false };
    starts.insert(id, StartTagState::Resolved) != Some(StartTagState::Resolved)
}

/// Whether the HTML Standard requires an end tag.
fn needs_end_tag(html: &str, element: &OpenElement) -> bool {
    let Some((_, range)) = &element.start else { return false };
    // In the namespaces of Office, the slash closes an element: `<o:p/>`.
    let is_closed = element.name.contains(':') && html[range.clone()].ends_with("/>");
    // The tags of other names are reported where they are.
    let is_name = element.name.bytes().all(is_element_name_byte);
    is_name && !is_closed && !has_optional_end(&element.name) && !is_page_element(&element.name)
}

fn unclosed_inside(element: &OpenElement, outer: &str, outer_end: &Range<usize>) -> TagError {
    if !element.is_known {
        return TagError::NotAnElement;
    }
    TagError::UnclosedInside { name: element.name.to_string(), outer: outer.to_owned(), outer_end: outer_end.clone() }
}

/// Whether an element is part of the structure of a page. In a fragment, browsers ignore these tags.
fn is_page_element(name: &str) -> bool {
    matches!(name, "html" | "head" | "body")
}

fn is_raw_text(name: &str) -> bool {
    matches!(name, "script" | "style" | "textarea" | "title" | "xmp" | "iframe")
}

/// Whether the start tag of `next` was meant as the end tag of `element`.
fn is_meant_as_end_tag(next: &OpenElement, element: &OpenElement) -> bool {
    next.start.as_ref().is_some_and(|(_, range)| is_missing_slash(element, &next.name, range))
}

/// Whether a start tag was meant as the end tag of an element: text is not made bold twice.
fn is_missing_slash(element: &OpenElement, name: &str, tag: &Range<usize>) -> bool {
    let is_text_style = matches!(name, "a" | "b" | "code" | "em" | "i" | "s" | "small" | "strong" | "u");
    // An end tag has no attributes.
    is_text_style && *element.name == *name && tag.len() == name.len() + "<>".len()
}

fn reopened(element: &OpenElement) -> TagError {
    let open_tag = element.start.as_ref().map_or(0..0, |(_, range)| range.clone());
    TagError::Reopened { name: element.name.to_string(), open_tag }
}

/// Whether an end tag with the name `close` was probably meant for the open element: another heading, or a typo.
fn is_probably_meant(open: &str, close: &str) -> bool {
    // Short names are too similar: `b`, `i`, `p` and `a` are one letter apart.
    open.len().min(close.len()) > 3 && strsim::osa_distance(open, close) <= 1
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}
