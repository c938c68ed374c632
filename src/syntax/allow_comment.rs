//! Parses suppression comments: `# portal-lint: allow self-cancel until 2027-03-31 -- the reason`.
//!
//! This module finds the comments and the lines each applies to. `settings/suppressions.rs` checks that
//! the rules exist and that the date is valid.

use crate::base::source::{Source, Span};
use crate::syntax::{Parsed, Value};

/// The prefix of the comments, after the comment marker.
pub(crate) const PREFIX: &str = "portal-lint:";

/// The first word after the prefix.
pub(crate) const VERBS: [&str; 2] = ["allow", "allow-file"];

/// A suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowComment<'t> {
    /// The comment with its markers.
    pub span: Span,
    /// From the first word to the end of the reason.
    pub directive: Span,
    /// The first word. Only `allow` and `allow-file` are valid.
    pub verb: Word<'t>,
    /// The words after the verb, which should be the names or codes of rules.
    pub rules: Vec<Word<'t>>,
    /// The word after `until`, which should be the last day on which the comment applies. Empty if no word follows.
    pub until: Option<Word<'t>>,
    /// The text after `--`; empty if there is none.
    pub reason: &'t str,
    /// The lines that `allow` applies to: the line of the comment or, for a comment on its own line, the next line with
    /// content. If a string starts on that line, all of its lines.
    pub covers: Span,
}

/// A word of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// The text of the word.
    pub text: &'t str,
    /// Its bytes in the file.
    pub span: Span,
}

impl AllowComment<'_> {
    /// Whether the comment applies to the whole file.
    pub fn applies_to_file(&self) -> bool {
        self.verb.text == "allow-file"
    }

    /// Converts all spans.
    pub(crate) fn map_spans(&mut self, convert: impl Fn(Span) -> Span) {
        self.span = convert(self.span);
        self.directive = convert(self.directive);
        self.covers = convert(self.covers);
        for word in self.rules.iter_mut().chain(&mut self.until).chain([&mut self.verb]) {
            word.span = convert(word.span);
        }
    }

    /// Whether the verb is valid.
    pub fn has_known_verb(&self) -> bool {
        VERBS.contains(&self.verb.text)
    }
}

/// The suppression comments of a file, in order.
pub(crate) fn find_allow_comments<'t>(source: &'t Source, parsed: &Parsed<'_>) -> Vec<AllowComment<'t>> {
    // Most files have none: one search avoids building the line index.
    if parsed.comments.is_empty() || memchr::memmem::find(source.text().as_bytes(), PREFIX.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = LineIndex::new(source, parsed);
    parsed.comments.iter().filter_map(|comment| parse_comment(source, &lines, *comment)).collect()
}

fn parse_comment<'t>(source: &'t Source, lines: &LineIndex<'_>, comment: Span) -> Option<AllowComment<'t>> {
    let raw = source.slice(comment);
    let without_end = raw.strip_suffix("*/").unwrap_or(raw);
    let content = without_end.trim_start_matches(is_comment_marker).strip_prefix(PREFIX)?;
    let start = comment.range().start + (without_end.len() - content.len());
    let line = content.lines().next().unwrap_or_default();
    let (words, reason) = split_reason(line);
    let mut words = split_words(words, start);
    let verb = if words.is_empty() { Word { text: "", span: comment } } else { words.remove(0) };
    let directive = Span { start: verb.span.start, ..Span::new(start, start + line.trim_end().len()) };
    let until = remove_until_date(&mut words);
    let covers = lines.covered_span(comment);
    Some(AllowComment { span: comment, directive, verb, rules: words, until, reason, covers })
}

/// Whether a character may precede the content of a comment: white space, a character of `#`, `//` or `/*`, or the `*` before each
/// line of a block comment.
fn is_comment_marker(character: char) -> bool {
    character.is_whitespace() || matches!(character, '#' | '/' | '*')
}

/// Splits a comment into the part with the rules and the reason.
fn split_reason(content: &str) -> (&str, &str) {
    if let Some((directive, reason)) = content.split_once("--") {
        return (directive, reason.trim());
    }
    // Another dash or a colon was probably meant as `--`: report the missing reason, and not each of its words as an unknown
    // rule.
    let mut end = content.len();
    for separator in [" - ", "—", "–", ": "] {
        end = content.find(separator).map_or(end, |offset| offset.min(end));
    }
    (&content[..end], "")
}

/// Splits a text into words, which are separated by white space or commas. `start` is the offset of the text in the file.
fn split_words(text: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut offset = start;
    for word in text.split(|character: char| character.is_whitespace() || character == ',') {
        if !word.is_empty() {
            words.push(Word { text: word, span: Span::new(offset, offset + word.len()) });
        }
        offset += word.len() + 1;
    }
    words
}

/// Removes the word `until` and the date after it, and returns the date.
fn remove_until_date<'t>(words: &mut Vec<Word<'t>>) -> Option<Word<'t>> {
    let index = words.iter().position(|word| word.text == "until")?;
    let until = words.remove(index);
    // An empty date is reported as invalid, at the word `until`.
    Some(if index < words.len() { words.remove(index) } else { Word { text: "", span: until.span } })
}

/// The lines of a file that have content, and the strings that start on them.
struct LineIndex<'s> {
    source: &'s Source,
    /// For each line number (from 1), the first line from there on that has more than comments.
    next_content_line: Vec<usize>,
    /// The entries whose values are strings: the start of the key and the end of the value, in the order of the file.
    string_entries: Vec<(u32, u32)>,
}

impl<'s> LineIndex<'s> {
    fn new(source: &'s Source, parsed: &Parsed<'_>) -> Self {
        let count = source.line_count();
        let mut comments = parsed.comments.as_slice();
        // Line numbers start from 1.
        let mut has_content = vec![false];
        for number in 1..=count {
            let line = source.line(number);
            has_content.push(line.is_some_and(|line| !is_blank_or_comment(source, line, &mut comments)));
        }
        let mut next_content_line = vec![count; count + 2];
        for number in (1..=count).rev() {
            next_content_line[number] = if has_content[number] { number } else { next_content_line[number + 1] };
        }
        Self { source, next_content_line, string_entries: find_string_entries(parsed) }
    }

    /// See [`AllowComment::covers`].
    fn covered_span(&self, comment: Span) -> Span {
        let comment_line = self.source.position(comment.start).line as usize;
        let number = self.next_content_line.get(comment_line).copied().unwrap_or(comment_line);
        let line = self.source.line(number).unwrap_or(comment);
        let mut end = line.end;
        let first = self.string_entries.partition_point(|(key_start, _)| *key_start < line.start);
        for (key_start, value_end) in &self.string_entries[first..] {
            if *key_start >= line.end {
                break;
            }
            end = end.max(*value_end);
        }
        Span { end, ..line }
    }
}

/// Whether a line has only white space and comments. `comments` contains the comments from this line on; those that end before the
/// content of the line are removed from it.
fn is_blank_or_comment(source: &Source, line: Span, comments: &mut &[Span]) -> bool {
    let bom = Span::new(0, source.bom_len());
    let mut start = line.start.max(bom.end);
    loop {
        let rest = source.slice(Span { start, end: line.end });
        start += Span::new(0, rest.len() - rest.trim_start().len()).end;
        while let [first, others @ ..] = *comments
            && first.end <= start
        {
            *comments = others;
        }
        match comments.first() {
            // A block comment may continue on the next line.
            Some(comment) if comment.start <= start && start < line.end => start = comment.end.min(line.end),
            _ => return start >= line.end,
        }
    }
}

fn find_string_entries(parsed: &Parsed<'_>) -> Vec<(u32, u32)> {
    let mut string_entries = Vec::new();
    for document in &parsed.documents {
        for node in document.nodes() {
            let Value::Object(entries) = &node.value else { continue };
            for entry in document.entries(*entries) {
                let value = document.node(entry.value);
                if matches!(value.value, Value::String(_)) {
                    string_entries.push((entry.key_span.start, value.span.end));
                }
            }
        }
    }
    string_entries.sort_unstable();
    string_entries
}

#[cfg(test)]
mod tests {
    use crate::base::source::Format;
    use crate::syntax::allow_comment::*;
    use crate::syntax::{Limits, parse};

    struct Covered {
        rules: String,
        reason: String,
        lines: String,
        until: Option<String>,
    }

    /// The comments of a text with the text of the lines they cover.
    fn parse_comments(text: &str, format: Format) -> Vec<Covered> {
        let source = Source::new("portal", text, format);
        let parsed = parse(&source, &Limits::default());
        let mut all = Vec::new();
        for comment in find_allow_comments(&source, &parsed) {
            for word in comment.rules.iter().chain(&comment.until).filter(|word| !word.text.is_empty()) {
                assert_eq!(source.slice(word.span), word.text);
            }
            let rules: Vec<&str> = comment.rules.iter().map(|rule| rule.text).collect();
            all.push(Covered {
                rules: rules.join(" "),
                reason: comment.reason.to_owned(),
                lines: source.slice(comment.covers).to_owned(),
                until: comment.until.map(|until| until.text.to_owned()),
            });
        }
        all
    }

    #[test]
    fn a_comment_covers_its_line_or_the_next_and_all_lines_of_a_string() {
        let yaml = "# portal-lint: allow one, two until 2027-03-31 -- because -- of it\n# more words\n\na: 1\n\
                    b: 2  # portal-lint: allow three\n# portal-lint: allow-file four -- x\nhtml: |\n  <p>\n  <p>\nc: 3\n";
        let comments = parse_comments(yaml, Format::Yaml);
        let [first, second, third] = &comments[..] else { panic!("{} comments", comments.len()) };
        assert_eq!((&*first.rules, &*first.reason, &*first.lines), ("one two", "because -- of it", "a: 1"));
        assert_eq!(first.until.as_deref(), Some("2027-03-31"));
        assert_eq!((&*second.rules, &*second.reason), ("three", ""));
        assert_eq!(second.lines, "b: 2  # portal-lint: allow three");
        assert!(
            third.lines.starts_with("html: |") && third.lines.trim_end().ends_with("<p>\n  <p>"),
            "{}",
            third.lines
        );
    }

    #[test]
    fn a_reason_after_the_wrong_separator_is_ignored() {
        for separator in [" - ", " — ", ": "] {
            let text = format!("a: 1 # portal-lint: allow one{separator}agreed with support\n");
            let comments = parse_comments(&text, Format::Yaml);
            assert_eq!((&*comments[0].rules, &*comments[0].reason), ("one", ""), "{separator}");
        }
    }

    #[test]
    fn until_without_a_date_gives_an_empty_date() {
        let comments = parse_comments("a: 1 # portal-lint: allow one until -- agreed\n", Format::Yaml);
        assert_eq!((&*comments[0].rules, comments[0].until.as_deref()), ("one", Some("")));
    }

    #[test]
    fn jsonc_has_line_and_block_comments_and_json_has_none() {
        let text =
            "{\n  /* portal-lint: allow one -- why */\n  \"a\": 1, // portal-lint: allow two -- so\n  \"b\": 2\n}";
        let comments = parse_comments(text, Format::Jsonc);
        let reasons: Vec<&str> = comments.iter().map(|comment| &*comment.reason).collect();
        assert_eq!(reasons, ["why", "so"]);
        assert!(comments.iter().all(|comment| comment.lines.contains("\"a\"")));
        assert!(parse_comments("{ \"a\": \"# portal-lint: allow x -- y\" }", Format::Json).is_empty());
    }

    #[test]
    fn a_comment_after_a_byte_order_mark_covers_the_next_line() {
        let comments = parse_comments("\u{feff}# portal-lint: allow one -- x\na: 1\n", Format::Yaml);
        assert_eq!((&*comments[0].reason, &*comments[0].lines), ("x", "a: 1"));
        let comments = parse_comments("\u{feff}// portal-lint: allow one -- x\n{\"a\": 1}\n", Format::Jsonc);
        assert_eq!(comments[0].lines, "{\"a\": 1}");
    }

    #[test]
    fn block_comments_cover_the_first_line_with_content() {
        let text = "{\n  /* portal-lint: allow one -- x */ \"a\": 1,\n  /*\n   * portal-lint: allow two -- y\n   */\n  \"b\": 2\n}";
        let comments = parse_comments(text, Format::Jsonc);
        assert!(comments[0].lines.contains("\"a\""));
        assert!(comments[1].lines.contains("\"b\"") && comments[1].reason == "y");
    }
}
