//! A round: one run of the check, over the open texts of one project.
//!
//! What is open takes the place of the files on disk, the settings and the account snapshot included; the other files of
//! the project are read for what the open ones are compared with. A text that is in no project is a round of its own: what
//! is found in it does not hang on what else is open.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use crate::base::file::{Inclusion, InputFile, Origin, canonical_parent, shown};
use crate::base::source::Source;
use crate::engine::discovery::{add_context_files, discover, named, sort};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::lsp::documents::{Document, Documents};
use crate::render::uri::of_path;
use crate::settings::Settings;
use crate::settings::project::{NAME, Project};
use crate::settings::projects::{self, Projects};

/// What a round is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnalysisKey {
    /// The project in this folder.
    Project(PathBuf),
    /// The text with this URI.
    Text(String),
}

impl AnalysisKey {
    /// Of an open text.
    pub fn of(uri: &str, document: &Document, documents: &Documents) -> Self {
        let folder = document.path.as_deref().map(canonical_parent);
        let has_settings = |folder: &&Path| {
            let file = folder.join(NAME);
            file.symlink_metadata().is_ok() || documents.of_file(&file).is_some()
        };
        let root = folder.as_ref().and_then(|folder| folder.ancestors().find(has_settings));
        root.map_or_else(|| Self::Text(uri.to_owned()), |root| Self::Project(root.to_owned()))
    }

    /// All there are, each with the URIs of its texts. To be looked up once and handed on: each asks the file system.
    pub fn all(documents: &Documents) -> BTreeMap<Self, Vec<&str>> {
        let mut all: BTreeMap<Self, Vec<&str>> = BTreeMap::new();
        for (uri, document) in documents.iter() {
            all.entry(Self::of(uri, document, documents)).or_default().push(uri);
        }
        all
    }
}

/// See the module.
#[derive(Debug)]
pub struct ProjectAnalysis {
    /// What was found, with the edits as they are to be made.
    pub report: Report,
    /// What it was found with.
    pub settings: Settings,
    /// The open texts that were looked at, and their URIs, by their names in the report.
    texts: HashMap<String, (String, InputFile)>,
    /// The other files that the report may speak of, by their names.
    others: HashMap<String, InputFile>,
}

impl ProjectAnalysis {
    /// Looks at all that is open of a subject: the texts with the URIs `own`.
    pub fn new(subject: &AnalysisKey, own: &[&str], documents: &Documents) -> Self {
        // Each round has its own copy, so that of all that is open only the settings are copied.
        let settings = documents.iter().filter(|(_, document)| document.is_settings());
        let real = settings.filter_map(|(_, document)| Some((document.real_path.clone()?, bytes(document))));
        let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &[]).with_texts(real.collect());
        let own: Vec<(&str, &Document)> = own.iter().filter_map(|uri| Some((*uri, documents.get(uri)?))).collect();
        let texts = texts(&own, &mut projects);
        let mut inputs: Vec<InputFile> = texts.values().map(|(_, input)| input.clone()).collect();
        sort(&mut inputs);
        if let AnalysisKey::Project(root) = subject {
            // Of a settings file that is open alone something is said, too.
            projects.of_folder(root);
            // What the decisions in it are good for, only all files together can tell.
            let is_whole = own.iter().any(|(_, document)| document.is_settings());
            complete(&mut inputs, root, &mut projects, is_whole);
        }
        let projects = with_accounts(projects.into_vec(), documents);
        let settings = Settings { with_edits: true, projects, ..Settings::default() };
        let of_project = |project: &Project| project.file.as_ref().map(|file| file.input.clone());
        let of_projects = settings.projects.iter().flat_map(|project| [of_project(project), project.account.clone()]);
        let others = inputs.iter().filter(|input| !texts.contains_key(&input.name)).cloned();
        let others = others.chain(of_projects.flatten()).map(|input| (input.name.clone(), input)).collect();
        Self { report: check(inputs, &settings), settings, texts, others }
    }

    /// The open text of a file of the report.
    pub fn input(&self, file: usize) -> Option<&InputFile> {
        self.texts.get(&self.report.files.get(file)?.name).map(|(_, input)| input)
    }

    /// The file of the report that is an open text.
    pub fn file(&self, uri: &str) -> Option<usize> {
        let is_it = |name| self.texts.get(name).is_some_and(|(own, _)| own == uri);
        self.report.files.iter().position(|file| is_it(&file.name))
    }

    /// Whether a text is the account snapshot that some of it is held against.
    pub fn asks(&self, document: &Document) -> bool {
        let accounts = self.settings.projects.iter().filter_map(|project| project.account.as_ref());
        document.real_path.is_some() && accounts.map(InputFile::real_path).any(|path| path == document.real_path)
    }

    /// Where a file of the report is, and the text in which its places are counted.
    pub fn home<'r>(&'r self, file: usize, documents: &'r Documents) -> Option<(Uri, &'r Source)> {
        let file = self.report.files.get(file)?;
        if let Some((uri, _)) = self.texts.get(&file.name) {
            return Some((uri.as_str().into(), &documents.get(uri)?.source));
        }
        let path = self.others.get(&file.name)?.real_path()?;
        match documents.of_file(&path) {
            Some((uri, document)) => Some((uri.into(), &document.source)),
            None => Some((of_path(&shown(&path)).into(), file.source.as_deref()?)),
        }
    }
}

/// The open texts that are files of the run. One file that is open in two ways is one file.
fn texts(own: &[(&str, &Document)], projects: &mut Projects) -> HashMap<String, (String, InputFile)> {
    let mut texts: HashMap<String, (String, InputFile)> = HashMap::new();
    let mut seen = HashSet::new();
    for (uri, document) in own {
        if document.real_path.as_ref().is_none_or(|path| seen.insert(path))
            && let Some(input) = input(document, projects)
        {
            texts.insert(input.name.clone(), ((*uri).to_owned(), input));
        }
    }
    texts
}

/// The account snapshots that are open take the place of those on disk. Which ones they are, only the settings say.
fn with_accounts(mut projects: Vec<Project>, documents: &Documents) -> Vec<Project> {
    for account in projects.iter_mut().filter_map(|project| project.account.as_mut()) {
        if let Some((_, document)) = account.real_path().and_then(|path| documents.of_file(&path)) {
            account.origin = Origin::Memory(bytes(document));
        }
    }
    projects
}

/// Adds the other files of the project: to be compared with, or to be looked at as well.
fn complete(inputs: &mut Vec<InputFile>, root: &PathBuf, projects: &mut Projects, is_whole: bool) {
    if is_whole && inputs.is_empty() {
        *inputs = discover(std::slice::from_ref(root), projects, true);
        return;
    }
    add_context_files(&[], projects, inputs);
    for input in inputs {
        input.reason = match input.reason {
            Inclusion::ContextOnly { called: true } if is_whole => Inclusion::ByName,
            Inclusion::ContextOnly { called: false } if is_whole => Inclusion::Candidate,
            reason => reason,
        };
    }
}

fn bytes(document: &Document) -> Vec<u8> {
    document.source.text().as_bytes().to_vec()
}

/// An open text as a file of the run, if walking would take it: what a project leaves out is left out here, too.
fn input(document: &Document, projects: &mut Projects) -> Option<InputFile> {
    let name = document.source.name().to_owned();
    match &document.path {
        Some(path) => {
            let found = named(path, projects, true)?;
            Some(InputFile { name, origin: Origin::Memory(bytes(document)), ..found })
        }
        // It is in no file, and what it is, its content says.
        None => {
            Some(InputFile { name, origin: Origin::Stdin(bytes(document)), reason: Inclusion::Candidate, project: 0 })
        }
    }
}
