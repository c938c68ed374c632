//! Where an html does not end what it begins: tags, quotes and comments, by a simple stack.
//!
//! What the HTML Standard lets people leave out is no flaw, and the paragraph that a browser ends before a block is none
//! either: nobody sees a difference. One slip is one flaw, so what follows from it is not reported again.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use crate::base::steps::count_steps;
use crate::html::elements::{has_optional_end, has_optional_start, is_known, is_of_a_table, is_void};
use crate::html::tokenizer::{Attribute, Tag, Token, scan};

/// In which way an html is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagError {
    /// An element that never ends.
    Unclosed(String),
    /// An element that is still open where one around it ends.
    Overtaken {
        /// Its name.
        name: String,
        /// The name of the one around it.
        by: String,
        /// That one's end tag.
        at: Range<usize>,
    },
    /// `<h2>…</h3>`, `<strong>…</stong>`: an end tag for another name.
    Mismatched {
        /// The name of the element that is open.
        open: String,
        /// Its tag.
        at: Range<usize>,
        /// The name of the end tag.
        close: String,
    },
    /// `<b>code<b>`: opened again where it should end.
    Reopened {
        /// Its name.
        name: String,
        /// The tag that opened it.
        at: Range<usize>,
    },
    /// An end tag of nothing.
    Stray(String),
    /// `</br>`: an end tag of an element that has none.
    VoidEnd(String),
    /// `<help@acme.com>`, `<name>`: text in angle brackets.
    NoElement,
    /// An attribute whose quotes do not pair up.
    Quote,
    /// A tag without its `>`.
    UnfinishedTag,
    /// The html ends inside a comment.
    UnclosedComment,
}

/// A flaw and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The tag, the comment's start, the attribute up to its value.
    pub range: Range<usize>,
    /// What is wrong.
    pub flaw: TagError,
}

/// The flaws of an html.
#[derive(Debug)]
pub(crate) struct Flaws {
    /// In order.
    pub found: Vec<Broken>,
    /// The html was read to its end, or to where it is not known any more what belongs to what.
    pub is_all: bool,
}

/// The flaws of an html; after about `most`, or [`MISSES`] end tags without a start, it is not read on.
pub(crate) fn flaws(html: &str, most: usize) -> Flaws {
    let mut stack =
        Stack { html, most, open: Vec::new(), foreign: 0, explained: Vec::new(), misses: 0, found: Vec::new() };
    let lost = scan(html, |token| stack.take(token)).is_some();
    if !lost {
        stack.end();
    }
    let is_all = !stack.is_full();
    let mut found = stack.found;
    found.sort_by_key(|broken| broken.range.start);
    Flaws { found, is_all }
}

/// Each end tag without a start may cost a look at all open elements.
const MISSES: usize = 50;

struct Open<'h> {
    name: Cow<'h, str>,
    range: Range<usize>,
}

struct Stack<'h> {
    html: &'h str,
    most: usize,
    open: Vec<Open<'h>>,
    /// How many of the open ones are svg or math.
    foreign: usize,
    /// Names of elements of which the flaw is reported: an end or a start that still comes, or came, follows from it.
    explained: Vec<String>,
    /// End tags that were looked for in vain: each may cost a look at the whole stack.
    misses: usize,
    found: Vec<Broken>,
}

impl Stack<'_> {
    /// Breaks where it is not known any more what belongs to what.
    fn take(&mut self, token: Token<'_>) -> ControlFlow<()> {
        match token {
            Token::Open(tag) => self.start(&tag)?,
            // What follows is swallowed.
            Token::Close { name, range } if name.contains('<') => {
                self.add(range, TagError::UnfinishedTag);
                return ControlFlow::Break(());
            }
            Token::Close { name, range } => self.close(name, range),
            Token::Comment(range) => {
                let text = &self.html[range.clone()];
                let ends = text.ends_with("-->") || text.ends_with("--!>");
                if text.starts_with("<!--") && !ends && range.end == self.html.len() {
                    self.add(range.start..range.start + "<!--".len(), TagError::UnclosedComment);
                    return ControlFlow::Break(());
                }
            }
            Token::Text(_) | Token::Doctype(_) => {}
        }
        if self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether enough was found.
    fn is_full(&self) -> bool {
        self.found.len() >= self.most || self.misses >= MISSES
    }

    fn add(&mut self, range: Range<usize>, flaw: TagError) {
        self.found.push(Broken { range, flaw });
    }

    fn start(&mut self, tag: &Tag<'_>) -> ControlFlow<()> {
        // The names of templates (`<h{{level}}>`) are anything.
        if tag.name.contains('{') {
            return ControlFlow::Continue(());
        }
        if tag.name.contains('<') {
            self.add(tag.range.clone(), TagError::UnfinishedTag);
            return ControlFlow::Break(());
        }
        if !tag.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':')) {
            self.add(tag.range.clone(), TagError::NoElement);
            return ControlFlow::Continue(());
        }
        if let Some(range) = odd_quote(self.html, tag) {
            self.add(range, TagError::Quote);
            return ControlFlow::Break(());
        }
        if !tag.finished {
            self.add(tag.range.clone(), TagError::UnfinishedTag);
            return ControlFlow::Break(());
        }
        let ends_itself = self.html[tag.range.clone()].ends_with("/>");
        // In html the slash means nothing; svg and the names of office programs are xml.
        let is_whole = ends_itself && (tag.name.contains(':') || is_foreign(tag.name) || self.foreign > 0);
        if !is_whole && !is_void(tag.name) && !matches!(tag.name, "html" | "head" | "body") {
            self.foreign += usize::from(is_foreign(tag.name));
            self.open.push(Open { name: tag.name_in(self.html), range: tag.range.clone() });
        }
        ControlFlow::Continue(())
    }

    fn close(&mut self, name: &str, range: Range<usize>) {
        if self.open.last().is_some_and(|last| last.name == name) {
            self.open.pop();
            self.foreign -= usize::from(is_foreign(name));
        } else if is_void(name) {
            self.add(range, TagError::VoidEnd(name.to_owned()));
        } else if !matches!(name, "html" | "head" | "body") && !name.contains('{') {
            match self.place_of(name) {
                Some(at) => self.close_over(at, name, &range),
                None => self.stray(name, range),
            }
        }
    }

    /// Where in the stack the element is that an end tag ends. It does not reach out of a cell, a cell's not out of a
    /// table.
    fn place_of(&self, name: &str) -> Option<usize> {
        let walls: &[&str] =
            if is_of_a_table(name) { &["table", "template"] } else { &["td", "th", "caption", "template"] };
        for (at, open) in self.open.iter().enumerate().rev() {
            count_steps(1);
            if open.name == name {
                return Some(at);
            }
            if walls.contains(&&*open.name) {
                return None;
            }
        }
        None
    }

    fn close_over(&mut self, at: usize, name: &str, range: &Range<usize>) {
        let in_foreign = self.foreign > 0;
        let mut drained = self.open.drain(at..).enumerate().peekable();
        while let Some((above, open)) = drained.next() {
            count_steps(1);
            self.foreign -= usize::from(is_foreign(&open.name));
            if above == 0 || has_optional_end(&open.name) {
                continue;
            }
            if let Some((_, again)) = drained.next_if(|(_, next)| is_slash_forgotten(&open, next)) {
                self.found.push(reopened(open, again));
                continue;
            }
            let is_element = in_foreign || is_known(&open.name);
            let own = open.name.into_owned();
            self.explained.push(own.clone());
            let overtaken = || TagError::Overtaken { name: own, by: name.to_owned(), at: range.clone() };
            let flaw = if is_element { overtaken() } else { TagError::NoElement };
            self.found.push(Broken { range: open.range, flaw });
        }
    }

    fn stray(&mut self, name: &str, range: Range<usize>) {
        self.misses += 1;
        if self.is_explained(name) || has_optional_start(name) {
            return;
        }
        if let Some(last) = self.open.pop_if(|last| is_slip(&last.name, name)) {
            let flaw = TagError::Mismatched { open: last.name.into_owned(), at: last.range, close: name.to_owned() };
            return self.add(range, flaw);
        }
        self.explained.push(name.to_owned());
        self.add(range, TagError::Stray(name.to_owned()));
    }

    fn is_explained(&mut self, name: &str) -> bool {
        count_steps(self.explained.len());
        let at = self.explained.iter().position(|explained| explained == name);
        at.map(|at| self.explained.swap_remove(at)).is_some()
    }

    /// The html is over: what is still open never ends.
    fn end(&mut self) {
        let open = std::mem::take(&mut self.open);
        // What is read as no markup takes all that follows with it.
        let swallows = |name: &str| matches!(name, "script" | "style" | "textarea" | "title" | "xmp" | "iframe");
        let from = if open.last().is_some_and(|last| swallows(&last.name)) { open.len() - 1 } else { 0 };
        let mut open = open.into_iter().skip(from).peekable();
        while self.found.len() < self.most
            && let Some(one) = open.next()
        {
            if let Some(again) = open.next_if(|next| is_slash_forgotten(&one, next)) {
                self.found.push(reopened(one, again));
                continue;
            }
            if !has_optional_end(&one.name) && !self.is_explained(&one.name) {
                let is_element = self.foreign > 0 || is_known(&one.name);
                let flaw = if is_element { TagError::Unclosed(one.name.into_owned()) } else { TagError::NoElement };
                self.add(one.range, flaw);
            }
        }
    }
}

/// Whether the second of two open elements is the end tag of the first but for its slash. Text is not made bold twice.
fn is_slash_forgotten(first: &Open<'_>, second: &Open<'_>) -> bool {
    let of_text = matches!(&*first.name, "a" | "b" | "code" | "em" | "i" | "s" | "small" | "strong" | "u");
    of_text && first.name == second.name && second.range.len() == second.name.len() + "<>".len()
}

fn reopened(first: Open<'_>, second: Open<'_>) -> Broken {
    Broken { range: second.range, flaw: TagError::Reopened { name: first.name.into_owned(), at: first.range } }
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// Whether an end tag was meant for the open element: another heading, another cell, a typo.
fn is_slip(open: &str, close: &str) -> bool {
    let heading = |name: &str| matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
    let typo = || open.len().min(close.len()) > 3 && strsim::osa_distance(open, close) <= 1;
    (heading(open) && heading(close)) || typo()
}

/// The attribute, up to its value, after which quotes no longer pair up.
fn odd_quote(html: &str, tag: &Tag<'_>) -> Option<Range<usize>> {
    let is_odd = |text: &str| text.contains(['"', '\'', '<']);
    let up_to_value = |attribute: &Attribute<'_>| attribute.range.start..attribute.value_range.start;
    let mut before: Option<Range<usize>> = None;
    let mut last_quote = None;
    for attribute in tag.attributes() {
        if is_odd(attribute.name) {
            return Some(before.unwrap_or(attribute.range));
        }
        let own = up_to_value(&attribute);
        let quoted = html[own.clone()].ends_with(['"', '\'']);
        let written = html.get(attribute.value_range.clone()).unwrap_or_default();
        // Typographic quotes are a part of the value.
        if !quoted && (is_odd(written) || written.starts_with(['“', '”', '„'])) {
            return Some(attribute.range);
        }
        last_quote = (quoted && attribute.value_range.end == html.len()).then(|| own.clone());
        before = Some(own);
    }
    last_quote.filter(|_| !tag.finished)
}

#[cfg(test)]
mod tests;
