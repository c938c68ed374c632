//! Decides about a call, by the verdict on its body, the options of the hook, and the abilities of the client.

use clap::ValueEnum;

use crate::agent::review::Review;
use crate::preflight::Verdict;

/// What to do with a call, from the mildest to the strictest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decision {
    /// Print nothing: the client decides as it would without the hook.
    Pass,
    /// Let a person decide. The text is the reason.
    Ask(String),
    /// Stop the call. The text is the reason, for the agent.
    Deny(String),
}

/// The value of `--on-review`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnReview {
    /// Ask the user. If the client cannot ask, stop the call if the review includes a warning
    Ask,
    /// Stop the call
    Deny,
    /// Let the call pass
    Allow,
}

/// The options of the hook.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// What to do if the verdict is "review".
    pub on_review: OnReview,
}

impl Policy {
    /// Decides about a call. `reason` describes the review.
    pub(super) fn decide(self, review: &Review<'_>, can_ask: bool, reason: impl FnOnce() -> String) -> Decision {
        let on_review = match review.verdict {
            Verdict::Go => return Decision::Pass,
            Verdict::NoGo => return Decision::Deny(reason()),
            Verdict::Review => self.on_review,
        };
        match on_review {
            OnReview::Allow => Decision::Pass,
            OnReview::Ask if can_ask => Decision::Ask(reason()),
            // Without an account, hardly any call is fully verified. Denying all of them would make the hook useless.
            OnReview::Ask if !review.has_warning() => Decision::Pass,
            OnReview::Ask | OnReview::Deny => Decision::Deny(reason()),
        }
    }
}
