//! Parses CSS: declarations in `style` attributes, and the rules of `<style>` elements.
//!
//! cssparser handles the syntax (comments, escapes, strings, errors). All ranges are byte offsets in the CSS text.

use std::ops::Range;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Delimiter, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser, Token,
};

use crate::base::steps::count_steps;
use crate::html::selector::{Selector, parse_selectors, skip_to_end};

/// A declaration such as `display:none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declaration<'c> {
    /// The name of the property in lower case.
    pub name: String,
    /// The raw value, without `!important`.
    pub value: &'c str,
    pub is_important: bool,
    /// The bytes from the name to the value.
    pub range: Range<usize>,
}

/// A rule such as `.note { color: red }`.
#[derive(Clone, Debug)]
pub(crate) struct StyleRule<'c> {
    pub selectors: Vec<Selector>,
    pub declarations: Vec<Declaration<'c>>,
    /// Whether the rule applies only under a condition, such as the width of the screen.
    pub is_conditional: bool,
}

/// Parses the value of a `style` attribute.
pub(crate) fn parse_declarations(css: &str) -> Vec<Declaration<'_>> {
    count_steps(css.len());
    let css = &css[..find_end_of_declarations(css)];
    collect_declarations(&mut Parser::new(css))
}

/// The end of the declarations that browsers read. A `}` without a `{` ends a `style` attribute: browsers discard the declaration
/// with it and everything after it, but cssparser does not.
fn find_end_of_declarations(css: &str) -> usize {
    if !css.contains('}') {
        return css.len();
    }
    let mut parser = Parser::new(css);
    let mut declaration_start = 0;
    while let Ok(token) = parser.next_including_whitespace_and_comments() {
        match token {
            Token::CloseCurlyBracket => return declaration_start,
            Token::Semicolon => declaration_start = parser.position().byte_index(),
            _ => {}
        }
    }
    css.len()
}

/// Parses the content of a `<style>` element.
pub(crate) fn parse_style_sheet(css: &str) -> Vec<StyleRule<'_>> {
    count_steps(css.len());
    let mut collector = RuleCollector { rules: Vec::new(), condition_depth: 0 };
    let mut parser = Parser::new(css);
    for _ in StyleSheetParser::new(&mut parser, &mut collector) {}
    collector.rules
}

fn collect_declarations<'c>(parser: &mut Parser<'c>) -> Vec<Declaration<'c>> {
    let mut collector = DeclarationCollector;
    RuleBodyParser::new(parser, &mut collector).flatten().collect()
}

/// Parses the declarations of a block. Nested rules and at-rules are errors here, so they are skipped.
struct DeclarationCollector;

impl<'c> DeclarationParser<'c> for DeclarationCollector {
    type Declaration = Declaration<'c>;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'c>,
        input: &mut Parser<'c>,
        start: &ParserState,
    ) -> Result<Declaration<'c>, ParseError<()>> {
        input.skip_whitespace();
        let value_start = input.position();
        let mut value_end = value_start;
        let mut is_important = false;
        while let Ok(token) = input.next() {
            if matches!(token, Token::Delim('!')) {
                is_important = input.try_parse(|input| input.expect_ident_matching("important")).is_ok();
                input.expect_exhausted()?;
                break;
            }
            if token.is_parse_error() {
                return Err(ParseError::unexpected_token());
            }
            if is_block_start(token) {
                input.parse_nested_block(skip_to_end)?;
            }
            value_end = input.position();
        }
        Ok(Declaration {
            name: name.to_ascii_lowercase(),
            value: input.slice(value_start..value_end),
            is_important,
            range: start.position().byte_index()..value_end.byte_index(),
        })
    }
}

impl<'c> AtRuleParser<'c> for DeclarationCollector {
    type Prelude = ();
    type AtRule = Declaration<'c>;
    type Error = ();
}

impl<'c> QualifiedRuleParser<'c> for DeclarationCollector {
    type Prelude = ();
    type QualifiedRule = Declaration<'c>;
    type Error = ();
}

impl<'c> RuleBodyItemParser<'c, Declaration<'c>, ()> for DeclarationCollector {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

fn is_block_start(token: &Token<'_>) -> bool {
    matches!(token, Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock)
}

/// Collects the style rules of a style sheet, including those inside of `@media` and the like.
struct RuleCollector<'c> {
    rules: Vec<StyleRule<'c>>,
    /// The number of conditional at-rules around the current rule.
    condition_depth: usize,
}

impl<'c> QualifiedRuleParser<'c> for RuleCollector<'c> {
    type Prelude = Vec<Selector>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'c>) -> Result<Vec<Selector>, ParseError<()>> {
        parse_selectors(input)
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _start: &ParserState,
        input: &mut Parser<'c>,
    ) -> Result<(), ParseError<()>> {
        let declarations = collect_declarations(input);
        self.rules.push(StyleRule { selectors, declarations, is_conditional: self.condition_depth > 0 });
        Ok(())
    }
}

impl<'c> AtRuleParser<'c> for RuleCollector<'c> {
    /// Whether the content applies only under a condition.
    type Prelude = bool;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'c>, input: &mut Parser<'c>) -> Result<bool, ParseError<()>> {
        let start = input.position();
        skip_to_end(input)?;
        let query = input.slice_from(start).trim();
        match &*name.to_ascii_lowercase() {
            "media" => Ok(!(query.is_empty() || query.eq_ignore_ascii_case("all"))),
            // The order of layers differs from the order in the text, so the effect of a layer is unknown, too.
            "supports" | "layer" | "container" | "document" | "-moz-document" | "scope" | "starting-style" => Ok(true),
            // Fonts and animations: their blocks contain no style rules.
            _ => Err(ParseError::unexpected_token()),
        }
    }

    fn parse_block(
        &mut self,
        is_condition: bool,
        _start: &ParserState,
        input: &mut Parser<'c>,
    ) -> Result<(), ParseError<()>> {
        self.condition_depth += usize::from(is_condition);
        for _ in StyleSheetParser::new(input, self) {}
        self.condition_depth -= usize::from(is_condition);
        Ok(())
    }
}

/// A reference to a file in CSS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CssReference {
    pub kind: ReferenceKind,
    pub address: String,
    pub range: Range<usize>,
}

/// The kind of a [`CssReference`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    /// `@import`.
    Import,
    /// `url()`, or a string in `image-set()`.
    Url,
}

/// Finds the references to files in CSS, including those in invalid rules, which old browsers read.
pub(crate) fn find_references(css: &str) -> Vec<CssReference> {
    count_steps(css.len());
    let mut references = Vec::new();
    // Most `style` attributes are plain: no function, no at-rule, and no escape that could stand for one.
    if memchr::memchr3(b'(', b'@', b'\\', css.as_bytes()).is_none() {
        return references;
    }
    let mut parser = Parser::new(css);
    add_references(&mut parser, false, &mut references);
    references
}

/// Adds the references in the rest of `input`. `contains_images` states whether strings are addresses, as in `image-set()`.
fn add_references(input: &mut Parser<'_>, contains_images: bool, references: &mut Vec<CssReference>) {
    loop {
        input.skip_whitespace();
        let start = input.position();
        let Ok(token) = input.next().cloned() else { return };
        let found = match &token {
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => {
                // A failed attempt leaves the rest to be searched.
                let address = input.try_parse(Parser::expect_url_or_string).map(|url| url.to_string());
                let _ = input.parse_until_before(Delimiter::Semicolon, skip_to_end);
                let _ = input.try_parse(Parser::expect_semicolon);
                Some((ReferenceKind::Import, address.unwrap_or_default()))
            }
            // A browser ignores an address with parentheses in it, but old ones did not.
            Token::UnquotedUrl(url) | Token::BadUrl(url) => Some((ReferenceKind::Url, url.to_string())),
            Token::QuotedString(text) if contains_images => Some((ReferenceKind::Url, text.to_string())),
            Token::Function(name) if name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("src") => {
                let address = input.parse_nested_block(|input| -> Result<String, ParseError<()>> {
                    let address = input.expect_string().map(ToString::to_string).unwrap_or_default();
                    skip_to_end(input)?;
                    Ok(address)
                });
                Some((ReferenceKind::Url, address.unwrap_or_default()))
            }
            _ => None,
        };
        if let Some((kind, address)) = found {
            let range = start.byte_index()..input.position().byte_index();
            references.push(CssReference { kind, address, range });
        } else if is_block_start(&token) {
            let are_images =
                matches!(&token, Token::Function(name) if name.to_ascii_lowercase().ends_with("image-set"));
            let _ = input.parse_nested_block(|input| -> Result<(), ParseError<()>> {
                add_references(input, are_images, references);
                Ok(())
            });
        }
    }
}
