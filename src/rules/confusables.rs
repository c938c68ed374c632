//! Names that a person takes for one another, and the characters that make them so (Unicode Technical Standard 39).
//!
//! [`fold`] makes such names equal, in three ways that cannot be one: `I` looks like `l` only while its case is kept,
//! and a capital may look like another letter's though its small form does not. `rn` is not taken for `m`: both are in
//! too many names.

use unicode_security::skeleton;

/// What does not count, beside white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Letter case.
    Case,
    /// How characters look: `А` is `A`, invisible ones are nothing, `I`, `l`, `1` and `|` are one, as are `O` and `0`.
    Looks,
    /// Both, but for ASCII, whose look-alikes are none in another case.
    Both,
}

impl Fold {
    /// Each.
    pub(crate) const ALL: [Self; 3] = [Self::Case, Self::Looks, Self::Both];
}

/// One letter for all ASCII characters that some fold makes one, and none for white space: what any fold makes equal is
/// equal in these.
pub(crate) fn coarse(c: u8) -> Option<u8> {
    const LETTERS: [u8; 128] = {
        let mut letters = [0; 128];
        let mut c: u8 = 0;
        while c < 128 {
            letters[c as usize] = match c.to_ascii_lowercase() {
                b' ' | b'\t'..=b'\r' => 0,
                b'i' | b'1' | b'|' => b'l',
                b'0' => b'o',
                letter => letter,
            };
            c += 1;
        }
        letters
    };
    LETTERS.get(usize::from(c)).copied().filter(|letter| *letter != 0)
}

/// The folded text, character by character. A gap between two numbers stays: `1 12` is not `11 2`.
pub(crate) fn fold(text: &str, how: Fold, mut take: impl FnMut(char)) {
    let mut looks = String::new();
    let (mut last, mut gap) = (' ', false);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && last.is_numeric() && c.is_numeric() {
            take(' ');
        }
        last = c;
        if c.is_ascii() {
            take(if how == Fold::Looks { stroke(c) } else { c.to_ascii_lowercase() });
        } else if how == Fold::Case {
            c.to_lowercase().for_each(&mut take);
        } else {
            prototype(c, &mut looks);
            match how {
                Fold::Looks => looks.chars().map(stroke).for_each(&mut take),
                Fold::Case | Fold::Both => looks.chars().flat_map(char::to_lowercase).for_each(&mut take),
            }
        }
    }
}

/// Whether two characters look alike.
pub(crate) fn is_alike(a: char, b: char) -> bool {
    [Fold::Looks, Fold::Both].into_iter().any(|how| {
        let [a, b] = [a, b].map(|c| {
            let mut folded = String::new();
            fold(c.encode_utf8(&mut [0; 4]), how, |c| folded.push(c));
            folded
        });
        a == b
    })
}

/// Whether a character has no looks at all.
pub(crate) fn is_unseen(c: char) -> bool {
    !c.is_whitespace() && skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

/// The ASCII letter or digit that another character looks like.
pub(crate) fn ascii_twin(c: char) -> Option<char> {
    let mut looks = String::new();
    prototype(c, &mut looks);
    let mut looks = looks.chars();
    let twin = looks.next().filter(|twin| !c.is_ascii() && twin.is_ascii_alphanumeric() && looks.next().is_none())?;
    // To the standard a digit looks like a letter.
    Some(match twin {
        'O' if c.is_numeric() => '0',
        'l' if c.is_numeric() => '1',
        _ => twin,
    })
}

/// What a character looks like, in place of what was in `looks`.
fn prototype(c: char, looks: &mut String) {
    looks.clear();
    looks.extend(skeleton(c.encode_utf8(&mut [0; 4])));
    let kept = match looks.as_str() {
        "rn" => "m",
        // To the standard every capital I is an l.
        "l" if c.is_uppercase() => "I",
        _ => return,
    };
    looks.replace_range(.., kept);
}

/// One letter for all that are drawn with its strokes.
fn stroke(c: char) -> char {
    match c {
        'I' | '1' | '|' => 'l',
        '0' => 'O',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::confusables::*;

    fn is_near(a: &str, b: &str) -> bool {
        [Fold::Case, Fold::Looks, Fold::Both].into_iter().any(|how| {
            let [a, b] = [a, b].map(|text| {
                let mut folded = String::new();
                fold(text, how, |c| folded.push(c));
                folded
            });
            a == b
        })
    }

    #[test]
    fn names_that_differ_in_case_spacing_or_looks_are_near() {
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
            assert!(is_near(a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_that_differ_in_a_letter_or_a_digit_are_not() {
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
            assert!(!is_near(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_letter_that_looks_like_an_ascii_one_has_its_twin() {
        assert_eq!(ascii_twin('\u{41e}'), Some('O'));
        assert_eq!(ascii_twin('\u{406}'), Some('I'));
        assert_eq!(ascii_twin('\u{ff10}'), Some('0'));
        assert_eq!(ascii_twin('\u{fc}'), None);
        assert_eq!(ascii_twin('-'), None);
        assert!(is_alike('\u{435}', 'e') && is_alike('0', 'O') && !is_alike('a', 'b'));
    }
}
