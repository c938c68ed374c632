//! RCP206: texts hold no characters that nobody sees, and none that turn their order around.
//!
//! Joiners, direction marks and soft hyphens are part of good text in many languages and of emoji: they count only where
//! a text is compared byte by byte (ids, keys, addresses, shortcodes).

use std::ops::Range;

use crate::base::diagnostic::{Applicability, Finding, Location};
use crate::html::shortcodes::shortcodes;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::field_label;
use crate::rules::wording::{article, quote};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Value, pointer};

/// Every text and every key.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let is_suspect = |text: &str| !text.is_ascii() && text.chars().any(|c| name(c).is_some());
    let root = cx.portal.root;
    let document = root.document();
    let holds = |value: &Value<'_>| match value {
        Value::String(text) => is_suspect(text),
        Value::Object(entries) => document.entries(*entries).iter().any(|entry| is_suspect(&entry.key)),
        _ => false,
    };
    if document.is_ascii() || !document.nodes().any(|node| holds(&node.value)) {
        return;
    }
    let mut waiting = vec![(String::new(), root)];
    while let Some((path, slot)) = waiting.pop() {
        if let Some(text) = slot.text().filter(|text| is_suspect(text)) {
            in_text(cx, &slot, &path, text);
        }
        for (entry, below) in slot.entries().iter().zip(slot.children()) {
            let path = pointer::join(&path, &entry.key);
            if let Some((range, _)) = runs(&entry.key, true).into_iter().next() {
                in_key(cx, Location { pointer: path.clone(), span: entry.key_span }, &entry.key, range);
            }
            waiting.push((path, below));
        }
        waiting.extend(slot.items().enumerate().map(|(index, item)| (pointer::join(&path, &index.to_string()), item)));
    }
}

fn in_text<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, path: &str, text: &str) {
    let mut found = runs(text, is_compared(slot));
    if matches!(slot.key(), "html" | "subject") {
        for code in shortcodes(text) {
            let inside = runs(&text[code.range.clone()], true).into_iter();
            found.extend(inside.map(|(range, c)| (code.range.start + range.start..code.range.start + range.end, c)));
        }
        found.sort_by_key(|(range, _)| range.start);
        found.dedup();
    }
    cx.report_each(found, |cx, (range, c)| {
        // Not a character of a secret is told.
        let character = if slot.key() == "secret_key" { "an invisible character".to_owned() } else { named(c) };
        let edits = cx.replace_part(slot, range.clone(), "");
        let place = Location { pointer: path.to_owned(), span: cx.locate_part(slot, range).span };
        let message = format!("{} has {character} in it, {}", field_label(slot), harm(c));
        let finding = Finding::new(place, message, "remove the character").with_invalid_value();
        finding.with_fix(Applicability::Unsafe, "remove the character", edits)
    });
}

fn in_key(cx: &mut PortalContext<'_>, place: Location, key: &str, range: Range<usize>) {
    let c = key[range].chars().next().unwrap_or_default();
    let shown: String = key.chars().map(|c| if name(c).is_some() { '\u{fffd}' } else { c }).collect();
    let message = format!("the key {} has {} in it, {}", quote(&shown), named(c), harm(c));
    cx.report(Finding::new(place, message, "type the key again").with_invalid_value());
}

/// Ids, keys and addresses mean what they are to the byte.
fn is_compared(slot: &Cursor<'_>) -> bool {
    matches!(
        slot.key(),
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

/// Runs of invisible characters of one name, in order; with `strict`, also of those that good text may hold.
fn runs(text: &str, strict: bool) -> Vec<(Range<usize>, char)> {
    let mut found: Vec<(Range<usize>, char)> = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let mut flag_end = 0;
    for (at, c) in text.char_indices() {
        if c == BLACK_FLAG {
            flag_end = at + c.len_utf8() + flag_tags(&text[at + c.len_utf8()..]);
        }
        if at < flag_end || name(c).is_none_or(|(_, in_good_text)| in_good_text && !strict) {
            continue;
        }
        let end = at + c.len_utf8();
        match found.last_mut() {
            Some((range, last)) if range.end == at && name(*last) == name(c) => range.end = end,
            _ => found.push((at..end, c)),
        }
    }
    found
}

/// What the flags of parts of countries start with (Unicode Technical Standard 51, emoji tag sequences).
const BLACK_FLAG: char = '\u{1f3f4}';

/// The bytes of tags that make a flag of the one before; none when they do not end as they must.
fn flag_tags(text: &str) -> usize {
    /// Letters and digits of the longest subdivision.
    const LONGEST: usize = 6;
    let tags = text.chars().take_while(|c| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}')).count();
    let length = tags * '\u{e0061}'.len_utf8();
    let ends = (1..=LONGEST).contains(&tags) && text[length..].starts_with('\u{e007f}');
    if ends { length + '\u{e007f}'.len_utf8() } else { 0 }
}

/// The name of a character that cannot be seen (Unicode Character Database), and whether good text may hold it.
fn name(c: char) -> Option<(&'static str, bool)> {
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
        '\u{202c}' => ("pop directional formatting", false),
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

/// "a zero width space (U+200B)".
fn named(c: char) -> String {
    let name = name(c).map_or("character", |(name, _)| name);
    format!("{} {name} (U+{:04X})", article(name), u32::from(c))
}

fn harm(c: char) -> &'static str {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "which changes the order in which text is shown",
        _ => "which nobody sees",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_and_good_text_is_not() {
        let found = |text: &str| runs(text, false).len();
        for text in ["a\u{200b}b", "a\u{202e}b", "\u{feff}a", "a\u{3164}", "\u{e0041}", "x\u{200b}\u{200b}y"] {
            assert_eq!(found(text), 1, "{text:?}");
        }
        for text in [
            "שלום عليكم",
            "می\u{200c}خواهم",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "Donau\u{ad}dampf",
            "\u{200e}(a)\u{200f}",
            "한글",
        ] {
            assert_eq!(found(text), 0, "{text:?}");
        }
        assert_eq!(found("🏴\u{e0067}\u{e0062}"), 1);
        assert_eq!(runs("a\u{ad}b\u{200d}", true).len(), 2);
    }
}
