//! RCP305: reports a reCAPTCHA secret key that Google's verifier rejects.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // The query sends the secret to Google, so it is made only if an option asks for it.
    if cx.answers.secrets.is_empty() {
        return;
    }
    let secret_key = cx.portal.recaptcha.secret_key;
    let Some(secret) = secret_key.literal_text() else { return };
    match cx.answers.secrets.get(secret) {
        Some(Ok(false)) => {
            let message = "reCAPTCHA rejects the secret key";
            let help = "copy the secret key of the same key pair from the reCAPTCHA admin console";
            cx.report(Finding::new(secret_key.location(), message, help));
        }
        Some(Err(reason)) => cx.mark_unanswered("whether reCAPTCHA accepts the secret key", reason),
        Some(Ok(true)) | None => {}
    }
}
