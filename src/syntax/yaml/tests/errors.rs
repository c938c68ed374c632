//! Tests of the errors and the repairs of invalid texts.

use crate::syntax::yaml::tests::assert_parse;

#[test]
fn unclosed_and_misplaced_quotes_break_only_their_value() {
    assert_parse("a: \"x\nb: 1\n", &["1:4 UnclosedText"], "{a: !, b: 1}");
    assert_parse("a: 'x\n\nb: 'y'\n", &["1:4 UnclosedText"], "{a: !, b: \"y\"}");
    assert_parse("a: \"say \"hi\" now\"\nb: 1\n", &["1:10 AfterQuote('\"')"], "{a: !, b: 1}");
    assert_parse("a: 'it's'\nb: 1", &["1:8 AfterQuote('\\'')"], "{a: !, b: 1}");
    assert_parse("[\"a\" \"b]", &["1:6 UnclosedText"], "[\"a\", !]");
    assert_parse("a: \"hello\nworld\"\nb: 1", &["2:1 Indentation"], "{a: !, b: 1}");
    assert_parse("a: \"\\q \\y\"\nb: 1", &["1:5 BadEscape", "1:8 BadEscape"], "{a: !, b: 1}");
    assert_parse("a: \"\\ud800 \\ud83d\\ude00\"\n", &["1:5 LoneSurrogate"], "{a: !}");
    assert_parse("a: x\0y\nb: 1\n", &["1:5 ControlCharacter('\\0')"], "{a: \"xy\", b: 1}");
}

#[test]
fn a_reserved_character_at_the_start_of_a_value_needs_quotes() {
    assert_parse("a: b: c\nd: 1", &["1:4 NeedsQuotes(':')"], "{a: !, d: 1}");
    for value in [
        "@x",
        "`x",
        "%x",
        "* x",
        "& x",
        "- x",
        "? x",
        "|x",
        ">x",
        "!<x",
        "[x] y",
        "{{email}} hi",
        "{{email}}",
        "{email} hi",
        "{{#if x}} hi",
        "*x y",
    ] {
        let character = value.chars().next().expect("it is not empty");
        assert_parse(&format!("a: {value}\nb: 1\n"), &[&format!("1:4 NeedsQuotes({character:?})")], "{a: !, b: 1}");
    }
    assert_parse("#c\n@a: 1\nb: 2", &["2:1 NeedsQuotes('@')"], "{b: 2}");
}

#[test]
fn missing_colons_and_wrong_indentation_are_different_errors() {
    assert_parse("name\nid: 1\n", &["1:1 MissingColon"], "{name: !, id: 1}");
    assert_parse("id: 1\nname Acme\nx: 2\n", &["2:1 MissingColon"], "{id: 1, name: !, x: 2}");
    assert_parse("id: 1\nname:Acme\nx: 2\n", &["2:5 MissingSpace"], "{id: 1, name: !, x: 2}");
    assert_parse("a:\n    b: 1\n  c: 2\n  d: 3\nf: 1", &["2:5 Indentation"], "{a: {b: 1, c: 2, d: 3}, f: 1}");
    assert_parse("a: 1\n  b: 2\nc: 3\n", &["2:3 Indentation"], "{a: 1, b: 2, c: 3}");
    assert_parse("a:\n  - b: 1\n   c: 2\nd: 1", &["3:4 Indentation"], "{a: [{b: 1, c: 2}], d: 1}");
    assert_parse("a: |\n    foo\n  bar\nb: 1", &["3:3 Indentation"], "{a: \"foo\\nbar\\n\", b: 1}");
    assert_parse("- a\nb: 1\n", &["2:1 Yaml(\"a key among the items of a list\")"], "[\"a\"]");
    assert_parse("a: 1\n- b\n", &["2:1 Yaml(\"a list item among keys\")"], "{a: 1}");
}

#[test]
fn adjacent_lines_with_tabs_are_one_error_and_keep_their_values() {
    assert_parse("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 1", &["2:1 TabIndentation"], "{a: {b: 1, c: {d: 2}}, e: 1}");
    assert_parse("a:\n  b: 1\n\tc: 1\n  d: 2", &["3:1 TabIndentation"], "{a: {b: 1, c: 1, d: 2}}");
    assert_parse("a: |\n\tfoo\nb:\n\tc: 1\n", &["2:1 TabIndentation"], "{a: \"foo\\n\", b: {c: 1}}");
}

#[test]
fn errors_in_brackets_are_repaired_with_one_character() {
    assert_parse("{\"a\": \"x\" \"b\": 1}", &["1:9 MissingComma"], "{a: \"x\", b: 1}");
    assert_parse("{\n  \"a\": \"x\"\n  \"b\": 1\n}", &["2:10 MissingComma"], "{a: \"x\", b: 1}");
    assert_parse("{\"a\" 1}", &["1:2 MissingColon"], "{a: 1}");
    assert_parse("{a: 1 b: 2}", &["1:5 MissingComma"], "{a: 1, b: 2}");
    assert_parse("{a: b: c}", &["1:5 NeedsQuotes(':')"], "{a: !}");
    assert_parse("[a,,b,]", &["1:4 ExtraComma"], "[\"a\", \"b\"]");
    assert_parse("[1, 2}", &["1:6 StrayClose('}')"], "[1, 2]");
    assert_parse("{a: 1}}\n", &["1:7 StrayClose('}')"], "{a: 1}");
    assert_parse("a: [1, 2\nb: 3\n", &["1:4 Unclosed('[')"], "{a: !, b: 3}");
    assert_parse("a: [1, {b: 2\n", &["1:8 Unclosed('{')"], "{a: [1, {b: 2}]}");
    assert_parse("x: {\n  a: [1, 2,\n  b: 3\n}\ny: 1\n", &["2:6 Unclosed('[')"], "{x: {a: !, b: 3}, y: 1}");
}

#[test]
fn all_errors_of_a_text_are_reported_at_their_lines() {
    assert_parse(
        "a: \"x\nb: @y\nc:\n\td: 1\ne: [1 2}\nf: 'it's'\ng: p: q\nh: *z\ni: ok\n",
        &[
            "1:4 UnclosedText",
            "2:4 NeedsQuotes('@')",
            "4:1 TabIndentation",
            "5:8 StrayClose('}')",
            "6:8 AfterQuote('\\'')",
            "7:4 NeedsQuotes(':')",
            "8:4 UnknownAlias(\"z\")",
        ],
        "{a: !, b: !, c: {d: 1}, e: [\"1 2\"], f: !, g: !, h: !, i: \"ok\"}",
    );
}
