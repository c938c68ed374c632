//! RCP014: the sender is the one of the SMTP profile.
//!
//! The profile's sender is known to the account alone. What the file tells is that two different senders cannot both be
//! the one of the portal's single profile.

use crate::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// Compares the two senders; the comparison with the profile is left open.
pub fn portal(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails().map(|email| email.slot.at("from"));
    if cx.kind() != Kind::Edit || confirm.is_there() || reset.is_there() {
        cx.leave_open("whether the sender matches the SMTP profile");
    }
    if confirm.text() == reset.text() {
        return;
    }
    let (Some(first), Some(second)) = (confirm.known_text().and_then(address), reset.known_text().and_then(address))
    else {
        return;
    };
    if first == second {
        return;
    }
    let message = "the two emails have different senders, and the portal has one SMTP profile";
    let help = "use the address of the SMTP profile as `from` in both emails";
    let finding = Finding::new(reset.place(), message, help)
        .label("sender of the password reset email")
        .note(confirm.span(), "sender of the confirmation email");
    let compatible = organization(&first.1).is_some_and(|own| organization(&second.1) == Some(own));
    cx.report(finding.severity(if compatible { Severity::Advice } else { Severity::Warning }));
}

/// Local part and domain, the domain in lower case; `None` for what is no plain address.
fn address(text: &str) -> Option<(&str, String)> {
    let (local, domain) = text.trim().split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;".contains(c));
    (plain(local) && plain(domain)).then(|| (local, domain.to_lowercase()))
}

/// The organizational domain by the public suffix list (RFC 7489, section 3.2).
fn organization(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}
