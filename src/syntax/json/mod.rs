//! JSON and JSON with comments: one pass, no recursion, and on after every error.
//!
//! A state machine over the bytes with its own stack. What is a token and what is wrong with it stands in [`lexer`];
//! here stands only what may follow what, and how to go on when it does not. What is [`fast`] does not come here.

mod cascades;
mod escape;
mod fast;
mod foreign_quotes;
mod lexer;
mod recover;
mod scan;
mod stack;

use std::borrow::Cow;

use crate::base::source::Span;
use crate::syntax::{
    Document, Entry, FIELDS, Limits, MAX_ERRORS, Node, NodeId, Parsed, Problem, Style, Value, expected_values,
};
use lexer::Lexer;
use stack::{Contents, Frame};

/// Which JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 8259.
    Strict,
    /// With comments and trailing commas (`.jsonc`).
    Comments,
}

/// Reads a text; see [`crate::syntax::parse`].
pub fn parse<'t>(text: &'t str, dialect: Dialect, limits: &Limits) -> Parsed<'t> {
    fast::parse(text, limits).unwrap_or_else(|| parse_tolerantly(text, dialect, limits))
}

/// A bracket that is never closed makes the rest of the file its contents. Then the text is read once more with the
/// indentation as a witness, so that the error stands at the bracket that was meant.
fn parse_tolerantly<'t>(text: &'t str, dialect: Dialect, limits: &Limits) -> Parsed<'t> {
    let parsed = Parser::new(text, dialect, limits, false).run();
    if !parsed.errors.iter().any(|error| matches!(error.problem, Problem::Unclosed(_))) {
        return parsed;
    }
    let second = Parser::new(text, dialect, limits, true).run();
    if second.errors.len() <= parsed.errors.len() { second } else { parsed }
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A key, or the end of the object.
    Key,
    Colon,
    /// A comma, or the end of the list or object.
    Comma,
    End,
}

struct Parser<'t, 'l> {
    lexer: Lexer<'t>,
    limits: &'l Limits,
    document: Document<'t>,
    stack: Vec<Frame<'t>>,
    /// Where the last comma stood, while nothing has followed it.
    comma: Option<usize>,
    /// One past the last value, to say after what a comma is missing.
    last_end: usize,
    /// Something stands around the value: its beginning was said, so its end is not.
    wrapped: bool,
    trust_indentation: bool,
}

impl<'t, 'l> Parser<'t, 'l> {
    fn new(text: &'t str, dialect: Dialect, limits: &'l Limits, trust_indentation: bool) -> Self {
        Self {
            lexer: Lexer::new(text, dialect),
            limits,
            document: Document::with_capacity(expected_values(text)),
            stack: Vec::new(),
            comma: None,
            last_end: 0,
            wrapped: false,
            trust_indentation,
        }
    }

    fn run(mut self) -> Parsed<'t> {
        let mut want = Some(Expect::Value);
        self.lexer.skip_blank();
        self.skip_what_comes_before();
        while let Some(wanted) = want {
            self.lexer.skip_blank();
            want = match self.lexer.peek() {
                None => self.at_end(wanted),
                Some(_) if self.lexer.errors.len() > MAX_ERRORS => self.leave_the_rest(),
                Some(byte) => self.step(wanted, byte),
            };
        }
        self.close_all();
        let mut errors = self.lexer.errors;
        errors.sort_by_key(|error| error.span);
        if cascades::leave_out(self.lexer.text, &mut errors) {
            self.document.mark_partial();
        }
        errors.truncate(MAX_ERRORS + 1);
        if self.lexer.is_ascii {
            self.document.mark_ascii();
        }
        let documents = if self.document.root().is_some() { vec![self.document] } else { Vec::new() };
        Parsed { documents, errors, comments: self.lexer.comments }
    }

    fn step(&mut self, want: Expect, byte: u8) -> Option<Expect> {
        match want {
            Expect::Value => self.value(byte),
            Expect::Key => self.key(byte),
            Expect::Colon => Some(self.colon(byte)),
            Expect::Comma => Some(self.comma_or_close(byte)),
            Expect::End => self.after_end(byte),
        }
    }

    fn value(&mut self, byte: u8) -> Option<Expect> {
        let start = self.lexer.at;
        let value = match byte {
            b'{' | b'[' => return self.open(byte),
            b'}' | b']' => return Some(self.close_instead_of_value(byte)),
            b',' => {
                if self.key_is_waiting() {
                    self.missing_value();
                    return Some(Expect::Comma);
                }
                self.lexer.at += 1;
                self.lexer.error(start, start + 1, Problem::ExtraComma);
                return Some(Expect::Value);
            }
            b'"' => Value::String(self.lexer.string(byte)),
            b'a'..=b'z' => self.lexer.scalar(),
            _ => match self.lexer.foreign_string(byte) {
                Some(text) => Value::String(text),
                None => self.lexer.scalar(),
            },
        };
        self.push(start, value)
    }

    /// Adds a value that is complete and ends here.
    fn push(&mut self, start: usize, value: Value<'t>) -> Option<Expect> {
        self.last_end = self.lexer.at;
        let span = Span::new(start, self.lexer.at);
        let id = self.document.push(Node { span, style: Style::Json, value });
        self.attach(id);
        self.within_limits(start).then_some(self.after_value())
    }

    /// What follows a value. A comma right behind it is taken at once.
    fn after_value(&mut self) -> Expect {
        let Some(frame) = self.stack.last() else { return Expect::End };
        if self.lexer.peek() != Some(b',') {
            return Expect::Comma;
        }
        let next = frame.next();
        self.comma = Some(self.lexer.at);
        self.lexer.at += 1;
        next
    }

    fn within_limits(&mut self, start: usize) -> bool {
        let problem = if self.stack.len() > self.limits.depth {
            Problem::TooDeep(self.limits.depth)
        } else if self.document.len() > self.limits.nodes {
            Problem::TooManyNodes(self.limits.nodes)
        } else {
            return true;
        };
        self.lexer.error(start, start + 1, problem);
        self.document.mark_partial();
        false
    }

    #[inline]
    fn attach(&mut self, id: NodeId) {
        self.comma = None;
        match self.stack.last_mut() {
            None => self.document.set_root(id),
            Some(frame) => frame.add(id),
        }
    }

    fn open(&mut self, byte: u8) -> Option<Expect> {
        let opened = self.lexer.at;
        self.lexer.at += 1;
        let span = Span::new(opened, opened + 1);
        let node = self.document.push(Node { span, style: Style::Json, value: Value::Broken });
        self.attach(node);
        let (contents, want) = if byte == b'{' {
            (Contents::Object { entries: Vec::with_capacity(FIELDS), key: None }, Expect::Key)
        } else {
            (Contents::Array(Vec::new()), Expect::Value)
        };
        self.stack.push(Frame { node, opened, mistaken: false, contents });
        if self.within_limits(opened) {
            return Some(want);
        }
        // What is too deep is left as a broken value.
        self.stack.pop();
        None
    }

    /// Closes the innermost frame; its bytes end here.
    fn close(&mut self) -> Expect {
        if let Some(frame) = self.stack.pop() {
            let value = match frame.contents {
                Contents::Object { entries, .. } => self.document.object(entries),
                Contents::Array(items) => self.document.list(items),
            };
            let node = self.document.node_mut(frame.node);
            (node.span, node.value) = (Span::new(frame.opened, self.lexer.at), value);
        }
        self.comma = None;
        self.last_end = self.lexer.at;
        self.after_value()
    }

    fn close_all(&mut self) {
        while !self.stack.is_empty() {
            self.leave_value_out();
            self.close();
        }
    }

    /// A closing bracket where a comma could be as well.
    fn closing(&mut self, byte: u8) -> Expect {
        let here = self.lexer.at;
        if self.is_meant_for_the_innermost(byte) {
            return self.close_with_another(byte);
        }
        let Some(depth) = self.stack.iter().rposition(|frame| frame.is_closed_by(byte)) else {
            self.lexer.at += 1;
            self.lexer.error(here, here + 1, Problem::StrayClose(char::from(byte)));
            return if self.stack.is_empty() { Expect::End } else { Expect::Comma };
        };
        while self.stack.len() > depth + 1 {
            self.report_unclosed(here);
            self.close();
        }
        if let Some(comma) = self.comma.take() {
            self.lexer.error_unless_comments(comma, comma + 1, Problem::TrailingComma);
        }
        self.lexer.at += 1;
        self.close()
    }

    fn report_unclosed(&mut self, here: usize) {
        if let Some(frame) = self.stack.last() {
            let (opened, bracket) = (frame.opened, frame.bracket());
            self.lexer.error(opened, opened + 1, Problem::Unclosed(bracket));
            if let Some(error) = self.lexer.errors.last_mut() {
                error.related = Some(Span::new(here, (here + 1).min(self.lexer.text.len())));
            }
        }
    }

    fn close_instead_of_value(&mut self, byte: u8) -> Expect {
        self.missing_value();
        if self.stack.is_empty() {
            let here = self.lexer.at;
            self.lexer.at += 1;
            self.lexer.error(here, here + 1, Problem::StrayClose(char::from(byte)));
            return Expect::Value;
        }
        self.closing(byte)
    }

    fn key_is_waiting(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { contents: Contents::Object { key: Some(_), .. }, .. }))
    }

    fn key(&mut self, byte: u8) -> Option<Expect> {
        let start = self.lexer.at;
        let key = match byte {
            b'"' => self.lexer.string(byte),
            b'}' | b']' => return Some(self.closing(byte)),
            b',' => {
                self.lexer.at += 1;
                self.lexer.error(start, start + 1, Problem::ExtraComma);
                return Some(Expect::Key);
            }
            b'{' | b'[' => {
                // A value without a key: read it, and let it go.
                self.lexer.error(start, start + 1, Problem::KeyNotText);
                return self.open(byte);
            }
            b':' => {
                self.lexer.error(start, start + 1, Problem::Unexpected(':'));
                Cow::Borrowed("")
            }
            _ => match self.lexer.foreign_string(byte) {
                Some(key) => key,
                None => self.lexer.bare_key(),
            },
        };
        let key_span = Span::new(start, self.lexer.at);
        if self.trust_indentation && self.ended_before(start) {
            // The comma is missing together with the bracket before it.
            self.lexer.errors.pop_if(|error| error.problem == Problem::MissingComma);
            self.report_unclosed(start);
            self.close();
        }
        self.comma = None;
        self.last_end = self.lexer.at;
        if let Some(Frame { contents: Contents::Object { key: waiting, .. }, .. }) = self.stack.last_mut() {
            *waiting = Some((key, key_span));
        }
        if self.lexer.peek() == Some(b':') {
            self.lexer.at += 1;
            return Some(Expect::Value);
        }
        Some(Expect::Colon)
    }

    fn colon(&mut self, byte: u8) -> Expect {
        let here = self.lexer.at;
        match byte {
            b':' => self.lexer.at += 1,
            b'=' => {
                self.lexer.at += 1;
                self.lexer.error(here, here + 1, Problem::MissingColon);
            }
            b',' | b']' if self.key_is_an_item(byte) => return self.reinterpret_as_list(),
            b',' if self.comma_is_a_colon() => {
                self.lexer.at += 1;
                self.lexer.error(here, here + 1, Problem::MissingColon);
            }
            b',' | b'}' | b']' => {
                self.missing_value();
                return Expect::Comma;
            }
            _ if self.key_holds_its_colon() => {}
            _ => {
                let end = self.last_end;
                self.lexer.error(self.lexer.char_before(end), end, Problem::MissingColon);
            }
        }
        Expect::Value
    }

    fn comma_or_close(&mut self, byte: u8) -> Expect {
        let here = self.lexer.at;
        let next = self.stack.last().map_or(Expect::Value, Frame::next);
        match byte {
            b',' => {
                self.comma = Some(here);
                self.lexer.at += 1;
                next
            }
            b'}' | b']' => self.closing(byte),
            b':' if self.reinterpret_as_key() => Expect::Value,
            b':' | b';' | b'=' => {
                self.lexer.at += 1;
                self.lexer.error(here, here + 1, Problem::Unexpected(char::from(byte)));
                if byte == b';' { next } else { Expect::Comma }
            }
            _ if self.text_ended_too_early() => Expect::Comma,
            _ => {
                let end = self.last_end;
                self.lexer.error(self.lexer.char_before(end), end, Problem::MissingComma);
                next
            }
        }
    }

    fn at_end(&mut self, want: Expect) -> Option<Expect> {
        let end = self.lexer.text.len();
        if self.stack.is_empty() {
            if want == Expect::Value && self.lexer.errors.is_empty() {
                self.lexer.error(0, 0, Problem::Empty);
            }
            return None;
        }
        // One bracket that is missing leaves all outer ones open: the innermost is said, the others follow from it,
        // and so does a key that waits for its value.
        self.leave_value_out();
        if self.stack.last().is_some_and(|frame| !frame.mistaken) {
            self.report_unclosed(end);
        }
        self.leave_the_rest()
    }

    /// Stops here; what is not there may stand in what was not read.
    fn leave_the_rest(&mut self) -> Option<Expect> {
        self.document.mark_partial();
        None
    }
}

#[cfg(test)]
mod tests;
