//! Finds HTML that does more than show text: elements, attributes and styles that run script, load files or collect input.
//!
//! Browsers can parse the same text into different trees, so all of them are searched: see [`find_hazards`].

use std::ops::Range;

use crate::base::steps::count_steps;
use crate::html::css::{self, ReferenceKind};
use crate::html::event_handlers::{EventHandler, classify};
use crate::html::facts::HtmlFacts;
use crate::html::mapped_text::MappedText;
use crate::html::style::{child_text_content, has_css};
use crate::html::tree::{Attribute, Context, Element, HtmlTree, Interpretation, NodeData, NodeId, parse};
use crate::rules::shared::hazardous_values::{
    Harm, RUNS_SCRIPT, covers_page, find_bad_address, find_style_hazard, scheme_hazard,
};
use crate::rules::wording::indefinite_article;

const LOADS_FILE: &str = "loads an external file";

/// Where HTML is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownIn {
    /// A page of the portal.
    Page,
    Email,
}

impl ShownIn {
    /// How a browser parses HTML that is shown there.
    fn context(self) -> Context {
        match self {
            Self::Page => Context::div(),
            Self::Email => Context::Page,
        }
    }
}

/// An element, attribute or style that does more than show text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Byte range of the start tag, the attribute or the reference in a style sheet.
    pub range: Range<usize>,
    pub message: String,
    pub label: String,
    pub help: String,
    /// Whether it can run script or deceive customers. Otherwise it loads a file, or works in outdated browsers only.
    pub is_dangerous: bool,
}

/// Finds the hazards in HTML, in their order. `subject` names the field at the start of each message: "the footer".
///
/// Every tree that the text can be parsed into is searched: as the content of an element and as a page, with script and without.
pub(crate) fn find_hazards(facts: HtmlFacts<'_>, subject: &str, shown_in: ShownIn) -> Vec<Hazard> {
    let html = facts.html;
    let mut finder = HazardFinder { subject, shown_in, hazards: Vec::new() };
    finder.check_tree(html, facts.tree());
    let others = other_interpretations(facts.tree(), shown_in);
    for interpretation in &others {
        finder.check_tree(html, &parse(html, interpretation));
    }
    if facts.tree().tags.last().is_some_and(|tag| !tag.is_finished) {
        finder.check_unfinished(html, &Interpretation { context: shown_in.context(), scripting: true });
        for interpretation in &others {
            finder.check_unfinished(html, interpretation);
        }
    }
    let mut hazards = finder.hazards;
    hazards.sort_by(|a, b| a.range.start.cmp(&b.range.start).then_with(|| a.message.cmp(&b.message)));
    hazards.dedup();
    hazards
}

/// The interpretations of a text that can lead to another tree than that of its [`HtmlFacts`]. Few texts have any.
///
/// Up to the first of these tags, all interpretations have the same tags.
fn other_interpretations(tree: &HtmlTree, shown_in: ShownIn) -> Vec<Interpretation> {
    const PAGE_ELEMENTS: [&str; 5] = ["html", "head", "body", "frame", "frameset"];
    let has_noscript = has_start_tag(tree, &["noscript"]);
    let mut others = Vec::new();
    if has_noscript {
        others.push(Interpretation { context: shown_in.context(), scripting: true });
    }
    if shown_in == ShownIn::Page && (has_noscript || has_start_tag(tree, &PAGE_ELEMENTS)) {
        others.push(Interpretation { context: Context::Page, scripting: true });
        others.push(Interpretation { context: Context::Page, scripting: false });
    }
    others
}

/// Whether a text has a start tag with one of these names.
fn has_start_tag(tree: &HtmlTree, names: &[&str]) -> bool {
    tree.tags.iter().any(|tag| !tag.is_end && names.contains(&&*tag.name))
}

/// The first tag, comment or entity in a text that should be plain. `Tom & Jerry` and `a < b` contain none.
pub(crate) fn find_markup(text: &str) -> Option<Range<usize>> {
    if !text.contains(['<', '&']) {
        return None;
    }
    let tree = parse(text, &Interpretation::EMAIL);
    let mut found: Vec<Range<usize>> = Vec::new();
    found.extend(tree.tags.iter().filter(|tag| tag.is_finished).map(|tag| tag.range.clone()));
    for id in tree.ids() {
        match &tree.node(id).data {
            NodeData::Comment(range) => found.push(range.clone()),
            NodeData::Text(pieces) => {
                for piece in pieces {
                    let source = &text[piece.source.clone()];
                    let is_entity = source.starts_with('&') && *piece.text != *source;
                    if is_entity {
                        found.push(piece.source.clone());
                    }
                }
            }
            _ => {}
        }
    }
    found.into_iter().min_by_key(|range| range.start)
}

struct HazardFinder<'s> {
    subject: &'s str,
    shown_in: ShownIn,
    hazards: Vec<Hazard>,
}

impl HazardFinder<'_> {
    /// `predicate` continues the sentence that the subject starts: "contains a `<form>` element".
    fn push(&mut self, range: Range<usize>, predicate: &str, harm: &Harm, help: String) {
        let message = format!("{} {predicate}", self.subject);
        let Harm { label, is_dangerous } = *harm;
        self.hazards.push(Hazard { range, message, label: label.to_owned(), help, is_dangerous });
    }

    /// Checks a text that ends inside a tag. The text that follows it in the page can complete the tag.
    fn check_unfinished(&mut self, html: &str, interpretation: &Interpretation) {
        for ending in [">", "\">", "'>"] {
            count_steps(html.len());
            let completed = format!("{html}{ending}");
            let tree = parse(&completed, interpretation);
            if tree.tags.last().is_some_and(|tag| tag.is_finished) {
                let first_new = self.hazards.len();
                self.check_tree(&completed, &tree);
                for hazard in &mut self.hazards[first_new..] {
                    hazard.range.end = hazard.range.end.min(html.len());
                }
                return;
            }
        }
    }

    fn check_tree(&mut self, html: &str, tree: &HtmlTree) {
        for &id in tree.ids_with_templates() {
            count_steps(1);
            if let Some(element) = tree.element(id) {
                self.check_element(html, tree, id, element);
            }
        }
    }

    fn check_element(&mut self, html: &str, tree: &HtmlTree, id: NodeId, element: &Element) {
        // Browsers add elements such as `<tbody>` without a tag. A later `<body>` adds its attributes to a `<body>` without a tag.
        let tag = tree.start_tag_range(element);
        let name = &*element.name.local.to_ascii_lowercase();
        if let Some(tag) = tag
            && let Some(harm) = self.element_harm(tree, id, element, name)
        {
            let predicate = format!("contains {} `<{name}>` element", indefinite_article(name));
            self.push(tag.clone(), &predicate, &harm, format!("remove the `<{name}>` element"));
            // Removing the element removes its attributes as well.
            if harm.is_dangerous {
                return;
            }
        }
        for attribute in tree.attributes(element) {
            self.check_attribute(html, name, attribute);
        }
        // `check_attribute` has reported an address that runs script, and the element check a form.
        if let Some(action) = tree.attribute(element, "formaction")
            && scheme_hazard(&action.value, false).is_none()
            && !is_in_form(tree, id)
        {
            let harm = Harm::dangerous("can send what customers type to another site");
            let help = "remove the `formaction` attribute".to_owned();
            self.push(action.range(html), "has a button with `formaction`", &harm, help);
        }
        if let Some(tag) = tag
            && name == "style"
            && has_css(tree, element)
        {
            self.check_style_sheet(&child_text_content(tree, id), tag);
        }
    }

    fn element_harm(&self, tree: &HtmlTree, id: NodeId, element: &Element, name: &str) -> Option<Harm> {
        Some(match name {
            "script" => Harm::dangerous(RUNS_SCRIPT),
            "iframe" | "frame" | "frameset" => Harm::dangerous("embeds another page"),
            "object" | "embed" | "applet" => Harm::dangerous("loads a plug-in or another page"),
            "form" => Harm::dangerous("can send what customers type to another site"),
            "base" => Harm::dangerous("changes the target of every relative link on the page"),
            "meta" => {
                let header = tree.attribute(element, "http-equiv")?.value.trim();
                // Most email templates start with one of these, and they cannot redirect.
                let harmless = ["content-type", "x-ua-compatible", "content-language"];
                if harmless.iter().any(|name| header.eq_ignore_ascii_case(name)) {
                    return None;
                }
                Harm::dangerous("can redirect the customer to another page")
            }
            "link" if self.may_load(tree.attribute(element, "href").map_or("", |href| &href.value)) => return None,
            "link" => Harm::minor(LOADS_FILE),
            "input" if self.shown_in == ShownIn::Page && is_card_field(tree, element) && !is_in_form(tree, id) => {
                Harm::dangerous("asks for card data outside the portal's own form")
            }
            _ => return None,
        })
    }

    /// Whether HTML may load a style sheet from this address. Many emails load web fonts.
    fn may_load(&self, address: &str) -> bool {
        let start = address.trim_start().get(..8);
        self.shown_in == ShownIn::Email && start.is_some_and(|start| start.eq_ignore_ascii_case("https://"))
    }

    fn check_attribute(&mut self, html: &str, element: &str, attribute: &Attribute) {
        let (name, range) = (&*attribute.name, attribute.range(html));
        let handler_harm = match classify(name) {
            EventHandler::Known => Some(Harm::dangerous(RUNS_SCRIPT)),
            EventHandler::Possible => Some(Harm::minor("may run code in the customer's browser")),
            EventHandler::No => None,
        };
        if let Some(harm) = handler_harm {
            let predicate = format!("has an `{name}` event handler");
            self.push(range, &predicate, &harm, format!("remove the `{name}` attribute"));
        } else if name == "style" {
            let css = &*attribute.value;
            if let Some(hazard) = find_style_hazard(css, &css::find_references(css)) {
                let help = format!("remove `{}` from the style", hazard.code);
                self.push(range, &format!("has {} in a style", hazard.description), &hazard.harm, help);
            } else if self.shown_in == ShownIn::Page && covers_page(css) {
                let harm = Harm::dangerous("can hide the portal behind a fake page");
                self.push(
                    range,
                    "has an element that covers the whole page",
                    &harm,
                    "remove `position` from the style".to_owned(),
                );
            }
        } else if let Some((scheme, harm)) = find_bad_address(element, attribute) {
            let help = format!("replace the `{scheme}` URL with an `https://` URL");
            self.push(range, &format!("has a `{scheme}` URL in `{name}`"), &harm, help);
        }
    }

    fn check_style_sheet(&mut self, css: &MappedText, style_tag: &Range<usize>) {
        let references = css::find_references(&css.text);
        for import in references.iter().filter(|reference| reference.kind == ReferenceKind::Import) {
            if !self.may_load(&import.address) && scheme_hazard(&import.address, false).is_none() {
                let range = css.source_range(import.range.clone());
                let help = "put the styles in the HTML instead of using `@import`".to_owned();
                self.push(range, "imports a style sheet", &Harm::minor(LOADS_FILE), help);
            }
        }
        if let Some(hazard) = find_style_hazard(&css.text, &references) {
            let help = format!("remove `{}` from the style sheet", hazard.code);
            let predicate = format!("has {} in a style sheet", hazard.description);
            self.push(style_tag.clone(), &predicate, &hazard.harm, help);
        }
    }
}

fn is_in_form(tree: &HtmlTree, id: NodeId) -> bool {
    tree.ancestors(id).any(|ancestor| tree.element(ancestor).is_some_and(|element| element.html_name() == Some("form")))
}

/// Whether an input field asks for the number or the code of a card.
fn is_card_field(tree: &HtmlTree, element: &Element) -> bool {
    const WORDS: [&str; 10] =
        ["ccnumber", "cardnumber", "cccsc", "cccvc", "cardcvc", "cardcvv", "cvv", "cvc", "creditcard", "ccexp"];
    for name in ["autocomplete", "name", "id", "placeholder", "aria-label"] {
        let Some(attribute) = tree.attribute(element, name) else { continue };
        let mut letters = attribute.value.to_ascii_lowercase();
        letters.retain(|c| c.is_ascii_alphanumeric());
        if WORDS.iter().any(|word| letters.contains(word)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::facts::ParsedHtml;

    #[test]
    fn hazards_are_found_at_their_bytes() {
        let cases: &[(&str, &[&str], bool)] = &[
            ("a<script src=x>y</script>", &["<script src=x>"], true),
            ("<ScRiPt>", &["<ScRiPt>"], true),
            ("a<body onload=x>", &["onload=x"], true),
            ("<p>a</p><body onload=x>", &["onload=x"], true),
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
            ("<table><td background='javascript:x'>", &["background='javascript:x'"], true),
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
            ("<style>@\\69mport 'x'</style>", &["@\\69mport 'x'"], false),
            ("<p style='width:EXPR/**/ESSION(x)'>", &["style='width:EXPR/**/ESSION(x)'"], false),
            ("<p style='behavior:url(x)'>", &["style='behavior:url(x)'"], false),
        ];
        for (html, places, is_dangerous) in cases {
            let found = find_hazards(ParsedHtml::from_fragment(html).facts(html), "the footer", ShownIn::Page);
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
            assert_eq!(
                find_hazards(ParsedHtml::from_fragment(html).facts(html), "the footer", ShownIn::Page),
                [],
                "{html}"
            );
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
