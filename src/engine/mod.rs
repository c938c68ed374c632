//! From paths to a report: which files are checked, the check itself, what the settings say about the findings, and fixes.
//!
//! [`run::check`] is the entry point of all commands, of the language server and of the tests.

mod account_snapshot;
mod apply_settings;
mod cross_file;
pub mod discovery;
mod file_results;
pub mod fix;
mod lint_file;
pub(crate) mod online_queries;
mod project_paths;
pub mod report;
pub mod run;
