//! Recognizes text that was pasted into JSON without escapes or quotes: HTML with line breaks and quotes in a string, or without any
//! quotes around it.

use crate::base::steps::count_steps;
use crate::syntax::json::lexer::Lexer;

impl Lexer<'_> {
    /// Whether a string that reaches the end of its line was meant to end there, because the next line has a key or a closing
    /// bracket.
    pub(super) fn is_unclosed_at(&self, newline: usize) -> bool {
        let next = self.text[newline..].trim_start();
        if next.starts_with(['}', ']']) {
            return true;
        }
        let line = next.lines().next().unwrap_or_default();
        count_steps(self.text.len() - newline - next.len() + line.len());
        starts_with_key(line)
    }

    /// Whether a quote in a string with raw line breaks ends the string. Otherwise it is part of the pasted text, as in
    /// `<p class="note">`.
    pub(super) fn ends_pasted_text(&self, quote: usize) -> bool {
        let after = &self.text[quote + 1..];
        let rest = after.trim_start_matches([' ', '\t']);
        let line = rest.trim_start_matches(['}', ']', ' ', '\t']);
        count_steps(after.len() - line.len() + 1);
        if let Some(next) = line.strip_prefix(',') {
            let next = next.trim_start_matches([' ', '\t']);
            let line_start = next.trim_ascii_start();
            count_steps(next.len() - line_start.len());
            let is_line_end = line_start.is_empty() || next.starts_with(['\n', '\r']);
            return starts_with_key(next) || is_line_end && starts_entry(line_start);
        }
        // CSS such as `content: "x"}` also ends a line with a bracket, but no key or bracket follows.
        let is_line_end = line.starts_with(['\n', '\r']) && self.is_unclosed_at(self.text.len() - line.len());
        is_line_end || line.trim_ascii_start().is_empty()
    }

    /// Skips the rest of a string with unescaped quotes and raw line breaks, up to the quote that ends it, or to the line before the next
    /// key or closing bracket.
    pub(super) fn skip_pasted_text(&mut self) {
        while let Some(length) = self.text[self.offset..].find(['"', '\n', '\r']) {
            count_steps(length + 1);
            let sign = self.offset + length;
            let is_quote = self.text[sign..].starts_with('"');
            if is_quote && self.ends_pasted_text(sign) {
                self.offset = sign + 1;
                return;
            }
            if !is_quote && self.is_unclosed_at(sign) {
                let line = self.text[self.offset..sign].trim_end();
                self.offset += line.strip_suffix(',').unwrap_or(line).len();
                return;
            }
            self.offset = self.text.len() - self.text[sign + 1..].trim_ascii_start().len();
        }
        self.offset = self.text.len();
    }

    /// Skips text without quotes: a word, a variable such as `${ENABLED}` or `{{ enabled }}`, or markup.
    pub(super) fn skip_unquoted_text(&mut self) {
        let is_markup = self.text[self.offset..]
            .strip_prefix('<')
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!')));
        if is_markup {
            return self.skip_markup();
        }
        let start = self.offset;
        self.offset = self.end_of_unquoted_text(start);
        let skipped = &self.text[start..self.offset];
        self.offset = start + skipped.trim_end_matches([' ', '\t']).len();
    }

    /// Where text without quotes ends: at the end of its line, a quote, or a sign that does not belong to it.
    fn end_of_unquoted_text(&self, start: usize) -> usize {
        let mut end = start;
        // A closing bracket belongs to the text if it was opened in the text.
        let mut depth = 0_usize;
        let mut unclosed_bracket = start;
        for (index, byte) in self.text.as_bytes()[start..].iter().enumerate() {
            match byte {
                b'\n' | b'\r' | b'"' => break,
                b',' | b'}' | b']' if depth == 0 => break,
                b'{' | b'[' => {
                    if depth == 0 {
                        unclosed_bracket = start + index;
                    }
                    depth += 1;
                }
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            end = start + index + 1;
        }
        // A bracket that is not closed in the text opens the value after it.
        if depth > 0 && unclosed_bracket > start { unclosed_bracket } else { end }
    }

    /// The offset of the first bracket that opens a value, and not a part of a text such as `${HEADER}`; the end of the text if there is
    /// none.
    pub(super) fn find_first_bracket(&self) -> usize {
        let mut end = self.offset;
        while let Some(first) = self.text[end..].chars().next() {
            if matches!(first, '{' | '[') && !self.is_template_at(end) {
                break;
            }
            let text_end = self.end_of_unquoted_text(end).max(end + first.len_utf8());
            count_steps(text_end - end);
            end = text_end;
        }
        end
    }

    /// Whether a variable of a template follows, such as `{{ enabled }}`.
    pub(super) fn is_at_template(&self) -> bool {
        self.is_template_at(self.offset)
    }

    fn is_template_at(&self, offset: usize) -> bool {
        let Some(rest) = self.text[offset..].strip_prefix("{{") else { return false };
        let inner = rest.find(['"', '\n', '}']).map_or("", |end| &rest[end..]);
        count_steps(rest.len() - inner.len());
        inner.starts_with(if rest.starts_with('{') { "}}}" } else { "}}" })
    }

    /// Skips HTML without quotes around it, up to the line before the next key or closing bracket.
    fn skip_markup(&mut self) {
        let start = self.offset;
        let mut end = start;
        loop {
            let rest = &self.text[end..];
            end += rest.find(['\n', '\r']).unwrap_or(rest.len());
            if end == self.text.len() || self.is_unclosed_at(end) {
                break;
            }
            end = self.text.len() - self.text[end..].trim_start().len();
        }
        let skipped = self.text[start..end].trim_end();
        // The HTML ends with the last `>`, if there is one.
        let len = skipped.rfind('>').map_or(skipped.trim_end_matches(',').len(), |last| last + 1);
        self.offset = start + len.max(1);
    }
}

/// Whether a line may start with an entry, a comment or a closing bracket.
pub(super) fn starts_entry(line: &str) -> bool {
    line.is_empty() || line.starts_with(['"', '{', '[', '}', ']', '/'])
}

/// Whether a line starts with a key: a string and a colon.
fn starts_with_key(line: &str) -> bool {
    let Some((_key, after)) = line.strip_prefix('"').and_then(|rest| rest.split_once('"')) else { return false };
    after.trim_start().starts_with(':')
}
