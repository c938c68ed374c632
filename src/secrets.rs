//! What must never be shown, and how it is covered: with as many `*` as it has bytes.
//!
//! Secrets are looked for only in files with findings, before a diagnostic is made of one. They are found by the names
//! of their keys in the tree, in the comments, and, when the text could not be read as it stands, in the text itself.
//! A secret found once is covered wherever it stands, in the file and in every sentence.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::slot::variable;
use crate::document::{Document, Entry, Node, NodeId, Parsed, Style, Value};
use crate::source::{Format, Source, Span};

/// A shorter secret is covered where it stands, but not looked for elsewhere: it would cover half the words.
const TELLING: usize = 6;

/// The secrets of one file.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    spans: Vec<Span>,
    values: Vec<String>,
}

impl Secrets {
    /// Looks through a file.
    pub fn find(source: &Source, parsed: &Parsed<'_>) -> Self {
        let mut secrets = Self::default();
        for document in &parsed.documents {
            secrets.search_tree(source, document);
        }
        for comment in &parsed.comments {
            secrets.search_comment(source, *comment);
        }
        if !parsed.errors.is_empty() {
            secrets.search_text(source);
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
        for value in &self.values {
            for start in memchr::memmem::find_iter(source.text().as_bytes(), value.as_bytes()) {
                cover(start, start + value.len());
            }
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
        Self { spans: Vec::new(), values: files.into_iter().flat_map(|file| file.values).collect() }.settled()
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

    /// The longest first, for another may stand in it; each once.
    fn settled(mut self) -> Self {
        self.values.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.values.dedup();
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
        for value in &self.values {
            let mut from = 0;
            while let Some(found) = text[from..].find(telling(value)) {
                let start = from + found;
                // A sentence may hold the start of a long secret only.
                let same = text[start..].bytes().zip(value.bytes()).take_while(|(shown, secret)| shown == secret);
                let mut end = start + same.count();
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                text.replace_range(start..end, &"*".repeat(end - start));
                from = end;
            }
        }
        text
    }

    fn search_tree(&mut self, source: &Source, document: &Document<'_>) {
        for node in document.nodes() {
            let Value::Object(entries) = node.value else { continue };
            for entry in document.entries(entries) {
                let value = document.resolve(entry.value);
                if says_secret(&entry.key) {
                    self.take_all(source, document, entry.value);
                    self.take_strays(source, entry, value);
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

    /// A comment that speaks of a secret, or stands beside one.
    fn search_comment(&mut self, source: &Source, comment: Span) {
        let text = source.slice(comment);
        let beside = |span: &Span| {
            span.end <= comment.start && !source.slice(Span { start: span.end, end: comment.start }).contains('\n')
        };
        if says_secret(text) || self.spans.iter().any(beside) {
            let mark = text.len() - text.trim_start_matches(['#', '/', '*', ' ']).len();
            self.take(Span::new(comment.range().start + mark, comment.range().end), "");
        }
    }

    fn take_text(&mut self, source: &Source, node: &Node<'_>, text: &str) {
        if variable(text).is_some() || text.trim().is_empty() {
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
        if value.len() >= TELLING {
            self.values.push(value.to_owned());
        }
    }

    /// Without a tree: what follows a word that says secret, up to the end of its quotes, its line or its block.
    fn search_text(&mut self, source: &Source) {
        let text = source.text();
        for found in SECRET.captures_iter(text).chain(BARE_SECRET.captures_iter(text)) {
            // A variable matches none of the three: it is shown.
            let Some(value) = ["double", "single", "bare"].iter().find_map(|name| found.name(name)) else { continue };
            // The pattern knows the words, and not the email that is about one of them.
            if !found.name("key").is_some_and(|key| says_secret(key.as_str())) {
                continue;
            }
            let written = value.as_str().trim_end();
            if variable(written).is_some() || written.is_empty() {
                continue;
            }
            let start = value.start();
            let is_block = matches!(written, "|" | ">" | "|-" | ">-" | "|+" | ">+");
            let end = if is_block { block_end(text, start) } else { start + written.len() };
            let start = if is_block { start + written.len() } else { start };
            self.value(text[start..end].trim());
            // What stands behind the quotes may be the rest of it.
            let behind = text[end..].find([',', '}', ']', '\n']).unwrap_or(0);
            self.take(Span::new(start, end + behind), "");
        }
    }
}

/// A key that says secret and the value after it, in whatever state the text is. Built only for files that need it.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?<key> [\w-]* (?: secret | passw(?:or)?d | passphrase | token | api[_-]?key | credential ) [\w-]* )
        (?: ["']? \s* [:=] \s* | ["'] \s+ )"#,
    )
});

/// The same without anything between the two but blanks. Not for passwords: people write of those.
static BARE_SECRET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?<key> [\w-]* (?: secret | api ) [_-]? key [\w-]* ) [\ \t]+"));

#[expect(clippy::expect_used, reason = "of two constants; the tests of this file build both")]
fn pattern(key: &str) -> Regex {
    const VALUE: &str = r#"(?: \$\{\w+\} | "(?<double>(?:[^"\\\n]|\\.)*) | '(?<single>[^'\n]*)
        | (?<bare>[^\s,}\]"'{\[][^,}\]\n]*) )"#;
    Regex::new(&format!("(?xi) {key} {VALUE}")).expect("a valid pattern")
}

/// The start of a secret that gives it away.
fn telling(secret: &str) -> &str {
    secret.char_indices().nth(2 * TELLING).map_or(secret, |(end, _)| &secret[..end])
}

/// Whether a key's name says that its value is a secret; case, `_` and `-` do not matter.
pub fn says_secret(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["secret", "password", "passwd", "passphrase", "token", "apikey", "privatekey", "credential", "accesskey"];
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    // The password reset email is no password.
    let name = letters.to_ascii_lowercase().replace("passwordreset", "");
    WORDS.iter().any(|word| name.contains(word)) || near(key, "secret_key")
}

/// The word, or a slip of the finger away from it.
fn near(key: &str, word: &str) -> bool {
    key == word || (key.len().abs_diff(word.len()) <= 2 && strsim::damerau_levenshtein(key, word) <= 2)
}

/// The end of the lines below that are indented deeper than the line of `at`.
fn block_end(text: &str, at: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let own = indent(&text[line_start..at]);
    let mut end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    while let Some(line) = text.get(end + 1..).and_then(|rest| rest.split('\n').next()) {
        let ends = !line.trim().is_empty() && indent(line) <= own;
        if ends || end + 1 >= text.len() {
            break;
        }
        end += 1 + line.len();
    }
    end
}

#[cfg(test)]
mod tests;
