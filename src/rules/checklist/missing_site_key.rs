//! RCP007: reports a missing or blank reCAPTCHA site key.

use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;

const HELP: &str =
    "copy the site key of the domain's reCAPTCHA v2 \"I'm not a robot\" key pair from the reCAPTCHA admin console";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(cx, "the reCAPTCHA `site_key` is missing", HELP);
    required_field::report_blank(cx, &cx.portal.recaptcha.site_key, HELP);
    required_field::mark_if_left_out(cx, &cx.portal.field("recaptcha"), &cx.portal.recaptcha.site_key);
}
