//! What was meant by JSON that is not: a bracket forgotten or taken for another, a comma for a colon, a quote in the
//! middle of a text, a value with something around it. Each is said once, and the reading goes on as if it were right.

use crate::base::source::Span;
use crate::syntax::json::{Contents, Expect, FIELDS, Frame, Node, Parser, Problem, Style, Value};

impl Parser<'_, '_> {
    /// `const portal = {`, a Markdown fence, a sentence: all before the first bracket, unless it looks like JSON itself.
    pub(super) fn skip_what_comes_before(&mut self) {
        let (text, start) = (self.lexer.text, self.lexer.at);
        let Some(length) = text[start..].find(['{', '[']) else { return };
        let before = &text[start..start + length];
        let is_json = before.starts_with(|c: char| c.is_ascii_digit() || "-'}],:".contains(c))
            || before.contains('"')
            || before.split_once(':').is_some_and(|(_, behind)| !behind.trim().is_empty());
        if before.is_empty() || is_json {
            return;
        }
        self.lexer.error(start, start + before.trim_end().len(), Problem::BeforeStart);
        self.lexer.at += length;
        self.wrapped = true;
    }

    /// Something follows the value that should be all.
    pub(super) fn after_end(&mut self, byte: u8) -> Option<Expect> {
        let (text, here) = (self.lexer.text, self.lexer.at);
        match byte {
            b':' if self.reinterpret_as_key() => return Some(Expect::Value),
            b'}' | b']' => {
                self.lexer.at += 1;
                self.lexer.error(here, here + 1, Problem::StrayClose(char::from(byte)));
                return Some(Expect::End);
            }
            b',' if self.reopen() => return Some(Expect::Comma),
            _ if self.wrapped => {}
            _ => self.lexer.error(here, text.trim_end().len(), Problem::AfterEnd),
        }
        self.leave_the_rest()
    }

    /// A bracket too many has closed everything, and a comma shows that more was to come.
    fn reopen(&mut self) -> bool {
        let Some(root) = self.document.root() else { return false };
        let span = self.document.node(root).span;
        let contents = match self.document.node(root).value {
            Value::Object(entries) => Contents::Object { entries: self.document.take_entries(entries), key: None },
            Value::Array(items) => Contents::Array(self.document.take_items(items)),
            _ => return false,
        };
        self.document.node_mut(root).value = Value::Broken;
        let (opened, end) = (span.start as usize, span.end as usize);
        let frame = Frame { node: root, opened, mistaken: false, contents };
        self.lexer.error(end - 1, end, Problem::StrayClose(char::from(frame.closer())));
        self.stack.push(frame);
        true
    }

    /// `"recaptcha": "site_key": …`: the text was meant as the first key of an object whose `{` is missing, or is `[`.
    pub(super) fn reinterpret_as_key(&mut self) -> bool {
        let last = match self.stack.last() {
            Some(frame) => frame.last(),
            None => self.document.root().map(|root| (root, None)),
        };
        let Some((id, key_end)) = last else { return false };
        let items = match self.stack.last() {
            Some(Frame { contents: Contents::Array(items), .. }) => Some(items.len()),
            _ => None,
        };
        let span = self.document.node(id).span;
        // Of a list only its first item; of an object only a value on another line than its key.
        let on_its_line = key_end.is_some_and(|end| !self.lexer.text[end..span.start as usize].contains('\n'));
        if span.end as usize != self.last_end || on_its_line || items.is_some_and(|items| items > 1) {
            return false;
        }
        let value = &mut self.document.node_mut(id).value;
        let Value::String(key) = value else { return false };
        let key = std::mem::take(key);
        *value = Value::Broken;
        let contents = Contents::Object { entries: Vec::with_capacity(FIELDS), key: Some((key, span)) };
        self.lexer.at += 1;
        match self.stack.last_mut() {
            Some(frame) if items.is_some() => {
                (frame.contents, frame.mistaken) = (contents, true);
                let opened = frame.opened;
                self.lexer.error(opened, opened + 1, Problem::OtherBracket('[', '{'));
            }
            _ => {
                let opened = span.start as usize;
                self.lexer.error(opened, span.end as usize, Problem::Unopened);
                self.stack.push(Frame { node: id, opened, mistaken: true, contents });
            }
        }
        true
    }

    /// A key was read and no value follows: said at the key.
    pub(super) fn missing_value(&mut self) {
        if let Some(key) = self.leave_value_out() {
            self.lexer.error(key.start as usize, key.end as usize, Problem::MissingValue);
        }
    }

    /// Gives a key that waits a broken value.
    pub(super) fn leave_value_out(&mut self) -> Option<Span> {
        let Some(Frame { contents: Contents::Object { key: Some((_, span)), .. }, .. }) = self.stack.last() else {
            return None;
        };
        let (key, end) = (*span, span.end as usize);
        let id = self.document.push(Node { span: Span::new(end, end), style: Style::Json, value: Value::Broken });
        self.attach(id);
        Some(key)
    }

    /// `{"id", "id"}` or `{"id"]`: the key that waits is an item of a list.
    pub(super) fn key_is_an_item(&self, byte: u8) -> bool {
        let first = matches!(
            self.stack.last(),
            Some(Frame { contents: Contents::Object { entries, key: Some(_) }, .. }) if entries.is_empty()
        );
        let more = |at: usize| self.text_after(at).is_some_and(|(_, next)| next != Some(b':'));
        first
            && (byte == b']'
                || self.text_after(self.lexer.at + 1).is_some_and(|(end, next)| match next {
                    Some(b']') => true,
                    Some(b',') => more(end + 1),
                    _ => false,
                }))
    }

    /// Its `{` was meant as `[`.
    pub(super) fn reinterpret_as_list(&mut self) -> Expect {
        if let Some(frame) = self.stack.last_mut()
            && let Contents::Object { key, .. } = &mut frame.contents
            && let Some((text, span)) = key.take()
        {
            let item = self.document.push(Node { span, style: Style::Json, value: Value::String(text) });
            (frame.contents, frame.mistaken) = (Contents::Array(vec![item]), true);
            let opened = frame.opened;
            self.lexer.error(opened, opened + 1, Problem::OtherBracket('{', '['));
        }
        Expect::Comma
    }

    /// `"name", "Acme"`: the text behind the comma is no key.
    pub(super) fn comma_is_a_colon(&self) -> bool {
        self.text_after(self.lexer.at + 1).is_some_and(|(_, next)| matches!(next, Some(b',' | b'}')))
    }

    /// `"name: "Acme"`: the quote that opens the value was taken for the one that closes the key.
    pub(super) fn key_holds_its_colon(&mut self) -> bool {
        let Some(Frame { contents: Contents::Object { key: Some((key, span)), .. }, .. }) = self.stack.last_mut()
        else {
            return false;
        };
        let Some(name) = key.trim_end().strip_suffix(':').map(str::trim_end).filter(|name| !name.is_empty()) else {
            return false;
        };
        let (start, quote) = (span.start as usize, span.end as usize - 1);
        *span = Span::new(start, start + 1 + name.len());
        *key = name.to_owned().into();
        self.lexer.at = quote;
        self.lexer.error(start, start + 1, Problem::UnclosedText);
        true
    }

    /// A quote inside a text has ended it: the text goes on to the last quote of its line that could end it.
    pub(super) fn text_ended_too_early(&mut self) -> bool {
        let (text, here) = (self.lexer.text, self.lexer.at);
        let Some((id, _)) = self.stack.last().and_then(Frame::last) else { return false };
        let is_text = matches!(self.document.node(id).value, Value::String(_));
        if !is_text || self.last_end != here || !text[..here].ends_with('"') || text[here..].starts_with('"') {
            return false;
        }
        let line = &text[here..here + text[here..].find('\n').unwrap_or(text.len() - here)];
        let content = line.trim_end().trim_end_matches([',', '}', ']', ' ', '\t']);
        let Some(rest) = content.strip_suffix('"') else { return false };
        // Another key on the line: where the text ends is anybody's guess.
        if rest.contains("\":") || rest.contains("\" :") {
            return false;
        }
        self.lexer.error(here - 1, here, Problem::AfterQuote('"'));
        self.document.node_mut(id).value = Value::Broken;
        self.lexer.at = here + content.len();
        self.last_end = self.lexer.at;
        true
    }

    /// Whether a key that starts its line stands no deeper than the line that opened its object: then the object
    /// was meant to end before it.
    pub(super) fn ended_before(&self, key: usize) -> bool {
        let Some(frame) = self.stack.last().filter(|frame| self.stack.len() > 1 && !frame.is_empty()) else {
            return false;
        };
        let (key_indent, first) = self.lexer.indentation(key);
        let (open_indent, _) = self.lexer.indentation(frame.opened);
        let same_line = !self.lexer.text[frame.opened..key].contains('\n');
        first && !same_line && key_indent <= open_indent
    }

    /// Whether a closing bracket of the other kind closes the innermost: nothing else could be meant by it, it lines up
    /// with the line that the innermost opened on, or stands on this line as its partner does not.
    pub(super) fn is_meant_for_the_innermost(&self, byte: u8) -> bool {
        let (text, here) = (self.lexer.text, self.lexer.at);
        let Some(frame) = self.stack.last().filter(|frame| !frame.is_closed_by(byte)) else { return false };
        let is_last = self.stack.len() == 1 && text[here + 1..].trim().is_empty();
        let (indent, first) = self.lexer.indentation(here);
        let (open_indent, _) = self.lexer.indentation(frame.opened);
        let one_line = |from: usize| !text[from..here].contains('\n');
        let partner = self.stack.iter().rfind(|frame| frame.is_closed_by(byte));
        let stays_on_its_line = partner.is_some_and(|partner| one_line(frame.opened) && !one_line(partner.opened));
        is_last || stays_on_its_line || (first && indent == open_indent && !one_line(frame.opened))
    }

    /// Closes the innermost with the wrong bracket.
    pub(super) fn close_with_another(&mut self, byte: u8) -> Expect {
        let here = self.lexer.at;
        let wanted = self.stack.last().map_or(byte, Frame::closer);
        self.lexer.error(here, here + 1, Problem::OtherBracket(char::from(byte), char::from(wanted)));
        self.lexer.at += 1;
        self.close()
    }

    /// The end of a text in quotes that comes next, and what follows it.
    fn text_after(&self, at: usize) -> Option<(usize, Option<u8>)> {
        let bytes = self.lexer.text.as_bytes();
        let blank = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let mut end = blank(at);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        loop {
            end += 1 + memchr::memchr2(b'"', b'\\', &bytes[end + 1..])?;
            if bytes[end] == b'"' {
                let next = blank(end + 1);
                return Some((next, bytes.get(next).copied()));
            }
            // The escaped byte is passed over.
            end += 1;
            if end >= bytes.len() {
                return None;
            }
        }
    }
}
