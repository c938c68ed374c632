//! Checks the body of an agent as a part of the project that contains a folder.

use std::path::Path;

use crate::agent::canonical_json::body_sha256;
use crate::base::file::{AgentBody, Inclusion, InputFile, Origin, WalkMatch};
use crate::base::folders::resolve_symlinks;
use crate::engine::discovery::{add_context_files, sort_and_dedup};
use crate::engine::report::Report;
use crate::engine::run::{check, check_agent_body};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::projects::{Projects, SettingsLookup};

/// The name of the body in reports.
const BODY_NAME: &str = "<body>";

/// A checked body or file, with everything that is needed to fix it.
pub(crate) struct Checked {
    pub report: Report,
    /// The body or file.
    pub input: InputFile,
    /// The body or file, and the other files of its project.
    pub inputs: Vec<InputFile>,
    pub settings: Settings,
}

impl Checked {
    /// Checks `input`, which is one of `inputs`.
    pub(crate) fn new(input: InputFile, inputs: Vec<InputFile>, projects: Projects, kind: Option<PortalKind>) -> Self {
        let settings = settings_for_agents(projects, kind);
        Self { report: check(inputs.clone(), &settings), input, inputs, settings }
    }

    /// The SHA-256 of the body as canonical JSON. `None` if there is not exactly one body.
    pub(crate) fn sha256(&self) -> Option<String> {
        // Only the body or file is in scope and has a tree.
        let file = self.report.files.iter().find(|file| file.tree.is_some())?;
        body_sha256(file.tree.as_ref()?, &file.bodies)
    }
}

/// Checks a body as if it were in `folder`. It takes the place of the file of the project that describes the same portal.
pub(crate) fn check_body(
    bytes: Vec<u8>,
    is_sent: bool,
    kind: Option<PortalKind>,
    folder: &Path,
    lookup: &SettingsLookup,
) -> Checked {
    let mut projects = Projects::new(lookup, &[]);
    let folder = resolve_symlinks(folder);
    let project = projects.index_for_folder(&folder);
    let origin = Origin::Agent(AgentBody { bytes, folder, is_sent, ..AgentBody::default() });
    let body = InputFile::new(BODY_NAME, origin, Inclusion::Explicit(WalkMatch::Included));
    let mut inputs = vec![InputFile { project, ..body }];
    add_context_files(&[], &mut projects, &mut inputs);
    sort_and_dedup(&mut inputs);
    let settings = settings_for_agents(projects, kind);
    let (report, input) = check_agent_body(inputs.clone(), &settings);
    Checked { report, input, inputs, settings }
}

fn settings_for_agents(projects: Projects, kind: Option<PortalKind>) -> Settings {
    Settings {
        kind,
        with_preflight_facts: true,
        with_trees: true,
        // A second thread could not write the response to a panic while the main thread writes.
        threads: Some(1),
        projects: projects.into_vec(),
        ..Settings::default()
    }
}
