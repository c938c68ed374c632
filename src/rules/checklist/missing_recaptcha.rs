//! RCP006: reports a portal without reCAPTCHA settings.

use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(
        cx,
        "the portal has no `recaptcha`: nothing keeps bots from registering",
        "write `recaptcha` as an object with the `site_key` and `secret_key` of a reCAPTCHA v2 \"I'm not a robot\" pair for the \
         portal's domain",
    );
}
