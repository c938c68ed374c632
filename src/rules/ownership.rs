//! Which rule reports a schema violation. See "Which rule owns a location" in `docs/design.md`.

use super::RULES;
use super::metadata::{Ownership, RuleMeta};
use crate::base::diagnostic::Code;
use crate::schema::{Violation, ViolationKind};

/// The rule that reports a violation in a portal: the one whose page names the location, or else the one that owns everything else.
pub(super) fn owning_rule(violation: &Violation<'_>) -> Code {
    let pointer = violation.cursor.pointer();
    let owner = RULES.iter().find(|rule| owns(rule.meta, &pointer, violation.kind));
    let catch_all = || RULES.iter().find(|rule| rule.meta.owns.contains(&Ownership::EverythingElse));
    owner.or_else(catch_all).map_or(Code(0), |rule| rule.code)
}

/// Whether the rule's page names the location, or the rule is the one for unknown fields.
fn owns(meta: &RuleMeta, pointer: &str, violation: ViolationKind<'_>) -> bool {
    meta.owns.iter().any(|owned| match owned {
        Ownership::Pointer(pattern) => violation != ViolationKind::Unknown && matches_pattern(pattern, pointer),
        Ownership::UnknownFields => violation == ViolationKind::Unknown,
        Ownership::SettingsFiles | Ownership::EverythingElse => false,
    })
}

/// Whether a JSON Pointer has the segments of a pattern. `*` matches any one segment.
fn matches_pattern(pattern: &str, pointer: &str) -> bool {
    let mut segments = pointer.split('/');
    for expected in pattern.split('/') {
        let Some(segment) = segments.next() else { return false };
        if expected != "*" && expected != segment {
            return false;
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::{Format, Source};
    use crate::schema::{PortalKind, SchemaSet};
    use crate::syntax::cursor::Cursor;
    use crate::syntax::{self, Limits};

    #[test]
    fn a_violation_belongs_to_the_rule_whose_page_names_the_location() {
        let text = r#"{"name": 1, "tracking_domain": "short", "recaptcha": {}, "enabled": "true", "color": 1,
            "customer_emails": {"customer_account_confirm_email": {"from": null, "html": 1}},
            "customer_filters": {"campaign": [{"id": "x"}], "third_party_shop": "x"}}"#;
        let expected = [
            (1, "/name"),
            (2, "/tracking_domain"),
            (5, "/smtp_profile"),
            (7, "/recaptcha/site_key"),
            (8, "/recaptcha/secret_key"),
            (10, "/customer_emails/customer_account_password_reset"),
            (11, "/customer_emails/customer_account_confirm_email/from"),
            (12, "/customer_emails/customer_account_confirm_email/html"),
            (18, "/customer_filters/campaign/0"),
            (18, "/customer_filters/third_party_shop"),
            (24, "/color"),
            (100, "/enabled"),
        ];
        let source = Source::new("t.json", text, Format::Json);
        let parsed = syntax::parse(&source, &Limits::default());
        let schemas = SchemaSet::default();
        let violations = schemas.validate(&Cursor::root(&parsed.documents[0]), PortalKind::Create);
        let mut owners: Vec<(u16, String)> = Vec::new();
        for violation in &violations {
            owners.push((owning_rule(violation).0, violation.cursor.pointer()));
        }
        owners.sort();
        assert_eq!(owners, expected.map(|(code, pointer)| (code, pointer.to_owned())));
    }

    #[test]
    fn exactly_one_rule_owns_each_kind_of_location() {
        for kind in [Ownership::EverythingElse, Ownership::UnknownFields, Ownership::SettingsFiles] {
            assert_eq!(RULES.iter().filter(|rule| rule.meta.owns.contains(&kind)).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_pattern_matches_pointers_of_its_own_depth() {
        assert!(matches_pattern("/customer_filters/*/*/id", "/customer_filters/campaign/0/id"));
        assert!(!matches_pattern("/customer_filters/*", "/customer_filters/campaign/0"));
        assert!(!matches_pattern("/customer_filters/*", "/customer_filters"));
        assert!(!matches_pattern("/name", "/names"));
    }
}
