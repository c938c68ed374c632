//! RCP105: the reCAPTCHA keys can be keys, are two, and are nobody else's.
//!
//! Whether they belong to the domain only Google knows. Beyond their length and characters nothing is documented of
//! keys: a prefix is no rule.

use crate::base::diagnostic::{Finding, Severity};
use crate::model::portal::Recaptcha;
use crate::rules::context::PortalContext;
use crate::rules::wording::{character, count, trim};
use crate::syntax::cursor::Cursor;

/// Characters of a key.
const LENGTH: usize = 40;

/// The pair that Google publishes for automated tests (reCAPTCHA FAQ): with it every captcha passes.
const TEST_KEYS: [&str; 2] = ["6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe"];

const HELP: &str = "copy the key from the reCAPTCHA admin console";

/// Equal keys, the public test keys, what is no key.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let Recaptcha { site_key: site, secret_key: secret } = cx.portal.recaptcha;
    let [site_key, secret_key] = cx.id_summary.recaptcha_keys;
    if site_key.is_none() && secret_key.is_none() {
        return;
    }
    let is_test_key = |key: Option<&str>| key.is_some_and(|key| TEST_KEYS.contains(&key));
    match (is_test_key(site_key), is_test_key(secret_key)) {
        (true, true) => report_test_keys(cx, &site, Some(&secret)),
        (true, false) => report_test_keys(cx, &site, None),
        (false, true) => report_test_keys(cx, &secret, None),
        (false, false) => {}
    }
    if site_key.is_some() {
        report_form(cx, &site, "site key");
    }
    if secret_key.is_none() {
        return;
    }
    if site_key == secret_key {
        let message = "the reCAPTCHA secret key is the same as the site key";
        let help = "copy the secret key, too, from the reCAPTCHA admin console";
        let finding = Finding::new(secret.location(), message, help).with_invalid_value();
        cx.report(match secret.alias_span() {
            Some(used) => finding.with_note(used, "used here as the secret key"),
            None => finding.with_note(site.span(), "first used here"),
        });
    } else {
        report_form(cx, &secret, "secret key");
    }
}

fn report_test_keys(cx: &mut PortalContext<'_>, first: &Cursor<'_>, second: Option<&Cursor<'_>>) {
    let enabled = cx.portal.enabled.bool() == Some(true);
    let message = match second {
        Some(_) => "these are Google's public test keys, which keep no bot out",
        None => "this is one of Google's public test keys, which keep no bot out",
    };
    let help = "use the keys that the reCAPTCHA admin console shows for the portal's domain";
    let mut finding = Finding::new(first.location(), message, help);
    if let Some(second) = second {
        finding = finding.with_note(second.span(), "and here");
    }
    cx.report(finding.with_invalid_value().with_severity(if enabled { Severity::Error } else { Severity::Warning }));
}

/// What cannot be a key.
fn report_form<'a>(cx: &mut PortalContext<'a>, slot: &Cursor<'a>, thing: &str) {
    let Some(text) = slot.text() else { return };
    let is_of_a_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let strange =
        text.bytes().position(|byte| !is_of_a_key(byte)).and_then(|at| Some((at, text[at..].chars().next()?)));
    let (place, message) = if trim(text).len() != text.len() {
        (slot.location(), format!("the reCAPTCHA {thing} has white space around it"))
    } else if let Some((at, c)) = strange {
        let message = match slot.key() {
            // Not a character of a secret is told.
            "secret_key" => format!("the reCAPTCHA {thing} has a character in it that no key has"),
            _ => format!("the reCAPTCHA {thing} has {} in it, which no key has", character(c)),
        };
        (cx.locate_part(slot, at..at + c.len_utf8()), message)
    } else if text.len() != LENGTH {
        let length = count(text.len(), "character");
        (slot.location(), format!("the reCAPTCHA {thing} has {length}, not {LENGTH}"))
    } else {
        return;
    };
    cx.report(Finding::new(place, message, HELP).with_invalid_value().with_severity(Severity::Warning));
}
