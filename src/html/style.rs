//! The CSS cascade: determines which declarations apply to an element, for the properties that can hide text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::base::steps::count_steps;
use crate::html::css::{Declaration, StyleRule, parse_declarations, parse_style_sheet};
use crate::html::mapped_text::MappedText;
use crate::html::selector::{Match, Selector, SelectorKey, Specificity};
use crate::html::style_values::{Keyword, PROPERTY_COUNT, Property, Value, parse_property};
use crate::html::tree::{Element, HtmlTree, NodeId};

/// A declaration that applies to an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AppliedValue {
    pub value: Value,
    /// Index of the declaration in [`StyleSheets::origins`]; `None` if it is a default of browsers.
    pub origin: Option<usize>,
}

/// The place of a declaration in the HTML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeclarationOrigin {
    /// The declaration on one line, without `!important`, or an attribute such as `hidden`.
    pub text: String,
    /// Its bytes in the HTML text.
    pub source: Range<usize>,
}

/// The values that apply to an element, by [`Property`].
pub(crate) type ElementStyle = [Option<AppliedValue>; PROPERTY_COUNT];

/// A rule of a style sheet, with its declarations of properties that can hide text.
#[derive(Debug)]
struct HidingRule {
    selector: Selector,
    is_conditional: bool,
    declarations: Vec<HidingDeclaration>,
}

/// A declaration of a property that can hide text.
#[derive(Clone, Debug)]
struct HidingDeclaration {
    property: Property,
    value: Value,
    is_important: bool,
    /// See [`AppliedValue::origin`].
    origin: Option<usize>,
}

impl HidingDeclaration {
    /// A default of browsers, or the meaning of an attribute.
    fn without_css(property: Property, value: Value, origin: Option<usize>) -> Self {
        Self { property, value, is_important: false, origin }
    }
}

/// How a declaration ranks among those that set the same property. The highest one applies (CSS Cascading and Inheritance, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_important: bool,
    level: Level,
    specificity: Specificity,
    /// The position among all declarations.
    order: usize,
}

/// The declarations that may apply to an element.
#[derive(Default)]
struct Cascade {
    candidates: Vec<Candidate>,
}

struct Candidate {
    rank: Rank,
    /// Whether the declaration certainly applies, and does not depend on a condition that is not evaluated.
    is_certain: bool,
    declaration: HidingDeclaration,
}

impl Cascade {
    fn add(&mut self, level: Level, specificity: Specificity, is_certain: bool, declaration: HidingDeclaration) {
        let order = self.candidates.len();
        let rank = Rank { is_important: declaration.is_important, level, specificity, order };
        self.candidates.push(Candidate { rank, is_certain, declaration });
    }

    /// The values of the declarations with the highest ranks. A value is unknown if its declaration may not apply.
    fn into_style(mut self) -> ElementStyle {
        self.candidates.sort_by_key(|candidate| candidate.rank);
        let mut style = ElementStyle::default();
        for Candidate { is_certain, declaration, .. } in self.candidates {
            let HidingDeclaration { property, value, origin, .. } = declaration;
            let applied = if is_certain {
                AppliedValue { value, origin }
            } else {
                AppliedValue { value: Value::Unknown, origin: None }
            };
            style[property as usize] = Some(applied);
        }
        style
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// A default of browsers, or an attribute such as `bgcolor`.
    Default,
    StyleSheet,
    StyleAttribute,
}

/// The style sheets of an HTML text.
#[derive(Debug, Default)]
pub(crate) struct StyleSheets {
    rules: Vec<HidingRule>,
    rules_by_key: HashMap<SelectorKey, Vec<usize>>,
    pub origins: Vec<Arc<DeclarationOrigin>>,
    /// The number of selectors that may still be matched. After that, all styles are unknown, so no finding depends on them.
    remaining_matches: usize,
}

impl StyleSheets {
    pub(crate) fn from_tree(tree: &HtmlTree) -> Self {
        let mut sheets = Self::default();
        for id in tree.ids() {
            if let Some(element) = tree.element(id)
                && &*element.name.local == "style"
                && has_css(tree, element)
            {
                let css = child_text_content(tree, id);
                let is_conditional = has_media_condition(tree, element);
                for rule in parse_style_sheet(&css.text) {
                    sheets.add_rule(&rule, &css, is_conditional);
                }
            }
        }
        // Linear in the size of the text, and far more than any real email needs.
        sheets.remaining_matches = 16 * (tree.len() + sheets.rules.len()) + 1_000;
        sheets
    }

    fn add_rule(&mut self, rule: &StyleRule<'_>, css: &MappedText, is_sheet_conditional: bool) {
        let mut declarations = Vec::new();
        for declaration in &rule.declarations {
            self.add_declaration(declaration, css, &mut declarations);
        }
        if declarations.is_empty() {
            return;
        }
        for selector in &rule.selectors {
            let index = self.rules.len();
            self.rules_by_key.entry(selector.key()).or_default().push(index);
            self.rules.push(HidingRule {
                selector: selector.clone(),
                is_conditional: rule.is_conditional || is_sheet_conditional,
                declarations: declarations.clone(),
            });
        }
    }

    /// Adds a declaration to `to`, if its property can hide text.
    fn add_declaration(&mut self, declaration: &Declaration<'_>, css: &MappedText, to: &mut Vec<HidingDeclaration>) {
        for (property, value) in parse_property(&declaration.name, declaration.value) {
            let mut text = format!("{}:", declaration.name);
            for (index, word) in declaration.value.split_whitespace().enumerate() {
                if index > 0 {
                    text.push(' ');
                }
                text.push_str(word);
            }
            let origin = Some(self.add_origin(text, css.source_range(declaration.range.clone())));
            to.push(HidingDeclaration { property, value, is_important: declaration.is_important, origin });
        }
    }

    fn add_origin(&mut self, text: String, source: Range<usize>) -> usize {
        self.origins.push(Arc::new(DeclarationOrigin { text, source }));
        self.origins.len() - 1
    }

    /// The values that apply to an element. Values that it inherits are not included.
    pub(crate) fn element_style(&mut self, tree: &HtmlTree, id: NodeId) -> ElementStyle {
        let Some(element) = tree.element(id) else { return ElementStyle::default() };
        if self.rules.is_empty() && !can_have_own_style(tree, element) {
            return ElementStyle::default();
        }
        let mut cascade = Cascade::default();
        for declaration in self.default_declarations(tree, element) {
            cascade.add(Level::Default, (0, 0, 0), true, declaration);
        }
        let Some(matching) = self.matching_rules(tree, id, element) else { return unknown_style() };
        for (index, matched) in matching {
            let HidingRule { selector, is_conditional, declarations } = &self.rules[index];
            let is_certain = matched == Match::Yes && !is_conditional;
            for declaration in declarations {
                cascade.add(Level::StyleSheet, selector.specificity, is_certain, declaration.clone());
            }
        }
        if let Some(attribute) = tree.attribute(element, "style") {
            let css = attribute.mapped_value();
            let mut declarations = Vec::new();
            for declaration in parse_declarations(&css.text) {
                self.add_declaration(&declaration, &css, &mut declarations);
            }
            for declaration in declarations {
                cascade.add(Level::StyleAttribute, (0, 0, 0), true, declaration);
            }
        }
        cascade.into_style()
    }

    /// The rules that match an element or may match it, in the order of the text. `None` if too many rules were matched already.
    fn matching_rules(&mut self, tree: &HtmlTree, id: NodeId, element: &Element) -> Option<Vec<(usize, Match)>> {
        if self.rules.is_empty() {
            return Some(Vec::new());
        }
        let mut keys = vec![SelectorKey::Any, SelectorKey::Name(element.name.local.to_ascii_lowercase().to_string())];
        keys.extend(tree.attribute(element, "id").map(|attribute| SelectorKey::Id(attribute.value.to_string())));
        if let Some(classes) = tree.attribute(element, "class") {
            keys.extend(classes.value.split_ascii_whitespace().map(|class| SelectorKey::Class(class.to_owned())));
        }
        let mut candidates = Vec::new();
        for key in keys {
            candidates.extend(self.rules_by_key.get(&key).into_iter().flatten().copied());
            if candidates.len() > self.remaining_matches {
                self.remaining_matches = 0;
                return None;
            }
        }
        count_steps(candidates.len());
        self.remaining_matches = self.remaining_matches.checked_sub(candidates.len())?;
        candidates.sort_unstable();
        candidates.dedup();
        let mut matching = Vec::new();
        for index in candidates {
            let matched = self.rules[index].selector.matches(tree, id);
            if matched != Match::No {
                matching.push((index, matched));
            }
        }
        Some(matching)
    }

    /// The defaults of browsers, and the attributes that set colors and sizes (HTML Standard, 15.3).
    fn default_declarations(&mut self, tree: &HtmlTree, element: &Element) -> Vec<HidingDeclaration> {
        let mut declarations = Vec::new();
        for (property, value) in browser_defaults(tree, element) {
            declarations.push(HidingDeclaration::without_css(*property, *value, None));
        }
        // Browsers give `<marquee>` a `display` of its own, which takes precedence.
        if let Some(hidden) = tree.attribute(element, "hidden").filter(|_| element.html_name() != Some("marquee")) {
            let origin = self.add_origin("hidden".to_owned(), hidden.name_range.clone());
            let value = Value::Keyword(Keyword::Hides);
            declarations.push(HidingDeclaration::without_css(Property::Display, value, Some(origin)));
        }
        let color = match element.html_name() {
            Some("font") => tree.attribute(element, "color"),
            Some("body") => tree.attribute(element, "text"),
            _ => None,
        };
        let background = tree.attribute(element, "bgcolor");
        for (attribute, property) in [(color, "color"), (background, "background")] {
            let Some(attribute) = attribute else { continue };
            let text = format!("{}={}", &*attribute.name, &*attribute.value);
            let origin = self.add_origin(text, attribute.name_range.start..attribute.value_range.end);
            for (property, value) in parse_property(property, &attribute.value) {
                declarations.push(HidingDeclaration::without_css(property, value, Some(origin)));
            }
        }
        if tree.attribute(element, "background").is_some() {
            declarations.push(HidingDeclaration::without_css(Property::Background, Value::Unknown, None));
        }
        declarations
    }
}

/// The defaults of browsers for an element, with typical sizes.
fn browser_defaults(tree: &HtmlTree, element: &Element) -> &'static [(Property, Value)] {
    match element.html_name().unwrap_or_default() {
        "button" | "input" | "select" | "textarea" => &[
            (Property::FontSize, Value::Number(13.0)),
            (Property::TextIndent, Value::Number(0.0)),
            (Property::Color, Value::Unknown),
            (Property::Background, Value::Unknown),
        ],
        "a" if tree.attribute(element, "href").is_some() => &[(Property::Color, Value::Unknown)],
        "mark" => &[(Property::Color, Value::Unknown), (Property::Background, Value::Unknown)],
        "font" if tree.attribute(element, "size").is_some() => &[(Property::FontSize, Value::Number(16.0))],
        // Without a doctype, a table does not inherit the font of the element around it.
        "table" if tree.has_quirks => {
            &[(Property::FontSize, Value::Number(16.0)), (Property::TextIndent, Value::Number(0.0))]
        }
        _ => &[],
    }
}

/// Whether an element has attributes, or a name for which [`browser_defaults`] has declarations.
fn can_have_own_style(tree: &HtmlTree, element: &Element) -> bool {
    let has_defaults = matches!(
        element.html_name(),
        Some("button" | "input" | "select" | "textarea" | "a" | "mark" | "font" | "table")
    );
    has_defaults || tree.attributes(element).next().is_some()
}

/// The style of an element about which nothing is known.
fn unknown_style() -> ElementStyle {
    std::array::from_fn(|_| Some(AppliedValue { value: Value::Unknown, origin: None }))
}

/// Whether a `<style>` element contains CSS, and no other language.
pub(crate) fn has_css(tree: &HtmlTree, element: &Element) -> bool {
    let media_type = tree.attribute(element, "type").map_or("", |media_type| &*media_type.value);
    media_type.is_empty() || media_type.eq_ignore_ascii_case("text/css")
}

fn has_media_condition(tree: &HtmlTree, element: &Element) -> bool {
    let media = tree.attribute(element, "media").map_or("", |media| media.value.trim());
    !(media.is_empty() || media.eq_ignore_ascii_case("all"))
}

/// The text directly in an element, which the DOM Standard calls its child text content.
pub(crate) fn child_text_content(tree: &HtmlTree, id: NodeId) -> MappedText {
    let mut text = MappedText::default();
    for piece in tree.text_pieces(id) {
        text.push(&piece.text, piece.source.clone());
    }
    text
}
