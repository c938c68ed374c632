//! Parses and matches the selectors of style sheets that consist of types, classes, IDs and attributes, with descendant and child
//! combinators.
//!
//! Whether any other selector matches is unknown, so it never causes a finding.

use cssparser::{ParseError, Parser, Token};

use crate::base::steps::count_steps;
use crate::html::tree::{Element, HtmlTree, NodeId};

/// A selector such as `table.note td`.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    /// From left to right.
    compounds: Vec<Compound>,
    pub specificity: Specificity,
}

/// How a selector ranks among others: by the number of IDs, then of classes and attributes, then of element names.
pub(crate) type Specificity = (u32, u32, u32);

/// Conditions that one element must meet, such as `td.note`.
#[derive(Clone, Debug, Default)]
struct Compound {
    /// The name of the element in lower case; `None` for any.
    name: Option<String>,
    ids: Vec<String>,
    classes: Vec<String>,
    attributes: Vec<AttributeCondition>,
    /// Whether there are conditions that are not evaluated, such as `:hover` or `[a^=b]`.
    is_uncertain: bool,
    /// Whether it names a pseudo-element such as `::before`, which contains none of the element's text.
    is_pseudo_element: bool,
    /// Whether the child combinator `>` follows: the element must be the parent of the next compound's element, and not any ancestor.
    is_parent: bool,
}

#[derive(Clone, Debug)]
struct AttributeCondition {
    name: String,
    /// `None` if any value is allowed.
    value: Option<String>,
}

/// Whether a selector matches an element. Ordered: `No` < `Maybe` < `Yes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    No,
    /// It depends on a condition that is not evaluated.
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
    // The combinator after the current compound. White space is one only if no other combinator follows it.
    let mut combinator: Option<char> = None;
    while let Ok(token) = input.next_including_whitespace().cloned() {
        match token {
            Token::WhiteSpace(_) => {
                combinator = combinator.or(Some(' '));
                continue;
            }
            Token::Delim(sign @ ('>' | '+' | '~')) => {
                if is_empty || !matches!(combinator, None | Some(' ')) {
                    return Err(ParseError::unexpected_token());
                }
                combinator = Some(sign);
                continue;
            }
            _ => {}
        }
        match combinator.take() {
            Some(sign @ (' ' | '>')) if !is_empty => {
                current.is_parent = sign == '>';
                compounds.push(std::mem::take(&mut current));
            }
            // Siblings are not evaluated: the compound before `+` or `~` becomes an unknown condition of the next compound.
            Some(_) if !is_empty => current = Compound { is_uncertain: true, ..Compound::default() },
            _ => {}
        }
        is_empty = false;
        parse_condition(input, &token, &mut current)?;
    }
    if is_empty || matches!(combinator, Some('>' | '+' | '~')) {
        return Err(ParseError::unexpected_token());
    }
    compounds.push(current);
    let specificity = compute_specificity(&compounds);
    Ok(Selector { compounds, specificity })
}

/// Parses one condition, which starts with `token`, and adds it to a compound.
fn parse_condition(input: &mut Parser<'_>, token: &Token<'_>, compound: &mut Compound) -> Result<(), ParseError<()>> {
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
            // CSS 2 wrote these pseudo-elements with one colon.
            if is_double || ["before", "after", "first-line", "first-letter"].contains(&&*name) {
                compound.is_pseudo_element = true;
            } else {
                compound.is_uncertain = true;
            }
        }
        _ => return Err(ParseError::unexpected_token()),
    }
    Ok(())
}

/// Reads a block or function to its end. It returns a result, because `parse_nested_block` requires that of its argument.
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
    // A flag may follow: `[type="a" i]` ignores the case.
    let has_flag = !input.is_exhausted();
    skip_to_end(input)?;
    Ok(if has_flag { None } else { Some(AttributeCondition { name, value: Some(value) }) })
}

fn compute_specificity(compounds: &[Compound]) -> Specificity {
    let (mut ids, mut classes, mut names) = (0, 0, 0);
    for compound in compounds {
        ids += compound.ids.len();
        // A condition that is not evaluated counts as one class or attribute.
        classes += compound.classes.len() + compound.attributes.len() + usize::from(compound.is_uncertain);
        names += usize::from(compound.name.is_some());
    }
    let [ids, classes, names] = [ids, classes, names].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    (ids, classes, names)
}

/// A condition that an element must meet for a selector to match. An index by this key finds the selectors that may match an element.
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
        let Some(last) = self.compounds.last() else { return SelectorKey::Any };
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
        let Some((last, outer)) = self.compounds.split_last() else { return Match::No };
        let own = match_compound(last, tree, id);
        if own == Match::No { Match::No } else { own.min(match_ancestors(outer, tree, id)) }
    }
}

/// Whether the ancestors of an element match the compounds before the last one.
///
/// For a compound that any ancestor may match, the nearest match is chosen, and the others are not tried. In `a > b c`, a `b` further
/// up might be the one with the parent `a`. If a `>` fails after such a choice, the result is therefore [`Match::Maybe`].
fn match_ancestors(compounds: &[Compound], tree: &HtmlTree, id: NodeId) -> Match {
    let mut result = Match::Yes;
    let mut has_choice = false;
    let mut ancestors = tree.ancestors(id);
    for compound in compounds.iter().rev() {
        let mut found = Match::No;
        for ancestor in ancestors.by_ref() {
            found = match_compound(compound, tree, ancestor);
            if found != Match::No || compound.is_parent {
                break;
            }
        }
        if found == Match::No {
            return if has_choice && compound.is_parent { Match::Maybe } else { Match::No };
        }
        has_choice |= !compound.is_parent;
        result = result.min(found);
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
        // Without a doctype, browsers ignore the case of class names. This is not done here, because it rarely matters.
        if !classes.split_ascii_whitespace().any(|class| class == wanted) {
            return false;
        }
    }
    compound.attributes.iter().all(|condition| match tree.attribute(element, &condition.name) {
        Some(attribute) => condition.value.as_ref().is_none_or(|value| *attribute.value == **value),
        None => false,
    })
}
