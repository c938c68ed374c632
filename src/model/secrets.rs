//! Finds the secrets of a file and masks them: each byte becomes `*`, so that positions stay the same.
//!
//! Only files with findings are searched. Secrets are found by the names of their keys and in comments ([`collect`]), and, where the tree
//! is unreliable, by two scans of the text ([`lexical`], [`random_tokens`]). A value that is found once is masked wherever it occurs, in
//! the file and in every message about it. `docs/design.md`, "Masking secrets", lists the cases.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::source::{Format, Source, Span};
use crate::schema::all_field_names;
use crate::syntax::embedded::EmbeddedText;
use crate::syntax::markdown::find_blocks;
use crate::syntax::{Limits, Parsed, Value};

mod characters;
mod collect;
mod lexical;
mod matcher;
mod names;
mod random_tokens;
mod split_names;
mod unquoted_texts;

use collect::Collector;
use matcher::{Matcher, merge_ranges};
pub(crate) use names::is_secret_name;

/// A secret with fewer bytes is masked only where it is the value of its key. Masking a secret such as `key` everywhere would make
/// messages unreadable.
const MIN_SECRET_LEN: usize = 6;

/// A message that contains this many characters of the start of a secret reveals it.
const REVEALING_PREFIX_LEN: usize = 2 * MIN_SECRET_LEN;

/// The secrets of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// Where secrets are in the file, sorted and without overlaps.
    spans: Vec<Span>,
    /// Values with at least [`MIN_SECRET_LEN`] bytes, sorted and without duplicates.
    values: Vec<String>,
    /// Finds the values in a text. Built when the first text is searched.
    value_matcher: OnceLock<Matcher>,
    /// Finds the prefixes of the values in a message. Built when the first message is masked.
    prefix_matcher: OnceLock<Matcher>,
    /// Words of secrets that a message may also contain for another reason: they are short, or a part of a field name. They are masked
    /// only where a message quotes them alone, in backticks.
    ambiguous_values: HashSet<String>,
    /// The values of variables from the environment, without duplicates, because a file can use one variable many times. Every part of
    /// them that a message quotes is masked, however short it is.
    variable_values: Vec<String>,
}

impl Secrets {
    /// Finds the secrets of a file.
    pub(crate) fn find(source: &Source, parsed: &Parsed<'_>) -> Self {
        let mut collector = Collector::new(source);
        for document in &parsed.documents {
            collector.search_tree(document);
        }
        collector.search_comments(&parsed.comments);
        // A typo in YAML is often valid YAML with another meaning: `{secret_key; S}` is a key without a value.
        if !parsed.errors.is_empty() || matches!(source.format(), Format::Yaml | Format::Markdown) {
            collector.search_text(parsed);
        }
        collector.search_random_tokens(parsed);
        for text in find_embedded_texts(source, parsed) {
            let found = Self::find(&text.source, &text.parsed);
            collector.spans.extend(found.spans.iter().map(|span| text.to_outer(*span)));
            collector.values.extend(found.values);
            collector.ambiguous_values.extend(found.ambiguous_values);
        }
        let Collector { spans, values, ambiguous_values, variable_values, .. } = collector;
        Self { spans: merge_spans(spans), ambiguous_values, ..Self::from_values(values, variable_values) }
    }

    /// The secrets of several files. Their spans are dropped, because they belong to different texts.
    pub(crate) fn from_files<'s>(files: impl IntoIterator<Item = &'s Self>) -> Self {
        let mut values = Vec::new();
        let mut variable_values = Vec::new();
        for file in files {
            values.extend(file.values.iter().cloned());
            variable_values.extend(file.variable_values.iter().cloned());
        }
        Self::from_values(values, variable_values)
    }

    fn from_values(mut values: Vec<String>, mut variable_values: Vec<String>) -> Self {
        for values in [&mut values, &mut variable_values] {
            values.sort_unstable();
            values.dedup();
        }
        Self { values, variable_values, ..Self::default() }
    }

    /// Adds the secrets of other files to those of this file, whose tree is `parsed`.
    #[must_use]
    pub(crate) fn with_other_files(mut self, others: &Self, parsed: &Parsed<'_>) -> Self {
        let matcher = Matcher::new(others.values.iter().map(String::as_str));
        for node in parsed.nodes() {
            // A string is owned if it contains escapes. Its raw text differs from the secret, so only its span identifies it.
            if let Value::String(Cow::Owned(text)) = &node.value
                && !matcher.find_all(text.as_bytes()).is_empty()
            {
                self.spans.push(node.span);
            }
        }
        self.spans = merge_spans(self.spans);
        self.with_values_of(others)
    }

    /// Adds the values of other secrets, such as those of an earlier version of the file.
    #[must_use]
    pub(crate) fn with_values_of(self, other: &Self) -> Self {
        let mut values = self.values;
        values.extend(other.values.iter().cloned());
        let Self { spans, ambiguous_values, mut variable_values, .. } = self;
        variable_values.extend(other.variable_values.iter().cloned());
        Self { spans, ambiguous_values, ..Self::from_values(values, variable_values) }
    }

    /// The values that are long enough to be masked wherever they occur.
    pub(crate) fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a text contains a value that is long enough to be masked wherever it occurs.
    pub(crate) fn occur_in(&self, text: &str) -> bool {
        !self.value_matcher().find_all(text.as_bytes()).is_empty()
    }

    fn value_matcher(&self) -> &Matcher {
        self.value_matcher.get_or_init(|| Matcher::new(self.values.iter().map(String::as_str)))
    }

    /// Returns the file with its secrets masked. All offsets, lines and columns stay the same.
    pub(crate) fn mask_source(&self, source: &Source) -> Source {
        let mut text = source.text().as_bytes().to_vec();
        for span in &self.spans {
            mask_bytes(&mut text[span.range()]);
        }
        for range in merge_ranges(&self.value_matcher().find_all(source.text().as_bytes())) {
            mask_bytes(&mut text[range]);
        }
        // Only whole characters are masked, so this is valid UTF-8. If it were not, showing nothing is the safe choice.
        let text = String::from_utf8(text).unwrap_or_else(|error| " ".repeat(error.as_bytes().len()));
        source.with_text(text)
    }

    /// Masks the text that a fix inserts at a span. If the span contains a secret, the fix may insert a part of it, so everything
    /// but quotes and white space is masked.
    pub(crate) fn mask_replacement(&self, span: Span, replacement: &str) -> String {
        let next = self.spans.partition_point(|secret| secret.end <= span.start);
        if !self.spans.get(next).is_some_and(|secret| secret.overlaps(span)) {
            return self.mask(replacement.to_owned());
        }
        let mut masked = String::new();
        for c in replacement.chars() {
            if c.is_whitespace() || matches!(c, '"' | '\'') {
                masked.push(c);
            } else {
                masked.push_str(&"*".repeat(c.len_utf8()));
            }
        }
        masked
    }

    /// Masks the secrets in a message, including those that the message truncates.
    pub(crate) fn mask(&self, mut text: String) -> String {
        if self.values.is_empty() && self.ambiguous_values.is_empty() && self.variable_values.is_empty() {
            return text;
        }
        // A message may contain only the start of a long secret (`canary-sec…`): find prefixes, and extend each match as far as
        // the text follows a secret.
        let matcher =
            self.prefix_matcher.get_or_init(|| Matcher::new(self.values.iter().map(|value| revealing_prefix(value))));
        let mut ranges = Vec::new();
        for prefix in matcher.find_all(text.as_bytes()) {
            ranges.push(prefix.start..self.end_of_secret(&text, prefix));
        }
        ranges.extend(self.find_truncated_values(&text));
        ranges.extend(self.find_quoted_values(&text));
        ranges.sort_by_key(|range| range.end);
        for range in merge_ranges(&ranges) {
            let mask = "*".repeat(range.len());
            text.replace_range(range, &mask);
        }
        text
    }

    /// Masks the text of a field for a public key, unless it is a key that has only its first characters in common with secrets: the
    /// two keys of reCAPTCHA begin with the same 13.
    pub(crate) fn mask_public_key(&self, text: String) -> String {
        const MAX_COMMON_LEN: usize = 16;
        let is_key = text.len() > MAX_COMMON_LEN
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_key {
            return self.mask(text);
        }
        for secret in &self.values {
            if common_prefix_len(&text, secret) > MAX_COMMON_LEN || text.contains(secret.as_str()) {
                return self.mask(text);
            }
        }
        text
    }

    /// Returns the end of the part of a text that is equal to a secret. `prefix` is the start of that part. If several secrets start with
    /// it, the one with the longest common part counts.
    fn end_of_secret(&self, text: &str, prefix: Range<usize>) -> usize {
        let rest = &text[prefix.start..];
        // The values are sorted, so the one with the longest common part is next to the position at which the text would be inserted.
        let position = self.values.partition_point(|value| value.as_str() <= rest);
        let mut end = prefix.end;
        for value in self.values[position.saturating_sub(1)..].iter().take(2) {
            end = end.max(prefix.start + common_prefix_len(rest, value));
        }
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        end
    }

    /// The starts of secrets where a message truncates a quoted text: `smtp_password: cana…`. They may be shorter than the prefixes
    /// that [`mask`](Self::mask) looks for, because the quoted text starts before the secret.
    fn find_truncated_values(&self, text: &str) -> Vec<Range<usize>> {
        const MIN_LEN: usize = 4;
        let mut ranges = Vec::new();
        for (end, _) in text.match_indices('…') {
            let mut longest = None;
            for (start, _) in text[..end].char_indices().rev().take(REVEALING_PREFIX_LEN) {
                if end - start >= MIN_LEN && self.is_start_of_value(&text[start..end]) {
                    longest = Some(start..end);
                }
            }
            ranges.extend(longest);
        }
        ranges
    }

    fn is_start_of_value(&self, text: &str) -> bool {
        let position = self.values.partition_point(|value| value.as_str() < text);
        self.values.get(position).is_some_and(|value| value.starts_with(text))
    }

    /// The short values, and the parts of values of variables, that a message quotes in backticks.
    fn find_quoted_values(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut offset = 0;
        for (index, part) in text.split('`').enumerate() {
            let word = part.trim_matches(|c: char| !c.is_alphanumeric());
            // Every second part is between backticks.
            if index % 2 == 1 && (self.ambiguous_values.contains(word) || self.is_part_of_variable(part, word)) {
                let start = offset + part.find(word).unwrap_or(0);
                ranges.push(start..start + word.len());
            }
            offset += part.len() + 1;
        }
        ranges
    }

    /// Whether a quoted part of a message comes from the value of a variable. Names of fields and `{{email_code}}` come from the
    /// message itself. `word` is the part without the punctuation around it.
    fn is_part_of_variable(&self, part: &str, word: &str) -> bool {
        let is_fixed_wording = word.is_empty() || all_field_names().contains(word) || part == "{{email_code}}";
        !is_fixed_wording && self.variable_values.iter().any(|value| value.contains(word))
    }
}

/// The number of bytes that two texts have in common at their starts.
fn common_prefix_len(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Sorts spans and merges those that overlap.
fn merge_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, previous| {
        let overlap = next.start < previous.end;
        if overlap {
            previous.end = previous.end.max(next.end);
        }
        overlap
    });
    spans
}

/// The JSON texts in the strings of a file, and the fenced blocks of a Markdown file.
fn find_embedded_texts(source: &Source, parsed: &Parsed<'_>) -> Vec<EmbeddedText> {
    let mut texts = Vec::new();
    for node in parsed.nodes() {
        texts.extend(EmbeddedText::in_string(source, node, &Limits::MAX));
    }
    if source.format() == Format::Markdown {
        for block in find_blocks(source.text()) {
            texts.push(EmbeddedText::in_markdown(source, &block, &Limits::MAX));
        }
    }
    texts
}

/// Masks everything but spaces and line breaks, so that the layout of the text stays recognizable.
fn mask_bytes(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r' | b' ') {
            *byte = b'*';
        }
    }
}

/// The shortest start of a secret that must not be shown.
fn revealing_prefix(secret: &str) -> &str {
    match secret.char_indices().nth(REVEALING_PREFIX_LEN) {
        Some((end, _)) => &secret[..end],
        None => secret,
    }
}

#[cfg(test)]
mod tests;
