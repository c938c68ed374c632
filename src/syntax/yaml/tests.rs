//! What the YAML reader makes of good, bad and hostile text.

use std::fmt::Write;

use crate::base::source::{Format, Source, Span};
use crate::syntax::yaml::parse;
use crate::syntax::{Document, Limits, Node, NodeId, Parsed, Problem, Value};

const PORTAL: &str = "\u{feff}# Portal für Müller\r\nname: \"Müller 😀\"   # the name\r\ncampaigns: &all\r\n- '123'\r\n- 0x1F\r\ncustomer_emails:\r\n  from: &from\r\n    email: a@b.example\r\n  html: |2-\r\n    <p>ü</p>\r\n\r\n     more\r\n\r\n  text: >\r\n    folded\r\n    text\r\n\r\n  copy: {<<: *from, name: [a, \"b\\u00e9\", 'it''s'], x: }\r\n  all: *all\r\nenabled: true\r\nempty:\r\n---\r\n- second\r\n";

fn read(text: &str) -> Parsed<'_> {
    check(text)
}

/// Parses and checks what must hold for every text.
fn check(text: &str) -> Parsed<'_> {
    let parsed = parse(text, &Limits::default());
    let good = |span: Span| {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    };
    for error in &parsed.errors {
        good(error.span);
        error.related.into_iter().for_each(good);
    }
    assert!(parsed.errors.is_sorted_by_key(|error| error.span));
    assert!(parsed.comments.is_sorted());
    parsed.comments.iter().copied().for_each(good);
    for document in &parsed.documents {
        document.nodes().for_each(|node| {
            good(node.span);
            if let Value::Alias(target) = node.value {
                assert!(!matches!(document.node(target).value, Value::Alias(_)));
            }
            if let Value::Object(entries) = node.value {
                for entry in document.entries(entries) {
                    good(entry.key_span);
                }
            }
        });
        if let Some(root) = document.root() {
            inside(document, root, text);
        }
    }
    parsed
}

/// A child lies in its parent, and children stand in order.
fn inside(document: &Document<'_>, root: NodeId, text: &str) {
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        let node = document.node(id);
        let children: Vec<NodeId> = match &node.value {
            Value::Array(items) => document.items(*items).to_vec(),
            Value::Object(entries) => {
                document.entries(*entries).iter().filter(|entry| !entry.merged).map(|entry| entry.value).collect()
            }
            _ => continue,
        };
        let mut last = node.span.start;
        for child in children {
            let span = document.node(child).span;
            assert!(last <= span.start && span.end <= node.span.end, "{span:?} in {:?} of {text:?}", node.span);
            last = span.end;
            stack.push(child);
        }
    }
}

/// The tree as JSON-like text; broken values are `!`, merged keys are marked.
fn show(parsed: &Parsed<'_>) -> String {
    let mut out = String::new();
    for (index, document) in parsed.documents.iter().enumerate() {
        out.push_str(if index > 0 { " | " } else { "" });
        if let Some(root) = document.root() {
            show_node(document, document.node(root), &mut out);
        }
    }
    out
}

fn show_node(document: &Document<'_>, node: &Node<'_>, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write!(out, "{value}").expect("a string takes it"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write!(out, "{text:?}").expect("a string takes it"),
        Value::Array(items) => {
            out.push('[');
            for (index, &item) in document.items(*items).iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                show_node(document, document.node(item), out);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (index, entry) in document.entries(*entries).iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(if entry.merged { "<<" } else { "" });
                out.push_str(&entry.key);
                out.push_str(": ");
                show_node(document, document.node(entry.value), out);
            }
            out.push('}');
        }
        Value::Alias(target) => {
            out.push('*');
            show_node(document, document.node(*target), out);
        }
        Value::Broken => out.push('!'),
    }
}

/// Errors as `line:column problem`.
fn errors(text: &str) -> Vec<String> {
    let source = Source::new("t.yaml", text, Format::Yaml);
    let place = |span: Span| {
        let position = source.position(span.start);
        (position.line, position.column)
    };
    check(text)
        .errors
        .iter()
        .map(|error| {
            let (line, column) = place(error.span);
            format!("{line}:{column} {:?}", error.problem)
        })
        .collect()
}

#[track_caller]
fn case(text: &str, expected: &[&str], tree: &str) {
    assert_eq!(errors(text), expected, "{text:?}");
    assert_eq!(show(&read(text)), tree, "{text:?}");
}

/// The text of the value a pointer names.
fn at<'t>(text: &'t str, pointer: &str) -> &'t str {
    let parsed = parse(text, &Limits::default());
    let document = &parsed.documents[0];
    let mut node = document.node(document.root().expect("there is a root"));
    for step in crate::syntax::pointer::steps(pointer) {
        let id = match &node.value {
            Value::Array(items) => document.items(*items)[step.parse::<usize>().expect("a number")],
            Value::Object(entries) => {
                document.entries(*entries).iter().find(|entry| entry.key == step).expect("the key").value
            }
            other => panic!("{other:?} has no {step}"),
        };
        node = document.node(id);
    }
    &text[node.span.range()]
}

#[test]
fn a_portal_is_read_whole() {
    case(
        PORTAL,
        &[],
        "{name: \"Müller 😀\", campaigns: [\"123\", 0x1F], customer_emails: {from: {email: \"a@b.example\"}, \
         html: \"<p>ü</p>\\n\\n more\", text: \"folded text\\n\", copy: {name: [\"a\", \"bé\", \"it's\"], x: null, \
         <<email: \"a@b.example\"}, all: *[\"123\", 0x1F]}, enabled: true, empty: null} | [\"second\"]",
    );
    let comments = read(PORTAL).comments;
    let comments: Vec<&str> = comments.iter().map(|span| &PORTAL[span.range()]).collect();
    assert_eq!(comments, ["# Portal für Müller", "# the name"]);
}

#[test]
fn values_know_their_bytes() {
    assert_eq!(at(PORTAL, "/name"), "\"Müller 😀\"");
    assert_eq!(at(PORTAL, "/campaigns"), "- '123'\r\n- 0x1F");
    assert_eq!(at(PORTAL, "/customer_emails/from"), "email: a@b.example");
    assert_eq!(at(PORTAL, "/customer_emails/html"), "|2-\r\n    <p>ü</p>\r\n\r\n     more");
    assert_eq!(at(PORTAL, "/customer_emails/text"), ">\r\n    folded\r\n    text");
    assert_eq!(at(PORTAL, "/customer_emails/copy"), "{<<: *from, name: [a, \"b\\u00e9\", 'it''s'], x: }");
    assert_eq!(at(PORTAL, "/customer_emails/copy/email"), "a@b.example");
    assert_eq!(at(PORTAL, "/customer_emails/all"), "*all");
    let text = "a:\nb: ~\nc: # note\n  - x\n  -\n  - - |+\n      y\n\n# end\nd: &m\n  ? k\n  : v\n";
    assert_eq!(at(text, ""), text.trim_end());
    assert_eq!(at(text, "/a"), "");
    assert_eq!(at(text, "/b"), "~");
    assert_eq!(at(text, "/c"), "- x\n  -\n  - - |+\n      y");
    assert_eq!(at(text, "/c/2/0"), "|+\n      y");
    assert_eq!(at(text, "/d"), "? k\n  : v");
    assert_eq!(at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/a"), "| # b |\n  t  ");
    assert_eq!(at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/b"), "|-");
    assert_eq!(at("a: | # b |\n  t  \n\n\nb: |-\nc: >2+\n\n", "/c"), ">2+");
    assert_eq!(at("a: |\n\n\n  | \n", "/a"), "|\n\n\n  | ");
    assert_eq!(at("|\n  x", ""), "|\n  x");
    let text = "a:   \nb: 1\n";
    let parsed = read(text);
    let value = parsed.documents[0].nodes().find(|node| node.value == Value::Null).expect("a null");
    assert_eq!(value.span, Span::new(2, 2));
}

#[test]
fn tags_decide_and_foreign_tags_are_reported() {
    case(
        "- !!str 1\n- ! true\n- !!int '7'\n- !!null ''\n- !<tag:yaml.org,2002:bool> true\n",
        &[],
        "[\"1\", \"true\", 7, null, true]",
    );
    case("a: !x 1\n", &["1:4 CustomTag(\"!x\")"], "{a: 1}");
    case("a: !!timestamp x\n", &["1:4 CustomTag(\"!!timestamp\")"], "{a: \"x\"}");
    case("a: !!int x\n", &["1:10 Yaml(\"a value that is not what its tag says\")"], "{a: \"x\"}");
}

#[test]
fn aliases_and_merges_keep_their_definition() {
    case("a: &x [1]\nb: *x\n*x : 2\n", &["3:1 KeyNotText"], "{a: [1], b: *[1]}");
    case("&k a: 1\n*k : 2\n", &[], "{a: 1, a: 2}");
    case("a: *x\nb: &y [*y]\n", &["1:4 UnknownAlias(\"x\")", "2:8 UnknownAlias(\"y\")"], "{a: !, b: [!]}");
    case(
        "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {z: 5, <<: [*a, *b]}\nd:\n  <<: *b\n  y: 9\n",
        &[],
        "{a: {x: 1, y: 2}, b: {y: 3, z: 4}, c: {z: 5, <<x: 1, <<y: 2}, d: {y: 9, <<z: 4}}",
    );
    case("a: {<<: 1, '<<': 2}\nb: {<<: [{q: 1}, 2]}", &["1:9 BadMerge", "2:18 BadMerge"], "{a: {<<: 2}, b: {<<q: 1}}");
}

#[test]
fn keys_are_text_and_duplicates_stay() {
    case("1: a\ntrue: b\n~: c\n: d\na: 1\na: 2\n", &[], "{1: \"a\", true: \"b\", ~: \"c\", : \"d\", a: 1, a: 2}");
    case("? [a]\n: 1\nb: 2\n", &["1:3 KeyNotText"], "{b: 2}");
}

#[test]
fn empty_texts_and_documents_differ() {
    for text in ["", "\u{feff}", "# only a comment\n", "\n \n"] {
        case(text, &[], "null");
    }
    case("---\n", &[], "null");
    case("a: 1\n---\nb: *x\n...\n", &["3:4 UnknownAlias(\"x\")"], "{a: 1} | {b: !}");
}

#[test]
fn quotes_are_told_apart_from_what_they_spoil() {
    case("a: \"x\nb: 1\n", &["1:4 UnclosedText"], "{a: !, b: 1}");
    case("a: 'x\n\nb: 'y'\n", &["1:4 UnclosedText"], "{a: !, b: \"y\"}");
    case("a: \"say \"hi\" now\"\nb: 1\n", &["1:10 AfterQuote('\"')"], "{a: !, b: 1}");
    case("a: 'it's'\nb: 1", &["1:8 AfterQuote('\\'')"], "{a: !, b: 1}");
    case("[\"a\" \"b]", &["1:6 UnclosedText"], "[\"a\", !]");
    case("a: \"hello\nworld\"\nb: 1", &["2:1 Indentation"], "{a: !, b: 1}");
    case("a: \"\\q \\y\"\nb: 1", &["1:5 BadEscape", "1:8 BadEscape"], "{a: !, b: 1}");
    case("a: \"\\ud800 \\ud83d\\ude00\"\n", &["1:5 LoneSurrogate"], "{a: !}");
    case("a: x\0y\nb: 1\n", &["1:5 ControlCharacter('\\0')"], "{a: \"xy\", b: 1}");
}

#[test]
fn values_that_need_quotes_are_named_by_the_character() {
    case("a: b: c\nd: 1", &["1:4 NeedsQuotes(':')"], "{a: !, d: 1}");
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
        case(&format!("a: {value}\nb: 1\n"), &[&format!("1:4 NeedsQuotes({character:?})")], "{a: !, b: 1}");
    }
    case("#c\n@a: 1\nb: 2", &["2:1 NeedsQuotes('@')"], "{b: 2}");
}

#[test]
fn indentation_and_colons_are_told_apart() {
    case("name\nid: 1\n", &["1:1 MissingColon"], "{name: !, id: 1}");
    case("id: 1\nname Acme\nx: 2\n", &["2:1 MissingColon"], "{id: 1, name: !, x: 2}");
    case("id: 1\nname:Acme\nx: 2\n", &["2:5 MissingSpace"], "{id: 1, name: !, x: 2}");
    case("a:\n    b: 1\n  c: 2\n  d: 3\nf: 1", &["2:5 Indentation"], "{a: {b: 1, c: 2, d: 3}, f: 1}");
    case("a: 1\n  b: 2\nc: 3\n", &["2:3 Indentation"], "{a: 1, b: 2, c: 3}");
    case("a:\n  - b: 1\n   c: 2\nd: 1", &["3:4 Indentation"], "{a: [{b: 1, c: 2}], d: 1}");
    case("a: |\n    foo\n  bar\nb: 1", &["3:3 Indentation"], "{a: \"foo\\nbar\\n\", b: 1}");
    case("- a\nb: 1\n", &["2:1 Yaml(\"a key among the items of a list\")"], "[\"a\"]");
    case("a: 1\n- b\n", &["2:1 Yaml(\"a list item among keys\")"], "{a: 1}");
}

#[test]
fn a_run_of_tabs_is_one_error_and_loses_nothing() {
    case("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 1", &["2:1 TabIndentation"], "{a: {b: 1, c: {d: 2}}, e: 1}");
    case("a:\n  b: 1\n\tc: 1\n  d: 2", &["3:1 TabIndentation"], "{a: {b: 1, c: 1, d: 2}}");
    case("a: |\n\tfoo\nb:\n\tc: 1\n", &["2:1 TabIndentation"], "{a: \"foo\\n\", b: {c: 1}}");
}

#[test]
fn brackets_are_repaired_with_one_character() {
    case("{\"a\": \"x\" \"b\": 1}", &["1:9 MissingComma"], "{a: \"x\", b: 1}");
    case("{\n  \"a\": \"x\"\n  \"b\": 1\n}", &["2:10 MissingComma"], "{a: \"x\", b: 1}");
    case("{\"a\" 1}", &["1:2 MissingColon"], "{a: 1}");
    case("{a: 1 b: 2}", &["1:5 MissingComma"], "{a: 1, b: 2}");
    case("{a: b: c}", &["1:5 NeedsQuotes(':')"], "{a: !}");
    case("[a,,b,]", &["1:4 ExtraComma"], "[\"a\", \"b\"]");
    case("[1, 2}", &["1:6 StrayClose('}')"], "[1, 2]");
    case("{a: 1}}\n", &["1:7 StrayClose('}')"], "{a: 1}");
    case("a: [1, 2\nb: 3\n", &["1:4 Unclosed('[')"], "{a: !, b: 3}");
    case("a: [1, {b: 2\n", &["1:8 Unclosed('{')"], "{a: [1, {b: 2}]}");
    case("x: {\n  a: [1, 2,\n  b: 3\n}\ny: 1\n", &["2:6 Unclosed('[')"], "{x: {a: !, b: 3}, y: 1}");
}

#[test]
fn every_error_of_a_file_is_found_at_its_line() {
    case(
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

#[test]
fn the_limits_hold_and_are_said_once() {
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
fn hostile_texts_are_not_read_for_ever() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("a0: &a0 {a: 1, b: 2, c: 3}\n");
    for level in 1..30 {
        let names = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{names}]").expect("a string takes it");
        writeln!(merges, "a{level}: &a{level} {{<<: [{names}], k{level}: [{names}]}}").expect("a string takes it");
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
        // It ends: what is not linear would take hours.
        let parsed = check(&text);
        assert!(!parsed.errors.is_empty() || parsed.documents.iter().map(Document::len).sum::<usize>() > 0);
    }
}

#[test]
fn twenty_thousand_mutations_break_nothing() {
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
        check(&text);
    }
}
