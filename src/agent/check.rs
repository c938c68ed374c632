//! Checks the body of an agent as a part of the project that contains a folder.

use std::path::Path;

use crate::agent::canonical_json::body_sha256;
use crate::agent::replaced_file::replace_own_file;
use crate::base::file::{AgentBody, Inclusion, InputFile, Origin, WalkMatch};
use crate::base::folders::resolve_symlinks;
use crate::base::load::load;
use crate::engine::discovery::add_context_files;
use crate::engine::report::Report;
use crate::engine::run::check;
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
        let settings = Settings {
            kind,
            with_preflight_facts: true,
            // A second thread could not write the response to a panic while the main thread writes.
            threads: Some(1),
            projects: projects.into_vec(),
            ..Settings::default()
        };
        Self { report: check(inputs.clone(), &settings), input, inputs, settings }
    }

    /// The SHA-256 of the body as canonical JSON. `None` if there is not exactly one body.
    pub(crate) fn sha256(&self) -> Option<String> {
        let limits = &self.settings.project(&self.input).limits;
        body_sha256(&load(&self.input, limits.file_bytes).ok()?, limits)
    }
}

/// Checks a body as if it were in `folder`. It takes the place of the file of the project that describes the same portal.
pub(crate) fn check_body(bytes: Vec<u8>, is_sent: bool, kind: Option<PortalKind>, folder: &Path) -> Checked {
    let mut projects = Projects::new(&SettingsLookup::Nearest, &[]);
    let folder = resolve_symlinks(folder);
    let project = projects.index_for_folder(&folder);
    let mut body = InputFile {
        name: BODY_NAME.into(),
        origin: Origin::Agent(AgentBody { bytes, replaces: None, is_sent }),
        inclusion: Inclusion::Explicit(WalkMatch::Included),
        project,
    };
    let mut inputs = vec![body.clone()];
    add_context_files(&[], &mut projects, &mut inputs);
    inputs.retain(|input| input.name != BODY_NAME);
    replace_own_file(&mut body, &mut inputs, projects.get(project));
    inputs.push(body.clone());
    Checked::new(body, inputs, projects, kind)
}
