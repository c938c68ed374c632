//! `portal-lint allow`: records the decision to accept a finding, with its reason.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::Allow;
use super::boundary::{Boundary, project_root};
use super::setup::describe_unknown_rule;
use super::streams::stderr;
use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::{Inclusion, InputFile, canonical_parent, display_path, display_relative_path, repository_root};
use crate::base::load::load;
use crate::base::sanitize::{is_unprintable, sanitize};
use crate::base::source::{Format, Source};
use crate::cli::atomic_write::{Refusal, create_or_replace, replace};
use crate::engine::decision::{Decision, append_entry};
use crate::engine::discovery::{add_context_files, discover};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::render::format_location;
use crate::rules::Rule;
use crate::rules::selection::{Selection, find_rule};
use crate::rules::wording::quote;
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;
use crate::settings::projects::{Projects, SettingsLookup};
use crate::syntax::edit::apply_edits;
use crate::syntax::parse;
use crate::syntax::pointer::is_same_or_below;

/// Records the decision and prints where. Every error leaves all files as they are.
pub(super) fn run(options: &Allow) -> Result<u8, Failure> {
    let rule = find_allowable_rule(&options.rule)?;
    let reason = validate_reason(&options.reason)?;
    let target = Target::read(&options.file)?;
    if let Some(until) = options.until
        && until < target.settings.today
    {
        return Err(Failure::Usage(format!("--until {until} has passed: nothing was allowed")));
    }
    let report = check(target.inputs.clone(), &target.settings);
    let findings = target.select_findings(&report, rule, options.pointer.as_deref())?;
    let decision = Decision { rule: rule.meta.name, reason, until: options.until };
    let location = match target.find_comment(&decision, rule, &findings) {
        Some((edit, changed)) => target.write_comment(&edit, &changed)?,
        None => target.write_entry(&decision, findings[0])?,
    };
    writeln!(stderr(), "allowed {} in {}", rule.meta.name, sanitize(&location))?;
    Ok(0)
}

/// The rule that the user names, if its findings can be allowed.
fn find_allowable_rule(name: &str) -> Result<&'static Rule, Failure> {
    let Some(rule) = find_rule(name) else {
        Selection::new(&[name.to_owned()], &[]).map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
        return Err(Failure::Usage(format!("{} is more than one rule: name one of them", quote(name))));
    };
    if rule.meta.is_about_the_file() {
        return Err(Failure::Usage(format!(
            "findings of {} cannot be allowed: a file that cannot be checked must not pass",
            rule.meta.name
        )));
    }
    Ok(rule)
}

fn validate_reason(reason: &str) -> Result<&str, Failure> {
    let reason = reason.trim_matches(' ');
    if reason.is_empty() {
        return Err(Failure::Usage("the reason is empty: say why this is allowed".into()));
    }
    if reason.chars().any(is_unprintable) {
        return Err(Failure::Usage("the reason has a line break or another control character: write one line".into()));
    }
    Ok(reason)
}

/// The file in which something is allowed.
struct Target {
    /// The file, and the other files of its project.
    inputs: Vec<InputFile>,
    /// The index of the file in `inputs`.
    index: usize,
    settings: Settings,
    source: Source,
}

impl Target {
    /// Reads the file. Fails if it is outside the project of the current folder, or cannot be read or parsed.
    fn read(path: &Path) -> Result<Self, Failure> {
        let name = quote_path(path);
        if path == Path::new("-") || path.is_dir() {
            return Err(Failure::Usage(format!("{name} is not a file: name the file that has the finding")));
        }
        ensure_inside_project(path)?;
        let paths = [path.to_owned()];
        let mut projects = Projects::new(&SettingsLookup::Nearest, &paths);
        let mut inputs = discover(&paths, &mut projects, false);
        add_context_files(&paths, &mut projects, &mut inputs);
        let settings = Settings { projects: projects.into_vec(), ..Settings::default() };
        let index = inputs.iter().position(|input| matches!(input.inclusion, Inclusion::Explicit(_)));
        let Some(index) = index else { return Err(Failure::Usage(format!("{name} cannot be read"))) };
        let limits = &settings.project(&inputs[index]).limits;
        let source = load(&inputs[index], limits.file_bytes)
            .map_err(|error| Failure::Usage(format!("{name} cannot be read: {error}")))?;
        if !parse(&source, limits).errors.is_empty() {
            return Err(Failure::Usage(format!("{name} has syntax errors: correct them first")));
        }
        Ok(Self { inputs, index, settings, source })
    }

    fn input(&self) -> &InputFile {
        &self.inputs[self.index]
    }

    fn path(&self) -> &Path {
        self.input().path().unwrap_or(Path::new(&self.input().name))
    }

    /// The findings of the rule that are not allowed yet. They all have the same location.
    fn select_findings<'r>(
        &self,
        report: &'r Report,
        rule: &Rule,
        pointer: Option<&str>,
    ) -> Result<Vec<&'r Diagnostic>, Failure> {
        let name = quote_path(self.path());
        let mut findings = Vec::new();
        let mut allowed_by = None;
        for diagnostic in &report.diagnostics {
            let is_requested = pointer.is_none_or(|pointer| is_same_or_below(&diagnostic.pointer, pointer));
            if diagnostic.code != rule.code || report.file(diagnostic.file).name != self.input().name || !is_requested {
                continue;
            }
            match &diagnostic.allowed {
                None => findings.push(diagnostic),
                Some(allowed) => allowed_by = Some(&allowed.source),
            }
        }
        let rule = rule.meta.name;
        let Some(first) = findings.first() else {
            let at = pointer.map(|pointer| format!(" at {}", quote(pointer))).unwrap_or_default();
            return Err(Failure::Usage(match allowed_by {
                Some(source) => format!("{rule} is already allowed in {name}{at}, by {}", sanitize(source)),
                None => format!("{name} has no finding of {rule}{at}"),
            }));
        };
        let first_location = (first.document, &first.pointer);
        if findings.iter().all(|finding| (finding.document, &finding.pointer) == first_location) {
            return Ok(findings);
        }
        let mut message = format!("{name} has several findings of {rule}: select one with --pointer");
        for finding in findings {
            let (location, pointer) = (format_location(report, finding), &finding.pointer);
            // Writing to a string cannot fail.
            let _ = write!(message, "\n  {} --pointer {}", sanitize(&location), sanitize(pointer));
        }
        Err(Failure::Usage(message))
    }

    /// The comment that allows the findings, and the text with it. `None` if the file has no comments, or if none at this place would allow all findings.
    fn find_comment(&self, decision: &Decision<'_>, rule: &Rule, findings: &[&Diagnostic]) -> Option<(Edit, String)> {
        if self.source.format() == Format::Json {
            return None;
        }
        let limits = &self.settings.project(self.input()).limits;
        let first = findings.first()?;
        let parsed = parse(&self.source, limits);
        let edit = decision.insert_comment(&self.source, &parsed, limits, first.region.start.offset)?;
        let mut inputs = self.inputs.clone();
        let changed = apply_edits(self.source.text(), [&edit])?;
        inputs[self.index].origin = inputs[self.index].origin.with_bytes(changed.clone().into_bytes());
        let report = check(inputs, &self.settings);
        let remains = report.findings().any(|diagnostic| {
            diagnostic.code == rule.code
                && diagnostic.document == first.document
                && diagnostic.pointer == first.pointer
                && report.file(diagnostic.file).name == self.input().name
        });
        (!remains).then_some((edit, changed))
    }

    /// Writes the text with the comment, and returns the place of the comment.
    fn write_comment(&self, edit: &Edit, changed: &str) -> Result<String, Failure> {
        let path = self.path();
        let within = Boundary::for_named_file().folders_for(self.input(), path, &self.settings);
        let before = self.source.text();
        replace(path, &within, before.as_bytes(), changed.as_bytes()).map_err(|why| describe_refusal(path, &why))?;
        Ok(format!("{}:{}", self.input().name, self.source.position(edit.span.start).line))
    }

    /// Adds an entry to the settings, and returns its place.
    fn write_entry(&self, decision: &Decision<'_>, finding: &Diagnostic) -> Result<String, Failure> {
        let (file, root, before) = self.settings_file()?;
        let folder = canonical_parent(self.path());
        let relative_folder = display_path(folder.strip_prefix(&root).unwrap_or(&folder));
        let entry = decision.settings_entry(self.path(), &relative_folder, finding);
        let Some(entry) = entry else {
            let name = quote_path(self.path());
            return Err(Failure::Usage(format!(
                "no pattern can match {name}: its name is not UTF-8, or contains a backslash"
            )));
        };
        let source = Source::new(SETTINGS_FILE, before.as_deref().unwrap_or_default(), Format::Toml);
        let Some(edit) = append_entry(&source, &entry) else {
            let name = display_relative_path(&file);
            return Err(Failure::Usage(format!(
                "`{}` cannot be extended: correct its syntax errors, or write `allow` as `[[allow]]` entries",
                sanitize(&name)
            )));
        };
        let Some(after) = apply_edits(source.text(), [&edit]) else {
            return Err(Failure::Usage(format!("{} was changed in the meantime", quote_path(&file))));
        };
        create_or_replace(&file, &[root], before.as_deref().map(str::as_bytes), after.as_bytes())
            .map_err(|why| describe_refusal(&file, &why))?;
        let line = after.lines().count() - edit.replacement.trim_start().lines().count() + 1;
        Ok(format!("{}:{line}", display_relative_path(&file)))
    }

    /// The settings file for the entry, the root of its project, and its text. Without settings, that is a new file at the root of
    /// the git repository or, without git, next to the portal.
    fn settings_file(&self) -> Result<(PathBuf, PathBuf, Option<String>), Failure> {
        let project = self.settings.project(self.input());
        let (Some(file), Some(root)) = (&project.file, &project.root) else {
            let folder = canonical_parent(self.path());
            let root = repository_root(&folder).map(Path::to_owned).unwrap_or(folder);
            return Ok((root.join(SETTINGS_FILE), root, None));
        };
        match file.real_path_in_own_folder() {
            Some(path) if !file.is_unread => Ok((path, root.clone(), Some(file.text.clone()))),
            _ => {
                let name = quote(&file.input.name);
                Err(Failure::Usage(format!("{name} cannot be read, or is a symlink that leads out of the project")))
            }
        }
    }
}

/// Fails if the current folder is in a project (or, without settings, in a git repository) and the file is outside of it.
fn ensure_inside_project(path: &Path) -> Result<(), Failure> {
    let current = Path::new(".").canonicalize().unwrap_or_default();
    let root = project_root(&current).or_else(|| repository_root(&current).map(Path::to_owned));
    let real_path = path.canonicalize().unwrap_or_else(|_| canonical_parent(path));
    match root {
        Some(root) if !real_path.starts_with(&root) => Err(Failure::Usage(format!(
            "{} is outside the project {}: run the command in its own project",
            quote_path(path),
            quote(&display_path(&root))
        ))),
        _ => Ok(()),
    }
}

fn describe_refusal(path: &Path, why: &Refusal) -> Failure {
    Failure::Usage(format!("{} cannot be written: {why}", quote_path(path)))
}

fn quote_path(path: &Path) -> String {
    format!("`{}`", sanitize(&display_path(path)))
}
