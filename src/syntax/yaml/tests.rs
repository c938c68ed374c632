//! Tests of the YAML parser with valid, invalid and hostile texts.

mod errors;
mod hostile;
mod tree;

use std::fmt::Write;

use crate::base::source::{Format, Source, Span};
use crate::syntax::yaml::parse;
use crate::syntax::{Document, Limits, Node, NodeId, Parsed, Value};

const PORTAL: &str = "\u{feff}# Portal für Müller\r\nname: \"Müller 😀\"   # the name\r\ncampaigns: &all\r\n- '123'\r\n- 0x1F\r\ncustomer_emails:\r\n  from: &from\r\n    email: a@b.example\r\n  html: |2-\r\n    <p>ü</p>\r\n\r\n     more\r\n\r\n  text: >\r\n    folded\r\n    text\r\n\r\n  copy: {<<: *from, name: [a, \"b\\u00e9\", 'it''s'], x: }\r\n  all: *all\r\nenabled: true\r\nempty:\r\n---\r\n- second\r\n";

/// Parses a text and checks the invariants of the result: spans are valid and ordered, and aliases point to no alias.
fn parse_and_check(text: &str) -> Parsed<'_> {
    let parsed = parse(text, &Limits::default());
    for error in &parsed.errors {
        assert_valid_span(text, error.span);
        if let Some(related) = error.related {
            assert_valid_span(text, related);
        }
    }
    assert!(parsed.errors.is_sorted_by_key(|error| error.span));
    assert!(parsed.comments.is_sorted());
    for &comment in &parsed.comments {
        assert_valid_span(text, comment);
    }
    for document in &parsed.documents {
        for node in document.nodes() {
            assert_valid_span(text, node.span);
            if let Value::Alias(target) = node.value {
                assert!(!matches!(document.node(target).value, Value::Alias(_)));
            }
            if let Value::Object(entries) = node.value {
                for entry in document.entries(entries) {
                    assert_valid_span(text, entry.key_span);
                }
            }
        }
        if let Some(root) = document.root() {
            assert_children_in_order(document, root, text);
        }
    }
    parsed
}

#[track_caller]
fn assert_valid_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

/// The span of a child is inside that of its parent, and children do not overlap.
fn assert_children_in_order(document: &Document<'_>, root: NodeId, text: &str) {
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        let node = document.node(id);
        let mut children = Vec::new();
        match &node.value {
            Value::Array(items) => children.extend_from_slice(document.items(*items)),
            Value::Object(entries) => {
                for entry in document.entries(*entries) {
                    if !entry.merged {
                        children.push(entry.value);
                    }
                }
            }
            _ => {}
        }
        let mut previous_end = node.span.start;
        for child in children {
            let span = document.node(child).span;
            assert!(previous_end <= span.start && span.end <= node.span.end, "{span:?} in {:?} of {text:?}", node.span);
            previous_end = span.end;
            stack.push(child);
        }
    }
}

/// The documents as JSON-like text, separated by ` | `. A broken value is `!`, an alias starts with `*`, and the key of a
/// merged entry starts with `<<`.
fn format_documents(parsed: &Parsed<'_>) -> String {
    let mut out = String::new();
    for (index, document) in parsed.documents.iter().enumerate() {
        out.push_str(if index > 0 { " | " } else { "" });
        if let Some(root) = document.root() {
            format_node(document, document.node(root), &mut out);
        }
    }
    out
}

fn format_node(document: &Document<'_>, node: &Node<'_>, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write!(out, "{value}").expect("writing to a string does not fail"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write!(out, "{text:?}").expect("writing to a string does not fail"),
        Value::Array(items) => {
            out.push('[');
            for (index, &item) in document.items(*items).iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                format_node(document, document.node(item), out);
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
                format_node(document, document.node(entry.value), out);
            }
            out.push('}');
        }
        Value::Alias(target) => {
            out.push('*');
            format_node(document, document.node(*target), out);
        }
        Value::Broken => out.push('!'),
    }
}

/// The errors in the form `line:column problem`.
fn format_errors(text: &str) -> Vec<String> {
    let source = Source::new("t.yaml", text, Format::Yaml);
    let mut errors = Vec::new();
    for error in parse_and_check(text).errors {
        let position = source.position(error.span.start);
        errors.push(format!("{}:{} {:?}", position.line, position.column, error.problem));
    }
    errors
}

/// Checks the errors of a text, in the form of [`format_errors`], and its tree, in that of [`format_documents`].
#[track_caller]
fn assert_parse(text: &str, expected_errors: &[&str], expected_documents: &str) {
    assert_eq!(format_errors(text), expected_errors, "{text:?}");
    assert_eq!(format_documents(&parse_and_check(text)), expected_documents, "{text:?}");
}

/// The text of the value at a JSON pointer.
fn text_at<'t>(text: &'t str, pointer: &str) -> &'t str {
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
