//! Which values of attributes and styles run script, load a file, or deceive customers.

use crate::html::css::{self, CssReference, Declaration};
use crate::html::style_values::{Value, parse_property};
use crate::html::tree::Attribute;
use crate::html::urls::{self, Scheme};

pub(super) const RUNS_SCRIPT: &str = "can run code in the customer's browser";

/// What an element or a style does, and how bad that is.
pub(super) struct Harm {
    pub label: &'static str,
    pub is_dangerous: bool,
}

impl Harm {
    pub(super) const fn dangerous(label: &'static str) -> Self {
        Self { label, is_dangerous: true }
    }

    pub(super) const fn minor(label: &'static str) -> Self {
        Self { label, is_dangerous: false }
    }
}

/// Whether a style puts an element over the whole page, so that it can look like another page.
pub(super) fn covers_page(style: &str) -> bool {
    let declarations = &css::parse_declarations(style);
    let is_fixed = last_value(declarations, "position").eq_ignore_ascii_case("fixed");
    let has_inset = is_zero(declarations, "inset");
    let is_at_corner = has_inset || (is_zero(declarations, "top") && is_zero(declarations, "left"));
    let width = last_value(declarations, "width");
    let covers_width = has_inset || is_zero(declarations, "right") || matches!(width, "100%" | "100vw");
    let height = last_value(declarations, "height");
    let covers_height = has_inset || is_zero(declarations, "bottom") || matches!(height, "100%" | "100vh");
    is_fixed && is_at_corner && covers_width && covers_height
}

/// The value of the last declaration of a property, which is the one that applies; empty if there is none.
fn last_value<'c>(declarations: &[Declaration<'c>], property: &str) -> &'c str {
    declarations.iter().rfind(|declaration| declaration.name == property).map_or("", |declaration| declaration.value)
}

/// Whether a property is a length of zero, with or without a unit.
fn is_zero(declarations: &[Declaration<'_>], property: &str) -> bool {
    // All these properties have the values of `left`, which `parse_property` knows.
    matches!(parse_property("left", last_value(declarations, property))[..], [(_, Value::Number(0.0))])
}

/// The scheme of an attribute's address, and its harm, if the address runs script or contains a page.
pub(super) fn find_bad_address(element: &str, attribute: &Attribute) -> Option<(&'static str, Harm)> {
    let (name, value) = (&*attribute.name, &*attribute.value);
    let is_image = is_image_address(element, name);
    match name {
        "srcset" | "imagesrcset" => {
            urls::srcset_addresses(value).into_iter().find_map(|range| scheme_hazard(&value[range], is_image))
        }
        // SVG: the animation assigns each of these values to an attribute such as `href`.
        "values" if is_animation(element) => value.split(';').find_map(|address| scheme_hazard(address, is_image)),
        _ if has_address(element, name) => scheme_hazard(value, is_image),
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
        _ => urls::is_address_attribute(attribute),
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

pub(super) fn scheme_hazard(address: &str, is_image: bool) -> Option<(&'static str, Harm)> {
    match urls::scheme(address) {
        Scheme::Script(scheme) => Some((scheme, Harm::dangerous(RUNS_SCRIPT))),
        Scheme::Data => Some(("data:", Harm::dangerous("can contain a page with scripts"))),
        // Outside an image, `data:image/svg+xml` is a page that can run script.
        Scheme::DataMedia if !is_image => Some(("data:", Harm::dangerous("can contain a page with scripts"))),
        Scheme::DataMedia | Scheme::Other => None,
    }
}

/// A part of a style that runs script.
pub(super) struct StyleHazard {
    /// "a `javascript:` URL"
    pub description: String,
    pub code: &'static str,
    pub harm: Harm,
}

/// Finds the first hazard in CSS.
pub(super) fn find_style_hazard(css: &str, references: &[CssReference]) -> Option<StyleHazard> {
    for reference in references {
        if let Some((scheme, harm)) = scheme_hazard(&reference.address, true) {
            return Some(StyleHazard { description: format!("a `{scheme}` URL"), code: scheme, harm });
        }
    }
    find_old_script(css).map(|code| {
        let harm = Harm::minor("runs code in outdated browsers");
        StyleHazard { description: format!("`{code}`"), code, harm }
    })
}

/// Finds a property or function with which an outdated browser ran script: `expression()` and `behavior` in Internet Explorer,
/// `-moz-binding` in early versions of Firefox.
fn find_old_script(css: &str) -> Option<&'static str> {
    // Internet Explorer removed comments inside names, which today's CSS parsers do not.
    let plain = urls::normalize_css(css);
    // Each of the names contains one of these bytes; searching for them first is faster.
    memchr::memchr2(b'b', b'(', plain.as_bytes())?;
    let scripts = [("expression(", "expression"), ("-moz-binding", "-moz-binding"), ("behavior:", "behavior")];
    scripts.into_iter().find(|(token, _)| contains_word(&plain, token)).map(|(_, code)| code)
}

/// Whether the text contains `word`, and not only as the end of a longer name: `scroll-behavior:` does not count.
fn contains_word(css: &str, word: &str) -> bool {
    css.match_indices(word).any(|(start, _)| !css[..start].ends_with(is_name_char))
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}
