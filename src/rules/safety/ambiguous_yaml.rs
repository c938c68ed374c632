//! RCP211: reports YAML values that mean different things to different parsers.
//!
//! YAML 1.1 reads `yes` as `true` and has dates, base 60 numbers (`1:30`) and numbers such as `1_000` and `0b1010`. YAML 1.2, which
//! portal-lint follows when it converts a file to JSON, reads all of these as text.

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::source::Format;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::Editor;
use crate::syntax::{Node, Style, Value};

/// Checks boolean fields for words such as `yes`, and IDs and keys for values that look like numbers or dates. Other text
/// fields may contain `yes`.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.source().format() != Format::Yaml {
        return;
    }
    // One editor for all findings, because creating one takes time linear in the size of the file.
    let editor = cx.editor();
    let flags = [cx.portal.enabled, cx.portal.create_non_existing_customer];
    for flag in flags.into_iter().chain(*cx.portal.permissions()) {
        // With a tag such as `!!str`, the word means the same to all parsers.
        if let Some(boolean) = yaml_1_1_boolean(&flag)
            && find_tag(cx, &flag).is_none()
        {
            cx.report(flag_finding(&flag, boolean, &editor));
        }
    }
    for value in cx.portal.ids_and_keys() {
        if let Some(other_type) = type_without_quotes(value) {
            match find_tag(cx, value) {
                None => cx.report(quotes_finding(value, other_type, &editor)),
                // Only `!` and `!!str` make it text. They may be written as `!<tag:yaml.org,2002:str>` or with the prefix of a `%TAG` line.
                Some(_) if value.text().is_some() => {}
                Some(tag) => cx.report(tag_finding(value, tag)),
            }
        }
    }
}

fn flag_finding<'a>(flag: &Cursor<'a>, boolean: &str, editor: &Editor<'a>) -> Finding {
    let word = flag.text().unwrap_or_default();
    let message = format!("some YAML parsers read {} as {}, and others as a string", quote(word), quote(boolean));
    let help = format!("write `{boolean}`");
    let finding = Finding::new(flag.location(), message, help.as_str()).with_invalid_value();
    // Each of these fields grants or enables something, and a string does neither. So `true` changes what the portal does, and
    // `false` does not.
    let is_true = boolean == "true";
    let applicability = if is_true { Applicability::Unsafe } else { Applicability::Safe };
    finding.with_fix(applicability, help, editor.set_bool(flag, is_true))
}

fn quotes_finding<'a>(value: &Cursor<'a>, other_type: &str, editor: &Editor<'a>) -> Finding {
    let message = format!("some YAML parsers read this unquoted value as {other_type}");
    let help = "put the value in quotes";
    let finding = Finding::new(value.location(), message, help).with_invalid_value();
    finding.with_fix(Applicability::Safe, help, editor.add_quotes(value))
}

fn tag_finding(value: &Cursor<'_>, tag: &str) -> Finding {
    let message = format!("the tag {} means that this value is not a string", quote(tag));
    Finding::new(value.location(), message, "remove the tag, and put the value in quotes").with_invalid_value()
}

fn find_tag<'a>(cx: &PortalContext<'a>, value: &Cursor<'a>) -> Option<&'a str> {
    let node = value.node()?;
    find_tag_before(cx.source().text(), node.span.start as usize)
}

/// The tag of the value that starts at this offset.
fn find_tag_before(text: &str, value_start: usize) -> Option<&str> {
    /// Longer than any tag and anchor. Without a limit, many values in one line would take quadratic time.
    const MAX_BYTES: usize = 200;
    let start = text.ceil_char_boundary(value_start.saturating_sub(MAX_BYTES));
    // The tag may be on a line above the value, with a comment after it.
    let lines = text[start..value_start].rsplit('\n').map(without_comment);
    for word in lines.flat_map(|line| line.split_whitespace().rev()) {
        // In a list in brackets, the tag can follow a bracket or a comma.
        let word = match word.find("!<") {
            Some(tag_start) => &word[tag_start..],
            None => word.rsplit(['[', '{', ',']).next().unwrap_or(word),
        };
        if word.starts_with('!') {
            return Some(word);
        }
        // An anchor can be between the tag and the value.
        if !word.starts_with('&') {
            return None;
        }
    }
    None
}

/// The part of a line before its comment.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    line.split_once(" #").map_or(line, |(before, _)| before)
}

/// The boolean that a word without quotes means in YAML 1.1 only (<https://yaml.org/type/bool.html>).
fn yaml_1_1_boolean(flag: &Cursor<'_>) -> Option<&'static str> {
    let (_, text) = unquoted_scalar(flag)?;
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" => Some("true"),
        "no" | "off" => Some("false"),
        _ => None,
    }
}

/// The other type of a value that should be text but has no quotes: a number in all versions of YAML, or a number or date in YAML 1.1.
fn type_without_quotes(value: &Cursor<'_>) -> Option<&'static str> {
    let (node, text) = unquoted_scalar(value)?;
    match node.value {
        Value::Number(_) => Some("a number"),
        _ if is_timestamp(text) => Some("a date or time"),
        _ if is_yaml_1_1_number(text) => Some("a number"),
        _ => None,
    }
}

/// A value without quotes, and its text in the file.
fn unquoted_scalar<'d>(field: &Cursor<'d>) -> Option<(&'d Node<'d>, &'d str)> {
    let node = field.node().filter(|node| node.style == Style::Plain)?;
    match &node.value {
        Value::String(text) => Some((node, text)),
        Value::Number(text) => Some((node, text)),
        _ => None,
    }
}

/// Whether a text is a date, alone or with a time, in YAML 1.1 (<https://yaml.org/type/timestamp.html>).
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(remainder)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let day_length = remainder.bytes().take_while(u8::is_ascii_digit).count();
    let (day, time) = remainder.split_at(day_length);
    year.len() == 4
        && is_digits(year)
        && is_digits(month)
        && month.len() <= 2
        && is_digits(day)
        && day.len() <= 2
        && (time.is_empty() || time.starts_with(['T', 't', ' ', '\t']))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a number in YAML 1.1 and text in YAML 1.2: `1_000`, `0b1010`, `0x1f_ff`, `1:30`
/// (<https://yaml.org/type/int.html>).
fn is_yaml_1_1_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).replace('_', "");
    if let Some(bits) = digits.strip_prefix("0b") {
        return !bits.is_empty() && bits.bytes().all(|byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let starts_with_digit = text.trim_start_matches(['-', '+', '.']).starts_with(|first: char| first.is_ascii_digit());
    let is_base_60 = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    starts_with_digit && (is_base_60 || digits.parse::<f64>().is_ok())
}
