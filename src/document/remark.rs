//! Comments that speak to the linter: `# portal-lint: allow self-cancel until 2027-03-31 -- the reason`.
//!
//! Here they are taken apart and it is found out what they cover; whether the rule exists and the reason holds is
//! decided above.

use super::{Document, Parsed, Value};
use crate::source::{Source, Span};

/// What such a comment starts with, behind its mark.
const NAME: &str = "portal-lint:";

/// A comment that speaks to the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark<'t> {
    /// The comment, its mark included.
    pub span: Span,
    /// What it says to do, as it is written.
    pub verb: Word<'t>,
    /// The rules, as they are written.
    pub rules: Vec<Word<'t>>,
    /// The last day it holds.
    pub until: Option<Word<'t>>,
    /// Why; empty when nobody said.
    pub reason: &'t str,
    /// What of the file it is about, unless it is about the whole: the line it stands on, or if it has a line of its own the
    /// next that has more than a comment; with the rest of a text that starts there.
    pub covers: Span,
}

/// A word of a remark and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// As it is written.
    pub text: &'t str,
    /// Where.
    pub span: Span,
}

impl Remark<'_> {
    /// `allow-file`: it is about the whole file.
    pub fn is_about_the_file(&self) -> bool {
        self.verb.text == "allow-file"
    }

    /// Whether it says something that we know how to do.
    pub fn is_known(&self) -> bool {
        matches!(self.verb.text, "allow" | "allow-file")
    }
}

/// The remarks of a file, in its order. Nearly no file has any: one search tells.
pub fn remarks<'t>(source: &'t Source, parsed: &Parsed<'_>) -> Vec<Remark<'t>> {
    if parsed.comments.is_empty() || memchr::memmem::find(source.text().as_bytes(), NAME.as_bytes()).is_none() {
        return Vec::new();
    }
    parsed.comments.iter().filter_map(|comment| remark(source, parsed, *comment)).collect()
}

fn remark<'t>(source: &'t Source, parsed: &Parsed<'_>, comment: Span) -> Option<Remark<'t>> {
    let text = source.slice(comment);
    let inner = text.strip_suffix("*/").unwrap_or(text);
    let said = inner.trim_start_matches(['#', '/', '*']).trim_start().strip_prefix(NAME)?;
    let (what, reason) = match said.split_once("--") {
        Some((what, reason)) => (what, reason.trim()),
        None => (said, ""),
    };
    let start = comment.range().start + (inner.len() - said.len());
    let mut words = words(what, start);
    let verb = words.next().unwrap_or(Word { text: "", span: comment });
    let mut rest: Vec<Word<'t>> = words.collect();
    let until = rest.iter().position(|word| word.text == "until").and_then(|at| {
        let until = rest.get(at + 1).copied();
        rest.drain(at..(at + 2).min(rest.len()));
        until
    });
    let covers = covers(source, parsed, comment);
    Some(Remark { span: comment, verb, rules: rest, until, reason, covers })
}

/// The words of a text that starts at this byte of the file; commas may stand between them.
fn words(text: &str, start: usize) -> impl Iterator<Item = Word<'_>> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .scan(start, |at, word| {
            let span = Span::new(*at, *at + word.len());
            *at += word.len() + 1;
            Some(Word { text: word, span })
        })
        .filter(|word| !word.text.is_empty())
}

fn covers(source: &Source, parsed: &Parsed<'_>, comment: Span) -> Span {
    let own = source.position(comment.start).line as usize;
    let is_alone = |line: usize| {
        let Some(span) = source.line(line) else { return false };
        let text = source.slice(span).trim();
        let in_comment = |comment: &Span| comment.start < span.end && span.start < comment.end;
        text.is_empty() || (parsed.comments.iter().any(in_comment) && starts_a_comment(text))
    };
    let about =
        if is_alone(own) { (own + 1..=source.line_count()).find(|line| !is_alone(*line)).unwrap_or(own) } else { own };
    let mut covers = source.line(about).unwrap_or(comment);
    for document in &parsed.documents {
        covers.end = covers.end.max(end_of_texts(document, covers));
    }
    covers
}

fn starts_a_comment(line: &str) -> bool {
    ["#", "//", "/*", "*"].iter().any(|mark| line.starts_with(mark))
}

/// Where the last of the texts ends whose key stands on this line.
fn end_of_texts(document: &Document<'_>, line: Span) -> u32 {
    let objects = document.nodes().filter_map(|node| match &node.value {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    let starts_here =
        objects.flatten().filter(|entry| line.start <= entry.key_span.start && entry.key_span.start < line.end);
    let texts =
        starts_here.map(|entry| document.node(entry.value)).filter(|node| matches!(node.value, Value::String(_)));
    texts.map(|node| node.span.end).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::source::Format;

    fn covered(text: &str, format: Format) -> Vec<(String, String, String, Option<String>)> {
        let source = Source::new("portal", text, format);
        let parsed = parse(&source, &Limits::default());
        let told = |remark: &Remark<'_>| {
            let rules: Vec<&str> = remark.rules.iter().map(|rule| rule.text).collect();
            for word in remark.rules.iter().chain(&remark.until) {
                assert_eq!(source.slice(word.span), word.text);
            }
            let until = remark.until.map(|until| until.text.to_owned());
            (rules.join(" "), remark.reason.to_owned(), source.slice(remark.covers).to_owned(), until)
        };
        remarks(&source, &parsed).iter().map(told).collect()
    }

    #[test]
    fn a_remark_covers_its_line_or_the_next_with_all_of_a_text() {
        let yaml = "# portal-lint: allow one, two until 2027-03-31 -- because -- of it\n# more words\n\na: 1\n\
                    b: 2  # portal-lint: allow three\n# portal-lint: allow-file four -- x\nhtml: |\n  <p>\n  <p>\nc: 3\n";
        let told = covered(yaml, Format::Yaml);
        assert_eq!(told[0], ("one two".into(), "because -- of it".into(), "a: 1".into(), Some("2027-03-31".into())));
        assert_eq!((&*told[1].0, &*told[1].1, &*told[1].2), ("three", "", "b: 2  # portal-lint: allow three"));
        assert!(told[2].2.starts_with("html: |") && told[2].2.trim_end().ends_with("<p>\n  <p>"), "{}", told[2].2);
    }

    #[test]
    fn jsonc_has_them_in_both_kinds_of_comment_and_json_in_none() {
        let text =
            "{\n  /* portal-lint: allow one -- why */\n  \"a\": 1, // portal-lint: allow two -- so\n  \"b\": 2\n}";
        let told = covered(text, Format::Jsonc);
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|(_, reason, line, _)| line.contains("\"a\"") && ["why", "so"].contains(&&**reason)));
        assert!(covered("{ \"a\": \"# portal-lint: allow x -- y\" }", Format::Json).is_empty());
    }
}
