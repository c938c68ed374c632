//! RCP207: links, pictures and styles in html are fetched over `https://`.
//!
//! Only what leads or loads is looked at: addresses in text, `xmlns` and doctypes name things and fetch nothing.

use std::ops::{ControlFlow, Range};

use crate::base::diagnostic::{Applicability, Finding};
use crate::html::fast_scan::SimpleHtml;
use crate::html::tokenizer::{Attribute, Token, scan};
use crate::html::urls;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

const HTTP: &str = "http://";
/// No more of an address is shown.
const LONGEST_SHOWN: usize = 256;

/// The footer and both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for Html { label, cursor, simple_html, .. } in cx.portal.htmls() {
        let Some(html) = cursor.text() else { continue };
        let found = match simple_html {
            Some(simple_html) => insecure_addresses(html, simple_html),
            None if may_hold_http(html) => addresses(html),
            None => continue,
        };
        cx.report_each(found, |cx, found| {
            let verb = if found.is_link { "links to" } else { "loads" };
            let message = format!("{label} {verb} {}, which is not encrypted", quote(&found.address));
            let end = found.range.end;
            // In disguise the place is the whole value, and there is no telling where the `s` belongs.
            let is_written = html[found.range.clone()].eq_ignore_ascii_case("http");
            let edits = is_written.then(|| cx.replace_part(cursor, end..end, "s")).flatten();
            let place = cx.locate_part(cursor, found.range);
            let finding = Finding::new(place, message, "write `https://` once the address answers there");
            finding.with_fix(Applicability::Unsafe, "write `https://`", edits)
        });
    }
}

/// An address that starts with `http:`.
struct Insecure {
    /// The `http`; in disguise, the whole value.
    range: Range<usize>,
    address: String,
    /// Followed by a person, not loaded by a program.
    is_link: bool,
}

fn insecure_addresses(html: &str, simple_html: &SimpleHtml) -> Vec<Insecure> {
    let insecure = simple_html.addresses.iter().filter(|range| html[(*range).clone()].starts_with(HTTP));
    let link = |range: &Range<usize>| {
        html.as_bytes()[..range.start].trim_ascii_end().ends_with(b"href=\"") || html[..range.start].ends_with("href='")
    };
    insecure
        .map(|range| Insecure {
            range: range.start..range.start + "http".len(),
            address: html[range.clone()].to_owned(),
            is_link: link(range),
        })
        .collect()
}

/// A quick "no": no colon behind something that may be `http`, and no entity in a colon's place.
fn may_hold_http(html: &str) -> bool {
    let bytes = html.as_bytes();
    memchr::memchr2_iter(b':', b'&', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        matches!(before, b'p' | b'P' | b';' | b'\t' | b'\r' | b'\n')
    })
}

fn addresses(html: &str) -> Vec<Insecure> {
    let mut found = Vec::new();
    let mut in_style = false;
    scan::<()>(html, |token| {
        match token {
            Token::Open(tag) => {
                in_style = tag.name == "style" && tag.finished;
                tag.attributes().for_each(|attribute| of_attribute(html, &attribute, tag.name, &mut found));
            }
            Token::Text(range) if in_style => of_css(&html[range.clone()], &range, &mut found),
            Token::Close { .. } => in_style = false,
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found
}

fn of_attribute(html: &str, attribute: &Attribute<'_>, element: &str, found: &mut Vec<Insecure>) {
    let (value, written) = (attribute.value, attribute.value_range.clone());
    let raw = html.get(written.clone()).unwrap_or_default();
    match attribute.name {
        // With entities in it the place of a part is not known.
        "style" if raw == value => of_css(raw, &written, found),
        "style" => {
            let before = found.len();
            of_css(value, &(0..value.len()), found);
            found[before..].iter_mut().for_each(|insecure| insecure.range = written.clone());
        }
        "srcset" => {
            let mut from = 0;
            for address in urls::candidates(value).filter(|address| is_http(address)) {
                let at = raw[from..].find(address).map(|at| from + at);
                let range = at.map_or(written.clone(), |at| written.start + at..written.start + at + "http".len());
                // With entities in it none of the addresses stands there as it is read: they are not looked for again.
                from = at.map_or(raw.len(), |at| at + address.len());
                found.push(Insecure { range, address: address.to_owned(), is_link: false });
            }
        }
        name if (urls::leads(name) || name == "xlink:href" || (name, element) == ("data", "object"))
            && is_http(value) =>
        {
            let is_link = matches!(element, "a" | "area" | "form" | "button" | "input") && name != "src";
            let range = http_in(raw, &written);
            found.push(Insecure { range, address: value.trim().to_owned(), is_link });
        }
        _ => {}
    }
}

/// The `http` at the start of an address as written.
fn http_in(raw: &str, written: &Range<usize>) -> Range<usize> {
    let blanks = raw.len() - raw.trim_start_matches(|c: char| c <= ' ').len();
    let plain = raw.get(blanks..blanks + HTTP.len()).is_some_and(|start| start.eq_ignore_ascii_case(HTTP));
    if plain { written.start + blanks..written.start + blanks + "http".len() } else { written.clone() }
}

/// Each `url()` and `@import` of css.
fn of_css(css: &str, place: &Range<usize>, found: &mut Vec<Insecure>) {
    let plain = urls::plain_css(css);
    // Lower case is as long; what was longer had comments or escapes in it.
    let is_exact = plain.len() == css.len();
    let imports = plain.match_indices("@import").map(|(at, word)| at + word.len());
    let starts = plain.match_indices("url(").map(|(at, word)| at + word.len()).chain(imports);
    for start in starts {
        let address = plain[start..].trim_start_matches(|c: char| c <= ' ' || c == '"' || c == '\'');
        if !is_http(address) {
            continue;
        }
        let at = place.start + plain.len() - address.len();
        let range = if is_exact { at..at + "http".len() } else { place.clone() };
        // An address without an end must not cost a search through all that follows, for each.
        let address = &address[..address.floor_char_boundary(LONGEST_SHOWN)];
        let end = address.find([')', '"', '\'', ';']).unwrap_or(address.len());
        found.push(Insecure { range, address: address[..end].to_owned(), is_link: false });
    }
}

/// Whether a browser takes the address for one of `http:` (URL Standard: what it skips is skipped).
fn is_http(address: &str) -> bool {
    let kept = |c: &char| !matches!(c, '\t' | '\n' | '\r');
    let mut shown = address.chars().skip_while(|&c| c <= ' ').filter(kept).map(|c| c.to_ascii_lowercase());
    "http:".chars().all(|expected| shown.next() == Some(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_encryption_is_found_at_its_scheme() {
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
            assert!(may_hold_http(html), "{html}");
            let found = addresses(html);
            assert_eq!(found.iter().map(|one| &html[one.range.clone()]).collect::<Vec<_>>(), [place], "{html}");
        }
    }

    #[test]
    fn names_of_things_and_other_addresses_are_silent() {
        for html in [
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd\">",
            "<html xmlns='http://www.w3.org/1999/xhtml'><svg xmlns='http://www.w3.org/2000/svg'></svg>",
            "<p title='http://a.com'>http://a.com</p><!-- <a href='http://a.com'> -->",
            "<a href='https://a.com/?to=http://b.com'>x</a><a href='//a.com'>y</a><a href='/http:'>z</a>",
            "<style>/* http://a.com */ a{b:url(https://a.com)}</style>",
        ] {
            assert!(addresses(html).is_empty(), "{html}");
        }
    }
}
