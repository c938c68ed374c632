//! Building blocks of messages: quoted values, lists, counts, and "did you mean" suggestions.

use std::fmt::Write;

use crate::base::sanitize::{is_unprintable, sanitize_char};
use crate::model::portal::is_id;
use crate::rules::confusables::ascii_lookalike;
use crate::schema::{Violation, ViolationKind, describe_value};
use crate::syntax::Value;
use crate::syntax::look_alikes::look_alike;

/// A value as a code span: at most 40 characters, without anything that could move the cursor of a terminal.
pub(crate) fn quote(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let mut quoted = String::with_capacity(text.len().min(MAX_CHARS) + "`…`".len());
    quoted.push('`');
    for c in text.chars().take(MAX_CHARS) {
        // A backtick would end the code span.
        quoted.push(if c == '`' { '\u{fffd}' } else { sanitize_char(c) });
    }
    if text.chars().nth(MAX_CHARS).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// The command that binds a file to a portal. `file` is already quoted for a shell, and `option` is from [`document_option`]. An ID from
/// the account data is only used if it has the form of an ID, because somebody else may have put a command in its place.
pub(crate) fn bind_command(file: &str, id: Option<&str>, option: &str) -> String {
    let id = id.filter(|id| is_id(id)).unwrap_or("ID");
    format!("portal-lint bind {file} {id}{option}")
}

/// The option that selects the document with this index.
pub(crate) fn document_option(document: Option<usize>) -> String {
    document.map(|index| format!(" --document {}", index + 1)).unwrap_or_default()
}

/// Markup or a shortcode as a code span on one line: at most 48 characters. Invisible characters are shown by their code points,
/// because they may be what is wrong: `{{email_<U+200B>code}}`.
pub(crate) fn quote_markup(text: &str) -> String {
    const MAX_CHARS: usize = 48;
    let mut quoted = String::from("`");
    for c in text.chars().filter(|c| *c != '`').take(MAX_CHARS) {
        match c {
            _ if c.is_whitespace() => quoted.push(' '),
            _ if is_unprintable(c) => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "<U+{:04X}>", u32::from(c));
            }
            _ => quoted.push(c),
        }
    }
    if text.chars().nth(MAX_CHARS).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// "`a`, `b`, and `c`".
pub(crate) fn join_quoted<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = values.into_iter().map(quote).collect();
    join_with_and(&quoted)
}

/// "a, b, or c".
pub(crate) fn join_with_or(phrases: &[String]) -> String {
    join_phrases(phrases, "or")
}

/// "a, b, and c".
pub(crate) fn join_with_and(phrases: &[String]) -> String {
    join_phrases(phrases, "and")
}

fn join_phrases(phrases: &[String], conjunction: &str) -> String {
    match phrases.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, [first])) => format!("{first} {conjunction} {last}"),
        Some((last, others)) => format!("{}, {conjunction} {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A character in a sentence: "a space", "`Ꭺ` (U+13AA)".
pub(crate) fn describe_char(c: char) -> String {
    match c {
        ' ' => "a space".into(),
        '\u{a0}' => "a no-break space".into(),
        '\t' => "a tab".into(),
        '\n' | '\r' => "a line break".into(),
        '`' => "a backtick".into(),
        _ if c.is_ascii_graphic() => quote_char(c),
        // The code point tells `А` (Cyrillic) from `A`.
        _ if c.is_alphanumeric() => format!("{} (U+{:04X})", quote_char(c), u32::from(c)),
        // Anything else may be invisible or change the direction of the line, so only its code point is shown.
        _ => format!("U+{:04X}", u32::from(c)),
    }
}

/// Names the first character of a text that is invisible or looks like another character. The result is appended to a message, for
/// example `: it contains U+200B, which is invisible`. It is empty if the text has no such character.
pub(crate) fn name_look_alike(text: &str) -> String {
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let description = match look_alike(c).or_else(|| ascii_lookalike(c)).or_else(|| ascii_form(c)) {
            Some(sign) => format!("looks like `{sign}`"),
            None if c.is_whitespace() => "looks like a space".to_owned(),
            None if is_unprintable(c) => "is invisible".to_owned(),
            None => continue,
        };
        return format!(": it contains U+{:04X}, which {description}", u32::from(c));
    }
    String::new()
}

/// Like [`name_look_alike`], for the white space around a text.
pub(crate) fn name_surrounding_look_alike(text: &str) -> String {
    name_look_alike(&text.replacen(text.trim(), "", 1))
}

/// The ASCII character of which this one is a full-width or small form. An ideographic full stop counts as a form of the dot.
fn ascii_form(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + u32::from('!')),
        '\u{fe6b}' => Some('@'),
        '\u{3002}' | '\u{fe52}' | '\u{ff61}' => Some('.'),
        _ => None,
    }
}

/// See [`quote`].
pub(crate) fn quote_char(c: char) -> String {
    quote(c.encode_utf8(&mut [0; 4]))
}

/// Same as [`str::trim`], but faster for texts without surrounding white space, which nearly all are.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The letters and digits of a text in lower case, for comparisons that ignore case, white space and punctuation.
pub(crate) fn letters_and_digits(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// "a" or "an", by the first letter.
pub(crate) fn indefinite_article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" }
}

/// "1 character", "2 characters".
pub(crate) fn pluralize(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The candidate that the author of `word` most likely meant, if any is similar enough.
///
/// A candidate is similar enough if it differs by at most one typo per three characters (`traking_domain`), or if it contains all
/// parts of a word with several parts (`card_add` for `credit_card_add`). The one with the fewest typos wins.
pub(crate) fn closest_match<'w>(word: &str, candidates: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let wanted = normalize_field_name(word);
    let max_distance = wanted.chars().count().max(3) / 3;
    // Parts of one or two letters occur in too many names.
    let parts: Vec<&str> = word.split(['_', '-']).filter(|part| part.len() > 2).collect();
    let mut closest: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(&wanted, &normalize_field_name(candidate));
        if distance > max_distance && !(parts.len() > 1 && has_all_parts(candidate, &parts)) {
            continue;
        }
        if closest.is_none_or(|(min_distance, _)| distance < min_distance) {
            closest = Some((distance, candidate));
        }
    }
    closest.map(|(_, candidate)| candidate)
}

/// Makes `trackingDomain` and `tracking-domain` equal to `tracking_domain`.
fn normalize_field_name(name: &str) -> String {
    name.replace(['_', '-', ' '], "").to_lowercase()
}

fn has_all_parts(name: &str, parts: &[&str]) -> bool {
    parts.iter().all(|part| name.split('_').any(|own_part| own_part == *part))
}

/// Describes a violation of the schema: "`enabled` must be `true` or `false`, not a string".
pub(crate) fn describe_violation(violation: &Violation<'_>) -> String {
    let subject = violation_subject(violation);
    match violation.kind {
        ViolationKind::Type(wanted) => {
            let actual = describe_actual(violation, wanted);
            format!("{subject} must be {wanted}, {actual}{}", name_look_alike_in_value(violation))
        }
        ViolationKind::Missing => format!("{subject} is missing"),
        ViolationKind::Length(wanted) => {
            let look_alike = name_look_alike_in_value(violation);
            format!("{subject} must have {wanted} characters, but has {}{look_alike}", text_length(violation))
        }
        ViolationKind::TooShort(least) => {
            format!("{subject} must have at least {least} characters, but has {}", text_length(violation))
        }
        ViolationKind::TooLong(most) => {
            format!("{subject} must have at most {most} characters, but has {}", text_length(violation))
        }
        ViolationKind::Unknown | ViolationKind::Other | ViolationKind::NotOneOf(_) => {
            format!("{subject} has an invalid value")
        }
    }
}

/// See [`name_look_alike`].
fn name_look_alike_in_value(violation: &Violation<'_>) -> String {
    violation.cursor.text().map(name_look_alike).unwrap_or_default()
}

fn text_length(violation: &Violation<'_>) -> usize {
    violation.cursor.text().map_or(0, |text| text.chars().count())
}

/// The value in place of the wanted one, for the end of a message: "not a list".
fn describe_actual(violation: &Violation<'_>, wanted: &str) -> String {
    match violation.cursor.value() {
        // YAML reads `key:` as null; to its author, the value is missing.
        Some(_) if violation.cursor.has_no_value() => "but has no value".into(),
        Some(Value::Number(_)) if wanted == "a whole number" => "not a decimal number".into(),
        Some(value) => format!("not {}", describe_value(value)),
        None => "but it is missing".into(),
    }
}

fn violation_subject(violation: &Violation<'_>) -> String {
    let keys: Vec<&str> = violation.cursor.keys().collect();
    match keys[..] {
        [] => "the portal".into(),
        _ if violation.cursor.is_item() => format!("an entry of {}", quote(violation.cursor.key())),
        [.., key] => quote(key),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::wording::*;

    #[test]
    fn names_with_typos_or_missing_parts_are_matched_and_other_words_are_not() {
        let known = ["credit_card_add", "subscription_renew", "tracking_domain", "name"];
        assert_eq!(closest_match("traking_domain", known), Some("tracking_domain"));
        assert_eq!(closest_match("trackingDomain", known), Some("tracking_domain"));
        assert_eq!(closest_match("card_add", known), Some("credit_card_add"));
        assert_eq!(closest_match("color", known), None);
        assert_eq!(closest_match("nmae", known), Some("name"));
    }

    #[test]
    fn a_quoted_value_is_truncated_and_has_no_control_characters() {
        assert_eq!(quote("a\u{1b}[31mb`"), "`a\u{fffd}[31mb\u{fffd}`");
        assert_eq!(quote("a\u{202e}b\u{200b}"), "`a\u{fffd}b\u{fffd}`");
        assert_eq!(quote(&"x".repeat(50)).chars().count(), 43);
        assert_eq!(quote(""), "`\"\"`");
    }

    #[test]
    fn the_first_character_that_looks_like_another_one_is_named() {
        assert_eq!(name_look_alike("na\u{200b}me"), ": it contains U+200B, which is invisible");
        assert_eq!(name_look_alike("name\u{a0}"), ": it contains U+00A0, which looks like a space");
        assert_eq!(name_look_alike("n\u{430}me"), ": it contains U+0430, which looks like `a`");
        assert_eq!(name_look_alike("\u{ff3b}a\u{ff3d}"), ": it contains U+FF3B, which looks like `[`");
        assert_eq!(name_look_alike("a\u{ff20}b"), ": it contains U+FF20, which looks like `@`");
        assert_eq!(name_look_alike("a\u{fe6b}b"), ": it contains U+FE6B, which looks like `@`");
        for dot in ['\u{3002}', '\u{fe52}', '\u{ff61}', '\u{ff0e}'] {
            let expected = format!(": it contains U+{:04X}, which looks like `.`", u32::from(dot));
            assert_eq!(name_look_alike(&format!("a{dot}b")), expected);
        }
        assert_eq!(name_look_alike("größe"), "");
        assert_eq!(name_surrounding_look_alike("\u{ff20} \u{a0}"), ": it contains U+00A0, which looks like a space");
        assert_eq!(name_surrounding_look_alike("\u{ff20} "), "");
    }

    #[test]
    fn quoted_markup_shows_invisible_characters() {
        assert_eq!(quote_markup("{{email_\u{200b}code}}"), "`{{email_<U+200B>code}}`");
        assert_eq!(quote_markup("a\n`b"), "`a b`");
    }

    #[test]
    fn the_last_two_values_are_joined_with_and() {
        assert_eq!(join_quoted(["a"]), "`a`");
        assert_eq!(join_quoted(["a", "b"]), "`a` and `b`");
        assert_eq!(join_quoted(["a", "b", "c"]), "`a`, `b`, and `c`");
    }
}
