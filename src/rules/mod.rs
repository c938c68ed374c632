//! The rules. Each has one line here, one page in `rules/` and one source file with its logic and messages.
//!
//! A rule finds defects and writes the messages; it never reads the severities of the settings, the selection or the
//! suppressions. The facts about a rule (name, severity, checklist items, the locations it owns) are in the front matter of its
//! page, and code reads them from [`metadata::RuleMeta`].

pub(crate) mod account;
pub(crate) mod checklist;
pub(crate) mod config_contexts;
pub(crate) mod confusables;
pub(crate) mod context;
pub(crate) mod email_address;
pub(crate) use email_address::{address_domain, is_same_organization};
pub(crate) mod file;
pub(crate) mod file_context;
mod former_names;
pub(crate) mod guidance;
pub mod metadata;
mod ownership;
pub(crate) mod project_context;
pub mod rule_doc;
pub(crate) mod safety;
pub mod selection;
pub(crate) mod shared;
pub(crate) mod sink;
#[rustfmt::skip]
mod table;
pub(crate) mod unverified;
pub(crate) mod wording;

use crate::base::diagnostic::Code;
use config_contexts::{AccountContext, BindingsContext, PatternsContext, SettingsContext, SuppressionsContext};
use context::{FileContext, FileFacts, PortalContext, ProjectContext, Sink};
use metadata::RuleMeta;

/// A rule: its metadata, its page, and a function for each stage in which it checks something.
pub struct Rule {
    /// `RCP012` is 12.
    pub code: Code,
    /// The front matter of the page.
    pub meta: &'static RuleMeta,
    /// The folder of the rule's source file: `checklist`, `guidance`, `safety`, `account` or `file`.
    pub group: &'static str,
    /// The page: Markdown with front matter in YAML. It is parsed only to display it.
    pub page: &'static str,
    /// Checks a file as a whole: whether it can be read, parsed and recognized as a portal.
    pub(crate) check_file: Option<fn(&mut FileContext<'_>)>,
    /// Checks one portal.
    pub(crate) check_portal: Option<fn(&mut PortalContext<'_>)>,
    /// Compares all portals of a project.
    pub(crate) check_project: Option<fn(&mut ProjectContext<'_>)>,
    /// Checks the account snapshot.
    pub(crate) check_account: Option<fn(&mut AccountContext<'_>)>,
    /// Checks `portal-lint.toml`.
    pub(crate) check_settings: Option<fn(&mut SettingsContext<'_>)>,
    /// Checks the suppressions in a file. Runs last, because it needs to know which of them were used.
    pub(crate) check_suppressions: Option<fn(&mut SuppressionsContext<'_>)>,
    /// Checks the patterns of `portal-lint.toml` that match nothing in the project.
    pub(crate) check_patterns: Option<fn(&mut PatternsContext<'_>)>,
    /// Checks the `[[portal]]` entries of `portal-lint.toml` that cannot be used.
    pub(crate) check_bindings: Option<fn(&mut BindingsContext<'_>)>,
}

/// Defines [`RULES`] from lines such as `RCP012 checklist::confirm_email_without_code: check_portal;`. The names after the colon are the
/// stages in which the rule checks something. A rule without a page, or one whose page is not in the table, does not compile.
macro_rules! rules {
    ($($code:ident $group:ident::$name:ident: $($stage:ident)+;)+) => {
        /// All rules, sorted by code.
        pub static RULES: &[Rule] = &[$(
            Rule {
                $($stage: Some($group::$name::$stage),)+
                ..Rule::without_checks(
                    &table::$code,
                    stringify!($group),
                    include_str!(concat!("../../rules/", stringify!($code), ".md")),
                )
            }
        ),+];
    };
}

rules! {
    RCP001 checklist::duplicate_name: check_portal check_project;
    RCP002 checklist::invalid_tracking_domain: check_portal;
    RCP003 checklist::dns_not_ready: check_portal;
    RCP004 checklist::ssl_not_active: check_portal;
    RCP005 checklist::invalid_smtp_profile: check_portal;
    RCP006 checklist::missing_recaptcha: check_portal;
    RCP007 checklist::missing_site_key: check_portal;
    RCP008 checklist::missing_secret_key: check_portal;
    RCP009 checklist::missing_confirm_email: check_portal;
    RCP010 checklist::missing_reset_email: check_portal;
    RCP011 checklist::missing_sender: check_portal;
    RCP012 checklist::confirm_email_without_code: check_portal;
    RCP013 checklist::reset_email_without_code: check_portal;
    RCP014 checklist::sender_mismatch: check_portal;
    RCP015 checklist::implicit_permissions: check_portal;
    RCP016 checklist::self_cancel: check_portal;
    RCP017 checklist::salvage_payments: check_portal;
    RCP018 checklist::invalid_filter_ids: check_portal;
    RCP019 checklist::missing_filters: check_portal check_project;
    RCP020 checklist::open_registration: check_portal;
    RCP021 checklist::missing_registration_campaign: check_portal;
    RCP022 checklist::enabled_at_start: check_portal;
    RCP023 checklist::unsafe_html: check_portal;
    RCP024 checklist::unknown_field: check_portal;
    RCP100 guidance::wrong_type: check_portal;
    RCP101 guidance::placeholder: check_portal;
    RCP102 guidance::vague_name: check_portal;
    RCP103 guidance::near_duplicate_name: check_project;
    RCP104 guidance::missing_description: check_portal;
    RCP105 guidance::unusable_recaptcha_keys: check_portal;
    RCP106 guidance::suspicious_id: check_portal;
    RCP107 guidance::id_mix_up: check_portal check_project;
    RCP108 guidance::system_term: check_portal;
    RCP109 guidance::permission_conflict: check_portal;
    RCP110 guidance::unfinished_email: check_portal;
    RCP111 guidance::copied_email: check_portal;
    RCP112 guidance::missing_display_name: check_portal;
    RCP113 guidance::self_service_trial: check_portal;
    RCP114 guidance::copied_brand: check_project;
    RCP115 guidance::locked_out_registrants: check_portal;
    RCP201 safety::invalid_email_address: check_portal;
    RCP202 safety::copied_access_code: check_portal;
    RCP203 safety::free_mail_sender: check_portal;
    RCP204 safety::secret_in_file: check_portal;
    RCP205 safety::duplicate_key: check_portal;
    RCP206 safety::hidden_characters: check_portal;
    RCP207 safety::insecure_link: check_portal;
    RCP208 safety::header_injection: check_portal;
    RCP209 safety::broken_html: check_portal;
    RCP210 safety::unknown_shortcode: check_portal;
    RCP211 safety::ambiguous_yaml: check_portal;
    RCP301 account::unknown_tracking_domain: check_portal;
    RCP302 account::unknown_smtp_profile: check_portal;
    RCP303 account::unknown_campaign: check_portal;
    RCP304 account::unknown_shop: check_portal;
    RCP305 account::rejected_recaptcha_secret: check_portal;
    RCP306 account::expiring_certificate: check_portal;
    RCP307 account::unprepared_sender_domain: check_portal;
    RCP308 account::stale_snapshot: check_account;
    RCP309 account::drift: check_portal;
    RCP310 account::unknown_portal: check_portal;
    RCP900 file::unreadable: check_file check_portal;
    RCP901 file::syntax_error: check_file;
    RCP902 file::encoding: check_file;
    RCP903 file::not_a_portal: check_file;
    RCP904 file::wrapped_body: check_file;
    RCP910 file::allow_without_reason: check_file check_settings;
    RCP911 file::expired_allow: check_suppressions;
    RCP912 file::unused_allow: check_suppressions;
    RCP913 file::unknown_rule: check_file check_settings;
    RCP914 file::bad_settings: check_account check_file check_patterns check_settings;
    RCP915 file::broken_binding: check_bindings;
}

impl Rule {
    const fn without_checks(meta: &'static RuleMeta, group: &'static str, page: &'static str) -> Self {
        Self {
            code: meta.code,
            meta,
            group,
            page,
            check_file: None,
            check_portal: None,
            check_project: None,
            check_account: None,
            check_settings: None,
            check_suppressions: None,
            check_patterns: None,
            check_bindings: None,
        }
    }
}

/// Runs the rules about the file itself (encoding, syntax, allow comments). `--select` and `--ignore` do not apply to them:
/// a file that cannot be checked must never pass.
pub(crate) fn run_file_rules(facts: &FileFacts<'_>, sink: &mut Sink) {
    for rule in RULES {
        if let Some(check) = rule.check_file {
            check(&mut FileContext { facts, code: rule.code, sink });
        }
    }
}

/// Returns the rule with this code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    let index = RULES.binary_search_by_key(&code, |rule| rule.code).ok()?;
    Some(&RULES[index])
}

/// Returns the metadata of the rule with this code. A finding always has the code of a listed rule; for any other code the result
/// is that of a rule without properties.
pub fn metadata(code: Code) -> &'static RuleMeta {
    match rule(code) {
        Some(rule) => rule.meta,
        None => &RuleMeta::DEFAULT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_check_files_are_about_files() {
        for rule in RULES {
            assert!(rule.check_file.is_none() || rule.meta.is_about_the_file(), "{}", rule.code);
        }
    }
}
