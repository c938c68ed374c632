//! Whether an error says that there is no such thing. Whoever is in doubt leaves it open: only what surely speaks of the
//! thing that was asked for denies it.

/// With these a question is answered; all others are about who asks, about the service, or about what is between.
const ANSWERS: [u16; 7] = [200, 400, 404, 409, 410, 416, 422];

/// What denies that something is there, in words.
const DENIALS: [&str; 7] =
    [" not found ", " notfound ", " does not exist ", " doesn t exist ", " do not exist ", " no such ", " not exist "];

/// What is none of the other things, though it names one.
const ASIDES: [&str; 10] = [
    " user shop ",
    " user shops ",
    " in your account ",
    " in this account ",
    " in the account ",
    " on your account ",
    " on this account ",
    " for your account ",
    " for this account ",
    " of your account ",
];

/// Other things that may be missing, in the singular.
const OTHER_THINGS: &str = "\
    operation route endpoint path url uri method action handler page version permission permitted access allowed forbidden \
    denied authorized unauthorized authorization unauthenticated authentication authenticated key apikey token session \
    credential login password secret signature role scope account user customer organization organisation tenant client \
    merchant company quota limit rate plan license table column row relation schema database db sql index collection \
    bucket queue topic host hostname server dns getaddrinfo enotfound upstream gateway backend service node process \
    function module class file directory folder driver parameter argument field property attribute header variable \
    certificate internal timeout expired";

/// What speaks of the place in a list.
const PLACES: [&str; 8] = ["page", "pages", "range", "offset", "bounds", "beyond", "last", "results"];

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

/// Whether an error denies the thing that was asked for.
pub fn denies(status: u16, said: &str) -> bool {
    // A customer portal is what may be asked for; a customer is not.
    let mut words = words(said).replace(" customer portal", " portal");
    for aside in ASIDES {
        words = words.replace(aside, " ");
    }
    let is_other = |word: &str| {
        let one = word.strip_suffix('s').unwrap_or(word);
        OTHER_THINGS.split(' ').any(|other| other == word || other == one)
    };
    let is_denial = status == 404 || DENIALS.iter().any(|denial| words.contains(denial));
    ANSWERS.contains(&status) && is_denial && !words.split(' ').filter(|word| !word.is_empty()).any(is_other)
}

/// Whether an error says that a list has ended before that page.
pub fn is_beyond(status: u16, said: &str) -> bool {
    let speaks = |word: &str| PLACES.contains(&word);
    denies(status, said) || ANSWERS.contains(&status) && words(said).split(' ').any(speaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_an_answer_deny_and_nothing_else_does() {
        for (status, said) in [
            (404, ""),
            (404, "Kq7ZpW2mVx9LcT4bRn8D does not exist (not_found)"),
            (400, "Tracking domain not found"),
            (200, "TrackingDomainNotFound"),
            (200, "Customer portal not found in your account."),
            (404, "no such user_shop"),
        ] {
            assert!(denies(status, said), "{status} {said}");
        }
        for (status, said) in [
            (500, "getaddrinfo ENOTFOUND db.internal"),
            (400, "getaddrinfo ENOTFOUND db.internal"),
            (500, "table customers does not exist"),
            (200, "table customers does not exist"),
            (401, "Account not found"),
            (404, "Account not found"),
            (403, "User not found"),
            (404, "users not found"),
            (429, "no such quota left"),
            (200, "no such quota left"),
            (404, "ApiKeyNotFound"),
            (404, "Session does not exist"),
            (404, "you have no permission"),
            (400, "notfounded"),
        ] {
            assert!(!denies(status, said), "{status} {said}");
        }
        for status in [401, 403, 407, 408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(!denies(status, "tracking domain not found") && !is_beyond(status, "no such page"), "{status}");
        }
        assert!(is_beyond(400, "page out of range") && is_beyond(404, "") && !is_beyond(400, "rate exceeded"));
    }
}
