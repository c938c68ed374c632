//! What a run was asked for: defaults, then what the projects' files say, then flags.

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
use crate::rules::context::MAX_PER_TEXT;
use crate::rules::selection::Selection;
use crate::schema::{Kind, Schemas};

use project::Project;

/// All that a check depends on beside the files.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What every body is taken for; `None` recognises each by its content.
    pub kind: Option<Kind>,
    /// Which rules run.
    pub selection: Selection,
    /// From which severity on a run fails.
    pub fail_on: Severity,
    /// How many files at once; `None` is as many as pay.
    pub threads: Option<usize>,
    /// How many findings of one rule are reported of one text; the rest are counted.
    pub findings_per_text: usize,
    /// Whether the report carries the edits of its fixes as they are to be made, secrets included.
    pub with_edits: bool,
    /// Whether the report carries what a preflight asks of each portal.
    pub with_outlines: bool,
    /// Recorded decisions count for nothing: what they allow is reported like everything else.
    pub audit: bool,
    /// The day it is.
    pub today: Date,
    /// What was asked over the network, and answered; offline, nothing.
    pub answers: Answers,
    /// What bodies are held against.
    pub schemas: Schemas,
    /// Of [`InputFile::project`]; the first is for files without settings.
    pub projects: Vec<Project>,
}

impl Settings {
    /// The project of a file.
    pub fn project(&self, input: &InputFile) -> &Project {
        // There is always the first.
        self.projects.get(input.project).unwrap_or(&self.projects[0])
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kind: None,
            selection: Selection::default(),
            fail_on: Severity::Error,
            threads: None,
            findings_per_text: MAX_PER_TEXT,
            with_edits: false,
            with_outlines: false,
            audit: false,
            today: Date::today(),
            answers: Answers::default(),
            schemas: Schemas::default(),
            projects: vec![Project::default()],
        }
    }
}
