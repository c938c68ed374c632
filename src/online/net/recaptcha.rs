//! Checks whether Google knows a reCAPTCHA secret key. Runs only with `--online=captcha`, because it sends the secret to
//! Google.

use serde_json::Value;

use crate::online::Unanswered;
use crate::online::net::http::{Http, Request};
use crate::online::net::secret_finder::SecretFinder;
use crate::online::net::text::percent_encode;

/// The verifier's URL (<https://developers.google.com/recaptcha/docs/verify>). It cannot be configured.
const VERIFIER: &str = "https://www.google.com/recaptcha/api/siteverify";

/// An invalid user response. The verifier checks the secret first, so that its error shows whether the secret is valid.
const RESPONSE: &str = "portal-lint";

/// Whether the verifier knows the secret. Google documents the error codes, but not that the error for the user response implies a
/// known secret. That is inferred.
pub(super) fn is_known_secret(http: &Http, secret: &str) -> Result<bool, Unanswered> {
    let form = format!("secret={}&response={RESPONSE}", percent_encode(secret));
    let request = Request { url: VERIFIER, header: None, form: Some(&form), secrets: &SecretFinder::new([secret]) };
    let reply = http.send_request(&request, |_| false);
    let reply = reply.map_err(|unanswered| unanswered.prefixed_with("the reCAPTCHA verifier"))?;
    let status = reply.status;
    parse_response(&reply.body)
        .map_err(|code| Unanswered(format!("the reCAPTCHA verifier gave no clear result ({code}, HTTP {status})")))
}

/// Whether the secret is known, or the reason why the response does not show it. Only documented codes are repeated.
fn parse_response(body: &[u8]) -> Result<bool, &'static str> {
    const OTHER_CODES: [&str; 3] = ["bad-request", "timeout-or-duplicate", "missing-input-response"];
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut codes = Vec::new();
    if let Some(values) = body.get("error-codes").and_then(Value::as_array) {
        codes.extend(values.iter().filter_map(Value::as_str));
    }
    if codes.contains(&"invalid-input-secret") || codes.contains(&"missing-input-secret") {
        return Ok(false);
    }
    if body.get("success") == Some(&Value::Bool(true)) || codes.contains(&"invalid-input-response") {
        return Ok(true);
    }
    let documented = OTHER_CODES.into_iter().find(|code| codes.contains(code));
    Err(documented.unwrap_or("no documented code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_codes_decide_whether_the_secret_is_known() {
        for (body, known) in [
            (r#"{"success": false, "error-codes": ["invalid-input-secret"]}"#, Ok(false)),
            (r#"{"success": false, "error-codes": ["invalid-input-response", "invalid-input-secret"]}"#, Ok(false)),
            (r#"{"success": false, "error-codes": ["invalid-input-response"]}"#, Ok(true)),
            (r#"{"success": true}"#, Ok(true)),
            (r#"{"success": false, "error-codes": ["bad-request"]}"#, Err("bad-request")),
            (r#"{"success": false}"#, Err("no documented code")),
            ("[]", Err("no documented code")),
            ("<html>", Err("no documented code")),
        ] {
            assert_eq!(parse_response(body.as_bytes()), known, "{body}");
        }
    }
}
