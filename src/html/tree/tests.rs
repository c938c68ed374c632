use std::fmt::Write as _;
use std::path::Path;

use html5ever::{LocalName, QualName, ns};

use crate::html::tree::{Context, HtmlTree, Interpretation, MAX_NAMES, NodeData, NodeId, TreeLimit, parse};

/// Writes a tree in the format of html5lib's tests.
fn write_tree(tree: &HtmlTree, html: &str, id: NodeId, depth: usize, out: &mut String) {
    for child in tree.children(id) {
        let indent = "  ".repeat(depth);
        match &tree.node(child).data {
            NodeData::Document => {}
            NodeData::Doctype(_) => {
                let _ = writeln!(out, "| {indent}<!DOCTYPE>");
            }
            NodeData::Comment(range) => {
                let _ = writeln!(out, "| {indent}<!-- {} -->", &html[range.clone()]);
            }
            NodeData::Text(pieces) => {
                let text: String = pieces.iter().map(|piece| &*piece.text).collect();
                let _ = writeln!(out, "| {indent}\"{text}\"");
            }
            NodeData::Element(element) => {
                let namespace = match &element.name.ns {
                    ns if *ns == ns!(svg) => "svg ",
                    ns if *ns == ns!(mathml) => "math ",
                    _ => "",
                };
                let _ = writeln!(out, "| {indent}<{namespace}{}>", element.name.local);
                for attribute in tree.attributes(element) {
                    let _ = writeln!(out, "| {indent}  {}=\"{}\"", attribute.name, attribute.value);
                }
                if let Some(contents) = element.template_contents {
                    let _ = writeln!(out, "| {indent}  content");
                    write_tree(tree, html, contents, depth + 2, out);
                }
                write_tree(tree, html, child, depth + 1, out);
            }
        }
    }
}

struct TreeTest {
    html: String,
    expected: String,
    fragment: Option<QualName>,
    scripting: Vec<bool>,
}

fn read_tests(text: &str) -> Vec<TreeTest> {
    let mut tests = Vec::new();
    for block in format!("\n{text}").split("\n#data\n").skip(1) {
        let block = format!("\n{block}");
        // A test without an `#errors` section has a `#document` or `#document-fragment` section next.
        let end = ["\n#errors", "\n#document"].iter().filter_map(|name| block.find(name)).min().unwrap_or(block.len());
        let (html, rest) = (block[..end].strip_prefix('\n').unwrap_or_default(), &block[end..]);
        let (head, expected) = rest.split_once("#document\n").unwrap_or((rest, ""));
        let fragment = head.split_once("#document-fragment\n").map(|(_, name)| {
            let name = name.lines().next().unwrap_or_default();
            match name.split_once(' ') {
                Some(("svg", local)) => QualName::new(None, ns!(svg), LocalName::from(local)),
                Some(("math", local)) => QualName::new(None, ns!(mathml), LocalName::from(local)),
                _ => QualName::new(None, ns!(html), LocalName::from(name)),
            }
        });
        let scripting = if head.contains("#script-on") {
            vec![true]
        } else if head.contains("#script-off") {
            vec![false]
        } else {
            vec![true, false]
        };
        tests.push(TreeTest {
            html: html.to_owned(),
            expected: expected.trim_end_matches('\n').to_owned(),
            fragment,
            scripting,
        });
    }
    tests
}

/// Reduces an expected or actual tree to what [`HtmlTree`] contains: names of attributes in lower case and with their prefixes, and
/// no contents of comments and doctypes.
fn normalize(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut attributes: Vec<String> = Vec::new();
    for line in text.lines() {
        let content = line.trim_start_matches(['|', ' ']);
        let is_attribute = content.contains("=\"") && !content.starts_with(['"', '<']);
        if is_attribute {
            // The adjusted case and prefix of SVG and MathML: `viewBox`, `xlink href`.
            let name = line.to_ascii_lowercase();
            attributes.push(name.replace("xlink ", "xlink:").replace("xml ", "xml:").replace("xmlns ", "xmlns:"));
            continue;
        }
        attributes.sort();
        lines.append(&mut attributes);
        let declaration = ["<!DOCTYPE", "<!-- "].into_iter().find(|start| content.starts_with(start));
        lines.push(declaration.unwrap_or(line).to_owned());
    }
    attributes.sort();
    lines.append(&mut attributes);
    lines.join("\n")
}

/// The tests whose expected tree is older than a change of the HTML Standard: since 2025, a `<select>` can contain other
/// elements (the customizable select), so a current browser keeps elements that the tests expect to be dropped.
fn predates_customizable_select(test: &TreeTest) -> bool {
    let is_fragment_of_select = test.fragment.as_ref().is_some_and(|name| &*name.local == "select");
    is_fragment_of_select || test.html.contains("<select") || test.html.contains("<option")
}

/// The number of [`predates_customizable_select`] tests that fail, in both modes.
const OUTDATED_TESTS: usize = 36;

#[test]
fn trees_are_those_of_html5lib() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/html5lib/tree-construction");
    let (mut passed, mut outdated) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "dat") {
            continue;
        }
        for test in read_tests(&std::fs::read_to_string(&path).unwrap()) {
            for scripting in test.scripting.clone() {
                let actual = build_tree(&test, scripting);
                if actual == normalize(&test.expected) {
                    passed += 1;
                } else {
                    assert!(
                        predates_customizable_select(&test),
                        "{path:?}: {:?}\n{}\n{actual}",
                        test.html,
                        test.expected
                    );
                    outdated += 1;
                }
            }
        }
    }
    assert!(passed > 3_400, "{passed}");
    assert_eq!(outdated, OUTDATED_TESTS);
}

/// Builds the tree of a test, checks its ranges, and returns it in the format of html5lib's tests.
fn build_tree(test: &TreeTest, scripting: bool) -> String {
    let context = test.fragment.clone().map_or(Context::Page, Context::Fragment);
    let tree = parse(&test.html, &Interpretation { context, scripting });
    check_ranges(&test.html, &tree);
    // A fragment has an `<html>` element around it that the tests do not show.
    let root = if test.fragment.is_some() { tree.children(HtmlTree::ROOT).next().unwrap() } else { HtmlTree::ROOT };
    let mut actual = String::new();
    write_tree(&tree, &test.html, root, 0, &mut actual);
    normalize(&actual)
}

/// Compares the ranges of all nodes with the text.
fn check_ranges(html: &str, tree: &HtmlTree) {
    for index in 0..tree.nodes.len() {
        match &tree.nodes[index].data {
            NodeData::Element(element) => {
                if let Some(range) = tree.start_tag_range(element) {
                    let tag = &html[range.clone()];
                    assert!(tag.starts_with('<') && tag.ends_with('>'), "{html:?} {tag:?}");
                    let name = &*element.name.local;
                    let tag = tag.to_ascii_lowercase().replace('\0', "\u{fffd}");
                    assert!(tag[1..].starts_with(&name.to_ascii_lowercase()) || name == "img", "{html:?} {tag:?}");
                }
                for attribute in tree.attributes(element) {
                    let name = html[attribute.name_range.clone()].to_ascii_lowercase().replace('\0', "\u{fffd}");
                    assert_eq!(name, *attribute.name, "{html:?}");
                    if attribute.value_parts.is_empty() {
                        assert_eq!(html[attribute.value_range.clone()], *attribute.value, "{html:?}");
                    }
                    let mapped = attribute.mapped_value();
                    assert_eq!(mapped.text, *attribute.value);
                }
            }
            NodeData::Text(pieces) => {
                for piece in pieces {
                    assert!(!piece.source.is_empty(), "{html:?} {piece:?}");
                    let source = &html[piece.source.clone()];
                    assert!(
                        piece.text.len() == piece.source.len() || source.starts_with(['&', '\r', '\0']),
                        "{html:?} {piece:?}"
                    );
                    if piece.text.len() == piece.source.len() {
                        let source = source.replace('\r', "\n");
                        assert_eq!(source, *piece.text, "{html:?}");
                    }
                }
            }
            NodeData::Comment(range) => {
                let comment = &html[range.clone()];
                assert!(
                    comment.starts_with('<') && (comment.ends_with('>') || range.end == html.len()),
                    "{html:?} {comment:?}"
                );
            }
            NodeData::Document | NodeData::Doctype(_) => {}
        }
    }
}

#[test]
fn each_body_tag_adds_only_the_attributes_that_are_missing() {
    let tree = parse("<body a=1><body b=2><body a=3 b=4 c=5>", &Interpretation::EMAIL);
    let body =
        tree.ids().filter_map(|id| tree.element(id)).find(|element| element.html_name() == Some("body")).unwrap();
    let attributes: Vec<(&str, &str)> =
        tree.attributes(body).map(|attribute| (&*attribute.name, &*attribute.value)).collect();
    assert_eq!(attributes, [("a", "1"), ("b", "2"), ("c", "5")]);
}

#[test]
fn a_text_with_too_many_different_names_is_read_up_to_the_limit() {
    for (prefix, suffix) in [("<b abcdefg", "=x>"), ("<abcdefg", ">"), ("</abcdefg", ">"), ("<svg><abcdefg", "/>")] {
        let text_of = |count: usize| {
            let mut text = String::new();
            for number in 0..count {
                text.extend([prefix, &number.to_string(), suffix, "</b>"]);
            }
            text
        };
        assert_eq!(parse(&text_of(400), &Interpretation::EMAIL).limit, None, "{prefix}");
        let limited = parse(&text_of(20_000), &Interpretation::EMAIL);
        assert!(limited.limit.is_some() && limited.tags.len() <= 2 * MAX_NAMES + 2, "{prefix}");
        // A name that is used again does not count.
        let repeated = format!("{prefix}{suffix}</b>").repeat(20_000);
        assert_ne!(parse(&repeated, &Interpretation::EMAIL).limit, Some(TreeLimit::Names), "{prefix}");
    }
}
