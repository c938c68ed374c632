//! RCP023: html that customers are shown holds nothing that runs, loads or collects in their browser (V23).
//!
//! [`check_portal`] knows the fields and how bad a hazard is in each; [`hazards`] finds what it is and where.

use std::ops::{ControlFlow, Range};

use crate::base::diagnostic::{Finding, Severity};
use crate::html::tokenizer;
use crate::html::tokenizer::{Attribute, Tag, Token};
use crate::html::urls::{self, Scheme};
use crate::html::visible_text;
use crate::rules::context::PortalContext;
use crate::rules::wording::article;
use crate::syntax::cursor::Cursor;

/// The display name, the footer and both emails. In the portal's own page what runs or phishes is an error; mail
/// programs take out what runs, so in an email it is a warning.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let name = cx.portal.display_name;
    // Nearly no name has a bracket or an entity in it.
    if let Some(text) = name.text().filter(|text| memchr::memchr2(b'<', b'&', text.as_bytes()).is_some()) {
        let hazards = hazards(text, "the display name");
        if hazards.is_empty() {
            plain_name(cx, &name, text);
        }
        report(cx, &name, hazards, true);
    }
    for html in cx.portal.htmls() {
        if let Some(text) = html.slot.text().filter(|_| html.simple_html.is_none()) {
            report(cx, &html.slot, hazards(text, html.words), html.slot.key() == "footer_html");
        }
    }
}

fn report<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, hazards: Vec<Hazard>, on_page: bool) {
    cx.report_each(hazards, |cx, hazard| {
        let place = cx.locate_part(slot, hazard.range);
        let severity = if on_page && hazard.certain_harm { Severity::Error } else { Severity::Warning };
        let finding = Finding::new(place, hazard.message, hazard.help).with_label(hazard.label);
        finding.with_severity(severity)
    });
}

/// The display name is text, not html.
fn plain_name<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, text: &str) {
    if let Some(range) = markup(text) {
        let message = "the display name contains html, and customers may see it as it is written";
        let finding = Finding::new(cx.locate_part(slot, range), message, "write the display name as plain text");
        cx.report(finding.with_severity(Severity::Warning));
    }
}

/// Something in html that does more than show text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// The opening tag, or the attribute.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What the underline says.
    pub label: String,
    /// The one thing to do.
    pub help: String,
    /// Can run or phish; otherwise it loads from elsewhere or works in old programs only.
    pub certain_harm: bool,
}

/// The hazards of `html` in order. `subject` names the field in a sentence: "the footer".
pub(crate) fn hazards(html: &str, subject: &str) -> Vec<Hazard> {
    let mut found = Findings { subject, hazards: Vec::new() };
    let mut style: Option<Range<usize>> = None;
    tokenizer::scan::<()>(html, |token| {
        let style_tag = style.take();
        match token {
            Token::Open(tag) => {
                found.tag(&tag);
                style = (tag.name == "style" && tag.finished).then_some(tag.range);
            }
            Token::Text(range) => {
                if let Some(tag) = style_tag {
                    found.style_sheet(&html[range.clone()], range.start, &tag);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found.hazards
}

/// The first tag, comment or entity in what should be plain text. `Tom & Jerry` and `a < b` have none.
pub(crate) fn markup(text: &str) -> Option<Range<usize>> {
    if !text.contains(['<', '&']) {
        return None;
    }
    tokenizer::scan(text, |token| match token {
        Token::Open(tag) if !tag.finished => ControlFlow::Continue(()),
        Token::Open(Tag { range, .. }) | Token::Close { range, .. } | Token::Comment(range) | Token::Doctype(range) => {
            ControlFlow::Break(range)
        }
        Token::Text(range) => {
            let entity = text[range.clone()].match_indices('&').find_map(|(at, _)| {
                let start = range.start + at;
                visible_text::entity(&text[start..range.end]).map(|(length, _)| start..start + length)
            });
            entity.map_or(ControlFlow::Continue(()), ControlFlow::Break)
        }
    })
}

/// For an `@import` that does not end, only the word itself is shown.
const LONGEST_IMPORT: usize = 512;

struct Findings<'s> {
    subject: &'s str,
    hazards: Vec<Hazard>,
}

impl Findings<'_> {
    fn add(&mut self, range: Range<usize>, what: &str, harm: &str, help: String, certain_harm: bool) {
        let message = format!("{} {what}", self.subject);
        self.hazards.push(Hazard { range, message, label: harm.to_owned(), help, certain_harm });
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if let Some((harm, certain)) = element_harm(tag) {
            let name = tag.name;
            let what = format!("contains {} `<{name}>` element", article(name));
            self.add(tag.range.clone(), &what, harm, format!("remove the `<{name}>` element"), certain);
            // With the element go its attributes.
            if certain {
                return;
            }
        }
        for attribute in tag.attributes() {
            self.attribute(tag.name, &attribute);
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute<'_>) {
        let (name, value, range) = (attribute.name, attribute.value, attribute.range.clone());
        if is_handler(name) {
            let what = format!("runs script from the attribute `{name}`");
            self.add(range, &what, "can run in the customer's browser", format!("remove the attribute `{name}`"), true);
            return;
        }
        if name == "style" {
            let css = urls::plain_css(value);
            if let Some((what, harm, certain)) = css_harm(&css) {
                let help = format!("remove {} from the style", code_in(&what));
                self.add(range, &format!("has {what} in a style"), harm, help, certain);
            }
            return;
        }
        let pictures = holds_picture(element, name);
        let bad = match name {
            "srcset" | "imagesrcset" => urls::candidates(value).find_map(|address| bad_scheme(address, pictures)),
            "values" if is_animation(element) => value.split(';').find_map(|address| bad_scheme(address, pictures)),
            _ if holds_address(element, name) => bad_scheme(value, pictures),
            _ => None,
        };
        if let Some((scheme, harm)) = bad {
            let what = format!("has a `{scheme}` address in `{name}`");
            self.add(range, &what, harm, format!("replace the `{scheme}` address with an `https://` address"), true);
        }
    }

    /// The content of `<style>`, from `start`; what cannot be found in it as written is shown at the tag.
    fn style_sheet(&mut self, css: &str, start: usize, tag: &Range<usize>) {
        let plain = urls::plain_css(css);
        if plain.contains("@import") {
            let lower = css.to_ascii_lowercase();
            let mut written: Vec<_> = lower
                .match_indices("@import")
                .map(|(at, word)| {
                    let line = lower.as_bytes()[at..].iter().take(LONGEST_IMPORT);
                    let length = line.enumerate().find(|(_, byte)| matches!(byte, b';' | b'\n'));
                    let length = length.map_or(word.len(), |(end, _)| end + 1);
                    start + at..start + at + lower[at..at + length].trim_end().len()
                })
                .collect();
            if written.is_empty() {
                written.push(tag.clone());
            }
            for range in written {
                let help = "put the styles into the html instead of `@import`".to_owned();
                self.add(range, "imports a style sheet", "loads a file from elsewhere", help, false);
            }
        }
        if let Some((what, harm, certain)) = css_harm(&plain) {
            let help = format!("remove {} from the style sheet", code_in(&what));
            self.add(tag.clone(), &format!("has {what} in a style sheet"), harm, help, certain);
        }
    }
}

/// The code span of a sentence.
fn code_in(sentence: &str) -> String {
    sentence.split('`').nth(1).map_or_else(|| "it".to_owned(), |code| format!("`{code}`"))
}

/// What an element does, and whether that can run or phish.
fn element_harm(tag: &Tag<'_>) -> Option<(&'static str, bool)> {
    Some(match tag.name {
        "script" => ("can run in the customer's browser", true),
        "iframe" | "frame" | "frameset" => ("shows another page inside this one", true),
        "object" | "embed" | "applet" => ("loads a program or another page", true),
        "form" => ("sends what customers type to an address of its own", true),
        "base" => ("changes where every link of the page leads", true),
        "meta" => {
            let header = tag.attribute("http-equiv")?.value.trim();
            // What email templates commonly begin with; it can do nothing.
            if ["content-type", "x-ua-compatible", "content-language"].iter().any(|h| header.eq_ignore_ascii_case(h)) {
                return None;
            }
            ("can send the customer to another page", true)
        }
        "link" => ("loads a file from elsewhere", false),
        _ => return None,
    })
}

/// `onclick` and the like: every name of letters after `on`.
fn is_handler(name: &str) -> bool {
    name.strip_prefix("on").is_some_and(|event| !event.is_empty() && event.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// SVG elements that write attributes of others.
fn is_animation(element: &str) -> bool {
    matches!(element, "set" | "animate" | "animatetransform" | "animatemotion")
}

/// Attributes whose value is one address.
fn holds_address(element: &str, attribute: &str) -> bool {
    match attribute {
        "xlink:href" | "data" | "cite" | "longdesc" | "dynsrc" | "lowsrc" | "codebase" | "manifest" => true,
        "to" | "from" | "by" => is_animation(element),
        _ => urls::leads(attribute),
    }
}

/// Attributes whose address is only ever drawn: no script runs in an image.
fn holds_picture(element: &str, attribute: &str) -> bool {
    match attribute {
        "src" => matches!(element, "img" | "input" | "image"),
        "href" | "xlink:href" => matches!(element, "image" | "feimage"),
        "srcset" | "background" | "poster" => true,
        _ => false,
    }
}

fn bad_scheme(address: &str, pictures: bool) -> Option<(&'static str, &'static str)> {
    match urls::scheme(address) {
        Scheme::Script(scheme) => Some((scheme, "can run in the customer's browser")),
        Scheme::Data => Some(("data:", "a page inside an address")),
        Scheme::DataPicture if !pictures => Some(("data:", "a page inside an address")),
        Scheme::DataPicture | Scheme::Other => None,
    }
}

/// What in a style is no style, what it does, and whether any current browser would run it.
fn css_harm(css: &str) -> Option<(String, &'static str, bool)> {
    if let Some((scheme, harm)) = urls::css_urls(css).find_map(|address| bad_scheme(address, true)) {
        return Some((format!("a `{scheme}` address"), harm, true));
    }
    ["expression(", "-moz-binding", "behavior:"].into_iter().find(|word| has_word(css, word)).map(|word| {
        let shown = word.trim_end_matches(['(', ':']);
        (format!("`{shown}`"), "runs script in old programs", false)
    })
}

/// Not as the end of a longer name: `scroll-behavior:` is none.
fn has_word(css: &str, word: &str) -> bool {
    css.match_indices(word).any(|(at, _)| !css[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_loads_or_collects_is_found_at_its_bytes() {
        let cases: &[(&str, &[&str], bool)] = &[
            ("a<script src=x>y</script>", &["<script src=x>"], true),
            ("<ScRiPt>", &["<ScRiPt>"], true),
            ("<svg/onload=x>", &["onload=x"], true),
            ("<img src=x onerror='a' ONCLICK=b>", &["onerror='a'", "ONCLICK=b"], true),
            ("<p><img src=x onerror=a", &["onerror=a"], true),
            ("<a href='javascript:x'>", &["href='javascript:x'"], true),
            ("<a href=' jAvA&#x73;c&Tab;ript&colon;x'>", &["href=' jAvA&#x73;c&Tab;ript&colon;x'"], true),
            ("<a\nhref=vbscript:x>", &["href=vbscript:x"], true),
            ("<a href='data:text/html,x'>", &["href='data:text/html,x'"], true),
            ("<a href='data:image/svg+xml,x'>", &["href='data:image/svg+xml,x'"], true),
            ("<button formaction=javascript:x>", &["formaction=javascript:x"], true),
            ("<img srcset='a.png 1x, javascript:x 2x'>", &["srcset='a.png 1x, javascript:x 2x'"], true),
            ("<td background='javascript:x'>", &["background='javascript:x'"], true),
            (
                "<p style='background:url( \"java\\73 cript:x\")'>",
                &["style='background:url( \"java\\73 cript:x\")'"],
                true,
            ),
            ("<style>a{b:url(javascript:x)}</style>", &["<style>"], true),
            ("<svg><set to=javascript:x>", &["to=javascript:x"], true),
            ("<iframe src=javascript:x></iframe>", &["<iframe src=javascript:x>"], true),
            ("<object><embed>", &["<object>", "<embed>"], true),
            ("<form action=/x><input></form>", &["<form action=/x>"], true),
            ("<base href=x>", &["<base href=x>"], true),
            ("<meta http-equiv=refresh content=0>", &["<meta http-equiv=refresh content=0>"], true),
            ("<noscript><iframe></noscript>", &["<iframe>"], true),
            ("<link rel=stylesheet href=x>", &["<link rel=stylesheet href=x>"], false),
            ("<style>@IMPORT url(x);a{}</style>", &["@IMPORT url(x);"], false),
            ("<style>@\\69mport 'x'</style>", &["<style>"], false),
            ("<p style='width:EXPR/**/ESSION(x)'>", &["style='width:EXPR/**/ESSION(x)'"], false),
            ("<p style='behavior:url(x)'>", &["style='behavior:url(x)'"], false),
        ];
        for (html, places, certain) in cases {
            let found = hazards(html, "the footer");
            assert_eq!(found.iter().map(|hazard| &html[hazard.range.clone()]).collect::<Vec<_>>(), *places, "{html}");
            for hazard in found {
                assert_eq!(hazard.certain_harm, *certain, "{html}");
                assert!(hazard.message.starts_with("the footer "), "{}", hazard.message);
                assert!(!hazard.message.ends_with(['.', ',']) && !hazard.help.ends_with('.'), "{}", hazard.message);
            }
        }
    }

    #[test]
    fn html_that_only_shows_is_silent() {
        for html in [
            "",
            "our script department, javascript: the good parts, onclick=x",
            "<a href='https://example.org/javascript:intro'>x</a><a href=mailto:a@b.c>y</a><a href='tel:1'>z</a>",
            "<img src='data:image/png;base64,xx'><img srcset='data:image/png;base64,x,y 1x, b.png 2x'>",
            "<img src='data:image/svg+xml,x'>",
            "<div data-onclick=x data-src='javascript:x' title='javascript:x' on=1>",
            "<html xmlns='http://www.w3.org/1999/xhtml'>&lt;script&gt;",
            "<!--[if mso]><script>x</script><![endif]--><!-- <iframe> -->",
            "<style>a{scroll-behavior:smooth;b:url(data:font/woff2,x)} /* @import */</style>",
            "<p style='scroll-behavior:smooth;background:url(https://x.org/a.png)'>",
            "<meta charset=utf-8><meta http-equiv='Content-Type' content='text/html'>",
            "<title><script></title><textarea><iframe></textarea>",
        ] {
            assert_eq!(hazards(html, "the footer"), [], "{html}");
        }
    }

    #[test]
    fn markup_in_plain_text_is_the_first_tag_or_entity() {
        let cases: &[(&str, Option<&str>)] = &[
            ("Tom & Jerry", None),
            ("a < b", None),
            ("we <3 you", None),
            ("AT&T; R&D &foo; a <b", None),
            ("<b>Shop</b>", Some("<b>")),
            ("Shop</b>", Some("</b>")),
            ("Tom &amp; <i>", Some("&amp;")),
            ("x &#39;", Some("&#39;")),
            ("x <!-- y", Some("<!-- y")),
            ("x<br/>", Some("<br/>")),
        ];
        for (text, expected) in cases {
            assert_eq!(markup(text).map(|range| &text[range]), *expected, "{text}");
        }
    }
}
