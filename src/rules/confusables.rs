//! Recognizes names that look alike, and the characters that cause it (Unicode Technical Standard 39).
//!
//! [`fold_text`] maps such names to the same text. There are three folds that cannot be combined into one: `I` looks like `l` only
//! if letter case is kept, and a capital letter may look like one of another script although the lower-case letters do not look
//! alike. `rn` is not folded to `m`, although they look alike, because too many ordinary names contain both.

use unicode_security::skeleton;

/// Which differences between two names are ignored. White space is always ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Letter case.
    Case,
    /// Confusable characters: `А` (Cyrillic) is `A`, invisible characters are removed, `I`, `l`, `1` and `|` are equal, and so
    /// are `O` and `0`.
    Confusables,
    /// Both. ASCII confusables such as `I` and `l` stay different: nobody mistakes `i` for `L`.
    Both,
}

impl Fold {
    pub(crate) const ALL: [Self; 3] = [Self::Case, Self::Confusables, Self::Both];
}

/// Folds a text.
pub(crate) fn fold_text(text: &str, mode: Fold) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut prototype = String::new();
    let (mut previous, mut follows_space) = (' ', false);
    for c in text.chars() {
        if c.is_whitespace() {
            follows_space = true;
            continue;
        }
        // White space between two digits separates numbers: `1 12` is not `11 2`.
        if follows_space && previous.is_numeric() && c.is_numeric() {
            folded.push(' ');
        }
        (previous, follows_space) = (c, false);
        if c.is_ascii() {
            folded.push(if mode == Fold::Confusables { fold_ascii(c) } else { c.to_ascii_lowercase() });
        } else if mode == Fold::Case {
            folded.extend(c.to_lowercase());
        } else {
            set_prototype(&mut prototype, c);
            match mode {
                Fold::Confusables => folded.extend(prototype.chars().map(fold_ascii)),
                Fold::Case | Fold::Both => folded.extend(prototype.chars().flat_map(char::to_lowercase)),
            }
        }
    }
    folded
}

fn fold_char(c: char, mode: Fold) -> String {
    fold_text(c.encode_utf8(&mut [0; 4]), mode)
}

/// Whether two characters look alike.
pub(crate) fn are_confusable(a: char, b: char) -> bool {
    fold_char(a, Fold::Confusables) == fold_char(b, Fold::Confusables)
        || fold_char(a, Fold::Both) == fold_char(b, Fold::Both)
}

/// Whether names that differ only in this character look the same, because its skeleton (UTS 39) is empty.
pub(crate) fn has_empty_skeleton(c: char) -> bool {
    skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

/// The ASCII letter or digit that a non-ASCII character looks like.
pub(crate) fn ascii_lookalike(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let mut prototype = String::new();
    set_prototype(&mut prototype, c);
    let mut prototype = prototype.chars();
    let lookalike = prototype.next().filter(char::is_ascii_alphanumeric)?;
    if prototype.next().is_some() {
        return None;
    }
    // UTS 39 has letters as the prototypes of the digits 0 and 1; for a digit, return a digit.
    Some(match lookalike {
        'O' if c.is_numeric() => '0',
        'l' if c.is_numeric() => '1',
        _ => lookalike,
    })
}

/// Sets `prototype` to the text that a character looks like (UTS 39, section 4), with two exceptions.
fn set_prototype(prototype: &mut String, c: char) {
    prototype.clear();
    prototype.extend(skeleton(c.encode_utf8(&mut [0; 4])));
    let replacement = match prototype.as_str() {
        // UTS 39 maps `m` to `rn`; see the module documentation.
        "rn" => "m",
        // UTS 39 maps all letters that look like `I` to `l`. Keep the capital, so that folding its case gives `i`.
        "l" if c.is_uppercase() => "I",
        _ => return,
    };
    prototype.replace_range(.., replacement);
}

/// Maps ASCII characters that look alike to one letter.
fn fold_ascii(c: char) -> char {
    match c {
        'I' | '1' | '|' => 'l',
        '0' => 'O',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::confusables::*;

    fn are_similar(a: &str, b: &str) -> bool {
        Fold::ALL.into_iter().any(|mode| fold_text(a, mode) == fold_text(b, mode))
    }

    #[test]
    fn names_that_differ_in_case_spacing_or_confusable_characters_are_similar() {
        for (a, b) in [
            ("Acme Portal", "acme  portal"),
            ("Acme Portal", "AcmePortal\u{a0}"),
            ("Acme Portal", "\u{410}cme Portal"),
            ("ACME HELP", "\u{410}\u{421}\u{41c}\u{415} \u{41d}elp"),
            ("Acme Portal", "Acme PortaI"),
            ("Store O", "Store 0"),
            ("Phase 1", "Phase I"),
            ("Acme", "\u{ff21}\u{ff43}\u{ff4d}\u{ff45}"),
            ("Acme", "Ac\u{200b}me"),
            ("Z\u{fc}rich", "Zu\u{308}rich"),
            ("\u{41d}\u{41e}\u{412}\u{42b}\u{419}", "\u{43d}\u{43e}\u{432}\u{44b}\u{439}"),
        ] {
            assert!(are_similar(a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_that_differ_in_a_letter_or_a_digit_are_not_similar() {
        for (a, b) in [
            ("Brand A", "Brand B"),
            ("Size L", "Size 1"),
            ("Modern Portal", "Modem Portal"),
            ("Store 1", "Store 2"),
            ("Z\u{fc}rich", "Zurich"),
            ("Acme-Portal", "Acme Portal"),
            ("Phase I", "Phase II"),
            ("Region 1 12", "Region 11 2"),
        ] {
            assert!(!are_similar(a, b), "{a} {b}");
        }
    }

    #[test]
    fn the_ascii_lookalike_of_a_letter_or_digit_is_known() {
        assert_eq!(ascii_lookalike('\u{41e}'), Some('O'));
        assert_eq!(ascii_lookalike('\u{406}'), Some('I'));
        assert_eq!(ascii_lookalike('\u{ff10}'), Some('0'));
        assert_eq!(ascii_lookalike('\u{fc}'), None);
        assert_eq!(ascii_lookalike('-'), None);
        assert!(are_confusable('\u{435}', 'e') && are_confusable('0', 'O') && !are_confusable('a', 'b'));
    }
}
