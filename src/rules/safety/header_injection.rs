//! RCP208: reports line breaks and NUL characters in texts that should be one line of an email header or a page.
//!
//! RFC 5322, section 2.2: a line break ends a header field. A sender name with a line break in it can add a header, such as
//! `Bcc:`, to every email.

use crate::base::diagnostic::{Applicability, Finding};
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::field_label;
use crate::syntax::cursor::Cursor;

/// Checks the names of the portal, and the subject, sender name and sender of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let mut fields = vec![&portal.name, &portal.display_name];
    for email in portal.emails() {
        fields.extend([&email.subject, &email.from_name, &email.from]);
    }
    for field in fields {
        check_line(cx, field);
    }
}

/// Reports the first run of line breaks or NUL characters of a text. The others are usually part of the same mistake.
fn check_line<'a>(cx: &mut PortalContext<'a>, field: &Cursor<'a>) {
    let Some(text) = field.text() else { return };
    let bytes = text.as_bytes();
    let Some(start) = memchr::memchr3(b'\r', b'\n', 0, bytes) else { return };
    let length = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | 0)).count();
    let end = start + length;
    let is_at_end = end == text.len();
    let label = field_label(field);
    let (message, help) = if bytes[start] == 0 {
        (format!("{label} contains a NUL character"), "remove the character")
    } else if is_at_end {
        (format!("{label} ends with a line break"), "remove the line break at the end")
    } else if field.keys().count() < 2 {
        // The names of the portal are not part of a header.
        (format!("{label} contains a line break"), "write it on one line")
    } else {
        let message = format!("{label} contains a line break, and the text after it could become another header");
        (message, "write it on one line")
    };
    // If the line break separates two words, a space replaces it, so that they do not become one word.
    let separates_words = start > 0 && !is_at_end && !text[..start].ends_with(' ') && !text[end..].starts_with(' ');
    let replacement = if separates_words { " " } else { "" };
    let edits = cx.editor().replace_part(field, start..end, replacement);
    let finding = Finding::new(cx.locate_part(field, start..end), message, help).with_invalid_value();
    cx.report(finding.with_fix(Applicability::Unsafe, help, edits));
}
