//! The facts about an HTML text that rules use. The text is parsed once, and each fact is computed when the first rule uses it.

use std::cell::OnceCell;
use std::ops::Range;

use crate::html::addresses::{Address, find_addresses};
use crate::html::email_code::{CodeSearch, find_visible_code};
use crate::html::foreign_variables::foreign_variables;
use crate::html::mapped_text::MappedText;
use crate::html::near_miss::{NearMiss, near_misses};
use crate::html::shortcodes::{Shortcode, brace_groups, shortcodes};
use crate::html::tag_errors::{TagErrors, find_tag_errors};
use crate::html::tree::{Context, HtmlTree, Interpretation, NodeData, parse};
use crate::html::visibility::{HiddenReason, Visibility};
use crate::html::visible_text::visible_text;

/// The tree of an HTML text, and the facts that have been computed. It does not contain the text itself: see [`HtmlFacts`].
#[derive(Clone, Debug)]
pub(crate) struct ParsedHtml {
    interpretation: Interpretation,
    tree: HtmlTree,
    visible_text: OnceCell<MappedText>,
    near_misses: OnceCell<Vec<NearMiss>>,
    email_code: OnceCell<CodeSearch>,
    addresses: OnceCell<Vec<Address>>,
}

impl ParsedHtml {
    /// Parses the HTML of an email as a mail client does, without running script.
    pub(crate) fn from_email(html: &str) -> Self {
        Self::new(html, Interpretation::EMAIL)
    }

    /// Parses HTML that a page inserts into a `<div>`.
    pub(crate) fn from_fragment(html: &str) -> Self {
        Self::new(html, Interpretation { context: Context::div(), scripting: false })
    }

    fn new(html: &str, interpretation: Interpretation) -> Self {
        Self {
            tree: parse(html, &interpretation),
            interpretation,
            visible_text: OnceCell::new(),
            near_misses: OnceCell::new(),
            email_code: OnceCell::new(),
            addresses: OnceCell::new(),
        }
    }

    /// The facts about the text, which must be the text that was parsed.
    pub(crate) fn facts<'h>(&'h self, html: &'h str) -> HtmlFacts<'h> {
        HtmlFacts { html, parsed: self }
    }
}

/// The facts about an HTML text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HtmlFacts<'h> {
    /// The text.
    pub html: &'h str,
    parsed: &'h ParsedHtml,
}

impl<'h> HtmlFacts<'h> {
    /// The tree of the text.
    pub(crate) fn tree(self) -> &'h HtmlTree {
        &self.parsed.tree
    }

    /// The text that a reader sees.
    pub(crate) fn visible_text(self) -> &'h MappedText {
        self.parsed.visible_text.get_or_init(|| visible_text(self.html, self.tree(), &mut Visibility::new(self.tree())))
    }

    /// The visible texts that were probably meant to be `{{email_code}}`.
    pub(crate) fn near_misses(self) -> &'h [NearMiss] {
        self.parsed.near_misses.get_or_init(|| near_misses(self.html, self.visible_text()))
    }

    /// Whether the reader sees `{{email_code}}`.
    pub(crate) fn email_code(self) -> &'h CodeSearch {
        self.parsed.email_code.get_or_init(|| {
            let mut hidden = Vec::new();
            if let Some(range) = find_visible_code(self.html, self.tree(), &mut hidden) {
                return CodeSearch::Visible(range);
            }
            // A visible near miss is the mistake to correct, even if there is also a hidden code.
            if let Some(near_miss) = self.near_misses().first() {
                return CodeSearch::NearMiss(near_miss.clone());
            }
            let in_link = hidden.iter().find(|code| code.reason == HiddenReason::Href);
            match in_link.or(hidden.first()) {
                Some(code) => CodeSearch::Hidden(code.clone()),
                None => CodeSearch::Absent,
            }
        })
    }

    /// The first tags, quotes and comments that are not closed or that close nothing.
    pub(crate) fn tag_errors(self, max_errors: usize) -> TagErrors {
        find_tag_errors(self.html, self.tree(), &self.parsed.interpretation, max_errors)
    }

    /// The addresses that a reader follows or that a program loads, in the order of the text.
    pub(crate) fn addresses(self) -> &'h [Address] {
        self.parsed.addresses.get_or_init(|| find_addresses(self.html, self.tree()))
    }

    /// The shortcodes that `is_wanted` selects, in the text and in tags.
    pub(crate) fn shortcodes(self, is_wanted: impl Fn(&Shortcode) -> bool) -> Vec<Shortcode> {
        let mut found: Vec<Shortcode> = shortcodes(self.html).filter(is_wanted).collect();
        self.retain_outside_code(&mut found);
        found
    }

    /// Whether there are braces that are not part of `{{email_code}}`, except in comments, styles and scripts.
    pub(crate) fn has_other_braces(self) -> bool {
        let code_ranges = self.code_ranges();
        brace_groups(self.html).any(|group| {
            let next = code_ranges.partition_point(|code| code.start <= group.range.start);
            let is_in_code = next > 0 && group.range.end <= code_ranges[next - 1].end;
            !is_in_code && !group.is_email_code(self.html)
        })
    }

    /// The variables of other template systems, in the text and in tags.
    pub(crate) fn foreign_variables(self) -> Vec<Shortcode> {
        let mut found = foreign_variables(self.html);
        self.retain_outside_code(&mut found);
        found
    }

    /// Removes shortcodes in comments, styles and scripts, where braces and brackets have another meaning. `found` must be in the order
    /// of the text.
    fn retain_outside_code(self, found: &mut Vec<Shortcode>) {
        if found.is_empty() {
            return;
        }
        let code_ranges = self.code_ranges();
        let mut next_code = code_ranges.iter().peekable();
        found.retain(|shortcode| {
            while next_code.next_if(|code| code.end <= shortcode.range.start).is_some() {}
            next_code.peek().is_none_or(|code| shortcode.range.end <= code.start)
        });
    }

    /// The ranges of comments, styles and scripts, in the order of the text.
    fn code_ranges(self) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        for &id in self.tree().ids_with_templates() {
            match &self.tree().node(id).data {
                NodeData::Comment(range) | NodeData::Doctype(range) => ranges.push(range.clone()),
                NodeData::Element(element) if matches!(&*element.name.local, "style" | "script") => {
                    ranges.extend(self.tree().text_pieces(id).map(|piece| piece.source.clone()));
                }
                NodeData::Element(_) | NodeData::Text(_) | NodeData::Document => {}
            }
        }
        ranges.sort_by_key(|range| range.start);
        ranges
    }
}
