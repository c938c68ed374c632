//! What an error says: that there is no such thing, that there is no such page, or something else.
//!
//! Only who speaks of nothing else is believed: each word of the error is one that such an answer is made of. Whoever is in
//! doubt leaves it open: an error of another kind must never count as a "no".

use crate::online::Unanswered;
use crate::online::net::api::Operation;
use crate::online::net::http::plain;
use crate::online::net::redact::Redactor;
use crate::online::snapshot_text::Object;

/// With these a question is answered; all others are about who asks, about the service, or about what is between.
const ANSWERS: [u16; 6] = [200, 400, 404, 410, 416, 422];

/// What denies that something is there.
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

/// What says where, and names no other thing.
const ASIDES: [&str; 6] = [
    " in your account ",
    " in this account ",
    " in the account ",
    " on your account ",
    " on this account ",
    " on the account ",
];

/// What a denial is made of, beside the name of the thing.
const DENYING: &str = "a an the this that with given requested id record resource was is could be there not found notfound \
    does doesn t do exist exists no such longer error";

/// What "there is no such page" is made of.
const TURNING: &str = "page pages number index requested this that the a an there is are was not found notfound does doesn t \
    do exist no such more further results out of range bounds beyond past exceeds last first end list must be at least \
    greater than or equal to start starts begin begins with from positive integer invalid parameter value minimum maximum \
    between and too large high low small zero one error";

/// What of it says that the number is wrong.
const WRONG: &str = "not notfound no out beyond past exceeds must least greater start starts begin begins positive invalid \
    minimum maximum between too";

/// An answer with `code` 0.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    /// Its message and its error code, whole.
    text: String,
    /// It in its own words.
    pub said: Unanswered,
}

impl Refusal {
    /// Reads it. What must not be heard is covered before anything is cut short.
    pub fn of(body: &Object, status: u16, cover: &Redactor) -> Self {
        let text =
            |key: &str| body.get(key)?.as_str().map(|text| cover.text(text)).filter(|text| !text.trim().is_empty());
        let (message, code) = (text("message").or_else(|| text("result")), text("error_code"));
        let said = match (message.as_deref().map(plain), code.as_deref().map(plain)) {
            (Some(message), Some(code)) => format!("\"{message}\" ({code})"),
            (Some(one), None) | (None, Some(one)) => format!("\"{one}\""),
            (None, None) => "no more than that there is an error".into(),
        };
        // A code that is a number says nothing to anybody.
        let code = code.filter(|code| code.contains(char::is_alphabetic));
        Self {
            status,
            text: [message, code].into_iter().flatten().collect::<Vec<_>>().join(" "),
            said: Unanswered(format!("RevCent's API said {said}, HTTP {status}")),
        }
    }

    /// Whether it denies the thing that was asked for: by its id or by what it is. A mere "not found" may as well be about
    /// the path, so it denies nothing.
    pub fn is_not_found(&self, operation: Operation, id: &str) -> bool {
        let text = self.text.replace(id, " ");
        let mut is_named = !id.is_empty() && text != self.text;
        let mut words = words(&text);
        for name in names(operation) {
            is_named |= words.contains(name);
            words = words.replace(name, " ");
        }
        for aside in ASIDES {
            words = words.replace(aside, " ");
        }
        let is_path = text.contains('/');
        ANSWERS.contains(&self.status) && is_named && !is_path && is_denial(&words) && is_made_of(&words, DENYING)
    }

    /// Whether it says that a list has no page of this number. Where the page before was there, a mere "not found" is
    /// about the number.
    pub fn is_beyond(&self) -> bool {
        let words = words(&self.text.replace(|c: char| c.is_ascii_digit(), " "));
        let says = |list: &str| words.split_whitespace().any(|word| is_one_of(word, list));
        let is_about_pages = says("page pages results") && says(WRONG) && is_made_of(&words, TURNING);
        let is_bare = matches!(self.status, 404 | 410 | 416) && is_made_of(&words, "not found notfound error");
        ANSWERS.contains(&self.status) && (is_about_pages || is_bare)
    }
}

/// What that is called which is asked for.
fn names(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::TrackingDomain => &[" tracking domain "],
        Operation::Shop => &[" user shop ", " third party shop ", " shop "],
        Operation::Portal => &[" customer portal ", " portal "],
        Operation::TrackingDomains | Operation::Campaigns | Operation::Shops | Operation::Portals => &[],
    }
}

fn is_denial(words: &str) -> bool {
    DENIALS.iter().any(|denial| words.contains(denial))
}

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

fn is_made_of(words: &str, list: &str) -> bool {
    words.split_whitespace().all(|word| is_one_of(word, list))
}

/// The words in lower case, a space around each; `NotFound` is two, `ENOTFOUND` is one.
fn words(said: &str) -> String {
    let mut words = String::from(" ");
    let mut was_lower = false;
    for c in said.chars() {
        if (c.is_uppercase() && was_lower || !c.is_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        was_lower = c.is_lowercase();
        words.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
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

    fn refusal(status: u16, message: &str, code: &str) -> Refusal {
        let body = json!({ "code": 0, "message": message, "error_code": code });
        Refusal::of(body.as_object().unwrap(), status, &Redactor::default())
    }

    #[test]
    fn only_who_names_the_thing_and_speaks_of_nothing_else_denies_it() {
        use Operation::{Portal, Shop, TrackingDomain};
        for (operation, status, message, code) in [
            (TrackingDomain, 404, "Kq7ZpW2mVx9LcT4bRn8D does not exist", "not_found"),
            (TrackingDomain, 400, "Tracking domain not found", "10404"),
            (TrackingDomain, 200, "", "TrackingDomainNotFound"),
            (TrackingDomain, 404, "The tracking domain with id Kq7ZpW2mVx9LcT4bRn8D could not be found.", ""),
            (Portal, 200, "Customer portal not found in your account.", ""),
            (Shop, 404, "no such user_shop", ""),
        ] {
            assert!(refusal(status, message, code).is_not_found(operation, ID), "{status} {message} {code}");
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
            assert!(!refusal(status, message, code).is_not_found(TrackingDomain, ID), "{status} {message} {code}");
        }
        assert!(!refusal(200, "the customer of this portal does not exist", "").is_not_found(Portal, ID));
        for status in [401, 403, 407, 408, 425, 429, 500, 502, 503, 504, 599] {
            let refusal = |message| refusal(status, message, "");
            assert!(!refusal("tracking domain not found").is_not_found(TrackingDomain, ID), "{status}");
            assert!(!refusal("no such page").is_beyond(), "{status}");
        }
    }

    #[test]
    fn only_who_speaks_of_the_number_says_that_there_is_no_such_page() {
        for (status, message, code) in [
            (400, "`page` starts with 1", "invalid_parameter"),
            (400, "page out of range", ""),
            (404, "Page not found", ""),
            (200, "page must be at least 1", ""),
            (200, "There are no more results.", ""),
            (404, "", ""),
            (404, "Not Found", "not_found"),
        ] {
            assert!(refusal(status, message, code).is_beyond(), "{status} {message}");
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
            assert!(!refusal(status, message, code).is_beyond(), "{status} {message}");
        }
    }
}
