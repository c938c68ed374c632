//! What the rules about the linter's own files receive: the settings, the suppressions in them, and the account snapshot.

use crate::base::diagnostic::{Code, Finding, Location};
use crate::model::account::ObjectKind;
use crate::rules::context::Environment;
use crate::rules::sink::{MAX_FINDINGS_PER_TEXT, OmittedFindings, RuleFinding};
use crate::schema::{PortalKind, Violation};
use crate::syntax::cursor::Cursor;

/// What a rule about one of the linter's own files receives.
pub(crate) struct ConfigContext<'a, F> {
    /// What the rule checks.
    pub facts: F,
    /// The running rule.
    pub code: Code,
    /// Receives the findings.
    pub findings: &'a mut Vec<RuleFinding>,
}

impl<F> ConfigContext<'_, F> {
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(RuleFinding::new(self.code, 0, finding));
    }

    /// Reports one finding for each of the first [`MAX_FINDINGS_PER_TEXT`] `defects`, and counts the others.
    pub(crate) fn report_each<T>(&mut self, defects: Vec<T>, to_finding: impl Fn(T) -> Finding) {
        let omitted = defects.len().saturating_sub(MAX_FINDINGS_PER_TEXT);
        for defect in defects.into_iter().take(MAX_FINDINGS_PER_TEXT) {
            self.report(to_finding(defect));
        }
        if omitted > 0
            && let Some(last) = self.findings.last_mut()
        {
            last.omitted = OmittedFindings { count: omitted, is_lower_bound: false };
        }
    }
}

/// For [`Rule::check_settings`](super::Rule::check_settings).
pub(crate) type SettingsContext<'a> = ConfigContext<'a, SettingsFacts<'a>>;

/// For [`Rule::check_suppressions`](super::Rule::check_suppressions): the suppressions in one file, in their order.
pub(crate) type SuppressionsContext<'a> = ConfigContext<'a, &'a [SuppressionStatus]>;

/// For [`Rule::check_patterns`](super::Rule::check_patterns): the patterns of one settings file that match nothing.
pub(crate) type PatternsContext<'a> = ConfigContext<'a, &'a [UnusedPattern]>;

/// For [`Rule::check_bindings`](super::Rule::check_bindings): the `[[portal]]` entries of one settings file that cannot be used.
pub(crate) type BindingsContext<'a> = ConfigContext<'a, &'a [BrokenBinding]>;

/// For [`Rule::check_account`](super::Rule::check_account).
pub(crate) type AccountContext<'a> = ConfigContext<'a, AccountFacts<'a>>;

/// The settings file.
#[derive(Clone, Copy)]
pub(crate) struct SettingsFacts<'a> {
    /// The top of the settings.
    pub root: Cursor<'a>,
    /// The violations of the schema of the settings.
    pub violations: &'a [Violation<'a>],
    /// Where the settings name an account snapshot outside the repository, or outside the root of the MCP server.
    pub outside_accounts: &'a [Location],
    /// Whether they are outside the root of the MCP server.
    pub has_root: bool,
}

impl<'a> SettingsFacts<'a> {
    /// The entries of all severity tables: those of `[[overrides]]`, then that of `[severity]`.
    pub(crate) fn severities(&self) -> Vec<Cursor<'a>> {
        let mut severities = Vec::new();
        for entry in self.root.field("overrides").items() {
            severities.extend(entry.field("severity").children());
        }
        severities.extend(self.root.field("severity").children());
        severities
    }
}

/// The account snapshot.
#[derive(Clone, Copy)]
pub(crate) struct AccountFacts<'a> {
    /// The violations of the schema of the snapshot.
    pub violations: &'a [Violation<'a>],
    /// The account that the snapshot describes, the policy for it, and the day of the run.
    pub environment: Environment<'a>,
}

/// A suppression in the settings or in a comment, with its state at the end of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionStatus {
    /// Where it is written.
    pub location: Location,
    /// The rules that it allows, as they are written.
    pub rules: String,
    /// The last day on which it applied, if that day is over.
    pub expired_after: Option<String>,
    /// Whether it allows no finding, although all files that it applies to were checked.
    pub is_unused: bool,
}

/// A pattern of the settings that matches nothing in the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnusedPattern {
    /// The pattern as it is written.
    pub text: String,
    /// Where it is written.
    pub location: Location,
    /// A folder with exactly this name that is not at the top of the project, where the pattern would match it.
    pub nested_folder: Option<String>,
}

/// What is wrong with a `[[portal]]` entry of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BindingDefect {
    /// The path leads out of the project.
    OutsideProject,
    MissingFile,
    /// The entry has no number of a document, and the file has this many portals.
    SeveralPortals(usize),
    /// The document with the number of the entry (from 1) is missing or is not a portal.
    NoPortal(usize),
    /// The document already names its portal, or is a response.
    NotCreate(PortalKind),
    /// The file is a folder, or was read and is not a portal.
    NotAPortal,
    /// The ID does not have the form of one.
    InvalidId,
    /// An earlier entry is about the same document.
    DuplicateFile(Location),
    /// An earlier entry has the same ID, for the file with this name.
    DuplicateId(Location, String),
    /// The account has no portal with the ID.
    UnknownId,
    /// The portal is in another account of the project, whose snapshot has this name.
    OtherAccount(String),
    /// The ID is that of another object of the account.
    OtherObject(ObjectKind),
}

/// A `[[portal]]` entry of the settings that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokenBinding {
    pub defect: BindingDefect,
    /// Where the defect is.
    pub location: Location,
    /// The file as it is written.
    pub file: String,
    pub id: String,
}
