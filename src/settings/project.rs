//! A project: the folder of a `portal-lint.toml`, and what the file says. Nothing of it is merged with another.

use std::path::{Component, Path, PathBuf};

use super::patterns::Patterns;
use super::severities::Severities;
use crate::base::file::{Inclusion, InputFile, Origin, canonical_parent, relative, repository_root, shown};
use crate::base::load;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::model::account::{AccountPolicy, Words};
use crate::rules::context::{FileContext, RuleFinding, SettingsContext, Sink};
use crate::rules::{RULES, Rule};
use crate::schema::{Schema, judge_own};
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, Parsed, Value};

/// What the settings file is called.
pub const NAME: &str = "portal-lint.toml";

/// See the module. The default one is no project: no folder, and nothing is set.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Its real folder.
    pub root: Option<PathBuf>,
    /// Its settings file, and what was said about it.
    pub file: Option<SettingsFile>,
    /// What walking a folder takes as portals; `None` is what the contract says of a folder without settings.
    pub include: Option<Patterns>,
    /// What walking leaves out.
    pub exclude: Patterns,
    /// How much a file may hold.
    pub limits: Limits,
    /// Severities that are not the rules' own.
    pub severities: Severities,
    /// The account snapshot.
    pub account: Option<InputFile>,
    /// What the settings name as the snapshot, if it lies outside the repository: it is not read.
    pub outside_account: Option<InputFile>,
    /// What is expected of the account.
    pub expectations: AccountPolicy,
    /// `[[allow]]`, each with its files.
    pub allows: Vec<(Patterns, Suppression)>,
}

/// The file with the settings.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    /// Its name as it is shown, and where it is.
    pub input: InputFile,
    /// Its text; empty when it could not be read.
    pub text: String,
    /// What is wrong with it.
    pub raised: Vec<RuleFinding>,
    /// It could not be read at all.
    pub is_unread: bool,
}

impl SettingsFile {
    /// Its text as a source.
    pub fn source(&self) -> Source {
        Source::new(self.input.name.as_str(), self.text.as_str(), Format::Toml)
    }
}

impl Project {
    /// Reads the settings at `path`, for the project in the folder `root`. Whatever is wrong with them, what could be
    /// read holds.
    pub fn read(path: &Path, root: PathBuf) -> Self {
        let name = relative(path);
        let origin = Origin::Disk(Some(path.to_owned()));
        Self::of(InputFile { name, origin, reason: Inclusion::Internal, project: 0 }, root)
    }

    /// The same for settings from anywhere.
    pub fn of(input: InputFile, root: PathBuf) -> Self {
        let limit = Limits::default().file_bytes;
        match load::text(&input, limit) {
            Ok(text) => Self::from_text(input, root, text),
            Err(trouble) => {
                let is_unread =
                    !matches!(trouble, ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. });
                let source = Source::new(input.name.as_str(), "", Format::Toml);
                let raised = about_the_file(Some(&trouble), &source, &Parsed::default());
                let file = SettingsFile { input, text: String::new(), raised, is_unread };
                Self { root: Some(root), file: Some(file), ..Self::default() }
            }
        }
    }

    fn from_text(input: InputFile, root: PathBuf, text: String) -> Self {
        let source = Source::new(input.name.as_str(), text, Format::Toml);
        let parsed = syntax::parse(&source, &Limits::default());
        let mut raised = about_the_file(None, &source, &parsed);
        let folder = canonical_parent(input.path().unwrap_or(Path::new(NAME)));
        let boundaries = [account_boundary(&folder), account_boundary(&root)];
        let mut project = Self { root: Some(root), ..Self::default() };
        if let Some(document) = parsed.documents.first() {
            let root = Cursor::root(document);
            project.take_account(&root, &folder, &boundaries);
            let violations = &judge_own(document, Schema::Settings)[..];
            for (rule, look) in RULES.iter().filter_map(|rule| Some((rule, rule.check_settings?))) {
                let leads_out = project.outside_account.is_some();
                let code = rule.code;
                look(&mut SettingsContext {
                    root,
                    violations,
                    account_leads_out: leads_out,
                    code,
                    raised: &mut raised,
                });
            }
            project.take(&root, &source);
        }
        let text = source.text().to_owned();
        project.file = Some(SettingsFile { input, text, raised, is_unread: false });
        project
    }

    /// Takes what is right; what is wrong has been said.
    fn take(&mut self, root: &Cursor<'_>, source: &Source) {
        let include = root.at("include");
        self.include = matches!(include.value(), Some(Value::Array(_))).then(|| Patterns::of(&include));
        self.exclude = Patterns::of(&root.at("exclude"));
        self.limits = limits(&root.at("limits"));
        self.expectations = expectations(&root.at("account-words"), &root.at("days"));
        self.severities = Severities::of(root);
        let entries = root.at("allow").items();
        self.allows = entries
            .filter(|entry| matches!(entry.at("files").value(), Some(Value::Array(_))))
            .filter_map(|entry| Some((Patterns::of(&entry.at("files")), Suppression::of_entry(&entry, source)?)))
            .collect();
    }

    /// Takes the account snapshot if it lies inside one of the real folders `boundaries`: a file of the machine that somebody
    /// names in a repository could be shown in the report.
    fn take_account(&mut self, root: &Cursor<'_>, folder: &Path, boundaries: &[PathBuf]) {
        let Some(account) = root.at("account").text().map(|path| Self::beside(folder, path)) else { return };
        let is_inside = |path: &PathBuf| {
            let has_parent = path.components().any(|component| component == Component::ParentDir);
            !has_parent && boundaries.iter().any(|boundary| path.starts_with(boundary))
        };
        if account.real_path().as_ref().is_some_and(is_inside) {
            self.account = Some(account);
        } else {
            self.outside_account = Some(account);
        }
    }

    /// A file of the linter's own, by its way from the folder of the settings.
    fn beside(folder: &Path, way: &str) -> InputFile {
        let path = folder.join(way);
        let name = relative(&path);
        InputFile { name, origin: Origin::Disk(Some(path)), reason: Inclusion::Internal, project: 0 }
    }

    /// The way from its folder to another real one, `/` between the parts; `None` for one elsewhere.
    pub fn way_to(&self, folder: &Path) -> Option<String> {
        folder.strip_prefix(self.root.as_deref()?).ok().map(shown)
    }

    /// Whether walking takes a file of this way from the folder; `None` when the settings do not say and the content
    /// decides.
    pub fn takes(&self, way: &str) -> Option<bool> {
        if self.exclude.match_path(way) {
            return Some(false);
        }
        self.include.as_ref().map(|include| include.match_path(way))
    }
}

/// The folder that the account snapshot must lie in: the repository around a folder, or else the folder itself.
fn account_boundary(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    repository_root(&folder).map(Path::to_owned).unwrap_or(folder)
}

/// The rules of a file that hold for settings as well.
fn about_the_file(trouble: Option<&ReadError>, source: &Source, parsed: &Parsed<'_>) -> Vec<RuleFinding> {
    let mut said = Sink::default();
    for (rule, look) in RULES.iter().filter_map(|rule: &Rule| Some((rule, rule.check_file?))) {
        let errors = &parsed.errors;
        look(&mut FileContext {
            trouble,
            source,
            errors,
            remarks: &[],
            strangers: &[],
            code: rule.code,
            said: &mut said,
        });
    }
    said.raised
}

fn number(slot: &Cursor<'_>) -> Option<u64> {
    match slot.value() {
        Some(Value::Number(text)) => text.parse::<u64>().ok().filter(|number| *number > 0),
        _ => None,
    }
}

fn expectations(words: &Cursor<'_>, days: &Cursor<'_>) -> AccountPolicy {
    let usual = AccountPolicy::default();
    let list = |key: &'static str, usual: Words| match words.at(key).value() {
        Some(Value::Array(_)) => {
            words.at(key).items().filter_map(|word| Some(word.text()?.to_owned().into())).collect()
        }
        _ => usual,
    };
    let days = |key, usual| number(&days.at(key)).map_or(usual, |days| u32::try_from(days).unwrap_or(u32::MAX));
    AccountPolicy {
        dns: list("dns", usual.dns),
        ssl: list("ssl", usual.ssl),
        certificate_days: days("certificate", usual.certificate_days),
        snapshot_days: days("snapshot", usual.snapshot_days),
    }
}

/// What is beyond a bound has been reported, and the usual limit holds.
fn limits(table: &Cursor<'_>) -> Limits {
    let (usual, most) = (Limits::default(), Limits::MAX);
    let size = |key, usual, most: usize| {
        let wanted = number(&table.at(key)).and_then(|number| usize::try_from(number).ok());
        wanted.filter(|wanted| *wanted <= most).unwrap_or(usual)
    };
    let file_bytes = number(&table.at("file-bytes")).filter(|wanted| *wanted <= most.file_bytes);
    Limits {
        file_bytes: file_bytes.unwrap_or(usual.file_bytes),
        depth: size("depth", usual.depth, most.depth),
        nodes: size("nodes", usual.nodes, most.nodes),
    }
}
