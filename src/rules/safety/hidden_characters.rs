//! RCP206: reports invisible characters, and characters that change the order in which text is displayed.
//!
//! Joiners, direction marks and soft hyphens are part of correct text in many languages, and of emoji. They are reported
//! only where a text is compared byte by byte: in IDs, keys, addresses and shortcodes.

use std::collections::HashMap;
use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding, Location};
use crate::html::shortcodes::shortcodes;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::field_label;
use crate::rules::wording::{indefinite_article, quote};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Value, pointer};

/// Adjacent occurrences of one invisible character.
#[derive(Clone, PartialEq, Eq)]
struct HiddenRun {
    range: Range<usize>,
    character: char,
    /// The end of the isolated text, if the character starts one.
    isolate_end: Option<Range<usize>>,
}

/// Checks every text and every key of the file.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let root = cx.portal.root;
    // Few files contain hidden characters, and the loop below builds a pointer for each value.
    if !contains_hidden_character(&root) {
        return;
    }
    let mut pending = vec![(String::new(), root)];
    while let Some((path, value)) = pending.pop() {
        if let Some(text) = value.text()
            && has_hidden_character(text)
        {
            report_text(cx, &value, &path, text);
        }
        for (entry, child) in value.entries().iter().zip(value.children()) {
            let path = pointer::join(&path, &entry.key);
            if let Some(run) = find_runs(&entry.key, true).into_iter().next() {
                let location = Location { pointer: path.clone(), span: entry.key_span };
                cx.report(key_finding(location, &entry.key, &run));
            }
            pending.push((path, child));
        }
        for (index, item) in value.items().enumerate() {
            pending.push((pointer::join(&path, &index.to_string()), item));
        }
    }
}

fn contains_hidden_character(root: &Cursor<'_>) -> bool {
    let document = root.document();
    for node in root.nodes_below() {
        let is_found = match &node.value {
            Value::String(text) => has_hidden_character(text),
            Value::Object(entries) => document.entries(*entries).iter().any(|entry| has_hidden_character(&entry.key)),
            _ => false,
        };
        if is_found {
            return true;
        }
    }
    false
}

fn has_hidden_character(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| unicode_name(c).is_some())
}

fn report_text<'a>(cx: &mut PortalContext<'a>, field: &Cursor<'a>, path: &str, text: &str) {
    let mut found = find_runs(text, is_compared_exactly(field));
    if matches!(field.key(), "html" | "subject") {
        add_runs_in_shortcodes(text, &mut found);
    }
    cx.report_each(found, |cx, HiddenRun { range, character, isolate_end }| {
        // Messages do not reveal any character of a secret.
        let character_label = if field.key() == "secret_key" {
            "an invisible character".to_owned()
        } else {
            describe_hidden_char(character)
        };
        let mut edits = cx.replace_part(field, range.clone(), "");
        if let Some(end) = isolate_end {
            edits = edits.zip(cx.replace_part(field, end, "")).map(|(start, end)| [start, end].concat());
        }
        let location = Location { pointer: path.to_owned(), span: cx.locate_part(field, range).span };
        let message = format!("{} contains {character_label}", field_label(field));
        let finding = Finding::new(location, message, "remove the character").with_invalid_value();
        finding.with_fix(Applicability::Unsafe, "remove the character", edits)
    });
}

/// Adds the characters that are correct in text, but not in a shortcode.
fn add_runs_in_shortcodes(text: &str, found: &mut Vec<HiddenRun>) {
    for code in shortcodes(text) {
        let start = code.range.start;
        for run in find_runs(&text[code.range], true) {
            let shift = |range: Range<usize>| start + range.start..start + range.end;
            let isolate_end = run.isolate_end.map(shift);
            found.push(HiddenRun { range: shift(run.range), character: run.character, isolate_end });
        }
    }
    found.sort_by_key(|run| run.range.start);
    found.dedup();
}

fn key_finding(location: Location, key: &str, run: &HiddenRun) -> Finding {
    // The key is shown with a replacement character, because the message must not contain the invisible one.
    let shown_key: String = key.chars().map(|c| if unicode_name(c).is_some() { '\u{fffd}' } else { c }).collect();
    let first = key[run.range.clone()].chars().next().unwrap_or_default();
    let message = format!("the key {} contains {}", quote(&shown_key), describe_hidden_char(first));
    Finding::new(location, message, "retype the key").with_invalid_value()
}

/// Whether RevCent or a mail server compares the text byte by byte: IDs, keys and addresses.
fn is_compared_exactly(field: &Cursor<'_>) -> bool {
    matches!(
        field.key(),
        "from"
            | "to_cc"
            | "to_bcc"
            | "id"
            | "customer_portal_id"
            | "tracking_domain"
            | "smtp_profile"
            | "site_key"
            | "secret_key"
            | "campaign"
            | "third_party_shop"
            | "create_non_existing_customer_campaign"
    )
}

/// Finds the runs of invisible characters, in order. With `is_strict`, also those characters that are part of correct text.
fn find_runs(text: &str, is_strict: bool) -> Vec<HiddenRun> {
    let mut found: Vec<HiddenRun> = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let mut isolates = find_isolates(text);
    let mut flag_end = 0;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if c == BLACK_FLAG {
            flag_end = end + flag_tags_length(&text[end..]);
        }
        let Some((name, is_in_correct_text)) = unicode_name(c) else { continue };
        let is_correct = start < flag_end || is_in_correct_text || is_between_words(text, &(start..end));
        let isolate_end = match isolates.remove(&start) {
            // Unlike an embedding or override, a complete isolate does not affect the text around it.
            Some(Isolate::Start(_)) if !is_strict && is_isolate_initiator(c) => continue,
            Some(Isolate::Start(isolate_end)) => Some(isolate_end),
            // The finding about the start covers the end.
            Some(Isolate::End) => continue,
            None => None,
        };
        if start < flag_end || (is_correct && !is_strict) {
            continue;
        }
        if let Some(last) = found.last_mut()
            && last.range.end == start
            && last.isolate_end.is_none()
            && isolate_end.is_none()
            && unicode_name(last.character).is_some_and(|(last_name, _)| last_name == name)
        {
            last.range.end = end;
        } else {
            found.push(HiddenRun { range: start..end, character: c, isolate_end });
        }
    }
    found
}

/// One end of a part of a text with a direction of its own.
enum Isolate {
    /// The first character, with the range of the last one.
    Start(Range<usize>),
    /// The last character.
    End,
}

/// Finds the isolates, embeddings and overrides of a text, by the offsets of their first and last characters (Unicode Standard
/// Annex 9, BD9 and BD11).
fn find_isolates(text: &str) -> HashMap<usize, Isolate> {
    let mut isolates = HashMap::new();
    let (mut open_isolates, mut open_embeddings) = (Vec::new(), Vec::new());
    for (offset, c) in text.char_indices() {
        let start = match c {
            _ if is_isolate_initiator(c) => {
                open_isolates.push(offset);
                None
            }
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => {
                open_embeddings.push(offset);
                None
            }
            '\u{2069}' => open_isolates.pop(),
            '\u{202c}' => open_embeddings.pop(),
            _ => None,
        };
        if let Some(start) = start {
            isolates.insert(start, Isolate::Start(offset..offset + c.len_utf8()));
            isolates.insert(offset, Isolate::End);
        }
    }
    isolates
}

fn is_isolate_initiator(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2068}')
}

/// Whether a character is a zero width space between two letters of a script that is written without spaces, where it shows
/// where a line may break.
fn is_between_words(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    &text[range.clone()] == "\u{200b}" && before.is_some_and(has_no_spaces) && after.is_some_and(has_no_spaces)
}

/// Whether a character belongs to the scripts of Thai, Lao, Burmese or Khmer.
fn has_no_spaces(c: char) -> bool {
    matches!(
        c,
        '\u{e01}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{19e0}'..='\u{19ff}'
            | '\u{a9e0}'..='\u{a9ff}'
            | '\u{aa60}'..='\u{aa7f}'
    )
}

/// The first character of the flags of subdivisions, such as Scotland (Unicode Technical Standard 51, "Emoji Tag Sequences").
const BLACK_FLAG: char = '\u{1f3f4}';
/// The last character of an emoji tag sequence.
const CANCEL_TAG: char = '\u{e007f}';

/// The bytes of the tag characters after a black flag that make it the flag of a subdivision; 0 if the sequence is not valid.
fn flag_tags_length(text: &str) -> usize {
    // Unicode Technical Standard 35, `unicode_subdivision_id`: a region (`gb`) and a suffix of up to four characters (`sct`).
    const MAX_TAGS: usize = 6;
    let is_tag = |c: &char| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let tags = text.chars().take_while(is_tag).count();
    // All tag characters have four bytes in UTF-8.
    let length = tags * CANCEL_TAG.len_utf8();
    let is_valid = (1..=MAX_TAGS).contains(&tags) && text[length..].starts_with(CANCEL_TAG);
    if is_valid { length + CANCEL_TAG.len_utf8() } else { 0 }
}

/// The name of an invisible character (Unicode Character Database), and whether it is part of correct text in some language or
/// in emoji. `None` for all other characters.
fn unicode_name(c: char) -> Option<(&'static str, bool)> {
    Some(match c {
        '\u{ad}' => ("soft hyphen", true),
        '\u{61c}' => ("Arabic letter mark", true),
        '\u{115f}' => ("Hangul choseong filler", false),
        '\u{1160}' => ("Hangul jungseong filler", false),
        '\u{200b}' => ("zero width space", false),
        '\u{200c}' => ("zero width non-joiner", true),
        '\u{200d}' => ("zero width joiner", true),
        '\u{200e}' => ("left-to-right mark", true),
        '\u{200f}' => ("right-to-left mark", true),
        '\u{202a}' => ("left-to-right embedding", false),
        '\u{202b}' => ("right-to-left embedding", false),
        '\u{202c}' => ("pop directional formatting character", false),
        '\u{202d}' => ("left-to-right override", false),
        '\u{202e}' => ("right-to-left override", false),
        '\u{2060}' => ("word joiner", false),
        '\u{2061}'..='\u{2064}' => ("invisible operator", false),
        '\u{2066}' => ("left-to-right isolate", false),
        '\u{2067}' => ("right-to-left isolate", false),
        '\u{2068}' => ("first strong isolate", false),
        '\u{2069}' => ("pop directional isolate", false),
        '\u{3164}' => ("Hangul filler", false),
        '\u{feff}' => ("byte order mark", false),
        '\u{ffa0}' => ("halfwidth Hangul filler", false),
        '\u{e0000}'..='\u{e007f}' => ("tag character", false),
        _ => return None,
    })
}

/// "a zero width space (U+200B), which is invisible".
fn describe_hidden_char(c: char) -> String {
    let name = unicode_name(c).map_or("character", |(name, _)| name);
    format!("{} {name} (U+{:04X}), {}", indefinite_article(name), u32::from(c), describe_effect(c))
}

/// The effect of the character, as the end of a message.
fn describe_effect(c: char) -> &'static str {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "which changes the order in which text is displayed",
        _ => "which is invisible",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_found_unless_the_text_needs_them() {
        for text in ["a\u{200b}b", "a\u{202e}b", "\u{feff}a", "a\u{3164}", "\u{e0041}", "x\u{200b}\u{200b}y"] {
            assert_eq!(find_runs(text, false).len(), 1, "{text:?}");
        }
        for text in [
            "שלום عليكم",
            "می\u{200c}خواهم",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "Donau\u{ad}dampf",
            "\u{200e}(a)\u{200f}",
            "한글",
            "ទាក់ទង\u{200b}មក",
            "Acme \u{2067}שלום\u{2069}",
        ] {
            assert_eq!(find_runs(text, false).len(), 0, "{text:?}");
        }
        assert_eq!(find_runs("🏴\u{e0067}\u{e0062}", false).len(), 1);
        assert_eq!(find_runs("a\u{ad}b\u{200d}", true).len(), 2);
        assert_eq!(find_runs("\u{2066}a\u{2069}", true).len(), 1);
        assert_eq!(find_runs("\u{202d}a \u{202b}b\u{202c}\u{202c}", false).len(), 2);
        assert_eq!(find_runs("\u{2066}a", false).len(), 1);
        assert_eq!(find_runs("a\u{200b}ទ", false).len(), 1);
    }
}
