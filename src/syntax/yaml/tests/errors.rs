//! Tests of the error that is reported for an invalid text, and of the tree of the rest of the text.

use crate::syntax::yaml::tests::{assert_parse, format_errors};

#[test]
fn unclosed_and_misplaced_quotes_break_only_their_value() {
    assert_parse("a: \"x\nb: 1\n", &["1:4 MissingClosingQuote"], "{a: !, b: 1}");
    assert_parse("a: 'x\n\nb: 'y'\n", &["1:4 MissingClosingQuote"], "{a: !, b: \"y\"}");
    assert_parse("a: \"say \"hi\" now\"\nb: 1\n", &["1:10 TextAfterQuote('\"')"], "{a: !, b: 1}");
    assert_parse("a: 'it's'\nb: 1", &["1:8 TextAfterQuote('\\'')"], "{a: !, b: 1}");
    assert_parse("a: [\"a\" \"b]\nb: 1", &["1:7 MissingComma"], "{a: !, b: 1}");
    assert_parse("a: \"hello\nworld\"\nb: 1", &["2:1 Indentation"], "{a: !, b: 1}");
    assert_parse("a: \"\\q \\y\"\nb: 1", &["1:5 InvalidEscape"], "{a: !, b: 1}");
    assert_parse("a: \"\\ud83d\\ude00 \\ud800\"\n", &["1:18 LoneSurrogate"], "{a: !}");
    assert_parse("a: x\0y\nb: 1\n", &["1:5 ControlCharacter('\\0')"], "{a: !, b: 1}");
}

#[test]
fn a_reserved_character_at_the_start_of_a_value_needs_quotes() {
    assert_parse("a: b: c\nd: 1", &["1:4 NeedsQuotes(':')"], "{a: !, d: 1}");
    for value in [
        "@x",
        "`x",
        "%x",
        ",x",
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
        "*x y",
    ] {
        let character = value.chars().next().expect("it is not empty");
        assert_parse(&format!("a: {value}\nb: 1\n"), &[&format!("1:4 NeedsQuotes({character:?})")], "{a: !, b: 1}");
    }
    assert_parse("a: {{#if x}} hi\nb: 1\n", &["1:6 NeedsQuotes('#')"], "{a: !, b: 1}");
    assert_parse("#c\n@a: 1\nb: 2", &["2:1 NeedsQuotes('@')"], "{b: 2}");
}

#[test]
fn lines_that_continue_a_template_variable_without_quotes_are_no_error_of_their_own() {
    for value in ["{{x}}\n  more", "{{x}}\n  # c\n  more: y\n   z", "{{\n x }}\n  - y", "{{x}}\n- y\n- z"] {
        assert_parse(&format!("a: {value}\nb: 1\n"), &["1:4 NeedsQuotes('{')"], "{a: !, b: 1}");
    }
    for lines in ["a: {{x}}|\n <p>\n<p>", "a: {{x}}\nand more", "a:\n- {{x}}\nmore\n- y", "a:\n- {{x}}\n  more"] {
        assert_eq!(format_errors(&format!("{lines}\nb: 1\n")).len(), 1, "{lines}");
    }
    assert_parse("- {{x}}\n  more: y\n- b\n", &["1:3 NeedsQuotes('{')"], "[!, \"b\", !]");
    assert_parse("a: {{x}}\nb: [y\n", &["1:4 NeedsQuotes('{')", "2:4 UnclosedBracket('[')"], "{a: !, b: !}");
}

#[test]
fn an_invisible_character_at_the_end_of_a_key_is_reported_there() {
    assert_parse("na\u{a0}me\u{a0}: 1\n", &["1:6 InvisibleCharacter('\\u{a0}')"], "{na\u{a0}me: 1}");
}

#[test]
fn a_character_that_looks_like_a_space_or_a_sign_is_named_where_it_breaks_the_structure() {
    for (line, error) in [
        ("name\u{a0} Acme", "2:5 InvisibleCharacter('\\u{a0}')"),
        ("name\u{feff} Acme", "2:5 InvisibleCharacter('\\u{feff}')"),
        ("name: >-\u{a0}\n  Acme", "2:9 InvisibleCharacter('\\u{a0}')"),
        ("name: \"Acme\"\u{200b}", "2:13 InvisibleCharacter('\\u{200b}')"),
        ("name: []\u{3000}", "2:9 InvisibleCharacter('\\u{3000}')"),
        ("name:\u{ff1a}Acme", "2:6 LookAlike('\u{ff1a}', ':')"),
        ("name\u{ff1a} : Acme", "2:5 LookAlike('\u{ff1a}', ':')"),
        ("\u{ff1a}name: Acme", "2:1 LookAlike('\u{ff1a}', ':')"),
        ("name:\u{ff0c}Acme", "2:6 LookAlike('\u{ff0c}', ',')"),
        ("name: |\u{ff0c}\n  Acme", "2:8 LookAlike('\u{ff0c}', ',')"),
        ("name: {A: 1\u{ff5d}", "2:12 LookAlike('\u{ff5d}', '}')"),
        ("name: [A\u{ff09}", "2:9 LookAlike('\u{ff09}', ')')"),
        ("name: ['A'\u{3011}", "2:11 LookAlike('\u{3011}', ']')"),
        ("name: 'A' \u{ff1b}", "2:11 LookAlike('\u{ff1b}', ';')"),
        ("name: false\u{ff1b}", "2:12 LookAlike('\u{ff1b}', ';')"),
        ("name: ${K}\u{ff0c}", "2:11 LookAlike('\u{ff0c}', ',')"),
        ("name: \u{ff1a}\n  b: 1", "2:7 LookAlike('\u{ff1a}', ':')"),
        ("y:\n  b: 1\nname: \u{200b}\n  b: 1\n  c: 1", "4:7 InvisibleCharacter('\\u{200b}')"),
        ("name: \u{a0}\n  b: 1", "2:7 InvisibleCharacter('\\u{a0}')"),
        ("name: \u{ff5c}\n  <p>b: c", "2:7 LookAlike('\u{ff5c}', '|')"),
        ("name: \u{ff1e}-\n  <p>b", "2:7 LookAlike('\u{ff1e}', '>')"),
        ("name: Acme\n  enabled\u{ff1a}false", "3:10 LookAlike('\u{ff1a}', ':')"),
        ("name:\u{a0}Confirm: x", "2:6 InvisibleCharacter('\\u{a0}')"),
        ("name\u{ff1a} Confirm: x", "2:5 LookAlike('\u{ff1a}', ':')"),
        ("name\u{ff1a}'b: c'", "2:5 LookAlike('\u{ff1a}', ':')"),
        ("name:\u{a0}'b: c'", "2:6 InvisibleCharacter('\\u{a0}')"),
        ("\u{200b}  name: Acme", "2:1 InvisibleCharacter('\\u{200b}')"),
        ("\u{a0} name:\n  id: 1\n   b: 2", "2:1 InvisibleCharacter('\\u{a0}')"),
    ] {
        assert_eq!(format_errors(&format!("a: 1\n{line}\nz: 1\n")), [error], "{line}");
    }
}

#[test]
fn a_tag_that_contradicts_its_value_breaks_the_value() {
    for value in ["!!int 1.5", "!!int 1e3", "!!int '1.5'", "!!int 1_0.5", "!!int .inf", "!!int .nan", "!!float 0x1F"] {
        let error = format!("1:{} ContradictingTag", 5 + value.find(' ').expect("it has a tag"));
        assert_parse(&format!("a: {value}\nb: 1"), &[&error], "{a: !, b: 1}");
    }
    assert_parse("- !!int -12\n- !!int 0x1E\n- !!int 1_000\n", &[], "[-12, 0x1E, 1000]");
    assert_parse("- !!float 1\n- !!float 1.5\n- !!float 1e3\n", &[], "[1, 1.5, 1e3]");
    assert_parse("a: !!bool x\nb: 1", &["1:11 ContradictingTag"], "{a: !, b: 1}");
    assert_parse("a: !!map [x]\nb: 1", &["1:4 ContradictingTag"], "{a: !, b: 1}");
    assert_parse("a: !!seq {x: 1}\nb: 1", &["1:4 ContradictingTag"], "{a: !, b: 1}");
    assert_parse("a: !!map x\nb: 1", &["1:4 ContradictingTag"], "{a: !, b: 1}");
}

#[test]
fn a_number_that_programs_read_as_infinity_breaks_the_value() {
    for (value, error) in
        [("1e400", "1:4 NumberTooLarge"), ("!!float -1.0e+400", "1:12 NumberTooLarge"), (".inf", "1:4 NotJsonNumber")]
    {
        assert_parse(&format!("a: {value}\nb: 1"), &[error], "{a: !, b: 1}");
    }
    assert_parse("- 1e308\n- 1e-400\n- '1e400'\n- !!str 1e400\n", &[], "[1e308, 1e-400, \"1e400\", \"1e400\"]");
}

#[test]
fn an_extra_comma_and_a_wrong_directive_are_named() {
    assert_parse("a:\n  b: [, x]\nc: 1", &["2:7 ExtraComma"], "{a: {b: !}, c: 1}");
    assert_parse("a:\n  b: [x,, y]\nc: 1", &["2:9 ExtraComma"], "{a: {b: !}, c: 1}");
    assert_parse("%YAML 1.2.3\n---\na: 1", &["1:1 Directive"], "{a: 1}");
}

#[test]
fn missing_colons_and_wrong_indentation_are_different_errors() {
    assert_parse("name\nid: 1\n", &["1:1 MissingColon"], "{id: 1}");
    assert_parse("id: 1\nname Acme\nx: 2\n", &["2:1 MissingColon"], "{id: !, x: 2}");
    assert_parse("id: 1\nname:Acme\nx: 2\n", &["2:5 MissingSpace"], "{id: !, x: 2}");
    assert_parse("a:\n    b: 1\n  c: 2\n  d: 3\nf: 1", &["2:5 Indentation"], "{a: {c: 2, d: 3}, f: 1}");
    assert_parse("a: 1\n  b: 2\nc: 3\n", &["2:3 Indentation"], "{a: !, c: 3}");
    assert_parse("a:\n  - b: 1\n   c: 2\nd: 1", &["3:4 Indentation"], "{a: [{b: !}, !], d: 1}");
    assert_parse("a: |\n  foo\nnote: x\n  <p>b: c\n  d\nb: 1", &["3:1 Indentation"], "{a: !, b: 1}");
    assert_parse("a: |\n    foo\n  bar\nb: 1", &["3:3 Indentation"], "{a: !, b: 1}");
    assert_parse("- a\nb: 1\n", &["2:1 Yaml(\"a key among the items of a list\")"], "");
    assert_parse("a: 1\n- b\n", &["2:1 Yaml(\"a list item among keys\")"], "{a: !}");
}

#[test]
fn a_value_above_a_block_is_reported_at_the_value() {
    assert_parse("a: x\n  b: 1\n  c: 2\nd: 3\n", &["1:4 ValueAboveBlock"], "{a: !, d: 3}");
    assert_parse("a: (\n  b: 1\nd: 3\n", &["1:4 ValueAboveBlock"], "{a: !, d: 3}");
    assert_parse("a:\n  b: <br>\n  - c\n  - d\ne: 3\n", &["2:6 ValueAboveBlock"], "{a: {b: !}, e: 3}");
    assert_parse("a: 1\nb: 2\n  c:\n  d: 3\n  e: 4\nf: 5\n", &["3:3 Indentation"], "{a: 1, b: !, f: 5}");
    assert_parse("a: 1\nb: 2\n  c: 3\n", &["3:3 Indentation"], "{a: 1, b: !}");
    assert_eq!(format_errors("a:\n  b:\n    x\n  - c\n  - d\ne: 1\n"), ["3:5 MissingDash"]);
    assert_eq!(format_errors("a:\n b: 1\n  c: 2\nd:\n  e: 3\n"), ["2:2 Indentation"]);
    assert_parse("a:\n  b: 1\n x: y\n  c: 2\n", &["3:2 Indentation"], "{a: {b: !}}");
}

#[test]
fn a_line_without_a_key_is_reported_and_not_the_line_below() {
    for (line, problem) in [
        ("\"x\"", "MissingColon"),
        ("[[x]]", "Unexpected('[')"),
        ("{x}", "Unexpected('{')"),
        ("*x", "Unexpected('*')"),
        ("x\u{ff1a}y", "LookAlike('\u{ff1a}', ':')"),
        ("x\u{ff1a}", "LookAlike('\u{ff1a}', ':')"),
    ] {
        let column = if problem.starts_with("LookAlike") { 4 } else { 3 };
        let text = format!("a:\n  {line}\n  c: 1\n  d: 2\ne: 3\n");
        assert_eq!(format_errors(&text), [format!("2:{column} {problem}")], "{line}");
    }
    assert_eq!(format_errors("---\n  x\na: 1\nb: 2\n"), ["2:3 MissingColon"]);
    assert_eq!(format_errors("a:\n  b\n  - c\n  - d\n  e: 1\n"), ["2:3 MissingColon"]);
}

#[test]
fn a_quoted_value_directly_after_its_key_breaks_only_its_entry() {
    for (entry, error) in [
        ("html:'x: y'", "2:5 MissingSpace"),
        ("html:\"<p style='a: b'>x: y</p>\"", "2:5 MissingSpace"),
        ("html='x: y'", "2:5 MissingColon"),
        ("html; 'x: y'", "2:5 MissingColon"),
        ("html => 'x: y'", "2:1 MissingColon"),
        ("html {a:'${x}'}", "2:1 MissingColon"),
        ("html: {a:'${x}'}", "2:9 MissingSpace"),
        ("html: {a: '${x}', b:\"${x}\"}", "2:20 MissingSpace"),
        ("html: [{a:${x}}]", "2:10 MissingSpace"),
    ] {
        assert_eq!(format_errors(&format!("a: 1\n{entry}\nb: 'it'\nc: '1'\n")), [error], "{entry}");
    }
}

#[test]
fn a_word_and_a_full_width_colon_on_a_further_line_are_text() {
    assert_parse("a: x\n  name\u{ff1a}\n  \"y\"\nb: 1", &[], "{a: \"x name\u{ff1a} \\\"y\\\"\", b: 1}");
    assert_parse("a: x\n  email\u{ff1a}club\nb: 1", &[], "{a: \"x email\u{ff1a}club\", b: 1}");
}

#[test]
fn a_key_may_contain_quotes() {
    for key in ["5\" disk", "say \"hi\"", "data-x=\"y\"", "it's"] {
        assert_parse(&format!("{key}: 1\n"), &[], &format!("{{{key}: 1}}"));
    }
}

#[test]
fn a_byte_order_mark_that_is_not_the_first_is_an_error() {
    let error = ["1:1 InvisibleCharacter('\\u{feff}')"];
    assert_eq!(format_errors("\u{feff}\u{feff}a: 1\n"), error);
    assert_eq!(format_errors("\u{feff}\u{feff}# c\n---\na: 1\n"), error);
    assert_eq!(format_errors("# c\n\u{feff}a: 1\n"), ["2:1 InvisibleCharacter('\\u{feff}')"]);
    assert_eq!(format_errors("a: 1\n---\n\u{feff}b: 1\n"), ["3:1 InvisibleCharacter('\\u{feff}')"]);
    assert_eq!(format_errors("\u{feff}# \u{feff}\na: b\n"), [""; 0]);
}

#[test]
fn a_missing_ampersand_is_reported_once_and_not_at_the_aliases() {
    assert_parse("a: x y\nb: *x\nc: [*x]\n", &["1:4 MissingAmpersand"], "{a: !, b: !, c: [!]}");
    assert_parse("a: !!int&x y\nb: *x\n", &["1:4 CustomTag(\"!!int&x\")"], "{a: !, b: !}");
    assert_parse("a: \u{2060}&x y\nb: *x\n", &["1:4 InvisibleCharacter('\\u{2060}')"], "{a: !, b: !}");
    assert_parse("a: xy z\nb: *x\n", &["2:4 UnknownAlias(\"x\")"], "{a: \"xy z\", b: !}");
}

#[test]
fn adjacent_lines_with_tabs_are_one_error() {
    assert_parse("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 1", &["2:1 TabIndentation"], "{a: !, e: 1}");
    assert_parse("a:\n  b: 1\n\tc: 1\n  d: 2", &["3:1 TabIndentation"], "{a: {b: !, d: 2}}");
    assert_parse("a: |\n\tfoo\nb:\n  c: 1\n", &["2:1 TabIndentation"], "{a: !, b: {c: 1}}");
    for key in ["b", "\"b\"", "&x b", "!!str b", "!!str &x b"] {
        assert_parse(&format!("a:\n-\t{key}: c\n"), &["2:2 TabIndentation"], "{a: [{b: \"c\"}]}");
        assert_parse(&format!("a:\n- {key}: c\n"), &[], "{a: [{b: \"c\"}]}");
    }
    assert_parse("a:\n- &x-\tb: c\n", &[], "{a: [{b: \"c\"}]}");
    assert_parse("a:\n-\t? b\n  : c\n", &["2:2 TabIndentation"], "{a: [{b: \"c\"}]}");
}

#[test]
fn an_error_in_brackets_breaks_the_value_in_brackets() {
    let cases = [
        ("{\"a\": \"x\" \"b\": 1}", "1:12 MissingComma"),
        ("{\n  \"a\": \"x\"\n  \"b\": 1\n}", "2:10 MissingComma"),
        ("{\"a\" 1}", "1:5 MissingColon"),
        ("{a: 1 b: 2}", "1:8 MissingComma"),
        ("{a: b: c}", "1:8 NeedsQuotes(':')"),
        ("{a\u{3000}: b: c}", "1:9 NeedsQuotes(':')"),
        ("[a,,b,]", "1:7 ExtraComma"),
        ("[1, 2}", "1:9 StrayClosingBracket('}')"),
        ("{a: 1}}", "1:10 StrayClosingBracket('}')"),
        ("[1, 2", "1:4 UnclosedBracket('[')"),
        ("{\n  a: [1, 2,\n  b: 3\n}", "2:6 UnclosedBracket('[')"),
    ];
    for (value, error) in cases {
        assert_parse(&format!("x: {value}\ny: 1\n"), &[error], "{x: !, y: 1}");
    }
    assert_parse("a: [1, {b: 2\n", &["1:8 UnclosedBracket('{')"], "{a: !}");
    assert_parse("{\"a\": \"x\" \"b\": 1}", &["1:9 MissingComma"], "");
}

#[test]
fn the_first_of_several_errors_is_reported_and_what_comes_before_it_is_read() {
    let lines = [
        ("a: \"x", "1:4 MissingClosingQuote"),
        ("b: @y", "2:4 NeedsQuotes('@')"),
        ("c:\n\td: 1", "4:1 TabIndentation"),
        ("e: [1 2}", "5:8 StrayClosingBracket('}')"),
        ("f: 'it's'", "6:8 TextAfterQuote('\\'')"),
        ("g: p: q", "7:4 NeedsQuotes(':')"),
        ("h: *z", "8:4 UnknownAlias(\"z\")"),
    ];
    // Fix one line after the other.
    let mut text: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
    for (index, (_, error)) in lines.iter().enumerate() {
        assert_eq!(format_errors(&text.join("\n")), [*error]);
        text[index] = if index == 2 { "c:\n  d: 1" } else { "ok: 1" };
    }
    assert_parse(
        "a: 1\nb: *z\nc: @x\nd: 1\n",
        &["2:4 UnknownAlias(\"z\")", "3:4 NeedsQuotes('@')"],
        "{a: 1, b: !, c: !, d: 1}",
    );
    assert_parse("a: 1\nb: @x\nc: @y\nd: 1\n", &["2:4 NeedsQuotes('@')"], "{a: 1, b: !}");
}

#[test]
fn what_may_go_on_in_the_unreadable_part_is_broken() {
    assert_parse("a:\n  b c: @\n", &["2:8 NeedsQuotes('@')"], "{a: {b c: !}}");
    assert_parse("a:\n  - x\n  y\nb: 1\n", &["3:3 MissingDash"], "{a: [!, !], b: 1}");
    // The lost entry may have overridden the merged one.
    assert_parse("a: &a {x: 1}\nb:\n  <<: *a\n  x 2\nc: 1\n", &["4:3 MissingColon"], "{a: {x: 1}, b: {}, c: 1}");
}
