//! Tracks which parts of an HTML text are visible: which elements are open, and whether one of them hides its content.
//!
//! Implied end tags (`<p>` before a block, `<li>`, table cells), void elements and stray end tags are treated roughly as a browser
//! treats them. Scopes are followed only for tables and lists, and there is no adoption agency algorithm (HTML Standard,
//! 13.2.6). Style sheets are not applied, only `style` attributes.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::base::steps::count_steps;
use crate::html::elements::{ends_paragraph, is_void};
use crate::html::tokenizer::Tag;

/// Why a reader does not see a part of the HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HiddenReason {
    /// `<!-- … -->`, including conditional comments.
    Comment,
    /// `href`: the address of a link.
    Href,
    /// Another attribute.
    Attribute(String),
    /// The content of an element that is never displayed: `script`, `style`, `title`, `template` and the like.
    Element(&'static str),
    /// Inside an element with this attribute or style: `hidden`, `display:none`.
    Hidden(&'static str),
    /// In a tag that is never closed.
    BrokenTag,
}

/// How the open elements hide their content.
#[derive(Clone, Copy, Debug, Default)]
struct Hiding {
    /// No descendant can undo this.
    permanent: Option<PermanentHiding>,
    /// `font-size:0`. A descendant can set another size.
    by_font_size: bool,
    /// `visibility:hidden`. A descendant can be visible.
    by_visibility: bool,
}

#[derive(Clone, Copy, Debug)]
enum PermanentHiding {
    Element(&'static str),
    /// The attribute or style.
    Attribute(&'static str),
}

struct TrackedElement<'h> {
    name: Cow<'h, str>,
    hiding: Hiding,
}

/// The elements that are open at a position of the HTML. Call [`Self::open`] and [`Self::close`] for each tag in order.
#[derive(Default)]
pub(crate) struct VisibilityTracker<'h> {
    open: Vec<TrackedElement<'h>>,
    /// The number of open elements by name, so that a stray end tag does not search the whole stack.
    counts: HashMap<Cow<'h, str>, u32>,
}

impl<'h> VisibilityTracker<'h> {
    /// Processes a start tag of `html`.
    pub(crate) fn open(&mut self, html: &'h str, tag: &Tag<'_>) {
        // The HTML ends inside this tag, so there is no element.
        if !tag.finished {
            return;
        }
        self.imply_end_tags(tag.name);
        if is_void(tag.name) {
            return;
        }
        let name = tag.name_in(html);
        let hiding = hiding_inside(tag, self.hiding());
        *self.counts.entry(name.clone()).or_default() += 1;
        self.open.push(TrackedElement { name, hiding });
    }

    /// Processes an end tag. It closes the elements inside of its own, too; a stray one is ignored.
    pub(crate) fn close(&mut self, name: &str) {
        if self.is_open(name) {
            while self.pop().is_some_and(|popped| popped != name) {}
        }
    }

    /// Why text at the current position is hidden; `None` if it is visible.
    pub(crate) fn hidden_reason(&self) -> Option<HiddenReason> {
        let hiding = self.hiding();
        match hiding.permanent {
            Some(PermanentHiding::Element(name)) => Some(HiddenReason::Element(name)),
            Some(PermanentHiding::Attribute(attribute)) => Some(HiddenReason::Hidden(attribute)),
            None if hiding.by_visibility => Some(HiddenReason::Hidden("visibility:hidden")),
            None if hiding.by_font_size => Some(HiddenReason::Hidden("font-size:0")),
            None => None,
        }
    }

    fn hiding(&self) -> Hiding {
        self.open.last().map(|element| element.hiding).unwrap_or_default()
    }

    fn is_open(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|&count| count > 0)
    }

    fn pop(&mut self) -> Option<Cow<'h, str>> {
        let name = self.open.pop()?.name;
        if let Some(count) = self.counts.get_mut(&name) {
            *count -= 1;
        }
        Some(name)
    }

    /// Closes an element whose end tag may be left out before a start tag with the name `next` (HTML Standard, 13.1.2.4).
    fn imply_end_tags(&mut self, next: &str) {
        /// How many elements are searched. Deeper nesting comes from generators, and a search for each tag would be quadratic.
        const MAX_SEARCHED: usize = 64;
        let (closed, boundaries) = match next {
            "li" => (&["li"][..], &["ul", "ol", "menu", "table"][..]),
            "dt" | "dd" => (&["dt", "dd"][..], &["dl", "table"][..]),
            "td" | "th" => (&["td", "th"][..], &["tr", "table"][..]),
            "tr" => (&["tr"][..], &["tbody", "thead", "tfoot", "table"][..]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"][..], &["table"][..]),
            "option" | "optgroup" => (&["option"][..], &["select", "datalist", "optgroup"][..]),
            _ if ends_paragraph(next) => (&["p"][..], &["td", "th", "table", "caption", "button", "template"][..]),
            _ => return,
        };
        if !closed.iter().any(|name| self.is_open(name)) {
            return;
        }
        let first = self.open.len().saturating_sub(MAX_SEARCHED);
        for index in (first..self.open.len()).rev() {
            count_steps(1);
            let name = &*self.open[index].name;
            if closed.contains(&name) {
                while self.open.len() > index && self.pop().is_some() {}
                return;
            }
            if boundaries.contains(&name) {
                return;
            }
        }
    }
}

/// How the content of an element is hidden, given how the element itself is.
fn hiding_inside(tag: &Tag<'_>, outer: Hiding) -> Hiding {
    let mut hiding = outer;
    if hiding.permanent.is_none() {
        hiding.permanent = find_undisplayed(tag.name).map(PermanentHiding::Element);
    }
    let mut has_style = false;
    for attribute in tag.attributes() {
        match attribute.name {
            "hidden" => hide_permanently(&mut hiding, "hidden"),
            // Browsers ignore all but the first attribute of a name.
            "style" if !has_style => {
                has_style = true;
                apply_style(attribute.value, &mut hiding);
            }
            _ => {}
        }
    }
    hiding
}

/// The outermost reason is the one to report.
fn hide_permanently(hiding: &mut Hiding, attribute: &'static str) {
    if hiding.permanent.is_none() {
        hiding.permanent = Some(PermanentHiding::Attribute(attribute));
    }
}

/// A property of a `style` attribute that can hide content.
struct HidingProperty {
    /// The declaration that hides.
    declaration: &'static str,
    /// Whether the declared value hides; `None` if nothing is declared.
    hides: Option<bool>,
    is_important: bool,
}

impl HidingProperty {
    const fn new(declaration: &'static str) -> Self {
        Self { declaration, hides: None, is_important: false }
    }

    fn has_name(&self, property: &str) -> bool {
        self.declaration.split(':').next().is_some_and(|name| name.eq_ignore_ascii_case(property))
    }
}

/// Applies the content of a `style` attribute. The last declaration of a property counts, except that one with `!important`
/// precedes those without.
fn apply_style(style: &str, hiding: &mut Hiding) {
    let mut properties = [
        HidingProperty::new("display:none"),
        HidingProperty::new("opacity:0"),
        HidingProperty::new("mso-hide:all"),
        HidingProperty::new("visibility:hidden"),
        HidingProperty::new("font-size:0"),
    ];
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let name = name.trim();
        let Some(property) = properties.iter_mut().find(|property| property.has_name(name)) else { continue };
        let (value, is_important) = match value.split_once('!') {
            Some((value, _)) => (value.trim(), true),
            None => (value.trim(), false),
        };
        if is_important >= property.is_important {
            property.is_important = is_important;
            property.hides = hides_with(property.declaration, value).or(property.hides);
        }
    }
    for property in properties {
        match (property.declaration, property.hides) {
            ("visibility:hidden", Some(hides)) => hiding.by_visibility = hides,
            ("font-size:0", Some(hides)) => hiding.by_font_size = hides,
            (declaration, Some(true)) => hide_permanently(hiding, declaration),
            _ => {}
        }
    }
}

/// Whether a property hides with this value; `None` if the value is inherited.
fn hides_with(declaration: &str, value: &str) -> Option<bool> {
    match declaration {
        "display:none" => Some(value.eq_ignore_ascii_case("none")),
        "mso-hide:all" => Some(value.eq_ignore_ascii_case("all")),
        "visibility:hidden" if value.eq_ignore_ascii_case("inherit") => None,
        "visibility:hidden" => Some(value.eq_ignore_ascii_case("hidden") || value.eq_ignore_ascii_case("collapse")),
        _ if is_zero(value) => Some(true),
        // A size relative to zero is still zero.
        "font-size:0" if is_relative_size(value) => None,
        _ => Some(false),
    }
}

/// Whether a font size depends on that of the parent: `120%`, `1.5em`, `inherit`.
fn is_relative_size(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value == "inherit" || value.ends_with('%') || (value.ends_with("em") && !value.ends_with("rem"))
}

/// Whether a value is zero, with or without a unit: `0`, `0px`, `0.0em`, `.0%`.
fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.contains('0') && number.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'+' | b'-'))
}

/// Returns the name if neither mail clients nor browsers display the content of the element.
fn find_undisplayed(name: &str) -> Option<&'static str> {
    ["script", "style", "title", "template", "iframe", "noembed", "noframes", "datalist"]
        .into_iter()
        .find(|element| *element == name)
}
