//! Finds text that was probably meant to be `{{email_code}}`, but has other braces, another spelling or another name.
//!
//! Only visible text counts. The words "email code" in a sentence and shortcodes such as `{{first_name}}` are not near misses.

mod similarity;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::ops::Range;

use crate::base::steps::count_steps;
use crate::html::mapped_text::MappedText;
use crate::html::near_miss::similarity::{MAX_NAME_CHARS, Similarity};
use crate::html::shortcodes::{Shortcode, brace_groups};

/// How a near miss differs from `{{email_code}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NearMissKind {
    /// `{{ email_code }}`.
    Spaces,
    /// `{{{email_code}}}`.
    ExtraBraces,
    /// `{{Email_Code}}`.
    LetterCase,
    /// `{{emailCode}}`, `{{email-code}}`, `{{emailcode}}`.
    Spelling,
    /// `{{emial_code}}`.
    Typo,
    /// `{{code}}`, `{{confirmation_code}}`.
    OtherName,
    /// `{email_code}`, `[[email_code]]`, `%email_code%`, `<%= email_code %>`, `${email_code}`.
    OtherBrackets,
    /// `{{email_code}`, `{email_code}}`, `{{email_code`.
    UnevenBraces,
    /// `&#123;&#123;email_code&#125;&#125;`: a reader sees braces, but the template engine does not.
    Entities,
    /// `{{email_<b>code</b>}}`.
    SplitByTag,
    /// There is a zero-width character in the shortcode.
    InvisibleCharacter,
    /// `{{email_code | upcase}}`, `{{&email_code}}`, `{{email_code.}}`: there are other characters next to the name.
    OtherCharacters,
    /// `{{#email_code}}`, `{{^email_code}}`: the start of a block.
    BlockStart,
    /// `{{{{email_code}}}}`: more than three braces on each side.
    ManyBraces,
}

impl NearMissKind {
    /// Whether every template engine reads it as `{{email_code}}`, so that the correction is safe. Some engines ignore spaces and
    /// letter case, and print a value without HTML escapes between three braces.
    pub(crate) fn same_meaning(self) -> bool {
        matches!(self, Self::Spaces | Self::ExtraBraces | Self::LetterCase)
    }

    /// Whether it can be replaced. The start of a block cannot, because the end of the block would remain.
    pub(crate) fn is_replaceable(self) -> bool {
        self != Self::BlockStart
    }
}

/// Something that was probably meant to be `{{email_code}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearMiss {
    /// The bytes in the HTML, including the braces.
    pub range: Range<usize>,
    /// The difference.
    pub kind: NearMissKind,
}

/// The near misses in the visible text of `html`, in order. Of two that overlap, only the first is returned.
pub(crate) fn near_misses(html: &str, visible: &MappedText) -> Vec<NearMiss> {
    let mut candidates: Vec<NearMiss> =
        brace_groups(&visible.text).filter_map(|group| near_miss_in_braces(visible, html, &group)).collect();
    candidates.extend(near_misses_in_other_brackets(visible, html));
    candidates.sort_by_key(|near_miss| (near_miss.range.start, Reverse(near_miss.range.end)));
    let mut near_misses: Vec<NearMiss> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        if near_misses.last().is_none_or(|previous| candidate.range.start >= previous.range.end) {
            near_misses.push(candidate);
        }
    }
    near_misses
}

/// Whether the name in a shortcode was probably meant to be `email_code`.
pub(crate) fn is_similar_to_email_code(name: &str) -> bool {
    Similarity::of(name).is_some()
}

/// Whether a text may have near misses in other brackets than braces, or braces that are written as character references. This is fast
/// and rules out nearly every HTML text.
pub(crate) fn may_have_other_brackets(html: &str) -> bool {
    let bytes = html.as_bytes();
    let is_bracket = |index: usize| may_be_bracket(bytes, index);
    memchr::memchr3_iter(b'[', b'%', b'|', bytes).any(is_bracket)
        || memchr::memchr2_iter(b'<', b'&', bytes).any(is_bracket)
}

fn may_be_bracket(bytes: &[u8], index: usize) -> bool {
    let (before, after) = (&bytes[..index], &bytes[index + 1..]);
    let next = after.first().copied().unwrap_or(b' ');
    match bytes[index] {
        b'[' => true,
        b'|' => before.ends_with(b"*"),
        b'%' => next.is_ascii_alphabetic() || !next.is_ascii() || next == b'%' || before.ends_with(b"<"),
        // `&#123;`, `&lbrace;`, `&lsqb;`, `&lt;`, `&percnt;`
        b'&' => matches!(next, b'#' | b'l' | b'p'),
        // `<email_code>`, but not `<em>`
        b'<' => after.get(..2).is_some_and(|name| name.eq_ignore_ascii_case(b"em")) && after.get(2) != Some(&b'>'),
        _ => false,
    }
}

fn near_miss_in_braces(visible: &MappedText, html: &str, group: &Shortcode) -> Option<NearMiss> {
    let text = &visible.text;
    let similarity = Similarity::of(&text[group.inner.clone()])?;
    let (opening, closing) = (group.opening(), group.closing());
    // A single brace next to a word is no evidence. Another name is evidence only between braces.
    if opening.min(closing) == 0 && (opening.max(closing) < 2 || similarity == Similarity::OtherName) {
        return None;
    }
    let mut start = group.range.start;
    if (opening, closing) == (1, 1) && text[..start].ends_with(['$', '#', '@']) {
        start -= 1;
    }
    let visible_range = start..group.range.end;
    let range = visible.source_range(visible_range.clone());
    let source = html.get(range.clone())?;
    let kind = if source == &text[visible_range] {
        kind_in_braces(similarity, group, text)?
    } else {
        difference_of_source(source)
    };
    Some(NearMiss { range, kind })
}

/// The kind of a near miss that is written as a reader sees it. `None` for `{{email_code}}` itself.
fn kind_in_braces(similarity: Similarity, group: &Shortcode, text: &str) -> Option<NearMissKind> {
    let (opening, closing) = (group.opening(), group.closing());
    Some(match similarity {
        Similarity::OtherName => NearMissKind::OtherName,
        Similarity::Typo => NearMissKind::Typo,
        Similarity::Spelling => NearMissKind::Spelling,
        _ if (opening, closing) == (1, 1) => NearMissKind::OtherBrackets,
        Similarity::OtherCharacters => NearMissKind::OtherCharacters,
        Similarity::BlockStart => NearMissKind::BlockStart,
        _ if opening != closing => NearMissKind::UnevenBraces,
        Similarity::LetterCase => NearMissKind::LetterCase,
        Similarity::Same => match opening {
            2 if group.is_email_code(text) => return None,
            2 => NearMissKind::Spaces,
            3 => NearMissKind::ExtraBraces,
            _ => NearMissKind::ManyBraces,
        },
    })
}

/// How the source of a shortcode differs from the text that a reader sees.
fn difference_of_source(source: &str) -> NearMissKind {
    if source.contains('<') {
        NearMissKind::SplitByTag
    } else if source.contains('&') {
        NearMissKind::Entities
    } else {
        NearMissKind::InvisibleCharacter
    }
}

/// Brackets that other systems use for variables.
struct Brackets {
    open: &'static str,
    close: &'static str,
    /// Whether texts for people hardly ever contain these brackets. Then any name of a code counts between them, also with spaces.
    only_in_templates: bool,
}

const fn brackets(open: &'static str, close: &'static str, only_in_templates: bool) -> Brackets {
    Brackets { open, close, only_in_templates }
}

/// Of brackets with the same start, the longest are first.
const OTHER_BRACKETS: [Brackets; 9] = [
    brackets("[[", "]]", true),
    brackets("[", "]", false),
    brackets("%%", "%%", true),
    brackets("%", "%", false),
    brackets("<%=", "%>", true),
    brackets("<%-", "%>", true),
    brackets("<%", "%>", true),
    brackets("<", ">", false),
    brackets("*|", "|*", true),
];

fn near_misses_in_other_brackets(visible: &MappedText, html: &str) -> Vec<NearMiss> {
    let text = visible.text.as_str();
    let mut near_misses = Vec::new();
    let mut position = 0;
    while let Some(offset) = text[position..].find(['[', '%', '<', '*']) {
        count_steps(offset + 1);
        let start = position + offset;
        position = start + 1;
        let Some(length) = OTHER_BRACKETS.iter().find_map(|brackets| brackets.near_miss_length(&text[start..])) else {
            continue;
        };
        position = start + length;
        let range = visible.source_range(start..position);
        if html.get(range.clone()).is_some() {
            near_misses.push(NearMiss { range, kind: NearMissKind::OtherBrackets });
        }
    }
    near_misses
}

impl Brackets {
    /// The number of bytes of the brackets and the name at the start of a text, if the name was probably meant to be `email_code`.
    fn near_miss_length(&self, text: &str) -> Option<usize> {
        let rest = text.strip_prefix(self.open)?;
        if !rest.starts_with(|c: char| c.is_alphanumeric() || c.is_whitespace() || c == '$') {
            return None;
        }
        let searched = rest.char_indices().nth(MAX_NAME_CHARS).map_or(rest, |(end, _)| &rest[..end]);
        count_steps(searched.len());
        let name = &searched[..searched.find(self.close)?];
        let similarity = Similarity::of(name)?;
        let is_specific = !name.contains(char::is_whitespace) && similarity != Similarity::OtherName;
        (self.only_in_templates || is_specific).then_some(self.open.len() + name.len() + self.close.len())
    }
}
