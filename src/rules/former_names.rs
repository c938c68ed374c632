//! The names of rules before the first release. They are no longer accepted. Their spelling does not suggest the current names, so
//! this table does.

/// The former and the current name.
const RENAMED: [(&str, &str); 41] = [
    ("unique-name", "duplicate-name"),
    ("tracking-domain-id", "invalid-tracking-domain"),
    ("tracking-domain-dns", "dns-not-ready"),
    ("tracking-domain-ssl", "ssl-not-active"),
    ("smtp-profile-id", "invalid-smtp-profile"),
    ("recaptcha", "missing-recaptcha"),
    ("recaptcha-site-key", "missing-site-key"),
    ("recaptcha-secret-key", "missing-secret-key"),
    ("confirm-email", "missing-confirm-email"),
    ("reset-email", "missing-reset-email"),
    ("email-from", "missing-sender"),
    ("confirm-email-code", "confirm-email-without-code"),
    ("reset-email-code", "reset-email-without-code"),
    ("sender-matches-smtp", "sender-mismatch"),
    ("explicit-permissions", "implicit-permissions"),
    ("filter-ids", "invalid-filter-ids"),
    ("filters-considered", "missing-filters"),
    ("non-existing-customers", "open-registration"),
    ("registration-campaign", "missing-registration-campaign"),
    ("starts-disabled", "enabled-at-start"),
    ("customer-safe-html", "unsafe-html"),
    ("schema", "wrong-type"),
    ("purpose", "missing-description"),
    ("recaptcha-keys", "unusable-recaptcha-keys"),
    ("id-characters", "suspicious-id"),
    ("email-draft", "unfinished-email"),
    ("display-name", "missing-display-name"),
    ("self-trial", "self-service-trial"),
    ("email-address", "invalid-email-address"),
    ("yaml-ambiguous", "ambiguous-yaml"),
    ("tracking-domain-exists", "unknown-tracking-domain"),
    ("smtp-profile-exists", "unknown-smtp-profile"),
    ("campaign-exists", "unknown-campaign"),
    ("shop-exists", "unknown-shop"),
    ("recaptcha-secret-rejected", "rejected-recaptcha-secret"),
    ("certificate-expires-soon", "expiring-certificate"),
    ("sender-domain", "unprepared-sender-domain"),
    ("snapshot-stale", "stale-snapshot"),
    ("syntax", "syntax-error"),
    ("allow-expired", "expired-allow"),
    ("allow-unused", "unused-allow"),
];

/// Returns the current name of the rule that had this name.
pub(super) fn current_name(former: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(name, _)| *name == former).map(|(_, current)| *current)
}

#[cfg(test)]
mod tests {
    use super::RENAMED;
    use crate::rules::selection::find_rule;

    #[test]
    fn former_names_are_unknown_and_current_names_are_known() {
        for (former, current) in RENAMED {
            assert!(find_rule(former).is_none(), "{former}");
            assert!(find_rule(current).is_some(), "{current}");
        }
    }
}
