mod stray_tokens;

use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::syntax::SyntaxError;
use crate::syntax::json::*;

fn parse_strict(text: &str) -> Parsed<'_> {
    parse(text, Dialect::Strict, &Limits::default())
}

/// The problems of a text with the text that each underlines.
fn problems(text: &str) -> Vec<(Problem, &str)> {
    parse_strict(text).errors.into_iter().map(|error| (error.problem, &text[error.span.range()])).collect()
}

fn to_json(document: &Document<'_>, id: NodeId) -> serde_json::Value {
    use serde_json::Value as Json;
    match &document.node(id).value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::String(format!("#{text}"))),
        Value::String(text) => Json::String(text.to_string()),
        Value::Array(items) => document.items(*items).iter().map(|&item| to_json(document, item)).collect(),
        Value::Object(entries) => document
            .entries(*entries)
            .iter()
            .map(|entry| (entry.key.to_string(), to_json(document, entry.value)))
            .collect(),
        Value::Alias(_) | Value::Broken => Json::String("broken".into()),
    }
}

fn tree(text: &str) -> String {
    let parsed = parse_strict(text);
    let document = parsed.documents.first().expect("there is a document");
    to_json(document, document.root().expect("there is a root")).to_string()
}

#[test]
fn valid_json_is_parsed_as_by_serde_json() {
    for text in [
        r#"{"a":[1,-2.5e+3,true,false,null],"b":{"c":"\u00fc\ud83d\ude00\n\\"},"d":""}"#,
        "[]",
        "{}",
        " \"x\" ",
        "0",
        "[[[]],{\"a\":{}}]",
    ] {
        assert!(parse_strict(text).errors.is_empty(), "{text}");
        let expected: serde_json::Value = serde_json::from_str(text).expect("valid");
        assert_eq!(tree(text), expected.to_string());
    }
}

#[test]
fn each_common_mistake_is_one_error_and_the_rest_is_parsed() {
    let cases: [(&str, Problem, &str, &str); 21] = [
        ("{\"a\": 1,}", Problem::TrailingComma, ",", r#"{"a":1}"#),
        ("{\"a\": 1 \"b\": 2}", Problem::MissingComma, "1", r#"{"a":1,"b":2}"#),
        ("[1 2]", Problem::MissingComma, "1", "[1,2]"),
        ("{\"a\": 1,, \"b\": 2}", Problem::ExtraComma, ",", r#"{"a":1,"b":2}"#),
        ("{\"a\" 1}", Problem::MissingColon, "\"", r#"{"a":1}"#),
        ("{\"a\" = 1}", Problem::MissingColon, "=", r#"{"a":1}"#),
        ("{\"a\": , \"b\": 2}", Problem::MissingValue, "\"a\"", r#"{"a":"broken","b":2}"#),
        ("{\"a\"}", Problem::MissingValue, "\"a\"", r#"{"a":"broken"}"#),
        ("{'a': 1}", Problem::SingleQuotes, "'a'", r#"{"a":1}"#),
        ("{a: 1}", Problem::UnquotedKey, "a", r#"{"a":1}"#),
        ("{1: 1}", Problem::KeyNotString, "1", r#"{"1":1}"#),
        ("{\"a\": 1 /* x */ }", Problem::Comment, "/* x */", r#"{"a":1}"#),
        ("{\"a\": True}", Problem::UnquotedText(Some("true")), "True", r#"{"a":"broken"}"#),
        ("{\"a\": some text, \"b\": 2}", Problem::UnquotedText(None), "some text", r#"{"a":"broken","b":2}"#),
        ("{\"a\": 01}", Problem::InvalidNumber, "01", r#"{"a":"broken"}"#),
        ("{\"a\": \"\\q\"}", Problem::InvalidEscape, "\\q", r#"{"a":"broken"}"#),
        ("{\"a\": \"\\ud800\"}", Problem::LoneSurrogate, "\\ud800", r#"{"a":"broken"}"#),
        ("{\"a\": \"x\ty\"}", Problem::ControlCharacter('\t'), "\t", r#"{"a":"broken"}"#),
        ("{\"a\": [1}", Problem::UnclosedBracket('['), "[", r#"{"a":[1]}"#),
        ("{\"a\": 1]}", Problem::StrayClosingBracket(']'), "]", r#"{"a":1}"#),
        ("{} {}", Problem::TextAfterValue, "{}", "{}"),
    ];
    for (text, problem, underlined, recovered) in cases {
        assert_eq!(problems(text), [(problem, underlined)], "{text}");
        assert_eq!(tree(text), recovered, "{text}");
    }
}

#[test]
fn stray_text_is_one_error_and_the_next_key_is_kept() {
    let rest = "\"b\": 2\n}";
    for (entry, problem, underlined) in [
        ("\"a\": 1,;", Problem::Unexpected(';'), ";"),
        ("\"a\": 1;", Problem::Unexpected(';'), ";"),
        ("\"a\": 1, x", Problem::Unexpected('x'), "x"),
        ("\"a\": 1 x,", Problem::Unexpected('x'), "x"),
        ("\"a\": 1, \"x\"", Problem::MissingValue, "\"x\""),
        ("\"a\": 1,\n\"x\":", Problem::MissingValue, "\"x\""),
        ("\"a\": 1,\n\"x", Problem::MissingClosingQuote, "\""),
        ("\"a\": 1,\n...base,", Problem::Unexpected('.'), "...base"),
        ("\"a\": 1,\n{{> base}},", Problem::UnquotedText(None), "{{> base}}"),
        ("\"a\": 1,\u{a0}", Problem::InvisibleCharacter('\u{a0}'), "\u{a0}"),
        ("\"a\":\u{200b}1,", Problem::InvisibleCharacter('\u{200b}'), "\u{200b}"),
        ("\"a\"\u{3000}\u{3000}: 1,", Problem::InvisibleCharacter('\u{3000}'), "\u{3000}\u{3000}"),
        ("\"a\": 1\u{feff},", Problem::InvisibleCharacter('\u{feff}'), "\u{feff}"),
        ("\"a\"\u{ff1a} 1,", Problem::LookAlike('\u{ff1a}', ':'), "\u{ff1a}"),
        ("\"a\": 1\u{ff0c}", Problem::LookAlike('\u{ff0c}', ','), "\u{ff0c}"),
    ] {
        let text = format!("{{\n{entry}\n{rest}");
        assert_eq!(problems(&text), [(problem, underlined)], "{text}");
        let tree = tree(&text);
        assert!(tree.starts_with(r#"{"a":1,"b":2"#), "{text} {tree}");
    }
}

#[test]
fn text_without_quotes_is_one_error_and_the_value_is_unknown() {
    for (value, underlined) in [
        ("${ENABLED}", "${ENABLED}"),
        ("{{ enabled }}", "{{ enabled }}"),
        ("<p class=\"x\">Hello, {{name}}</p>", "<"),
        ("<div>\n<p class=\"x\">a</p>\n</div>", "<"),
    ] {
        for end in [",\n\"b\": 2\n}", "\n}"] {
            let text = format!("{{\n\"a\": {value}{end}");
            let found = problems(&text);
            assert_eq!(found.len(), 1, "{text} {found:?}");
            assert_eq!(found[0].1, underlined, "{text}");
            assert!(tree(&text).starts_with(r#"{"a":"broken""#), "{text}");
        }
    }
}

#[test]
fn a_string_with_raw_line_breaks_and_quotes_is_one_error() {
    for value in [
        "<p class=\"x\">\n<b style=\"color: #333\">a</b>\n</p>",
        "<style>\np { font-family: \"Arial\", sans-serif; content: \"x\"}\n</style>",
        "<a\n href=\"https://acme-outfitters.com\" class=\"a\"\n>b</a>",
    ] {
        for end in ["\",\n\"b\": 2\n}", "\"\n}", "\"}"] {
            // Without a line break before the first quote, the string seems to end there.
            let text = format!("{{\n\"a\": \"<html>\n{value}{end}");
            let found = problems(&text);
            assert_eq!(found, [(Problem::ControlCharacter('\n'), "\n")], "{text}");
            assert!(tree(&text).starts_with(r#"{"a":"broken""#), "{text}");
        }
    }
}

#[test]
fn an_unclosed_string_ends_with_its_line() {
    let text = "{\n  \"a\": \"x,\n  \"b\": 2\n}";
    assert_eq!(problems(text), [(Problem::MissingClosingQuote, "\"")]);
    assert_eq!(tree(text), r#"{"a":"x","b":2}"#);
}

#[test]
fn a_string_may_continue_after_a_raw_line_break() {
    let text = "{\"a\": \"one\ntwo\", \"b\": 2}";
    assert_eq!(problems(text), [(Problem::ControlCharacter('\n'), "\n")]);
    assert_eq!(tree(text), r#"{"a":"broken","b":2}"#);
}

#[test]
fn an_unclosed_brace_is_located_by_the_indentation() {
    let text = "{\n  \"a\": {\n    \"b\": 1,\n  \"c\": 2\n}\n";
    let errors = parse_strict(text).errors;
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].span.start, &errors[0].problem), (9, &Problem::UnclosedBracket('{')));
    assert_eq!(tree(text), r#"{"a":{"b":1},"c":2}"#);
    // A brace typed as the last entry.
    for entry in ["\"x\": {", "\"x\": {\n      \"y\": 1"] {
        let text = format!("{{\n  \"a\": {{\n    \"b\": 1,\n    {entry}\n  }},\n  \"c\": 2\n}}\n");
        let errors = parse_strict(&text).errors;
        let found: Vec<_> = errors.iter().map(|error| (error.span.start as usize, &error.problem)).collect();
        assert_eq!(found, [(text.rfind('{').unwrap_or_default(), &Problem::UnclosedBracket('{'))], "{text}");
    }
}

#[test]
fn an_object_without_its_brace_ends_before_the_next_key() {
    let text = "{\n  \"a\": {\n    \"b\": 1,\n  \"c\": 2\n}\n";
    let parsed = parse_strict(text);
    let object = parsed.documents[0].nodes().nth(1).expect("there is an inner object");
    assert_eq!(&text[object.span.range()], "{\n    \"b\": 1");
}

#[test]
fn a_comma_after_a_key_that_closes_an_object_belongs_to_the_key() {
    let text = "{\n  \"a\": {\n    \"b\": 1,\n  \"c\",\n  \"d\": 2\n}\n";
    let errors = parse_strict(text).errors;
    let found: Vec<_> = errors.iter().map(|error| (error.span.start, &error.problem)).collect();
    assert_eq!(found, [(9, &Problem::UnclosedBracket('{'))]);
    assert_eq!(tree(text), r#"{"a":{"b":1},"c":"broken","d":2}"#);
}

#[test]
fn all_errors_of_a_file_are_reported() {
    let text = "{\n  'a': 1,\n  b: 2,\n  \"c\": True,\n}";
    let found: Vec<_> = problems(text).into_iter().map(|(problem, _)| problem).collect();
    let expected =
        [Problem::SingleQuotes, Problem::UnquotedKey, Problem::UnquotedText(Some("true")), Problem::TrailingComma];
    assert_eq!(found, expected);
}

#[test]
fn jsonc_allows_comments_and_trailing_commas() {
    let text = "// one\n{\"a\": 1, /* two */ }";
    let parsed = parse(text, Dialect::Comments, &Limits::default());
    assert_eq!(parsed.errors, []);
    assert_eq!(parsed.comments.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), ["// one", "/* two */"]);
}

#[test]
fn an_exceeded_limit_is_one_error() {
    let deep = "[".repeat(100_000);
    let errors = parse_strict(&deep).errors;
    assert!(matches!(errors[..], [SyntaxError { problem: Problem::TooDeep(128), .. }]), "{errors:?}");
    let many = format!("[{}0]", "0,".repeat(100_001));
    let errors = parse_strict(&many).errors;
    assert!(matches!(errors[..], [SyntaxError { problem: Problem::TooManyNodes(_), .. }]), "{errors:?}");
}

#[test]
fn an_empty_file_is_one_error() {
    for text in ["", " \n", "\u{feff}"] {
        assert_eq!(problems(text).len(), 1, "{text:?}");
    }
}

#[test]
fn mutated_texts_have_valid_spans_and_errors_exactly_if_serde_json_fails() {
    let seed = include_str!("../../../fixtures/clean/create.json");
    let pieces = [
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\n", "ü", "😀", "'", "/*", "//", "tru", "1.", "\u{0}", "\\u",
        "\u{a0}", "\u{3000}",
    ];
    let mut random = Random::new();
    for _ in 0..random_inputs() {
        let mut text = seed.to_string();
        for _ in 0..=random.below(3) {
            let offset = random.char_start(&text);
            if random.below(2) == 0 {
                text.insert_str(offset, pieces[random.below(pieces.len())]);
            } else {
                text.remove(offset);
            }
        }
        let parsed = parse_strict(&text);
        let mut spans: Vec<Span> = parsed.errors.iter().map(|error| error.span).collect();
        spans.extend(parsed.nodes().map(|node| node.span));
        for span in spans {
            assert!(text.get(span.range()).is_some(), "{span:?} in {text}");
        }
        assert_eq!(parsed.errors.is_empty(), serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
    }
}

#[test]
fn most_missing_quotes_are_one_error() {
    let clean = include_str!("../../../fixtures/clean/create.json");
    let (mut quotes, mut single_errors) = (0, 0);
    for (offset, _) in clean.match_indices('"').filter(|(offset, _)| !clean[..*offset].ends_with('\\')) {
        let text = format!("{}{}", &clean[..offset], &clean[offset + 1..]);
        quotes += 1;
        single_errors += usize::from(parse_strict(&text).errors.len() == 1);
    }
    // Not all, because without a quote, text is parsed as code and code as text, which may affect the next lines.
    assert!(single_errors * 10 > quotes * 6, "{single_errors} of {quotes}");
}

#[test]
fn structural_mistakes_are_one_error_and_parsing_continues() {
    let cases: [(&str, Problem, &str, &str); 25] = [
        ("{\"a\":\n\"b\": 1},\n\"c\": 2}", Problem::MissingOpeningBrace, "\"b\"", r#"{"a":{"b":1},"c":2}"#),
        ("\"a\": 1,\n\"b\": {}\n", Problem::MissingOpeningBrace, "\"a\"", r#"{"a":1,"b":{}}"#),
        ("\"a\": 1}", Problem::MissingOpeningBrace, "\"a\"", r#"{"a":1}"#),
        ("{\"a\": [\"b\": 1, \"c\": 2}}", Problem::WrongBracket('[', '{'), "[", r#"{"a":{"b":1,"c":2}}"#),
        ("{\"a\": [\"b\": 1]}", Problem::WrongBracket('[', '{'), "[", r#"{"a":{"b":1}}"#),
        ("{\"a\": {\"x\", \"y\"], \"b\": 1}", Problem::WrongBracket('{', '['), "{", r#"{"a":["x","y"],"b":1}"#),
        ("{\"a\": {\"x\"], \"b\": 1}", Problem::WrongBracket('{', '['), "{", r#"{"a":["x"],"b":1}"#),
        ("{\n\"a\": [\"x\",\n\"b\": []\n}", Problem::UnclosedBracket('['), "[", r#"{"a":["x"],"b":[]}"#),
        ("{\n\"a\": [\"x\"\n\"b\": 1\n}", Problem::UnclosedBracket('['), "[", r#"{"a":["x"],"b":1}"#),
        ("{\n\"a\": {\"b\": tru\n", Problem::UnclosedBracket('{'), "{", r#"{"a":{"b":"broken"}}"#),
        ("{\n\"a\": {\"b\": [\"x", Problem::MissingClosingQuote, "\"", r#"{"a":{"b":["broken"]}}"#),
        ("{\n\"a\": [1},\n\"b\": 1}", Problem::WrongBracket('}', ']'), "}", r#"{"a":[1],"b":1}"#),
        (
            "{\n  \"a\": {\n    \"b\": 1\n  ],\n  \"c\": 2\n}",
            Problem::WrongBracket(']', '}'),
            "]",
            r#"{"a":{"b":1},"c":2}"#,
        ),
        ("{\"a\": 1]", Problem::WrongBracket(']', '}'), "]", r#"{"a":1}"#),
        ("{\"a\": {}}, \"b\": 1}", Problem::StrayClosingBracket('}'), "}", r#"{"a":{},"b":1}"#),
        ("{\"a\": 1}}", Problem::StrayClosingBracket('}'), "}", r#"{"a":1}"#),
        ("{\"a\", \"b\", \"c\": 1}", Problem::MissingColon, ",", r#"{"a":"b","c":1}"#),
        ("{\"a: \"b\", \"c\": 1}", Problem::MissingClosingQuote, "\"", r#"{"a":"b","c":1}"#),
        ("{a\": \"b\"}", Problem::MissingOpeningQuote, "a\"", r#"{"a":"b"}"#),
        ("{\"a\": \"x \"y\" z\",\n\"b\": 1}", Problem::TextAfterQuote('"'), "\"", r#"{"a":"broken","b":1}"#),
        (
            "{\"a\": \u{201c}b\u{201d}, \"c\": 1}",
            Problem::ForeignQuotes('\u{201c}'),
            "\u{201c}b\u{201d}",
            r#"{"a":"b","c":1}"#,
        ),
        (
            "{\u{2018}it\u{2019}s\u{2019}: 1}",
            Problem::ForeignQuotes('\u{2018}'),
            "\u{2018}it\u{2019}s\u{2019}",
            "{\"it\u{2019}s\":1}",
        ),
        ("{\"a\": `x\ny`}", Problem::ForeignQuotes('`'), "`x\ny`", r#"{"a":"x\ny"}"#),
        ("{\"a\": \"\"\"x\"\"\", \"b\": \"\"}", Problem::ForeignQuotes('"'), "\"\"\"x\"\"\"", r#"{"a":"x","b":""}"#),
        ("```json\n{\"a\": 1}\n```\n", Problem::TextBeforeValue, "```json", r#"{"a":1}"#),
    ];
    for (text, problem, underlined, expected) in cases {
        assert_eq!(problems(text), [(problem, underlined)], "{text}");
        assert_eq!(tree(text), expected, "{text}");
    }
    for text in ["const a = {\"b\": 1};", "Here it is:\n{\"b\": 1}\nGood luck!", "export default {\"b\": 1}"] {
        assert_eq!(problems(text).len(), 1, "{text}");
        assert_eq!(tree(text), r#"{"b":1}"#);
    }
}

#[test]
fn hostile_texts_are_parsed_in_linear_time() {
    let cases = [
        ("", "[", ""),
        ("[", "#\n", ""),
        ("[", "# x\n1,", "]"),
        ("[", "// x\n", "]"),
        ("[\"", "\n", ""),
        ("[\"", "\n \t", "\"]"),
        ("[\"", "\\q", "\"]"),
        ("[\"", "x\n\"y\" ", ""),
        ("[", "1 ", "]"),
        ("[", "tru,", "]"),
        ("{", "\"a\": 1,", ""),
        ("{\"a\": {", "\"a\": 1,\n", "}"),
        ("{\"a\": [{", "\"a\": 1,\n    ", "}"),
        ("{", "\"a\": {\"b\": 1},", ""),
        ("{", "\"a\": {\n\"b\": 1},", "]"),
        ("{", "\"a\", ", "}"),
        ("{", "\"a\\\"", ""),
        ("", "}", ""),
        ("", "{]", ""),
        ("", "'", ""),
        ("", "\u{201c}", ""),
        ("[", "\"a\": ", "]"),
        ("{\"a\": \"\n", "\"x", "\"}"),
        ("{\"a\": \"\n", "\" ", ""),
        ("{\"a\": \"\n", "\"}", "x"),
        ("{\"a\": \"\n", "\",\n", ""),
        ("{\"a\": ", "<p>\n", ""),
        ("{", "\"a\": <p>, ", ""),
        ("{", "\"a\"\n", "}"),
        ("{", "\"a\":\n", "}"),
        ("{", "{{a}}", ""),
        ("{\"a\": 1", "{{", ""),
        ("{\"a\": 1", " x,", ""),
        ("{", "\u{a0}\u{ff0c}", ""),
        ("{\"a\": ", "x \"y\" ", ""),
        ("{\"a\": ", "x \"\n", ""),
        ("{\"a\": ", "x {", ""),
        ("{\"a\": ", "x {{y}} ", ""),
        ("{", "\"a\" ; ", ""),
        ("[", "\"x\"y\n z ", ""),
        ("", "x {{a{ }} ", "{"),
        ("", "${a} \n", ""),
        ("[", "' ", ""),
        ("[", "`x", ""),
        ("[", "\"x,\"y", ""),
        ("[\"x\"y", "\n", ""),
        ("[\"x\"y", "\",\n", ""),
    ];
    for (start, unit, end) in cases {
        assert_linear(
            &format!("{start}{unit}{end}"),
            |len| format!("{start}{}{end}", unit.repeat(len / unit.len())),
            |text| {
                parse_strict(text);
            },
        );
    }
}
