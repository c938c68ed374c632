//! Which findings are questions for a person: an agent must not invent IDs, keys and addresses.

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::rules::metadata;

/// The fields that only a person knows, each with the question. `*` stands for any key or index.
const QUESTIONS: [(&str, &str); 15] = [
    ("/customer_portal_id", "Which portal should be changed? Its ID is needed."),
    ("/tracking_domain", "Which tracking domain should the portal use? Its ID is needed."),
    ("/smtp_profile", "Which SMTP profile should send the emails? Its ID is needed."),
    ("/recaptcha", "What are the reCAPTCHA v2 site key and secret key for the domain of the portal?"),
    ("/recaptcha/site_key", "What is the reCAPTCHA v2 site key for the domain of the portal?"),
    ("/recaptcha/secret_key", "What is the reCAPTCHA v2 secret key for the domain of the portal?"),
    ("/create_non_existing_customer_campaign", "Which campaign should new customers be added to? Its ID is needed."),
    ("/customer_filters/campaign/*", "Which campaigns may use the portal? Their IDs are needed."),
    ("/customer_filters/third_party_shop/*", "Which shops may use the portal? Their IDs are needed."),
    // A new email needs a sender.
    ("/customer_emails", MISSING_SENDER),
    ("/customer_emails/customer_account_confirm_email", MISSING_SENDER),
    ("/customer_emails/customer_account_password_reset", MISSING_SENDER),
    ("/customer_emails/*/from", "Which sender address of the SMTP profile should the email use?"),
    ("/customer_emails/*/to_cc/*", "Which address should receive a copy of the email?"),
    ("/customer_emails/*/to_bcc/*", "Which address should receive a blind copy of the email?"),
];

const MISSING_SENDER: &str = "Which sender address of the SMTP profile should the emails use?";

/// The question for a person, if only a person can resolve the finding.
pub(crate) fn question(diagnostic: &Diagnostic) -> Option<&'static str> {
    // A fix needs no new value, and a deliberate choice is no question about one.
    if diagnostic.severity < Severity::Warning || diagnostic.fix.is_some() || metadata(diagnostic.code).intent {
        return None;
    }
    if diagnostic.question.is_some() {
        return diagnostic.question;
    }
    let is_match = |(pattern, _): &&(&str, &str)| matches_pattern(&diagnostic.portal_pointer, pattern);
    QUESTIONS.iter().find(is_match).map(|(_, question)| *question)
}

fn matches_pattern(pointer: &str, pattern: &str) -> bool {
    let (mut steps, mut patterns) = (pointer.split('/'), pattern.split('/'));
    loop {
        match (steps.next(), patterns.next()) {
            (None, None) => return true,
            (Some(step), Some(pattern)) if pattern == "*" || step == pattern => {}
            _ => return false,
        }
    }
}
