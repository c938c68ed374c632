//! Recognizes texts that say that a portal is for payment recovery.

/// Whether a sentence of a name or description says that the portal is for payment recovery. A sentence that may say the opposite does
/// not count: "Customers cannot pay failed renewals here", "Payment recovery happens elsewhere".
pub(crate) fn is_for_payment_recovery(text: &str) -> bool {
    text.to_lowercase().split(['.', ';', '!', '?', '\n']).any(sentence_names_recovery)
}

fn sentence_names_recovery(sentence: &str) -> bool {
    let mut words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
    words.retain(|word| !word.is_empty());
    let is_unclear = words.iter().any(|word| is_negation(word) || names_other_place(word));
    !is_unclear && (0..words.len()).any(|index| completes_recovery_phrase(&words, index))
}

fn is_negation(word: &str) -> bool {
    matches!(word, "no" | "not" | "never" | "without" | "except" | "cannot" | "nor" | "instead")
        || word.ends_with("n't")
}

/// Whether a word says that something is turned off or done in another place.
fn names_other_place(word: &str) -> bool {
    matches!(word, "disabled" | "disables" | "off" | "elsewhere" | "another" | "different" | "separate" | "separately")
}

/// Whether the word at `index` completes a phrase about payment recovery.
fn completes_recovery_phrase(words: &[&str], index: usize) -> bool {
    /// The verb is at most this many words before the noun: "pay for one of their failed renewals".
    const MAX_DISTANCE: usize = 6;
    let next = words.get(index + 1).copied().unwrap_or_default();
    if words[index] == "dunning" {
        return matches!(next, "portal" | "payment" | "payments" | "process" | "campaign" | "emails" | "customers");
    }
    if !is_payment(words[index]) {
        return false;
    }
    let is_failed_payment = index > 0 && is_failed(words[index - 1]);
    if matches!(next, "recovery" | "salvage") || (is_failed_payment && matches!(next, "portal" | "page")) {
        return true;
    }
    let before = &words[index.saturating_sub(MAX_DISTANCE)..index];
    let has_failed = before.iter().any(|word| is_failed(word)) || before.windows(2).any(|pair| pair == ["past", "due"]);
    let has_recover = before.iter().any(|word| word.starts_with("recover") || word.starts_with("salvag"));
    let has_pay = before.iter().any(|word| is_pay(word));
    has_recover || (has_failed && has_pay)
}

fn is_payment(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    matches!(singular, "payment" | "renewal" | "expiration" | "charge" | "invoice" | "transaction" | "balance" | "bill")
}

fn is_failed(word: &str) -> bool {
    matches!(word, "failed" | "declined" | "overdue" | "unpaid" | "missed" | "outstanding")
}

fn is_pay(word: &str) -> bool {
    ["pay", "retry", "retri", "complet", "settl"].iter().any(|stem| word.starts_with(stem)) && !is_payment(word)
}

#[cfg(test)]
mod tests {
    use super::is_for_payment_recovery;

    #[test]
    fn phrases_about_payment_recovery_are_recognized() {
        for text in [
            "Acme Payment Recovery Portal",
            "Customers pay failed renewals here.",
            "Update a card, or complete an overdue payment",
            "Recovers past-due invoices",
            "For the recovery of failed trial expirations",
            "Acme dunning portal",
            "Failed Payment Portal",
            "Existing customers only. They retry declined charges",
        ] {
            assert!(is_for_payment_recovery(text), "{text}");
        }
    }

    #[test]
    fn other_purposes_and_negations_are_not_recognized() {
        for text in [
            "Acme Subscription Portal",
            "Customers update their payment methods and pay for renewals",
            "Account recovery portal",
            "Customers cannot pay failed renewals here",
            "Payment recovery is disabled here",
            "We use another portal for payment recovery",
            "Payment recovery happens elsewhere",
            "Everything except payment recovery",
            "Joe's Salvage Yard Portal",
            "Dunning Outfitters Portal",
            "Customers whose payments failed update their cards",
        ] {
            assert!(!is_for_payment_recovery(text), "{text}");
        }
    }
}
