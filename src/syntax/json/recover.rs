//! Recovers from common mistakes: a missing or wrong bracket, a comma instead of a colon, an unescaped quote in a string, text
//! before or after the value. Each is reported once, and parsing continues as if the text were correct.

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::syntax::json::raw_text::starts_entry;
use crate::syntax::json::stray_text::is_quote_or_opener;
use crate::syntax::json::{Contents, Expect, Node, NodeId, OpenContainer, Parser, Problem, Style, Value};

impl Parser<'_, '_> {
    /// Skips and reports text before the first bracket, such as `const portal = {`, a Markdown fence or a sentence. Text that may be
    /// JSON itself is left to the parser.
    pub(super) fn skip_leading_text(&mut self) {
        let start = self.lexer.offset;
        let end = self.lexer.find_first_bracket();
        let before = self.lexer.text[start..end].trim_end();
        // A number, a string or a key before the bracket shows that the bracket is not the start of the top-level value.
        let may_be_json = before.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit())
            || before.starts_with(['\'', '}', ']', ',', ':'])
            || before.contains('"')
            || before.split_once(':').is_some_and(|(_, rest)| !rest.trim().is_empty());
        if before.is_empty() || may_be_json || end == self.lexer.text.len() {
            return;
        }
        self.lexer.report(start, start + before.len(), Problem::TextBeforeValue);
        self.lexer.offset = end;
    }

    /// Handles text after the end of the top-level value.
    pub(super) fn handle_trailing_text(&mut self, byte: u8) -> Option<Expect> {
        let (text, here) = (self.lexer.text, self.lexer.offset);
        match byte {
            b':' if self.try_reinterpret_as_key() => return Some(Expect::Value),
            b'}' | b']' => {
                self.lexer.offset += 1;
                self.lexer.report(here, here + 1, Problem::StrayClosingBracket(char::from(byte)));
                return Some(Expect::End);
            }
            b',' if self.is_key(here + 1) && self.try_reopen_root() => return Some(Expect::Comma),
            _ => self.lexer.report(here, text.trim_end().len(), Problem::TextAfterValue),
        }
        self.stop_early()
    }

    /// Continues the top-level container after an extra closing bracket. The comma after it shows that more entries follow.
    /// Returns `false` without any change if the top-level value is not a container.
    fn try_reopen_root(&mut self) -> bool {
        let Some(root) = self.document.root() else { return false };
        let span = self.document.node(root).span;
        let contents = match self.document.node(root).value {
            Value::Object(entries) => Contents::Object { entries: self.document.take_entries(entries), key: None },
            Value::Array(items) => Contents::Array(self.document.take_items(items)),
            _ => return false,
        };
        self.document.node_mut(root).value = Value::Broken;
        let (opened, end) = (span.start as usize, span.end as usize);
        let container = OpenContainer { node: root, opened, has_wrong_opener: false, contents };
        self.lexer.report(end - 1, end, Problem::StrayClosingBracket(char::from(container.closer())));
        self.stack.push(container);
        true
    }

    /// Turns the last string into the first key of a new object. In `"recaptcha":⏎ "site_key": …`, the `{` is missing. In
    /// `["site_key": …`, `[` was written instead of `{`. Returns `false` without any change if the string is not such a key.
    pub(super) fn try_reinterpret_as_key(&mut self) -> bool {
        let last = match self.stack.last() {
            Some(container) => container.last_value(),
            None => self.document.root().map(|root| (root, None)),
        };
        let Some((id, key_end)) = last else { return false };
        let item_count = match self.stack.last() {
            Some(OpenContainer { contents: Contents::Array(items), .. }) => Some(items.len()),
            _ => None,
        };
        let span = self.document.node(id).span;
        // In a list, only the first item can be the key. In an object, it must be on another line than the key before it: on
        // one line, as in `"name": "Acme": …`, the second colon is more likely a typo than a sign of a missing `{`.
        let is_on_key_line = key_end.is_some_and(|end| !self.lexer.text[end..span.start as usize].contains('\n'));
        if span.end as usize != self.last_end || is_on_key_line || item_count.is_some_and(|count| count > 1) {
            return false;
        }
        let value = &mut self.document.node_mut(id).value;
        let Value::String(key) = value else { return false };
        let key = std::mem::take(key);
        *value = Value::Broken;
        let contents = Contents::Object { entries: Vec::new(), key: Some((key, span)) };
        self.lexer.offset += 1;
        match self.stack.last_mut() {
            Some(container) if item_count.is_some() => {
                (container.contents, container.has_wrong_opener) = (contents, true);
                let opened = container.opened;
                self.lexer.report(opened, opened + 1, Problem::WrongBracket('[', '{'));
            }
            _ => {
                let opened = span.start as usize;
                self.lexer.report(opened, span.end as usize, Problem::MissingOpeningBrace);
                self.stack.push(OpenContainer { node: id, opened, has_wrong_opener: true, contents });
            }
        }
        true
    }

    /// Handles a pending key that nothing follows. If an error about the key was reported, the key is probably stray text, and it is
    /// not added to the object.
    pub(super) fn drop_key_without_value(&mut self) {
        let Some(OpenContainer { contents: Contents::Object { key: pending, .. }, .. }) = self.stack.last_mut() else {
            return;
        };
        let start = pending.as_ref().map(|(_, span)| span.start);
        if start.is_some() && self.lexer.errors.last().map(|error| error.span.start) == start {
            *pending = None;
        } else if let Some(key) = self.add_broken_value_for_key() {
            self.lexer.report(key.start as usize, key.end as usize, Problem::MissingValue);
        }
    }

    /// Whether a string at `start` is a key, because a colon follows it.
    pub(super) fn is_key(&self, start: usize) -> bool {
        self.peek_after_string(start).is_some_and(|(_, next)| next == Some(b':'))
    }

    /// Whether the string at `start`, where the value of a key should be, is the next key: it starts its line and is not indented more
    /// than the key before. If it is indented more, a missing `{` is more likely.
    pub(super) fn is_key_without_value_before(&self, start: usize) -> bool {
        let Some(OpenContainer { contents: Contents::Object { key: Some((_, key)), .. }, .. }) = self.stack.last()
        else {
            return false;
        };
        let Some(indentation) = self.lexer.indentation_before(start) else { return false };
        let Some(key_indentation) = self.lexer.indentation_before(key.start as usize) else { return false };
        indentation <= key_indentation && self.is_key(start)
    }

    /// Whether the string at `start`, where an item of a list could be, is the key after this list: it starts its line and is not
    /// indented more than the key of the list.
    pub(super) fn is_key_after_list(&self, start: usize) -> bool {
        let [.., OpenContainer { contents: Contents::Object { entries, .. }, .. }, list] = self.stack.as_slice() else {
            return false;
        };
        let (Contents::Array(_), Some(entry)) = (&list.contents, entries.last()) else { return false };
        let Some(indentation) = self.lexer.indentation_before(start) else { return false };
        let Some(key_indentation) = self.lexer.indentation_before(entry.key_span.start as usize) else { return false };
        indentation <= key_indentation && self.is_key(start)
    }

    /// Reports the innermost list as unclosed and closes it. The comma in front of the key at `start` belongs after the list.
    pub(super) fn close_list_before(&mut self, start: usize) {
        self.lexer.errors.retract_if(|error| error.problem == Problem::MissingComma);
        self.report_unclosed(start);
        self.close_container_at(self.last_end);
    }

    /// Gives the pending key a broken value. Returns the span of the key.
    pub(super) fn add_broken_value_for_key(&mut self) -> Option<Span> {
        let Some(OpenContainer { contents: Contents::Object { key: Some((_, span)), .. }, .. }) = self.stack.last()
        else {
            return None;
        };
        let (key, end) = (*span, span.end as usize);
        let id = self.document.push(Node { span: Span::new(end, end), style: Style::Json, value: Value::Broken });
        self.attach_to_parent(id);
        Some(key)
    }

    /// Whether the pending key is the first item of a list with the wrong bracket: `{"id", "id"}` or `{"id"]`.
    pub(super) fn is_key_meant_as_list_item(&self, byte: u8) -> bool {
        let is_first = matches!(
            self.stack.last(),
            Some(OpenContainer { contents: Contents::Object { entries, key: Some(_) }, .. }) if entries.is_empty()
        );
        if !is_first {
            return false;
        }
        if byte == b']' {
            return !self.lexer.text[self.lexer.offset + 1..].trim_start().starts_with(':');
        }
        let Some((end, next)) = self.peek_after_string(self.lexer.offset + 1) else { return false };
        match next {
            Some(b']') => true,
            // Another string without a colon after it.
            Some(b',') => self.peek_after_string(end + 1).is_some_and(|(_, next)| next != Some(b':')),
            _ => false,
        }
    }

    /// Turns the innermost object into a list, because its `{` was meant as `[`. The pending key becomes the first item.
    pub(super) fn reinterpret_as_list(&mut self) -> Expect {
        if let Some(container) = self.stack.last_mut()
            && let Contents::Object { key, .. } = &mut container.contents
            && let Some((text, span)) = key.take()
        {
            let item = self.document.push(Node { span, style: Style::Json, value: Value::String(text) });
            (container.contents, container.has_wrong_opener) = (Contents::Array(vec![item]), true);
            let opened = container.opened;
            self.lexer.report(opened, opened + 1, Problem::WrongBracket('{', '['));
        }
        Expect::Comma
    }

    /// Whether the comma after a key was meant as a colon, as in `"name", "Acme"`: the string after it is not a key.
    pub(super) fn is_comma_meant_as_colon(&self) -> bool {
        self.peek_after_string(self.lexer.offset + 1).is_some_and(|(_, next)| matches!(next, Some(b',' | b'}')))
    }

    /// Corrects a key without its closing quote, as in `"name: "Acme"`. The lexer has parsed the opening quote of the value as the
    /// closing quote of the key. Returns `false` without any change if the key does not end with a colon.
    pub(super) fn try_split_colon_from_key(&mut self) -> bool {
        let Some(OpenContainer { contents: Contents::Object { key: Some((key, span)), .. }, .. }) =
            self.stack.last_mut()
        else {
            return false;
        };
        let Some(name) = key.trim_end().strip_suffix(':').map(str::trim_end) else { return false };
        if name.is_empty() {
            return false;
        }
        let (start, quote) = (span.start as usize, span.end as usize - 1);
        let end = start + 1 + name.len();
        *span = Span::new(start, end);
        *key = name.to_owned().into();
        self.lexer.offset = quote;
        self.lexer.report_unclosed_string(start, end);
        true
    }

    /// Corrects a string that ended at an unescaped quote inside it: it is extended to the last quote on its line, or over several lines
    /// if its line does not end with a quote or the next line is text. Returns `false` without any change if no such string ends here.
    pub(super) fn try_extend_string_past_quote(&mut self) -> bool {
        let (text, here) = (self.lexer.text, self.lexer.offset);
        let Some((id, _)) = self.stack.last().and_then(OpenContainer::last_value) else { return false };
        let is_text = matches!(self.document.node(id).value, Value::String(_));
        if !is_text || self.last_end != here || !text[..here].ends_with('"') || text[here..].starts_with('"') {
            return false;
        }
        self.report_quote_before_key(id);
        let line = &text[here..here + text[here..].find('\n').unwrap_or(text.len() - here)];
        let next_line = text[here + line.len()..].trim_ascii_start();
        count_steps(text.len() - here - next_line.len());
        if !starts_entry(next_line) && !contains_key_end(line) {
            self.lexer.skip_pasted_text();
            self.break_last_string(id, here);
            self.document.mark_partial();
            return true;
        }
        let content = line.trim_end().trim_end_matches([',', '}', ']', ' ', '\t']);
        let Some(rest) = content.strip_suffix('"') else { return false };
        // With another key on the line, the end of the string is unknown.
        if contains_key_end(rest) {
            return false;
        }
        self.lexer.offset = here + content.len();
        self.break_last_string(id, here);
        true
    }

    /// Corrects a string with an unescaped quote at the end of its first line, as in `"<b>"⏎</b>"`: it is extended to the quote that ends
    /// the text on the next lines. Returns `false` without any change if that text may be a key. Does nothing after an error that affects
    /// the rest of the text, because each attempt may search all of it.
    pub(super) fn try_extend_string_over_lines(&mut self) -> bool {
        let (text, here, quote_end) = (self.lexer.text, self.lexer.offset, self.last_end);
        let Some((id, _)) = self.stack.last().and_then(OpenContainer::last_value) else { return false };
        let is_text = matches!(self.document.node(id).value, Value::String(_));
        let is_after_line = text[quote_end..here].contains('\n') && text[quote_end..here].trim_ascii().is_empty();
        if !is_text
            || !is_after_line
            || text[here..].starts_with(is_quote_or_opener)
            || self.lexer.errors.is_rest_unknown()
        {
            return false;
        }
        // After `style="`, `color:` is a part of the text.
        if !text[..quote_end].ends_with("=\"") && self.is_at_unquoted_key() {
            return false;
        }
        self.lexer.skip_pasted_text();
        if !text[here..self.lexer.offset].ends_with('"') {
            self.lexer.offset = here;
            return false;
        }
        self.break_last_string(id, quote_end);
        self.document.mark_partial();
        true
    }

    /// Whether a word and a colon or an equals sign follow, or a key without its opening quote.
    fn is_at_unquoted_key(&self) -> bool {
        let word = self.lexer.peek_word();
        let end = self.lexer.offset + word.len();
        let is_before_sign = self.lexer.text[end..].trim_start().starts_with([':', '=']);
        !word.is_empty() && (is_before_sign || self.lexer.is_key_end(end))
    }

    /// Reports the quote that ended the last string too early, if the text after it ends like a key. In `"x,"name": …`, the closing
    /// quote of the value is missing. In `"say "x": …`, quotes are not escaped.
    fn report_quote_before_key(&mut self, string: NodeId) {
        let (here, word) = (self.lexer.offset, self.lexer.peek_word());
        if word.is_empty() || !self.lexer.is_key_end(here + word.len()) {
            return;
        }
        let start = self.document.node(string).span.start as usize;
        if self.lexer.text[..here].ends_with(",\"") {
            self.lexer.report(start, start + 1, Problem::MissingClosingQuote);
        } else {
            self.lexer.report(here - 1, here, Problem::TextAfterQuote('"'));
        }
    }

    /// Reports that the last string continues after its closing quote at `quote_end`, up to the current position.
    fn break_last_string(&mut self, id: NodeId, quote_end: usize) {
        self.lexer.report(quote_end - 1, quote_end, Problem::TextAfterQuote('"'));
        self.document.node_mut(id).value = Value::Broken;
        self.last_end = self.lexer.offset;
    }

    /// Whether the innermost object was meant to end before a key: the key starts its line and is not indented more than the
    /// line that opened the object.
    pub(super) fn object_ends_before(&self, key: usize) -> bool {
        let Some(container) = self.stack.last() else { return false };
        // No key can follow the root. In an object without entries, the first key is probably just not indented.
        if self.stack.len() == 1 || container.is_empty() {
            return false;
        }
        let Some(key_indent) = self.lexer.indentation_before(key) else { return false };
        let is_opened_on_this_line = container.opened >= key - key_indent;
        !is_opened_on_this_line && self.lexer.line_indentation(container.opened).is_some_and(|open| key_indent <= open)
    }

    /// Whether a closing bracket of the wrong kind was meant to close the innermost container. This is the case if
    /// - it is the last bracket of the text,
    /// - the innermost container was opened on this line, but the one that the bracket would fit was not, or
    /// - it starts its line with the indentation of the line that opened the innermost container.
    pub(super) fn is_meant_for_innermost(&self, byte: u8) -> bool {
        let (text, here) = (self.lexer.text, self.lexer.offset);
        let Some(container) = self.stack.last().filter(|container| !container.is_closed_by(byte)) else { return false };
        let is_last = self.stack.len() == 1 && text[here + 1..].trim().is_empty();
        let indent = self.lexer.indentation_before(here);
        let open_indent = self.lexer.line_indentation(container.opened);
        let is_opened_on_this_line = !text[container.opened..here].contains('\n');
        let mut only_innermost_opened_on_this_line = false;
        if let Some(matching) = self.stack.iter().rfind(|container| container.is_closed_by(byte)) {
            only_innermost_opened_on_this_line = is_opened_on_this_line && text[matching.opened..here].contains('\n');
        }
        is_last
            || only_innermost_opened_on_this_line
            || (indent.is_some() && indent == open_indent && !is_opened_on_this_line)
    }

    /// Closes the innermost container with a bracket of the wrong kind and reports that.
    pub(super) fn close_with_wrong_bracket(&mut self, byte: u8) -> Expect {
        let here = self.lexer.offset;
        let expected = self.stack.last().map_or(byte, OpenContainer::closer);
        self.lexer.report(here, here + 1, Problem::WrongBracket(char::from(byte), char::from(expected)));
        self.lexer.offset += 1;
        self.close_container()
    }

    /// If a string follows, the offset of the next token after it, and the byte there, which is `None` at the end of the text.
    pub(super) fn peek_after_string(&self, start: usize) -> Option<(usize, Option<u8>)> {
        let bytes = self.lexer.text.as_bytes();
        let mut end = skip_white_space(bytes, start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        loop {
            let length = memchr::memchr2(b'"', b'\\', &bytes[end + 1..])?;
            count_steps(length + 1);
            end += 1 + length;
            if bytes[end] == b'"' {
                let next = skip_white_space(bytes, end + 1);
                return Some((next, bytes.get(next).copied()));
            }
            // Skip the escaped byte, which may be a quote.
            end += 1;
            if end >= bytes.len() {
                return None;
            }
        }
    }
}

/// Whether a line contains the end of a key.
fn contains_key_end(line: &str) -> bool {
    line.contains("\":") || line.contains("\" :")
}

fn skip_white_space(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}
