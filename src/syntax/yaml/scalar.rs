//! Determines the types of scalars: by their tags or, for plain scalars without a tag, by the core schema (YAML 1.2, section 10.3).

use std::borrow::Cow;

use granit_parser::Tag;

use crate::syntax::Value;

/// The type that a tag requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// No tag: the core schema determines the type of a plain scalar, and a quoted scalar is text.
    Resolve,
    /// `!` or `!!str`.
    Text,
    /// `!!int`.
    Integer,
    /// `!!float`.
    Float,
    /// `!!bool`.
    Bool,
    /// `!!null`.
    Null,
    /// A tag outside the core schema, or of another kind of node. It is reported, and the value is unknown.
    Unusable,
}

/// The type that the tag of a node requires.
pub(super) fn tag_kind(tag: &Tag) -> TagKind {
    match tag.core_suffix() {
        Some("str") => TagKind::Text,
        Some("int") => TagKind::Integer,
        Some("float") => TagKind::Float,
        Some("bool") => TagKind::Bool,
        Some("null") => TagKind::Null,
        Some(_) => TagKind::Resolve,
        None if tag.original() == "!" => TagKind::Text,
        None => TagKind::Unusable,
    }
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeShape {
    Scalar,
    List,
    Mapping,
}

/// Whether a node of this shape can have the tag. Sets are mappings, and ordered mappings and pairs are lists.
pub(super) fn allows_shape(tag: &Tag, shape: NodeShape) -> bool {
    match tag.core_suffix() {
        Some("seq" | "omap" | "pairs") => shape == NodeShape::List,
        Some("map" | "set") => shape == NodeShape::Mapping,
        Some(_) => shape == NodeShape::Scalar,
        None => true,
    }
}

/// Whether a plain scalar with this text is `true`, `false` or `null`.
pub(super) fn is_literal(text: &str) -> bool {
    matches!(resolve_core_type(text), CoreType::Bool(_) | CoreType::Null)
}

/// The value of a scalar. `None` if it does not have the type that its tag requires.
pub(super) fn resolve_value(text: Cow<'_, str>, is_plain: bool, kind: TagKind) -> Option<Value<'_>> {
    let resolved = match kind {
        TagKind::Text => return Some(Value::String(text)),
        // A quoted scalar without a tag is always a string.
        TagKind::Resolve if !is_plain => return Some(Value::String(text)),
        _ => resolve_core_type(&text),
    };
    match (kind, resolved) {
        (TagKind::Resolve, CoreType::Text) => Some(Value::String(text)),
        (TagKind::Resolve | TagKind::Null, CoreType::Null) => Some(Value::Null),
        (TagKind::Resolve | TagKind::Bool, CoreType::Bool(value)) => Some(Value::Bool(value)),
        (TagKind::Resolve, CoreType::Number) => Some(Value::Number(text.into())),
        (TagKind::Integer | TagKind::Float, CoreType::Number) => {
            allows_number(kind, &text).then(|| Value::Number(text.into()))
        }
        // These tags allow the numbers of YAML 1.1, which have `_` between digits (<https://yaml.org/type/int.html>).
        (TagKind::Integer | TagKind::Float, CoreType::Text) => {
            let digits = text.replace('_', "");
            let is_allowed = !text.starts_with('_') && is_number(&digits) && allows_number(kind, &digits);
            is_allowed.then(|| Value::Number(digits.into()))
        }
        _ => None,
    }
}

/// Whether `!!int` or `!!float` allows this form of a number: an integer has only digits, and only an integer can be in base 16 or 8.
fn allows_number(kind: TagKind, number: &str) -> bool {
    let has_base = number.starts_with("0x") || number.starts_with("0o");
    match kind {
        TagKind::Integer => has_base || is_decimal(number.strip_prefix(['-', '+']).unwrap_or(number)),
        _ => !has_base,
    }
}

/// The type of a plain scalar in the core schema.
enum CoreType {
    Null,
    Bool(bool),
    Number,
    Text,
}

fn resolve_core_type(text: &str) -> CoreType {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => CoreType::Null,
        "true" | "True" | "TRUE" => CoreType::Bool(true),
        "false" | "False" | "FALSE" => CoreType::Bool(false),
        ".nan" | ".NaN" | ".NAN" => CoreType::Number,
        _ if is_number(text) => CoreType::Number,
        _ => CoreType::Text,
    }
}

/// Whether a text is a number in the core schema. JSON allows fewer forms: no `+`, no leading zeros, no `.5` or `1.`.
fn is_number(text: &str) -> bool {
    // The core schema allows no sign before `0x` and `0o`.
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let mantissa = match unsigned.split_once(['e', 'E']) {
        Some((_, exponent)) if !is_decimal(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)) => return false,
        Some((mantissa, _)) => mantissa,
        None => unsigned,
    };
    match mantissa.split_once('.') {
        None => is_decimal(mantissa),
        Some(("", fraction)) => is_decimal(fraction),
        Some((integer, fraction)) => is_decimal(integer) && (fraction.is_empty() || is_decimal(fraction)),
    }
}

fn is_decimal(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::syntax::yaml::scalar::*;

    fn resolve_plain(text: &str) -> Value<'_> {
        resolve_value(Cow::Borrowed(text), true, TagKind::Resolve)
            .expect("a value without a tag has the type that its text has")
    }

    #[test]
    fn plain_scalars_follow_the_yaml_1_2_core_schema() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve_plain(text), Value::Null, "{text}");
        }
        for text in ["true", "True", "TRUE"] {
            assert_eq!(resolve_plain(text), Value::Bool(true), "{text}");
        }
        for text in
            ["0", "-1", "+12", "0x1F", "0o17", "1.", "1.5", ".5", "-1e3", "1E+5", ".inf", "-.INF", ".nan", "007"]
        {
            assert_eq!(resolve_plain(text), Value::Number(text.into()), "{text}");
        }
        for text in ["yes", "no", "on", "off", "tRUE", "0x", "0o8", "1e", "-", ".", "1_000", "1:30", "+.nan", "e5"] {
            assert_eq!(resolve_plain(text), Value::String(Cow::Borrowed(text)), "{text}");
        }
    }
}
