//! One run of the check on the open documents of one project.
//!
//! Open documents replace the files on disk, including the settings and the account snapshot. The other files of the project are
//! read because the open ones are compared with them. A document without a project gets an analysis of its own, so that its
//! result does not depend on what else is open.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use gen_lsp_types::Uri;

use crate::base::file::{FileId, Inclusion, InputFile, Origin, canonical_parent, display_path, real_path};
use crate::base::source::Source;
use crate::base::steps::count_steps;
use crate::engine::discovery::{add_context_files, discover, resolve_explicit, sort_and_dedup};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::lsp::documents::{Documents, OpenDocument};
use crate::render::uri::path_to_uri;
use crate::settings::Settings;
use crate::settings::project::{Project, SETTINGS_FILE};
use crate::settings::projects::{self, Projects};
use crate::syntax::Parsed;

/// What an analysis covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AnalysisKey {
    /// The project whose settings file is in this folder.
    Project(PathBuf),
    /// The document with this URI, which is in no project.
    Document(String),
}

impl AnalysisKey {
    /// The key of the analysis that covers an open document. Reads the file system.
    pub(super) fn for_document(uri: &str, document: &OpenDocument, documents: &Documents) -> Self {
        count_steps(1);
        if let Some(folder) = document.path.as_deref().map(canonical_parent) {
            for ancestor in folder.ancestors() {
                let settings_path = ancestor.join(SETTINGS_FILE);
                // The settings file may exist only in the editor, or it may be a broken link, which is reported.
                if settings_path.symlink_metadata().is_ok() || documents.with_real_path(&settings_path).is_some() {
                    return Self::Project(ancestor.to_owned());
                }
            }
        }
        Self::Document(uri.to_owned())
    }

    /// The keys of all analyses, each with the URIs of the open documents it covers. Reads the file system for each document:
    /// call it once and pass the result on.
    pub(super) fn group_documents(documents: &Documents) -> BTreeMap<Self, Vec<&str>> {
        let mut uris_by_key: BTreeMap<Self, Vec<&str>> = BTreeMap::new();
        for (uri, document) in documents.iter() {
            uris_by_key.entry(Self::for_document(uri, document, documents)).or_default().push(uri);
        }
        uris_by_key
    }
}

/// An open document that is an input of the check.
#[derive(Debug)]
struct OpenInput {
    uri: String,
    input: InputFile,
}

/// The result of one analysis. See the module documentation.
#[derive(Debug)]
pub(super) struct ProjectAnalysis {
    /// The findings, with the edits of their fixes and the trees of the files.
    pub report: Report,
    /// The settings of the run.
    pub settings: Settings,
    /// The open documents that were checked.
    open_inputs: HashMap<FileId, OpenInput>,
}

/// Which files of a project are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// The open documents. The other files are read for comparison only.
    OpenDocuments,
    /// All files.
    AllFiles,
}

/// The files and settings of an analysis that did not run yet.
pub(super) struct AnalysisInputs {
    inputs: Vec<InputFile>,
    open_inputs: HashMap<FileId, OpenInput>,
    projects: Vec<Project>,
}

impl AnalysisInputs {
    /// Collects the files of a project, with the texts of the open documents, which have these URIs.
    pub(super) fn new(key: &AnalysisKey, uris: &[&str], documents: &Documents, coverage: Coverage) -> Self {
        let mut projects = load_projects(documents);
        let mut covered = Vec::new();
        for uri in uris {
            covered.extend(documents.get(uri).map(|document| (*uri, document)));
        }
        let (mut inputs, mut uris_by_name) = collect_open_inputs(&covered, &mut projects);
        if let AnalysisKey::Project(root) = key {
            // Load the project even if only its settings file is open, because that file can have findings, too.
            projects.index_for_folder(root);
            // Whether a suppression in the settings is used is known only after all files were checked.
            let has_open_settings = covered.iter().any(|(_, document)| document.is_settings());
            let checks_all_files = has_open_settings || coverage == Coverage::AllFiles;
            add_closed_files(&mut inputs, root, &mut projects, checks_all_files);
        }
        sort_and_dedup(&mut inputs);
        let mut open_inputs = HashMap::new();
        for input in &inputs {
            if let Some(uri) = uris_by_name.remove(&input.name) {
                open_inputs.insert(input.id, OpenInput { uri, input: input.clone() });
            }
        }
        Self { inputs, open_inputs, projects: with_open_snapshots(projects.into_vec(), documents) }
    }

    /// A file on disk that is not open and in no project.
    pub(super) fn single(input: InputFile) -> Self {
        Self { inputs: vec![input], open_inputs: HashMap::new(), projects: vec![Project::default()] }
    }

    /// The number of files that the analysis reads.
    pub(super) fn file_count(&self) -> usize {
        self.inputs.len()
    }

    /// Checks the files.
    pub(super) fn check(self) -> ProjectAnalysis {
        let Self { inputs, open_inputs, projects } = self;
        let settings = Settings { with_edits: true, with_trees: true, projects, ..Settings::default() };
        ProjectAnalysis { report: check(inputs, &settings), settings, open_inputs }
    }
}

impl ProjectAnalysis {
    /// The input of a file of the report, if it is an open document.
    pub(super) fn input(&self, file: FileId) -> Option<&InputFile> {
        Some(&self.open_inputs.get(&file)?.input)
    }

    /// The input of an open document, whether it is part of the report or not.
    pub(super) fn input_of_uri(&self, uri: &str) -> Option<&InputFile> {
        let open_input = self.open_inputs.values().find(|open_input| open_input.uri == uri)?;
        Some(&open_input.input)
    }

    /// The ID of an open document that is part of the report.
    pub(super) fn file_id(&self, uri: &str) -> Option<FileId> {
        let id = self.input_of_uri(uri)?.id;
        self.report.files.binary_search_by_key(&id, |file| file.id).is_ok().then_some(id)
    }

    /// The tree of an open settings file.
    pub(super) fn settings_tree(&self, document: &OpenDocument) -> Option<&Parsed<'static>> {
        let mut files = self.settings.projects.iter().filter_map(|project| project.file.as_ref());
        files.find(|file| file.input.real_path() == document.real_path).map(|file| &file.tree)
    }

    /// The URIs of the settings files and account snapshots that are not open.
    pub(super) fn closed_settings_and_snapshots(&self, documents: &Documents) -> BTreeSet<String> {
        let mut uris = BTreeSet::new();
        for project in &self.settings.projects {
            let settings_file = project.file.iter().map(|file| &file.input);
            for path in settings_file.chain(project.snapshots()).filter_map(InputFile::real_path) {
                if documents.with_real_path(&path).is_none() {
                    uris.insert(path_to_uri(&display_path(&path)));
                }
            }
        }
        uris
    }

    /// Whether a document is the account snapshot of one of the projects.
    pub(super) fn uses_as_snapshot(&self, document: &OpenDocument) -> bool {
        let Some(path) = &document.real_path else { return false };
        let mut snapshots = self.settings.projects.iter().flat_map(Project::snapshots);
        snapshots.any(|snapshot| snapshot.real_path().as_ref() == Some(path))
    }

    /// The URI of a file of the report, and the text that its positions refer to.
    pub(super) fn locate_file<'r>(&'r self, file: FileId, documents: &'r Documents) -> Option<(Uri, &'r Source)> {
        if let Some(open_input) = self.open_inputs.get(&file) {
            let document = documents.get(&open_input.uri)?;
            return Some((open_input.uri.as_str().into(), &document.source));
        }
        let file = self.report.file(file);
        let path = real_path(file.path.as_deref()?);
        match documents.with_real_path(&path) {
            Some((uri, document)) => Some((uri.into(), &document.source)),
            None => Some((path_to_uri(&display_path(&path)).into(), file.source.as_deref()?)),
        }
    }
}

/// The projects, with the open settings files in place of those on disk.
pub(super) fn load_projects(documents: &Documents) -> Projects {
    // Each analysis has its own copy of these texts, so copy only the settings files and not every open document.
    let mut texts = HashMap::new();
    for (_, document) in documents.iter() {
        if document.is_settings()
            && let Some(path) = &document.real_path
        {
            texts.insert(path.clone(), to_bytes(document));
        }
    }
    Projects::new(&projects::SettingsLookup::Nearest, &[]).with_overlays(texts)
}

/// The open documents to check, and their URIs by name. A file that is open under two URIs is checked once.
fn collect_open_inputs(
    covered: &[(&str, &OpenDocument)],
    projects: &mut Projects,
) -> (Vec<InputFile>, HashMap<String, String>) {
    let (mut inputs, mut uris_by_name) = (Vec::new(), HashMap::new());
    let mut seen_paths = HashSet::new();
    for (uri, document) in covered {
        if let Some(path) = &document.real_path
            && !seen_paths.insert(path)
        {
            continue;
        }
        if let Some(input) = to_input(document, projects) {
            uris_by_name.insert(input.name.clone(), (*uri).to_owned());
            inputs.push(input);
        }
    }
    (inputs, uris_by_name)
}

/// Replaces account snapshots on disk by open documents. Which documents are snapshots is known only from the settings.
fn with_open_snapshots(mut projects: Vec<Project>, documents: &Documents) -> Vec<Project> {
    let accounts = projects.iter_mut().flat_map(Project::accounts_mut);
    for snapshot in accounts.filter_map(|account| account.file.as_mut()) {
        if let Some(path) = snapshot.real_path()
            && let Some((_, document)) = documents.with_real_path(&path)
        {
            snapshot.origin = Origin::Memory(to_bytes(document));
        }
    }
    projects
}

/// Adds the files of the project that are not open. Without `checks_all_files`, they are only compared with the open ones.
fn add_closed_files(inputs: &mut Vec<InputFile>, root: &PathBuf, projects: &mut Projects, checks_all_files: bool) {
    if checks_all_files && inputs.is_empty() {
        // `add_context_files` skips a project without inputs, but its other files decide which suppressions are used.
        *inputs = discover(std::slice::from_ref(root), projects, true);
        return;
    }
    add_context_files(&[], projects, inputs);
    if !checks_all_files {
        return;
    }
    for input in inputs {
        input.inclusion = match input.inclusion {
            Inclusion::ContextOnly { by_name: true } => Inclusion::ByName,
            Inclusion::ContextOnly { by_name: false } => Inclusion::Candidate,
            reason => reason,
        };
    }
}

fn to_bytes(document: &OpenDocument) -> Vec<u8> {
    document.source.text().as_bytes().to_vec()
}

/// The input for an open document. `None` if the project excludes its file, as in a run on the folder.
fn to_input(document: &OpenDocument, projects: &mut Projects) -> Option<InputFile> {
    let name = document.source.name().to_owned();
    if let Some(path) = &document.path {
        let found = resolve_explicit(path, projects, true)?;
        return Some(InputFile { name, origin: Origin::Memory(to_bytes(document)), ..found });
    }
    // An unsaved document has no path that could match the settings, so only its content shows whether it is a portal.
    let origin = Origin::Stdin(to_bytes(document));
    Some(InputFile::new(name, origin, Inclusion::Candidate))
}
