//! RCP201: reports senders and copy recipients that are not one plain email address.

use crate::base::diagnostic::{Applicability, Finding};
use crate::rules::context::PortalContext;
use crate::rules::email_address::{AddressError, find_address_error};
use crate::rules::shared::field_label::field_label;
use crate::rules::wording::{describe_char, name_look_alike, quote};
use crate::syntax::cursor::Cursor;

/// Checks `from`, and the entries of `to_cc` and `to_bcc`. RCP011 reports an empty sender.
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
    // Only a character in this part can be the cause of the error.
    let part_with_error = match &error {
        AddressError::NoTopLevelDomain(range) | AddressError::InvalidDomain(range) => &text[range.clone()],
        AddressError::NoAt | AddressError::Other => text,
        _ => "",
    };
    let look_alike = name_look_alike(part_with_error);
    let message = if look_alike.is_empty() {
        format!("{} {}", field_label(field), describe_address_error(&error, text))
    } else {
        format!("{} is not an email address{look_alike}", field_label(field))
    };
    let help = if look_alike.is_empty() {
        address_error_help(&error, text, field.is_item())
    } else {
        "remove this character, or replace it with the one that it looks like"
    };
    let edits = match error {
        AddressError::SurroundingSpace(_) => cx.editor().set_text(field, text.trim()),
        _ => None,
    };
    let finding = Finding::new(location, message, help).with_invalid_value();
    cx.report(finding.with_fix(Applicability::Unsafe, "remove the whitespace", edits));
}

/// The end of a message that starts with the name of the field.
fn describe_address_error(error: &AddressError, text: &str) -> String {
    match error {
        AddressError::SurroundingSpace(range) => {
            format!("has leading or trailing whitespace{}", name_look_alike(&text[range.clone()]))
        }
        AddressError::DisplayName => "is not a plain address: it contains a name or angle brackets".into(),
        AddressError::Several => "contains more than one address".into(),
        AddressError::Mailto(_) => "starts with `mailto:`, which belongs only in links".into(),
        AddressError::NoAt if text.trim().is_empty() => "is empty".into(),
        AddressError::NoAt => "is not an email address: it has no `@`".into(),
        AddressError::NoLocalPart => "is not an email address: nothing comes before the `@`".into(),
        AddressError::NoDomain => "is not an email address: no domain follows the `@`".into(),
        AddressError::NoTopLevelDomain(range) => {
            format!("has the domain {}, which has no top-level domain", quote(&text[range.clone()]))
        }
        AddressError::InnerSpace(range) => {
            let space = text[range.clone()].chars().next().map_or_else(|| "a space".into(), describe_char);
            format!("is not an email address: it contains {space}")
        }
        AddressError::TwoAts => "is not an email address: it contains more than one `@`".into(),
        AddressError::InvalidDomain(range) => {
            format!("has the domain {}, which is not a valid domain name", quote(&text[range.clone()]))
        }
        AddressError::Other => "is not an email address".into(),
    }
}

fn address_error_help(error: &AddressError, text: &str, is_copy: bool) -> &'static str {
    match error {
        AddressError::SurroundingSpace(_) => "remove the whitespace",
        AddressError::DisplayName if is_copy => "write only the address, without a name or angle brackets",
        AddressError::DisplayName => "write only the address, and put the name in `from_name`",
        AddressError::Several if is_copy => "put each address in its own entry",
        AddressError::Several => "use only the sender address of the SMTP profile",
        AddressError::Mailto(_) => "remove `mailto:`",
        AddressError::NoAt if text.trim().is_empty() => "add an address, or remove the entry",
        AddressError::InvalidDomain(_) => "use only letters, digits, hyphens, and single dots in the domain",
        _ if is_copy => "write the complete address, such as `archive@your-shop.com`",
        _ => "write the complete address, such as `support@your-shop.com`",
    }
}
