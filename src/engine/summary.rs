//! The counts of a report.

use serde::Serialize;

/// Counts of files, findings and checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Checked files.
    pub files: usize,
    /// Portals in these files.
    pub portals: usize,
    /// Errors that no suppression allows.
    pub errors: usize,
    /// Warnings that no suppression allows.
    pub warnings: usize,
    /// Advice that no suppression allows.
    pub advice: usize,
    /// Findings that a suppression allows.
    pub allowed: usize,
    /// Findings with a safe fix.
    pub fixable: usize,
    /// Checks that could not be made and that no suppression allows.
    pub unverified: usize,
    /// Checks among `unverified` whose network query was not answered.
    #[serde(skip)]
    pub unanswered: usize,
}
