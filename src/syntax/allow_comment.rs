//! Comments that speak to the linter: `# portal-lint: allow self-cancel until 2027-03-31 -- the reason`.
//!
//! Here they are taken apart and it is found out what they cover; whether the rule exists and the reason holds is
//! decided above.

use crate::base::source::{Source, Span};
use crate::syntax::{Parsed, Value};

/// What such a comment starts with, behind its mark.
const NAME: &str = "portal-lint:";

/// A comment that speaks to the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowComment<'t> {
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

impl AllowComment<'_> {
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
pub(crate) fn remarks<'t>(source: &'t Source, parsed: &Parsed<'_>) -> Vec<AllowComment<'t>> {
    if parsed.comments.is_empty() || memchr::memmem::find(source.text().as_bytes(), NAME.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = Lines::of(source, parsed);
    parsed.comments.iter().filter_map(|comment| remark(source, &lines, *comment)).collect()
}

fn remark<'t>(source: &'t Source, lines: &Lines<'_>, comment: Span) -> Option<AllowComment<'t>> {
    let text = source.slice(comment);
    let inner = text.strip_suffix("*/").unwrap_or(text);
    let marks = |c: char| c.is_whitespace() || matches!(c, '#' | '/' | '*');
    let said = inner.trim_start_matches(marks).strip_prefix(NAME)?;
    let start = comment.range().start + (inner.len() - said.len());
    let (what, reason) = parts(said.lines().next().unwrap_or_default());
    let mut words = words(what, start);
    let verb = words.next().unwrap_or(Word { text: "", span: comment });
    let mut rest: Vec<Word<'t>> = words.collect();
    let until = rest.iter().position(|word| word.text == "until").map(|at| {
        // Without a day behind it, it is one that is none.
        let day = rest.get(at + 1).copied().unwrap_or(Word { text: "", span: rest[at].span });
        rest.drain(at..(at + 2).min(rest.len()));
        day
    });
    Some(AllowComment { span: comment, verb, rules: rest, until, reason, covers: lines.covered_by(comment) })
}

/// What is allowed, and why. What stands behind something that was meant for `--` is no list of rules.
fn parts(said: &str) -> (&str, &str) {
    if let Some((what, reason)) = said.split_once("--") {
        return (what, reason.trim());
    }
    let end = [" - ", "—", "–", ": "].iter().filter_map(|mark| said.find(mark)).min();
    (&said[..end.unwrap_or(said.len())], "")
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

/// The lines of a file: which have more than comments, and where the texts end that start on them.
struct Lines<'s> {
    source: &'s Source,
    /// Of each line, from 1, the first from it on that has more than comments.
    with_more: Vec<usize>,
    /// Where keys start whose values are texts, and where these end; in the order of the file.
    texts: Vec<(u32, u32)>,
}

impl<'s> Lines<'s> {
    fn of(source: &'s Source, parsed: &Parsed<'_>) -> Self {
        let count = source.line_count();
        let mut comments = parsed.comments.iter().peekable();
        let mut has_more = vec![false; count + 2];
        for (line, has_more) in has_more.iter_mut().enumerate().take(count + 1).skip(1) {
            let Some(span) = source.line(line) else { continue };
            let mut at = span.start;
            loop {
                let rest = source.slice(Span { start: at, end: span.end });
                at += Span::new(0, rest.len() - rest.trim_start().len()).end;
                while comments.next_if(|comment| comment.end <= at).is_some() {}
                match comments.peek().filter(|comment| comment.start <= at && at < span.end) {
                    Some(comment) => at = comment.end.min(span.end),
                    None => break,
                }
            }
            *has_more = at < span.end;
        }
        let mut with_more = vec![count; count + 2];
        for line in (1..=count).rev() {
            with_more[line] = if has_more[line] { line } else { with_more[line + 1] };
        }
        Self { source, with_more, texts: texts(parsed) }
    }

    /// See [`AllowComment::covers`].
    fn covered_by(&self, comment: Span) -> Span {
        let own = self.source.position(comment.start).line as usize;
        let about = self.with_more.get(own).copied().unwrap_or(own);
        let line = self.source.line(about).unwrap_or(comment);
        let from = self.texts.partition_point(|(key, _)| *key < line.start);
        let on_it = self.texts[from..].iter().take_while(|(key, _)| *key < line.end);
        Span { end: on_it.map(|(_, end)| *end).max().unwrap_or(0).max(line.end), ..line }
    }
}

fn texts(parsed: &Parsed<'_>) -> Vec<(u32, u32)> {
    let mut texts = Vec::new();
    for document in &parsed.documents {
        for node in document.nodes() {
            let Value::Object(entries) = &node.value else { continue };
            let values =
                document.entries(*entries).iter().map(|entry| (entry.key_span.start, document.node(entry.value)));
            let of_text = values.filter(|(_, value)| matches!(value.value, Value::String(_)));
            texts.extend(of_text.map(|(key, value)| (key, value.span.end)));
        }
    }
    texts.sort_unstable();
    texts
}

#[cfg(test)]
mod tests {
    use crate::base::source::Format;
    use crate::syntax::allow_comment::*;
    use crate::syntax::{Limits, parse};

    fn covered(text: &str, format: Format) -> Vec<(String, String, String, Option<String>)> {
        let source = Source::new("portal", text, format);
        let parsed = parse(&source, &Limits::default());
        let told = |remark: &AllowComment<'_>| {
            let rules: Vec<&str> = remark.rules.iter().map(|rule| rule.text).collect();
            for word in remark.rules.iter().chain(&remark.until).filter(|word| !word.text.is_empty()) {
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
    fn what_was_meant_for_a_reason_is_no_rule_and_a_missing_day_is_none() {
        for mark in [" - ", " — ", ": "] {
            let told = covered(&format!("a: 1 # portal-lint: allow one{mark}agreed with support\n"), Format::Yaml);
            assert_eq!((&*told[0].0, &*told[0].1), ("one", ""), "{mark}");
        }
        let told = covered("a: 1 # portal-lint: allow one until -- agreed\n", Format::Yaml);
        assert_eq!((&*told[0].0, told[0].3.as_deref()), ("one", Some("")));
    }

    #[test]
    fn jsonc_has_them_in_both_kinds_of_comment_and_json_in_none() {
        let text =
            "{\n  /* portal-lint: allow one -- why */\n  \"a\": 1, // portal-lint: allow two -- so\n  \"b\": 2\n}";
        let told = covered(text, Format::Jsonc);
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|(_, reason, line, _)| line.contains("\"a\"") && ["why", "so"].contains(&&**reason)));
        assert!(covered("{ \"a\": \"# portal-lint: allow x -- y\" }", Format::Json).is_empty());
        let text = "{\n  /* portal-lint: allow one -- x */ \"a\": 1,\n  /*\n   * portal-lint: allow two -- y\n   */\n  \"b\": 2\n}";
        let told = covered(text, Format::Jsonc);
        assert!(told[0].2.contains("\"a\"") && told[1].2.contains("\"b\"") && told[1].1 == "y", "{told:?}");
    }
}
