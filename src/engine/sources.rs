//! The files of a run, by [`FileId`]. Only this module loads the texts of portals, and masks the texts of all files for the report.
//!
//! A text is loaded once. It stays in memory until the report is built, because a finding about two files can name any file of
//! the run ("Memory" in `docs/design.md`).

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::base::file::{FileId, Inclusion, InputFile, Origin};
use crate::base::load;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::engine::project_paths::ProjectPaths;
use crate::model::portal::text_may_be_portal;
use crate::model::secrets::{Secrets, mask_all};
use crate::settings::Settings;
use crate::settings::bindings::Binding;
use crate::settings::environments::AccountScope;
use crate::settings::project::Project;
use crate::syntax;
use crate::syntax::Limits;

/// The files of a run.
pub(super) struct Sources {
    /// In the order of their IDs. A run that checks some of the files has gaps between the IDs.
    files: Vec<SourceFile>,
    /// The secrets that are masked in all files; see [`Sources::share_secrets`].
    run_secrets: Secrets,
}

/// A file of the run, with its account and its `[[portal]]` entries in the settings.
struct SourceFile {
    input: InputFile,
    scope: AccountScope,
    bindings: Vec<Binding>,
    /// See [`Sources::keep`].
    text: Option<Box<FileText>>,
}

/// A file that was loaded.
pub(super) struct LoadedFile {
    pub id: FileId,
    /// The text. Empty if the file could not be read. If it is not UTF-8, see [`load::load_undecodable`].
    pub source: Source,
    /// Why the file could not be read.
    pub read_error: Option<ReadError>,
}

/// The text of a file with its secrets.
struct FileText {
    source: Source,
    limits: Limits,
    /// Searched for when they are needed: the report does not show most files.
    secrets: OnceLock<Box<Secrets>>,
    /// The text with masked secrets, created when it is needed.
    masked: OnceLock<Box<Source>>,
}

impl FileText {
    fn secrets(&self) -> &Secrets {
        // Parse the text again, because its tree was not kept.
        self.secrets.get_or_init(|| Box::new(Secrets::find(&self.source, &syntax::parse(&self.source, &self.limits))))
    }

    fn mask(&self, run_secrets: &Secrets) -> Source {
        let own = self.secrets();
        if run_secrets.values().is_empty() {
            return own.mask_source(&self.source);
        }
        let own =
            own.clone().with_strings_of_run(run_secrets, &self.source, &syntax::parse(&self.source, &self.limits));
        own.mask_source_in_run(&self.source, run_secrets)
    }
}

impl Sources {
    pub(super) fn new(inputs: Vec<InputFile>, settings: &Settings) -> Self {
        let mut file_settings = FileSettings::new(settings);
        let snapshots = SnapshotPaths::from_settings(settings);
        let mut files = Vec::with_capacity(inputs.len());
        for mut input in inputs {
            // An account snapshot is not a portal, even if a folder walk found it.
            if snapshots.contains(&input) {
                input.inclusion = Inclusion::Internal;
            }
            let (scope, bindings) = file_settings.look_up(&input);
            files.push(SourceFile { input, scope, bindings, text: None });
        }
        debug_assert!(
            files.is_sorted_by(|a, b| a.input.id < b.input.id),
            "the inputs are sorted and have different IDs"
        );
        Self { files, run_secrets: Secrets::default() }
    }

    /// Adds a file after all others.
    pub(super) fn add(&mut self, input: InputFile) -> FileId {
        let id = self.files.last().map_or(FileId::default(), |last| last.input.id.next());
        let input = InputFile { id, ..input };
        let scope = AccountScope { project: input.project, environment: 0 };
        self.files.push(SourceFile { input, scope, bindings: Vec::new(), text: None });
        id
    }

    /// The IDs of all files.
    pub(super) fn ids(&self) -> impl Iterator<Item = FileId> {
        self.files.iter().map(|file| file.input.id)
    }

    fn index(&self, id: FileId) -> usize {
        self.files.partition_point(|file| file.input.id < id)
    }

    pub(super) fn file(&self, id: FileId) -> &InputFile {
        &self.files[self.index(id)].input
    }

    /// The account that a file belongs to.
    pub(super) fn scope(&self, id: FileId) -> AccountScope {
        self.files[self.index(id)].scope
    }

    /// Replaces a file with the same ID.
    pub(super) fn replace(&mut self, input: InputFile, scope: AccountScope, bindings: Vec<Binding>) {
        let index = self.index(input.id);
        self.files[index] = SourceFile { input, scope, bindings, text: None };
    }

    /// The `[[portal]]` entries for a file.
    pub(super) fn bindings(&self, id: FileId) -> &[Binding] {
        &self.files[self.index(id)].bindings
    }

    /// Loads a file. Returns `None` if a folder walk found it and it is not a portal.
    pub(super) fn load(&self, id: FileId, settings: &Settings) -> Option<LoadedFile> {
        let file = self.file(id);
        if file.inclusion == Inclusion::Internal {
            return None;
        }
        let limit = settings.project(file).limits.file_bytes;
        match load::load(file, limit) {
            Ok(source) => {
                let may_be_portal = !file.inclusion.needs_portal_content() || text_may_be_portal(source.text(), true);
                may_be_portal.then_some(LoadedFile { id, source, read_error: None })
            }
            Err(error) if reports_read_error(file, &error, limit) => {
                let text = load::load_undecodable(file, limit, &error);
                let format = Format::from_file_name(&file.name).unwrap_or(Format::Json);
                let source = Source::new(file.name.as_str(), text, format);
                Some(LoadedFile { id, source, read_error: Some(error) })
            }
            Err(_) => None,
        }
    }

    /// Keeps the text of a file for the report, with its secrets if they are known.
    pub(super) fn keep(&mut self, id: FileId, source: Source, limits: Limits, secrets: Option<Box<Secrets>>) {
        let secrets = secrets.map(OnceLock::from).unwrap_or_default();
        let index = self.index(id);
        self.files[index].text = Some(Box::new(FileText { source, limits, secrets, masked: OnceLock::new() }));
    }

    /// Searches a kept file for secrets that other files may repeat. `None` if its secrets are known.
    pub(super) fn find_unknown_secrets(&self, id: FileId) -> Option<Secrets> {
        let text = self.text(id).filter(|text| text.secrets.get().is_none())?;
        Some(Secrets::find_for_run(&text.source, &syntax::parse(&text.source, &text.limits)))
    }

    /// Collects the secrets that are masked in every file and message from the known secrets of the kept files and `others`, because any file
    /// can repeat a secret of another one. Must be called before [`masked`](Self::masked), which masks a text only once.
    pub(super) fn share_secrets<'s>(&mut self, others: impl Iterator<Item = &'s Secrets>) {
        let mut secrets: Vec<&Secrets> = others.collect();
        secrets.extend(self.files.iter().filter_map(|file| file.text.as_ref()?.secrets.get()).map(|known| &**known));
        self.run_secrets = Secrets::of_run(secrets);
    }

    fn text(&self, id: FileId) -> Option<&FileText> {
        self.files[self.index(id)].text.as_deref()
    }

    /// The secrets of a file; `None` if its text was not kept.
    pub(super) fn secrets(&self, id: FileId) -> Option<&Secrets> {
        Some(self.text(id)?.secrets())
    }

    /// The secrets that are masked in all files.
    pub(super) fn run_secrets(&self) -> &Secrets {
        &self.run_secrets
    }

    /// Takes the secrets that are masked in all files.
    pub(super) fn take_run_secrets(&mut self) -> Secrets {
        std::mem::take(&mut self.run_secrets)
    }

    /// Masks the secrets of a file and of the run in a message.
    pub(super) fn mask(&self, id: FileId, text: String) -> String {
        mask_all(text, &self.masking_secrets(id))
    }

    /// The secrets to mask in what the report shows of a file.
    pub(super) fn masking_secrets(&self, id: FileId) -> Vec<&Secrets> {
        self.secrets(id).into_iter().chain([&self.run_secrets]).collect()
    }

    /// The text of a file with masked secrets. Masking does not change the length, so all spans stay valid.
    pub(super) fn masked(&self, id: FileId) -> Option<&Source> {
        let text = self.text(id)?;
        Some(text.masked.get_or_init(|| Box::new(text.mask(&self.run_secrets))))
    }

    /// Takes the masked text of a file if [`masked`](Self::masked) created it.
    pub(super) fn take_masked(&mut self, id: FileId) -> Option<Box<Source>> {
        let index = self.index(id);
        self.files[index].text.take()?.masked.into_inner()
    }
}

/// Looks up the settings that apply to single files.
pub(super) struct FileSettings<'s> {
    settings: &'s Settings,
    projects: HashMap<usize, ProjectFileSettings<'s>>,
}

impl<'s> FileSettings<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, projects: HashMap::new() }
    }

    /// The account of a file, and its bindings.
    pub(super) fn look_up(&mut self, input: &InputFile) -> (AccountScope, Vec<Binding>) {
        let project = self.settings.project(input);
        let file_settings = self.projects.entry(input.project).or_insert_with(|| ProjectFileSettings::new(project));
        let (environment, bindings) = file_settings.look_up(input);
        (AccountScope { project: input.project, environment }, bindings)
    }
}

/// Looks up the settings of a project that apply to single files.
struct ProjectFileSettings<'s> {
    project: &'s Project,
    paths: ProjectPaths<'s>,
    bindings_by_path: HashMap<&'s str, Vec<&'s Binding>>,
}

impl<'s> ProjectFileSettings<'s> {
    fn new(project: &'s Project) -> Self {
        let mut bindings_by_path: HashMap<&str, Vec<&Binding>> = HashMap::new();
        for binding in &project.bindings {
            if let Some(path) = &binding.path {
                bindings_by_path.entry(path).or_default().push(binding);
            }
        }
        Self { project, paths: ProjectPaths::new(project), bindings_by_path }
    }

    /// The number of the environment of a file, and its bindings.
    fn look_up(&mut self, input: &InputFile) -> (usize, Vec<Binding>) {
        // Resolving a path accesses the file system: do so only if an entry needs it.
        if self.bindings_by_path.is_empty() && self.project.environments.is_empty() {
            return (0, Vec::new());
        }
        let path = self.paths.relative_path(input);
        let environment = match (&input.origin, &path) {
            (Origin::Agent(body), _) => body.environment.unwrap_or_default(),
            (_, Some(path)) => self.project.environment_of(path),
            (_, None) => 0,
        };
        let mut bindings = Vec::new();
        if let Some(path) = path
            && let Some(bindings_of_file) = self.bindings_by_path.get(path.as_str())
        {
            bindings.extend(bindings_of_file.iter().copied().cloned());
        }
        (environment, bindings)
    }
}

/// The account snapshots that the settings name, including those that `--account` leaves out.
#[derive(Default)]
struct SnapshotPaths {
    file_names: HashSet<OsString>,
    real_paths: HashSet<PathBuf>,
}

impl SnapshotPaths {
    fn from_settings(settings: &Settings) -> Self {
        let mut paths = Self::default();
        for scope in settings.account_scopes() {
            let account = settings.projects[scope.project].account(scope.environment);
            for snapshot in account.file.iter().chain(&account.left_out) {
                paths.file_names.extend(snapshot.path().and_then(Path::file_name).map(OsStr::to_owned));
                paths.real_paths.extend(snapshot.real_path());
            }
        }
        paths
    }

    fn contains(&self, file: &InputFile) -> bool {
        // Compare the names first: resolving the real path of every file is slow.
        let name = file.path().and_then(Path::file_name);
        name.is_some_and(|name| self.file_names.contains(name))
            && file.real_path().is_some_and(|path| self.real_paths.contains(&path))
    }
}

/// Whether a file that cannot be read is reported.
fn reports_read_error(file: &InputFile, error: &ReadError, limit: u64) -> bool {
    let is_not_text =
        matches!(error, ReadError::Utf16 | ReadError::Utf32 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. });
    match file.inclusion {
        // A folder can contain any JSON file in any encoding. It is reported only if it is likely to be a portal: if its ASCII characters
        // contain names of fields.
        Inclusion::Candidate if is_not_text => text_may_be_portal(&load::lossy_text(file, limit), false),
        Inclusion::Explicit(_) | Inclusion::ByName | Inclusion::Candidate => true,
        Inclusion::ContextOnly { .. } | Inclusion::Internal => false,
    }
}
