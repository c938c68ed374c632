//! The values of a field before and after an edit, for people. Of long values, only the part from the first difference on is shown.

use serde_json::Value as Json;

use crate::model::edited_portal::Change;

/// The maximum length of the part of a value that is shown: one or two lines.
const MAX_CHARS: usize = 120;

/// The number of characters of a long text that are shown before the first difference.
const CONTEXT_CHARS: usize = 20;

/// The values before and after the edit, with the names of the IDs in them.
pub(super) fn describe_values(change: &Change) -> [String; 2] {
    let new = change.new.to_string();
    let [old, new] = match &change.old {
        None => ["unknown".to_owned(), shorten(&new, 0)],
        Some(Json::Null) => ["not set".to_owned(), shorten(&new, 0)],
        Some(value) => {
            let old = value.to_string();
            let start = start_of_shown_part(&old, &new, value.is_array());
            [shorten(&old, start), shorten(&new, start)]
        }
    };
    [old, new].map(|mut text| {
        for (id, name) in &change.names {
            text = text.replace(&format!("\"{id}\""), &format!("\"{id}\" ({name})"));
        }
        text
    })
}

/// The offset at which the shown part of two values starts: 0 if a short part from the start contains the first difference. For lists,
/// the part starts with a whole item.
fn start_of_shown_part(old: &str, new: &str, is_list: bool) -> usize {
    let mut common = Vec::new();
    for ((offset, character), new_character) in old.char_indices().zip(new.chars()) {
        if character != new_character {
            break;
        }
        common.push((offset, character));
    }
    if common.len() + CONTEXT_CHARS < MAX_CHARS {
        return 0;
    }
    if is_list {
        let last_comma = common.iter().rev().find(|(_, character)| *character == ',');
        return last_comma.map_or(0, |(offset, _)| offset + 1);
    }
    common[common.len() - CONTEXT_CHARS].0
}

/// The part of a text that starts at an offset and has at most [`MAX_CHARS`] characters. An ellipsis stands for the text before and
/// after it.
fn shorten(text: &str, start: usize) -> String {
    let ellipsis_before = if start > 0 { "…" } else { "" };
    let rest = text.get(start..).unwrap_or_default();
    match rest.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{ellipsis_before}{}…", &rest[..end]),
        None => format!("{ellipsis_before}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn shown(old: Json, new: Json) -> [String; 2] {
        let names = BTreeMap::from([("c".repeat(20), "Gifts".to_owned())]);
        describe_values(&Change { pointer: String::new(), old: Some(old), new, names, opens_portal: false })
    }

    #[test]
    fn the_first_difference_of_long_values_is_shown() {
        let start = "ü".repeat(500);
        let [old, new] = shown(format!("{start}old{start}").into(), format!("{start}new{start}").into());
        assert!(
            old.starts_with("…üüü") && old.contains("üold") && new.contains("ünew") && new.ends_with("ü…"),
            "{new}"
        );
        let ids: Vec<String> = (0..9).map(|number| format!("{number:020}")).collect();
        let more: Vec<String> = ids.iter().cloned().chain(["c".repeat(20)]).collect();
        let [old, new] = shown(ids.into(), more.into());
        assert_eq!(old, "…\"00000000000000000008\"]");
        assert_eq!(new, format!("…\"00000000000000000008\",\"{}\" (Gifts)]", "c".repeat(20)));
    }

    #[test]
    fn short_values_are_shown_whole() {
        assert_eq!(shown("a".into(), Json::Null), ["\"a\"", "null"]);
        assert_eq!(shown(Json::Null, true.into()), ["not set", "true"]);
    }
}
