//! RCP305: the verifier of reCAPTCHA knows the secret key.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;

/// Nobody is asked unless that was asked for: it means sending the secret.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.answers.secrets.is_empty() {
        return;
    }
    let slot = cx.portal.recaptcha.secret_key;
    match slot.literal_text().and_then(|secret| cx.answers.secrets.get(secret)) {
        Some(Ok(false)) => {
            let message = "reCAPTCHA's verifier does not know the secret key";
            let help = "copy the secret key of the same pair from the reCAPTCHA admin console";
            cx.report(Finding::new(slot.location(), message, help));
        }
        Some(Err(why)) => cx.mark_unanswered("whether the reCAPTCHA secret key is known", why),
        Some(Ok(true)) | None => {}
    }
}
