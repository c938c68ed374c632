//! RCP105: reports reCAPTCHA keys that cannot be right: equal keys, Google's public test keys, and texts that cannot be keys.
//!
//! Only Google knows whether the keys belong to the portal's domain. The prefix of keys is not checked, because Google does not
//! document it.

use crate::base::diagnostic::{Finding, Severity};
use crate::base::sanitize::is_unprintable;
use crate::model::portal::Recaptcha;
use crate::rules::context::PortalContext;
use crate::rules::wording::{describe_char, name_surrounding_look_alike, pluralize, trim};
use crate::syntax::cursor::Cursor;

/// The number of characters of all known keys. Google does not document it.
const KEY_LENGTH: usize = 40;

/// The keys that Google publishes for automated tests (reCAPTCHA FAQ): with them, every request passes.
const TEST_KEYS: [&str; 2] = ["6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"];

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let Recaptcha { site_key, secret_key } = cx.portal.recaptcha;
    let [site_text, secret_text] = cx.id_summary.recaptcha_keys;
    if site_text.is_none() && secret_text.is_none() {
        return;
    }
    match (is_test_key(site_text), is_test_key(secret_text)) {
        (true, true) => report_test_keys(cx, &site_key, Some(&secret_key)),
        (true, false) => report_test_keys(cx, &site_key, None),
        (false, true) => report_test_keys(cx, &secret_key, None),
        (false, false) => {}
    }
    if site_text.is_some() {
        report_malformed_key(cx, &site_key, "site key");
    }
    if secret_text.is_none() {
        return;
    }
    if site_text == secret_text {
        report_equal_keys(cx, &site_key, &secret_key);
    } else {
        report_malformed_key(cx, &secret_key, "secret key");
    }
}

fn is_test_key(key: Option<&str>) -> bool {
    key.is_some_and(|key| TEST_KEYS.contains(&key))
}

fn report_test_keys(cx: &mut PortalContext<'_>, key: &Cursor<'_>, other_key: Option<&Cursor<'_>>) {
    let message = match other_key {
        Some(_) => "these are Google's public test keys, which let every request pass",
        None => "this is one of Google's public test keys, which let every request pass",
    };
    let help = "use the keys that the reCAPTCHA admin console shows for the portal's domain";
    let mut finding = Finding::new(key.location(), message, help).with_invalid_value();
    if let Some(other_key) = other_key {
        finding = finding.with_note(other_key.span(), "the other test key");
    }
    // Test keys are fine as long as no customer can reach the portal.
    let is_enabled = cx.portal.enabled.bool() == Some(true);
    cx.report(finding.with_severity(if is_enabled { Severity::Error } else { Severity::Warning }));
}

fn report_equal_keys(cx: &mut PortalContext<'_>, site_key: &Cursor<'_>, secret_key: &Cursor<'_>) {
    let message = "the reCAPTCHA secret key is the same as the site key";
    let help = "copy the secret key from the reCAPTCHA admin console";
    let finding = Finding::new(secret_key.location(), message, help).with_invalid_value();
    // A YAML alias resolves to the bytes of the site key, so the finding needs a note where the alias is.
    cx.report(match secret_key.alias_span() {
        Some(alias) => finding.with_note(alias, "used here as the secret key"),
        None => finding.with_note(site_key.span(), "first used here"),
    });
}

/// Reports a text that cannot be a key. `noun` is "site key" or "secret key".
fn report_malformed_key<'a>(cx: &mut PortalContext<'a>, key: &Cursor<'a>, noun: &str) {
    let Some(text) = key.text() else { return };
    let (location, message) = if trim(text).len() != text.len() {
        let look_alike = if key.key() == "secret_key" { String::new() } else { name_surrounding_look_alike(text) };
        (key.location(), format!("the reCAPTCHA {noun} has leading or trailing whitespace{look_alike}"))
    } else if let Some((start, c)) = find_invalid_char(text) {
        let message = match key.key() {
            // Output never contains a character of a secret.
            "secret_key" => {
                format!("the reCAPTCHA {noun} contains a character other than letters, digits, `-`, and `_`")
            }
            _ => format!(
                "the reCAPTCHA {noun} contains {}, but keys normally consist of letters, digits, `-`, and `_`",
                describe_char(c)
            ),
        };
        (cx.locate_part(key, start..start + c.len_utf8()), message)
    } else if text.len() != KEY_LENGTH {
        let length = pluralize(text.len(), "character");
        (
            key.location(),
            format!("the reCAPTCHA {noun} has {length}, but reCAPTCHA keys normally have {KEY_LENGTH} characters"),
        )
    } else {
        return;
    };
    let help = "copy the key from the reCAPTCHA admin console";
    cx.report(Finding::new(location, message, help).with_invalid_value().with_severity(Severity::Warning));
}

/// The first invisible character or, if there is none, the first character that no key contains, with its offset. After `${NAME}`, the
/// invisible character is the mistake, and not the `$`.
fn find_invalid_char(text: &str) -> Option<(usize, char)> {
    let mut invalid = text.char_indices().filter(|(_, c)| !c.is_ascii_alphanumeric() && !matches!(*c, '-' | '_'));
    invalid.clone().find(|(_, c)| is_unprintable(*c)).or_else(|| invalid.next())
}
