//! Classifies error responses: the object does not exist, the page does not exist, or another error.
//!
//! RevCent does not document its error texts. An error counts as "does not exist" only if its text consists entirely of words for
//! that. In doubt, it counts as another error, because "does not exist" becomes a finding.

use crate::online::Unanswered;
use crate::online::net::api::ApiOperation;
use crate::online::net::secret_finder::SecretFinder;
use crate::online::snapshot_text::Object;

/// HTTP statuses of answers to the request. All others concern the client, the service, or the network.
const CONCLUSIVE_STATUSES: [u16; 6] = [200, 400, 404, 410, 416, 422];

/// Phrases for "does not exist".
const DENIALS: [&str; 9] = [
    " not found ",
    " notfound ",
    " not be found ",
    " does not exist ",
    " doesn t exist ",
    " do not exist ",
    " not exist ",
    " no longer exists ",
    " no such ",
];

/// Phrases for where the object does not exist. They do not name another object.
const LOCATIONS: [&str; 6] = [
    " in your account ",
    " in this account ",
    " in the account ",
    " on your account ",
    " on this account ",
    " on the account ",
];

/// The words of a "does not exist" text about an object, apart from the object's name.
const DENIAL_WORDS: &str = "a an the this that with given requested id record resource was is could be there not found notfound \
    does doesn t do exist exists no such longer error";

/// The words of a "does not exist" text about a page.
const PAGING_WORDS: &str = "page pages number index requested this that the a an there is are was not found notfound does doesn t \
    do exist no such more further results out of range bounds beyond past exceeds last first end list must be at least \
    greater than or equal to start starts begin begins with from positive integer invalid parameter value minimum maximum \
    between and too large high low small zero one error";

/// The [`PAGING_WORDS`] that say that the number is wrong.
const BAD_NUMBER_WORDS: &str = "not notfound no out beyond past exceeds must least greater start starts begin begins positive invalid \
    minimum maximum between too";

/// A response with `code` 0.
#[derive(Debug)]
pub(super) struct ErrorResponse {
    status: u16,
    /// The whole message and error code.
    text: String,
    /// The error to report, which quotes the response.
    pub error: Unanswered,
}

impl ErrorResponse {
    /// Reads the message and the code.
    pub(super) fn from_body(body: &Object, status: u16, secrets: &SecretFinder) -> Self {
        let message = text_of(body, "message").or_else(|| text_of(body, "result"));
        let code = text_of(body, "error_code");
        let quote = |text: Option<&str>| text.and_then(|text| secrets.quote(text));
        let description = match (quote(message), quote(code)) {
            (Some(message), Some(code)) => format!("\"{message}\" ({code})"),
            (Some(text), None) | (None, Some(text)) => format!("\"{text}\""),
            (None, None) if message.or(code).is_some() => "an error with an unusual message, which is not shown".into(),
            (None, None) => "an error without a message".into(),
        };
        let mut text = message.unwrap_or_default().to_owned();
        // A numeric code has no known meaning.
        if let Some(code) = code.filter(|code| code.contains(char::is_alphabetic)) {
            text = format!("{text} {code}");
        }
        Self { status, text, error: Unanswered(format!("RevCent's API returned {description}, HTTP {status}")) }
    }

    /// Whether it means that the requested object does not exist, and names its ID or kind. "Not found" alone does not count,
    /// because it may be about the path.
    pub(super) fn is_not_found(&self, operation: ApiOperation, id: &str) -> bool {
        let text = self.text.replace(id, " ");
        let mut is_named = !id.is_empty() && text != self.text;
        let mut words = normalize_words(&text);
        for name in object_names(operation) {
            is_named |= words.contains(name);
            words = words.replace(name, " ");
        }
        for location in LOCATIONS {
            words = words.replace(location, " ");
        }
        let is_path = text.contains('/');
        CONCLUSIVE_STATUSES.contains(&self.status)
            && is_named
            && !is_path
            && is_denial(&words)
            && has_only(&words, DENIAL_WORDS)
    }

    /// Whether it means that a list has no page with this number. "Not found" alone, with a suitable status, counts as well: the
    /// path is right if the previous request succeeded.
    pub(super) fn is_past_last_page(&self) -> bool {
        let words = normalize_words(&self.text.replace(|character: char| character.is_ascii_digit(), " "));
        let is_about_pages = has_any(&words, "page pages results")
            && has_any(&words, BAD_NUMBER_WORDS)
            && has_only(&words, PAGING_WORDS);
        let is_bare = matches!(self.status, 404 | 410 | 416) && has_only(&words, "not found notfound error");
        CONCLUSIVE_STATUSES.contains(&self.status) && (is_about_pages || is_bare)
    }
}

/// The text of a field. `None` if it is blank.
fn text_of<'b>(body: &'b Object, key: &str) -> Option<&'b str> {
    body.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The names of an operation's object in error texts.
fn object_names(operation: ApiOperation) -> &'static [&'static str] {
    match operation {
        ApiOperation::TrackingDomain => &[" tracking domain "],
        ApiOperation::Shop => &[" user shop ", " third party shop ", " shop "],
        ApiOperation::Portal => &[" customer portal ", " portal "],
        ApiOperation::TrackingDomains | ApiOperation::Campaigns | ApiOperation::Shops | ApiOperation::Portals => &[],
    }
}

fn is_denial(words: &str) -> bool {
    DENIALS.iter().any(|denial| words.contains(denial))
}

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

fn has_any(words: &str, list: &str) -> bool {
    words.split_whitespace().any(|word| is_one_of(word, list))
}

fn has_only(words: &str, list: &str) -> bool {
    words.split_whitespace().all(|word| is_one_of(word, list))
}

/// The words in lower case, each surrounded by spaces. `NotFound` is two words, `ENOTFOUND` is one.
fn normalize_words(text: &str) -> String {
    let mut words = String::from(" ");
    let mut was_lower = false;
    for character in text.chars() {
        let starts_word = character.is_uppercase() && was_lower;
        if (starts_word || !character.is_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        was_lower = character.is_lowercase();
        // The lower case of `İ` is two characters, the second of which is a combining dot.
        words.extend(character.to_lowercase().filter(|lower| lower.is_alphanumeric()));
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::online::net::api::error_response::*;

    const ID: &str = "Kq7ZpW2mVx9LcT4bRn8D";

    fn error_response(status: u16, message: &str, code: &str) -> ErrorResponse {
        let body = json!({ "code": 0, "message": message, "error_code": code });
        ErrorResponse::from_body(body.as_object().unwrap(), status, &SecretFinder::new([]))
    }

    #[test]
    fn a_denial_names_the_object_and_nothing_else() {
        use ApiOperation::{Portal, Shop, TrackingDomain};
        for (operation, status, message, code) in [
            (TrackingDomain, 404, "Kq7ZpW2mVx9LcT4bRn8D does not exist", "not_found"),
            (TrackingDomain, 400, "Tracking domain not found", "10404"),
            (TrackingDomain, 200, "", "TrackingDomainNotFound"),
            (TrackingDomain, 404, "The tracking domain with id Kq7ZpW2mVx9LcT4bRn8D could not be found.", ""),
            (Portal, 200, "Customer portal not found in your account.", ""),
            (Shop, 404, "no such user_shop", ""),
        ] {
            assert!(error_response(status, message, code).is_not_found(operation, ID), "{status} {message} {code}");
        }
        for (status, message, code) in [
            (404, "", ""),
            (404, "Not Found", "not_found"),
            (404, "Resource not found", ""),
            (404, "Your IP address 1.2.3.4 is not whitelisted", ""),
            (404, "IP not in list", ""),
            (404, "blocked", ""),
            (404, "Feature disabled", ""),
            (404, "maintenance, come back later", ""),
            (404, "Resource gone, too many requests", ""),
            (404, "Cannot GET /v2/tracking_domains/Kq7ZpW2mVx9LcT4bRn8D", ""),
            (404, "/tracking_domain/Kq7ZpW2mVx9LcT4bRn8D not found", ""),
            (400, "SMTP profile not found", ""),
            (200, "Campaign not found", ""),
            (200, "Domain not found", ""),
            (200, "the account of this tracking domain does not exist", ""),
            (404, "tracking domain not found", "permission_denied"),
            (400, "getaddrinfo ENOTFOUND db.internal", ""),
            (200, "table tracking_domains does not exist", ""),
            (401, "Account not found", ""),
            (404, "users not found", ""),
            (404, "ApiKeyNotFound", ""),
            (400, "notfounded", ""),
        ] {
            assert!(
                !error_response(status, message, code).is_not_found(TrackingDomain, ID),
                "{status} {message} {code}"
            );
        }
        assert!(!error_response(200, "the customer of this portal does not exist", "").is_not_found(Portal, ID));
        for status in [401, 403, 407, 408, 425, 429, 500, 502, 503, 504, 599] {
            let error_response = |message| error_response(status, message, "");
            assert!(!error_response("tracking domain not found").is_not_found(TrackingDomain, ID), "{status}");
            assert!(!error_response("no such page").is_past_last_page(), "{status}");
        }
    }

    #[test]
    fn a_past_last_page_error_is_about_the_number() {
        for (status, message, code) in [
            (400, "`page` starts with 1", "invalid_parameter"),
            (400, "page out of range", ""),
            (404, "Page not found", ""),
            (200, "page must be at least 1", ""),
            (200, "There are no more results.", ""),
            (404, "", ""),
            (404, "Not Found", "not_found"),
        ] {
            assert!(error_response(status, message, code).is_past_last_page(), "{status} {message}");
        }
        for (status, message, code) in [
            (200, "Could not load results", ""),
            (200, "Internal error while loading the last page", ""),
            (200, "page error", ""),
            (200, "Not Found", ""),
            (200, "", ""),
            (404, "Your IP address is not in this range", ""),
            (400, "rate exceeded", ""),
        ] {
            assert!(!error_response(status, message, code).is_past_last_page(), "{status} {message}");
        }
    }
}
