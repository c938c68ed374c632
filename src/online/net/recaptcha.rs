//! Whether Google knows a secret key: asked only with `--online=captcha`, for it means sending the secret there.

use serde_json::Value;

use super::http::{Http, Request, encoded};
use crate::online::Unanswered;
use crate::online::net::redact::Redactor;

/// The verifier (<https://developers.google.com/recaptcha/docs/verify>). Nobody can name another.
const VERIFIER: &str = "https://www.google.com/recaptcha/api/siteverify";

/// No answer of a customer: what is wrong with it is the second thing that a verifier looks at.
const RESPONSE: &str = "portal-lint";

/// Whether the verifier knows it. That only the response is bad says so; documented is what the codes mean, and this follows.
pub fn knows(http: &Http, secret: &str) -> Result<bool, Unanswered> {
    let form = format!("secret={}&response={RESPONSE}", encoded(secret));
    let request = Request { url: VERIFIER, header: None, form: Some(&form), cover: &Redactor::of([secret]) };
    let reply = http.ask(&request, |_| false).map_err(|untold| untold.of("the reCAPTCHA verifier"))?;
    verdict(&reply.body).map_err(|said| {
        Unanswered(format!("the reCAPTCHA verifier said neither yes nor no ({said}, HTTP {})", reply.status))
    })
}

/// Whether the secret is known, or what is said instead; of words that are not documented none is repeated.
fn verdict(body: &[u8]) -> Result<bool, &'static str> {
    const OTHER_CODES: [&str; 3] = ["bad-request", "timeout-or-duplicate", "missing-input-response"];
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let codes = body.get("error-codes").and_then(Value::as_array);
    let says = |code: &str| codes.is_some_and(|codes| codes.iter().any(|one| one == code));
    if says("invalid-input-secret") || says("missing-input-secret") {
        Ok(false)
    } else if body.get("success") == Some(&Value::Bool(true)) || says("invalid-input-response") {
        Ok(true)
    } else {
        Err(OTHER_CODES.into_iter().find(|code| says(code)).unwrap_or("no code that is documented"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_say_whether_the_secret_is_known() {
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
            assert_eq!(verdict(body.as_bytes()), known, "{body}");
        }
    }
}
