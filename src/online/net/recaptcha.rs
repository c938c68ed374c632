//! Checks whether Google knows a reCAPTCHA secret key. Runs only with `--online=captcha`, because it sends the secret to
//! Google.

use serde_json::Value;

use crate::online::Unanswered;
use crate::online::net::http::{Http, Request};
use crate::online::net::redact::Redactor;
use crate::online::net::text::percent_encode;

/// The verifier's URL (<https://developers.google.com/recaptcha/docs/verify>). It cannot be configured.
const VERIFIER: &str = "https://www.google.com/recaptcha/api/siteverify";

/// An invalid user response. The verifier checks the secret first, so that its error shows whether the secret is valid.
const RESPONSE: &str = "portal-lint";

/// Whether the verifier knows the secret. Google documents the meaning of the error codes; that an invalid response implies a
/// known secret is inferred.
pub(super) fn is_known_secret(http: &Http, secret: &str) -> Result<bool, Unanswered> {
    let form = format!("secret={}&response={RESPONSE}", percent_encode(secret));
    let request = Request { url: VERIFIER, header: None, form: Some(&form), redactor: &Redactor::new([secret]) };
    let reply = http
        .send_request(&request, |_| false)
        .map_err(|unanswered| unanswered.prefixed_with("the reCAPTCHA verifier"))?;
    match parse_response(&reply.body) {
        Ok(is_known) => Ok(is_known),
        Err(code) => {
            let status = reply.status;
            Err(Unanswered(format!("the reCAPTCHA verifier said neither yes nor no ({code}, HTTP {status})")))
        }
    }
}

/// Whether the secret is known, or the reason why the response does not show it. Only documented codes are repeated.
fn parse_response(body: &[u8]) -> Result<bool, &'static str> {
    const OTHER_CODES: [&str; 3] = ["bad-request", "timeout-or-duplicate", "missing-input-response"];
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let has_code = |code: &str| has_error_code(&body, code);
    if has_code("invalid-input-secret") || has_code("missing-input-secret") {
        Ok(false)
    } else if body.get("success") == Some(&Value::Bool(true)) || has_code("invalid-input-response") {
        Ok(true)
    } else {
        Err(OTHER_CODES.into_iter().find(|code| has_code(code)).unwrap_or("no code that is documented"))
    }
}

fn has_error_code(body: &Value, code: &str) -> bool {
    let codes = body.get("error-codes").and_then(Value::as_array);
    codes.is_some_and(|codes| codes.iter().any(|other| other == code))
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
            (r#"{"success": false}"#, Err("no code that is documented")),
            ("[]", Err("no code that is documented")),
            ("<html>", Err("no code that is documented")),
        ] {
            assert_eq!(parse_response(body.as_bytes()), known, "{body}");
        }
    }
}
