//! RCP207: reports links, images and styles in html that use `http://` instead of `https://`.
//!
//! Only addresses that a browser requests are checked. Addresses in text, `xmlns` and doctypes are names and request nothing.

use std::ops::{ControlFlow, Range};

use crate::base::diagnostic::{Applicability, Finding};
use crate::html::fast_scan::SimpleHtml;
use crate::html::tokenizer::{Attribute, Token, scan};
use crate::html::urls;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

const HTTP: &str = "http://";
/// The length of `http`, which is what findings underline.
const SCHEME_LENGTH: usize = "http".len();
/// The maximum number of bytes of an address in css.
const MAX_CSS_ADDRESS: usize = 256;

/// Checks the footer and the html of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(text) = html.cursor.text() else { continue };
        let found = match &html.simple_html {
            Some(simple) => find_in_simple_html(text, simple),
            None if may_contain_http(text) => find_insecure_addresses(text),
            None => continue,
        };
        cx.report_each(found, |cx, insecure| insecure_finding(cx, html, insecure, text));
    }
}

fn insecure_finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, insecure: InsecureAddress, text: &str) -> Finding {
    let verb = if insecure.is_link { "links to" } else { "loads" };
    let message = format!("{} {verb} {}, which is not encrypted", html.label, quote(&insecure.address));
    let end = insecure.range.end;
    // An address with entities or escapes is underlined as a whole. Where the `s` belongs is not known then.
    let is_plain = text[insecure.range.clone()].eq_ignore_ascii_case("http");
    let edits = if is_plain { cx.replace_part(&html.cursor, end..end, "s") } else { None };
    let location = cx.locate_part(&html.cursor, insecure.range);
    let finding = Finding::new(location, message, "write `https://` once the address answers there");
    finding.with_fix(Applicability::Unsafe, "write `https://`", edits)
}

/// An address that starts with `http:`.
struct InsecureAddress {
    /// The bytes of `http`, or of the whole value if that is written with entities or escapes.
    range: Range<usize>,
    address: String,
    /// Whether a person follows the address. Otherwise a browser loads it without being asked.
    is_link: bool,
}

fn find_in_simple_html(html: &str, simple: &SimpleHtml) -> Vec<InsecureAddress> {
    let mut found = Vec::new();
    for range in &simple.addresses {
        if !html[range.clone()].starts_with(HTTP) {
            continue;
        }
        let before = &html[..range.start];
        found.push(InsecureAddress {
            range: range.start..range.start + SCHEME_LENGTH,
            address: html[range.clone()].to_owned(),
            is_link: before.trim_ascii_end().ends_with("href=\"") || before.ends_with("href='"),
        });
    }
    found
}

/// Whether html has a colon, or an entity that may stand for one, after something that may be the end of `http`. A quick
/// check that rejects most html.
fn may_contain_http(html: &str) -> bool {
    let bytes = html.as_bytes();
    for index in memchr::memchr2_iter(b':', b'&', bytes) {
        let previous = if index == 0 { b' ' } else { bytes[index - 1] };
        // `;` ends an entity (`htt&#112;:`). URL Standard, "basic URL parser": tabs and line breaks are removed.
        if matches!(previous, b'p' | b'P' | b';' | b'\t' | b'\r' | b'\n') {
            return true;
        }
    }
    false
}

fn find_insecure_addresses(html: &str) -> Vec<InsecureAddress> {
    let mut found = Vec::new();
    let mut is_in_style = false;
    scan::<()>(html, |token| {
        match token {
            Token::Open(tag) => {
                is_in_style = tag.name == "style" && tag.finished;
                for attribute in tag.attributes() {
                    check_attribute(html, &attribute, tag.name, &mut found);
                }
            }
            Token::Text(range) if is_in_style => check_css(&html[range.clone()], &range, &mut found),
            Token::Close { .. } => is_in_style = false,
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found
}

fn check_attribute(html: &str, attribute: &Attribute<'_>, element: &str, found: &mut Vec<InsecureAddress>) {
    let (value, value_range) = (attribute.value, attribute.value_range.clone());
    let raw = html.get(value_range.clone()).unwrap_or_default();
    match attribute.name {
        "style" if raw == value => check_css(raw, &value_range, found),
        "style" => {
            // The value has entities in it, so offsets in the decoded value are not offsets in the file.
            let before = found.len();
            check_css(value, &(0..value.len()), found);
            for insecure in &mut found[before..] {
                insecure.range = value_range.clone();
            }
        }
        "srcset" => check_srcset(value, raw, &value_range, found),
        name if is_requested(name, element) && is_http(value) => {
            let is_link = matches!(element, "a" | "area" | "form" | "button" | "input") && name != "src";
            let range = locate_scheme(raw, &value_range);
            found.push(InsecureAddress { range, address: value.trim().to_owned(), is_link });
        }
        _ => {}
    }
}

/// Whether a browser requests the address in an attribute.
fn is_requested(attribute: &str, element: &str) -> bool {
    urls::leads(attribute) || attribute == "xlink:href" || (attribute, element) == ("data", "object")
}

/// Checks a `srcset`. `value` has its entities decoded, `raw` is written at `value_range`.
fn check_srcset(value: &str, raw: &str, value_range: &Range<usize>, found: &mut Vec<InsecureAddress>) {
    let mut search_start = 0;
    for address in urls::candidates(value) {
        if !is_http(address) {
            continue;
        }
        let range = if let Some(offset) = raw[search_start..].find(address) {
            let start = search_start + offset;
            search_start = start + address.len();
            value_range.start + start..value_range.start + start + SCHEME_LENGTH
        } else {
            // The address is written with entities. Do not search for the next ones either: each search would read the whole
            // value, which takes quadratic time.
            search_start = raw.len();
            value_range.clone()
        };
        found.push(InsecureAddress { range, address: address.to_owned(), is_link: false });
    }
}

/// The bytes of `http` at the start of an address, or of the whole value if it is written with entities.
fn locate_scheme(raw: &str, value_range: &Range<usize>) -> Range<usize> {
    // URL Standard, "basic URL parser": leading C0 controls and spaces are removed.
    let leading = raw.len() - raw.trim_start_matches(|c: char| c <= ' ').len();
    let is_plain = raw.get(leading..leading + HTTP.len()).is_some_and(|start| start.eq_ignore_ascii_case(HTTP));
    if !is_plain {
        return value_range.clone();
    }
    let start = value_range.start + leading;
    start..start + SCHEME_LENGTH
}

/// Checks each `url()` and `@import` of css, which is written at `range`.
fn check_css(css: &str, range: &Range<usize>, found: &mut Vec<InsecureAddress>) {
    let plain = urls::plain_css(css);
    // Lower case has the same length. If the length differs, comments or escapes were removed, and offsets are not known.
    let has_same_offsets = plain.len() == css.len();
    let mut starts = Vec::new();
    for keyword in ["url(", "@import"] {
        starts.extend(plain.match_indices(keyword).map(|(index, _)| index + keyword.len()));
    }
    for start in starts {
        let address = plain[start..].trim_start_matches(|c: char| c <= ' ' || c == '"' || c == '\'');
        if !is_http(address) {
            continue;
        }
        let scheme_start = range.start + plain.len() - address.len();
        let address_range = if has_same_offsets { scheme_start..scheme_start + SCHEME_LENGTH } else { range.clone() };
        // Thousands of `url(` without an end would otherwise each cost a search to the end of the css.
        let address = &address[..address.floor_char_boundary(MAX_CSS_ADDRESS)];
        let end = address.find([')', '"', '\'', ';']).unwrap_or(address.len());
        found.push(InsecureAddress { range: address_range, address: address[..end].to_owned(), is_link: false });
    }
}

/// Whether a browser reads the scheme of an address as `http`. URL Standard, "basic URL parser": leading controls and spaces,
/// and all tabs and line breaks, are removed; case does not count.
fn is_http(address: &str) -> bool {
    let start = address.trim_start_matches(|c: char| c <= ' ');
    let mut characters = start.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r'));
    "http:".chars().all(|expected| characters.next().is_some_and(|c| c.eq_ignore_ascii_case(&expected)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insecure_addresses_are_reported_at_their_scheme() {
        for (html, place) in [
            ("<a style='' href='http://a.com'>", "http"),
            ("<a style='' href=\" HTTP://a.com\">", "HTTP"),
            ("<a style='' href='ht\ntp://a.com'>", "ht\ntp://a.com"),
            ("<a style='' href='http&#58;//a.com'>", "http&#58;//a.com"),
            ("<a style='' href='h&#116;tp://a.com'>", "h&#116;tp://a.com"),
            ("<img style='' src=http://a.com/b.png>", "http"),
            ("<img srcset='https://a.com/b 1x, http://a.com/c 2x'>", "http"),
            ("<td background='http://a.com/b.png'>", "http"),
            ("<p style='background: URL( \"http://a.com/b.png\")'>", "http"),
            (
                "<p style='background:url(&quot;http://a.com/b.png&quot;)'>",
                "background:url(&quot;http://a.com/b.png&quot;)",
            ),
            ("<style>a{b:url(http://a.com)}</style>", "http"),
            ("<style>@import 'http://a.com';</style>", "http"),
            ("<object data='http://a.com'>", "http"),
        ] {
            assert!(may_contain_http(html), "{html}");
            let found = find_insecure_addresses(html);
            assert_eq!(
                found.iter().map(|insecure| &html[insecure.range.clone()]).collect::<Vec<_>>(),
                [place],
                "{html}"
            );
        }
    }

    #[test]
    fn addresses_that_are_not_requested_are_ignored() {
        for html in [
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd\">",
            "<html xmlns='http://www.w3.org/1999/xhtml'><svg xmlns='http://www.w3.org/2000/svg'></svg>",
            "<p title='http://a.com'>http://a.com</p><!-- <a href='http://a.com'> -->",
            "<a href='https://a.com/?to=http://b.com'>x</a><a href='//a.com'>y</a><a href='/http:'>z</a>",
            "<style>/* http://a.com */ a{b:url(https://a.com)}</style>",
        ] {
            assert!(find_insecure_addresses(html).is_empty(), "{html}");
        }
    }
}
