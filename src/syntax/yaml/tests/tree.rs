//! Tests of the tree of valid texts: values, spans, tags, aliases and merge keys.

use crate::base::source::Span;
use crate::syntax::Value;
use crate::syntax::yaml::tests::{PORTAL, assert_parse, parse_and_check, text_at};

#[test]
fn the_tree_has_all_values_and_comments_of_a_portal() {
    assert_parse(
        PORTAL,
        &[],
        "{name: \"Müller 😀\", campaigns: [\"123\", 0x1F], customer_emails: {from: {email: \"a@b.example\"}, \
         html: \"<p>ü</p>\\n\\n more\", text: \"folded text\\n\", copy: {name: [\"a\", \"bé\", \"it's\"], x: null, \
         <<email: \"a@b.example\"}, all: *[\"123\", 0x1F]}, enabled: true, empty: null} | [\"second\"]",
    );
    let comments = parse_and_check(PORTAL).comments;
    let comments: Vec<&str> = comments.iter().map(|span| &PORTAL[span.range()]).collect();
    assert_eq!(comments, ["# Portal für Müller", "# the name"]);
}

#[test]
fn spans_of_values_start_and_end_with_their_text() {
    assert_eq!(text_at(PORTAL, "/name"), "\"Müller 😀\"");
    assert_eq!(text_at(PORTAL, "/campaigns"), "- '123'\r\n- 0x1F");
    assert_eq!(text_at(PORTAL, "/customer_emails/from"), "email: a@b.example");
    assert_eq!(text_at(PORTAL, "/customer_emails/html"), "|2-\r\n    <p>ü</p>\r\n\r\n     more");
    assert_eq!(text_at(PORTAL, "/customer_emails/text"), ">\r\n    folded\r\n    text");
    assert_eq!(text_at(PORTAL, "/customer_emails/copy"), "{<<: *from, name: [a, \"b\\u00e9\", 'it''s'], x: }");
    assert_eq!(text_at(PORTAL, "/customer_emails/copy/email"), "a@b.example");
    assert_eq!(text_at(PORTAL, "/customer_emails/all"), "*all");
    let text = "a:\nb: ~\nc: # note\n  - x\n  -\n  - - |+\n      y\n\n# end\nd: &m\n  ? k\n  : v\n";
    assert_eq!(text_at(text, ""), text.trim_end());
    assert_eq!(text_at(text, "/a"), "");
    assert_eq!(text_at(text, "/b"), "~");
    assert_eq!(text_at(text, "/c"), "- x\n  -\n  - - |+\n      y");
    assert_eq!(text_at(text, "/c/2/0"), "|+\n      y");
    assert_eq!(text_at(text, "/d"), "? k\n  : v");
    assert_eq!(text_at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/a"), "| # b |\n  t  ");
    assert_eq!(text_at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/b"), "|-");
    assert_eq!(text_at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/c"), ">2+");
    assert_eq!(text_at("a: |\n\n\n  | \n", "/a"), "|\n\n\n  | ");
    assert_eq!(text_at("|\n  x", ""), "|\n  x");
    let text = "a:   \nb: 1\n";
    let parsed = parse_and_check(text);
    let value = parsed.documents[0].nodes().find(|node| node.value == Value::Null).expect("a null");
    assert_eq!(value.span, Span::new(2, 2));
}

#[test]
fn core_tags_set_the_type_and_custom_tags_are_errors() {
    assert_parse(
        "- !!str 1\n- ! true\n- !!int '7'\n- !!null ''\n- !<tag:yaml.org,2002:bool> true\n",
        &[],
        "[\"1\", \"true\", 7, null, true]",
    );
    assert_parse("a: !x 1\n", &["1:4 CustomTag(\"!x\")"], "{a: !}");
    assert_parse("a: !!timestamp x\n", &["1:4 CustomTag(\"!!timestamp\")"], "{a: !}");
    assert_parse("a: !!int x\n", &["1:10 ContradictingTag"], "{a: !}");
}

#[test]
fn aliases_and_merge_keys_resolve_to_their_definition() {
    assert_parse("a: &x [1]\nb: *x\n*x : 2\n", &["3:1 KeyNotString"], "{a: [1], b: *[1]}");
    assert_parse("&k a: 1\n*k : 2\n", &[], "{a: 1, a: 2}");
    assert_parse("a: *x\nb: &y [*y]\n", &["1:4 UnknownAlias(\"x\")", "2:8 CyclicAlias"], "{a: !, b: [!]}");
    assert_parse(
        "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {z: 5, <<: [*a, *b]}\nd:\n  <<: *b\n  y: 9\n",
        &[],
        "{a: {x: 1, y: 2}, b: {y: 3, z: 4}, c: {z: 5, <<x: 1, <<y: 2}, d: {y: 9, <<z: 4}}",
    );
    assert_parse(
        "a: {<<: [{q: 1}, 1], '<<': 2}\nb: {<<: 2}",
        &["1:18 InvalidMergeKey", "2:9 InvalidMergeKey"],
        "{a: {<<: 2, <<q: 1}, b: {}}",
    );
    // The key that could not be read may be `y`.
    assert_parse("a: &a {y: 1}\nb:\n  <<: *a\n  : 2\n", &["4:3 Unexpected(':')"], "{a: {y: 1}, b: {}}");
}

#[test]
fn keys_are_text_and_duplicates_are_kept() {
    assert_parse("1: a\ntrue: b\n~: c\na: 1\na: 2\n", &[], "{1: \"a\", true: \"b\", ~: \"c\", a: 1, a: 2}");
    assert_parse(": a\nb: 2\n", &["1:1 Unexpected(':')"], "{b: 2}");
    assert_parse("a: {b 1, c, d: 2}\ne: 3", &["1:5 MissingColon"], "{a: {b: !, c: !, d: 2}, e: 3}");
    assert_parse("? [a]\n: 1\nb: 2\n", &["1:3 KeyNotString"], "{b: 2}");
}

#[test]
fn an_empty_text_has_one_document_with_null() {
    for text in ["", "\u{feff}", "# only a comment\n", "\n \n"] {
        assert_parse(text, &[], "null");
    }
    assert_parse("---\n", &[], "null");
    assert_parse("a: 1\n---\nb: *x\n...\n", &["3:4 UnknownAlias(\"x\")"], "{a: 1} | {b: !}");
}
