//! RCP007: the reCAPTCHA site key is there.

use crate::rules::context::PortalContext;
use crate::rules::shared::text;

const HELP: &str =
    "copy the site key of the domain's reCAPTCHA v2 \"I'm not a robot\" pair from the reCAPTCHA admin console";

/// Missing, no text, blank.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    text::report_violations(cx, "the reCAPTCHA site key is missing: there is no `site_key`", HELP);
    text::report_blank(cx, &cx.portal.recaptcha.site_key, HELP);
}
