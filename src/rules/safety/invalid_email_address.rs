//! RCP201: reports senders and copy recipients that are not one plain email address.

use crate::base::diagnostic::{Applicability, Finding};
use crate::rules::context::PortalContext;
use crate::rules::email_address::{AddressError, find_address_error};
use crate::rules::shared::field_label::field_label;
use crate::rules::wording::{describe_char, quote};
use crate::syntax::cursor::Cursor;

/// Checks `from`, and the entries of `to_cc` and `to_bcc`. An empty sender is RCP011.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for email in cx.portal.emails() {
        if cx.senders.has_invalid && !email.from.is_blank() {
            check_address(cx, &email.from);
        }
        for list in &email.copies {
            for address in list.items() {
                check_address(cx, &address);
            }
        }
    }
}

fn check_address<'a>(cx: &mut PortalContext<'a>, field: &Cursor<'a>) {
    let Some(text) = field.literal_text() else { return };
    let Some(error) = find_address_error(text) else { return };
    let location = match &error {
        AddressError::SurroundingSpace(range)
        | AddressError::Mailto(range)
        | AddressError::NoTopLevelDomain(range)
        | AddressError::InvalidDomain(range)
        | AddressError::InnerSpace(range) => cx.locate_part(field, range.clone()),
        _ => field.location(),
    };
    let message = format!("{} {}", field_label(field), describe(&error, text));
    let edits = match error {
        AddressError::SurroundingSpace(_) => cx.editor().set_text(field, text.trim()),
        _ => None,
    };
    let finding = Finding::new(location, message, help(&error, text, field.is_item())).with_invalid_value();
    cx.report(finding.with_fix(Applicability::Unsafe, "remove the white space", edits));
}

/// The end of a message that starts with the name of the field.
fn describe(error: &AddressError, text: &str) -> String {
    match error {
        AddressError::SurroundingSpace(_) => "has white space around it".into(),
        AddressError::DisplayName => "is not the address alone: a name or brackets stand beside it".into(),
        AddressError::Several => "is more than one address".into(),
        AddressError::Mailto(_) => "starts with `mailto:`, which belongs in links only".into(),
        AddressError::NoAt if text.trim().is_empty() => "is empty".into(),
        AddressError::NoAt => "is not an email address: it has no `@`".into(),
        AddressError::NoLocalPart => "is not an email address: nothing stands before the `@`".into(),
        AddressError::NoDomain => "is not an email address: no domain stands behind the `@`".into(),
        AddressError::NoTopLevelDomain(range) => {
            format!("has the domain {}, which has no ending", quote(&text[range.clone()]))
        }
        AddressError::InnerSpace(range) => {
            let space = text[range.clone()].chars().next().map_or_else(|| "a space".into(), describe_char);
            format!("is not an email address: it has {space} in it")
        }
        AddressError::TwoAts => "is not an email address: it has two `@`".into(),
        AddressError::InvalidDomain(range) => {
            format!("has the domain {}, which cannot be one", quote(&text[range.clone()]))
        }
        AddressError::Other => "is not an email address".into(),
    }
}

fn help(error: &AddressError, text: &str, is_copy: bool) -> &'static str {
    match error {
        AddressError::SurroundingSpace(_) => "remove the white space",
        AddressError::DisplayName if is_copy => "write the address alone, without name and angle brackets",
        AddressError::DisplayName => "write the address alone, and the name as `from_name`",
        AddressError::Several if is_copy => "give each address an entry of its own in the list",
        AddressError::Several => "write only the address the SMTP profile uses",
        AddressError::Mailto(_) => "write the address without `mailto:`",
        AddressError::NoAt if text.trim().is_empty() => "write an address, or remove the entry",
        AddressError::InvalidDomain(_) => "write the domain with letters, digits, hyphens and single dots only",
        _ if is_copy => "write the whole address, as in `archive@your-shop.com`",
        _ => "write the whole address, as in `support@your-shop.com`",
    }
}
