//! RCP211: no YAML value means one thing to one reader and another to the next.
//!
//! YAML 1.1 reads `yes` as `true` and knows dates and odd numbers; 1.2, which RevCent's JSON is made from here, does not.

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::source::Format;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Node, Style, Value};

/// Booleans as words; ids and keys that look like numbers or times. Text fields may say `yes`.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.source().format() != Format::Yaml {
        return;
    }
    let editor = cx.editor();
    let flags = [cx.portal.enabled, cx.portal.create_non_existing_customer];
    for slot in flags.into_iter().chain(*cx.portal.permissions()) {
        let Some(boolean) = plain(&slot).and_then(|(_, text)| boolean_word(text)) else { continue };
        let word = slot.text().unwrap_or_default();
        let message = format!("{} is {} to some readers of YAML and text to others", quote(word), quote(boolean));
        let help = format!("write `{boolean}`");
        let finding = Finding::new(slot.location(), message, help.as_str()).with_invalid_value();
        // As text it granted nothing, and `true` grants or enables something in each of these fields.
        let is_true = boolean == "true";
        let applicability = if is_true { Applicability::Unsafe } else { Applicability::Safe };
        cx.report(finding.with_fix(applicability, help, editor.set_bool(&slot, is_true)));
    }
    for slot in cx.portal.ids_and_keys() {
        let Some((node, text)) = plain(slot) else { continue };
        let is = match node.value {
            Value::Number(_) => "a number",
            _ if is_time(text) => "a date or time",
            _ if is_old_number(text) => "a number",
            _ => continue,
        };
        let message = format!("without quotes this value is {is} to some readers of YAML");
        let help = "put it in quotes";
        let finding = Finding::new(slot.location(), message, help).with_invalid_value();
        cx.report(finding.with_fix(Applicability::Safe, help, editor.add_quotes(slot)));
    }
}

/// A value without quotes, as written.
fn plain<'d>(slot: &Cursor<'d>) -> Option<(&'d Node<'d>, &'d str)> {
    let node = slot.node().filter(|node| node.style == Style::Plain)?;
    match &node.value {
        Value::String(text) => Some((node, text)),
        Value::Number(text) => Some((node, text)),
        _ => None,
    }
}

/// YAML 1.1's other words for booleans.
fn boolean_word(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" => Some("true"),
        "no" | "off" => Some("false"),
        _ => None,
    }
}

/// `2026-01-01`, alone or with a time behind it (YAML 1.1, timestamp).
fn is_time(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let day = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
    let behind = &rest[day.len()..];
    year.len() == 4
        && digits(year)
        && digits(month)
        && month.len() <= 2
        && digits(day)
        && day.len() <= 2
        && (behind.is_empty() || behind.starts_with(['T', 't', ' ', '\t']))
}

/// Numbers of YAML 1.1 that 1.2 reads as text: `1_000`, `0b1010`, `1:30`.
fn is_old_number(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits =
        text.strip_prefix("0b").map_or(text, |bits| if bits.bytes().all(|b| b"01_".contains(&b)) { "0" } else { text });
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b':' | b'.'))
}
