//! Parses and matches the simple selectors of style sheets: type, class, ID, attribute, compounds of these, descendants and
//! children.
//!
//! What a selector with another part matches is unknown. Such a selector never leads to a finding.

use cssparser::{ParseError, Parser, Token};

use crate::base::steps::count_steps;
use crate::html::tree::{Element, HtmlTree, NodeId};

/// A selector such as `table.note td`.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    /// From left to right, each with whether it must be the parent of the next one, and not any ancestor.
    compounds: Vec<(Compound, IsParent)>,
    /// How it ranks among other selectors: the numbers of IDs, of classes and attributes, and of names.
    pub specificity: (u32, u32, u32),
}

type IsParent = bool;

/// Conditions that an element must meet.
#[derive(Clone, Debug, Default)]
struct Compound {
    /// The name of the element in lower case; `None` for any.
    name: Option<String>,
    ids: Vec<String>,
    classes: Vec<String>,
    attributes: Vec<AttributeCondition>,
    /// Whether there are conditions that we do not understand, such as `:hover` or `[a^=b]`.
    is_uncertain: bool,
    /// Whether it names a pseudo-element such as `::before`, which contains none of the element's text.
    is_pseudo_element: bool,
}

#[derive(Clone, Debug)]
struct AttributeCondition {
    name: String,
    /// `None` if the attribute only has to be there.
    value: Option<String>,
}

/// Whether a selector matches an element. Ordered: `No` < `Maybe` < `Yes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    No,
    /// It depends on something that we do not know.
    Maybe,
    Yes,
}

/// Parses the selectors before a `{`. A rule with an invalid selector is invalid, as in a browser.
pub(crate) fn parse_selectors(input: &mut Parser<'_>) -> Result<Vec<Selector>, ParseError<()>> {
    input.parse_comma_separated(parse_selector)
}

fn parse_selector(input: &mut Parser<'_>) -> Result<Selector, ParseError<()>> {
    input.skip_whitespace();
    let mut compounds = Vec::new();
    let mut current = Compound::default();
    let mut is_empty = true;
    // A combinator that follows the current compound.
    let mut pending: Option<char> = None;
    while let Ok(token) = input.next_including_whitespace().cloned() {
        match token {
            Token::WhiteSpace(_) => {
                pending = pending.or(Some(' '));
                continue;
            }
            Token::Delim(combinator @ ('>' | '+' | '~')) => {
                if is_empty || !matches!(pending, None | Some(' ')) {
                    return Err(ParseError::unexpected_token());
                }
                pending = Some(combinator);
                continue;
            }
            _ => {}
        }
        if let Some(combinator) = pending.take()
            && !is_empty
        {
            // Siblings are not followed: the sibling counts as an unknown condition.
            let is_sibling = matches!(combinator, '+' | '~');
            if is_sibling {
                current = Compound { is_uncertain: true, ..Compound::default() };
            } else {
                compounds.push((std::mem::take(&mut current), combinator == '>'));
            }
        }
        is_empty = false;
        parse_part(input, &token, &mut current)?;
    }
    if is_empty || matches!(pending, Some('>' | '+' | '~')) {
        return Err(ParseError::unexpected_token());
    }
    compounds.push((current, false));
    let specificity = compounds.iter().fold((0, 0, 0), |sum, (compound, _)| add_specificity(sum, compound));
    Ok(Selector { compounds, specificity })
}

/// Parses one part of a compound, which starts with `token`.
fn parse_part(input: &mut Parser<'_>, token: &Token<'_>, compound: &mut Compound) -> Result<(), ParseError<()>> {
    match token {
        Token::Ident(name) => compound.name = Some(name.to_ascii_lowercase()),
        Token::Delim('*') => {}
        Token::IDHash(id) | Token::Hash(id) => compound.ids.push(id.to_string()),
        Token::Delim('.') => compound.classes.push(input.expect_ident()?.to_string()),
        Token::SquareBracketBlock => match input.parse_nested_block(parse_attribute_condition)? {
            Some(condition) => compound.attributes.push(condition),
            None => compound.is_uncertain = true,
        },
        Token::Colon => {
            let is_double = input.try_parse(Parser::expect_colon).is_ok();
            let name = match input.next_including_whitespace()?.clone() {
                Token::Ident(name) => name,
                Token::Function(name) => {
                    input.parse_nested_block(skip_to_end)?;
                    name
                }
                _ => return Err(ParseError::unexpected_token()),
            };
            let is_old_pseudo_element = ["before", "after", "first-line", "first-letter"].contains(&&*name);
            if is_double || is_old_pseudo_element {
                compound.is_pseudo_element = true;
            } else {
                compound.is_uncertain = true;
            }
        }
        _ => return Err(ParseError::unexpected_token()),
    }
    Ok(())
}

/// Reads a block or function to its end. As an argument of `parse_nested_block`, it has to return a result.
#[expect(clippy::unnecessary_wraps, reason = "the type is given by cssparser")]
pub(super) fn skip_to_end(input: &mut Parser<'_>) -> Result<(), ParseError<()>> {
    while input.next().is_ok() {}
    Ok(())
}

/// Parses the content of `[…]`. Returns `None` for operators other than `=`.
fn parse_attribute_condition(input: &mut Parser<'_>) -> Result<Option<AttributeCondition>, ParseError<()>> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    if input.is_exhausted() {
        return Ok(Some(AttributeCondition { name, value: None }));
    }
    if input.try_parse(|input| input.expect_delim('=')).is_err() {
        skip_to_end(input)?;
        return Ok(None);
    }
    let value = input.expect_ident_or_string()?.to_string();
    let is_plain = input.is_exhausted();
    skip_to_end(input)?;
    Ok(is_plain.then_some(AttributeCondition { name, value: Some(value) }))
}

fn add_specificity(sum: (u32, u32, u32), compound: &Compound) -> (u32, u32, u32) {
    let count = |list: usize| u32::try_from(list).unwrap_or(u32::MAX);
    (
        sum.0 + count(compound.ids.len()),
        sum.1 + count(compound.classes.len() + compound.attributes.len()) + u32::from(compound.is_uncertain),
        sum.2 + u32::from(compound.name.is_some()),
    )
}

/// A condition that every element must meet that a selector matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SelectorKey {
    Id(String),
    Class(String),
    /// In lower case.
    Name(String),
    Any,
}

impl Selector {
    /// The most specific condition on the element itself.
    pub(crate) fn key(&self) -> SelectorKey {
        let Some((last, _)) = self.compounds.last() else { return SelectorKey::Any };
        if let Some(id) = last.ids.first() {
            SelectorKey::Id(id.clone())
        } else if let Some(class) = last.classes.first() {
            SelectorKey::Class(class.clone())
        } else if let Some(name) = &last.name {
            SelectorKey::Name(name.clone())
        } else {
            SelectorKey::Any
        }
    }

    /// Whether the selector matches an element.
    pub(crate) fn matches(&self, tree: &HtmlTree, id: NodeId) -> Match {
        let Some(((last, _), ancestors)) = self.compounds.split_last() else { return Match::No };
        let own = match_compound(last, tree, id);
        if own == Match::No { Match::No } else { own.min(match_ancestors(ancestors, tree, id)) }
    }
}

/// Whether the ancestors of an element match. Each compound takes the nearest ancestor that matches, and after a child
/// combinator the result of that choice may be wrong, so it is only a `Maybe`.
fn match_ancestors(mut compounds: &[(Compound, IsParent)], tree: &HtmlTree, id: NodeId) -> Match {
    let mut result = Match::Yes;
    let mut has_choice = false;
    let mut ancestors = tree.ancestors(id);
    while let Some(((compound, is_parent), rest)) = compounds.split_last() {
        let mut found = Match::No;
        for ancestor in ancestors.by_ref() {
            found = match_compound(compound, tree, ancestor);
            if found != Match::No || *is_parent {
                break;
            }
        }
        if found == Match::No {
            return if has_choice && *is_parent { Match::Maybe } else { Match::No };
        }
        has_choice |= !is_parent;
        result = result.min(found);
        compounds = rest;
    }
    result
}

fn match_compound(compound: &Compound, tree: &HtmlTree, id: NodeId) -> Match {
    count_steps(1);
    let Some(element) = tree.element(id) else { return Match::No };
    if compound.is_pseudo_element || !meets_known_conditions(compound, tree, element) {
        return Match::No;
    }
    if compound.is_uncertain { Match::Maybe } else { Match::Yes }
}

fn meets_known_conditions(compound: &Compound, tree: &HtmlTree, element: &Element) -> bool {
    if let Some(name) = &compound.name
        && !(*element.name.local).eq_ignore_ascii_case(name)
    {
        return false;
    }
    let id = tree.attribute(element, "id").map(|attribute| &*attribute.value);
    if !compound.ids.iter().all(|wanted| id == Some(wanted)) {
        return false;
    }
    let classes = tree.attribute(element, "class").map_or("", |attribute| &*attribute.value);
    for wanted in &compound.classes {
        count_steps(classes.len());
        // Without a doctype, browsers ignore the case of class names. Rules that differ only in case are rare.
        if !classes.split_ascii_whitespace().any(|class| class == wanted) {
            return false;
        }
    }
    compound.attributes.iter().all(|condition| match tree.attribute(element, &condition.name) {
        Some(attribute) => condition.value.as_ref().is_none_or(|value| *attribute.value == **value),
        None => false,
    })
}
