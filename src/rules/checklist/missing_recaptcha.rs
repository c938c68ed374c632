//! RCP006: reports a portal without reCAPTCHA settings.

use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(
        cx,
        "`recaptcha` is missing",
        "set `recaptcha` to an object with the `site_key` and `secret_key` of a reCAPTCHA v2 \"I'm not a robot\" key pair for the \
         portal's domain",
    );
}
