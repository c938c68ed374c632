//! Determines whether the reader of an email sees `{{email_code}}`.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::base::steps::count_steps;
use crate::html::near_miss::NearMiss;
use crate::html::shortcodes;
use crate::html::tree::{HtmlTree, NodeData, NodeId, Tag, TagId};
use crate::html::visibility::{HiddenReason, Visibility};

/// The result of searching for `{{email_code}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeSearch {
    /// The reader sees the code. Contains the range of its first visible occurrence.
    Visible(Range<usize>),
    /// The reader does not see the code, but a text that was probably meant to be it. Contains the first such text.
    NearMiss(NearMiss),
    /// All occurrences of the code are hidden. Contains the first occurrence in a link, or else the first one.
    Hidden(HiddenCode),
    /// There is neither the code nor a near miss.
    Absent,
}

/// A `{{email_code}}` that the reader does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HiddenCode {
    /// The range of the code.
    pub range: Range<usize>,
    pub reason: HiddenReason,
}

/// Returns the first visible code, and adds the hidden ones before it to `hidden`.
pub(crate) fn find_visible_code(html: &str, tree: &HtmlTree, hidden: &mut Vec<HiddenCode>) -> Option<Range<usize>> {
    let mut codes = shortcodes::email_codes(html).peekable();
    codes.peek()?;
    let mut visibility = Visibility::new(tree);
    let parts = SourceParts::from_tree(html, tree);
    let mut link_cache = LinkReasonCache::default();
    for code in codes {
        let reason = match parts.part_at(&code) {
            Some(SourcePart::Text(parent)) => visibility.hidden_reason(parent),
            Some(SourcePart::Comment) => Some(HiddenReason::Comment),
            Some(SourcePart::Tag(tag)) => {
                let mut reason = hidden_reason_in_tag(html, &tree.tags[tag], &code);
                // Nobody can follow a link that is hidden.
                if reason == HiddenReason::Href
                    && let Some(link_reason) = link_cache.hidden_link_reason(tag, &parts, &mut visibility)
                {
                    reason = link_reason;
                }
                Some(reason)
            }
            None => Some(HiddenReason::BrokenTag),
        };
        match reason {
            Some(reason) => hidden.push(HiddenCode { range: code, reason }),
            None => return Some(code),
        }
    }
    None
}

/// Remembers the result of [`SourceParts::hidden_link_reason`] for the last tag, because one tag may contain many codes.
#[derive(Default)]
struct LinkReasonCache {
    tag: Option<TagId>,
    reason: Option<HiddenReason>,
}

impl LinkReasonCache {
    fn hidden_link_reason(
        &mut self,
        tag: TagId,
        parts: &SourceParts<'_>,
        visibility: &mut Visibility<'_>,
    ) -> Option<HiddenReason> {
        if self.tag.replace(tag) != Some(tag) {
            self.reason = parts.hidden_link_reason(tag, visibility);
        }
        self.reason.clone()
    }
}

/// The parts of an HTML text, each with its meaning for a browser.
struct SourceParts<'t> {
    tree: &'t HtmlTree,
    /// The texts and comments, in the order of the text.
    contents: Vec<(Range<usize>, SourcePart)>,
    /// The links made from each start tag, see [`links_by_tag`].
    links: OnceCell<HashMap<TagId, Vec<NodeId>>>,
}

#[derive(Clone, Copy, Debug)]
enum SourcePart {
    /// Text in this element.
    Text(NodeId),
    Tag(TagId),
    Comment,
}

impl<'t> SourceParts<'t> {
    fn from_tree(html: &str, tree: &'t HtmlTree) -> Self {
        let mut contents = Vec::with_capacity(tree.len());
        for &id in tree.ids_with_templates() {
            let node = tree.node(id);
            match &node.data {
                NodeData::Comment(range) | NodeData::Doctype(range) => {
                    contents.push((range.clone(), SourcePart::Comment));
                }
                NodeData::Text(pieces) => {
                    let Some(parent) = node.parent else { continue };
                    for piece in pieces {
                        // A character reference such as `&amp;` contains no code.
                        if html.get(piece.source.clone()) == Some(&*piece.text) {
                            contents.push((piece.source.clone(), SourcePart::Text(parent)));
                        }
                    }
                }
                NodeData::Element(_) | NodeData::Document => {}
            }
        }
        contents.sort_by_key(|(range, _)| range.start);
        Self { tree, contents, links: OnceCell::new() }
    }

    /// Why the reader sees none of the links made from a tag; `None` if the reader sees one of them.
    fn hidden_link_reason(&self, tag: TagId, visibility: &mut Visibility<'_>) -> Option<HiddenReason> {
        let mut reason = None;
        let links = self.links.get_or_init(|| links_by_tag(self.tree));
        for link in links.get(&tag).into_iter().flatten() {
            count_steps(1);
            reason = Some(visibility.hidden_reason(*link)?);
        }
        reason
    }

    /// The part that contains a code.
    fn part_at(&self, code: &Range<usize>) -> Option<SourcePart> {
        let tags = &self.tree.tags;
        let next_tag = tags.partition_point(|tag| tag.range.start <= code.start);
        if next_tag > 0 && code.end <= tags[next_tag - 1].range.end {
            return Some(SourcePart::Tag(next_tag - 1));
        }
        let next = self.contents.partition_point(|(range, _)| range.start <= code.start);
        let (range, part) = &self.contents[next.checked_sub(1)?];
        (code.end <= range.end).then_some(*part)
    }
}

/// The links made from each start tag. A browser can make several links from one tag.
fn links_by_tag(tree: &HtmlTree) -> HashMap<TagId, Vec<NodeId>> {
    let mut links: HashMap<TagId, Vec<NodeId>> = HashMap::new();
    for &id in tree.ids_with_templates() {
        if let Some(element) = tree.element(id)
            && let Some(tag) = element.start_tag
            && is_link(&element.name.local)
        {
            links.entry(tag).or_default().push(id);
        }
    }
    links
}

fn is_link(name: &str) -> bool {
    matches!(name, "a" | "area")
}

fn hidden_reason_in_tag(html: &str, tag: &Tag, code: &Range<usize>) -> HiddenReason {
    let next = tag.attributes.partition_point(|attribute| attribute.name_range.start <= code.start);
    match tag.attributes[..next].last() {
        Some(attribute) if !tag.is_end && tag.is_finished && code.end <= attribute.range(html).end => {
            let is_link_address = &*attribute.name == "href" && is_link(&tag.name);
            if is_link_address { HiddenReason::Href } else { HiddenReason::Attribute(attribute.name.clone()) }
        }
        _ => HiddenReason::BrokenTag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::steps::assert_linear;
    use crate::html::tree::{Interpretation, parse};

    const CODE: &str = "{{email_code}}";

    fn search(html: &str) -> String {
        let tree = parse(html, &Interpretation::EMAIL);
        let mut hidden = Vec::new();
        if let Some(range) = find_visible_code(html, &tree, &mut hidden) {
            assert_eq!(&html[range], CODE, "{html}");
            return "visible".to_owned();
        }
        assert!(hidden.iter().all(|code| &html[code.range.clone()] == CODE), "{html}");
        let mut reasons = Vec::new();
        for code in &hidden {
            reasons.push(match &code.reason {
                HiddenReason::Declaration(origin) => {
                    let source = &html[origin.source.clone()];
                    assert!(!source.is_empty(), "{html}");
                    format!("Hidden({:?})", origin.text)
                }
                HiddenReason::Element(name) => format!("Element({:?})", &**name),
                HiddenReason::Attribute(name) => format!("Attribute({:?})", &**name),
                other => format!("{other:?}"),
            });
        }
        format!("[{}]", reasons.join(", "))
    }

    #[test]
    fn a_visible_code_is_found() {
        for html in [
            "{{email_code}}",
            "<p>Your confirmation code is: <strong>{{email_code}}</strong></p>",
            "<!-- {{email_code}} --><b>{{email_code}}",
            "<p hidden>x</p>{{email_code}}",
            "<p hidden>x<p>{{email_code}}",
            "<p hidden>x<div>{{email_code}}</div>",
            "<ul><li hidden>x<li>{{email_code}}</ul>",
            "<table><tr><td hidden>x<td>{{email_code}}</table>",
            "<table><tr hidden><td>x<tr><td>{{email_code}}</table>",
            "<div><p hidden>x</div>{{email_code}}",
            "<img hidden>{{email_code}}",
            "<br style='display:none'/>{{email_code}}",
            "<td style='font-size:0px;padding:1px'><div style='font-size:13px'>{{email_code}}</div></td>",
            "<div style='visibility:hidden'><b style='visibility:visible'>{{email_code}}</b></div>",
            "<div style='display:none;display:block'>{{email_code}}</div>",
            "<div style='display:none;display:block!important;display:none'>{{email_code}}</div>",
            "<div style='opacity:0.5;font-size:10px;line-height:0;mso-hide:none'>{{email_code}}</div>",
            "<div data-style='display:none' style='x-display:none'>{{email_code}}</div>",
            "<!--[if !mso]><!--><b>{{email_code}}</b><!--<![endif]-->",
            "<![if !mso]>{{email_code}}<![endif]>",
            "<textarea>{{email_code}}</textarea>",
            "<noscript>{{email_code}}</noscript>",
            "<select><option>{{email_code}}</select>",
            "<title>x</title>{{email_code}}",
            "<style>a{}</style>{{email_code}}",
            "a < b {{email_code}} > <",
            "{{ email_code }} {{email_code}}",
            "<p>Code: <span style='text-indent:-9999px'>{{email_code}}</span></p>",
            "<p style='color:red;display:none }'>{{email_code}}</p>",
        ] {
            assert_eq!(search(html), "visible", "{html}");
        }
    }

    #[test]
    fn a_hidden_code_has_the_reason() {
        let cases: &[(&str, &str)] = &[
            ("<!-- {{email_code}} -->", "[Comment]"),
            ("<!--[if mso]>{{email_code}}<![endif]-->", "[Comment]"),
            ("<!-- {{email_code}}", "[Comment]"),
            ("<a href='https://x.test/?c={{email_code}}'>go</a>", "[Href]"),
            ("<map><area href='/{{email_code}}'></map>", "[Href]"),
            ("<link href='/{{email_code}}'>", "[Attribute(\"href\")]"),
            ("<div hidden><a href='/{{email_code}}'>go</a></div>", "[Hidden(\"hidden\")]"),
            ("<img alt='{{email_code}}'>", "[Attribute(\"alt\")]"),
            ("<a title={{email_code}}>x</a>", "[Attribute(\"title\")]"),
            ("<b {{email_code}}>x</b>", "[Attribute(\"{{email_code}}\")]"),
            ("</b {{email_code}}>x", "[BrokenTag]"),
            ("x <a href='{{email_code}}", "[BrokenTag]"),
            ("<script>{{email_code}}</script>", "[Element(\"script\")]"),
            ("<style>{{email_code}}</style>", "[Element(\"style\")]"),
            ("<head><title>{{email_code}}</title></head>", "[Element(\"title\")]"),
            ("<template><p>{{email_code}}</p></template>", "[Element(\"template\")]"),
            ("<style>a{} <b>{{email_code}}</b>", "[Element(\"style\")]"),
            ("<p hidden>{{email_code}}</p>", "[Hidden(\"hidden\")]"),
            ("<P HIDDEN=''>{{email_code}}</P>", "[Hidden(\"hidden\")]"),
            ("<div hidden><p>a</p><br></i><b>{{email_code}}</b></div>", "[Hidden(\"hidden\")]"),
            ("<div hidden><div></div>{{email_code}}</div>", "[Hidden(\"hidden\")]"),
            ("<p style='display:none'>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style=' DISPLAY : None !IMPORTANT; display:block'>{{email_code}}</p>", "[Hidden(\"display:None\")]"),
            ("<p style=display&colon;none>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style='visibility:hidden'>{{email_code}}</p>", "[Hidden(\"visibility:hidden\")]"),
            ("<p style='color:red;font-size:0'>{{email_code}}</p>", "[Hidden(\"font-size:0\")]"),
            ("<p style='font-size:0px'>{{email_code}}</p>", "[Hidden(\"font-size:0px\")]"),
            ("<p style='font-size:0.0em'><b style='font-size:2em'>{{email_code}}</b>", "[Hidden(\"font-size:0.0em\")]"),
            ("<p style='opacity:0'>{{email_code}}</p>", "[Hidden(\"opacity:0\")]"),
            ("<p style='text-indent:-9999px'><b>{{email_code}}</b>", "[Hidden(\"text-indent:-9999px\")]"),
            ("<p style='display:none;color:red }'>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style='mso-hide:all'>{{email_code}}</p>", "[Hidden(\"mso-hide:all\")]"),
            ("<p hidden>{{email_code}}</p><!--{{email_code}}-->", "[Hidden(\"hidden\"), Comment]"),
        ];
        for (html, expected) in cases {
            assert_eq!(search(html), *expected, "{html}");
        }
    }

    #[test]
    fn codes_in_links_take_linear_time() {
        for unit in ["<a href='{{email_code}}'>", "<p hidden><a href='{{email_code}}{{email_code}}'>x"] {
            assert_linear(unit, |len| unit.repeat(len / unit.len()), |html| drop(search(html)));
        }
        let one_link =
            |len: usize| format!("<p hidden><a href='{}'>{}", CODE.repeat(len / 28), "<p hidden>x".repeat(len / 22));
        assert_linear("one link", one_link, |html| drop(search(html)));
    }
}
