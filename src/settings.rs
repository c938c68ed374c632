//! What a run was asked for. Defaults here; flags on top (a settings file comes between the two in a later issue).

use crate::diagnostic::Severity;
use crate::document::Limits;
use crate::rules::select::Selection;
use crate::schema::Kind;

/// All that a check depends on beside the files.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much a file may hold.
    pub limits: Limits,
    /// What every body is taken for; `None` recognises each by its content.
    pub kind: Option<Kind>,
    /// Which rules run.
    pub selection: Selection,
    /// From which severity on a run fails.
    pub fail_on: Severity,
    /// How many files at once; `None` is one for each processor.
    pub threads: Option<usize>,
    /// Whether the report carries the edits of its fixes as they are to be made, secrets included.
    pub with_edits: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            kind: None,
            selection: Selection::default(),
            fail_on: Severity::Error,
            threads: None,
            with_edits: false,
        }
    }
}
