//! Applies the settings to the findings: severities, suppressions, and the rules about suppressions.

use std::collections::BTreeMap;

use crate::base::diagnostic::Code;
use crate::base::file::FileId;
use crate::engine::file_result::{FileResult, FileResults, to_file_pointer};
use crate::engine::project_paths::ProjectPaths;
use crate::engine::sources::Sources;
use crate::model::portal::BodyPlace;
use crate::rules::RULES;
use crate::rules::config_contexts::{
    BindingsContext, BrokenBinding, PatternsContext, SuppressionStatus, SuppressionsContext, UnusedPattern,
};
use crate::rules::context::RuleFinding;
use crate::rules::metadata;
use crate::settings::Settings;
use crate::settings::patterns::Patterns;
use crate::settings::project::Project;
use crate::settings::severities::RuleLevel;
use crate::settings::suppressions::Suppression;
use crate::syntax::Limits;

/// Applies the settings of each project to its files. Adds the settings files that have findings to the run.
pub(super) fn apply_settings(
    sources: &mut Sources,
    results: &mut FileResults,
    settings: &Settings,
    broken_bindings: &BTreeMap<usize, Vec<BrokenBinding>>,
) {
    let mut settings_findings = Vec::new();
    let any_in_scope = results.values().any(|result| result.in_scope);
    for (index, project) in settings.projects.iter().enumerate() {
        let files = ProjectFiles::new(index, project, sources, results);
        // Do not report the settings of a project without files in this run. But if there are no files at all, its settings may
        // be the reason.
        let has_files = files.paths.iter().any(|(file, _)| results[file].in_scope);
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
        check_patterns(&project.unused_patterns(), settings, &mut raised);
        check_bindings(broken_bindings.get(&index).map_or(&[], Vec::as_slice), settings, &mut raised);
        set_severity(&mut raised, project, None);
        if file.is_unread || !raised.is_empty() {
            settings_findings.push((file, raised));
        }
    }
    // After the loop, because a settings file gets no severities and suppressions of its own.
    for (file, findings) in settings_findings {
        let id = sources.add(file.input.clone());
        sources.keep(id, file.source(), Limits::default(), None);
        results.insert(id, FileResult { findings, is_unread: file.is_unread, ..FileResult::default() });
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

/// Runs the rules about patterns on those of a settings file that match nothing.
fn check_patterns(unused: &[UnusedPattern], settings: &Settings, findings: &mut Vec<RuleFinding>) {
    if unused.is_empty() {
        return;
    }
    for rule in RULES {
        let Some(check) = rule.check_patterns else { continue };
        if settings.selection.is_enabled(rule) {
            check(&mut PatternsContext { unused, code: rule.code, findings });
        }
    }
}

/// Runs the rules about the `[[portal]]` entries of a settings file on those that cannot be used.
fn check_bindings(broken: &[BrokenBinding], settings: &Settings, findings: &mut Vec<RuleFinding>) {
    for rule in RULES {
        let Some(check) = rule.check_bindings else { continue };
        if settings.selection.is_enabled(rule) {
            check(&mut BindingsContext { broken, code: rule.code, findings });
        }
    }
}

/// The files of one project.
struct ProjectFiles<'p> {
    project: &'p Project,
    /// Each file with its path relative to the project's folder. The path is `None` if it is not inside the folder, or if the
    /// project has no patterns.
    paths: Vec<(FileId, Option<String>)>,
}

impl<'p> ProjectFiles<'p> {
    fn new(project_index: usize, project: &'p Project, sources: &Sources, results: &FileResults) -> Self {
        let mut paths = Vec::new();
        let mut relative_paths = ProjectPaths::new(project);
        let has_patterns = !project.severities.is_empty() || !project.allows.is_empty();
        for id in results.keys() {
            let input = sources.file(*id);
            if input.project == project_index {
                // Resolving paths asks the file system: do so only if a pattern needs them.
                paths.push((*id, if has_patterns { relative_paths.relative_path(input) } else { None }));
            }
        }
        Self { project, paths }
    }

    fn set_severities(&self, results: &mut FileResults) {
        let severities = &self.project.severities;
        if severities.is_empty() {
            return;
        }
        for (file, path) in &self.paths {
            let Some(result) = results.get_mut(file) else { continue };
            set_severity(&mut result.findings, self.project, path.as_deref());
            let Some(facts) = &mut result.preflight_facts else { continue };
            for rule in RULES {
                if severities.level(rule.code, path.as_deref()) == Some(RuleLevel::Off) {
                    facts.disabled_rules.push(rule.code);
                }
            }
        }
    }

    /// Applies the suppressions of the settings and of the files. Returns for each `[[allow]]` entry whether it was used.
    fn apply_suppressions(&self, results: &mut FileResults, settings: &Settings) -> Vec<bool> {
        let mut used = vec![false; self.project.allows.len()];
        for (file, path) in &self.paths {
            let Some(result) = results.get_mut(file) else { continue };
            // The comments of a file come first: they are closer to the finding, and the first reason is shown.
            let mut own_statuses = Vec::new();
            for suppression in &std::mem::take(&mut result.suppressions) {
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
                if !settings.ignore_suppressions && path.as_ref().is_some_and(|path| files.matches(path)) {
                    *used |= apply_suppression(suppression, result, settings);
                }
            }
            check_suppressions(&own_statuses, settings, &mut result.findings);
        }
        used
    }

    /// Whether every file that matches the patterns was checked in this run.
    fn all_matching_checked(&self, patterns: &Patterns, results: &FileResults) -> bool {
        let mut any_match = false;
        for (file, path) in &self.paths {
            if path.as_ref().is_some_and(|path| patterns.matches(path)) {
                any_match = true;
                // The body of an agent may lack what is allowed in the file that it replaces.
                let result = &results[file];
                if !result.in_scope || result.is_agent_body || !all_rules_ran(result) {
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
    // An `[[allow]]` entry for the file that an agent's body replaces has the pointers of the file.
    let places: &[BodyPlace] = if result.is_agent_body { &[] } else { &result.places };
    for rule_finding in &mut result.findings {
        is_used |=
            suppression.allow_finding(rule_finding, |document, pointer| to_file_pointer(places, document, pointer));
    }
    for check in &mut result.unverified {
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
