//! Shortens the least severe findings of a result, so that 25 findings take at most 7 kB.

use serde_json::{Map, Value as Json};

use crate::base::sanitize::escape_in_json;

/// The maximum number of bytes of a finding, on average.
const BYTES_PER_FINDING: usize = 280;

/// A result with fewer findings may take as many bytes as one with this number.
const MIN_FINDINGS: usize = 25;

/// What replaces a help that does not fit.
const SHORT_HELP: &str = "call explain_rule";

/// The number of characters of a message in a result that is too long.
const MAX_MESSAGE_CHARS: usize = 120;

/// The lists of a result, the most important first.
pub(super) type Lists = Vec<(&'static str, Vec<Json>)>;

/// Shortens findings from the last one to the first until the lists fit. Removes the fixes, which `fix_portal` returns, then replaces the
/// helps, and then cuts the messages. `used_bytes` is the length of the other fields of the result.
pub(super) fn shorten_findings(mut lists: Lists, used_bytes: usize) -> Lists {
    let mut length = used_bytes;
    let mut findings = 0;
    for entry in lists.iter().flat_map(|(_, entries)| entries) {
        length += json_length(entry) + ",".len();
        findings += usize::from(entry.get("code").is_some());
    }
    let mut excess = length.saturating_sub(BYTES_PER_FINDING * findings.max(MIN_FINDINGS));
    for shorten in [remove_fix, shorten_help, shorten_message] {
        for entry in lists.iter_mut().rev().flat_map(|(_, entries)| entries.iter_mut().rev()) {
            if excess == 0 {
                return lists;
            }
            let before = json_length(entry);
            shorten(entry);
            excess = excess.saturating_sub(before - json_length(entry));
        }
    }
    lists
}

fn remove_fix(finding: &mut Json) {
    if let Some(fields) = finding.as_object_mut() {
        fields.remove("fix");
    }
}

fn shorten_help(finding: &mut Json) {
    if let Some(Json::String(help)) = finding.get_mut("help")
        && help.len() > SHORT_HELP.len()
    {
        SHORT_HELP.clone_into(help);
    }
}

/// Cuts a message, unless the ellipsis would take more bytes than the text that it replaces. The longest messages contain lists of names.
fn shorten_message(finding: &mut Json) {
    const ELLIPSIS: char = '…';
    if let Some(Json::String(message)) = finding.get_mut("message")
        && let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE_CHARS)
        && message.len() - end > ELLIPSIS.len_utf8()
    {
        message.truncate(end);
        message.push(ELLIPSIS);
    }
}

/// The number of bytes that the fields of a result will have when empty lists and `truncated` are added.
pub(super) fn fields_length(fields: &Map<String, Json>) -> usize {
    const ADDED_FIELDS: usize = 80;
    json_length(&Json::Object(fields.clone())) + ADDED_FIELDS
}

/// The number of bytes of a value in the text of a result.
fn json_length(value: &Json) -> usize {
    escape_in_json(&value.to_string()).len()
}
