//! Finds the addresses in an HTML text that a reader follows or that a program loads.

use std::ops::Range;

use crate::html::css::{self, CssReference};
use crate::html::mapped_text::MappedText;
use crate::html::style::{child_text_content, has_css};
use crate::html::tree::{Attribute, Element, HtmlTree, Interpretation, NodeData, NodeId, parse};
use crate::html::urls;

/// An address.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// The address without blanks around it, with character references and CSS escapes decoded.
    pub text: String,
    /// The bytes of the address. If it has CSS escapes, the bytes of the whole `url()` or string.
    pub source: Range<usize>,
    /// Whether a person follows the address. Otherwise a program loads it without being asked.
    pub is_link: bool,
    /// Whether the address is in CSS.
    pub is_in_style: bool,
}

/// Finds the addresses in a tree, and in the conditional comments for Outlook, in the order of the text.
pub(crate) fn find_addresses(html: &str, tree: &HtmlTree) -> Vec<Address> {
    let mut addresses = Vec::new();
    for &id in tree.ids_with_templates() {
        match &tree.node(id).data {
            NodeData::Element(element) => add_addresses_of_element(tree, id, element, &mut addresses),
            NodeData::Comment(range) => add_addresses_of_comment(html, range, &mut addresses),
            _ => {}
        }
    }
    addresses.sort_by_key(|address| address.source.start);
    addresses
}

fn add_addresses_of_element(tree: &HtmlTree, id: NodeId, element: &Element, addresses: &mut Vec<Address>) {
    for attribute in tree.attributes(element) {
        match &*attribute.name {
            "style" => {
                let references = css::find_references(&attribute.value);
                if !references.is_empty() {
                    add_references(&attribute.mapped_value(), references, addresses);
                }
            }
            "srcset" => add_addresses_of_srcset(attribute, addresses),
            name if is_requested(name, &element.name.local) => {
                let is_link =
                    matches!(&*element.name.local, "a" | "area" | "form" | "button" | "input") && name != "src";
                add_address(attribute, 0..attribute.value.len(), is_link, addresses);
            }
            _ => {}
        }
    }
    if &*element.name.local == "style" && has_css(tree, element) {
        let css = child_text_content(tree, id);
        add_references(&css, css::find_references(&css.text), addresses);
    }
}

/// Adds the addresses in a conditional comment: `<!--[if mso]>…<![endif]-->` contains HTML for Outlook.
fn add_addresses_of_comment(html: &str, comment: &Range<usize>, addresses: &mut Vec<Address>) {
    let text = &html[comment.clone()];
    let Some(condition) = text.strip_prefix("<!--[if ").and_then(|rest| rest.find("]>")) else { return };
    let start = comment.start + "<!--[if ".len() + condition + "]>".len();
    let content = &html[start..comment.end];
    // A comment cannot contain another comment, so this recursion ends here.
    for address in find_addresses(content, &parse(content, &Interpretation::EMAIL)) {
        let source = start + address.source.start..start + address.source.end;
        addresses.push(Address { source, ..address });
    }
}

/// Whether a browser requests the address in an attribute.
fn is_requested(attribute: &str, element: &str) -> bool {
    urls::is_address_attribute(attribute) || attribute == "xlink:href" || (attribute, element) == ("data", "object")
}

/// Adds the address in a part of a value, without controls and spaces around it (URL Standard, "basic URL parser").
fn add_address(attribute: &Attribute, part: Range<usize>, is_link: bool, addresses: &mut Vec<Address>) {
    let text = &attribute.value[part.clone()];
    let leading = text.len() - text.trim_start_matches(|c: char| c <= ' ').len();
    let trimmed = text[leading..].trim_end_matches(|c: char| c <= ' ');
    if !trimmed.is_empty() {
        let start = part.start + leading;
        let source = attribute.source_range(start..start + trimmed.len());
        addresses.push(Address { text: trimmed.to_owned(), source, is_link, is_in_style: false });
    }
}

fn add_addresses_of_srcset(attribute: &Attribute, addresses: &mut Vec<Address>) {
    for address in urls::srcset_addresses(&attribute.value) {
        add_address(attribute, address, false, addresses);
    }
}

fn add_references(css: &MappedText, references: Vec<CssReference>, addresses: &mut Vec<Address>) {
    for reference in references {
        // An address with escapes is not found in the text in its decoded form.
        let range = match css.text[reference.range.clone()].find(&reference.address) {
            Some(offset) => {
                let start = reference.range.start + offset;
                start..start + reference.address.len()
            }
            None => reference.range.clone(),
        };
        let source = css.source_range(range);
        addresses.push(Address { text: reference.address, source, is_link: false, is_in_style: true });
    }
}
