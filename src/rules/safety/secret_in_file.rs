//! RCP204: no secret is written out in a file, where it is copied, shared and committed.
//!
//! The secret is in no sentence, not even in part. What only stands in for one (a variable, a placeholder) is none.

use crate::base::diagnostic::{Finding, Location};
use crate::model::secrets::is_secret_name;
use crate::rules::context::PortalContext;
use crate::rules::shared::placeholder_values::placeholder_reason;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Value, pointer};

const HELP: &str = "write `${RECAPTCHA_SECRET_KEY}` here: `portal-lint render` fills it in from the environment";

/// The secret key, and fields that are called like a secret: those are always unknown ones.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.source().is_in_file() {
        return;
    }
    let key = cx.portal.recaptcha.secret_key;
    if is_written_out(&key) {
        let message = "the reCAPTCHA secret key is written out in this file";
        cx.report(Finding::new(key.location(), message, HELP));
    }
    for field in cx.unknown_fields() {
        search(cx, field);
    }
}

/// An unknown field and all it holds.
fn search<'a>(cx: &mut PortalContext<'a>, field: Cursor<'a>) {
    let mut waiting = vec![(field.pointer(), field, false)];
    while let Some((path, slot, is_secret)) = waiting.pop() {
        let is_secret = is_secret || (!slot.is_item() && is_secret_name(slot.key()));
        if is_secret && is_written_out(&slot) {
            let message = match slot.key() {
                "" => "a secret is written out in this file".to_owned(),
                key => format!("{} looks like a secret, and it is written out in this file", quote(key)),
            };
            let help = if path.starts_with("/recaptcha/") {
                HELP
            } else {
                "remove it here, and change it wherever it is in use"
            };
            cx.report(Finding::new(Location { pointer: path, span: slot.span() }, message, help));
            continue;
        }
        let own = slot.entries().iter().zip(slot.children()).map(|(entry, below)| (entry.key.to_string(), below));
        let items = slot.items().enumerate().map(|(index, item)| (index.to_string(), item));
        waiting.extend(own.chain(items).map(|(step, below)| (pointer::join(&path, &step), below, is_secret)));
    }
}

/// A value that is there, known and not made up. A short number counts something.
fn is_written_out(slot: &Cursor<'_>) -> bool {
    const COUNTS: usize = 5;
    match slot.value() {
        Some(Value::String(text)) => {
            let is_template = text.starts_with("${") || text.contains("{{") || text.contains("${");
            !text.trim().is_empty() && !is_template && placeholder_reason(text).is_none()
        }
        Some(Value::Number(number)) => number.len() > COUNTS && slot.key() != "secret_key",
        _ => false,
    }
}
