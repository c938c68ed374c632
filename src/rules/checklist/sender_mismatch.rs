//! RCP014: reports emails that are not sent from the address of the SMTP profile.
//!
//! RevCent's API does not return that address. It is known only if a person has added it to the account snapshot. Otherwise the
//! senders of the two emails are compared with each other: a portal has one SMTP profile, so different senders cannot both match.

use crate::base::diagnostic::{Finding, Severity};
use crate::base::sanitize::is_unprintable;
use crate::model::account;
use crate::rules::context::PortalContext;
use crate::rules::email_address::{find_address_error, is_same_organization};
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

const HELP: &str = "set `from` in both emails to the address of the SMTP profile";

const UNVERIFIED: &str = "whether the sender matches the SMTP profile";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails().each_ref().map(|email| email.from);
    if cx.portal.keeps_missing_fields() && !confirm.is_present() && !reset.is_present() {
        if cx.portal.smtp_profile().is_present() {
            cx.mark_unverified(UNVERIFIED);
        }
        return;
    }
    let Some(profile) = ProfileSender::find(cx) else {
        cx.mark_unverified(UNVERIFIED);
        compare_senders(cx, &confirm, &reset);
        return;
    };
    // A YAML alias or merge key makes both emails share one value, which gets one finding.
    let is_shared = confirm.is_present() && confirm.span() == reset.span();
    let is_compared = if is_shared {
        compare_with_profile(cx, "the sender of both emails", &confirm, &profile)
    } else {
        let confirm_subject = "the sender of the confirmation email";
        let is_confirm_compared = compare_with_profile(cx, confirm_subject, &confirm, &profile);
        let reset_subject = "the sender of the password reset email";
        let is_reset_compared = compare_with_profile(cx, reset_subject, &reset, &profile);
        is_confirm_compared && is_reset_compared
    };
    if !is_compared {
        cx.mark_unverified(UNVERIFIED);
    }
}

/// The address of the portal's SMTP profile.
struct ProfileSender<'a> {
    address: SenderAddress<'a>,
    /// The `from` in the account snapshot.
    cursor: Cursor<'a>,
}

impl<'a> ProfileSender<'a> {
    fn find(cx: &PortalContext<'a>) -> Option<Self> {
        let id = cx.literal_id(&cx.portal.smtp_profile())?;
        let profile = cx.account?.find(account::ObjectKind::SmtpProfile, id)?;
        let cursor = profile.cursor.field("from");
        let address = SenderAddress::parse(cursor.text()?)?;
        Some(Self { address, cursor })
    }
}

/// Reports a sender that is not the address of the profile. Returns whether the two could be compared. `subject` starts the
/// message: "the sender of the confirmation email".
fn compare_with_profile(
    cx: &mut PortalContext<'_>,
    subject: &str,
    from: &Cursor<'_>,
    profile: &ProfileSender<'_>,
) -> bool {
    // The portal keeps a sender that the edit leaves out.
    if cx.portal.keeps_missing_fields() && !from.is_present() {
        return true;
    }
    let Some(address) = from.literal_text().and_then(SenderAddress::parse) else { return false };
    if address != profile.address {
        let profile_from = quote(profile.cursor.text().unwrap_or_default().trim());
        let message = if address.differs_only_in_case(&profile.address) {
            format!("{subject} differs in letter case from the SMTP profile's address, {profile_from}")
        } else {
            format!("{subject} does not match the SMTP profile's address, {profile_from}")
        };
        let severity = address.mismatch_severity(&profile.address, Severity::Error);
        let finding = Finding::new(from.location(), message, HELP).with_severity(severity);
        cx.report(finding.with_note_in_account(profile.cursor.span(), "sender of the SMTP profile"));
    }
    true
}

fn compare_senders(cx: &mut PortalContext<'_>, confirm: &Cursor<'_>, reset: &Cursor<'_>) {
    // The texts are nearly always equal, so they need not be parsed.
    if confirm.text() == reset.text() {
        return;
    }
    let Some(confirm_address) = confirm.literal_text().and_then(SenderAddress::parse) else { return };
    let Some(reset_address) = reset.literal_text().and_then(SenderAddress::parse) else { return };
    if confirm_address == reset_address {
        return;
    }
    let message = if confirm_address.differs_only_in_case(&reset_address) {
        "the senders of the two emails differ in letter case, but the portal has only one SMTP profile"
    } else {
        "the two emails have different senders, but the portal has only one SMTP profile"
    };
    let finding = Finding::new(reset.location(), message, HELP)
        .with_label("sender of the password reset email")
        .with_note(confirm.span(), "sender of the confirmation email");
    cx.report(finding.with_severity(confirm_address.mismatch_severity(&reset_address, Severity::Warning)));
}

/// An email address without a display name.
#[derive(PartialEq, Eq)]
struct SenderAddress<'t> {
    local_part: &'t str,
    /// In lower case.
    domain: String,
}

impl<'t> SenderAddress<'t> {
    /// `None` for a text that is not an address or contains an invisible character. Other rules report it, and it does not mean another
    /// sender.
    fn parse(text: &'t str) -> Option<Self> {
        let text = text.trim();
        if find_address_error(text).is_some() || text.contains(is_unprintable) {
            return None;
        }
        let (local_part, domain) = text.rsplit_once('@')?;
        Some(Self { local_part, domain: domain.to_lowercase() })
    }

    fn differs_only_in_case(&self, other: &Self) -> bool {
        self.domain == other.domain && self.local_part.to_lowercase() == other.local_part.to_lowercase()
    }

    /// The severity of a mismatch of two addresses. Mail providers often allow senders at other hosts of the same organizational
    /// domain, so this is only advice.
    fn mismatch_severity(&self, other: &Self, otherwise: Severity) -> Severity {
        if is_same_organization(&self.domain, &other.domain) { Severity::Advice } else { otherwise }
    }
}
