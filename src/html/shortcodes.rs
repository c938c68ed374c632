//! Shortcodes: `{{name}}` and every other way braces around a word come out, well-formed or not.
//!
//! Works on any text (html, a subject) and knows no html. What a name means, and what else people write instead of
//! braces, is in [`super::near_miss`].

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::base::steps::count_steps;

/// The one shortcode both emails need (guide, "Critical Email Requirement").
pub(crate) const EMAIL_CODE: &str = "{{email_code}}";

static EMAIL_CODE_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(EMAIL_CODE));

/// Braces and what they hold. `{{name}}` has two and two; `{{name` has two and none, a stray `}}` none and two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shortcode {
    /// With the braces.
    pub range: Range<usize>,
    /// Between the braces, blanks included. Without closing braces it ends with the word.
    pub inner: Range<usize>,
}

impl Shortcode {
    /// How many braces open it.
    pub(crate) fn opening(&self) -> usize {
        self.inner.start - self.range.start
    }

    /// How many braces close it.
    pub(crate) fn closing(&self) -> usize {
        self.range.end - self.inner.end
    }

    /// Two braces before, two after: what the template engine replaces.
    pub(crate) fn is_whole(&self) -> bool {
        self.opening() == 2 && self.closing() == 2
    }

    /// Whether it is `{{email_code}}` to the byte.
    pub(crate) fn is_email_code(&self, text: &str) -> bool {
        self.is_whole() && text[self.range.clone()] == *EMAIL_CODE
    }
}

/// The shortcodes of a text in order. Single braces on both sides (`{color:red}`) are none.
pub(crate) fn shortcodes(text: &str) -> impl Iterator<Item = Shortcode> + '_ {
    braces(text).filter(|found| found.opening().max(found.closing()) >= 2)
}

/// The places where `{{email_code}}` stands to the byte.
pub(crate) fn email_codes(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    EMAIL_CODE_FINDER
        .find_iter(bytes)
        .map(|start| start..start + EMAIL_CODE.len())
        .filter(|at| !(at.start > 0 && bytes[at.start - 1] == b'{') && bytes.get(at.end) != Some(&b'}'))
}

/// The brackets of other template systems: Mailchimp, ERB and EJS, Jinja and Liquid, Salesforce, and Braze.
const FOREIGN_BRACKETS: [(&str, &str); 5] = [("*|", "|*"), ("<%", "%>"), ("{%", "%}"), ("%%", "%%"), ("[[", "]]")];

/// The variables of other template systems in a text, in order: `*|FNAME|*`, `<%= name %>`, `{% if x %}`, `%%first%%`, `[[name]]`.
/// The ends of blocks, such as `{% endif %}`, belong to their starts and are left out.
pub(crate) fn foreign_variables(text: &str) -> Vec<Shortcode> {
    let mut found = Vec::new();
    // Each of the brackets contains one of these bytes, and most texts contain none of them.
    if memchr::memchr3(b'|', b'%', b'[', text.as_bytes()).is_none() {
        return found;
    }
    let mut position = 0;
    while let Some(offset) = text[position..].find(['*', '<', '{', '%', '[']) {
        let start = position + offset;
        count_steps(offset + 1);
        position = start + 1;
        let Some(variable) = foreign_variable_at(text, start) else { continue };
        position = variable.range.end;
        let name = text[variable.inner.clone()].trim_start_matches(['=', '-', '#']).trim_start().to_ascii_lowercase();
        if !["end", "else", "elsif", "elif", "}"].iter().any(|end| name.starts_with(end)) {
            found.push(variable);
        }
    }
    found
}

fn foreign_variable_at(text: &str, start: usize) -> Option<Shortcode> {
    /// Longer than any variable with its filters.
    const MAX_CHARS: usize = 80;
    let (open, close) = FOREIGN_BRACKETS.iter().find(|(open, _)| text[start..].starts_with(open))?;
    let inner_start = start + open.len();
    let reach =
        text[inner_start..].char_indices().nth(MAX_CHARS).map_or(text.len(), |(offset, _)| inner_start + offset);
    count_steps(reach - inner_start);
    let inner_end = inner_start + text[inner_start..reach].find(close)?;
    let inner = &text[inner_start..inner_end];
    // Percent signs and square brackets have other uses, so only a name counts between them.
    let is_name = !inner.is_empty() && inner.chars().all(|c| is_word_character(c) || c == ':');
    let has_letter = inner.contains(char::is_alphabetic);
    let counts = if matches!(*open, "%%" | "[[") { is_name && has_letter } else { has_letter || inner.contains('}') };
    counts.then(|| Shortcode { range: start..inner_end + close.len(), inner: inner_start..inner_end })
}

/// Everything with a brace on one side at least.
pub(super) fn braces(text: &str) -> impl Iterator<Item = Shortcode> + '_ {
    let bytes = text.as_bytes();
    let run = |from: usize, brace: u8| bytes[from..].iter().take_while(|&&byte| byte == brace).count();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr2(b'{', b'}', &bytes[at..])?;
        if bytes[start] == b'}' {
            let end = start + run(start, b'}');
            count_steps(end - at);
            let word = start - word_before(&text[at..start]);
            at = end;
            return Some(Shortcode { range: word..end, inner: word..start });
        }
        let inner = start + run(start, b'{');
        let next = memchr::memchr2(b'{', b'}', &bytes[inner..]).map_or(bytes.len(), |offset| inner + offset);
        let closing = run(next, b'}');
        count_steps(next + closing - at);
        let (inner_end, end) = if closing > 0 {
            (next, next + closing)
        } else {
            let end = inner + word_after(&text[inner..next]);
            (end, end)
        };
        at = end;
        Some(Shortcode { range: start..end, inner: inner..inner_end })
    })
}

/// The longest name anyone would give a shortcode.
const LONGEST: usize = 48;

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Bytes of the name (blanks before it included) that an opening without an end runs on to.
fn word_after(text: &str) -> usize {
    let blanks = text.chars().take(LONGEST).take_while(|c| c.is_whitespace()).map(char::len_utf8).sum::<usize>();
    let word =
        text[blanks..].chars().take(LONGEST).take_while(|&c| is_word_character(c)).map(char::len_utf8).sum::<usize>();
    if word == 0 { 0 } else { blanks + word }
}

/// The same before a close without a start.
fn word_before(text: &str) -> usize {
    let back = || text.chars().rev();
    let blanks = back().take(LONGEST).take_while(|c| c.is_whitespace()).map(char::len_utf8).sum::<usize>();
    let rest = &text[..text.len() - blanks];
    let word =
        rest.chars().rev().take(LONGEST).take_while(|&c| is_word_character(c)).map(char::len_utf8).sum::<usize>();
    if word == 0 { 0 } else { blanks + word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_are_found_in_broken_text() {
        type Found<'t> = (&'t str, usize, usize);
        let cases: &[(&str, &[Found<'_>])] = &[
            ("", &[]),
            ("{{a}} {{ b }}", &[("{{a}}", 2, 2), ("{{ b }}", 2, 2)]),
            ("{{{a}}}", &[("{{{a}}}", 3, 3)]),
            ("x {{a} y", &[("{{a}", 2, 1)]),
            ("x {a}} y", &[("{a}}", 1, 2)]),
            ("x {{a y", &[("{{a", 2, 0)]),
            ("x a}} y", &[("a}}", 0, 2)]),
            ("{{a {{b}}", &[("{{a", 2, 0), ("{{b}}", 2, 2)]),
            ("{{#if x}}y{{/if}}", &[("{{#if x}}", 2, 2), ("{{/if}}", 2, 2)]),
            (".a{color:red}", &[]),
            ("{{", &[("{{", 2, 0)]),
            ("{{ü😀", &[("{{ü", 2, 0)]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = shortcodes(text).map(|s| (&text[s.range.clone()], s.opening(), s.closing())).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn variables_of_other_systems_are_found() {
        let text = "*|FNAME|* <%= name %> {% if a %}x{% else %}y{% endif %} %%first%% [[name]] [[1]] 5%% of 9%% a*b <% } %> {%";
        let found: Vec<&str> = foreign_variables(text).into_iter().map(|found| &text[found.range]).collect();
        assert_eq!(found, ["*|FNAME|*", "<%= name %>", "{% if a %}", "%%first%%", "[[name]]"]);
    }

    #[test]
    fn only_two_braces_on_both_sides_are_the_code() {
        for (text, count) in [
            ("{{email_code}}", 1),
            ("{{{email_code}}}", 0),
            ("{{email_code}}}", 0),
            ("${{email_code}}{{email_code}}", 2),
        ] {
            assert_eq!(email_codes(text).count(), count, "{text}");
            assert_eq!(braces(text).filter(|found| found.is_email_code(text)).count(), count, "{text}");
        }
    }
}
