//! What a reader sees: the open elements and whether one of them hides its content.
//!
//! Implied ends (`<p>` before a block, `<li>`, cells), void elements and stray end tags are treated as a browser would,
//! in outline: no scoping rules beyond tables and lists, no adoption agency. Style sheets are not applied.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::base::steps::count_steps;
use crate::html::elements::{ends_paragraph, is_void};
use crate::html::tokenizer::Tag;

/// Why a reader does not see a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HiddenReason {
    /// `<!-- … -->`, conditional comments too.
    Comment,
    /// `href`: in the address of a link.
    Href,
    /// Another attribute.
    Attribute(String),
    /// The content of an element that is never shown: `script`, `style`, `title`, `template` and the like.
    Element(&'static str),
    /// Inside an element with this attribute or style, e.g. `display:none`.
    Hidden(&'static str),
    /// In a tag that is never closed.
    BrokenTag,
}

/// What hides the content of the open elements. Size and visibility can be undone by an element inside.
#[derive(Clone, Copy, Debug, Default)]
struct Cover {
    whole: Option<Whole>,
    size: bool,
    visibility: bool,
}

#[derive(Clone, Copy, Debug)]
enum Whole {
    Element(&'static str),
    Hidden(&'static str),
}

struct Open<'h> {
    name: Cow<'h, str>,
    cover: Cover,
}

/// The open elements at a place; fed with tags in order.
#[derive(Default)]
pub(crate) struct VisibilityTracker<'h> {
    open: Vec<Open<'h>>,
    /// How many of each name are open: a stray end tag costs no search.
    counts: HashMap<Cow<'h, str>, u32>,
}

impl<'h> VisibilityTracker<'h> {
    /// An opening tag of `html`. Unfinished ones are none.
    pub(crate) fn open(&mut self, html: &'h str, tag: &Tag<'_>) {
        if !tag.finished {
            return;
        }
        self.imply_ends(tag.name);
        if is_void(tag.name) {
            return;
        }
        let name = tag.name_in(html);
        let cover = cover_of(tag, self.cover());
        *self.counts.entry(name.clone()).or_default() += 1;
        self.open.push(Open { name, cover });
    }

    /// An end tag; a stray one is ignored.
    pub(crate) fn close(&mut self, name: &str) {
        if self.counts.get(name).is_some_and(|&count| count > 0) {
            while self.pop().is_some_and(|popped| popped != name) {}
        }
    }

    /// Why text here is not seen; `None` when it is.
    pub(crate) fn unseen(&self) -> Option<HiddenReason> {
        let cover = self.cover();
        match cover.whole {
            Some(Whole::Element(name)) => Some(HiddenReason::Element(name)),
            Some(Whole::Hidden(how)) => Some(HiddenReason::Hidden(how)),
            None if cover.visibility => Some(HiddenReason::Hidden("visibility:hidden")),
            None if cover.size => Some(HiddenReason::Hidden("font-size:0")),
            None => None,
        }
    }

    fn cover(&self) -> Cover {
        self.open.last().map(|open| open.cover).unwrap_or_default()
    }

    fn pop(&mut self) -> Option<Cow<'h, str>> {
        let name = self.open.pop()?.name;
        if let Some(count) = self.counts.get_mut(&name) {
            *count -= 1;
        }
        Some(name)
    }

    /// Elements whose end tag may be left out end before certain others.
    fn imply_ends(&mut self, next: &str) {
        /// How far up to look: deeper html is machine-made and not worth a search for each tag.
        const REACH: usize = 64;
        let (ends, until) = match next {
            "li" => (&["li"][..], &["ul", "ol", "menu", "table"][..]),
            "dt" | "dd" => (&["dt", "dd"][..], &["dl", "table"][..]),
            "td" | "th" => (&["td", "th"][..], &["tr", "table"][..]),
            "tr" => (&["tr"][..], &["tbody", "thead", "tfoot", "table"][..]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"][..], &["table"][..]),
            "option" | "optgroup" => (&["option"][..], &["select", "datalist", "optgroup"][..]),
            _ if ends_paragraph(next) => (&["p"][..], &["td", "th", "table", "caption", "button", "template"][..]),
            _ => return,
        };
        if !ends.iter().any(|name| self.counts.get(*name).is_some_and(|&count| count > 0)) {
            return;
        }
        let reach = self.open.len().saturating_sub(REACH);
        for at in (reach..self.open.len()).rev() {
            count_steps(1);
            let name = &*self.open[at].name;
            if ends.contains(&name) {
                while self.open.len() > at && self.pop().is_some() {}
                return;
            }
            if until.contains(&name) {
                return;
            }
        }
    }
}

/// What an element's tag adds to what already covers it.
fn cover_of(tag: &Tag<'_>, outer: Cover) -> Cover {
    let mut cover = outer;
    if cover.whole.is_none() {
        cover.whole = never_shown(tag.name).map(Whole::Element);
    }
    let mut style_seen = false;
    for attribute in tag.attributes() {
        match attribute.name {
            "hidden" => cover.whole = cover.whole.or(Some(Whole::Hidden("hidden"))),
            "style" if !style_seen => {
                style_seen = true;
                apply_style(attribute.value, &mut cover);
            }
            _ => {}
        }
    }
    cover
}

/// The last declaration of a property counts, one with `!important` before all others.
fn apply_style(style: &str, cover: &mut Cover) {
    let mut hides: [(&'static str, Option<bool>, bool); 5] = [
        ("display:none", None, false),
        ("opacity:0", None, false),
        ("mso-hide:all", None, false),
        ("visibility:hidden", None, false),
        ("font-size:0", None, false),
    ];
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim();
        let known = hides
            .iter_mut()
            .find(|(name, ..)| name.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case(property)));
        let Some((name, hidden, important)) = known else { continue };
        let (value, is_important) = match value.split_once('!') {
            Some((value, _)) => (value.trim(), true),
            None => (value.trim(), false),
        };
        if is_important >= *important {
            *important = is_important;
            *hidden = hides_with(name, value).or(*hidden);
        }
    }
    for (name, hidden, _) in hides {
        match (name, hidden) {
            ("visibility:hidden", Some(hidden)) => cover.visibility = hidden,
            ("font-size:0", Some(hidden)) => cover.size = hidden,
            (_, Some(true)) => cover.whole = cover.whole.or(Some(Whole::Hidden(name))),
            _ => {}
        }
    }
}

/// Whether the value hides, shows, or (`None`) leaves it as it was outside.
fn hides_with(name: &str, value: &str) -> Option<bool> {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    match name {
        "display:none" => Some(is("none")),
        "mso-hide:all" => Some(is("all")),
        "visibility:hidden" if is("inherit") => None,
        "visibility:hidden" => Some(is("hidden") || is("collapse")),
        _ if is_zero(value) => Some(true),
        // A part of nothing is nothing.
        "font-size:0" => {
            let lower = value.to_ascii_lowercase();
            let relative = lower.ends_with('%') || lower.ends_with("em") && !lower.ends_with("rem");
            (!relative && lower != "inherit").then_some(false)
        }
        _ => Some(false),
    }
}

/// `0`, `0px`, `0.0em`, `.0%`: a number that is zero, with or without a unit.
fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.bytes().any(|byte| byte == b'0') && number.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'+' | b'-'))
}

/// Elements whose content no reader of an email or a page gets to see.
fn never_shown(name: &str) -> Option<&'static str> {
    ["script", "style", "title", "template", "iframe", "noembed", "noframes", "datalist"]
        .into_iter()
        .find(|element| *element == name)
}
