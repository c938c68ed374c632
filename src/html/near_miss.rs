//! What people write when they mean `{{email_code}}`: other braces, other spelling, another name.
//!
//! Only text that a reader sees is looked at, and only shapes that could be meant as a shortcode: the words "email
//! code" in a sentence are none, nor is `{{first_name}}`.

use std::ops::Range;

use super::shortcodes::{self, Shortcode};
use crate::base::steps::count_steps;
use crate::html::mapped_text::MappedText;

/// In which way it is not `{{email_code}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NearKind {
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
    /// `&#123;&#123;email_code&#125;&#125;`: a reader sees braces, the template engine none.
    Entities,
    /// `{{email_<b>code</b>}}`.
    SplitByTag,
    /// A zero-width character inside.
    InvisibleCharacter,
    /// `{{email_code | upcase}}`, `{{&email_code}}`, `{{email_code.}}`: more than the name stands between the braces.
    Signs,
    /// `{{#email_code}}`, `{{^email_code}}`: the start of a block, whose end is elsewhere.
    Block,
    /// `{{{{email_code}}}}`: more than three braces on each side.
    ManyBraces,
}

impl NearKind {
    /// Whether `{{email_code}}` means the same to any template engine, so that the correction is safe: nothing but spaces, a
    /// third brace on each side and letter case is different.
    pub(crate) fn same_meaning(self) -> bool {
        matches!(self, Self::Spaces | Self::ExtraBraces | Self::LetterCase)
    }

    /// Whether `{{email_code}}` in its place leaves nothing broken behind, as the end of a block.
    pub(crate) fn is_whole(self) -> bool {
        self != Self::Block
    }
}

/// Something that was probably meant to be `{{email_code}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearMiss {
    /// Bytes of the html, braces included.
    pub range: Range<usize>,
    /// What is different.
    pub kind: NearKind,
}

/// The near misses in the visible text of `html`, in order.
pub(crate) fn near_misses(html: &str, visible: &MappedText) -> Vec<NearMiss> {
    let mut found: Vec<_> = shortcodes::braces(&visible.text)
        .filter_map(|code| in_braces(visible, html, &code))
        .chain(in_other_brackets(visible, html))
        .collect();
    found.sort_by_key(|near| (near.range.start, std::cmp::Reverse(near.range.end)));
    let mut end = 0;
    found.retain(|near| {
        let apart = near.range.start >= end;
        end = end.max(near.range.end);
        apart
    });
    found
}

/// Whether the name between braces was probably meant to be `email_code`.
pub(crate) fn is_like_the_code(inner: &str) -> bool {
    Likeness::of(inner).is_some()
}

/// A quick "no" for nearly every html: no bracket of another system with something like a name in it, and no entity
/// that may stand for one or for a brace.
pub(crate) fn may_be_in_other_brackets(html: &str) -> bool {
    let bytes = html.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let of_name = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0x80;
    let bracket = |index: usize| match bytes[index] {
        b'[' => true,
        b'|' => at(index.wrapping_sub(1)) == b'*',
        _ => of_name(at(index + 1)) || at(index + 1) == b'%' || at(index.wrapping_sub(1)) == b'<',
    };
    let angle = |index: usize| match bytes[index] {
        b'&' => matches!(at(index + 1), b'#' | b'l' | b'p'),
        _ => {
            at(index + 1).eq_ignore_ascii_case(&b'e')
                && at(index + 2).eq_ignore_ascii_case(&b'm')
                && at(index + 3) != b'>'
        }
    };
    memchr::memchr3_iter(b'[', b'%', b'|', bytes).any(bracket) || memchr::memchr2_iter(b'<', b'&', bytes).any(angle)
}

fn in_braces(visible: &MappedText, html: &str, code: &Shortcode) -> Option<NearMiss> {
    let text = &visible.text;
    let likeness = Likeness::of(&text[code.inner.clone()])?;
    let (opening, closing) = (code.opening(), code.closing());
    // A lone brace tells nothing, and a name that fits any code needs both sides.
    if opening.min(closing) == 0 && (opening.max(closing) < 2 || likeness == Likeness::OtherName) {
        return None;
    }
    let mut start = code.range.start;
    if (opening, closing) == (1, 1) && text[..start].ends_with(['$', '#', '@']) {
        start -= 1;
    }
    let range = visible.source_range(start..code.range.end);
    let written = html.get(range.clone())?;
    let kind = match likeness {
        _ if written != &text[start..code.range.end] => how_disguised(written),
        Likeness::OtherName => NearKind::OtherName,
        Likeness::Typo => NearKind::Typo,
        Likeness::Spelling => NearKind::Spelling,
        Likeness::Signs | Likeness::Block if (opening, closing) == (1, 1) => NearKind::OtherBrackets,
        Likeness::Signs => NearKind::Signs,
        Likeness::Block => NearKind::Block,
        Likeness::LetterCase | Likeness::Same => match (opening, closing) {
            (1, 1) => NearKind::OtherBrackets,
            (opening, closing) if opening != closing => NearKind::UnevenBraces,
            _ if likeness == Likeness::LetterCase => NearKind::LetterCase,
            (2, 2) if code.is_email_code(text) => return None,
            (2, 2) => NearKind::Spaces,
            (3, 3) => NearKind::ExtraBraces,
            _ => NearKind::ManyBraces,
        },
    };
    Some(NearMiss { range, kind })
}

/// Text that reads like a shortcode, but whose bytes do not.
fn how_disguised(written: &str) -> NearKind {
    if written.contains('<') {
        NearKind::SplitByTag
    } else if written.contains('&') {
        NearKind::Entities
    } else {
        NearKind::InvisibleCharacter
    }
}

/// Other systems' brackets, the longer before the shorter; whether the name alone is telling enough that any name for
/// a code and blanks will do.
const BRACKETS: [(&str, &str, bool); 9] = [
    ("[[", "]]", true),
    ("[", "]", false),
    ("%%", "%%", true),
    ("%", "%", false),
    ("<%=", "%>", true),
    ("<%-", "%>", true),
    ("<%", "%>", true),
    ("<", ">", false),
    ("*|", "|*", true),
];

fn in_other_brackets(visible: &MappedText, html: &str) -> impl Iterator<Item = NearMiss> {
    let text = visible.text.as_str();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find(['[', '%', '<', '*'])?;
            count_steps(start + 1 - from);
            from = start + 1;
            let Some(end) = bracketed(&text[start..]).map(|length| start + length) else { continue };
            from = end;
            let range = visible.source_range(start..end);
            if html.get(range.clone()).is_some() {
                return Some(NearMiss { range, kind: NearKind::OtherBrackets });
            }
        }
    })
}

/// The length of the brackets a text starts with, if they hold a name like `email_code`.
fn bracketed(text: &str) -> Option<usize> {
    BRACKETS.iter().find_map(|(open, close, telling)| {
        let rest = text.strip_prefix(open)?;
        if !rest.starts_with(|c: char| c.is_alphanumeric() || c.is_whitespace() || c == '$') {
            return None;
        }
        let reach = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at);
        count_steps(reach);
        let inner = &rest[..rest[..reach].find(close)?];
        let likeness = Likeness::of(inner)?;
        let plain = !inner.contains(char::is_whitespace) && likeness != Likeness::OtherName;
        (*telling || plain).then_some(open.len() + inner.len() + close.len())
    })
}

/// Longer than any name for a code, blanks included.
const LONGEST: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    LetterCase,
    Signs,
    Block,
    Spelling,
    Typo,
    OtherName,
}

impl Likeness {
    /// How a name, as it stands between brackets, is like `email_code`.
    fn of(inner: &str) -> Option<Self> {
        let name = inner.trim().trim_start_matches(['&', '$', '#', '@', '%', '=', '^', '~', '.']);
        let name = name.split('|').next().unwrap_or(name).trim_matches(['%', '.']).trim();
        if name.len() > LONGEST || name.is_empty() {
            return None;
        }
        if name.eq_ignore_ascii_case("email_code") {
            // Other template languages read signs around the name as blocks, filters and the like.
            return Some(match inner.trim() {
                "email_code" => Self::Same,
                whole if whole == name => Self::LetterCase,
                whole if whole.starts_with(['#', '^']) => Self::Block,
                _ => Self::Signs,
            });
        }
        let words = words(name);
        if words.concat() == "emailcode" {
            return Some(Self::Spelling);
        }
        if is_typo(&words) {
            return Some(Self::Typo);
        }
        is_some_code(&words).then_some(Self::OtherName)
    }
}

/// The words of `confirm_code`, `confirm-code`, `confirmCode` and `user.confirm code` in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        let apart = !c.is_alphanumeric();
        if apart || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| !apart) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// At most one slip in a word: a letter too many, too few, wrong, or two swapped.
fn is_typo(words: &[String]) -> bool {
    let slip = |a: &str, b: &str| strsim::osa_distance(a, b) <= 1;
    match words {
        [first, second] => slip(first, "email") && slip(second, "code"),
        _ => slip(&words.concat(), "emailcode"),
    }
}

/// Words that in such an email name nothing but the code.
fn is_some_code(words: &[String]) -> bool {
    const NOUNS: [&str; 5] = ["code", "token", "otp", "pin", "passcode"];
    const ABOUT: [&str; 28] = [
        "2fa",
        "access",
        "account",
        "activation",
        "auth",
        "authentication",
        "confirm",
        "confirmation",
        "customer",
        "email",
        "emails",
        "login",
        "mail",
        "my",
        "one",
        "password",
        "portal",
        "recovery",
        "register",
        "registration",
        "reset",
        "security",
        "the",
        "time",
        "user",
        "validation",
        "verification",
        "verify",
    ];
    words.iter().any(|word| NOUNS.contains(&word.as_str()))
        && words.iter().all(|word| NOUNS.contains(&word.as_str()) || ABOUT.contains(&word.as_str()))
}

#[cfg(test)]
mod tests;
