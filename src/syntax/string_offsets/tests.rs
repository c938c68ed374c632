use crate::base::source::Span;
use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::syntax::located::locate;
use crate::syntax::string_offsets::*;
use crate::syntax::{Limits, yaml};

/// The raw bytes of the first occurrence of `wanted` in the first string of a YAML text.
#[track_caller]
fn locate_in_yaml<'t>(text: &'t str, wanted: &str) -> &'t str {
    let parsed = yaml::parse(text, &Limits::default());
    assert_eq!(parsed.errors, [], "{text:?}");
    let node =
        parsed.documents[0].nodes().find(|node| matches!(node.value, Value::String(_))).expect("there is a string");
    let Value::String(decoded) = &node.value else { return "" };
    let offset = decoded.find(wanted).unwrap_or_else(|| panic!("{wanted:?} is in {decoded:?}"));
    &text[locate(text, node, offset..offset + wanted.len()).unwrap_or(node.span).range()]
}

fn locate_in_json<'t>(text: &'t str, decoded: &'t str, range: Range<usize>) -> &'t str {
    let node = Node { span: Span::new(0, text.len()), style: Style::Json, value: Value::String(decoded.into()) };
    &text[locate(text, &node, range).unwrap_or(node.span).range()]
}

#[test]
fn json_escapes_are_located_as_a_whole() {
    let text = r#""a\u00fc\ud83d\ude00\"b""#;
    let decoded = "aü😀\"b";
    assert_eq!(locate_in_json(text, decoded, 0..1), "a");
    assert_eq!(locate_in_json(text, decoded, 1..3), r"\u00fc");
    assert_eq!(locate_in_json(text, decoded, 3..7), r"\ud83d\ude00");
    assert_eq!(locate_in_json(text, decoded, 4..5), r"\ud83d\ude00");
    assert_eq!(locate_in_json(text, decoded, 7..9), "\\\"b");
    assert_eq!(locate_in_json(text, decoded, 9..9), "");
    assert_eq!(locate_in_json(text, "other", 0..1), text);
}

#[test]
fn text_across_folded_lines_is_located() {
    assert_eq!(locate_in_yaml("a: one two\r\n  three\r\n\r\n  four\r\n", "two three"), "two\r\n  three");
    assert_eq!(locate_in_yaml("a: one two\r\n  three\r\n\r\n  four\r\n", "three\nfour"), "three\r\n\r\n  four");
    assert_eq!(locate_in_yaml("a: 'it''s ü  \n  here'\n", "'s ü here"), "''s ü  \n  here");
    assert_eq!(locate_in_yaml("a: \"x\\\n   y \\x41\\\r\n  \\ z\"\n", "y A z"), "y \\x41\\\r\n  \\ z");
    assert_eq!(locate_in_yaml("a: \"x \n\n\n  y\"\n", "\n\ny"), "\n\n  y");
    assert_eq!(locate_in_yaml("a: \"\\tx\\ \n  y\"\n", "x  y"), "x\\ \n  y");
}

#[test]
fn text_in_block_scalars_is_located_without_indentation() {
    assert_eq!(locate_in_yaml("a: |\n  <p>\n    ü\n\n  </p>\n", "ü\n\n</p>"), "ü\n\n  </p>");
    assert_eq!(locate_in_yaml("a: |2-\r\n   x\r\n  y\r\nb: 1\r\n", "x\ny"), "x\r\n  y");
    assert_eq!(
        locate_in_yaml("a: >\n  one\n  two\n\n  three\n    deep\n  four\n", "two\nthree\n  deep\nfour"),
        "two\n\n  three\n    deep\n  four"
    );
    assert_eq!(locate_in_yaml("a: >\n  one\n  two\n", "one two"), "one\n  two");
    assert_eq!(locate_in_yaml("a: |+\n\n  x\n\n\nb: 1\n", "\nx\n\n\n"), "\n  x\n\n\n");
    assert_eq!(locate_in_yaml("- |\n x", "x"), "x");
}

#[test]
fn every_character_of_generated_yaml_is_located() {
    let mut random = Random::new();
    let parts = [
        "a",
        "ü",
        "😀",
        " ",
        "  ",
        "\n",
        "\n",
        "\n\n",
        "x y",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "''",
        "\\\n",
        "<b>",
        "\t",
        "\\ ",
    ];
    let styles = ["|\n", ">\n", "|-\n", ">-\n", "|+\n", ">+\n", "|2\n", ">2-\n", "\"", "'", ""];
    let mut checked = 0;
    for _ in 0..random_inputs() {
        let style = styles[random.below(styles.len())];
        let body: String = (0..=random.below(8)).map(|_| parts[random.below(parts.len())]).collect();
        let quote = if style.len() == 1 { style } else { "" };
        let block = style.ends_with('\n');
        let indented = format!("{}{}", if block { "  " } else { "" }, body.replace('\n', "\n  "));
        let mut text = format!("k: {style}{indented}{quote}\nnext: 1\n");
        if random.below(2) == 0 {
            text = text.replace('\n', "\r\n");
        }
        let parsed = yaml::parse(&text, &Limits::default());
        if !parsed.errors.is_empty() {
            continue;
        }
        let Some(node) = parsed.documents[0].nodes().nth(1) else { continue };
        let Value::String(decoded) = &node.value else { continue };
        if decoded.trim().is_empty() {
            continue;
        }
        checked += 1;
        for (offset, character) in decoded.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let span = locate(&text, node, offset..offset + character.len_utf8());
            let span = span.unwrap_or_else(|| panic!("{character:?} is located in {decoded:?} of {text:?}"));
            let raw = &text[span.range()];
            let escaped = raw.starts_with('\\') || raw == "''";
            assert!(escaped || raw == character.to_string(), "{character:?} is {raw:?} in {text:?}");
        }
    }
    assert!(checked > random_inputs() / 3, "{checked}");
}

#[test]
fn long_strings_are_located_in_linear_time() {
    let units = [
        ("a: \"x", "\\n", "\""),
        ("a: \"x", "\\\n  ", "\""),
        ("a: \"x", "\n\n ", " y\""),
        ("a: \"x", "  ", "\n  y\""),
        ("a: 'x", "''", "'"),
        ("a: x", "\n  y", "\n"),
        ("a: x", "\n", "  y\n"),
        ("a: |\n  x\n", "\n", "  y\n"),
        ("a: >\n  x\n", "\n", "  y\n"),
        ("a: >\n  x\n", "  x\n\n", "\n"),
        ("a: >\n  x\n", "   x\n\n", "\n"),
        ("a: >+\n  x\n", "\n", ""),
    ];
    for (start, unit, end) in units {
        assert_linear(
            &format!("{start}{unit}{end}"),
            |len| format!("{start}{}{end}", unit.repeat(len / unit.len())),
            |text| {
                let parsed = yaml::parse(text, &Limits::default());
                let node = parsed.documents[0].nodes().last().expect("there is a string");
                assert!(locate(text, node, 0..1).is_some(), "{:?}", &text[..20]);
            },
        );
    }
}
