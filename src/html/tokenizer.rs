//! A fragment of html as a run of tokens with exact bytes, in source order, gap-free.
//!
//! html5gum does the reading (states, entities). Ranges are not taken from it where its spans are off (the ends of
//! attribute values, text with entities): text is what lies between tags, and an attribute's bytes follow from its
//! first. Nothing here repairs the tree or judges the content.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Error, Span, State, Tokenizer};

use crate::base::steps::count_steps;

/// One piece of html.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// `<name …>`.
    Open(Tag<'a>),
    /// `</name>`.
    Close {
        /// In lower case.
        name: &'a str,
        /// From `<` to `>`.
        range: Range<usize>,
    },
    /// What lies between tags, as written (see [`decode`]); also the content of `<script>`, `<style>` and the like.
    Text(Range<usize>),
    /// `<!-- … -->`, and what a browser takes for one: `<?…>`, `<!…>`.
    Comment(Range<usize>),
    /// `<!doctype …>`.
    Doctype(Range<usize>),
}

/// An opening tag.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// In lower case.
    pub name: &'a str,
    /// From `<` to `>`.
    pub range: Range<usize>,
    /// `false` when the html ends inside the tag: a browser drops it, a page that goes on may complete it.
    pub finished: bool,
    parts: &'a Parts,
}

/// An attribute of a [`Tag`].
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    /// In lower case.
    pub name: &'a str,
    /// Entities decoded; empty when there is none.
    pub value: &'a str,
    /// Name, equals sign, value and quotes.
    pub range: Range<usize>,
    /// The value as written, without quotes; empty at the end of the name when there is none.
    pub value_range: Range<usize>,
}

impl<'a> Tag<'a> {
    /// In source order. Of two with the same name a browser takes the first.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let parts = self.parts;
        parts.attributes.iter().map(|piece| Attribute {
            name: &parts.text[piece.name.clone()],
            value: &parts.text[piece.name.end..piece.value_end],
            range: piece.range.clone(),
            value_range: piece.value_range.clone(),
        })
    }

    /// The name, borrowed from the html the tag is of where it is written in lower case.
    pub(crate) fn name_in<'h>(&self, html: &'h str) -> Cow<'h, str> {
        let start = self.range.start + 1;
        match html.get(start..start + self.name.len()) {
            Some(name) if name == self.name => Cow::Borrowed(name),
            _ => Cow::Owned(self.name.to_owned()),
        }
    }

    /// The attribute that counts of that name (lower case).
    pub(crate) fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.name == name)
    }
}

/// Gives every token of `html` to `visit`, until it breaks.
pub(crate) fn scan<B>(html: &str, mut visit: impl FnMut(Token<'_>) -> ControlFlow<B>) -> Option<B> {
    let mut stopped = None;
    let _ = scan_all(html, &mut |token| match visit(token) {
        ControlFlow::Continue(()) => ControlFlow::Continue(()),
        ControlFlow::Break(value) => {
            stopped = Some(value);
            ControlFlow::Break(())
        }
    });
    stopped
}

/// What is done with each token. Not generic: html5gum's states are half a megabyte of code for each type they are
/// made for.
type Visit<'v> = &'v mut dyn FnMut(Token<'_>) -> ControlFlow<()>;
/// See [`Visit`].
type OnEvent<'e> = Box<dyn FnMut(CallbackEvent<'_>, Span<usize>) -> Option<Step> + 'e>;

fn scan_all(html: &str, visit: Visit<'_>) -> ControlFlow<()> {
    let mut reading = Reading::whole(html);
    reading.run(visit)?;
    let rest = reading.done;
    let cut = if reading.ends_in_tag { rest + tag_start(&html[rest..]) } else { html.len() };
    if rest < cut {
        visit(Token::Text(rest..cut))?;
    }
    if cut < html.len() { unfinished(html, cut, visit) } else { ControlFlow::Continue(()) }
}

/// Text as a reader sees it: entities decoded.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let on_event: OnEvent<'_> = Box::new(|event, _| {
        if let CallbackEvent::String { value } = event {
            decoded.push_str(&String::from_utf8_lossy(value));
        }
        None
    });
    let mut tokenizer = Tokenizer::new_with_emitter(text, CallbackEmitter::new(on_event));
    tokenizer.set_state(State::RcData);
    for _ in tokenizer {}
    Cow::Owned(decoded)
}

/// The last tag, which the html breaks off in: read as if it were closed, since its attributes may yet count.
fn unfinished(html: &str, start: usize, visit: Visit<'_>) -> ControlFlow<()> {
    for ending in [">", "\">", "'>"] {
        count_steps(html.len() - start);
        let closed = format!("{}{ending}", &html[start..]);
        let mut reading =
            Reading { base: start, limit: html.len(), done: start, finished: false, ..Reading::whole(&closed) };
        let mut seen = false;
        let stopped = reading.run(&mut |token| {
            seen = true;
            visit(token)
        });
        if seen {
            return stopped;
        }
    }
    ControlFlow::Continue(())
}

/// Where in a text that ends inside a tag that tag starts.
fn tag_start(text: &str) -> usize {
    let opens = |at: &usize| match &text.as_bytes()[at + 1..] {
        [b'/', letter, ..] | [letter, ..] => letter.is_ascii_alphabetic(),
        [] => false,
    };
    memchr::memchr_iter(b'<', text.as_bytes()).find(opens).unwrap_or(text.len())
}

/// What the content of an element is read as, when it is not markup. `noscript` is markup to mail readers.
fn content_state(name: &str) -> Option<State> {
    match name {
        "title" | "textarea" => Some(State::RcData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(State::RawText),
        "script" => Some(State::ScriptData),
        "plaintext" => Some(State::PlainText),
        _ => None,
    }
}

/// Names and values of one tag in one buffer that is used again for the next.
#[derive(Debug, Default)]
struct Parts {
    text: String,
    name_end: usize,
    start: usize,
    attributes: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    /// In `text`; the value follows it.
    name: Range<usize>,
    value_end: usize,
    range: Range<usize>,
    value_range: Range<usize>,
}

enum Step {
    Stop,
    ReadAs(State),
}

struct Reading<'h> {
    html: &'h str,
    /// Where `html` lies in the whole, and where the whole ends.
    base: usize,
    limit: usize,
    /// Everything before this has been visited.
    done: usize,
    /// Whether `html` is as it was written, not closed by us.
    finished: bool,
    in_tag: bool,
    ends_in_tag: bool,
    /// Open `<svg>` and `<math>`: their `<style>` and `<title>` hold markup.
    foreign: usize,
    parts: Parts,
}

impl<'h> Reading<'h> {
    fn whole(html: &'h str) -> Self {
        Self {
            html,
            base: 0,
            limit: html.len(),
            done: 0,
            finished: true,
            in_tag: false,
            ends_in_tag: false,
            foreign: 0,
            parts: Parts::default(),
        }
    }

    fn run(&mut self, visit: Visit<'_>) -> ControlFlow<()> {
        let html = self.html;
        let on_event: OnEvent<'_> = Box::new(|event, span| {
            count_steps(1 + span.end.saturating_sub(span.start));
            self.event(&event, &span, visit)
        });
        let mut tokenizer = Tokenizer::new_with_emitter(html, CallbackEmitter::new(on_event));
        while let Some(Ok(step)) = tokenizer.next() {
            match step {
                Step::Stop => return ControlFlow::Break(()),
                Step::ReadAs(state) => tokenizer.set_state(state),
            }
        }
        ControlFlow::Continue(())
    }

    fn event(&mut self, event: &CallbackEvent<'_>, span: &Span<usize>, visit: Visit<'_>) -> Option<Step> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.in_tag = true;
                self.parts.open(name, self.place(span.start));
            }
            CallbackEvent::AttributeName { name } if self.in_tag => self.attribute(name, span),
            CallbackEvent::AttributeValue { value } if self.in_tag => self.parts.value(value),
            CallbackEvent::CloseStartTag { self_closing } => return self.close_start(*self_closing, span.end, visit),
            CallbackEvent::EndTag { name } => {
                self.in_tag = false;
                let name = String::from_utf8_lossy(name);
                self.foreign -= usize::from(self.foreign > 0 && matches!(&*name, "svg" | "math"));
                return self.give(span, visit, |range| Token::Close { name: &name, range });
            }
            CallbackEvent::Comment { .. } => return self.give(span, visit, Token::Comment),
            CallbackEvent::Doctype { .. } => return self.give(span, visit, Token::Doctype),
            CallbackEvent::Error(Error::EofInTag) => self.ends_in_tag = true,
            _ => {}
        }
        None
    }

    /// An offset of html5gum as an offset of the whole html.
    fn place(&self, local: usize) -> usize {
        (self.base + local).min(self.limit)
    }

    fn attribute(&mut self, name: &[u8], span: &Span<usize>) {
        let (value, end) = written_value(self.html.as_bytes(), span.end);
        let range = self.place(span.start)..self.place(end);
        let value_range = self.place(value.start)..self.place(value.end);
        self.parts.attribute(name, range, value_range);
    }

    fn close_start(&mut self, self_closing: bool, end: usize, visit: Visit<'_>) -> Option<Step> {
        self.in_tag = false;
        let start = self.parts.start;
        let end = self.place(end);
        let before = self.done..start;
        self.done = end;
        if !before.is_empty() && visit(Token::Text(before)).is_break() {
            return Some(Step::Stop);
        }
        let name = &self.parts.text[..self.parts.name_end];
        let tag = Tag { name, range: start..end, finished: self.finished, parts: &self.parts };
        if visit(Token::Open(tag)).is_break() {
            return Some(Step::Stop);
        }
        if matches!(name, "svg" | "math") && !self_closing {
            self.foreign += 1;
        }
        if self.foreign > 0 { None } else { content_state(name).map(Step::ReadAs) }
    }

    /// The text before a token, then the token.
    fn give<'t>(
        &mut self,
        span: &Span<usize>,
        visit: Visit<'_>,
        token: impl FnOnce(Range<usize>) -> Token<'t>,
    ) -> Option<Step> {
        let range = self.place(span.start)..self.place(span.end);
        let before = self.done..range.start;
        self.done = range.end;
        if !before.is_empty() && visit(Token::Text(before)).is_break() {
            return Some(Step::Stop);
        }
        visit(token(range)).is_break().then_some(Step::Stop)
    }
}

impl Parts {
    fn open(&mut self, name: &[u8], start: usize) {
        self.text.clear();
        self.attributes.clear();
        self.start = start;
        self.name_end = self.push(name);
    }

    fn attribute(&mut self, name: &[u8], range: Range<usize>, value_range: Range<usize>) {
        let start = self.text.len();
        let end = self.push(name);
        self.attributes.push(Piece { name: start..end, value_end: end, range, value_range });
    }

    fn value(&mut self, value: &[u8]) {
        let end = self.push(value);
        if let Some(last) = self.attributes.last_mut() {
            last.value_end = end;
        }
    }

    fn push(&mut self, bytes: &[u8]) -> usize {
        self.text.push_str(&String::from_utf8_lossy(bytes));
        self.text.len()
    }
}

/// The bytes of an attribute's value, and where the attribute ends, given where its name ends.
fn written_value(html: &[u8], name_end: usize) -> (Range<usize>, usize) {
    let blank = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ');
    let skip_blank = |from: usize| from + html[from..].iter().take_while(|byte| blank(byte)).count();
    let equals = skip_blank(name_end);
    if html.get(equals) != Some(&b'=') {
        return (name_end..name_end, name_end);
    }
    let start = skip_blank(equals + 1);
    if let Some(&quote @ (b'"' | b'\'')) = html.get(start) {
        let inner = start + 1;
        let length = memchr::memchr(quote, &html[inner..]).unwrap_or(html.len() - inner);
        count_steps(length);
        return (inner..inner + length, (inner + length + 1).min(html.len()));
    }
    let length = html[start..].iter().take_while(|&byte| !blank(byte) && *byte != b'>').count();
    count_steps(length);
    (start..start + length, start + length)
}

#[cfg(test)]
mod tests;
