//! Inserts stray text and texts with quotes and line breaks into a portal. Each is one error, and the rest of the portal stays as it is.

use super::{parse_strict, problems, to_json, tree};
use crate::syntax::Problem;

const PORTAL: &str = include_str!("../../../../fixtures/clean/create.json");

const STRAY: [&str; 29] = [
    ";",
    "x",
    "${ENABLED}",
    "...base",
    "=",
    "<p class=\"a\">Hi</p>",
    "\u{a0}",
    "\u{200b}",
    "\u{ff1a}",
    "\u{ff0c}",
    "@",
    "\\",
    "->",
    "+",
    "undefined",
    "{{ enabled }}",
    "%",
    "()",
    "(",
    ")",
    "\u{ff3b}",
    "\u{ff5d}",
    "<",
    ">",
    "'",
    "`",
    "\u{201c}",
    "\u{201c}x\u{201d}",
    "'x'",
];

/// The offsets after each token of valid JSON.
fn token_ends(text: &str) -> Vec<usize> {
    let (mut ends, mut in_string, mut previous) = (Vec::new(), false, ' ');
    for (offset, character) in text.char_indices() {
        if character == '"' && previous != '\\' {
            in_string = !in_string;
        }
        let is_sign = !in_string && "{}[]:,\"".contains(character);
        let ends_word = !in_string && previous.is_alphanumeric() && !character.is_alphanumeric() && character != '"';
        if ends_word {
            ends.push(offset);
        }
        if is_sign {
            ends.push(offset + 1);
        }
        previous = character;
    }
    ends
}

/// Whether all objects of `tree` have only keys that `expected` has at the same place, except a key that contains the stray text.
fn has_only_keys_of(tree: &serde_json::Value, expected: &serde_json::Value, stray: &str) -> bool {
    let Some(entries) = tree.as_object() else { return true };
    entries.iter().all(|(key, value)| match expected.get(key) {
        Some(expected) => has_only_keys_of(value, expected, stray),
        None => stray.contains(key.as_str()),
    })
}

#[test]
fn stray_text_after_any_token_is_one_error_and_no_key_moves() {
    let expected: serde_json::Value = serde_json::from_str(PORTAL).expect("the fixture is valid");
    let ends = token_ends(PORTAL);
    assert!(ends.len() > 100, "{}", ends.len());
    for stray in STRAY {
        for &end in &ends {
            for inserted in [stray.to_owned(), format!(" {stray} ")] {
                let text = format!("{}{inserted}{}", &PORTAL[..end], &PORTAL[end..]);
                let parsed = parse_strict(&text);
                assert_eq!(parsed.errors.len(), 1, "{stray:?} at {end}: {:?}", parsed.errors);
                let Some(document) = parsed.documents.first() else { continue };
                let tree = document.root().map(|root| to_json(document, root)).unwrap_or_default();
                assert!(has_only_keys_of(&tree, &expected, stray), "{stray:?} at {end}: {tree}");
            }
        }
    }
}

#[test]
fn a_text_with_quotes_before_its_first_line_break_is_one_error() {
    for value in
        ["say \"hi\",\n and \"bye\"\nAcme", "a \"b\"\n c: \"d\", \nAcme", "<p class=\"a\">\n<b id=\"c\">,\n</p>"]
    {
        let text = format!("{{\n  \"a\": \"{value}\",\n  \"b\": 2\n}}");
        assert_eq!(problems(&text), [(Problem::TextAfterQuote('"'), "\"")], "{text}");
        assert_eq!(tree(&text), r#"{"a":"broken","b":2}"#);
    }
}

#[test]
fn a_character_that_is_not_visible_or_looks_like_a_colon_is_named() {
    for character in "\u{a0}\u{200b}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}\u{17b4}".chars() {
        for entry in ["\"a\"$: false", "\"a\":$false", "\"a\": false$", "\"a\": 1$", "$\"a\": 1", "\"a\": \"x\"$"] {
            let text = format!("{{\n{},\n\"b\": 2\n}}", entry.replace('$', &character.to_string()));
            let underlined = character.to_string();
            assert_eq!(problems(&text), [(Problem::InvisibleCharacter(character), underlined.as_str())], "{text}");
        }
    }
    for character in "\u{2d0}\u{2f8}\u{589}\u{703}\u{205a}\u{2236}\u{a789}\u{fe55}\u{ff1a}".chars() {
        for colon in ["$", "$ ", " $ ", " $"] {
            let text = format!("{{\"a\"{}false, \"b\": 2}}", colon.replace('$', &character.to_string()));
            let underlined = character.to_string();
            assert_eq!(problems(&text), [(Problem::LookAlike(character, ':'), underlined.as_str())], "{text}");
        }
    }
}

#[test]
fn a_character_that_looks_like_a_closing_quote_is_named() {
    for quote in "\u{201c}\u{201d}\u{2033}\u{ff02}\u{b4}\u{2019}".chars() {
        let underlined = quote.to_string();
        for entry in ["\"a\": \"x$,", "\"a\": [\"x$],", "\"a$: \"x\",", "\"\\n\u{fc}$ : \"x\","] {
            let text = format!("{{\n{}\n\"b\": 2\n}}", entry.replace('$', &underlined));
            let found = problems(&text);
            assert_eq!(found.len(), 1, "{text} {found:?}");
            let is_named = found[0] == (Problem::LookAlike(quote, '"'), underlined.as_str());
            assert!(is_named || entry.contains(['[', '\\']), "{text} {found:?}");
        }
    }
}

#[test]
fn an_entry_that_is_not_complete_is_one_error() {
    for (entry, problem, underlined) in [
        ("foo:", Problem::UnquotedKey, "foo"),
        ("\"foo\" \"bar\"", Problem::MissingColon, "\""),
        ("\"a\": 1;,", Problem::Unexpected(';'), ";"),
        ("\"a\"\u{ff0c}: 1,", Problem::Unexpected('\u{ff0c}'), "\u{ff0c}"),
        ("\"a\": \u{201c}x\u{201d} {},", Problem::LookAlike('\u{201c}', '"'), "\u{201c}"),
    ] {
        let text = format!("{{\n  {entry}\n  \"b\": 2\n}}");
        assert_eq!(problems(&text), [(problem, underlined)], "{text}");
    }
    assert_eq!(problems("{\n  \"b\": 2\n},"), [(Problem::TextAfterValue, ",")]);
    assert_eq!(problems("{{{ enabled }}\n  \"b\": 2\n}"), [(Problem::UnquotedText(None), "{{ enabled }}")]);
    // A quote inside a key, also before a word that can be a value.
    for key in ["descrip\"tion", "descripti\"on", "smtp_\"2x", "a\" b", "\"a"] {
        let text = format!("{{\"{key}\": \"x\"}}");
        assert_eq!(problems(&text), [(Problem::QuoteInKey, "\"")], "{text}");
    }
    let html = "<p style=\"font-family: 'Arial', \"Helvetica\"\">Hi</p>";
    let text = format!("{{\"a\": \"{html}\", \"b\": 2}}");
    assert_eq!(problems(&text), [(Problem::TextAfterQuote('"'), "\"")]);
    assert_eq!(problems("{\"a\": 'it\\'s'}"), [(Problem::SingleQuotes, "'it\\'s'")]);
}
