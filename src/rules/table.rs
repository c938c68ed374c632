//! Generated from the front matter of `rules/*.md` by `UPDATE=1 cargo test --test main pages::`. Do not edit.

use super::metadata::{Basis, Needs, Ownership, Query, RuleMeta, Subject};
use crate::base::diagnostic::{Applicability, Code, Severity};
use crate::schema::PortalKind;

pub(super) const RCP001: RuleMeta = RuleMeta {
    code: Code(1), name: "duplicate-name", title: "The name is missing, blank, or used by another portal",
    severities: &[Severity::Error], items: &["V1", "P2"], needs: Some(Needs::Account),
    owns: &[Ownership::Pointer("/name")], priority: 3, queries: &[Query::Portals], basis: Basis::Guide,
    source: Some("`name` is present and unique."), ..RuleMeta::DEFAULT
};
pub(super) const RCP002: RuleMeta = RuleMeta {
    code: Code(2), name: "invalid-tracking-domain", title: "The tracking domain is missing or is not a 20-character ID",
    severities: &[Severity::Error], items: &["V2", "P3"], fixes: &[Applicability::Safe],
    owns: &[Ownership::Pointer("/tracking_domain"), Ownership::Pointer("/tracking_domain/id")], priority: 3,
    basis: Basis::Guide, source: Some("`tracking_domain` is present and 20 characters."), ..RuleMeta::DEFAULT
};
pub(super) const RCP003: RuleMeta = RuleMeta {
    code: Code(3), name: "dns-not-ready", title: "DNS for the tracking domain is not ready",
    severities: &[Severity::Error], items: &["V3", "P4", "M1"], needs: Some(Needs::Account), priority: 3,
    queries: &[Query::TrackingDomains, Query::Hosts], basis: Basis::Guide,
    source: Some("Tracking domain is DNS ready."), ..RuleMeta::DEFAULT
};
pub(super) const RCP004: RuleMeta = RuleMeta {
    code: Code(4), name: "ssl-not-active", title: "The tracking domain has no active SSL certificate",
    severities: &[Severity::Error], items: &["V4", "P5", "M1"], needs: Some(Needs::Account), priority: 3,
    queries: &[Query::TrackingDomains, Query::Hosts], basis: Basis::Guide,
    source: Some("Tracking domain SSL is active."), ..RuleMeta::DEFAULT
};
pub(super) const RCP005: RuleMeta = RuleMeta {
    code: Code(5), name: "invalid-smtp-profile", title: "The SMTP profile is missing or is not a 20-character ID",
    severities: &[Severity::Error], items: &["V5", "P7"], fixes: &[Applicability::Safe],
    owns: &[Ownership::Pointer("/smtp_profile"), Ownership::Pointer("/smtp_profile/id")], priority: 3,
    basis: Basis::Guide, source: Some("`smtp_profile` is present and 20 characters."), ..RuleMeta::DEFAULT
};
pub(super) const RCP006: RuleMeta = RuleMeta {
    code: Code(6), name: "missing-recaptcha", title: "The reCAPTCHA settings are missing or are not an object",
    severities: &[Severity::Error], items: &["V6"], owns: &[Ownership::Pointer("/recaptcha")], priority: 3,
    basis: Basis::Guide, source: Some("reCAPTCHA object is present."), ..RuleMeta::DEFAULT
};
pub(super) const RCP007: RuleMeta = RuleMeta {
    code: Code(7), name: "missing-site-key", title: "The reCAPTCHA site key is missing or blank",
    severities: &[Severity::Error], items: &["V7", "P8"], owns: &[Ownership::Pointer("/recaptcha/site_key")],
    priority: 3, basis: Basis::Guide, source: Some("`recaptcha.site_key` is present."), ..RuleMeta::DEFAULT
};
pub(super) const RCP008: RuleMeta = RuleMeta {
    code: Code(8), name: "missing-secret-key", title: "The reCAPTCHA secret key is missing or blank",
    severities: &[Severity::Error], items: &["V8", "P9"], owns: &[Ownership::Pointer("/recaptcha/secret_key")],
    priority: 3, basis: Basis::Guide, source: Some("`recaptcha.secret_key` is present."), ..RuleMeta::DEFAULT
};
pub(super) const RCP009: RuleMeta = RuleMeta {
    code: Code(9), name: "missing-confirm-email", title: "The account confirmation email is missing",
    severities: &[Severity::Error], items: &["V9", "P10"],
    owns: &[Ownership::Pointer("/customer_emails"), Ownership::Pointer("/customer_emails/customer_account_confirm_email")],
    priority: 3, basis: Basis::Guide, source: Some("`customer_emails.customer_account_confirm_email` is present."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP010: RuleMeta = RuleMeta {
    code: Code(10), name: "missing-reset-email", title: "The password reset email is missing",
    severities: &[Severity::Error], items: &["V10", "P11"],
    owns: &[Ownership::Pointer("/customer_emails/customer_account_password_reset")], priority: 3, basis: Basis::Guide,
    source: Some("`customer_emails.customer_account_password_reset` is present."), ..RuleMeta::DEFAULT
};
pub(super) const RCP011: RuleMeta = RuleMeta {
    code: Code(11), name: "missing-sender", title: "An email has no sender address", severities: &[Severity::Error],
    items: &["V11"], owns: &[Ownership::Pointer("/customer_emails/*/from")], priority: 3, basis: Basis::Guide,
    source: Some("Both email objects include `from`."), ..RuleMeta::DEFAULT
};
pub(super) const RCP012: RuleMeta = RuleMeta {
    code: Code(12), name: "confirm-email-without-code", title: "The confirmation email does not show the code",
    severities: &[Severity::Error, Severity::Warning], items: &["V12", "P12", "M2"],
    fixes: &[Applicability::Safe, Applicability::Unsafe],
    owns: &[Ownership::Pointer("/customer_emails/customer_account_confirm_email/html")], priority: 3,
    basis: Basis::Guide, source: Some("Confirmation email HTML includes `{{email_code}}`."), ..RuleMeta::DEFAULT
};
pub(super) const RCP013: RuleMeta = RuleMeta {
    code: Code(13), name: "reset-email-without-code", title: "The password reset email does not show the code",
    severities: &[Severity::Error, Severity::Warning], items: &["V13", "P12", "M2"],
    fixes: &[Applicability::Safe, Applicability::Unsafe],
    owns: &[Ownership::Pointer("/customer_emails/customer_account_password_reset/html")], priority: 3,
    basis: Basis::Guide, source: Some("Password reset email HTML includes `{{email_code}}`."), ..RuleMeta::DEFAULT
};
pub(super) const RCP014: RuleMeta = RuleMeta {
    code: Code(14), name: "sender-mismatch", title: "The sender of an email is not the sender of the SMTP profile",
    severities: &[Severity::Error, Severity::Warning, Severity::Advice], items: &["V14", "P13", "M7"],
    needs: Some(Needs::Account), priority: 3, basis: Basis::Guide,
    source: Some("Sender email matches or is compatible with SMTP Profile."), ..RuleMeta::DEFAULT
};
pub(super) const RCP015: RuleMeta = RuleMeta {
    code: Code(15), name: "implicit-permissions", title: "The permissions are missing, incomplete, or all enabled",
    severities: &[Severity::Warning, Severity::Advice], items: &["V15", "P15", "M3"], needs: Some(Needs::Account),
    fixes: &[Applicability::Unsafe], priority: 3, basis: Basis::Guide,
    source: Some("Customer permissions are intentionally selected."), ..RuleMeta::DEFAULT
};
pub(super) const RCP016: RuleMeta = RuleMeta {
    code: Code(16), name: "self-cancel", title: "Customers can cancel their subscriptions themselves",
    severities: &[Severity::Warning], items: &["V16", "P16", "M4"], intent: true, priority: 3, basis: Basis::Guide,
    source: Some("`subscription_cancel` is enabled only if direct customer cancellation is desired."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP017: RuleMeta = RuleMeta {
    code: Code(17), name: "salvage-payments", title: "Customers can pay failed renewals and failed trial expirations",
    severities: &[Severity::Advice], items: &["V17", "P17"], intent: true, priority: 3, basis: Basis::Guide,
    source: Some("`salvage_transaction_process` is enabled only if customers should pay failed renewals or failed trial expirations."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP018: RuleMeta = RuleMeta {
    code: Code(18), name: "invalid-filter-ids", title: "A customer filter is not a list of unique 20-character IDs",
    severities: &[Severity::Error], items: &["V18", "P14"], fixes: &[Applicability::Safe],
    owns: &[Ownership::Pointer("/customer_filters/*"), Ownership::Pointer("/customer_filters/*/*"), Ownership::Pointer("/customer_filters/*/*/id")],
    priority: 3, basis: Basis::Guide,
    source: Some("Customer filters are intentionally empty or contain valid 20-character IDs."), ..RuleMeta::DEFAULT
};
pub(super) const RCP019: RuleMeta = RuleMeta {
    code: Code(19), name: "missing-filters",
    title: "Customers may see another brand's portal: filters are missing or overlap", severities: &[Severity::Warning],
    items: &["V18", "V19", "P14"], needs: Some(Needs::Account), intent: true, priority: 3,
    queries: &[Query::ObjectLists], basis: Basis::Guide,
    source: Some("For multi-brand or multi-shop accounts, campaign/shop filters have been considered so customers see the portal for the brand, website, or shop where they purchased/originated."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP020: RuleMeta = RuleMeta {
    code: Code(20), name: "open-registration", title: "Non-customers can register", severities: &[Severity::Warning],
    items: &["V20", "P18", "M6"], intent: true, priority: 3, basis: Basis::Guide,
    source: Some("`create_non_existing_customer` is false unless intentionally needed."), ..RuleMeta::DEFAULT
};
pub(super) const RCP021: RuleMeta = RuleMeta {
    code: Code(21), name: "missing-registration-campaign",
    title: "The registration campaign is missing, invalid, or unused",
    severities: &[Severity::Error, Severity::Warning], items: &["V21", "P19"], fixes: &[Applicability::Safe],
    owns: &[Ownership::Pointer("/create_non_existing_customer_campaign"), Ownership::Pointer("/create_non_existing_customer_campaign/id")],
    priority: 3, basis: Basis::Guide,
    source: Some("If `create_non_existing_customer` is true, `create_non_existing_customer_campaign` is present and 20 characters."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP022: RuleMeta = RuleMeta {
    code: Code(22), name: "enabled-at-start", title: "The portal is enabled from the start, or `enabled` is missing",
    severities: &[Severity::Warning, Severity::Advice], items: &["V22", "P20"],
    kinds: &[PortalKind::Create, PortalKind::Edit], needs: Some(Needs::Account), intent: true, priority: 3,
    queries: &[Query::Portals], basis: Basis::Guide,
    source: Some("Portal starts disabled unless the setup has already been reviewed."), ..RuleMeta::DEFAULT
};
pub(super) const RCP023: RuleMeta = RuleMeta {
    code: Code(23), name: "unsafe-html", title: "Unsafe markup in customer-facing text",
    severities: &[Severity::Error, Severity::Warning], items: &["V23"], priority: 3, basis: Basis::Guide,
    source: Some("Display name and footer HTML are customer-safe."), ..RuleMeta::DEFAULT
};
pub(super) const RCP024: RuleMeta = RuleMeta {
    code: Code(24), name: "unknown-field", title: "The field is not in RevCent's schema",
    severities: &[Severity::Error], items: &["V24"], fixes: &[Applicability::Safe, Applicability::Unsafe],
    owns: &[Ownership::UnknownFields], priority: 3, basis: Basis::Guide,
    source: Some("No unknown fields are included."), ..RuleMeta::DEFAULT
};
pub(super) const RCP100: RuleMeta = RuleMeta {
    code: Code(100), name: "wrong-type", title: "A value has the wrong type",
    severities: &[Severity::Error, Severity::Advice], fixes: &[Applicability::Safe, Applicability::Unsafe],
    owns: &[Ownership::EverythingElse], priority: 3, basis: Basis::Schema,
    source: Some("The types of the request body in the CreateCustomerPortal operation."), ..RuleMeta::DEFAULT
};
pub(super) const RCP101: RuleMeta = RuleMeta {
    code: Code(101), name: "placeholder", title: "A placeholder is used instead of a real value",
    severities: &[Severity::Error, Severity::Warning], items: &["P8", "P9"], priority: 4, basis: Basis::Guide,
    source: Some("Do not invent keys."), ..RuleMeta::DEFAULT
};
pub(super) const RCP102: RuleMeta = RuleMeta {
    code: Code(102), name: "vague-name", title: "The name does not say what the portal is for",
    severities: &[Severity::Warning], basis: Basis::Guide, source: Some("Should clearly identify the portal purpose."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP103: RuleMeta = RuleMeta {
    code: Code(103), name: "near-duplicate-name", title: "Two portals have names that are easily confused",
    severities: &[Severity::Warning], items: &["V1"], kinds: &[PortalKind::Create, PortalKind::Export],
    ..RuleMeta::DEFAULT
};
pub(super) const RCP104: RuleMeta = RuleMeta {
    code: Code(104), name: "missing-description", title: "The portal has no useful description",
    severities: &[Severity::Advice], items: &["P1"], kinds: &[PortalKind::Create], basis: Basis::Guide,
    source: Some("The user knows the portal purpose."), ..RuleMeta::DEFAULT
};
pub(super) const RCP105: RuleMeta = RuleMeta {
    code: Code(105), name: "unusable-recaptcha-keys", title: "The reCAPTCHA keys cannot work or do not stop bots",
    severities: &[Severity::Error, Severity::Warning], items: &["P8", "P9"], priority: 8, basis: Basis::Guide,
    source: Some("Use reCAPTCHA v2 “I’m Not A Robot.”"), ..RuleMeta::DEFAULT
};
pub(super) const RCP106: RuleMeta = RuleMeta {
    code: Code(106), name: "suspicious-id", title: "An ID contains an unexpected character",
    severities: &[Severity::Warning], items: &["V2", "V5", "V18", "V21"], priority: 11, ..RuleMeta::DEFAULT
};
pub(super) const RCP107: RuleMeta = RuleMeta {
    code: Code(107), name: "id-mix-up", title: "The same ID is used for two kinds of objects",
    severities: &[Severity::Error], items: &["V2", "V5", "V18", "V21"], priority: 9, ..RuleMeta::DEFAULT
};
pub(super) const RCP108: RuleMeta = RuleMeta {
    code: Code(108), name: "system-term", title: "Customers can read an internal RevCent term",
    severities: &[Severity::Warning], items: &["M5"], basis: Basis::Guide,
    source: Some("Do not describe this to end customers as “process salvage transaction.” That is a system term."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP109: RuleMeta = RuleMeta {
    code: Code(109), name: "permission-conflict", title: "A permission needs another one that is disabled",
    severities: &[Severity::Warning], ..RuleMeta::DEFAULT
};
pub(super) const RCP110: RuleMeta = RuleMeta {
    code: Code(110), name: "unfinished-email", title: "An email has no subject or no sender name",
    severities: &[Severity::Advice], items: &["P10", "P11"], kinds: &[PortalKind::Create], basis: Basis::Guide,
    source: Some("Customer confirmation email is drafted."), ..RuleMeta::DEFAULT
};
pub(super) const RCP111: RuleMeta = RuleMeta {
    code: Code(111), name: "copied-email", title: "Both emails have the same subject or the same text",
    severities: &[Severity::Warning], items: &["P10", "P11"], ..RuleMeta::DEFAULT
};
pub(super) const RCP112: RuleMeta = RuleMeta {
    code: Code(112), name: "missing-display-name", title: "Customers see the internal name of the portal",
    severities: &[Severity::Advice], kinds: &[PortalKind::Create], basis: Basis::Guide,
    source: Some("If blank, portal name is used."), ..RuleMeta::DEFAULT
};
pub(super) const RCP113: RuleMeta = RuleMeta {
    code: Code(113), name: "self-service-trial", title: "Customers can end their trials themselves",
    severities: &[Severity::Advice], intent: true, basis: Basis::Guide,
    source: Some("Enable only if customers should be able to take this action themselves."), ..RuleMeta::DEFAULT
};
pub(super) const RCP114: RuleMeta = RuleMeta {
    code: Code(114), name: "copied-brand", title: "Two portals with different filters show the same brand",
    severities: &[Severity::Advice], kinds: &[PortalKind::Create, PortalKind::Export], intent: true,
    ..RuleMeta::DEFAULT
};
pub(super) const RCP115: RuleMeta = RuleMeta {
    code: Code(115), name: "locked-out-registrants",
    title: "The campaign filter does not contain the registration campaign", severities: &[Severity::Warning],
    needs: Some(Needs::Account), ..RuleMeta::DEFAULT
};
pub(super) const RCP201: RuleMeta = RuleMeta {
    code: Code(201), name: "invalid-email-address", title: "A sender or recipient is not an email address",
    severities: &[Severity::Error], fixes: &[Applicability::Unsafe], priority: 7, ..RuleMeta::DEFAULT
};
pub(super) const RCP202: RuleMeta = RuleMeta {
    code: Code(202), name: "copied-access-code", title: "Account access codes are sent to other recipients",
    severities: &[Severity::Warning], intent: true, basis: Basis::Guide,
    source: Some("Use carefully. Customer portal confirmation and password reset emails are sensitive account-access emails."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP203: RuleMeta = RuleMeta {
    code: Code(203), name: "free-mail-sender", title: "The sender uses a free mail provider",
    severities: &[Severity::Warning], ..RuleMeta::DEFAULT
};
pub(super) const RCP204: RuleMeta = RuleMeta {
    code: Code(204), name: "secret-in-file", title: "The file contains a secret in plain text",
    severities: &[Severity::Warning], intent: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP205: RuleMeta = RuleMeta {
    code: Code(205), name: "duplicate-key", title: "The same key occurs twice in one object",
    severities: &[Severity::Error], priority: 1, guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP206: RuleMeta = RuleMeta {
    code: Code(206), name: "hidden-characters", title: "A string contains hidden characters",
    severities: &[Severity::Error], fixes: &[Applicability::Unsafe], priority: 5, ..RuleMeta::DEFAULT
};
pub(super) const RCP207: RuleMeta = RuleMeta {
    code: Code(207), name: "insecure-link", title: "A link, image, or style uses `http://`",
    severities: &[Severity::Warning], fixes: &[Applicability::Unsafe], ..RuleMeta::DEFAULT
};
pub(super) const RCP208: RuleMeta = RuleMeta {
    code: Code(208), name: "header-injection", title: "A single-line string contains a line break",
    severities: &[Severity::Error], fixes: &[Applicability::Unsafe], priority: 6, ..RuleMeta::DEFAULT
};
pub(super) const RCP209: RuleMeta = RuleMeta {
    code: Code(209), name: "broken-html", title: "The HTML contains errors that change what readers see",
    severities: &[Severity::Warning], priority: 13, ..RuleMeta::DEFAULT
};
pub(super) const RCP210: RuleMeta = RuleMeta {
    code: Code(210), name: "unknown-shortcode", title: "An email contains an undocumented shortcode",
    severities: &[Severity::Warning], fixes: &[Applicability::Unsafe], priority: 12, ..RuleMeta::DEFAULT
};
pub(super) const RCP211: RuleMeta = RuleMeta {
    code: Code(211), name: "ambiguous-yaml", title: "YAML parsers may read an unquoted value differently",
    severities: &[Severity::Error], fixes: &[Applicability::Safe, Applicability::Unsafe], priority: 2,
    ..RuleMeta::DEFAULT
};
pub(super) const RCP301: RuleMeta = RuleMeta {
    code: Code(301), name: "unknown-tracking-domain", title: "The account has no tracking domain with this ID",
    severities: &[Severity::Error], items: &["P3"], needs: Some(Needs::Account), priority: 10,
    queries: &[Query::TrackingDomains], basis: Basis::Guide, source: Some("A tracking domain exists."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP302: RuleMeta = RuleMeta {
    code: Code(302), name: "unknown-smtp-profile", title: "The account has no SMTP profile with this ID",
    severities: &[Severity::Error], items: &["P6"], needs: Some(Needs::Account), priority: 10,
    queries: &[Query::SmtpProfiles], basis: Basis::Guide, source: Some("An SMTP Profile exists."), ..RuleMeta::DEFAULT
};
pub(super) const RCP303: RuleMeta = RuleMeta {
    code: Code(303), name: "unknown-campaign", title: "The account has no campaign with this ID",
    severities: &[Severity::Error], items: &["V18", "V21", "P14", "P19"], needs: Some(Needs::Account), priority: 10,
    queries: &[Query::Campaigns], ..RuleMeta::DEFAULT
};
pub(super) const RCP304: RuleMeta = RuleMeta {
    code: Code(304), name: "unknown-shop", title: "The account has no shop with this ID",
    severities: &[Severity::Error], items: &["V18", "P14"], needs: Some(Needs::Account), priority: 10,
    queries: &[Query::Shops], ..RuleMeta::DEFAULT
};
pub(super) const RCP305: RuleMeta = RuleMeta {
    code: Code(305), name: "rejected-recaptcha-secret", title: "reCAPTCHA rejects the secret key",
    severities: &[Severity::Error], items: &["P9"], needs: Some(Needs::Network), queries: &[Query::RecaptchaSecrets],
    only_adds: true, basis: Basis::Guide, source: Some("The user must supply valid keys for the correct domain."),
    ..RuleMeta::DEFAULT
};
pub(super) const RCP306: RuleMeta = RuleMeta {
    code: Code(306), name: "expiring-certificate", title: "The SSL certificate for the tracking domain expires soon",
    severities: &[Severity::Warning], items: &["V4"], needs: Some(Needs::Network),
    queries: &[Query::TrackingDomains, Query::Hosts], only_adds: true, basis: Basis::Guide,
    source: Some("Tracking domain SSL is active."), ..RuleMeta::DEFAULT
};
pub(super) const RCP307: RuleMeta = RuleMeta {
    code: Code(307), name: "unprepared-sender-domain", title: "The sender's domain is not set up for email",
    severities: &[Severity::Warning], items: &["V14"], needs: Some(Needs::Network), queries: &[Query::SenderDomains],
    only_adds: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP308: RuleMeta = RuleMeta {
    code: Code(308), name: "stale-snapshot", title: "The account snapshot is outdated", severities: &[Severity::Advice],
    needs: Some(Needs::Account), only_adds: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP309: RuleMeta = RuleMeta {
    code: Code(309), name: "drift", title: "The portal in the account differs from the file",
    severities: &[Severity::Warning, Severity::Advice], kinds: &[PortalKind::Create, PortalKind::Export],
    needs: Some(Needs::Account), queries: &[Query::Portals], only_adds: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP310: RuleMeta = RuleMeta {
    code: Code(310), name: "unknown-portal", title: "The account does not have the portal that the edit changes",
    severities: &[Severity::Error], kinds: &[PortalKind::Edit], needs: Some(Needs::Account), priority: 10,
    queries: &[Query::Portals], ..RuleMeta::DEFAULT
};
pub(super) const RCP900: RuleMeta = RuleMeta {
    code: Code(900), name: "unreadable", title: "The file cannot be read or exceeds a limit",
    severities: &[Severity::Error], priority: 0, subject: Subject::File, configurable: false, blocks_other_rules: true,
    guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP901: RuleMeta = RuleMeta {
    code: Code(901), name: "syntax-error", title: "The file is not valid JSON or YAML", severities: &[Severity::Error],
    priority: 0, subject: Subject::File, configurable: false, blocks_other_rules: true, guards_fixes: true,
    ..RuleMeta::DEFAULT
};
pub(super) const RCP902: RuleMeta = RuleMeta {
    code: Code(902), name: "encoding", title: "The file is not plain UTF-8",
    severities: &[Severity::Error, Severity::Advice], priority: 0, subject: Subject::File, configurable: false,
    blocks_other_rules: true, guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP903: RuleMeta = RuleMeta {
    code: Code(903), name: "not-a-portal", title: "The file is not a portal", severities: &[Severity::Error],
    priority: 0, subject: Subject::Document, configurable: false, blocks_other_rules: true, guards_fixes: true,
    ..RuleMeta::DEFAULT
};
pub(super) const RCP904: RuleMeta = RuleMeta {
    code: Code(904), name: "wrapped-body", title: "The portal is inside another object",
    severities: &[Severity::Advice], priority: 0, subject: Subject::Document, ..RuleMeta::DEFAULT
};
pub(super) const RCP910: RuleMeta = RuleMeta {
    code: Code(910), name: "allow-without-reason", title: "A decision has no reason", severities: &[Severity::Error],
    priority: 0, subject: Subject::File, configurable: false, guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP911: RuleMeta = RuleMeta {
    code: Code(911), name: "expired-allow", title: "A decision has expired", severities: &[Severity::Warning],
    priority: 0, subject: Subject::File, configurable: false, guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP912: RuleMeta = RuleMeta {
    code: Code(912), name: "unused-allow", title: "A decision is unused", severities: &[Severity::Warning], priority: 0,
    subject: Subject::File, guards_fixes: true, marks_unused: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP913: RuleMeta = RuleMeta {
    code: Code(913), name: "unknown-rule", title: "The settings or a comment refer to an unknown rule",
    severities: &[Severity::Error], priority: 0, subject: Subject::File, configurable: false, guards_fixes: true,
    ..RuleMeta::DEFAULT
};
pub(super) const RCP914: RuleMeta = RuleMeta {
    code: Code(914), name: "bad-settings", title: "The settings or the account snapshot are invalid",
    severities: &[Severity::Error, Severity::Advice], owns: &[Ownership::SettingsFiles], priority: 0,
    subject: Subject::File, configurable: false, guards_fixes: true, ..RuleMeta::DEFAULT
};
pub(super) const RCP915: RuleMeta = RuleMeta {
    code: Code(915), name: "broken-binding", title: "A `[[portal]]` entry in the settings cannot be used",
    severities: &[Severity::Error, Severity::Warning], kinds: &[PortalKind::Create], needs: Some(Needs::Account),
    priority: 0, queries: &[Query::Portals], subject: Subject::File, ..RuleMeta::DEFAULT
};
