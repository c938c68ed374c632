//! What must never be shown, and how it is covered: with as many `*` as it has bytes.
//!
//! Secrets are searched only in files with findings, before a diagnostic is made. They are found by the names of their keys in
//! the tree, and in comments. Where the tree cannot be trusted they are also found in the text itself ([`lexical`]).
//! A secret that is found once is covered wherever it stands, in the file and in every sentence.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::source::{Format, Source, Span};
use crate::schema;
use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, Entry, Node, NodeId, Parsed, Style, Value};

mod lexical;
mod matcher;

use matcher::{Matcher, merge_ranges};

/// A shorter secret is covered where it stands, but not looked for elsewhere: it would cover half the words.
const MIN_SECRET_LEN: usize = 6;

/// The secrets of one file.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    spans: Vec<Span>,
    values: Vec<String>,
    /// Finds the starts of the values; made when a sentence is to be covered.
    starts: OnceLock<Matcher>,
    /// Parts of values that are too short to be looked for in a text. They are covered where a sentence quotes them.
    short: HashSet<String>,
}

impl Secrets {
    /// Looks through a file.
    pub fn find(source: &Source, parsed: &Parsed<'_>) -> Self {
        let mut secrets = Self::default();
        for document in &parsed.documents {
            secrets.search_tree(source, document);
        }
        secrets.search_comments(source, &parsed.comments);
        // A slip in YAML is often valid YAML with another meaning: `{secret_key; S}` is a key without a value.
        if !parsed.errors.is_empty() || source.format() == Format::Yaml {
            secrets.search_text(source, parsed);
        }
        secrets.settled()
    }

    /// The same source with every secret covered.
    pub fn cover_source(&self, source: &Source) -> Source {
        let mut text = source.text().as_bytes().to_vec();
        let mut cover = |start: usize, end: usize| {
            for byte in &mut text[start..end] {
                if !matches!(byte, b'\n' | b'\r' | b' ') {
                    *byte = b'*';
                }
            }
        };
        for span in &self.spans {
            cover(span.range().start, span.range().end);
        }
        for range in
            merge_ranges(&Matcher::new(self.values.iter().map(String::as_str)).find_all(source.text().as_bytes()))
        {
            cover(range.start, range.end);
        }
        // Whole characters were covered, so this is text; were it not, nothing of it would be shown.
        source.with_text(String::from_utf8(text).unwrap_or_else(|error| " ".repeat(error.as_bytes().len())))
    }

    /// Whatever is secret and long enough to be looked for elsewhere.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// What is secret in any of these files, their places forgotten.
    pub fn of_all(files: impl IntoIterator<Item = Self>) -> Self {
        Self { values: files.into_iter().flat_map(|file| file.values).collect(), ..Self::default() }.settled()
    }

    /// Covers the secrets of other files as well, be they written with escapes here.
    #[must_use]
    pub fn and_of_others(mut self, others: &Self, parsed: &Parsed<'_>) -> Self {
        for node in parsed.documents.iter().flat_map(Document::nodes) {
            if let Value::String(Cow::Owned(text)) = &node.value
                && others.values.iter().any(|value| text.contains(value.as_str()))
            {
                self.spans.push(node.span);
            }
        }
        self.and(others)
    }

    /// Covers what stands in the secrets of another state of the same file, too.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.values.extend(other.values.iter().cloned());
        self.settled()
    }

    /// Sorts the values and removes duplicates; nothing can be covered before.
    fn settled(mut self) -> Self {
        self.values.sort_unstable();
        self.values.dedup();
        self.starts = OnceLock::new();
        self
    }

    /// Text that is to take the place of some bytes: covered whole when these are a secret's, but for what quotes it.
    pub fn cover_at(&self, place: Span, text: &str) -> String {
        if self.spans.iter().any(|span| span.overlaps(place)) {
            let keeps = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
            return text.chars().map(|c| if keeps(c) { c.into() } else { "*".repeat(c.len_utf8()) }).collect();
        }
        self.cover(text.to_owned())
    }

    /// A sentence with every secret covered.
    pub fn cover(&self, mut text: String) -> String {
        if self.values.is_empty() && self.short.is_empty() {
            return text;
        }
        // A sentence may hold the start of a long secret only, so starts are looked for and then followed as far as they go.
        let starts = self.starts.get_or_init(|| Matcher::new(self.values.iter().map(|value| telling(value))));
        let found = starts.find_all(text.as_bytes());
        let mut ranges: Vec<_> = found.into_iter().map(|start| start.start..self.end_of_secret(&text, start)).collect();
        ranges.extend(self.short_quotes(&text));
        ranges.sort_by_key(|range| range.end);
        for range in merge_ranges(&ranges) {
            let mask = "*".repeat(range.len());
            text.replace_range(range, &mask);
        }
        text
    }

    /// How far the text goes on like a secret whose start is at `start`.
    fn end_of_secret(&self, text: &str, start: Range<usize>) -> usize {
        let shown = &text[start.start..];
        // Of sorted values, the one with the most characters in common stands beside the place of the text.
        let place = self.values.partition_point(|value| value.as_str() <= shown);
        let neighbors = self.values[place.saturating_sub(1)..].iter().take(2);
        let same = neighbors.map(|value| shown.bytes().zip(value.bytes()).take_while(|(a, b)| a == b).count());
        let mut end = start.end.max(start.start + same.max().unwrap_or(0));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        end
    }

    /// The parts of values between backticks that are too short to be looked for elsewhere.
    fn short_quotes(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut at = 0;
        for (number, part) in text.split('`').enumerate() {
            let word = part.trim_matches(|c: char| !c.is_alphanumeric());
            if number % 2 == 1 && self.short.contains(word) {
                let start = at + part.find(word).unwrap_or(0);
                ranges.push(start..start + word.len());
            }
            at += part.len() + 1;
        }
        ranges
    }

    fn search_tree(&mut self, source: &Source, document: &Document<'_>) {
        for node in document.nodes() {
            let Value::Object(entries) = node.value else { continue };
            for entry in document.entries(entries) {
                let value = document.resolve(entry.value);
                if says_secret(&entry.key) {
                    self.take_all(source, document, entry.value);
                    self.take_strays(source, entry, value);
                    self.take_anchor(source, entry, document.node(entry.value));
                } else if near(&entry.key, "recaptcha") {
                    if let Value::Object(inner) = value.value {
                        for field in document.entries(inner).iter().filter(|field| field.key != "site_key") {
                            self.take_all(source, document, field.value);
                        }
                    } else {
                        // Not the secret itself, and maybe no secret at all: only the place is covered.
                        let known = self.values.len();
                        self.take_all(source, document, entry.value);
                        self.values.truncate(known);
                    }
                }
            }
        }
    }

    /// Every scalar below a node.
    fn take_all(&mut self, source: &Source, document: &Document<'_>, id: NodeId) {
        let mut seen = HashSet::new();
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = document.node(id);
            match &node.value {
                Value::Object(entries) => {
                    for entry in document.entries(*entries) {
                        self.take(entry.key_span, &entry.key);
                        waiting.push(entry.value);
                    }
                }
                Value::Array(items) => waiting.extend(document.items(*items)),
                Value::Alias(target) => waiting.push(*target),
                Value::String(text) => self.take_text(source, node, text),
                Value::Number(text) => self.take(node.span, text),
                Value::Null | Value::Bool(_) | Value::Broken => {}
            }
        }
    }

    /// The name of an anchor or alias between a key and its value: `secret_key: &S x`, `secret_key: *S`.
    fn take_anchor(&mut self, source: &Source, entry: &Entry<'_>, node: &Node<'_>) {
        let before = Span { start: entry.key_span.end, end: node.span.start.max(entry.key_span.end) };
        let text = source.slice(before);
        if let Some(at) = text.find('&') {
            let name = text[at + 1..].split(char::is_whitespace).next().unwrap_or_default();
            let start = before.range().start + at + 1;
            self.take(Span::new(start, start + name.len()), name);
        }
        if matches!(node.value, Value::Alias(_)) {
            self.take(node.span, source.slice(node.span).trim_start_matches('*'));
        }
    }

    /// A secret that slipped: into its key (`secret_key:value` in YAML) or into an anchor (`secret_key: &value`).
    fn take_strays(&mut self, source: &Source, entry: &Entry<'_>, value: &Node<'_>) {
        if let Some((_, rest)) = entry.key.split_once([':', ' ', '=']) {
            self.take(entry.key_span, rest);
        }
        if matches!(value.value, Value::Null) && source.format() == Format::Yaml {
            let key = entry.key_span.range().end;
            let start = key + source.text()[key..].find(':').map_or(0, |colon| colon + 1);
            let line = source.text()[start..].find(['\n', '\r']).map_or(source.text().len(), |newline| start + newline);
            self.take(Span::new(start, line), "");
        }
    }

    /// Adds the comments that name a secret, and those after a secret on the same line.
    fn search_comments(&mut self, source: &Source, comments: &[Span]) {
        let mut ends: Vec<u32> = self.spans.iter().map(|span| span.end).collect();
        ends.sort_unstable();
        for comment in comments {
            let text = source.slice(*comment);
            let before = ends[..ends.partition_point(|end| *end <= comment.start)].last();
            let follows_secret =
                before.is_some_and(|end| !source.slice(Span { start: *end, end: comment.start }).contains('\n'));
            if follows_secret || says_secret(text) {
                let marker = text.len() - text.trim_start_matches(['#', '/', '*', ' ']).len();
                self.take(Span::new(comment.range().start + marker, comment.range().end), "");
            }
        }
    }

    fn take_text(&mut self, source: &Source, node: &Node<'_>, text: &str) {
        if variable_name(text).is_some() || text.trim().is_empty() {
            return;
        }
        let inside = match node.style {
            Style::Json | Style::Single | Style::Double => {
                let raw = source.slice(node.span);
                let close = usize::from(raw.len() > 1 && raw.ends_with(['"', '\'']));
                Span::new(node.span.range().start + 1, node.span.range().end - close)
            }
            Style::Plain => node.span,
            Style::Literal | Style::Folded => {
                let first_line = source.slice(node.span).find('\n').unwrap_or(0);
                Span::new(node.span.range().start + first_line, node.span.range().end)
            }
        };
        for line in text.lines() {
            self.value(line);
        }
        self.take(inside, text);
    }

    fn take(&mut self, span: Span, value: &str) {
        if !span.range().is_empty() {
            self.spans.push(span);
        }
        self.value(value);
    }

    fn value(&mut self, value: &str) {
        let value = value.trim();
        if value.len() >= MIN_SECRET_LEN {
            self.values.push(value.to_owned());
        }
    }

    /// Adds what a scan without the tree finds. Where the text could be read as it stands, a name in the middle of a string is
    /// prose.
    fn search_text(&mut self, source: &Source, parsed: &Parsed<'_>) {
        let strings = if parsed.errors.is_empty() { string_spans(parsed) } else { Vec::new() };
        let is_prose = |name_start: usize| {
            let place = strings.partition_point(|span| span.range().start < name_start);
            // A quote may stand before the name.
            place > 0
                && strings[place - 1].range().contains(&name_start)
                && strings[place - 1].range().start + 1 < name_start
        };
        let mut pieces = HashSet::new();
        for found in lexical::find_secrets(source.text(), source.format()) {
            if is_prose(found.name_start) {
                continue;
            }
            for range in found.ranges {
                let text = &source.text()[range.clone()];
                self.take(Span::new(range.start, range.end), text);
                pieces.extend(split_pieces(text));
            }
        }
        for piece in pieces {
            // A message shows a part of the value only, such as the name of an alias.
            if piece.len() >= MIN_SECRET_LEN {
                self.values.push(piece.to_owned());
            } else {
                self.short.insert(piece.to_owned());
            }
        }
    }
}

/// The spans of all values that are strings, sorted.
fn string_spans(parsed: &Parsed<'_>) -> Vec<Span> {
    let nodes = parsed.documents.iter().flat_map(Document::nodes);
    let mut spans: Vec<Span> =
        nodes.filter(|node| matches!(node.value, Value::String(_))).map(|node| node.span).collect();
    spans.sort_unstable();
    spans
}

/// Splits a text at everything that could separate the parts of a value, and leaves out names of fields, which are no
/// secrets.
fn split_pieces(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    pieces.filter(|piece| !piece.is_empty() && !is_no_secret(piece))
}

/// Whether a piece of text is a word of the formats or the name of a field.
fn is_no_secret(piece: &str) -> bool {
    matches!(piece, "true" | "false" | "null") || schema::all_field_names().contains(piece)
}

/// The start of a secret that gives it away.
fn telling(secret: &str) -> &str {
    secret.char_indices().nth(2 * MIN_SECRET_LEN).map_or(secret, |(end, _)| &secret[..end])
}

/// Whether a key's name says that its value is a secret; case, `_` and `-` do not matter.
pub(crate) fn says_secret(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["secret", "password", "passwd", "passphrase", "token", "apikey", "privatekey", "credential", "accesskey"];
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    // The email for a password reset is no secret, and neither is a misspelled name of it.
    let mut name = letters.to_ascii_lowercase().replace("passwordreset", "");
    if name.starts_with("customeraccount") {
        name = name.replace("password", "");
    }
    WORDS.iter().any(|word| name.contains(word)) || near(key, "secret_key")
}

/// The word, or a slip of the finger away from it.
fn near(key: &str, word: &str) -> bool {
    key == word || (key.len().abs_diff(word.len()) <= 2 && strsim::damerau_levenshtein(key, word) <= 2)
}

#[cfg(test)]
mod tests;
