//! RCP208: texts that become a line of an email or a page are one line.

use crate::base::diagnostic::{Applicability, Finding};
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::field_label;
use crate::syntax::cursor::Cursor;

/// CR, LF and NUL; one finding a text, at the first.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.prefilter.may_contain_line_break() {
        return;
    }
    let portal = cx.portal;
    let of_emails = portal.emails().iter().flat_map(|email| [&email.subject, &email.from_name, &email.from]);
    for slot in [&portal.name, &portal.display_name].into_iter().chain(of_emails) {
        let Some(text) = slot.text() else { continue };
        let breaks = |byte| matches!(byte, b'\r' | b'\n' | 0);
        if let Some(at) = text.bytes().position(breaks) {
            report(cx, slot, text, at);
        }
    }
}

fn report<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, text: &str, at: usize) {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0);
    let end = at + text.as_bytes()[at..].iter().take_while(|byte| is_break(byte)).count();
    let message = match (text.as_bytes()[at], end == text.len()) {
        (0, _) => format!("{} has a NUL character in it", field_label(slot)),
        (_, true) => format!("{} ends with a line break", field_label(slot)),
        // The portal's own names go into no header.
        (_, false) if slot.keys().count() < 2 => format!("{} has a line break in it", field_label(slot)),
        (_, false) => {
            format!("{} has a line break in it, and what follows can pass for another header", field_label(slot))
        }
    };
    let help = match (text.as_bytes()[at], end == text.len()) {
        (0, _) => "remove the character",
        (_, true) => "write it without a line break at its end",
        (_, false) => "write it on one line",
    };
    // Between two words the break was their space.
    let between = if text[..at].ends_with(' ') || at == 0 || end == text.len() || text[end..].starts_with(' ') {
        ""
    } else {
        " "
    };
    let edits = cx.editor().replace_part(slot, at..end, between);
    let finding = Finding::new(cx.locate_part(slot, at..end), message, help).with_invalid_value();
    cx.report(finding.with_fix(Applicability::Unsafe, help, edits));
}
