//! Finds shortcodes (`{{name}}`) in HTML and in subjects, including those with missing or additional braces.
//!
//! [`crate::html::near_miss`] decides which of them were probably meant to be `{{email_code}}`.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::base::steps::count_steps;

/// The shortcode that both emails must contain. Source: the guide, "Critical Email Requirement".
pub(crate) const EMAIL_CODE: &str = "{{email_code}}";

static EMAIL_CODE_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(EMAIL_CODE));

/// A name with braces before it, after it, or on both sides. `{{name` has no closing braces, and `name}}` no opening ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shortcode {
    /// The name with the braces.
    pub range: Range<usize>,
    /// What is between the braces, including spaces. If the braces of one side are missing, this is the word next to the others.
    pub inner: Range<usize>,
}

impl Shortcode {
    /// The number of braces before the name.
    pub(crate) fn opening(&self) -> usize {
        self.inner.start - self.range.start
    }

    /// The number of braces after the name.
    pub(crate) fn closing(&self) -> usize {
        self.range.end - self.inner.end
    }

    /// Whether it is exactly `{{email_code}}`.
    pub(crate) fn is_email_code(&self, text: &str) -> bool {
        text[self.range.clone()] == *EMAIL_CODE
    }
}

/// The shortcodes of a text in order. Single braces, as in `{color:red}`, are not shortcodes.
pub(crate) fn shortcodes(text: &str) -> impl Iterator<Item = Shortcode> + '_ {
    brace_groups(text).filter(|group| group.opening().max(group.closing()) >= 2)
}

/// The ranges of `{{email_code}}` in a text. `{{{email_code}}}` is not one.
pub(crate) fn email_codes(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let ranges = EMAIL_CODE_FINDER.find_iter(bytes).map(|start| start..start + EMAIL_CODE.len());
    ranges.filter(|range| !bytes[..range.start].ends_with(b"{") && !bytes[range.end..].starts_with(b"}"))
}

/// The shortcodes of a text and the names with a single brace, in order.
pub(super) fn brace_groups(text: &str) -> BraceGroups<'_> {
    BraceGroups { text, position: 0 }
}

/// See [`brace_groups`].
pub(super) struct BraceGroups<'t> {
    text: &'t str,
    /// Where the search continues.
    position: usize,
}

impl Iterator for BraceGroups<'_> {
    type Item = Shortcode;

    fn next(&mut self) -> Option<Shortcode> {
        let start = self.find_brace(self.position)?;
        let inner_start = start + self.count_braces(start, b'{');
        let group = if inner_start == start {
            let end = start + self.count_braces(start, b'}');
            let word_start = start - trailing_word_length(&self.text[self.position..start]);
            Shortcode { range: word_start..end, inner: word_start..start }
        } else {
            let next_brace = self.find_brace(inner_start).unwrap_or(self.text.len());
            count_steps(next_brace - inner_start);
            let end = next_brace + self.count_braces(next_brace, b'}');
            if end > next_brace {
                Shortcode { range: start..end, inner: inner_start..next_brace }
            } else {
                let word_end = inner_start + leading_word_length(&self.text[inner_start..next_brace]);
                Shortcode { range: start..word_end, inner: inner_start..word_end }
            }
        };
        count_steps(group.range.end - self.position);
        self.position = group.range.end;
        Some(group)
    }
}

impl BraceGroups<'_> {
    /// The offset of the first brace from `start` on.
    fn find_brace(&self, start: usize) -> Option<usize> {
        memchr::memchr2(b'{', b'}', &self.text.as_bytes()[start..]).map(|offset| start + offset)
    }

    /// The number of equal braces in a row at `start`.
    fn count_braces(&self, start: usize, brace: u8) -> usize {
        self.text.as_bytes()[start..].iter().take_while(|byte| **byte == brace).count()
    }
}

/// Longer than the name of any shortcode, in characters.
const MAX_NAME_CHARS: usize = 48;

pub(super) fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The number of bytes of the blanks and the word that a text starts with. 0 if there is no word.
fn leading_word_length(text: &str) -> usize {
    let blanks = matching_length(text.chars(), char::is_whitespace);
    let word = matching_length(text[blanks..].chars(), is_name_character);
    if word == 0 { 0 } else { blanks + word }
}

/// The number of bytes of the word and the blanks that a text ends with. 0 if there is no word.
fn trailing_word_length(text: &str) -> usize {
    let blanks = matching_length(text.chars().rev(), char::is_whitespace);
    let word = matching_length(text[..text.len() - blanks].chars().rev(), is_name_character);
    if word == 0 { 0 } else { word + blanks }
}

/// The number of bytes of the first characters that have a property. Looks at [`MAX_NAME_CHARS`] characters only.
fn matching_length(chars: impl Iterator<Item = char>, has_property: fn(char) -> bool) -> usize {
    chars.take(MAX_NAME_CHARS).take_while(|c| has_property(*c)).map(char::len_utf8).sum()
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
    fn only_two_braces_on_both_sides_are_the_code() {
        for (text, count) in [
            ("{{email_code}}", 1),
            ("{{{email_code}}}", 0),
            ("{{email_code}}}", 0),
            ("${{email_code}}{{email_code}}", 2),
        ] {
            assert_eq!(email_codes(text).count(), count, "{text}");
            assert_eq!(brace_groups(text).filter(|found| found.is_email_code(text)).count(), count, "{text}");
        }
    }
}
