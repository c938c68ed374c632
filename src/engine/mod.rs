//! From paths to a report: discovery, the check of each file, cross-file rules, settings, the report, and fixes.
//!
//! The entry points are in [`run`]: `check`, `check_online`, which queries the network, and `check_agent_body`.

pub mod account_portals;
mod account_snapshot;
mod agent_body;
mod apply_settings;
pub(crate) mod bindings;
pub(crate) mod check_snapshot;
mod cross_file;
pub(crate) mod decision;
pub(crate) mod decision_place;
mod dedup_findings;
pub mod discovery;
pub mod edited_spans;
mod file_result;
pub mod fix;
mod id_names;
mod lint_file;
mod lint_portal;
pub(crate) mod online_queries;
mod orphans;
mod parsed_file;
mod project_paths;
pub(crate) mod renewal;
pub mod report;
pub mod run;
mod sources;
mod summary;
mod suppressible;
#[cfg(test)]
mod tests;
