//! The types of scalars: the core schema for plain scalars (YAML 1.2, section 10.3), and explicit tags for all.

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
    /// `!!int`, `!!float`.
    Number,
    /// `!!bool`.
    Bool,
    /// `!!null`.
    Null,
    /// A tag outside the core schema. It is reported, and the value is read as if it had no tag.
    Custom,
}

/// The type that the tag of a node requires.
pub(super) fn tag_kind(tag: &Tag) -> TagKind {
    match tag.core_suffix() {
        Some("str") => TagKind::Text,
        Some("int" | "float") => TagKind::Number,
        Some("bool") => TagKind::Bool,
        Some("null") => TagKind::Null,
        Some(_) => TagKind::Resolve,
        None if tag.original() == "!" => TagKind::Text,
        None => TagKind::Custom,
    }
}

/// The value of a scalar. The result is `Err`, with the text as a string, if it does not have the type its tag requires.
pub(super) fn resolve_value(text: Cow<'_, str>, plain: bool, kind: TagKind) -> Result<Value<'_>, Value<'_>> {
    let resolved = match kind {
        TagKind::Text => return Ok(Value::String(text)),
        TagKind::Resolve | TagKind::Custom if !plain => return Ok(Value::String(text)),
        _ => resolve_core(&text),
    };
    match (kind, resolved) {
        (TagKind::Resolve | TagKind::Custom, Core::Text) => Ok(Value::String(text)),
        (TagKind::Resolve | TagKind::Custom | TagKind::Null, Core::Null) => Ok(Value::Null),
        (TagKind::Resolve | TagKind::Custom | TagKind::Bool, Core::Bool(value)) => Ok(Value::Bool(value)),
        (TagKind::Resolve | TagKind::Custom | TagKind::Number, Core::Number) => Ok(Value::Number(text.into())),
        _ => Err(Value::String(text)),
    }
}

enum Core {
    Null,
    Bool(bool),
    Number,
    Text,
}

fn resolve_core(text: &str) -> Core {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Core::Null,
        "true" | "True" | "TRUE" => Core::Bool(true),
        "false" | "False" | "FALSE" => Core::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Core::Number,
        _ if is_number(text) => Core::Number,
        _ => Core::Text,
    }
}

fn is_number(text: &str) -> bool {
    let all = |digits: &str, is: fn(&u8) -> bool| !digits.is_empty() && digits.bytes().all(|byte| is(&byte));
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, u8::is_ascii_hexdigit);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |byte| (b'0'..=b'7').contains(byte));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    if exponent.is_some_and(|digits| !all(digits.strip_prefix(['-', '+']).unwrap_or(digits), u8::is_ascii_digit)) {
        return false;
    }
    match mantissa.split_once('.') {
        None => all(mantissa, u8::is_ascii_digit),
        Some(("", fraction)) => all(fraction, u8::is_ascii_digit),
        Some((whole, fraction)) => {
            all(whole, u8::is_ascii_digit) && (fraction.is_empty() || all(fraction, u8::is_ascii_digit))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::yaml::scalar::*;

    fn plain(text: &str) -> Value<'_> {
        resolve_value(Cow::Borrowed(text), true, TagKind::Resolve).expect("no tag asks for anything")
    }

    #[test]
    fn plain_text_follows_the_core_schema_of_yaml_1_2() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Value::Null, "{text}");
        }
        for text in ["true", "True", "TRUE"] {
            assert_eq!(plain(text), Value::Bool(true), "{text}");
        }
        for text in
            ["0", "-1", "+12", "0x1F", "0o17", "1.", "1.5", ".5", "-1e3", "1E+5", ".inf", "-.INF", ".nan", "007"]
        {
            assert_eq!(plain(text), Value::Number(text.into()), "{text}");
        }
        for text in ["yes", "no", "on", "off", "tRUE", "0x", "0o8", "1e", "-", ".", "1_000", "1:30", "+.nan", "e5"] {
            assert_eq!(plain(text), Value::String(Cow::Borrowed(text)), "{text}");
        }
    }
}
