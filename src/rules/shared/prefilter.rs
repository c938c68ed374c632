//! A cheap check of the one-line texts of a portal: its names, and the subjects and senders of its emails.
//!
//! Several rules search these texts for characters that hardly any portal has. One pass over all of them tells each rule whether
//! a search can find anything.

use crate::model::portal::Portal;
use crate::syntax::cursor::Cursor;

/// The groups of characters that occur in the texts, one bit for each group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextPrefilter(u8);

/// A line break or NUL, which can end a mail header.
const LINE_BREAK: u8 = 1;
/// The start of a shortcode in some template language, or of an HTML entity.
const BRACKET: u8 = 1 << 1;
/// Part of the name of each permission.
const UNDERSCORE: u8 = 1 << 2;
/// Two letters of the word "salvage". Few texts have both.
const LETTER_V: u8 = 1 << 3;
const LETTER_G: u8 = 1 << 4;

/// The group of each byte, or 0.
const GROUP_OF_BYTE: [u8; 256] = {
    let mut groups = [0; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        groups[byte as usize] = match byte {
            b'\r' | b'\n' | 0 => LINE_BREAK,
            b'{' | b'}' | b'[' | b'%' | b'|' | b'<' | b'&' => BRACKET,
            b'_' => UNDERSCORE,
            b'v' | b'V' => LETTER_V,
            b'g' | b'G' => LETTER_G,
            _ => 0,
        };
        byte += 1;
    }
    groups
};

impl TextPrefilter {
    pub(crate) fn new(portal: &Portal<'_>) -> Self {
        let [confirm, reset] = portal.emails();
        let mut groups = scan_text(&portal.display_name);
        for text in [&confirm.subject, &confirm.from_name, &reset.subject] {
            groups |= scan_text(text);
        }
        // Customers do not see these two. Only the rule about line breaks in headers reads them.
        for text in [&portal.name, &confirm.from] {
            groups |= scan_text(text) & LINE_BREAK;
        }
        // Nearly always both emails have the same sender: compare instead of scanning it twice.
        for (text, scanned) in [(&reset.from_name, &confirm.from_name), (&reset.from, &confirm.from)] {
            if text.text() != scanned.text() {
                groups |= scan_text(text);
            }
        }
        Self(groups)
    }

    /// Whether some text may contain a line break or NUL.
    pub(crate) fn may_contain_line_break(self) -> bool {
        self.0 & LINE_BREAK != 0
    }

    /// Whether some text may contain a shortcode.
    pub(crate) fn may_contain_shortcode(self) -> bool {
        self.0 & BRACKET != 0
    }

    /// Whether some text may contain the name of a permission or "salvage transaction".
    pub(crate) fn may_contain_system_term(self) -> bool {
        self.0 & (UNDERSCORE | LETTER_V) != 0
    }
}

fn scan_text(field: &Cursor<'_>) -> u8 {
    let mut groups = 0;
    for byte in field.text().unwrap_or_default().bytes() {
        groups |= GROUP_OF_BYTE[usize::from(byte)];
    }
    // "salvage" needs both letters in the same text, so one of them alone does not count.
    let both = LETTER_V | LETTER_G;
    if groups & both == both { groups } else { groups & !both }
}
