//! Tests of the limits, of texts that are constructed to take long, and of randomly changed texts.

use std::fmt::Write;

use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::syntax::yaml::parse;
use crate::syntax::yaml::tests::{PORTAL, parse_and_check};
use crate::syntax::{Document, Limits, Problem};

#[test]
fn exceeding_a_limit_is_one_error() {
    let limits = Limits { depth: 4, nodes: 10, ..Limits::default() };
    let problems = |text: &str| parse(text, &limits).errors.into_iter().map(|error| error.problem).collect::<Vec<_>>();
    assert_eq!(problems("[[[[1]]]]"), []);
    assert_eq!(problems("[[[[[1]]]]]"), [Problem::TooDeep(4)]);
    assert_eq!(problems("- &a [[1]]\n- [*a]\n"), []);
    assert_eq!(problems("- &a [[1]]\n- [[*a]]\n"), [Problem::TooDeep(4)]);
    assert_eq!(problems("- &a {b: [1]}\n- [[{<<: *a}]]\n"), [Problem::TooDeep(4)]);
    assert_eq!(problems("[1, 2, 3, 4, 5, 6, 7, 8, 9]"), []);
    assert_eq!(problems("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"), [Problem::TooManyNodes(10)]);
    assert_eq!(problems("- &a [1, 2, 3]\n- [*a]\n"), []);
    assert_eq!(problems("- &a [1, 2, 3]\n- [*a, *a]\n"), [Problem::TooManyNodes(10)]);
    assert_eq!(problems("[1, 2, 3, 4]\n---\n[1, 2, 3, 4, 5]\n"), [Problem::TooManyNodes(10)]);
}

#[test]
fn hostile_texts_are_parsed_in_linear_time() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("a0: &a0 {a: 1, b: 2, c: 3}\n");
    for level in 1..30 {
        let names = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{names}]").expect("writing to a string does not fail");
        writeln!(merges, "a{level}: &a{level} {{<<: [{names}], k{level}: [{names}]}}")
            .expect("writing to a string does not fail");
    }
    // Aliases of 9^30 values must be counted without expanding them.
    for text in [bomb, merges] {
        assert!(!parse_and_check(&text).errors.is_empty());
    }
    parse_and_check("a: &a [*a]\n");
    parse_and_check("{\"\n#\":{");
    let units = [
        "- ",
        "[",
        "{a: ",
        "? ",
        "a:",
        "a: ",
        "a:\n",
        "&a",
        "&a ",
        "*a",
        "*a ",
        "- *a\n",
        "#\n",
        "\n",
        "\t\n",
        "\t",
        " \n\ta",
        "\"",
        "'",
        "\"\n",
        "@\n",
        "a: @\n",
        "]",
        "[,",
        "{a b: c, ",
        "[\"a\" ",
        "[]",
        "[\n]",
        "[[]\n",
        "{a\n",
        "{a ",
        "{a\nb, ",
        "{{a}}",
        "// x\n",
        "%YAML 1.2\n",
        "\u{2013} a\n",
        "[a\u{ff0c}",
        "[\"",
        "['\"",
        "{\"a\":\u{a0}[",
        "a {b: ",
        "|\n",
        "- |\n",
        "\\",
        "a: \"\\q\"\n",
        "\u{1}",
        "---\n",
        "<<: *a\n",
        "? [a]\n",
        "%a\n",
        "\ta: 1\n",
        "\ta: 1\nb:\n",
        "a: |\n<p>\n",
        "a: |\n  x\n <p>: 1\n",
        "  a: 1\nb: 2\n",
        "a\nb: 1\n",
    ];
    for unit in units {
        assert_linear(
            unit,
            |len| unit.repeat(len / unit.len()),
            |text| {
                let parsed = parse_and_check(text);
                assert!(!parsed.errors.is_empty() || parsed.documents.iter().map(Document::len).sum::<usize>() > 0);
            },
        );
    }
}

#[test]
fn values_in_brackets_of_an_indented_block_take_linear_time() {
    let brackets = |len: usize, indent: &str| {
        format!("-{}a: [\n{}]\n", " ".repeat(len / 2), format!("{indent}1,\n").repeat(len / 8))
    };
    for indent in ["", " "] {
        assert_linear(indent, |len| brackets(len, indent), |text| drop(parse_and_check(text)));
    }
}

/// A failure that the fuzz target `render` found.
#[test]
fn blanks_of_several_bytes_are_not_split() {
    let text = "{\n  \"customer_portal_id\": \"exD0myCXb4Nf8QwR2sXk6LmT0Vy\nenabled: \u{a0}fas\": {\n    \"campaign\": [],\n    \"third_party_shop\": []\n  }\n}\n";
    assert!(!parse_and_check(text).errors.is_empty());
}

#[test]
fn mutated_portals_keep_the_invariants_of_the_tree() {
    let mut random = Random::new();
    let parts = [
        "\"", "'", ": ", ":", "- ", "[", "]", "{", "}", ",", "\t", " ", "\n", "\r\n", "#", " #", "&a", "*a", "<<: ",
        "|", ">-", "@", "%", "!", "---\n", "\\", "\\u12", "ü", "😀", "\0", "\u{feff}", "?", "\u{a0}", "\u{3000}",
        "\u{85}", "\u{2028}",
    ];
    for _ in 0..random_inputs() {
        let mut text = PORTAL.to_owned();
        for _ in 0..=random.below(3) {
            let offset = random.char_start(&text);
            match random.below(3) {
                0 => text.insert_str(offset, parts[random.below(parts.len())]),
                1 => {
                    text.remove(offset);
                }
                _ => {
                    text.remove(offset);
                    text.insert_str(offset, parts[random.below(parts.len())]);
                }
            }
        }
        parse_and_check(&text);
    }
}
