//! Hostile HTML: every function of the module runs over it. None may panic, take more than linear time, or return an invalid range.

use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::html::email_code::CodeSearch;
use crate::html::facts::ParsedHtml;
use crate::html::shortcodes::shortcodes;
use crate::rules::shared::html_hazards::{ShownIn, find_hazards, find_markup};

/// Runs every function of the module and slices the text with every range.
fn check_all_ranges(html: &str) {
    let parsed = [(ParsedHtml::from_email(html), ShownIn::Email), (ParsedHtml::from_fragment(html), ShownIn::Page)];
    for (parsed, shown_in) in &parsed {
        let facts = parsed.facts(html);
        for hazard in find_hazards(facts, "the footer", *shown_in) {
            assert!(!html[hazard.range].is_empty(), "{html:?}");
        }
        for located in facts.tag_errors(50).errors {
            assert!(!html[located.range].is_empty(), "{html:?}");
        }
        for code in facts.shortcodes(|_| true) {
            assert!(!html[code.range].is_empty(), "{html:?}");
        }
        for near_miss in facts.near_misses() {
            assert!(!html[near_miss.range.clone()].is_empty(), "{html:?}");
        }
        for address in facts.addresses() {
            assert!(!html[address.source.clone()].is_empty() || address.text.is_empty(), "{html:?}");
        }
        let code = match facts.email_code() {
            CodeSearch::Visible(range) => Some(range),
            CodeSearch::Hidden(code) => Some(&code.range),
            CodeSearch::NearMiss(_) | CodeSearch::Absent => None,
        };
        assert!(code.is_none_or(|range| &html[range.clone()] == "{{email_code}}"), "{html:?}");
    }
    for code in shortcodes(html) {
        assert!(html[code.range].contains(&html[code.inner]));
    }
    assert!(find_markup(html).is_none_or(|range| !html[range].is_empty()));
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
        "<noscript>",
        "<table>",
        "<b a=i><p>x",
        "<a b=c><table>",
        "<p class=a><style>.a{display:none}</style>",
        "<select><option>",
        "<details>",
        "<template>",
        "<svg><desc>",
        "<style>a{b:c(",
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
    let parts = [
        "<", ">", "\"", "'", "&", "{", "}}", "\r\n", "\r", "\0", "ü", "=", "/", "<!--", "-->", "</p", "&#", ";",
        "\u{a0}",
    ];
    let mut random = Random::new();
    for round in 0..random_inputs() {
        let seed = if round % 3 == 0 { SIMPLE } else { SEED };
        let mut chars: Vec<String> = seed.chars().map(String::from).collect();
        for _ in 0..=random.below(6) {
            let index = random.below(chars.len().max(1)).min(chars.len());
            match random.below(4) {
                _ if chars.len() < 2 => chars.push("<".to_owned()),
                0 => drop(chars.remove(index)),
                1 => chars.truncate(index.max(1)),
                2 => chars.insert(index, parts[random.below(parts.len())].to_owned()),
                _ => chars[index] = parts[random.below(parts.len())].to_owned(),
            }
        }
        check_all_ranges(&chars.concat());
    }
}
