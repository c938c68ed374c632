//! The values of the CSS properties that can hide text.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{ParseError, Parser, Token};

use crate::html::selector::skip_to_end;

/// A property that can hide text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Property {
    Display,
    Visibility,
    Opacity,
    MsoHide,
    FontSize,
    TextIndent,
    Position,
    Left,
    Top,
    Width,
    MaxWidth,
    Height,
    MaxHeight,
    Overflow,
    /// A padding or a minimum size, which leave room for text in an element of size zero.
    Padding,
    Color,
    /// A shadow or another color of the text, which shows it even if `color` is transparent.
    TextPaint,
    Background,
}

/// The number of [`Property`] variants.
pub(crate) const PROPERTY_COUNT: usize = Property::Background as usize + 1;

/// An opaque color: red, green and blue.
pub(crate) type Rgb = (u8, u8, u8);

/// The value of a [`Property`], as far as it matters for whether text is visible.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// A keyword.
    Keyword(Keyword),
    /// A length in pixels, or a number such as an opacity.
    Number(f32),
    /// A size that depends on that of the parent, such as `120%`.
    Relative,
    Color(Rgb),
    /// A valid value that is not evaluated, such as `calc()`.
    Unknown,
}

/// A keyword that matters for whether text is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// `display:none`, `mso-hide:all`, `visibility:hidden`, `visibility:collapse`, `overflow:hidden`.
    Hides,
    /// `display:inline` and `display:contents`: sizes have no effect on such an element.
    Inline,
    /// A position other than `static`.
    Positioned,
    Transparent,
    /// The value of the parent.
    Inherit,
    /// Any other keyword.
    Other,
}

/// Parses a declaration into the properties that it sets. Returns an empty list if the property cannot hide text, or if the value is
/// invalid, because browsers ignore such a declaration.
pub(crate) fn parse_property(name: &str, value: &str) -> Vec<(Property, Value)> {
    let property = match name {
        "display" => Property::Display,
        "visibility" => Property::Visibility,
        "opacity" => Property::Opacity,
        "mso-hide" => Property::MsoHide,
        "font-size" => Property::FontSize,
        "text-indent" => Property::TextIndent,
        "position" => Property::Position,
        "left" => Property::Left,
        "top" => Property::Top,
        "width" => Property::Width,
        "max-width" => Property::MaxWidth,
        "height" => Property::Height,
        "max-height" => Property::MaxHeight,
        "overflow" | "overflow-x" | "overflow-y" => Property::Overflow,
        "padding" | "padding-top" | "padding-bottom" | "padding-left" | "padding-right" | "min-width"
        | "min-height" => Property::Padding,
        "color" => Property::Color,
        "text-shadow" | "-webkit-text-fill-color" | "-webkit-text-stroke" => Property::TextPaint,
        "background" | "background-color" | "background-image" => Property::Background,
        "font" => return parse_font(value).map(|size| (Property::FontSize, size)).into_iter().collect(),
        _ => return Vec::new(),
    };
    parse_value(property, value).map(|value| (property, value)).into_iter().collect()
}

fn parse_value(property: Property, css: &str) -> Option<Value> {
    let mut parser = Parser::new(css);
    let token = parser.next().ok()?.clone();
    let is_single = parser.is_exhausted();
    if let Token::Ident(keyword) = &token
        && is_single
        && let Some(value) = parse_wide_keyword(property, keyword)
    {
        return Some(value);
    }
    if has_unknown_function(css) {
        return Some(Value::Unknown);
    }
    match property {
        Property::Visibility | Property::MsoHide | Property::Position | Property::Opacity | Property::FontSize
            if !is_single =>
        {
            None
        }
        Property::Display => parse_display(&token, is_single),
        Property::Visibility => parse_keyword(&token, &["hidden", "collapse"], &["visible"]),
        Property::MsoHide => parse_keyword(&token, &["all"], &["none", "screen"]),
        Property::Overflow => parse_overflow(css),
        Property::Position => parse_position(&token),
        Property::Opacity => parse_opacity(&token),
        Property::FontSize => parse_font_size(&token),
        Property::Color => parse_color(&mut Parser::new(css)),
        Property::Background => Some(parse_background(css)),
        Property::Padding => Some(parse_padding(css)),
        Property::TextPaint => Some(Value::Unknown),
        Property::TextIndent
        | Property::Left
        | Property::Top
        | Property::Width
        | Property::MaxWidth
        | Property::Height
        | Property::MaxHeight => Some(parse_length(&token).unwrap_or(Value::Unknown)),
    }
}

/// Parses a keyword that every property has.
fn parse_wide_keyword(property: Property, keyword: &str) -> Option<Value> {
    let is_inherited =
        matches!(property, Property::Visibility | Property::FontSize | Property::TextIndent | Property::Color);
    Some(match &*keyword.to_ascii_lowercase() {
        "inherit" => Value::Keyword(Keyword::Inherit),
        "unset" if is_inherited => Value::Keyword(Keyword::Inherit),
        "initial" | "unset" | "revert" | "revert-layer" => Value::Unknown,
        _ => return None,
    })
}

fn parse_keyword(token: &Token<'_>, hiding: &[&str], other: &[&str]) -> Option<Value> {
    let Token::Ident(name) = token else { return None };
    let name = &*name.to_ascii_lowercase();
    if hiding.contains(&name) {
        Some(Value::Keyword(Keyword::Hides))
    } else {
        other.contains(&name).then_some(Value::Keyword(Keyword::Other))
    }
}

fn parse_display(token: &Token<'_>, is_single: bool) -> Option<Value> {
    let Token::Ident(name) = token else { return None };
    let name = name.to_ascii_lowercase();
    let is_known =
        matches!(&*name, "block" | "flow" | "flow-root" | "flex" | "grid" | "list-item" | "run-in" | "ruby" | "math")
            || name.starts_with("inline-")
            || name.starts_with("table")
            || name.starts_with('-')
            || name.starts_with("ruby-");
    match &*name {
        "none" if is_single => Some(Value::Keyword(Keyword::Hides)),
        "inline" | "contents" => Some(Value::Keyword(Keyword::Inline)),
        _ => is_known.then_some(Value::Keyword(Keyword::Other)),
    }
}

fn parse_position(token: &Token<'_>) -> Option<Value> {
    let Token::Ident(name) = token else { return None };
    match &*name.to_ascii_lowercase() {
        "absolute" | "fixed" | "relative" | "sticky" | "-webkit-sticky" => Some(Value::Keyword(Keyword::Positioned)),
        "static" => Some(Value::Keyword(Keyword::Other)),
        _ => None,
    }
}

/// Parses the one or two keywords of `overflow`, for both directions. One that hides is enough: next to `hidden`, browsers treat
/// `visible` as `auto`, so an element without a size shows nothing. Next to `clip`, it stays `visible`.
fn parse_overflow(css: &str) -> Option<Value> {
    let mut words: Vec<String> = css.split_whitespace().map(str::to_ascii_lowercase).collect();
    words.sort();
    if words == ["clip", "visible"] {
        return Some(Value::Keyword(Keyword::Other));
    }
    let mut parser = Parser::new(css);
    let mut value = None;
    while let Ok(token) = parser.next() {
        let keyword = parse_keyword(token, &["hidden", "clip"], &["visible", "auto", "scroll", "overlay"])?;
        if value.is_none() || keyword == Value::Keyword(Keyword::Hides) {
            value = Some(keyword);
        }
    }
    value
}

fn parse_opacity(token: &Token<'_>) -> Option<Value> {
    match token {
        Token::Number { value, .. } => Some(Value::Number(*value)),
        Token::Percentage { unit_value, .. } => Some(Value::Number(*unit_value)),
        Token::Function(_) => Some(Value::Unknown),
        _ => None,
    }
}

fn parse_font_size(token: &Token<'_>) -> Option<Value> {
    match token {
        Token::Percentage { unit_value, .. } if *unit_value == 0.0 => Some(Value::Number(0.0)),
        Token::Percentage { .. } => Some(Value::Relative),
        Token::Dimension { unit, value, .. } if *value != 0.0 => {
            let is_relative = ["em", "ex", "ch", "cap", "ic", "lh"].iter().any(|name| unit.eq_ignore_ascii_case(name));
            if is_relative { Some(Value::Relative) } else { parse_length(token) }
        }
        Token::Ident(name) => match &*name.to_ascii_lowercase() {
            "larger" | "smaller" => Some(Value::Relative),
            "xx-small" | "x-small" | "small" | "medium" | "large" | "x-large" | "xx-large" | "xxx-large" => {
                Some(Value::Number(16.0))
            }
            _ => None,
        },
        _ => parse_length(token),
    }
}

/// Parses the size in the shorthand `font`: the first length or size keyword, before the family.
fn parse_font(css: &str) -> Option<Value> {
    let mut parser = Parser::new(css);
    let mut size = None;
    while let Ok(token) = parser.next().cloned() {
        match &token {
            Token::Function(_) => return Some(Value::Unknown),
            // A weight such as 700.
            Token::Number { value, .. } if *value >= 1.0 => {}
            _ => size = parse_font_size(&token),
        }
        if size.is_some() {
            // Without a family, the declaration is invalid.
            return if parser.is_exhausted() { None } else { size };
        }
    }
    // A system font, such as `font: menu`.
    Some(Value::Unknown)
}

/// Converts a length to pixels. Relative units are converted for a font size of 16 pixels and a page of 1000 by 1000 pixels.
fn parse_length(token: &Token<'_>) -> Option<Value> {
    match token {
        Token::Number { value, .. } if *value == 0.0 => Some(Value::Number(0.0)),
        // Invalid, except in pages without a doctype.
        Token::Number { .. } | Token::Function(_) => Some(Value::Unknown),
        Token::Percentage { unit_value, .. } => {
            Some(if *unit_value == 0.0 { Value::Number(0.0) } else { Value::Unknown })
        }
        Token::Dimension { value, unit, .. } => {
            let pixels = match &*unit.to_ascii_lowercase() {
                "px" => 1.0,
                "pt" => 4.0 / 3.0,
                "pc" | "em" | "rem" | "lh" | "rlh" | "ic" => 16.0,
                "ex" | "ch" | "cap" => 8.0,
                "in" => 96.0,
                "cm" => 96.0 / 2.54,
                "mm" => 96.0 / 25.4,
                "q" => 96.0 / 101.6,
                "vw" | "vh" | "vmin" | "vmax" => 10.0,
                _ => return None,
            };
            Some(Value::Number(value * pixels))
        }
        _ => None,
    }
}

/// Parses the lengths of a padding: 0 if all sides are 0. Text is visible in any other padding, even if the content has no size.
fn parse_padding(css: &str) -> Value {
    let mut parser = Parser::new(css);
    while let Ok(token) = parser.next() {
        if parse_length(token) != Some(Value::Number(0.0)) {
            return Value::Unknown;
        }
    }
    Value::Number(0.0)
}

fn parse_color(parser: &mut Parser<'_>) -> Option<Value> {
    let color = parse_color_token(parser)?;
    parser.is_exhausted().then_some(color)
}

fn parse_color_token(parser: &mut Parser<'_>) -> Option<Value> {
    match parser.next().ok()?.clone() {
        Token::Ident(name) if name.eq_ignore_ascii_case("transparent") => Some(Value::Keyword(Keyword::Transparent)),
        Token::Ident(name) if name.eq_ignore_ascii_case("currentcolor") => Some(Value::Keyword(Keyword::Inherit)),
        Token::Ident(name) => match parse_named_color(&name) {
            Ok(color) => Some(Value::Color(color)),
            // System colors such as `CanvasText` depend on the device.
            Err(()) if name.bytes().any(|byte| byte.is_ascii_uppercase()) => Some(Value::Unknown),
            Err(()) => None,
        },
        Token::Hash(digits) | Token::IDHash(digits) => {
            let (red, green, blue, alpha) = parse_hash_color(digits.as_bytes()).ok()?;
            Some(with_alpha((red, green, blue), alpha))
        }
        Token::Function(name) => {
            let is_rgb = name.eq_ignore_ascii_case("rgb") || name.eq_ignore_ascii_case("rgba");
            let color = parser.parse_nested_block(|input| -> Result<Value, ParseError<()>> {
                let color = if is_rgb { parse_rgb(input) } else { None };
                skip_to_end(input)?;
                Ok(color.unwrap_or(Value::Unknown))
            });
            Some(color.unwrap_or(Value::Unknown))
        }
        _ => None,
    }
}

fn with_alpha(color: Rgb, alpha: f32) -> Value {
    if alpha <= 0.0 {
        Value::Keyword(Keyword::Transparent)
    } else if alpha >= 1.0 {
        Value::Color(color)
    } else {
        Value::Unknown
    }
}

/// Parses the arguments of `rgb()`: three numbers or percentages, and an alpha value.
fn parse_rgb(input: &mut Parser<'_>) -> Option<Value> {
    let mut channels = [0u8; 3];
    for (index, channel) in channels.iter_mut().enumerate() {
        if index > 0 {
            let _ = input.try_parse(Parser::expect_comma);
        }
        *channel = match input.next().ok()? {
            Token::Number { value, .. } => cssparser::color::clamp_floor_256_f32(*value),
            Token::Percentage { unit_value, .. } => cssparser::color::clamp_unit_f32(*unit_value),
            _ => return None,
        };
    }
    if input.is_exhausted() {
        return Some(with_alpha(channels.into(), 1.0));
    }
    if input.try_parse(Parser::expect_comma).is_err() {
        input.expect_delim('/').ok()?;
    }
    match input.next().ok()? {
        Token::Number { value, .. } => Some(with_alpha(channels.into(), *value)),
        Token::Percentage { unit_value, .. } => Some(with_alpha(channels.into(), *unit_value)),
        _ => None,
    }
}

/// The color of a background. With an image, it is unknown.
fn parse_background(css: &str) -> Value {
    let mut parser = Parser::new(css);
    if let Some(color) = parse_color(&mut parser) {
        return color;
    }
    let mut parser = Parser::new(css);
    let is_none = parser.try_parse(|input| input.expect_ident_matching("none")).is_ok() && parser.is_exhausted();
    // `background:none` shows the background of the element around it.
    if is_none { Value::Keyword(Keyword::Transparent) } else { Value::Unknown }
}

/// Whether a value contains a function that the page or the device replaces by any other value.
fn has_unknown_function(css: &str) -> bool {
    let css = css.to_ascii_lowercase();
    ["var(", "env(", "attr("].iter().any(|function| css.contains(function))
}
