//! Determines which text of an HTML text a reader sees.
//!
//! Text counts as hidden only if this is certain. A style that depends on the medium, on a pseudo-class, or on a selector that is not
//! evaluated hides nothing.

use std::sync::Arc;

use html5ever::LocalName;

use crate::html::elements::{ends_paragraph, is_inline};
use crate::html::style::{AppliedValue, DeclarationOrigin, ElementStyle, StyleSheets};
use crate::html::style_values::{Keyword, Property, Rgb, Value};
use crate::html::tree::{Element, HtmlTree, NodeId};

/// Text at this position in pixels, or further to the left of or above the page, is not on the screen.
const OFF_SCREEN: f32 = -999.0;

/// Why a reader does not see a part of the HTML. Cloning it is cheap, because a text can have many hidden parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HiddenReason {
    /// `<!-- … -->`, including conditional comments.
    Comment,
    /// `href`: the address of a link.
    Href,
    /// Another attribute.
    Attribute(LocalName),
    /// The content of an element that is not displayed: `script`, `style`, `title`, `template` and the like.
    Element(LocalName),
    /// Inside an element with this attribute or style: `hidden`, `display:none`.
    Declaration(Arc<DeclarationOrigin>),
    /// In a tag without `>`, in an end tag, or in the name of a tag.
    BrokenTag,
}

/// The styles that hide the text of an element, including inherited ones.
#[derive(Clone, Debug)]
struct ElementState {
    /// Hides the text of all descendants as well, whatever their styles are.
    permanent: Option<Hiding>,
    visibility: Option<Hiding>,
    font_size: Option<Hiding>,
    text_indent: Option<Hiding>,
    /// The `text_indent` of the nearest element that is not inline. Only there the property has an effect.
    block_text_indent: Option<Hiding>,
    color: TextColor,
    /// The color behind the text; `None` if it is not known.
    background: Option<Rgb>,
    /// The SVG image around the element, unless the element is in a part of the image that displays text, such as `<text>`.
    svg_image: Option<NodeId>,
}

/// The cause of hidden text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hiding {
    /// The element with this ID is not displayed.
    Element(NodeId),
    /// The declaration with this index in [`StyleSheets::origins`].
    Declaration(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum TextColor {
    Unknown,
    /// An opaque color and the declaration that sets it.
    Opaque(Rgb, usize),
    Transparent(usize),
}

/// The visibility of the text in a tree. It is computed on demand.
pub(crate) struct Visibility<'t> {
    tree: &'t HtmlTree,
    sheets: StyleSheets,
    /// The states by node, as far as they have been computed.
    states: Vec<Option<ElementState>>,
}

impl<'t> Visibility<'t> {
    pub(crate) fn new(tree: &'t HtmlTree) -> Self {
        Self { tree, sheets: StyleSheets::from_tree(tree), states: vec![None; tree.len()] }
    }

    /// Why the text directly in an element is hidden; `None` if it is visible or if that is not known.
    pub(crate) fn hidden_reason(&mut self, element: NodeId) -> Option<HiddenReason> {
        self.compute_states(element);
        let state = self.states[element.index()].as_ref()?;
        let by_image = state.svg_image.map(Hiding::Element);
        let hiding = state.permanent.or(by_image).or(state.visibility).or(state.font_size).or(state.block_text_indent);
        let by_color = match state.color {
            TextColor::Transparent(origin) => Some(Hiding::Declaration(origin)),
            TextColor::Opaque(color, origin) if state.background == Some(color) => Some(Hiding::Declaration(origin)),
            TextColor::Opaque(..) | TextColor::Unknown => None,
        };
        Some(match hiding.or(by_color)? {
            Hiding::Element(id) => HiddenReason::Element(self.tree.element(id)?.name.local.clone()),
            Hiding::Declaration(origin) => HiddenReason::Declaration(self.sheets.origins.get(origin)?.clone()),
        })
    }

    /// Computes the states of a node and its ancestors, starting with the outermost, because a state depends on that of the parent.
    fn compute_states(&mut self, id: NodeId) {
        let mut missing = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next
            && self.states[id.index()].is_none()
        {
            missing.push(id);
            next = self.tree.node(id).parent;
        }
        for id in missing.into_iter().rev() {
            let parent = self.tree.node(id).parent.and_then(|parent| self.states[parent.index()].clone());
            let state = self.compute_state(id, parent.unwrap_or_default());
            self.states[id.index()] = Some(state);
        }
    }

    fn compute_state(&mut self, id: NodeId, parent: ElementState) -> ElementState {
        let mut state = parent;
        let Some(element) = self.tree.element(id) else { return state };
        match &*element.name.local {
            "svg" => state.svg_image = Some(id),
            "text" | "foreignObject" => state.svg_image = None,
            _ => {}
        }
        if state.permanent.is_none() && is_not_rendered(self.tree, id, element) {
            state.permanent = Some(Hiding::Element(id));
        }
        if state.permanent.is_none() {
            state.permanent = closed_details_around(self.tree, id).map(Hiding::Element);
        }
        // No style can show the element again.
        if state.permanent.is_some() {
            return state;
        }
        let style = self.sheets.element_style(self.tree, id);
        state.permanent = find_permanent_hiding(element, &style);
        apply_inherited(&style, Property::Visibility, &mut state.visibility, is_hiding_keyword);
        apply_inherited(&style, Property::FontSize, &mut state.font_size, is_zero);
        apply_inherited(&style, Property::TextIndent, &mut state.text_indent, is_off_screen);
        if !is_displayed_inline(element, &style) {
            state.block_text_indent = state.text_indent;
        }
        apply_colors(&style, &mut state);
        state
    }
}

impl Default for ElementState {
    fn default() -> Self {
        Self {
            permanent: None,
            visibility: None,
            font_size: None,
            text_indent: None,
            block_text_indent: None,
            color: TextColor::Unknown,
            background: None,
            svg_image: None,
        }
    }
}

fn is_off_screen(value: Value) -> bool {
    matches!(value, Value::Number(pixels) if pixels <= OFF_SCREEN)
}

fn is_zero(value: Value) -> bool {
    value == Value::Number(0.0)
}

fn is_zero_or_less(value: Value) -> bool {
    matches!(value, Value::Number(number) if number <= 0.0)
}

fn is_hiding_keyword(value: Value) -> bool {
    value == Value::Keyword(Keyword::Hides)
}

/// The declaration of a property, if its value hides text according to `hides`.
fn find_hiding(style: &ElementStyle, property: Property, hides: impl Fn(Value) -> bool) -> Option<Hiding> {
    let AppliedValue { value, origin } = style[property as usize].as_ref()?;
    if hides(*value) { origin.map(Hiding::Declaration) } else { None }
}

/// Applies an inherited property. If the element does not set it, the state stays that of the parent.
fn apply_inherited(
    style: &ElementStyle,
    property: Property,
    state: &mut Option<Hiding>,
    hides: impl Fn(Value) -> bool,
) {
    let Some(AppliedValue { value, .. }) = &style[property as usize] else { return };
    // A size relative to zero is still zero.
    if !matches!(value, Value::Relative | Value::Keyword(Keyword::Inherit)) {
        *state = find_hiding(style, property, hides);
    }
}

/// Returns what hides the content of an element in a way that no descendant can undo.
fn find_permanent_hiding(element: &Element, style: &ElementStyle) -> Option<Hiding> {
    let by_display = find_hiding(style, Property::Display, is_hiding_keyword);
    let by_opacity = find_hiding(style, Property::Opacity, is_zero_or_less);
    let by_outlook = find_hiding(style, Property::MsoHide, is_hiding_keyword);
    let by_position = find_off_screen_position(style);
    by_display.or(by_opacity).or(by_outlook).or(by_position).or_else(|| find_zero_size(element, style))
}

/// The declaration that moves a positioned element off the screen.
fn find_off_screen_position(style: &ElementStyle) -> Option<Hiding> {
    find_hiding(style, Property::Position, |value| value == Value::Keyword(Keyword::Positioned))?;
    find_hiding(style, Property::Left, is_off_screen).or(find_hiding(style, Property::Top, is_off_screen))
}

fn is_displayed_inline(element: &Element, style: &ElementStyle) -> bool {
    match &style[Property::Display as usize] {
        Some(AppliedValue { value, .. }) => *value == Value::Keyword(Keyword::Inline),
        None => is_inline(&element.name.local),
    }
}

/// The declaration that gives an element the size zero, if text beyond the element is cut off.
fn find_zero_size(element: &Element, style: &ElementStyle) -> Option<Hiding> {
    find_hiding(style, Property::Overflow, is_hiding_keyword)?;
    // Sizes have no effect on inline elements, and table cells grow with their content.
    let is_block = match &style[Property::Display as usize] {
        Some(AppliedValue { value, .. }) => *value == Value::Keyword(Keyword::Other),
        None => element.html_name().is_some_and(|name| ends_paragraph(name) && name != "table" && name != "hr"),
    };
    let has_padding = style[Property::Padding as usize].as_ref().is_some_and(|padding| !is_zero(padding.value));
    if !is_block || has_padding {
        return None;
    }
    let sizes = [Property::MaxHeight, Property::MaxWidth, Property::Height, Property::Width];
    sizes.into_iter().find_map(|size| find_hiding(style, size, is_zero))
}

fn apply_colors(style: &ElementStyle, state: &mut ElementState) {
    if let Some(AppliedValue { value, origin }) = &style[Property::Color as usize] {
        state.color = match (value, origin) {
            (Value::Keyword(Keyword::Inherit), _) => state.color,
            (Value::Color(color), Some(origin)) => TextColor::Opaque(*color, *origin),
            (Value::Keyword(Keyword::Transparent), Some(origin)) => TextColor::Transparent(*origin),
            _ => TextColor::Unknown,
        };
    }
    if style[Property::TextPaint as usize].is_some() {
        state.color = TextColor::Unknown;
    }
    if let Some(AppliedValue { value, .. }) = &style[Property::Background as usize] {
        state.background = match value {
            Value::Color(color) => Some(*color),
            Value::Keyword(Keyword::Transparent) => state.background,
            _ => None,
        };
    }
}

/// Whether neither browsers nor mail clients display the content of an element.
fn is_not_rendered(tree: &HtmlTree, id: NodeId, element: &Element) -> bool {
    let Some(name) = element.html_name() else { return is_not_rendered_in_image(element) };
    match name {
        "script" | "style" | "title" | "template" | "iframe" | "noembed" | "noframes" | "datalist" | "audio"
        | "video" | "canvas" | "progress" | "meter" | "rp" => true,
        "dialog" => tree.attribute(element, "open").is_none(),
        "option" => !is_shown_option(tree, id, element),
        _ => false,
    }
}

/// Whether the content of an SVG or `MathML` element is not displayed.
fn is_not_rendered_in_image(element: &Element) -> bool {
    matches!(
        &*element.name.local,
        "desc"
            | "title"
            | "metadata"
            | "defs"
            | "symbol"
            | "clipPath"
            | "mask"
            | "marker"
            | "pattern"
            | "linearGradient"
            | "radialGradient"
            | "filter"
            | "script"
            | "style"
            | "annotation"
            | "annotation-xml"
    )
}

/// Whether a closed `<select>` shows this option: the selected one, or else the first. A list with several rows shows all options.
fn is_shown_option(tree: &HtmlTree, id: NodeId, element: &Element) -> bool {
    let select = tree.ancestors(id).find(|ancestor| has_html_name(tree, *ancestor, "select"));
    let Some(list) = select.and_then(|id| tree.element(id)) else { return true };
    let shows_all = tree.attribute(list, "multiple").is_some() || tree.attribute(list, "size").is_some();
    shows_all || !has_option_before(tree, id) || tree.attribute(element, "selected").is_some()
}

fn has_option_before(tree: &HtmlTree, id: NodeId) -> bool {
    let mut siblings = std::iter::successors(tree.node(id).previous_sibling, |id| tree.node(*id).previous_sibling);
    siblings.any(|sibling| has_html_name(tree, sibling, "option"))
}

/// The closed `<details>` that hides a node, if it is the node's parent. Its first `<summary>` is visible.
fn closed_details_around(tree: &HtmlTree, id: NodeId) -> Option<NodeId> {
    let parent = tree.node(id).parent?;
    let details = tree.element(parent)?;
    if details.html_name() != Some("details") || tree.attribute(details, "open").is_some() {
        return None;
    }
    let summary = tree.children(parent).find(|child| has_html_name(tree, *child, "summary"));
    if summary == Some(id) { None } else { Some(parent) }
}

/// Whether a node is an HTML element with this name.
fn has_html_name(tree: &HtmlTree, id: NodeId, name: &str) -> bool {
    tree.element(id).and_then(Element::html_name) == Some(name)
}
