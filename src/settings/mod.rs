//! The settings of a run: defaults, overridden by each project's `portal-lint.toml`, overridden by command-line flags.

pub mod bindings;
pub mod environments;
mod pattern_index;
pub(crate) mod patterns;
pub mod project;
pub mod projects;
pub(crate) mod severities;
pub(crate) mod suppressions;
pub(crate) mod template;

use crate::base::date::Date;
use crate::base::diagnostic::Severity;
use crate::base::file::InputFile;
use crate::online::Answers;
use crate::rules::context::MAX_FINDINGS_PER_TEXT;
use crate::rules::selection::Selection;
use crate::schema::{PortalKind, SchemaSet};
use crate::syntax::variables::Variables;

use environments::AccountScope;
use project::Project;

/// Everything that a check depends on besides the files themselves.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the options are independent of each other")]
pub struct Settings {
    /// The kind that every body is checked as; `None` detects each kind from the content.
    pub kind: Option<PortalKind>,
    /// Which rules run.
    pub selection: Selection,
    /// The lowest severity that makes a run fail.
    pub fail_on: Severity,
    /// The number of threads; `None` chooses it from the number of files.
    pub threads: Option<usize>,
    /// The maximum number of findings that one rule reports for one text. Further findings are only counted.
    pub max_findings_per_text: usize,
    /// Whether the report contains the unmasked edits of its fixes ([`crate::base::diagnostic::Diagnostic::unmasked_edits`]).
    pub with_edits: bool,
    /// Whether the report contains the trees of the files ([`crate::engine::report::ReportFile::tree`]).
    pub with_trees: bool,
    /// Whether the report contains the data for the preflight checklists ([`crate::engine::report::PreflightFacts`]).
    pub with_preflight_facts: bool,
    /// Whether the report contains the request that submits each portal ([`crate::engine::report::ReportPortal::request`]), and the
    /// portals that no file describes. Needs `with_preflight_facts`.
    pub with_plan: bool,
    /// Whether the report contains what each portal is for ([`crate::engine::report::Report::accounts`]).
    pub with_profiles: bool,
    /// Whether the report contains the texts that customers read ([`crate::engine::report::ReportPortal::texts`]). Needs
    /// `with_preflight_facts`.
    pub with_texts: bool,
    /// Whether suppressions are ignored, so that allowed findings are reported like all others.
    pub ignore_suppressions: bool,
    /// The values of variables (`${NAME}`) that are filled in before the check, from the environment; `None` leaves all variables
    /// as they are.
    pub variables: Option<Variables>,
    /// The date of the run. Expiry dates and the age of snapshots are compared with it.
    pub today: Date,
    /// The answers to the network queries of this run; empty when offline.
    pub answers: Answers,
    /// The schemas that bodies are validated against.
    pub schemas: SchemaSet,
    /// The projects of the run, indexed by [`InputFile::project`]. Index 0 is the default project, for files without settings.
    pub projects: Vec<Project>,
}

impl Settings {
    /// The default settings for a run on this day. WebAssembly has no clock, so the caller passes the day.
    pub fn for_day(today: Date) -> Self {
        Self {
            kind: None,
            selection: Selection::default(),
            fail_on: Severity::Error,
            threads: None,
            max_findings_per_text: MAX_FINDINGS_PER_TEXT,
            with_edits: false,
            with_trees: false,
            with_preflight_facts: false,
            with_plan: false,
            with_profiles: false,
            with_texts: false,
            ignore_suppressions: false,
            variables: None,
            today,
            answers: Answers::default(),
            schemas: SchemaSet::default(),
            projects: vec![Project::default()],
        }
    }

    /// Returns the project that `input` belongs to.
    pub fn project(&self, input: &InputFile) -> &Project {
        // Index 0 always exists: `projects` starts with the default project.
        self.projects.get(input.project).unwrap_or(&self.projects[0])
    }

    /// Returns the accounts of all projects.
    pub fn account_scopes(&self) -> Vec<AccountScope> {
        let mut scopes = Vec::new();
        for (project, settings) in self.projects.iter().enumerate() {
            for environment in 0..=settings.environments.len() {
                scopes.push(AccountScope { project, environment });
            }
        }
        scopes
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::for_day(Date::today())
    }
}
