//! Words that several rules need: values in a sentence, lists, and "did you mean".

use crate::base::sanitize::sanitize_char;
use crate::schema::{Violation, ViolationKind, describe_value};
use crate::syntax::Value;

/// A value in a sentence: in code quotes, cut to a readable length, nothing that could move a cursor.
pub(crate) fn quote(text: &str) -> String {
    const ENOUGH: usize = 40;
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let mut shown: String =
        text.chars().take(ENOUGH).map(|c| if c == '`' { '\u{fffd}' } else { sanitize_char(c) }).collect();
    if text.chars().nth(ENOUGH).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// "`a`, `b` and `c`".
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    and(&words.into_iter().map(quote).collect::<Vec<_>>())
}

/// "a, b and c".
pub(crate) fn and(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A character that is out of place: "a space", "`Ꭺ` (U+13AA)".
pub(crate) fn character(c: char) -> String {
    match c {
        ' ' => "a space".into(),
        '\u{a0}' => "a no-break space".into(),
        '\t' => "a tab".into(),
        '\n' | '\r' => "a line break".into(),
        '`' => "a backtick".into(),
        _ if c.is_ascii_graphic() => quote(c.encode_utf8(&mut [0; 4])),
        _ if c.is_alphanumeric() => format!("{} (U+{:04X})", quote(c.encode_utf8(&mut [0; 4])), u32::from(c)),
        _ => format!("U+{:04X}", u32::from(c)),
    }
}

/// See [`quote`].
pub(crate) fn quote_char(c: char) -> String {
    quote(c.encode_utf8(&mut [0; 4]))
}

/// A text without the white space around it. Nearly no text has any, and that shows at once.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The letters and digits of a text in lower case: what it says when case, spaces and punctuation do not count.
pub(crate) fn bare(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// "a" or "an", by the first letter.
pub(crate) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" }
}

/// "1 character", "2 characters".
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The known word that was probably meant: a few slips away, or made of the same parts (`card_add`).
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let plain = |text: &str| text.replace(['_', '-', ' '], "").to_lowercase();
    let wanted = plain(word);
    let far_enough = |distance: usize| distance * 3 <= wanted.chars().count().max(3);
    let parts: Vec<&str> = word.split(['_', '-']).filter(|part| part.len() > 2).collect();
    known
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &plain(candidate));
            let made_of_it = parts.len() > 1 && parts.iter().all(|part| candidate.split('_').any(|own| own == *part));
            (far_enough(distance) || made_of_it).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "`enabled` must be `true` or `false`, but is text", for a violation of the type.
pub(crate) fn wrong_type(violation: &Violation<'_>) -> String {
    let subject = subject(violation);
    match violation.kind {
        ViolationKind::Type(wanted) => format!("{subject} must be {wanted}, but {}", found(violation, wanted)),
        ViolationKind::Missing => format!("{subject} is missing"),
        ViolationKind::Length(wanted) => format!("{subject} has {}, not {wanted}", characters(violation)),
        ViolationKind::TooShort(least) => format!("{subject} has {}, fewer than {least}", characters(violation)),
        ViolationKind::TooLong(most) => format!("{subject} has {}, more than {most}", characters(violation)),
        ViolationKind::Unknown | ViolationKind::Other | ViolationKind::NotOneOf(_) => {
            format!("{subject} has a value that is not allowed here")
        }
    }
}

fn characters(violation: &Violation<'_>) -> String {
    count(violation.cursor.text().map_or(0, |text| text.chars().count()), "character")
}

/// What is there instead: "is a list"; of a YAML key with nothing behind it, "has no value".
fn found(violation: &Violation<'_>, wanted: &str) -> String {
    match violation.cursor.value() {
        Some(Value::Null) if violation.cursor.span().range().is_empty() => "has no value".into(),
        Some(Value::Number(_)) if wanted == "a whole number" => "is a number with a fraction".into(),
        Some(value) => format!("is {}", describe_value(value)),
        None => "is missing".into(),
    }
}

fn subject(violation: &Violation<'_>) -> String {
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
    fn typos_and_reordered_parts_are_similar_and_other_words_are_not() {
        let known = ["credit_card_add", "subscription_renew", "tracking_domain", "name"];
        assert_eq!(nearest("traking_domain", known), Some("tracking_domain"));
        assert_eq!(nearest("trackingDomain", known), Some("tracking_domain"));
        assert_eq!(nearest("card_add", known), Some("credit_card_add"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("nmae", known), Some("name"));
    }

    #[test]
    fn a_value_in_a_sentence_is_short_and_moves_no_cursor() {
        assert_eq!(quote("a\u{1b}[31mb`"), "`a\u{fffd}[31mb\u{fffd}`");
        assert_eq!(quote("a\u{202e}b\u{200b}"), "`a\u{fffd}b\u{fffd}`");
        assert_eq!(quote(&"x".repeat(50)).chars().count(), 43);
        assert_eq!(quote(""), "`\"\"`");
    }

    #[test]
    fn lists_read_as_people_write_them() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
