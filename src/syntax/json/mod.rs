//! Parses JSON and JSON with comments, and continues after every error.
//!
//! The parser is a state machine with its own stack instead of recursion. It checks that each token is one that is expected there, and
//! [`recover`] corrects common mistakes. [`lexer`] parses the tokens.

mod containers;
mod errors;
mod foreign_quotes;
mod lexer;
mod raw_text;
mod recover;
mod stack;
mod stray_characters;
mod stray_text;

use std::borrow::Cow;

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::syntax::{Document, Limits, MAX_ERRORS, Node, NodeId, Parsed, Problem, Style, Value};
use lexer::Lexer;
use stack::{Contents, OpenContainer};
use stray_text::is_quote_or_opener;

/// A variant of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSON as in RFC 8259.
    Strict,
    /// With comments and trailing commas (`.jsonc`).
    Comments,
}

/// Parses a text that is not a file, such as a request: without comments, and of any size.
pub(crate) fn parse_strict(text: &str) -> Parsed<'_> {
    parse(text, Dialect::Strict, &Limits::MAX)
}

/// Parses a text; see [`crate::syntax::parse`].
///
/// If a bracket is never closed, the rest of the file becomes part of it, and the error is reported at another bracket. In this case,
/// the text is parsed again with the indentation taken into account.
pub fn parse<'t>(text: &'t str, dialect: Dialect, limits: &Limits) -> Parsed<'t> {
    let parser = Parser::new(text, dialect, limits, false).parse_text();
    let has_unclosed_bracket = parser.lexer.errors.has_unclosed_bracket();
    let parsed = parser.finish();
    if !has_unclosed_bracket {
        return parsed;
    }
    let parsed_by_indentation = Parser::new(text, dialect, limits, true).parse_text().finish();
    if parsed_by_indentation.errors.len() <= parsed.errors.len() { parsed_by_indentation } else { parsed }
}

/// What the parser expects next.
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
    stack: Vec<OpenContainer<'t>>,
    /// The offset of the last comma, until something follows it that shows that it is not a trailing comma.
    possible_trailing_comma: Option<usize>,
    /// The end of the last value or key; a missing comma or colon is reported there.
    last_end: usize,
    /// Whether the indentation of a key or closing bracket may close the containers before it.
    trust_indentation: bool,
}

impl<'t, 'l> Parser<'t, 'l> {
    fn new(text: &'t str, dialect: Dialect, limits: &'l Limits, trust_indentation: bool) -> Self {
        Self {
            lexer: Lexer::new(text, dialect),
            limits,
            document: Document::default(),
            stack: Vec::new(),
            possible_trailing_comma: None,
            last_end: 0,
            trust_indentation,
        }
    }

    fn parse_text(mut self) -> Self {
        let mut next = Some(Expect::Value);
        self.lexer.skip_trivia_and_stray_characters();
        self.skip_leading_text();
        while let Some(expected) = next {
            count_steps(1);
            self.lexer.errors.count_token();
            self.lexer.skip_trivia_and_stray_characters();
            next = match self.lexer.peek() {
                None => self.handle_end_of_text(expected),
                Some(_) if self.lexer.errors.count() > MAX_ERRORS => self.stop_early(),
                Some(byte) => self.parse_next(expected, byte),
            };
        }
        self.close_all_containers();
        self
    }

    fn finish(mut self) -> Parsed<'t> {
        let errors = self.lexer.errors.finish(&mut self.document);
        let documents = if self.document.root().is_some() { vec![self.document] } else { Vec::new() };
        Parsed { documents, errors, comments: self.lexer.comments }
    }

    fn parse_next(&mut self, expected: Expect, byte: u8) -> Option<Expect> {
        if byte == b'{' && self.skip_template(expected) {
            return Some(expected);
        }
        match expected {
            Expect::Value => self.parse_value(byte),
            Expect::Key => self.parse_key(byte),
            Expect::Colon => Some(self.parse_colon(byte)),
            Expect::Comma => Some(self.parse_comma_or_close(byte)),
            Expect::End => self.handle_trailing_text(byte),
        }
    }

    fn parse_value(&mut self, byte: u8) -> Option<Expect> {
        let start = self.lexer.offset;
        let value = match byte {
            b'{' | b'[' if !self.lexer.is_at_template() => return self.open_container(byte),
            b'}' | b']' => return Some(self.handle_closer_instead_of_value(byte)),
            b',' => {
                // `"key": ,` lacks the value. In `[1,, 2]`, there is an extra comma.
                if self.has_pending_key() {
                    self.drop_key_without_value();
                    return Some(Expect::Comma);
                }
                self.lexer.offset += 1;
                self.lexer.report(start, start + 1, Problem::ExtraComma);
                return Some(Expect::Value);
            }
            b'"' if self.is_key_without_value_before(start) => {
                self.drop_key_without_value();
                return Some(Expect::Key);
            }
            b'"' if self.is_key_after_list(start) => {
                self.close_list_before(start);
                return Some(Expect::Key);
            }
            b'"' => {
                let text = self.lexer.parse_string();
                if std::mem::take(&mut self.lexer.has_uncertain_end) {
                    self.document.mark_partial();
                    Value::Broken
                } else if self.has_unknown_text(start) {
                    Value::Broken
                } else {
                    Value::String(text)
                }
            }
            _ => {
                let value = match self.lexer.parse_foreign_string(byte) {
                    Some(text) => Value::String(text),
                    None => self.lexer.parse_scalar(),
                };
                if matches!(value, Value::Broken) && self.skip_to_value() {
                    return Some(Expect::Value);
                }
                value
            }
        };
        self.push_scalar(start, value)
    }

    /// Adds a scalar that ends at the current position.
    fn push_scalar(&mut self, start: usize, value: Value<'t>) -> Option<Expect> {
        self.last_end = self.lexer.offset;
        let span = Span::new(start, self.lexer.offset);
        let id = self.document.push(Node { span, style: Style::Json, value });
        self.attach_to_parent(id);
        self.check_limits(start).then_some(self.after_value())
    }

    /// What is expected after a complete value.
    fn after_value(&self) -> Expect {
        if self.stack.is_empty() { Expect::End } else { Expect::Comma }
    }

    /// Reports an exceeded limit. Returns whether parsing can go on.
    fn check_limits(&mut self, start: usize) -> bool {
        let problem = if self.stack.len() > self.limits.depth {
            Problem::TooDeep(self.limits.depth)
        } else if self.document.len() > self.limits.nodes {
            Problem::TooManyNodes(self.limits.nodes)
        } else {
            return true;
        };
        self.lexer.report(start, start + 1, problem);
        self.document.mark_partial();
        false
    }

    #[inline]
    fn attach_to_parent(&mut self, id: NodeId) {
        self.possible_trailing_comma = None;
        match self.stack.last_mut() {
            None => self.document.set_root(id),
            Some(container) => container.add(id),
        }
    }

    fn has_pending_key(&self) -> bool {
        matches!(self.stack.last(), Some(OpenContainer { contents: Contents::Object { key: Some(_), .. }, .. }))
    }

    fn parse_key(&mut self, byte: u8) -> Option<Expect> {
        let start = self.lexer.offset;
        let key = match byte {
            b'"' => self.lexer.parse_string(),
            b'}' | b']' => return Some(self.handle_closer(byte)),
            b',' => {
                self.lexer.offset += 1;
                self.lexer.report(start, start + 1, Problem::ExtraComma);
                return Some(Expect::Key);
            }
            b'{' | b'[' => {
                // Parse the value without a key as usual. It is not added to the object.
                self.lexer.report(start, start + 1, Problem::Unexpected(char::from(byte)));
                return self.open_container(byte);
            }
            b':' => {
                self.lexer.report(start, start + 1, Problem::Unexpected(':'));
                Cow::Borrowed("")
            }
            _ => match self.lexer.parse_foreign_string(byte) {
                Some(key) => key,
                None => self.lexer.parse_unquoted_key(),
            },
        };
        let key_span = Span::new(start, self.lexer.offset);
        if self.has_unknown_text(start) {
            // It is unknown which field was meant.
            self.document.mark_partial();
        }
        if self.trust_indentation && self.object_ends_before(start) {
            // The closing bracket before this key is missing, and the comma after that bracket with it: report only the bracket.
            self.lexer.errors.retract_if(|error| error.problem == Problem::MissingComma);
            self.report_unclosed(start);
            // The key is already parsed but does not belong to the object. One object is enough: usually one bracket is missing.
            self.close_container_at(self.last_end);
        }
        self.possible_trailing_comma = None;
        self.last_end = self.lexer.offset;
        if let Some(OpenContainer { contents: Contents::Object { key: pending, .. }, .. }) = self.stack.last_mut() {
            *pending = Some((key, key_span));
        }
        Some(Expect::Colon)
    }

    /// Whether the last error is about a character of the string that starts at `start`, so that the text that was meant is unknown.
    fn has_unknown_text(&self, start: usize) -> bool {
        self.lexer.errors.last().is_some_and(|error| changes_text(&error.problem) && error.span.start as usize >= start)
    }

    fn parse_colon(&mut self, byte: u8) -> Expect {
        let here = self.lexer.offset;
        match byte {
            b':' => self.lexer.offset += 1,
            b'=' => {
                self.lexer.offset += 1;
                self.lexer.report(here, here + 1, Problem::MissingColon);
            }
            b',' | b']' if self.is_key_meant_as_list_item(byte) => return self.reinterpret_as_list(),
            b',' if self.is_comma_meant_as_colon() => {
                self.lexer.offset += 1;
                self.lexer.report(here, here + 1, Problem::MissingColon);
            }
            b',' | b'}' | b']' => {
                self.drop_key_without_value();
                return Expect::Comma;
            }
            _ if self.lexer.skip_look_alike(':') => {}
            _ if self.try_split_colon_from_key() => {}
            _ if self.skip_rest_of_key() => return Expect::Colon,
            _ if self.skip_signs_before_colon() => return Expect::Colon,
            b'"' if self.is_key(here) => {
                self.drop_key_without_value();
                return Expect::Key;
            }
            _ => {
                let end = self.last_end;
                self.lexer.report(self.lexer.char_start_before(end), end, Problem::MissingColon);
            }
        }
        Expect::Value
    }

    fn parse_comma_or_close(&mut self, byte: u8) -> Expect {
        let here = self.lexer.offset;
        let next = self.stack.last().map_or(Expect::Value, OpenContainer::after_comma);
        match byte {
            b',' => {
                self.possible_trailing_comma = Some(here);
                self.lexer.offset += 1;
                next
            }
            b'}' | b']' => self.handle_closer(byte),
            b':' if self.try_reinterpret_as_key() => Expect::Value,
            b':' if next == Expect::Value => {
                self.report_unclosed(self.last_end);
                self.lexer.offset += 1;
                next
            }
            b':' | b';' | b'=' => {
                self.lexer.offset += 1;
                self.lexer.report(here, here + 1, Problem::Unexpected(char::from(byte)));
                if byte == b';' { next } else { Expect::Comma }
            }
            _ if self.lexer.skip_look_alike(',') => next,
            _ if self.try_extend_string_past_quote() || self.try_extend_string_over_lines() => Expect::Comma,
            _ if next == Expect::Key && self.skip_stray_text() => Expect::Comma,
            _ => {
                let (end, text) = (self.last_end, self.lexer.text);
                let is_inside_string =
                    end == here && text[..end].ends_with('"') && !text[end..].starts_with(is_quote_or_opener);
                let problem = if is_inside_string { Problem::TextAfterQuote('"') } else { Problem::MissingComma };
                self.lexer.report(self.lexer.char_start_before(end), end, problem);
                next
            }
        }
    }

    fn handle_end_of_text(&mut self, expected: Expect) -> Option<Expect> {
        if self.stack.is_empty() {
            if expected == Expect::Value && self.lexer.errors.last().is_none() {
                self.lexer.report(0, 0, Problem::Empty);
            }
            return None;
        }
        // One missing bracket leaves all outer ones open, and may leave a key without a value. Report only the innermost
        // bracket, because the rest follows from it.
        self.add_broken_value_for_key();
        let end = self.lexer.text.trim_end().len();
        // In a file that ends inside `true`, the rest of the word is missing, and not its quotes.
        self.lexer
            .errors
            .retract_if(|error| matches!(error.problem, Problem::UnquotedText(_)) && error.span.end as usize == end);
        if self.stack.last().is_some_and(|container| !container.has_wrong_opener) {
            self.report_unclosed(self.lexer.text.len());
        }
        self.stop_early()
    }

    /// Ends the parse. A key that was not found may be in the rest of the text, so the document becomes partial.
    fn stop_early(&mut self) -> Option<Expect> {
        self.document.mark_partial();
        None
    }
}

/// Whether a problem is inside of a string, so that the text that was meant is unknown.
fn changes_text(problem: &Problem) -> bool {
    matches!(problem, Problem::InvalidEscape | Problem::LoneSurrogate | Problem::ControlCharacter(_))
}

#[cfg(test)]
mod tests;
