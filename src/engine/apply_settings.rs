//! Applies the settings to the findings: severities, suppressions, and the rules about suppressions.

use std::collections::{BTreeMap, HashSet};

use crate::base::diagnostic::{Code, Location};
use crate::base::file::FileId;
use crate::engine::file_result::{FileResult, FileResults};
use crate::engine::project_paths::ProjectPaths;
use crate::engine::sources::Sources;
use crate::engine::suppressible::Suppressible;
use crate::rules::config_contexts::{BrokenBinding, ConfigContext, SuppressionStatus, UnusedPattern};
use crate::rules::context::RuleFinding;
use crate::rules::{RULES, Rule, metadata};
use crate::settings::Settings;
use crate::settings::patterns::{PatternLists, Patterns};
use crate::settings::project::Project;
use crate::settings::severities::{FileSeverities, RuleLevel};
use crate::settings::suppressions::Suppression;
use crate::syntax::Limits;

/// Applies the settings of each project to its files. Adds the settings files that have findings to the run, and returns them with the
/// index of their project.
pub(super) fn apply_settings(
    sources: &mut Sources,
    results: &mut FileResults,
    settings: &Settings,
    broken_bindings: &BTreeMap<usize, Vec<BrokenBinding>>,
) -> Vec<(FileId, usize)> {
    let mut settings_findings = Vec::new();
    let any_in_scope = results.values().any(|result| result.in_scope);
    for (index, project) in settings.projects.iter().enumerate() {
        let files = ProjectFiles::new(index, project, sources, results);
        // Do not report the settings of a project without files in this run. But if the run has no files at all, the settings may be
        // the reason: report them.
        let has_files = files.paths.iter().any(|(file, _)| results[file].in_scope);
        if !has_files && any_in_scope {
            continue;
        }
        files.set_severities(results);
        let uses = files.apply_suppressions(results, settings);
        let Some(file) = &project.file else { continue };
        let statuses = uses.iter().map(|allow_use| files.allow_status(allow_use, has_files, settings)).collect();
        let broken_bindings = broken_bindings.get(&index).map_or(&[][..], Vec::as_slice);
        let findings = check_settings_file(project, &file.findings, statuses, broken_bindings, settings);
        if file.is_unread || !findings.is_empty() {
            settings_findings.push((index, file, findings));
        }
    }
    // Add the settings files after the loop: the severities and suppressions in the settings do not apply to them.
    let mut added = Vec::new();
    for (project, file, findings) in settings_findings {
        let id = sources.add(file.input.clone());
        sources.keep(id, file.source(), Limits::default(), None);
        results.insert(id, FileResult { findings, is_unread: file.is_unread, ..FileResult::default() });
        added.push((id, project));
    }
    added
}

/// Adds what a run shows about a settings file to the findings of its content: unused patterns, and `[[allow]]` and `[[portal]]` entries
/// that have no effect.
fn check_settings_file(
    project: &Project,
    own_findings: &[RuleFinding],
    mut allows: Vec<SuppressionStatus>,
    broken_bindings: &[BrokenBinding],
    settings: &Settings,
) -> Vec<RuleFinding> {
    let mut findings = own_findings.to_vec();
    check_patterns(project.unused_patterns(), &allows, settings, &mut findings);
    let reported: HashSet<&str> = findings.iter().map(|reported| entry_pointer(&reported.finding.location)).collect();
    // An `[[allow]]` entry with a mistake, such as a pattern that cannot match, is unused because of that.
    allows.retain(|status| !(status.is_unused && reported.contains(entry_pointer(&status.location))));
    check_suppressions(&allows, settings, &mut findings);
    run_config_rules(|rule| rule.check_bindings, broken_bindings, settings, &mut findings);
    set_severities(&mut findings, &project.severities.for_file(None));
    findings
}

/// Runs the enabled rules of a stage on the facts about a settings file or about the suppressions in a file.
fn run_config_rules<T>(
    stage: impl Fn(&Rule) -> Option<for<'c> fn(&mut ConfigContext<'c, &'c [T]>)>,
    facts: &[T],
    settings: &Settings,
    findings: &mut Vec<RuleFinding>,
) {
    if facts.is_empty() {
        return;
    }
    for rule in RULES {
        if let Some(check) = stage(rule)
            && settings.selection.is_enabled(rule)
        {
            check(&mut ConfigContext { facts, code: rule.code, findings });
        }
    }
}

fn check_suppressions(suppressions: &[SuppressionStatus], settings: &Settings, findings: &mut Vec<RuleFinding>) {
    run_config_rules(|rule| rule.check_suppressions, suppressions, settings, findings);
}

/// Runs the rules about patterns on those of a settings file that match nothing. `allows` describes its `[[allow]]` entries.
fn check_patterns(
    mut unused: Vec<UnusedPattern>,
    allows: &[SuppressionStatus],
    settings: &Settings,
    findings: &mut Vec<RuleFinding>,
) {
    // An `[[allow]]` entry that matches no file is reported as unused.
    let unused_allows = allows.iter().filter(|status| status.is_unused);
    let unused_entries: HashSet<&str> = unused_allows.map(|status| entry_pointer(&status.location)).collect();
    unused.retain(|pattern| {
        pattern.nested_folder.is_some() || !unused_entries.contains(entry_pointer(&pattern.location))
    });
    run_config_rules(|rule| rule.check_patterns, &unused, settings, findings);
}

/// The pointer to the entry of a list (`/allow/3`) that contains a location.
fn entry_pointer(location: &Location) -> &str {
    let pointer = location.pointer.as_str();
    pointer.match_indices('/').nth(2).map_or(pointer, |(end, _)| &pointer[..end])
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
                // Resolving a path accesses the file system: do so only if a pattern needs it.
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
            let severities = severities.for_file(path.as_deref());
            set_severities(&mut result.findings, &severities);
            let Some(facts) = &mut result.preflight_facts else { continue };
            for rule in RULES {
                if severities.level(rule.code) == Some(RuleLevel::Off) {
                    facts.disabled_rules.push(rule.code);
                }
            }
        }
    }

    /// Applies the suppressions in the settings and in the files. Returns the use of each `[[allow]]` entry.
    fn apply_suppressions(&self, results: &mut FileResults, settings: &Settings) -> Vec<AllowUse<'p>> {
        let mut uses: Vec<AllowUse<'_>> = self.project.allows.iter().map(AllowUse::new).collect();
        let matcher = PatternLists::new(uses.iter().map(|allow_use| allow_use.patterns));
        for (file, path) in &self.paths {
            let Some(result) = results.get_mut(file) else { continue };
            // The comments of a file come first: they are closer to the finding, and the report shows the first reason.
            let severities = self.project.severities.for_file(path.as_deref());
            let comment_findings = apply_comments(result, &severities, settings);
            let matching = path.as_ref().map(|path| matcher.matching_lists(path)).unwrap_or_default();
            // The body of an agent may lack what is allowed in the file that it replaces.
            let is_unchecked = !result.in_scope || result.is_agent_body || !all_rules_ran(result);
            // Most files have no suppressions and need no index.
            if !matching.is_empty() {
                let mut suppressible = Suppressible::new(result);
                for index in matching {
                    let allow_use = &mut uses[index];
                    allow_use.is_used |= apply_suppression(allow_use.suppression, &mut suppressible, settings);
                    allow_use.matches_file = true;
                    // Whether the rules ran matters only for entries that are not used.
                    allow_use.matches_unchecked_file |= !allow_use.is_used
                        && (is_unchecked || !are_enabled(allow_use.suppression.codes(), &severities, settings));
                }
            }
            // Last, because no suppression applies to the findings about suppressions.
            result.findings.extend(comment_findings);
        }
        uses
    }

    /// What is known about an `[[allow]]` entry after its use. `has_files`: whether files of the project were checked.
    fn allow_status(&self, allow_use: &AllowUse<'_>, has_files: bool, settings: &Settings) -> SuppressionStatus {
        let is_used = allow_use.is_used || settings.ignore_suppressions;
        let rules_ran = has_files && self.rules_ran_on_all_matching(allow_use, settings);
        allow_use.suppression.status(settings.today, is_used, rules_ran)
    }

    /// Whether the rules of an `[[allow]]` entry ran on every file that it matches.
    fn rules_ran_on_all_matching(&self, allow_use: &AllowUse<'_>, settings: &Settings) -> bool {
        if allow_use.matches_file {
            return !allow_use.matches_unchecked_file;
        }
        // If a file with a literal path of the patterns exists, the walk excluded it, and its findings are unknown.
        let excluded_file_exists =
            self.project.root.as_deref().is_some_and(|root| allow_use.patterns.any_literal_path_exists(root));
        // The overrides for single files do not count.
        let severities = self.project.severities.for_file(None);
        !excluded_file_exists && are_enabled(allow_use.suppression.codes(), &severities, settings)
    }
}

/// Applies the suppressions in the comments of a file. Returns the findings about these suppressions.
fn apply_comments(result: &mut FileResult, severities: &FileSeverities<'_>, settings: &Settings) -> Vec<RuleFinding> {
    let comments = std::mem::take(&mut result.suppressions);
    if comments.is_empty() {
        return Vec::new();
    }
    let all_rules_ran = all_rules_ran(result);
    let mut suppressible = Suppressible::new(result);
    let mut statuses = Vec::new();
    for comment in &comments {
        let is_used = apply_suppression(comment, &mut suppressible, settings);
        let rules_ran = all_rules_ran && are_enabled(comment.codes(), severities, settings);
        statuses.push(comment.status(settings.today, is_used, rules_ran));
    }
    let mut findings = Vec::new();
    check_suppressions(&statuses, settings, &mut findings);
    set_severities(&mut findings, severities);
    findings
}

/// Whether all of these rules are enabled for a file with these severities.
fn are_enabled(codes: &[Code], severities: &FileSeverities<'_>, settings: &Settings) -> bool {
    codes
        .iter()
        .all(|code| settings.selection.is_code_enabled(*code) && severities.level(*code) != Some(RuleLevel::Off))
}

/// Whether the rules ran on the whole file. They did not if it is unreadable, broken, or not a portal.
fn all_rules_ran(result: &FileResult) -> bool {
    !result.findings.iter().any(|rule_finding| metadata(rule_finding.code).blocks_other_rules)
}

/// An `[[allow]]` entry, and what the files of a run show about it.
struct AllowUse<'p> {
    patterns: &'p Patterns,
    suppression: &'p Suppression,
    /// Whether it matches a finding.
    is_used: bool,
    matches_file: bool,
    /// Whether it matched a file on which not all of its rules ran while it was not used.
    matches_unchecked_file: bool,
}

impl<'p> AllowUse<'p> {
    fn new((patterns, suppression): &'p (Patterns, Suppression)) -> Self {
        Self { patterns, suppression, is_used: false, matches_file: false, matches_unchecked_file: false }
    }
}

/// Applies a suppression to a file. Returns whether it matches a finding. If suppressions are ignored, none is applied. Then all count as
/// used, so that none is reported as unused.
fn apply_suppression(suppression: &Suppression, file: &mut Suppressible<'_>, settings: &Settings) -> bool {
    settings.ignore_suppressions || (!suppression.is_expired(settings.today) && file.apply(suppression))
}

/// Sets the severities that the settings give to the findings of a file. Removes the findings of disabled rules.
fn set_severities(findings: &mut Vec<RuleFinding>, severities: &FileSeverities<'_>) {
    findings.retain_mut(|rule_finding| match severities.level(rule_finding.code) {
        Some(RuleLevel::Off) => false,
        Some(RuleLevel::At(severity)) => {
            rule_finding.finding.severity = Some(severity);
            true
        }
        None => true,
    });
}
