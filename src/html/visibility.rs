//! Decides which text of an HTML text a reader sees.
//!
//! Only what is certain counts as hidden: a style that depends on the medium, on a pseudo-class, or on a selector that we do not
//! follow makes text neither visible nor hidden, and such text is taken for visible.

use std::sync::Arc;

use html5ever::LocalName;

use crate::html::elements::{ends_paragraph, is_inline};
use crate::html::style::{AppliedValue, DeclarationOrigin, ElementStyle, StyleSheets};
use crate::html::style_values::{Keyword, Property, Rgb, Value};
use crate::html::tree::{Element, HtmlTree, NodeId};

/// Text that starts this many pixels to the left of or above the page is not on the screen.
const OFF_SCREEN: f32 = -999.0;

/// Why a reader does not see a part of the HTML. It is shared or short, because a text can have many hidden parts.
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
    /// In a tag that is never closed.
    BrokenTag,
}

/// How an element hides its text.
#[derive(Clone, Debug)]
struct ElementState {
    /// No descendant can undo this.
    permanent: Option<Hiding>,
    visibility: Option<Hiding>,
    font_size: Option<Hiding>,
    text_indent: Option<Hiding>,
    /// The `text_indent` of the nearest element that is not inline: only there it has an effect.
    block_text_indent: Option<Hiding>,
    color: TextColor,
    /// The color behind the text; `None` if it is not known.
    background: Option<Rgb>,
    /// The SVG image that displays text only inside of `<text>`.
    image: Option<NodeId>,
}

/// What hides text.
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

/// The visibility of the text in a tree. It is computed for the elements that somebody asks about.
pub(crate) struct Visibility<'t> {
    tree: &'t HtmlTree,
    sheets: StyleSheets,
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
        let image = state.image.map(Hiding::Element);
        let hiding = state.permanent.or(image).or(state.visibility).or(state.font_size).or(state.block_text_indent);
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

    /// Computes the states of a node and its ancestors, from the root on.
    fn compute_states(&mut self, id: NodeId) {
        let is_unknown = |ancestor: &NodeId| self.states[ancestor.index()].is_none();
        let mut path: Vec<NodeId> = std::iter::once(id).chain(self.tree.ancestors(id)).take_while(is_unknown).collect();
        while let Some(id) = path.pop() {
            let parent = self.tree.node(id).parent.and_then(|parent| self.states[parent.index()].clone());
            let state = self.compute_state(id, parent.unwrap_or_default());
            self.states[id.index()] = Some(state);
        }
    }

    fn compute_state(&mut self, id: NodeId, parent: ElementState) -> ElementState {
        let mut state = parent;
        let Some(element) = self.tree.element(id) else { return state };
        match &*element.name.local {
            "svg" => state.image = Some(id),
            "text" | "foreignObject" => state.image = None,
            _ => {}
        }
        if state.permanent.is_none() && is_not_rendered(self.tree, id, element) {
            state.permanent = Some(Hiding::Element(id));
        }
        if state.permanent.is_none() {
            state.permanent = hiding_of_closed_details(self.tree, id).map(Hiding::Element);
        }
        // A browser does not need the styles of what is hidden for good.
        if state.permanent.is_some() {
            return state;
        }
        let style = self.sheets.style_of(self.tree, id);
        state.permanent = find_permanent_hiding(element, &style);
        apply_inherited(&style, Property::Visibility, &mut state.visibility, |value| {
            value == Value::Keyword(Keyword::Hides)
        });
        apply_inherited(&style, Property::FontSize, &mut state.font_size, |value| value == Value::Number(0.0));
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
            image: None,
        }
    }
}

fn is_off_screen(value: Value) -> bool {
    matches!(value, Value::Number(pixels) if pixels <= OFF_SCREEN)
}

/// The declaration of a property, if its value meets a condition.
fn find_hiding(style: &ElementStyle, property: Property, hides: impl Fn(Value) -> bool) -> Option<Hiding> {
    let AppliedValue { value, origin } = style[property as usize].as_ref()?;
    if hides(*value) { origin.map(Hiding::Declaration) } else { None }
}

/// Applies an inherited property, which a descendant can set to another value.
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
    let is_hiding_keyword = |value| value == Value::Keyword(Keyword::Hides);
    let by_display = find_hiding(style, Property::Display, is_hiding_keyword);
    let by_opacity =
        || find_hiding(style, Property::Opacity, |value| matches!(value, Value::Number(opacity) if opacity <= 0.0));
    let by_outlook = || find_hiding(style, Property::MsoHide, is_hiding_keyword);
    let by_position = || {
        find_hiding(style, Property::Position, |value| value == Value::Keyword(Keyword::Positioned))?;
        find_hiding(style, Property::Left, is_off_screen).or_else(|| find_hiding(style, Property::Top, is_off_screen))
    };
    by_display.or_else(by_opacity).or_else(by_outlook).or_else(by_position).or_else(|| find_zero_size(element, style))
}

fn is_displayed_inline(element: &Element, style: &ElementStyle) -> bool {
    match &style[Property::Display as usize] {
        Some(AppliedValue { value, .. }) => *value == Value::Keyword(Keyword::Inline),
        None => is_inline(&element.name.local),
    }
}

/// The declaration that gives an element the size zero, if text beyond the element is cut off.
fn find_zero_size(element: &Element, style: &ElementStyle) -> Option<Hiding> {
    find_hiding(style, Property::Overflow, |value| value == Value::Keyword(Keyword::Hides))?;
    // Sizes have no effect on inline elements, and table cells grow with their content.
    let is_block = match &style[Property::Display as usize] {
        Some(AppliedValue { value, .. }) => *value == Value::Keyword(Keyword::Other),
        None => element.html_name().is_some_and(|name| ends_paragraph(name) && name != "table" && name != "hr"),
    };
    let has_room =
        style[Property::Padding as usize].as_ref().is_some_and(|padding| padding.value != Value::Number(0.0));
    if !is_block || has_room {
        return None;
    }
    let sizes = [Property::MaxHeight, Property::MaxWidth, Property::Height, Property::Width];
    sizes.into_iter().find_map(|size| find_hiding(style, size, |value| value == Value::Number(0.0)))
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

/// Whether a list shows this option while it is closed: the one that is selected, or else the first.
fn is_shown_option(tree: &HtmlTree, id: NodeId, element: &Element) -> bool {
    let select = tree
        .ancestors(id)
        .find(|ancestor| tree.element(*ancestor).is_some_and(|element| element.html_name() == Some("select")));
    let Some(list) = select.and_then(|id| tree.element(id)) else { return true };
    let shows_all = tree.attribute(list, "multiple").is_some() || tree.attribute(list, "size").is_some();
    shows_all || !has_option_before(tree, id) || tree.attribute(element, "selected").is_some()
}

fn has_option_before(tree: &HtmlTree, id: NodeId) -> bool {
    let mut siblings = std::iter::successors(tree.node(id).previous_sibling, |id| tree.node(*id).previous_sibling);
    siblings.any(|sibling| tree.element(sibling).is_some_and(|element| element.html_name() == Some("option")))
}

/// The closed `<details>` that hides this child of it. Only the first `<summary>` is visible.
fn hiding_of_closed_details(tree: &HtmlTree, id: NodeId) -> Option<NodeId> {
    let parent = tree.node(id).parent?;
    let details = tree.element(parent)?;
    if details.html_name() != Some("details") || tree.attribute(details, "open").is_some() {
        return None;
    }
    let is_summary =
        |child: &NodeId| tree.element(*child).is_some_and(|element| element.html_name() == Some("summary"));
    if tree.children(parent).find(is_summary) == Some(id) { None } else { Some(parent) }
}
