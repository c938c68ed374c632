//! Checks the body of an agent as a part of the project that contains a folder.

use std::path::Path;

use crate::agent::body_environment::{environment_by_ids, environment_of_folder};
use crate::agent::canonical_json::body_sha256;
use crate::agent::replaced_file::{find_same_portals, replace_file};
use crate::base::file::{AgentBody, FileId, Inclusion, InputFile, Origin, WalkMatch};
use crate::base::folders::resolve_symlinks;
use crate::engine::discovery::add_context_files;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::project::Project;
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
        let settings = Settings {
            kind,
            with_preflight_facts: true,
            with_trees: true,
            // A second thread could not write the response to a panic while the main thread writes.
            threads: Some(1),
            projects: projects.into_vec(),
            ..Settings::default()
        };
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
    let origin = Origin::Agent(AgentBody { bytes, is_sent, ..AgentBody::default() });
    let body = InputFile::new(BODY_NAME, origin, Inclusion::Explicit(WalkMatch::Included));
    let mut body = InputFile { project, ..body };
    let mut inputs = vec![body.clone()];
    add_context_files(&[], &mut projects, &mut inputs);
    // The body comes after the files of the project.
    body.id = FileId::new(inputs.len());
    inputs.retain(|input| input.name != BODY_NAME);
    place_in_project(&mut body, &mut inputs, projects.get(project), &folder);
    inputs.push(body.clone());
    Checked::new(body, inputs, projects, kind)
}

/// Decides which environment the body belongs to, and which of `inputs` it replaces.
fn place_in_project(body: &mut InputFile, inputs: &mut Vec<InputFile>, project: &Project, folder: &Path) {
    let mut matches = find_same_portals(body, inputs, project);
    let environment = if project.environments.is_empty() {
        0
    } else {
        let in_files = matches.first().map(|first| first.environment);
        let in_files = in_files.filter(|first| matches.iter().all(|found| found.environment == *first));
        environment_by_ids(body, project).or(in_files).unwrap_or_else(|| environment_of_folder(folder, project))
    };
    matches.retain(|found| found.environment == environment);
    // The export of a portal is a copy of it, next to the file that describes it.
    if matches.iter().any(|found| !found.is_export) {
        matches.retain(|found| !found.is_export);
    }
    if let Origin::Agent(body) = &mut body.origin {
        body.environment = environment;
    }
    // Of two files with the same name, at least one is a mistake, and it is not known which.
    if let [found] = &mut matches[..] {
        replace_file(body, inputs, found);
    }
}
