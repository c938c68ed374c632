//! A project: the folder of a `portal-lint.toml` and the settings in that file. Settings files are never merged.

use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use super::bindings::Binding;
use super::environments::{AccountSetting, ProjectEnvironment, account_boundary};
use super::patterns::{PatternLists, PatternUse, Patterns};
use super::severities::Severities;
use crate::base::diagnostic::Location;
use crate::base::file::{InputFile, canonical_parent, display_path, join_relative};
use crate::base::load;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::model::account::{AccountPolicy, StatusWords};
use crate::rules::config_contexts::{SettingsContext, SettingsFacts, UnusedPattern};
use crate::rules::context::{FileFacts, RuleFinding, Sink};
use crate::rules::{RULES, run_file_rules};
use crate::schema::{EmbeddedSchema, validate_own_file};
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, Parsed, Value};

/// The name of the settings file.
pub const SETTINGS_FILE: &str = "portal-lint.toml";

/// The settings of a project. The default value stands for files without a project: it has no folder, and all settings
/// have their default values.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The canonical path of its folder.
    pub root: Option<PathBuf>,
    /// Its settings file.
    pub file: Option<SettingsFile>,
    /// The files that a folder walk includes; `None` if the content of each file decides.
    pub include: Option<Patterns>,
    /// The files that a folder walk leaves out.
    pub exclude: Patterns,
    /// Which patterns match something; `None` unless a walk covers the whole project.
    pub(crate) pattern_use: Option<PatternUse>,
    /// The walked folders in the project, relative to its folder: an empty path stands for the whole project.
    pub(crate) walked_folders: Vec<PathBuf>,
    /// The limits on the size of its files.
    pub limits: Limits,
    /// The severities that replace those of the rules.
    pub severities: Severities,
    /// The account of the files that belong to no environment.
    pub default_account: AccountSetting,
    /// The `[[environment]]` entries.
    pub environments: Vec<ProjectEnvironment>,
    /// The files of `environments`.
    environment_files: PatternLists,
    /// The `[[portal]]` entries.
    pub bindings: Vec<Binding>,
    /// The accepted statuses, and the limits in days.
    pub account_policy: AccountPolicy,
    /// The `[[allow]]` entries, each with the files it applies to.
    pub allows: Vec<(Patterns, Suppression)>,
}

/// A settings file that was read, or that could not be read.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    /// Its name in reports, and its path.
    pub input: InputFile,
    /// Its text; empty if it could not be read. If it is not UTF-8, see [`load::load_undecodable`].
    pub text: String,
    /// Its tree; empty if it could not be read.
    pub tree: Parsed<'static>,
    /// The findings about the file itself.
    pub findings: Vec<RuleFinding>,
    /// Whether the system failed to read it (missing, no permission). The run is incomplete then.
    pub is_unread: bool,
}

impl SettingsFile {
    /// Returns the text as a source.
    pub fn source(&self) -> Source {
        Source::new(self.input.name.as_str(), self.text.as_str(), Format::Toml)
    }

    /// Returns the path of the file with symlinks resolved. `None` if it is a symlink to a file in another folder, which must not be
    /// changed for this project, because other projects may use it.
    pub(crate) fn real_path_in_own_folder(&self) -> Option<PathBuf> {
        let path = self.input.real_path()?;
        path.starts_with(canonical_parent(self.input.path()?)).then_some(path)
    }
}

impl Project {
    /// Reads a settings file, for the project in the folder `root`. Invalid settings are reported in [`SettingsFile::findings`]
    /// and keep their default values.
    pub fn from_input(input: InputFile, root: PathBuf) -> Self {
        Self::read(input, root, None)
    }

    /// Like [`Project::from_input`]. If a boundary is given, account snapshots outside of it are not read.
    pub(super) fn read(input: InputFile, root: PathBuf, boundary: Option<&Path>) -> Self {
        match load::load_text(&input, Limits::default().file_bytes) {
            Ok(text) => Self::from_text(input, root, text, boundary),
            Err(error) => {
                // A file with the wrong encoding was read, and has an ordinary finding, as other files do.
                let is_unread = !matches!(
                    error,
                    ReadError::Utf16 | ReadError::Utf32 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. }
                );
                let text = load::load_undecodable(&input, Limits::default().file_bytes, &error);
                let source = Source::new(input.name.as_str(), text, Format::Toml);
                let findings = check_file(Some(&error), &source, &Parsed::default());
                let text = source.text().to_owned();
                let file = SettingsFile { input, text, tree: Parsed::default(), findings, is_unread };
                Self { root: Some(root), file: Some(file), ..Self::default() }
            }
        }
    }

    fn from_text(input: InputFile, root: PathBuf, text: String, boundary: Option<&Path>) -> Self {
        let source = Source::new(input.name.as_str(), text, Format::Toml);
        let parsed = syntax::parse(&source, &Limits::default());
        let mut findings = check_file(None, &source, &parsed);
        let folder = canonical_parent(input.path().unwrap_or(Path::new(SETTINGS_FILE)));
        // A settings file from elsewhere (`--config`) may name a snapshot next to itself or in the project.
        let boundaries = match boundary {
            Some(boundary) => vec![boundary.to_owned()],
            None => vec![account_boundary(&folder), account_boundary(&root)],
        };
        let mut project = Self { root: Some(root), ..Self::default() };
        if let Some(document) = parsed.documents.first() {
            let settings = Cursor::root(document);
            project.default_account = AccountSetting::read(&settings.field("account"), &folder, &boundaries);
            for entry in settings.field("environment").items() {
                let account = AccountSetting::read(&entry.field("account"), &folder, &boundaries);
                let files = Patterns::from_list(&entry.field("files"));
                project.environments.push(ProjectEnvironment { files, account, scope: 0 });
            }
            project.number_environments();
            project.environment_files = PatternLists::new(project.environments.iter().map(|entry| &entry.files));
            let violations = validate_own_file(document, EmbeddedSchema::Settings);
            let accounts = project.accounts_mut().filter_map(|account| account.outside.as_ref());
            let outside_accounts: Vec<Location> = accounts.map(|(_, location)| location.clone()).collect();
            let facts = SettingsFacts {
                root: settings,
                violations: &violations,
                outside_accounts: &outside_accounts,
                has_root: boundary.is_some(),
            };
            for rule in RULES {
                let Some(check_settings) = rule.check_settings else { continue };
                check_settings(&mut SettingsContext { facts, code: rule.code, findings: &mut findings });
            }
            project.apply_settings(&settings, &source);
        }
        let tree = parsed.into_owned();
        let text = source.text().to_owned();
        project.file = Some(SettingsFile { input, text, tree, findings, is_unread: false });
        project
    }

    /// Applies all settings except the account. Invalid values are skipped, because the rules have reported them.
    fn apply_settings(&mut self, root: &Cursor<'_>, source: &Source) {
        let include = root.field("include");
        // An empty list includes nothing. Without a list, the content of each file decides.
        self.include = if is_array(&include) { Some(Patterns::from_list(&include)) } else { None };
        self.exclude = Patterns::from_list(&root.field("exclude"));
        self.limits = read_limits(&root.field("limits"));
        self.account_policy = read_account_policy(&root.field("account-words"), &root.field("days"));
        self.severities = Severities::from_settings(root);
        self.bindings = Binding::from_settings(root, self.root.as_deref().unwrap_or(Path::new(".")), source);
        for binding in self.bindings.clone() {
            let (Some(root), Some(path)) = (&self.root, &binding.path) else { continue };
            let environment = self.environment_of(path);
            if root.join(path).exists()
                && let Some(account) = self.accounts_mut().nth(environment)
            {
                account.bound_ids.insert(binding.id);
            }
        }
        for entry in root.field("allow").items() {
            let files = entry.field("files");
            // An entry without files must not apply to all of them.
            if !is_array(&files) {
                continue;
            }
            if let Some(suppression) = Suppression::from_settings_entry(&entry, source) {
                self.allows.push((Patterns::from_list(&files), suppression));
            }
        }
    }

    /// The account setting of an environment, given by its number. 0 stands for the files outside all environments.
    pub fn account(&self, environment: usize) -> &AccountSetting {
        let entry = environment.checked_sub(1).and_then(|index| self.environments.get(index));
        entry.map_or(&self.default_account, |entry| &entry.account)
    }

    /// The account snapshots that can be read.
    pub fn snapshots(&self) -> impl Iterator<Item = &InputFile> {
        (0..=self.environments.len()).filter_map(|environment| self.account(environment).file.as_ref())
    }

    /// The settings for all accounts.
    pub fn accounts_mut(&mut self) -> impl Iterator<Item = &mut AccountSetting> {
        std::iter::once(&mut self.default_account).chain(self.environments.iter_mut().map(|entry| &mut entry.account))
    }

    /// The number of the environment for which the settings name this snapshot; 0 for the account of the project.
    pub fn environment_with_snapshot(&self, snapshot: &InputFile) -> Option<usize> {
        let path = snapshot.real_path()?;
        (0..=self.environments.len()).find(|number| {
            let named_path = self.account(*number).named_file().and_then(InputFile::real_path);
            named_path.as_ref() == Some(&path)
        })
    }

    /// Sets the snapshots of all accounts.
    pub fn set_account(&mut self, snapshot: &InputFile) {
        for setting in self.accounts_mut() {
            setting.file = Some(snapshot.clone());
        }
    }

    /// Makes a file the snapshot of an environment, and leaves out the other accounts. With `None`, all accounts are left out.
    pub fn select_account(&mut self, snapshot: &InputFile, environment: Option<usize>) {
        for (number, setting) in self.accounts_mut().enumerate() {
            if Some(number) == environment {
                setting.file = Some(snapshot.clone());
            } else {
                setting.leave_out();
            }
        }
    }

    /// The number of the environment that the file at `path` (relative to the project's folder) belongs to, or 0. Environments with the
    /// same account are one.
    pub fn environment_of(&self, path: &str) -> usize {
        let first = self.environment_files.matching_lists(path).first().copied();
        first.map_or(0, |index| self.environments[index].scope)
    }

    /// Whether a folder walk covers the files of an environment, given by its number: it covers the whole project, or a file that the
    /// settings bind, which may be deleted. Of several entries with the same account, only the first one is an environment.
    pub(crate) fn is_walked(&self, environment: usize) -> bool {
        let entry = environment.checked_sub(1).and_then(|index| self.environments.get(index));
        if entry.is_some_and(|entry| entry.scope != environment) {
            return false;
        }
        for folder in &self.walked_folders {
            let mut bound_files = self.bindings.iter().filter_map(|binding| binding.path.as_deref());
            if folder.as_os_str().is_empty()
                || bound_files
                    .any(|file| Path::new(file).starts_with(folder) && self.environment_of(file) == environment)
            {
                return true;
            }
        }
        false
    }

    /// Gives each environment the number of the first one with the same account. The same snapshot can be named by several paths.
    fn number_environments(&mut self) {
        let mut numbers: HashMap<PathBuf, usize> = HashMap::new();
        let mut scopes = Vec::new();
        // The account of the project comes first, and has the number 0.
        for (number, account) in self.accounts_mut().enumerate() {
            let path = account.named_file().and_then(InputFile::real_path);
            scopes.push(path.map_or(number, |path| *numbers.entry(path).or_insert(number)));
        }
        for (environment, scope) in self.environments.iter_mut().zip(&scopes[1..]) {
            environment.scope = *scope;
        }
    }

    /// Returns the path of a canonical folder relative to the project's folder, separated by `/`, or `None` if the folder is
    /// outside.
    pub fn relative_path(&self, folder: &Path) -> Option<String> {
        let path = folder.strip_prefix(self.root.as_deref()?).ok()?;
        Some(display_path(path))
    }

    /// Returns the path of a file relative to the project's folder, separated by `/`, or `None` if the file is outside. The symlinks
    /// of folders are resolved, but the file itself may be one.
    pub(crate) fn relative_file_path(&self, path: &Path) -> Option<String> {
        let folder = self.relative_path(&canonical_parent(path))?;
        Some(join_relative(&folder, &path.file_name()?.to_string_lossy()))
    }

    /// Whether a folder walk includes the file at `path` (relative to the project's folder). `None` if the content of the file
    /// decides.
    pub fn includes(&self, path: &str) -> Option<bool> {
        if self.exclude.matches(path) {
            return Some(false);
        }
        let include = self.include.as_ref()?;
        Some(include.matches(path))
    }
}

impl Project {
    /// Starts to record which patterns match something, before a walk of the whole project.
    pub(crate) fn start_pattern_use(&mut self) {
        let environments = self.environments.iter().map(|entry| &entry.files);
        let allows = self.allows.iter().map(|(files, _)| files);
        let lists = std::iter::once(&self.exclude).chain(&self.include).chain(environments).chain(allows);
        self.pattern_use = Some(PatternUse::new(lists.chain(self.severities.overridden_files())));
    }

    /// Records a file or folder of a walk by its canonical path.
    pub(crate) fn record_path(&mut self, real_path: &Path, is_dir: bool) {
        if let (Some(pattern_use), Some(root)) = (&mut self.pattern_use, &self.root)
            && let Ok(path) = real_path.strip_prefix(root)
        {
            pattern_use.record_path(path, is_dir);
        }
    }

    /// The patterns that match nothing, if a walk covered the whole project. A file that the walk did not reach may still exist.
    pub(crate) fn unused_patterns(&self) -> Vec<UnusedPattern> {
        let (Some(pattern_use), Some(root)) = (&self.pattern_use, &self.root) else { return Vec::new() };
        let mut unused = pattern_use.unused_patterns();
        unused.retain(|pattern| !root.join(&pattern.text).exists());
        unused
    }
}

fn is_array(list: &Cursor<'_>) -> bool {
    matches!(list.value(), Some(Value::Array(_)))
}

/// Runs the rules about files on the settings file. TOML comments cannot suppress findings, and it is not expected to be a portal.
fn check_file(read_error: Option<&ReadError>, source: &Source, parsed: &Parsed<'_>) -> Vec<RuleFinding> {
    let mut sink = Sink::default();
    run_file_rules(&FileFacts { read_error, syntax_errors: &parsed.errors, ..FileFacts::new(source) }, &mut sink);
    sink.findings
}

fn read_positive_number(field: &Cursor<'_>) -> Option<u64> {
    let Some(Value::Number(text)) = field.value() else { return None };
    text.parse::<NonZeroU64>().ok().map(NonZeroU64::get)
}

fn read_account_policy(words: &Cursor<'_>, days: &Cursor<'_>) -> AccountPolicy {
    let default = AccountPolicy::default();
    AccountPolicy {
        dns_statuses: read_status_words(&words.field("dns"), default.dns_statuses),
        ssl_statuses: read_status_words(&words.field("ssl"), default.ssl_statuses),
        min_certificate_days: read_days(&days.field("certificate"), default.min_certificate_days),
        max_snapshot_days: read_days(&days.field("snapshot"), default.max_snapshot_days),
    }
}

fn read_status_words(list: &Cursor<'_>, default: StatusWords) -> StatusWords {
    if !is_array(list) {
        return default;
    }
    let texts = list.items().filter_map(|item| item.text());
    Cow::Owned(texts.map(|word| Cow::Owned(word.to_owned())).collect())
}

fn read_days(field: &Cursor<'_>, default: u32) -> u32 {
    match read_positive_number(field) {
        Some(days) => u32::try_from(days).unwrap_or(u32::MAX),
        None => default,
    }
}

/// Reads `[limits]`.
fn read_limits(table: &Cursor<'_>) -> Limits {
    let (default, max) = (Limits::default(), Limits::MAX);
    Limits {
        file_bytes: read_limit(&table.field("file-bytes"), default.file_bytes, max.file_bytes),
        depth: read_limit(&table.field("depth"), default.depth, max.depth),
        nodes: read_limit(&table.field("nodes"), default.nodes, max.nodes),
    }
}

/// Reads one limit. A value above the maximum is ignored, because a rule reports it.
fn read_limit<N: TryFrom<u64> + PartialOrd + Copy>(field: &Cursor<'_>, default: N, max: N) -> N {
    match read_positive_number(field).map(N::try_from) {
        Some(Ok(limit)) if limit <= max => limit,
        _ => default,
    }
}
