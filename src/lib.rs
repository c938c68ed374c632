//! portal-lint checks RevCent Customer Portal configurations where they are written.
//!
//! The way of a file through the house; a room uses only rooms above it (`tests/house.rs` holds this):
//!
//! ```text
//! portal-lint.toml settings      projects: what was set and decided, and for which files
//! paths            discover      which files ([`file`]), and what they are compared with
//! paths            read          the bytes of regular files; pipes and devices are refused    RCP900
//! files            load          their text, within limits, in UTF-8                       RCP900, RCP902
//! text             source        lines and columns; the only room that knows them
//! Source           document      one tree for JSON, JSONC and YAML; every syntax error     RCP901
//! Document         schema        what the embedded schemas say, and who owns the place
//! Document         portal        the guide's words for its places; create, edit or export   RCP903
//! Document         account       what a snapshot tells of the account                       RCP914
//! html texts       html          tags, shortcodes and what a reader sees, by their bytes
//! Portals          online        what is asked over the network and answered; with --online alone
//! Portal           rules         one file a rule; findings in bytes and words
//! Findings         check         severities as set, decisions applied ([`suppressions`])
//! Findings         report        one defect once; severities, positions, secrets covered
//! Report           fix           edits made, the result looked at again; with --fix and --diff alone
//! Report           preflight     the guide's checklists, item by item, and a verdict; for the command alone
//! Report           render        one format a file
//! Report           lsp           what an editor shows, and the edits it may make
//! ```
//!
//! [`crate::engine::run::check`] is the one door: files and [`settings::Settings`] in, a [`crate::engine::report::Report`] out. It opens no socket:
//! with `--online` the command asks what [`crate::engine::run::ask`] reads off the portals, and hands the answers in with the settings.

pub mod base;
pub mod cli;
pub mod engine;
pub mod html;
pub mod lsp;
pub mod model;
pub mod online;
pub mod preflight;
pub mod render;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod syntax;
