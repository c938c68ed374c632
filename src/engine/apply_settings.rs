//! Applies the settings to the findings: severities, suppressions, and the rules about suppressions.

use std::sync::Arc;

use crate::base::diagnostic::Code;
use crate::base::file::InputFile;
use crate::engine::file_results;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::report::FileResult;
use crate::rules::RULES;
use crate::rules::config_contexts::{SuppressionStatus, SuppressionsContext};
use crate::rules::context::RuleFinding;
use crate::rules::metadata;
use crate::settings::Settings;
use crate::settings::patterns::Patterns;
use crate::settings::project::{Project, SettingsFile};
use crate::settings::severities::RuleLevel;
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::Limits;

/// Applies the settings of each project to its files. Appends the settings files that have findings to `inputs` and `results`.
pub(super) fn apply_settings(inputs: &mut Vec<InputFile>, results: &mut Vec<FileResult>, settings: &Settings) {
    let mut settings_findings = Vec::new();
    let any_in_scope = results.iter().any(|result| result.in_scope);
    for (index, project) in settings.projects.iter().enumerate() {
        let files = ProjectFiles::new(index, inputs, project);
        // Do not report the settings of a project without files in this run. But if there are no files at all, its settings may
        // be the reason.
        let has_files = files.indices.iter().any(|file| results[*file].in_scope);
        if !has_files && any_in_scope {
            continue;
        }
        files.set_severities(results);
        let used = files.apply_suppressions(results, settings);
        let Some(file) = &project.file else { continue };
        let mut raised = file.findings.clone();
        let mut statuses = Vec::new();
        for ((patterns, suppression), used) in project.allows.iter().zip(used) {
            let all_checked = has_files && files.all_matching_checked(patterns, results);
            // Ignored suppressions were not applied, so it is unknown whether they would be used.
            let used = used || settings.ignore_suppressions;
            let rule_ran = |code| all_checked && files.is_enabled(code, settings);
            statuses.push(suppression.status(settings.today, used, rule_ran));
        }
        check_suppressions(&statuses, settings, &mut raised);
        set_severity(&mut raised, project, None);
        settings_findings.push((file, raised));
    }
    for (file, raised) in settings_findings {
        if file.is_unread || !raised.is_empty() {
            inputs.push(file.input.clone());
            results.push(settings_file_result(file, raised));
        }
    }
}

/// Runs the rules about suppressions on those of one file.
fn check_suppressions(suppressions: &[SuppressionStatus], settings: &Settings, findings: &mut Vec<RuleFinding>) {
    if suppressions.is_empty() {
        return;
    }
    for rule in RULES {
        let Some(check) = rule.check_suppressions else { continue };
        if settings.selection.is_enabled(rule) {
            check(&mut SuppressionsContext { suppressions, code: rule.code, findings });
        }
    }
}

fn settings_file_result(file: &SettingsFile, findings: Vec<RuleFinding>) -> FileResult {
    let mut result = FileResult { findings, is_unread: file.is_unread, ..FileResult::default() };
    let source = file.source();
    file_results::mask_source(&mut result, &source, &syntax::parse(&source, &Limits::default()));
    result
}

/// The files of one project.
struct ProjectFiles<'p> {
    project: &'p Project,
    /// Their indices in the run.
    indices: Vec<usize>,
    /// Their paths relative to the project's folder, in the order of `indices`; empty if the project has no patterns.
    paths: Vec<Option<String>>,
}

impl<'p> ProjectFiles<'p> {
    fn new(project_index: usize, inputs: &[InputFile], project: &'p Project) -> Self {
        let mut files = Self { project, indices: Vec::new(), paths: Vec::new() };
        let mut relative_paths = ProjectPaths::new(project);
        let has_patterns = !project.severities.is_empty() || !project.allows.is_empty();
        for (index, input) in inputs.iter().enumerate() {
            if input.project != project_index {
                continue;
            }
            files.indices.push(index);
            // Resolving paths asks the file system: do so only if a pattern needs them.
            if has_patterns {
                files.paths.push(relative_paths.relative_path(input));
            }
        }
        files
    }

    /// Returns the index and the relative path of each file.
    fn iter(&self) -> impl Iterator<Item = (usize, Option<&str>)> {
        let path = |position: usize| self.paths.get(position).and_then(Option::as_deref);
        self.indices.iter().enumerate().map(move |(position, file)| (*file, path(position)))
    }

    fn set_severities(&self, results: &mut [FileResult]) {
        let severities = &self.project.severities;
        if severities.is_empty() {
            return;
        }
        for (file, path) in self.iter() {
            set_severity(&mut results[file].findings, self.project, path);
            let Some(facts) = &mut results[file].preflight_facts else { continue };
            for rule in RULES {
                if severities.level(rule.code, path) == Some(RuleLevel::Off) {
                    facts.disabled_rules.push(rule.code);
                }
            }
        }
    }

    /// Applies the suppressions of the settings and of the files. Returns for each `[[allow]]` entry whether it was used.
    fn apply_suppressions(&self, results: &mut [FileResult], settings: &Settings) -> Vec<bool> {
        let mut used = vec![false; self.project.allows.len()];
        for (file, path) in self.iter() {
            let result = &mut results[file];
            // Most files have no suppressions. Those of comments are in `masked`.
            if self.project.allows.is_empty() && result.masked.is_none() {
                continue;
            }
            let own = result.masked.as_mut().map(|masked| std::mem::take(&mut masked.suppressions)).unwrap_or_default();
            // The comments of a file come first: they are closer to the finding, and the first reason is shown.
            let mut own_statuses = Vec::new();
            for suppression in &own {
                let is_used = if settings.ignore_suppressions {
                    // It was not applied, so it is unknown whether it would be used.
                    true
                } else {
                    apply_suppression(suppression, result, settings)
                };
                let all_ran = all_rules_ran(result);
                let rule_ran = |code| all_ran && self.is_enabled(code, settings);
                own_statuses.push(suppression.status(settings.today, is_used, rule_ran));
            }
            for ((files, suppression), used) in self.project.allows.iter().zip(&mut used) {
                if !settings.ignore_suppressions && path.is_some_and(|path| files.matches(path)) {
                    *used |= apply_suppression(suppression, result, settings);
                }
            }
            check_suppressions(&own_statuses, settings, &mut result.findings);
        }
        used
    }

    /// Whether every file that matches the patterns was checked in this run.
    fn all_matching_checked(&self, patterns: &Patterns, results: &[FileResult]) -> bool {
        let mut any_match = false;
        for (file, path) in self.iter() {
            if path.is_some_and(|path| patterns.matches(path)) {
                any_match = true;
                if !results[file].in_scope || !all_rules_ran(&results[file]) {
                    return false;
                }
            }
        }
        if any_match {
            return true;
        }
        // If a file with a literal path of the patterns exists, the walk excluded it, and its findings are unknown.
        let excluded_file_exists =
            self.project.root.as_deref().is_some_and(|root| patterns.any_literal_path_exists(root));
        !excluded_file_exists
    }

    fn is_enabled(&self, code: Code, settings: &Settings) -> bool {
        settings.selection.is_code_enabled(code) && self.project.severities.level(code, None) != Some(RuleLevel::Off)
    }
}

/// Whether all rules ran on the whole file: not if it is unreadable, broken, or not a portal.
fn all_rules_ran(result: &FileResult) -> bool {
    !result.findings.iter().any(|rule_finding| metadata(rule_finding.code).blocks_other_rules)
}

/// Applies a suppression to a file. Returns whether it matches something.
fn apply_suppression(suppression: &Suppression, result: &mut FileResult, settings: &Settings) -> bool {
    if suppression.is_expired(settings.today) {
        return false;
    }
    let mut is_used = false;
    for rule_finding in &mut result.findings {
        is_used |= suppression.allow_finding(rule_finding);
    }
    for check in Arc::make_mut(&mut result.unverified) {
        is_used |= suppression.allow_unverified(check);
    }
    is_used
}

/// Sets the severities that the settings give to the findings of the file at `path`. Removes the findings of disabled rules.
fn set_severity(findings: &mut Vec<RuleFinding>, project: &Project, path: Option<&str>) {
    findings.retain_mut(|rule_finding| match project.severities.level(rule_finding.code, path) {
        Some(RuleLevel::Off) => false,
        Some(RuleLevel::At(severity)) => {
            rule_finding.finding.severity = Some(severity);
            true
        }
        None => true,
    });
}
