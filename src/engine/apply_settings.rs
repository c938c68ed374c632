//! What the settings make of the findings: other severities, recorded decisions, and what became of those.

use crate::engine::file_results;
use crate::rules::metadata;
use std::sync::Arc;

use crate::base::diagnostic::Code;
use crate::base::file::InputFile;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::report::FileResult;
use crate::rules::RULES;
use crate::rules::config_contexts::{SuppressionStatus, SuppressionsContext};
use crate::rules::context::RuleFinding;
use crate::settings::Settings;
use crate::settings::patterns::Patterns;
use crate::settings::project::{Project, SettingsFile};
use crate::settings::severities::RuleLevel;
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::Limits;

/// Goes through the files of each project; the settings files that something is said about become files of the report.
pub(super) fn decide(inputs: &mut Vec<InputFile>, checked: &mut Vec<FileResult>, settings: &Settings) {
    let mut said = Vec::new();
    let is_about_files = checked.iter().any(|file| file.listed);
    for (number, project) in settings.projects.iter().enumerate() {
        let files = Files::of(number, inputs, project);
        // What no file of the run belongs to has no say in it, unless that is why nothing was found.
        let has_files = files.numbers.iter().any(|file| checked[*file].listed);
        if !has_files && is_about_files {
            continue;
        }
        files.set_severities(checked);
        let used = files.apply_decisions(checked, settings);
        let Some(file) = &project.file else { continue };
        let mut raised = file.raised.clone();
        let recorded = project.allows.iter().zip(used);
        let recorded: Vec<SuppressionStatus> = recorded
            .map(|((patterns, decision), used)| {
                let (used, all_seen) = (used || settings.audit, files.all_seen(patterns, checked));
                decision
                    .status(settings.today, used, |code| has_files && all_seen && files.is_looked_for(code, settings))
            })
            .collect();
        raise(&recorded, settings, &mut raised);
        set_severity(&mut raised, project, None);
        said.push((file, raised));
    }
    for (file, raised) in said.into_iter().filter(|(file, raised)| file.is_unread || !raised.is_empty()) {
        inputs.push(file.input.clone());
        checked.push(own(file, raised));
    }
}

/// The rules about decisions.
fn raise(recorded: &[SuppressionStatus], settings: &Settings, raised: &mut Vec<RuleFinding>) {
    if recorded.is_empty() {
        return;
    }
    for (rule, look) in RULES.iter().filter_map(|rule| Some((rule, rule.check_suppressions?))) {
        if settings.selection.takes(rule) {
            look(&mut SuppressionsContext { suppressions: recorded, code: rule.code, findings: raised });
        }
    }
}

fn own(file: &SettingsFile, raised: Vec<RuleFinding>) -> FileResult {
    let mut checked = FileResult { raised, unread: file.is_unread, ..FileResult::default() };
    let source = file.source();
    file_results::mask_source(&mut checked, &source, &syntax::parse(&source, &Limits::default()));
    checked
}

/// The files of a project, by their numbers, and how they are reached from its folder.
struct Files<'p> {
    project: &'p Project,
    numbers: Vec<usize>,
    /// None at all where no pattern asks for them.
    paths: Vec<Option<String>>,
}

impl<'p> Files<'p> {
    fn of(number: usize, inputs: &[InputFile], project: &'p Project) -> Self {
        let numbers: Vec<usize> = (0..inputs.len()).filter(|file| inputs[*file].project == number).collect();
        let mut to = ProjectPaths::of(project);
        let has_patterns = !project.severities.is_empty() || !project.allows.is_empty();
        let way = |file: &usize| to.to(&inputs[*file]);
        let paths = if has_patterns { numbers.iter().map(way).collect() } else { Vec::new() };
        Self { project, numbers, paths }
    }

    fn each(&self) -> impl Iterator<Item = (usize, Option<&str>)> {
        let way = |at: usize| self.paths.get(at).and_then(Option::as_deref);
        self.numbers.iter().enumerate().map(move |(at, file)| (*file, way(at)))
    }

    fn set_severities(&self, checked: &mut [FileResult]) {
        if !self.project.severities.is_empty() {
            for (file, way) in self.each() {
                set_severity(&mut checked[file].raised, self.project, way);
                if let Some(outlines) = &mut checked[file].outlines {
                    let is_off = |code: &Code| self.project.severities.level(*code, way) == Some(RuleLevel::Off);
                    outlines.off.extend(RULES.iter().map(|rule| rule.code).filter(is_off));
                }
            }
        }
    }

    /// Applies what is recorded in the settings and in the files; answers which of the former were of use.
    fn apply_decisions(&self, checked: &mut [FileResult], settings: &Settings) -> Vec<bool> {
        let mut used = vec![false; self.project.allows.len()];
        for (file, way) in self.each() {
            // Nearly always nobody decided anything about it.
            if self.project.allows.is_empty() && checked[file].shown.is_none() {
                continue;
            }
            let own =
                checked[file].shown.as_mut().map(|shown| std::mem::take(&mut shown.decisions)).unwrap_or_default();
            let mut own_used = vec![false; own.len()];
            let of_project = self.project.allows.iter().zip(&mut used);
            let of_project = of_project.filter(|((files, _), _)| way.is_some_and(|way| files.matches(way)));
            let of_project = of_project.map(|((_, decision), used)| (decision, used));
            for (decision, used) in own.iter().zip(&mut own_used).chain(of_project) {
                if !settings.audit && !decision.is_expired(settings.today) {
                    *used |= apply(decision, &mut checked[file]);
                }
            }
            // In an audit nothing is allowed, and so nothing is of use or of none.
            let recorded = own.iter().zip(own_used).map(|(decision, used)| {
                let used = used || settings.audit;
                let all_seen = is_judged(&checked[file]);
                decision.status(settings.today, used, |code| all_seen && self.is_looked_for(code, settings))
            });
            raise(&recorded.collect::<Vec<_>>(), settings, &mut checked[file].raised);
        }
        used
    }

    /// Whether all files that the patterns match are part of the run and could be read. One that walking leaves out is
    /// none of the project, and may be there all the same.
    fn all_seen(&self, patterns: &Patterns, checked: &[FileResult]) -> bool {
        let matched = |(_, way): &(usize, Option<&str>)| way.is_some_and(|way| patterns.matches(way));
        let mut matching = self.each().filter(matched).peekable();
        if matching.peek().is_none() {
            return !self.project.root.as_deref().is_some_and(|root| patterns.name_existing_file(root));
        }
        matching.all(|(file, _)| checked[file].listed && is_judged(&checked[file]))
    }

    fn is_looked_for(&self, code: Code, settings: &Settings) -> bool {
        settings.selection.takes_code(code) && self.project.severities.level(code, None) != Some(RuleLevel::Off)
    }
}

/// Whether the rules have seen all of a file: what is broken or no portal has not been judged.
fn is_judged(checked: &FileResult) -> bool {
    !checked.raised.iter().any(|raised| metadata(raised.code).blocks_other_rules)
}

fn apply(decision: &Suppression, checked: &mut FileResult) -> bool {
    let mut used = false;
    for raised in &mut checked.raised {
        used |= decision.allow_finding(raised);
    }
    for open in Arc::make_mut(&mut checked.open) {
        used |= decision.allow_unverified(open);
    }
    used
}

/// As the settings have it; what is off is said no more.
pub(super) fn set_severity(raised: &mut Vec<RuleFinding>, project: &Project, way: Option<&str>) {
    raised.retain_mut(|one| match project.severities.level(one.code, way) {
        Some(RuleLevel::Off) => false,
        Some(RuleLevel::At(severity)) => {
            one.finding.severity = Some(severity);
            true
        }
        None => true,
    });
}
