//! The facts about a rule that code needs: the front matter of its page, as data.
//!
//! The page (for example `rules/RCP012.md`) is the only place where these facts are written. A test generates [`super::table`]
//! from the pages, so that a run parses no page.

use crate::base::diagnostic::{Applicability, Code, Severity};
use crate::schema::PortalKind;

/// The front matter and the title of a rule's page.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one line of the front matter")]
pub struct RuleMeta {
    /// `RCP012` is 12.
    pub code: Code,
    /// In kebab-case; accepted wherever a user names a rule.
    pub name: &'static str,
    /// What the rule reports, in one line.
    pub title: &'static str,
    /// The usual severity first; the others are for special cases.
    pub severities: &'static [Severity],
    /// The items of RevCent's guide that the rule decides: of its checklists (V1 to V24, P1 to P20) and its common mistakes (M1 to M7).
    pub items: &'static [&'static str],
    /// The kinds of body that the rule checks. A checklist leaves out the rules of other kinds.
    pub kinds: &'static [PortalKind],
    /// What the rule needs besides the file to decide all cases.
    pub needs: Option<Needs>,
    /// The rule reports a deliberate choice: it fires until a suppression records the reason.
    pub intent: bool,
    /// The kinds of fix that the rule offers for some of its findings.
    pub fixes: &'static [Applicability],
    /// The locations whose schema violations are reported by this rule.
    pub owns: &'static [Ownership],
    /// Of several findings about the same unusable value, only the one with the lowest number is reported.
    pub priority: u8,
    /// The queries that the rule needs with `--online`.
    pub queries: &'static [Query],
    /// An item can pass although this rule did not run. Its findings still count for the item.
    pub only_adds: bool,
    /// What the rule is about.
    pub subject: Subject,
    /// Whether settings may deselect the rule or change its severity.
    pub configurable: bool,
    /// A finding means that the file could not be read as a portal, so the other rules did not check it.
    pub blocks_other_rules: bool,
    /// `--fix` does not keep a change that adds a finding of this rule.
    pub guards_fixes: bool,
    /// The reported text has no effect; editors show it as unnecessary.
    pub marks_unused: bool,
    /// Where the rule comes from.
    pub basis: Basis,
    /// The line of the guide, or the part of the schema, that the rule checks.
    pub source: Option<&'static str>,
}

/// What a rule needs besides the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The account: a snapshot of it, or RevCent itself.
    Account,
    /// Other hosts, over the network.
    Network,
}

/// The locations that a rule owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// A JSON Pointer in a portal; `*` stands for any key or index.
    Pointer(&'static str),
    /// Fields that the schema does not have.
    UnknownFields,
    /// Everything in `portal-lint.toml` and in an account snapshot.
    SettingsFiles,
    /// All locations that no other rule owns.
    EverythingElse,
}

/// What a rule queries with `--online`: objects of the account that the portal names, or facts about its hosts and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// By ID, with their DNS and certificate status.
    TrackingDomains,
    /// By ID. No operation returns them, so they are looked up in a snapshot instead.
    SmtpProfiles,
    /// By ID.
    Campaigns,
    /// Third-party shops, by ID.
    Shops,
    /// By name and by ID.
    Portals,
    /// The DNS records and certificates of the tracking domains.
    Hosts,
    /// The MX, SPF and DMARC records of the domains in `from`.
    SenderDomains,
    /// Whether Google's reCAPTCHA service accepts the secret keys.
    RecaptchaSecrets,
    /// The complete lists of campaigns, shops and portals.
    ObjectLists,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A portal.
    Portal,
    /// A document that is not a portal.
    Document,
    /// A file as a whole, a suppression or the settings.
    File,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A line of RevCent's guide.
    Guide,
    /// RevCent's published OpenAPI operation.
    Schema,
    /// Our own conclusion from either.
    Inferred,
}

impl RuleMeta {
    /// Placeholders for the required fields, and the usual values of the others.
    pub(super) const DEFAULT: Self = Self {
        code: Code(0),
        name: "",
        title: "",
        severities: &[],
        items: &[],
        kinds: &[PortalKind::Create, PortalKind::Edit, PortalKind::Export],
        needs: None,
        intent: false,
        fixes: &[],
        owns: &[],
        priority: u8::MAX,
        queries: &[],
        only_adds: false,
        subject: Subject::Portal,
        configurable: true,
        blocks_other_rules: false,
        guards_fixes: false,
        marks_unused: false,
        basis: Basis::Inferred,
        source: None,
    };

    /// The usual severity.
    pub fn severity(&self) -> Severity {
        self.severities.first().copied().unwrap_or(Severity::Error)
    }

    /// Whether the rule looks up objects by IDs that the portal contains. In a portal without IDs, there is nothing to verify. Portals
    /// are also looked up by name, and every portal has one.
    pub(crate) fn looks_up_ids(&self) -> bool {
        let by_id = [Query::TrackingDomains, Query::SmtpProfiles, Query::Campaigns, Query::Shops];
        self.queries.iter().any(|query| by_id.contains(query))
    }

    /// Whether the rule is about files, suppressions and settings. Such a rule cannot be suppressed: a file that could not be read
    /// must not pass.
    pub fn is_about_the_file(&self) -> bool {
        self.subject != Subject::Portal
    }
}
