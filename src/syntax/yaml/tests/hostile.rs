//! Tests of the limits, of texts that are made to take long, and of randomly changed texts.

use std::fmt::Write;

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
    let long = |part: &str| part.repeat((1 << 20) / part.len());
    let texts = [
        bomb,
        merges,
        "- ".repeat(50_000),
        "[".repeat(50_000),
        "{a: ".repeat(50_000),
        "? ".repeat(50_000),
        "a: &a [*a]\n".to_owned(),
        long("a:"),
        long("a: "),
        long("a:\n"),
        long("&a"),
        long("&a "),
        long("*a"),
        long("*a "),
        long("- *a\n"),
        long("#\n"),
        long("\n"),
        long("\t\n"),
        long("\t"),
        long(" \n\ta"),
        long("\""),
        long("'"),
        long("\"\n"),
        long("@\n"),
        long("a: @\n"),
        long("]"),
        long("[,"),
        long("{a b: c, "),
        long("[\"a\" "),
        long("|\n"),
        long("- |\n"),
        long("\\"),
        long("a: \"\\q\"\n"),
        long("\u{1}"),
        long("---\n"),
        long("<<: *a\n"),
        long("? [a]\n"),
        long("%a\n"),
        long("\ta: 1\n"),
        long("\ta: 1\nb:\n"),
        long("a: |\n<p>\n"),
        long("a: |\n  x\n <p>: 1\n"),
        long("  a: 1\nb: 2\n"),
        long("a\nb: 1\n"),
    ];
    for text in texts {
        // For a megabyte, quadratic time would be hours.
        let parsed = parse_and_check(&text);
        assert!(!parsed.errors.is_empty() || parsed.documents.iter().map(Document::len).sum::<usize>() > 0);
    }
}

#[test]
fn mutated_portals_keep_the_invariants_of_the_tree() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % (below as u64)).unwrap_or_default()
    };
    let parts = [
        "\"", "'", ": ", ":", "- ", "[", "]", "{", "}", ",", "\t", " ", "\n", "\r\n", "#", " #", "&a", "*a", "<<: ",
        "|", ">-", "@", "%", "!", "---\n", "\\", "\\u12", "ü", "😀", "\0", "\u{feff}", "?",
    ];
    for _ in 0..20_000 {
        let mut text = PORTAL.to_owned();
        for _ in 0..=random(3) {
            let mut at = random(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match random(3) {
                0 => text.insert_str(at, parts[random(parts.len())]),
                1 => {
                    text.remove(at);
                }
                _ => {
                    text.remove(at);
                    text.insert_str(at, parts[random(parts.len())]);
                }
            }
        }
        parse_and_check(&text);
    }
}
