//! Finds the secrets of a file and masks them: each byte becomes `*`, so that positions stay the same.
//!
//! If a run shows nothing, no file is searched. Secrets are found by the names of their keys and in comments ([`collect`]), and, where the
//! tree is unreliable, by two scans of the text ([`lexical`], [`random_tokens`]). A value that is found once is masked wherever it occurs in
//! the file and in messages about it and, if it is distinctive, in everything that the run shows. `docs/design.md`, "Masking secrets",
//! lists the cases.

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

pub(crate) use collect::is_distinctive;
use collect::{Collector, content_span};
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
    /// The values that are masked in all files of a run, see [`of_run`](Self::of_run).
    shared_values: Vec<String>,
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
            collector.shared_values.extend(found.shared_values);
            collector.ambiguous_values.extend(found.ambiguous_values);
        }
        let Collector { spans, values, shared_values, ambiguous_values, variable_values, .. } = collector;
        Self {
            spans: merge_spans(spans),
            values: sorted(values),
            shared_values: sorted(shared_values),
            ambiguous_values,
            variable_values: sorted(variable_values),
            ..Self::default()
        }
    }

    /// Finds the secrets that the other files of a run may repeat, in a file that the report does not show. Only the values of keys count:
    /// a search of the text takes three times as long as checking the file, and what only it can find is nearly always a mistake with a
    /// finding.
    pub(crate) fn find_for_run(source: &Source, parsed: &Parsed<'_>) -> Self {
        if !parsed.errors.is_empty() {
            return Self::find(source, parsed);
        }
        let mut collector = Collector::new(source);
        for document in &parsed.documents {
            collector.search_tree(document);
        }
        Self { shared_values: collector.shared_values, ..Self::default() }
    }

    /// The secrets that are masked in all files of a run: the values that cannot be mistaken for an ordinary word or name, because any file
    /// of the run can repeat them.
    pub(crate) fn of_run<'s>(files: impl IntoIterator<Item = &'s Self>) -> Self {
        let mut values = Vec::new();
        for file in files {
            values.extend(file.shared_values.iter().cloned());
        }
        Self { values: sorted(values), ..Self::default() }
    }

    /// Secrets that are masked in all files of a run, and are in none of them.
    pub(crate) fn of_values(values: impl IntoIterator<Item = String>) -> Self {
        Self { shared_values: values.into_iter().collect(), ..Self::default() }
    }

    /// Adds the strings of this file that repeat a secret of the run in another spelling.
    #[must_use]
    pub(crate) fn with_strings_of_run(mut self, run: &Self, source: &Source, parsed: &Parsed<'_>) -> Self {
        for node in parsed.nodes() {
            // A string is owned if it contains escapes. Its raw text differs from the secret, so only its span identifies it.
            if let Value::String(Cow::Owned(text)) = &node.value
                && run.occur_in(text)
            {
                self.spans.push(content_span(source, node));
            }
        }
        self.spans = merge_spans(self.spans);
        self
    }

    /// Adds the values of other secrets, such as those of an earlier version of the file.
    #[must_use]
    pub(crate) fn with_values_of(self, other: &Self) -> Self {
        let Self { spans, mut values, mut shared_values, ambiguous_values, mut variable_values, .. } = self;
        values.extend(other.values.iter().cloned());
        shared_values.extend(other.shared_values.iter().cloned());
        variable_values.extend(other.variable_values.iter().cloned());
        let (values, shared_values, variable_values) = (sorted(values), sorted(shared_values), sorted(variable_values));
        Self { spans, values, shared_values, ambiguous_values, variable_values, ..Self::default() }
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

    fn prefix_matcher(&self) -> &Matcher {
        self.prefix_matcher.get_or_init(|| {
            // The values are sorted, so equal prefixes are next to each other. Each of them would make the search slower.
            let mut prefixes: Vec<&str> = self.values.iter().map(|value| revealing_prefix(value)).collect();
            prefixes.dedup();
            Matcher::new(prefixes)
        })
    }

    /// Returns the file with its secrets masked. All offsets, lines and columns stay the same.
    pub(crate) fn mask_source(&self, source: &Source) -> Source {
        self.mask_source_in_run(source, &Self::default())
    }

    /// Like [`mask_source`](Self::mask_source), for the secrets of the file and of the run.
    pub(crate) fn mask_source_in_run(&self, source: &Source, run: &Self) -> Source {
        let mut text = source.text().as_bytes().to_vec();
        for span in &self.spans {
            mask_bytes(&mut text[span.range()]);
        }
        for secrets in [self, run] {
            for range in merge_ranges(&secrets.value_matcher().find_all(source.text().as_bytes())) {
                mask_bytes(&mut text[range]);
            }
        }
        // Only whole characters are masked, so this is valid UTF-8. If it were not, showing nothing is the safe choice.
        let text = String::from_utf8(text).unwrap_or_else(|error| " ".repeat(error.as_bytes().len()));
        source.with_text(text)
    }

    /// Masks the text that a fix inserts at a span, if the span contains a secret: the fix may insert a part of it, so everything but
    /// quotes and white space is masked.
    pub(crate) fn mask_replacement(&self, span: Span, replacement: &str) -> Option<String> {
        let next = self.spans.partition_point(|secret| secret.end <= span.start);
        if !self.spans.get(next).is_some_and(|secret| secret.overlaps(span)) {
            return None;
        }
        let mut masked = String::new();
        for c in replacement.chars() {
            if c.is_whitespace() || matches!(c, '"' | '\'') {
                masked.push(c);
            } else {
                masked.push_str(&"*".repeat(c.len_utf8()));
            }
        }
        Some(masked)
    }

    /// Masks the secrets in a message, including those that the message truncates.
    pub(crate) fn mask(&self, text: String) -> String {
        mask_all(text, &[self])
    }

    /// The secrets in a message, in any order.
    fn find_in_message(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        if self.values.is_empty() && self.ambiguous_values.is_empty() && self.variable_values.is_empty() {
            return ranges;
        }
        // A message may contain only the start of a long secret (`canary-sec…`): find prefixes, and extend each match as far as
        // the text follows a secret.
        for prefix in self.prefix_matcher().find_all(text.as_bytes()) {
            ranges.push(prefix.start..self.end_of_secret(text, prefix));
        }
        ranges.extend(self.find_truncated_values(text));
        ranges.extend(self.find_quoted_values(text));
        ranges
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

/// Masks the secrets of several files in a message. The masks of one must not hide the start of a secret of another, so all of them are
/// searched for before any is masked.
pub(crate) fn mask_all(mut text: String, secrets: &[&Secrets]) -> String {
    let mut ranges = Vec::new();
    for secrets in secrets {
        ranges.extend(secrets.find_in_message(&text));
    }
    ranges.sort_by_key(|range| range.end);
    for range in merge_ranges(&ranges) {
        let mask = "*".repeat(range.len());
        text.replace_range(range, &mask);
    }
    text
}

/// Masks the text of a field for a public key, unless it is a key that has only its first characters in common with secrets: the two keys
/// of reCAPTCHA begin with the same 13.
pub(crate) fn mask_public_key(text: String, secrets: &[&Secrets]) -> String {
    const MAX_COMMON_LEN: usize = 16;
    let is_key = text.len() > MAX_COMMON_LEN
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let repeats = |secret: &String| common_prefix_len(&text, secret) > MAX_COMMON_LEN || text.contains(secret.as_str());
    if is_key && !secrets.iter().any(|secrets| secrets.values.iter().any(repeats)) {
        return text;
    }
    mask_all(text, secrets)
}

fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort_unstable();
    values.dedup();
    values
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
