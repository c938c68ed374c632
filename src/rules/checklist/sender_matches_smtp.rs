//! RCP014: the sender is the one of the SMTP profile.
//!
//! The profile's sender is known to the account alone, and only where a person wrote it into the snapshot. What the file
//! tells is that two different senders cannot both be the one of the portal's single profile.

use crate::base::diagnostic::{Finding, Severity};
use crate::model::account;
use crate::model::portal::EmailKind;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

const HELP: &str = "use the address of the SMTP profile as `from` in both emails";

/// Compares each sender with the profile's; where that is not known, the two with one another.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails().each_ref().map(|email| email.from);
    if cx.kind() == Kind::Edit && !confirm.is_present() && !reset.is_present() {
        return;
    }
    let profile = cx.account.zip(cx.literal_id(&cx.portal.smtp_profile()));
    let profile = profile.and_then(|(account, id)| account.find(account::ObjectKind::SmtpProfile, id));
    let sender = profile.map(|profile| profile.cursor.field("from"));
    if let Some((sender, of_profile)) = sender.and_then(|slot| Some((slot, address(slot.text()?)?))) {
        // In YAML both may be written at one place.
        let is_one = confirm.is_present() && confirm.span() == reset.span();
        let is_not = |which: EmailKind| format!("{} is not", which.words());
        let senders = if is_one {
            vec![("neither email is".to_owned(), confirm)]
        } else {
            vec![(is_not(EmailKind::Confirm), confirm), (is_not(EmailKind::Reset), reset)]
        };
        let compared: Vec<bool> =
            senders.iter().map(|(words, from)| with_the_profile(cx, words, from, &sender, &of_profile)).collect();
        if compared.contains(&false) {
            cx.mark_unverified(OPEN);
        }
    } else {
        cx.mark_unverified(OPEN);
        with_one_another(cx, &confirm, &reset);
    }
}

const OPEN: &&str = &"whether the sender matches the SMTP profile";

/// Whether the two could be compared.
fn with_the_profile(
    cx: &mut PortalContext<'_>,
    words: &str,
    from: &Cursor<'_>,
    sender: &Cursor<'_>,
    of_profile: &Address<'_>,
) -> bool {
    if cx.kind() == Kind::Edit && !from.is_present() {
        return true;
    }
    let Some(own) = from.literal_text().and_then(address) else { return false };
    if own != *of_profile {
        let written = sender.text().unwrap_or_default().trim();
        let message = format!("{words} sent from the address of the SMTP profile, {}", quote(written));
        let finding = Finding::new(from.location(), message, HELP)
            .with_note_in_account(sender.span(), "the profile sends from this");
        let is_compatible = is_one_organization(&own, of_profile);
        cx.report(finding.with_severity(if is_compatible { Severity::Advice } else { Severity::Error }));
    }
    true
}

fn with_one_another(cx: &mut PortalContext<'_>, confirm: &Cursor<'_>, reset: &Cursor<'_>) {
    if confirm.text() == reset.text() {
        return;
    }
    let (Some(first), Some(second)) =
        (confirm.literal_text().and_then(address), reset.literal_text().and_then(address))
    else {
        return;
    };
    if first == second {
        return;
    }
    let message = "the two emails have different senders, and the portal has one SMTP profile";
    let finding = Finding::new(reset.location(), message, HELP)
        .with_label("sender of the password reset email")
        .with_note(confirm.span(), "sender of the confirmation email");
    let is_compatible = is_one_organization(&first, &second);
    cx.report(finding.with_severity(if is_compatible { Severity::Advice } else { Severity::Warning }));
}

type Address<'a> = (&'a str, String);

/// Local part and domain, the domain in lower case; `None` for what is no plain address.
fn address(text: &str) -> Option<Address<'_>> {
    let (local, domain) = text.trim().split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;".contains(c));
    (plain(local) && plain(domain)).then(|| (local, domain.to_lowercase()))
}

/// Whether two addresses have the same organizational domain, by the public suffix list (RFC 7489, section 3.2).
fn is_one_organization((_, first): &Address<'_>, (_, second): &Address<'_>) -> bool {
    psl::domain_str(first).is_some_and(|own| psl::domain_str(second) == Some(own))
}
