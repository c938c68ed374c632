//! Finds HTML that does more than show text: elements, attributes and styles that run script, load files or collect input.

use std::ops::{ControlFlow, Range};

use crate::base::steps::count_steps;
use crate::html::tokenizer;
use crate::html::tokenizer::{Attribute, Tag, Token};
use crate::html::urls::{self, Scheme};
use crate::html::visible_text;
use crate::rules::wording::indefinite_article;

const RUNS_SCRIPT: &str = "can run in the customer's browser";

/// An element, attribute or style that does more than show text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Byte range of the start tag, the attribute or the `@import` in the HTML.
    pub range: Range<usize>,
    pub message: String,
    pub label: String,
    pub help: String,
    /// Whether it can run script or deceive customers. Otherwise it loads a file, or works in outdated browsers only.
    pub is_dangerous: bool,
}

/// Finds the hazards in HTML, in their order. `subject` names the field at the start of each message: "the footer".
pub(crate) fn find_hazards(html: &str, subject: &str) -> Vec<Hazard> {
    let mut finder = HazardFinder { subject, hazards: Vec::new() };
    let mut open_style: Option<Range<usize>> = None;
    tokenizer::scan::<()>(html, |token| {
        // The content of `<style>` is the one text token that follows its start tag.
        let style_tag = open_style.take();
        match token {
            Token::Open(tag) => {
                finder.check_tag(&tag);
                open_style = (tag.name == "style" && tag.finished).then_some(tag.range);
            }
            Token::Text(range) => {
                if let Some(style_tag) = style_tag {
                    finder.check_style_sheet(html, range, &style_tag);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    finder.hazards
}

/// The first tag, comment or entity in a text that should be plain. `Tom & Jerry` and `a < b` contain none.
pub(crate) fn find_markup(text: &str) -> Option<Range<usize>> {
    if !text.contains(['<', '&']) {
        return None;
    }
    tokenizer::scan(text, |token| match token {
        // The tokenizer reports `<b` at the end of a text as an unfinished tag, but here it is just text.
        Token::Open(tag) if !tag.finished => ControlFlow::Continue(()),
        Token::Open(Tag { range, .. }) | Token::Close { range, .. } | Token::Comment(range) | Token::Doctype(range) => {
            ControlFlow::Break(range)
        }
        Token::Text(range) => match find_entity(text, range) {
            Some(entity) => ControlFlow::Break(entity),
            None => ControlFlow::Continue(()),
        },
    })
}

fn find_entity(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    for (offset, _) in text[range.clone()].match_indices('&') {
        count_steps(1);
        let start = range.start + offset;
        if let Some((length, _)) = visible_text::decode_entity(&text[start..range.end]) {
            return Some(start..start + length);
        }
    }
    None
}

/// What an element or a style does, for the label, and how bad that is.
struct Harm {
    label: &'static str,
    is_dangerous: bool,
}

impl Harm {
    const fn dangerous(label: &'static str) -> Self {
        Self { label, is_dangerous: true }
    }

    const fn minor(label: &'static str) -> Self {
        Self { label, is_dangerous: false }
    }
}

struct HazardFinder<'s> {
    subject: &'s str,
    hazards: Vec<Hazard>,
}

impl HazardFinder<'_> {
    /// `predicate` continues the sentence that the subject starts: "contains a `<form>` element".
    fn push(&mut self, range: Range<usize>, predicate: &str, harm: &Harm, help: String) {
        let message = format!("{} {predicate}", self.subject);
        self.hazards.push(Hazard {
            range,
            message,
            label: harm.label.to_owned(),
            help,
            is_dangerous: harm.is_dangerous,
        });
    }

    fn check_tag(&mut self, tag: &Tag<'_>) {
        if let Some(harm) = element_harm(tag) {
            let name = tag.name;
            let predicate = format!("contains {} `<{name}>` element", indefinite_article(name));
            self.push(tag.range.clone(), &predicate, &harm, format!("remove the `<{name}>` element"));
            // Removing the element removes its attributes as well.
            if harm.is_dangerous {
                return;
            }
        }
        for attribute in tag.attributes() {
            self.check_attribute(tag.name, &attribute);
        }
    }

    fn check_attribute(&mut self, element: &str, attribute: &Attribute<'_>) {
        let (name, range) = (attribute.name, attribute.range.clone());
        if is_event_handler(name) {
            let predicate = format!("runs script from the attribute `{name}`");
            self.push(range, &predicate, &Harm::dangerous(RUNS_SCRIPT), format!("remove the attribute `{name}`"));
        } else if name == "style" {
            if let Some(hazard) = find_style_hazard(&urls::plain_css(attribute.value)) {
                let help = format!("remove `{}` from the style", hazard.code);
                self.push(range, &format!("has {} in a style", hazard.description), &hazard.harm, help);
            }
        } else if let Some((scheme, harm)) = find_bad_address(element, attribute) {
            let help = format!("replace the `{scheme}` address with an `https://` address");
            self.push(range, &format!("has a `{scheme}` address in `{name}`"), &harm, help);
        }
    }

    /// Checks the content of a `<style>` element. What has no exact range, because it is found after decoding escapes, is
    /// reported at the start tag.
    fn check_style_sheet(&mut self, html: &str, content: Range<usize>, style_tag: &Range<usize>) {
        let decoded = urls::plain_css(&html[content.clone()]);
        if decoded.contains("@import") {
            let mut imports = find_imports(html, content);
            if imports.is_empty() {
                imports.push(style_tag.clone());
            }
            for range in imports {
                let help = "put the styles into the html instead of `@import`".to_owned();
                self.push(range, "imports a style sheet", &Harm::minor("loads a file from elsewhere"), help);
            }
        }
        if let Some(hazard) = find_style_hazard(&decoded) {
            let help = format!("remove `{}` from the style sheet", hazard.code);
            let predicate = format!("has {} in a style sheet", hazard.description);
            self.push(style_tag.clone(), &predicate, &hazard.harm, help);
        }
    }
}

/// The byte ranges of the `@import` rules of a style sheet, up to the semicolon or the end of the line.
fn find_imports(html: &str, content: Range<usize>) -> Vec<Range<usize>> {
    /// An `@import` whose end is further away is shown without its address, so that the search stays linear.
    const MAX_LENGTH: usize = 512;
    let css = html[content.clone()].to_ascii_lowercase();
    let mut imports = Vec::new();
    for (start, keyword) in css.match_indices("@import") {
        let window = &css.as_bytes()[start..css.len().min(start + MAX_LENGTH)];
        count_steps(window.len());
        let length = memchr::memchr2(b';', b'\n', window).map_or(keyword.len(), |end| end + 1);
        let rule = css[start..start + length].trim_end();
        imports.push(content.start + start..content.start + start + rule.len());
    }
    imports
}

fn element_harm(tag: &Tag<'_>) -> Option<Harm> {
    Some(match tag.name {
        "script" => Harm::dangerous(RUNS_SCRIPT),
        "iframe" | "frame" | "frameset" => Harm::dangerous("shows another page inside this one"),
        "object" | "embed" | "applet" => Harm::dangerous("loads a program or another page"),
        "form" => Harm::dangerous("sends what customers type to an address of its own"),
        "base" => Harm::dangerous("changes where every link of the page leads"),
        "meta" => {
            let header = tag.attribute("http-equiv")?.value.trim();
            // Most email templates start with one of these, and they cannot redirect.
            for harmless in ["content-type", "x-ua-compatible", "content-language"] {
                if header.eq_ignore_ascii_case(harmless) {
                    return None;
                }
            }
            Harm::dangerous("can send the customer to another page")
        }
        "link" => Harm::minor("loads a file from elsewhere"),
        _ => return None,
    })
}

/// Whether an attribute is an event handler such as `onclick`. No other attribute of HTML or SVG starts with `on`.
fn is_event_handler(name: &str) -> bool {
    let Some(event) = name.strip_prefix("on") else { return false };
    !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The scheme of an attribute's address, and its harm, if the address runs script or contains a page.
fn find_bad_address(element: &str, attribute: &Attribute<'_>) -> Option<(&'static str, Harm)> {
    let (name, value) = (attribute.name, attribute.value);
    let is_image = is_image_address(element, name);
    match name {
        "srcset" | "imagesrcset" => urls::candidates(value).find_map(|address| bad_scheme(address, is_image)),
        // SVG: the animation assigns each of these values to an attribute such as `href`.
        "values" if is_animation(element) => value.split(';').find_map(|address| bad_scheme(address, is_image)),
        _ if has_address(element, name) => bad_scheme(value, is_image),
        _ => None,
    }
}

/// Whether an element is an SVG animation, which changes an attribute of another element.
fn is_animation(element: &str) -> bool {
    matches!(element, "set" | "animate" | "animatetransform" | "animatemotion")
}

/// Whether the value of an attribute is one address.
fn has_address(element: &str, attribute: &str) -> bool {
    match attribute {
        "xlink:href" | "data" | "cite" | "longdesc" | "dynsrc" | "lowsrc" | "codebase" | "manifest" => true,
        "to" | "from" | "by" => is_animation(element),
        _ => urls::leads(attribute),
    }
}

/// Whether browsers load the address of an attribute as an image. Images do not run script, not even SVG.
fn is_image_address(element: &str, attribute: &str) -> bool {
    match attribute {
        "src" => matches!(element, "img" | "input" | "image"),
        "href" | "xlink:href" => matches!(element, "image" | "feimage"),
        "srcset" | "background" | "poster" => true,
        _ => false,
    }
}

fn bad_scheme(address: &str, is_image: bool) -> Option<(&'static str, Harm)> {
    match urls::scheme(address) {
        Scheme::Script(scheme) => Some((scheme, Harm::dangerous(RUNS_SCRIPT))),
        Scheme::Data => Some(("data:", Harm::dangerous("a page inside an address"))),
        // Outside an image, `data:image/svg+xml` is a page that can run script.
        Scheme::DataPicture if !is_image => Some(("data:", Harm::dangerous("a page inside an address"))),
        Scheme::DataPicture | Scheme::Other => None,
    }
}

/// A part of a style that runs script.
struct StyleHazard {
    /// "a `javascript:` address"
    description: String,
    code: &'static str,
    harm: Harm,
}

/// Finds the first hazard in CSS that is in lower case and without escapes and comments.
fn find_style_hazard(css: &str) -> Option<StyleHazard> {
    for address in urls::css_urls(css) {
        if let Some((scheme, harm)) = bad_scheme(address, true) {
            return Some(StyleHazard { description: format!("a `{scheme}` address"), code: scheme, harm });
        }
    }
    // `expression()` and `behavior` ran script in Internet Explorer, `-moz-binding` in early versions of Firefox.
    for (token, code) in [("expression(", "expression"), ("-moz-binding", "-moz-binding"), ("behavior:", "behavior")] {
        if contains_word(css, token) {
            let harm = Harm::minor("runs script in old programs");
            return Some(StyleHazard { description: format!("`{code}`"), code, harm });
        }
    }
    None
}

/// Whether the text contains `word`, but not as the end of a longer name: `scroll-behavior:` does not count.
fn contains_word(css: &str, word: &str) -> bool {
    css.match_indices(word).any(|(start, _)| !css[..start].ends_with(is_name_char))
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_are_found_at_their_bytes() {
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
        for (html, places, is_dangerous) in cases {
            let found = find_hazards(html, "the footer");
            assert_eq!(found.iter().map(|hazard| &html[hazard.range.clone()]).collect::<Vec<_>>(), *places, "{html}");
            for hazard in found {
                assert_eq!(hazard.is_dangerous, *is_dangerous, "{html}");
                assert!(hazard.message.starts_with("the footer "), "{}", hazard.message);
                assert!(!hazard.message.ends_with(['.', ',']) && !hazard.help.ends_with('.'), "{}", hazard.message);
            }
        }
    }

    #[test]
    fn html_that_only_shows_text_has_no_hazards() {
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
            assert_eq!(find_hazards(html, "the footer"), [], "{html}");
        }
    }

    #[test]
    fn the_first_tag_or_entity_in_plain_text_is_found() {
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
            assert_eq!(find_markup(text).map(|range| &text[range]), *expected, "{text}");
        }
    }
}
