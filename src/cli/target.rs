//! The file that a command such as `allow` or `bind` is about, and the settings file that the command adds an entry to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::account_arg::use_account;
use super::boundary::project_root;
use super::{Failure, refuse};
use crate::base::diagnostic::Edit;
use crate::base::file::{
    Inclusion, InputFile, canonical_parent, display_path, display_relative_path, new_settings_folder, repository_root,
};
use crate::base::folders::current_folder;
use crate::base::load::load;
use crate::base::sanitize::sanitize;
use crate::base::source::{Format, Source};
use crate::cli::atomic_write::{Refusal, create_or_replace};
use crate::engine::decision::append_entry;
use crate::engine::discovery::{
    add_context_files, add_context_files_without_project, discover, resolve_internal, sort_and_dedup,
};
use crate::rules::wording::quote;
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;
use crate::settings::projects::{Projects, SettingsLookup};
use crate::syntax::edit::apply_edits;
use crate::syntax::parse;

/// The file that a command is about.
pub(super) struct Target {
    /// The files of its project.
    pub inputs: Vec<InputFile>,
    /// The file, which is one of `inputs`.
    pub input: InputFile,
    pub settings: Settings,
    pub source: Source,
}

/// What the check of the file needs besides it.
#[derive(Default)]
pub(super) struct TargetContext<'a> {
    /// Texts that replace files, by canonical path.
    pub overlays: HashMap<PathBuf, Vec<u8>>,
    /// The account snapshot, instead of that of the settings.
    pub account: Option<&'a Path>,
    /// Whether the file is compared with the other files of its project. Without settings, the project is the folder in which new
    /// settings are created.
    pub compares_files: bool,
}

impl Target {
    /// Reads the file. Fails if it is outside the project of the current folder, or cannot be read or parsed.
    ///
    pub(super) fn read(path: &Path, context: TargetContext<'_>) -> Result<Self, Failure> {
        let name = quote_path(path);
        if path == Path::new("-") || path.is_dir() {
            return refuse(format!("{name} is not a file: name a file that contains a portal"));
        }
        ensure_inside_project(path)?;
        let paths = [path.to_owned()];
        let mut projects = Projects::new(&SettingsLookup::Nearest, &paths).with_overlays(context.overlays);
        let mut inputs = discover(&paths, &mut projects, false);
        add_context_files(&paths, &mut projects, &mut inputs);
        let has_settings = inputs.iter().any(|input| projects.get(input.project).file.is_some());
        if context.compares_files && !has_settings {
            add_context_files_without_project(&new_settings_folder(path), &mut projects, &mut inputs);
        }
        sort_and_dedup(&mut inputs);
        let mut settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        if let Some(account) = context.account {
            use_account(&resolve_internal(account), &inputs, &mut settings)?;
        }
        let named = inputs.iter().find(|input| matches!(input.inclusion, Inclusion::Explicit(_)));
        let Some(input) = named.cloned() else { return refuse(format!("{name} cannot be read")) };
        let limits = &settings.project(&input).limits;
        let source = load(&input, limits.file_bytes)
            .map_err(|error| Failure::Usage(format!("{name} cannot be read: {error}")))?;
        if !parse(&source, limits).errors.is_empty() {
            return refuse(format!("{name} has syntax errors: correct them first"));
        }
        Ok(Self { inputs, input, settings, source })
    }

    pub(super) fn path(&self) -> &Path {
        self.input.path().unwrap_or(Path::new(&self.input.name))
    }

    /// The path of the file's folder from the root of the project.
    pub(super) fn relative_folder(&self, file: &SettingsTarget) -> String {
        let folder = canonical_parent(self.path());
        display_path(folder.strip_prefix(&file.root).unwrap_or(&folder))
    }

    /// The settings file for an entry. Without settings, that is a new file at the root of the git repository or, without git, next
    /// to the portal.
    pub(super) fn settings_file(&self) -> Result<SettingsTarget, Failure> {
        let project = self.settings.project(&self.input);
        let (Some(file), Some(root)) = (&project.file, &project.root) else {
            let root = new_settings_folder(self.path());
            return Ok(SettingsTarget { path: root.join(SETTINGS_FILE), root, before: None });
        };
        match file.real_path_in_own_folder() {
            Some(path) if !file.is_unread => {
                Ok(SettingsTarget { path, root: root.clone(), before: Some(file.text.clone()) })
            }
            _ => {
                let name = quote(&file.input.name);
                refuse(format!("{name} cannot be read, or is a symlink that leads out of the project"))
            }
        }
    }
}

/// The settings file that an entry is added to.
pub(super) struct SettingsTarget {
    pub path: PathBuf,
    /// The folder of its project.
    pub root: PathBuf,
    /// Its text; `None` if it does not exist yet.
    pub before: Option<String>,
}

/// A settings file with a new entry, before it is written.
pub(super) struct ExtendedSettings {
    pub file: SettingsTarget,
    pub after: String,
    /// The line of the entry.
    pub line: usize,
}

impl SettingsTarget {
    /// Adds an entry to the array of tables with this name.
    pub(super) fn with_entry(self, entry: &str, table: &str) -> Result<ExtendedSettings, Failure> {
        let source = self.source();
        let Some(edit) = append_entry(&source, entry) else {
            let name = display_relative_path(&self.path);
            return refuse(format!(
                "`{}` cannot be extended: correct its syntax errors, or write `{table}` as `[[{table}]]` entries",
                sanitize(&name)
            ));
        };
        let blank_lines =
            edit.replacement[..edit.replacement.len() - edit.replacement.trim_start().len()].matches('\n');
        let line = source.position(edit.span.start).line as usize + blank_lines.count();
        self.with_edits(&[edit], line)
    }

    /// Changes the settings. `line` is where the changed entry is afterward.
    pub(super) fn with_edits(self, edits: &[Edit], line: usize) -> Result<ExtendedSettings, Failure> {
        let Some(after) = apply_edits(self.source().text(), edits) else {
            return refuse(format!("{} was changed in the meantime", quote_path(&self.path)));
        };
        Ok(ExtendedSettings { file: self, after, line })
    }

    /// Its text, which is empty if it does not exist yet.
    pub(super) fn source(&self) -> Source {
        Source::new(SETTINGS_FILE, self.before.as_deref().unwrap_or_default(), Format::Toml)
    }
}

impl ExtendedSettings {
    /// Writes the file, and returns the place of the entry.
    pub(super) fn write(&self) -> Result<String, Failure> {
        let SettingsTarget { path, root, before } = &self.file;
        create_or_replace(
            path,
            std::slice::from_ref(root),
            before.as_deref().map(str::as_bytes),
            self.after.as_bytes(),
        )
        .map_err(|why| describe_refusal(path, &why))?;
        Ok(format!("{}:{}", display_relative_path(path), self.line))
    }
}

/// Fails if the current folder is in a project (or, without settings, in a git repository) and the file is outside of it.
fn ensure_inside_project(path: &Path) -> Result<(), Failure> {
    let current = current_folder();
    let root = project_root(&current).or_else(|| repository_root(&current).map(Path::to_owned));
    let real_path = path.canonicalize().unwrap_or_else(|_| canonical_parent(path));
    match root {
        Some(root) if !real_path.starts_with(&root) && canonical_parent(path).starts_with(&root) => refuse(format!(
            "{} is a symlink that leads out of the project {}",
            quote_path(path),
            quote(&display_path(&root))
        )),
        Some(root) if !real_path.starts_with(&root) => refuse(format!(
            "{} is outside the project {}: run the command in its own project",
            quote_path(path),
            quote(&display_path(&root))
        )),
        _ => Ok(()),
    }
}

pub(super) fn describe_refusal(path: &Path, why: &Refusal) -> Failure {
    Failure::Usage(format!("{} cannot be written: {why}", quote_path(path)))
}

pub(super) fn quote_path(path: &Path) -> String {
    let name = display_path(path);
    format!("`{}`", if name.is_empty() { ".".to_owned() } else { sanitize(&name) })
}
