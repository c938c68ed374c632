//! RCP207: reports links, images and styles in HTML that use `http://` instead of `https://`.
//!
//! Only addresses that a browser requests are checked, and not those in text, `xmlns` and doctypes.

use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding};
use crate::html::facts::HtmlFacts;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

const SCHEME: &str = "http";

/// Checks the footer and the HTML of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(facts) = html.facts() else { continue };
        cx.report_each(find_insecure_addresses(facts), |cx, insecure| insecure_finding(cx, html, insecure, facts.html));
    }
}

fn insecure_finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, insecure: InsecureAddress, text: &str) -> Finding {
    let verb = if insecure.is_link { "links to" } else { "loads" };
    let message = format!("{} {verb} {}, which is not encrypted", html.label, quote(&insecure.address));
    let end = insecure.range.end;
    // In an address with entities or escapes, the range is the whole address, so it is not known where to insert the `s`.
    let is_plain = text[insecure.range.clone()].eq_ignore_ascii_case(SCHEME);
    let edits = if is_plain { cx.replace_part(&html.cursor, end..end, "s") } else { None };
    let location = cx.locate_part(&html.cursor, insecure.range);
    let finding = Finding::new(location, message, "use `https://` if the site supports it");
    finding.with_fix(Applicability::Unsafe, "change `http://` to `https://`", edits)
}

/// An address that starts with `http:`.
struct InsecureAddress {
    /// The bytes of `http`, or of the whole address if that is written with entities or escapes.
    range: Range<usize>,
    address: String,
    /// Whether a person follows the address. Otherwise a browser loads it with the page.
    is_link: bool,
}

fn find_insecure_addresses(facts: HtmlFacts<'_>) -> Vec<InsecureAddress> {
    let mut found = Vec::new();
    for address in facts.addresses() {
        if !is_http(&address.text) {
            continue;
        }
        let written = &facts.html[address.source.clone()];
        let is_plain = written == address.text
            && written.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
        let start = address.source.start;
        let range = if is_plain { start..start + SCHEME.len() } else { address.source.clone() };
        found.push(InsecureAddress { range, address: address.text.clone(), is_link: address.is_link });
    }
    found
}

/// Whether a browser reads the scheme of an address as `http`. It ignores tabs, line breaks and letter case (URL Standard, "basic URL
/// parser").
fn is_http(address: &str) -> bool {
    let mut characters = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r'));
    "http:".chars().all(|expected| characters.next().is_some_and(|c| c.eq_ignore_ascii_case(&expected)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::facts::ParsedHtml;

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
            ("<table><td background='http://a.com/b.png'>", "http"),
            ("<!--[if mso]><v:fill src='http://a.com/b.png'><![endif]-->", "http"),
            ("<p style='background: URL( \"http://a.com/b.png\")'>", "http"),
            ("<p style='background:url(&quot;http://a.com/b.png&quot;)'>", "http"),
            ("<style>a{b:url(http://a.com)}</style>", "http"),
            ("<style>@import 'http://a.com';</style>", "http"),
            ("<object data='http://a.com'>", "http"),
        ] {
            let found = find_insecure_addresses(ParsedHtml::from_email(html).facts(html));
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
            assert!(find_insecure_addresses(ParsedHtml::from_email(html).facts(html)).is_empty(), "{html}");
        }
    }
}
