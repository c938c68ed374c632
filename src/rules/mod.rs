//! The rules: one line each here, one page each in `rules/`, and one file each for what a page cannot say.
//!
//! A rule finds and words; it never looks at severities from the settings, selections or decisions. The facts about a
//! rule (name, severity, checklist items) stand in its page alone.

pub(crate) mod account;
pub(crate) mod checklist;
pub(crate) mod confusables;
pub(crate) mod context;
pub(crate) mod email_address;
pub(crate) mod facts;
pub(crate) mod file;
pub(crate) mod guidance;
pub(crate) mod name_index;
mod own_files;
pub mod rule_doc;
pub(crate) mod safety;
pub mod selection;
pub(crate) mod shared;
pub(crate) mod unverified;
pub(crate) mod wording;

use crate::base::diagnostic::Code;
use context::{AccountContext, FileContext, PortalContext, ProjectContext, SettingsContext, SuppressionsContext};

/// A rule: its number, its page, and the stages in which it has something to say.
pub struct Rule {
    /// `RCP012` is 12.
    pub code: Code,
    /// The page, Markdown with a YAML head; read only when needed.
    pub page: &'static str,
    /// About a file as such: what could not be read, parsed or recognised.
    pub check_file: Option<fn(&mut FileContext<'_>)>,
    /// About one body.
    pub check_portal: Option<fn(&mut PortalContext<'_>)>,
    /// About all bodies of a project.
    pub check_project: Option<fn(&mut ProjectContext<'_>)>,
    /// About the account snapshot.
    pub check_account: Option<fn(&mut AccountContext<'_>)>,
    /// About `portal-lint.toml`.
    pub check_settings: Option<fn(&mut SettingsContext<'_>)>,
    /// About decisions that were recorded, when it is known what became of them.
    pub check_suppressions: Option<fn(&mut SuppressionsContext<'_>)>,
}

/// `012 checklist::confirm_email_code: portal;` A rule without its page does not compile.
macro_rules! rules {
    ($($number:literal $room:ident::$name:ident: $($stage:ident)+;)+) => {
        /// Every rule, by number.
        #[expect(clippy::zero_prefixed_literal, reason = "written as in the codes")]
        pub static RULES: &[Rule] = &[$(rules!(@rule $number $room::$name: $($stage)+)),+];
    };
    (@rule $number:literal $room:ident::$name:ident: $($stage:ident)+) => {
        Rule {
            $($stage: Some($room::$name::$stage),)+
            ..Rule::silent($number, include_str!(concat!("../../rules/RCP", stringify!($number), ".md")))
        }
    };
}

rules! {
    001 checklist::unique_name: check_portal check_project;
    002 checklist::tracking_domain_id: check_portal;
    003 checklist::tracking_domain_dns: check_portal;
    004 checklist::tracking_domain_ssl: check_portal;
    005 checklist::smtp_profile_id: check_portal;
    006 checklist::recaptcha: check_portal;
    007 checklist::recaptcha_site_key: check_portal;
    008 checklist::recaptcha_secret_key: check_portal;
    009 checklist::confirm_email: check_portal;
    010 checklist::reset_email: check_portal;
    011 checklist::email_from: check_portal;
    012 checklist::confirm_email_code: check_portal;
    013 checklist::reset_email_code: check_portal;
    014 checklist::sender_matches_smtp: check_portal;
    015 checklist::explicit_permissions: check_portal;
    016 checklist::self_cancel: check_portal;
    017 checklist::salvage_payments: check_portal;
    018 checklist::filter_ids: check_portal;
    019 checklist::filters_considered: check_project;
    020 checklist::non_existing_customers: check_portal;
    021 checklist::registration_campaign: check_portal;
    022 checklist::starts_disabled: check_portal;
    023 checklist::customer_safe_html: check_portal;
    024 checklist::unknown_field: check_portal;
    100 guidance::schema: check_portal;
    101 guidance::placeholder: check_portal;
    102 guidance::vague_name: check_portal;
    103 guidance::near_duplicate_name: check_project;
    104 guidance::purpose: check_portal;
    105 guidance::recaptcha_keys: check_portal;
    106 guidance::id_characters: check_portal;
    107 guidance::id_mix_up: check_portal;
    108 guidance::system_term: check_portal;
    109 guidance::permission_conflict: check_portal;
    110 guidance::email_draft: check_portal;
    111 guidance::copied_email: check_portal;
    112 guidance::display_name: check_portal;
    113 guidance::self_trial: check_portal;
    201 safety::email_address: check_portal;
    202 safety::copied_access_code: check_portal;
    203 safety::free_mail_sender: check_portal;
    204 safety::secret_in_file: check_portal;
    205 safety::duplicate_key: check_portal;
    206 safety::hidden_characters: check_portal;
    207 safety::insecure_link: check_portal;
    208 safety::header_injection: check_portal;
    209 safety::broken_html: check_portal;
    210 safety::unknown_shortcode: check_portal;
    211 safety::yaml_ambiguous: check_portal;
    301 account::tracking_domain_exists: check_portal;
    302 account::smtp_profile_exists: check_portal;
    303 account::campaign_exists: check_portal;
    304 account::shop_exists: check_portal;
    305 account::recaptcha_secret_rejected: check_portal;
    306 account::certificate_expires_soon: check_portal;
    307 account::sender_domain: check_portal;
    308 account::snapshot_stale: check_account;
    309 account::drift: check_portal;
    900 file::unreadable: check_file;
    901 file::syntax: check_file;
    902 file::encoding: check_file;
    903 file::not_a_portal: check_file;
    910 file::allow_without_reason: check_file check_settings;
    911 file::allow_expired: check_suppressions;
    912 file::allow_unused: check_suppressions;
    913 file::unknown_rule: check_file check_settings;
    914 file::bad_settings: check_account check_file check_settings;
}

impl Rule {
    const fn silent(number: u16, page: &'static str) -> Self {
        Self {
            code: Code(number),
            page,
            check_file: None,
            check_portal: None,
            check_project: None,
            check_account: None,
            check_settings: None,
            check_suppressions: None,
        }
    }

    /// Rules about files and settings themselves hold whatever was selected, and nobody can allow what they find:
    /// nothing that could not be read passes.
    pub fn is_about_the_file(&self) -> bool {
        self.code.0 >= 900
    }

    /// Whether the settings may call it something else: of the rules about the file, only for decisions that are good
    /// for nothing any more.
    pub fn severity_can_be_set(&self) -> bool {
        !self.is_about_the_file() || self.code == Code(912)
    }
}

/// The rules about files and settings themselves: they are the last.
pub fn about_files() -> &'static [Rule] {
    &RULES[RULES.partition_point(|rule| !rule.is_about_the_file())..]
}

/// The rule with a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&code, |rule| rule.code).ok().map(|index| &RULES[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_at_files_is_about_files() {
        let looking = RULES.iter().filter(|rule| rule.check_file.is_some()).count();
        assert_eq!(about_files().iter().filter(|rule| rule.check_file.is_some()).count(), looking);
    }
}
