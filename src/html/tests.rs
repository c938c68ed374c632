//! Hostile HTML: every function of the module runs over it. None may panic, take more than linear time, or return an invalid range.

use std::ops::ControlFlow;

use super::near_miss::near_misses;
use super::shortcodes::shortcodes;
use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::html::balance::find_tag_errors;
use crate::html::email_code::{CodeSearch, find_email_code};
use crate::html::fast_scan;
use crate::html::fast_scan::SimpleHtml;
use crate::html::fast_text::shortcodes_in_use;
use crate::html::tokenizer;
use crate::html::tokenizer::Token;
use crate::rules::shared::html_hazards::{find_hazards, find_markup};

/// Runs every function of the module and slices the text with every range.
fn check_all_ranges(html: &str) {
    let mut end = 0;
    tokenizer::scan::<()>(html, |token| {
        let range = match token {
            Token::Open(tag) => {
                for attribute in tag.attributes() {
                    assert!(tag.range.start < attribute.range.start && attribute.range.end <= tag.range.end);
                    assert!(html[attribute.range.clone()].contains(&html[attribute.value_range]));
                }
                assert!(html[tag.range.clone()].starts_with('<'), "{html:?}");
                assert!(!tag.finished || html[tag.range.clone()].ends_with('>'), "{html:?}");
                tag.range
            }
            Token::Close { range, .. } | Token::Text(range) | Token::Comment(range) | Token::Doctype(range) => range,
        };
        assert_eq!(range.start, end, "a gap or an overlap: {html:?}");
        end = range.end;
        assert!(!html[range].is_empty());
        ControlFlow::Continue(())
    });
    assert_eq!(end, html.len(), "{html:?}");
    for located in find_tag_errors(html, 50).errors {
        assert!(!html[located.range].is_empty(), "{html:?}");
    }
    for code in shortcodes_in_use(html, |_| true) {
        assert!(!html[code.range].is_empty(), "{html:?}");
    }
    for code in shortcodes(html) {
        assert!(html[code.range].contains(&html[code.inner]));
    }
    for near in near_misses(html) {
        assert_eq!(&html[near.range], near.written);
    }
    let mut seen = None;
    match find_email_code(html) {
        CodeSearch::Visible(range) => seen = Some(range),
        CodeSearch::Hidden(codes) => assert!(codes.iter().all(|code| &html[code.range.clone()] == "{{email_code}}")),
        CodeSearch::NearMisses(_) | CodeSearch::Absent => {}
    }
    assert!(seen.as_ref().is_none_or(|range| &html[range.clone()] == "{{email_code}}"));
    let hazards = find_hazards(html, "the footer");
    for hazard in &hazards {
        assert!(!html[hazard.range.clone()].is_empty());
    }
    if let Some(simple) = fast_scan::scan_simple_html(html) {
        assert_simple_html_facts(html, &simple, seen.as_ref());
        assert_eq!(hazards, [], "{html:?}");
    }
    assert!(find_markup(html).is_none_or(|range| !html[range].is_empty()));
}

/// The fast scan finds the same code and addresses as the tokenizer.
fn assert_simple_html_facts(html: &str, simple: &SimpleHtml, seen: Option<&std::ops::Range<usize>>) {
    assert_eq!(simple.code.as_ref(), seen, "{html:?}");
    let mut addresses = Vec::new();
    tokenizer::scan::<()>(html, |token| {
        if let Token::Open(tag) = token {
            let links = tag.attributes().filter(|attribute| matches!(attribute.name, "href" | "src"));
            addresses.extend(links.map(|attribute| attribute.value_range));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(simple.addresses, addresses, "{html:?}");
}

#[test]
fn large_and_deep_html_takes_linear_time() {
    for unit in [
        "<",
        "{{",
        "}}",
        "{{ ",
        "{ ",
        "<a ",
        "</p>",
        "<p>",
        "<b>",
        "<li>",
        "<!--",
        "&",
        "&#123;",
        "a=",
        "[",
        "%",
        "<%",
        "<title>",
        "<svg>",
        "<i a=b c='d",
        "<p hidden>",
        "email_code}",
        "{{email_code",
        "\u{200b}",
        "url(",
        "/*",
        "\\",
        "<a style='url(",
        "@import ",
        "<style>@import",
    ] {
        assert_linear(unit, |len| unit.repeat(len / unit.len()), check_all_ranges);
    }
    let deep = |len: usize| format!("{}{}{{{{email_code}}}}", "<div>".repeat(len / 10), "</p></i>".repeat(len / 16));
    assert_linear("deep", deep, check_all_ranges);
    assert_linear("paragraphs", |len| format!("<p><table>{}", "<div>".repeat(len / 5)), check_all_ranges);
}

#[test]
fn mutated_html_has_valid_ranges() {
    const SIMPLE: &str = "<p class=\"a\">x &amp; <a href='https://acme.com/{{email_code}}'>y</a>\n{{email_code}}<br/></p><img src=\"http://b\" alt='<b>'>";
    const SEED: &str = "<!DOCTYPE html>\r\n<!--[if mso]>x<![endif]--><p style=\"display:none\" hidden>ü {{email_code}}</p>\
        <a HREF='java&#x73;cript:x' onclick=y z=\"\">&#123;{ email_<b>code</b> }}</a><style>@import url('x');a{}</style>\
        <title>😀</title><script>if (a</b>/) {}</script><img srcset='data:x 1x, y 2x' src=data:image/png,> [[email_code]] <br/";
    let parts =
        ["<", ">", "\"", "'", "&", "{", "}}", "\r\n", "\r", "\0", "ü", "=", "/", "<!--", "-->", "</p", "&#", ";"];
    let mut random = Random::new();
    for round in 0..random_inputs() {
        let seed = if round % 3 == 0 { SIMPLE } else { SEED };
        let mut chars: Vec<String> = seed.chars().map(String::from).collect();
        for _ in 0..=random.below(6) {
            let at = random.below(chars.len().max(1)).min(chars.len());
            match random.below(4) {
                _ if chars.len() < 2 => chars.push("<".to_owned()),
                0 => drop(chars.remove(at)),
                1 => chars.truncate(at.max(1)),
                2 => chars.insert(at, parts[random.below(parts.len())].to_owned()),
                _ => chars[at] = parts[random.below(parts.len())].to_owned(),
            }
        }
        check_all_ranges(&chars.concat());
    }
}
