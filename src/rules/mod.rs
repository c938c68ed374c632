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
pub(crate) mod places;
pub mod rule_doc;
pub(crate) mod safety;
pub mod selection;
pub(crate) mod shared;
pub(crate) mod unverified;
pub(crate) mod wording;

use crate::base::diagnostic::Code;
use context::{AccountContext, DecisionsContext, FileContext, PortalContext, ProjectContext, SettingsContext};

/// A rule: its number, its page, and the stages in which it has something to say.
pub struct Rule {
    /// `RCP012` is 12.
    pub code: Code,
    /// The page, Markdown with a YAML head; read only when needed.
    pub page: &'static str,
    /// About a file as such: what could not be read, parsed or recognised.
    pub file: Option<fn(&mut FileContext<'_>)>,
    /// About one body.
    pub portal: Option<fn(&mut PortalContext<'_>)>,
    /// About all bodies of a project.
    pub project: Option<fn(&mut ProjectContext<'_>)>,
    /// About the account snapshot.
    pub account: Option<fn(&mut AccountContext<'_>)>,
    /// About `portal-lint.toml`.
    pub settings: Option<fn(&mut SettingsContext<'_>)>,
    /// About decisions that were recorded, when it is known what became of them.
    pub decisions: Option<fn(&mut DecisionsContext<'_>)>,
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
    001 checklist::unique_name: portal project;
    002 checklist::tracking_domain_id: portal;
    003 checklist::tracking_domain_dns: portal;
    004 checklist::tracking_domain_ssl: portal;
    005 checklist::smtp_profile_id: portal;
    006 checklist::recaptcha: portal;
    007 checklist::recaptcha_site_key: portal;
    008 checklist::recaptcha_secret_key: portal;
    009 checklist::confirm_email: portal;
    010 checklist::reset_email: portal;
    011 checklist::email_from: portal;
    012 checklist::confirm_email_code: portal;
    013 checklist::reset_email_code: portal;
    014 checklist::sender_matches_smtp: portal;
    015 checklist::explicit_permissions: portal;
    016 checklist::self_cancel: portal;
    017 checklist::salvage_payments: portal;
    018 checklist::filter_ids: portal;
    019 checklist::filters_considered: project;
    020 checklist::non_existing_customers: portal;
    021 checklist::registration_campaign: portal;
    022 checklist::starts_disabled: portal;
    023 checklist::customer_safe_html: portal;
    024 checklist::unknown_field: portal;
    100 guidance::schema: portal;
    101 guidance::placeholder: portal;
    102 guidance::vague_name: portal;
    103 guidance::near_duplicate_name: project;
    104 guidance::purpose: portal;
    105 guidance::recaptcha_keys: portal;
    106 guidance::id_characters: portal;
    107 guidance::id_mix_up: portal;
    108 guidance::system_term: portal;
    109 guidance::permission_conflict: portal;
    110 guidance::email_draft: portal;
    111 guidance::copied_email: portal;
    112 guidance::display_name: portal;
    113 guidance::self_trial: portal;
    201 safety::email_address: portal;
    202 safety::copied_access_code: portal;
    203 safety::free_mail_sender: portal;
    204 safety::secret_in_file: portal;
    205 safety::duplicate_key: portal;
    206 safety::hidden_characters: portal;
    207 safety::insecure_link: portal;
    208 safety::header_injection: portal;
    209 safety::broken_html: portal;
    210 safety::unknown_shortcode: portal;
    211 safety::yaml_ambiguous: portal;
    301 account::tracking_domain_exists: portal;
    302 account::smtp_profile_exists: portal;
    303 account::campaign_exists: portal;
    304 account::shop_exists: portal;
    305 account::recaptcha_secret_rejected: portal;
    306 account::certificate_expires_soon: portal;
    307 account::sender_domain: portal;
    308 account::snapshot_stale: account;
    309 account::drift: portal;
    900 file::unreadable: file;
    901 file::syntax: file;
    902 file::encoding: file;
    903 file::not_a_portal: file;
    910 file::allow_without_reason: file settings;
    911 file::allow_expired: decisions;
    912 file::allow_unused: decisions;
    913 file::unknown_rule: file settings;
    914 file::bad_settings: account file settings;
}

impl Rule {
    const fn silent(number: u16, page: &'static str) -> Self {
        Self {
            code: Code(number),
            page,
            file: None,
            portal: None,
            project: None,
            account: None,
            settings: None,
            decisions: None,
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
        let looking = RULES.iter().filter(|rule| rule.file.is_some()).count();
        assert_eq!(about_files().iter().filter(|rule| rule.file.is_some()).count(), looking);
    }
}
