//! RCP204: reports secrets that are written in a file, where they are copied, shared and committed.
//!
//! No message contains a secret or a part of it. A variable or a placeholder is not a secret.

use crate::base::diagnostic::{Finding, Location};
use crate::base::file::TextKind;
use crate::base::steps::count_steps;
use crate::model::secrets::is_secret_name;
use crate::rules::context::PortalContext;
use crate::rules::shared::placeholder_values::placeholder_reason;
use crate::rules::wording::quote;
use crate::syntax::Value;
use crate::syntax::cursor::{Cursor, ValuePath};

const HELP: &str = "write `${RECAPTCHA_SECRET_KEY}`, which `portal-lint render` fills in from the environment";

/// Checks the reCAPTCHA secret key, and unknown fields with a name such as `api_key`.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.source().kind() != TextKind::File {
        return;
    }
    let secret_key = cx.portal.recaptcha.secret_key;
    if is_secret_value(&secret_key) {
        let message = "this file contains the reCAPTCHA secret key in plain text";
        cx.report(Finding::new(secret_key.location(), message, HELP));
    }
    let mut secrets = find_secrets(cx.unknown_fields());
    secrets.sort_by_key(|secret| secret.value.span());
    cx.report_each(secrets, |_, secret| unknown_field_finding(secret.pointer(), &secret.value));
}

/// The secrets in unknown fields and everything below them. A field below a secret field is secret, too: `{"token": {"value": …}}`.
fn find_secrets(unknown_fields: Vec<Cursor<'_>>) -> Vec<ValuePath<'_>> {
    let mut secrets = Vec::new();
    let mut pending: Vec<_> = unknown_fields.into_iter().map(|field| (ValuePath::new(field), false)).collect();
    while let Some((path, is_below_secret)) = pending.pop() {
        count_steps(1);
        let value = path.value;
        let is_secret = is_below_secret || (!value.is_item() && is_secret_name(value.key()));
        if is_secret && is_secret_value(&value) {
            secrets.push(path);
        } else {
            pending.extend(path.children().map(|child| (child, is_secret)));
        }
    }
    secrets
}

fn unknown_field_finding(path: String, value: &Cursor<'_>) -> Finding {
    let message = match value.key() {
        "" => "this file contains a secret in plain text".to_owned(),
        key => format!("{} looks like a secret, and this file contains it in plain text", quote(key)),
    };
    // Below `recaptcha` the value is most likely a secret key in a field with a wrong name.
    let help = if path.starts_with("/recaptcha/") { HELP } else { "remove it from the file, and rotate the secret" };
    Finding::new(Location { pointer: path, span: value.span() }, message, help)
}

/// Whether a value can be a secret.
fn is_secret_value(value: &Cursor<'_>) -> bool {
    // `"tokens": 12345` is a count.
    const MAX_COUNT_DIGITS: usize = 5;
    if value.is_from_variable() {
        return false;
    }
    match value.value() {
        Some(Value::String(text)) => {
            let has_variable = text.contains("${") || text.contains("{{");
            !text.trim().is_empty() && !has_variable && placeholder_reason(text).is_none()
        }
        // A number in `secret_key` violates the schema, and another rule reports it.
        Some(Value::Number(number)) => number.len() > MAX_COUNT_DIGITS && value.key() != "secret_key",
        _ => false,
    }
}
