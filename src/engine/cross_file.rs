//! Runs the rules that compare the portals of a project, such as the one on unique names. All files of a run that have no settings
//! form one project. Portals of different accounts are not compared.

use std::collections::BTreeMap;

use crate::base::file::FileId;
use crate::engine::file_result::FileResults;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::sources::Sources;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalFacts, ProjectContext, RuleFinding, Unverified};
use crate::settings::Settings;
use crate::settings::environments::AccountScope;

/// Runs the cross-file rules on the portals of each account and adds their findings to `results`.
pub(super) fn check_projects(
    sources: &Sources,
    results: &mut FileResults,
    settings: &Settings,
    environments: &BTreeMap<AccountScope, Environment<'_>>,
) {
    let mut project_results = CrossFileResults::default();
    for (scope, mut portals) in portals_by_account(sources, results) {
        sort_by_path(&mut portals, sources, settings);
        let CrossFileResults { findings, unverified } = check_account(&portals, environments[&scope], settings);
        project_results.findings.extend(findings);
        project_results.unverified.extend(unverified);
    }
    add_to_results(project_results, results);
}

/// Sorts the portals of an account by their paths. A finding names only the first of several conflicting portals, so their order
/// must not depend on the command line. Without a project folder there are no relative paths: keep the order by file.
fn sort_by_path(portals: &mut [&PortalFacts], sources: &Sources, settings: &Settings) {
    let project = settings.project(sources.file(portals[0].file));
    if project.root.is_some() {
        let mut paths = ProjectPaths::new(project);
        portals.sort_by_cached_key(|facts| (paths.relative_path(sources.file(facts.file)), facts.document));
    }
}

/// Groups the portals by their account. No group is empty.
fn portals_by_account<'r>(sources: &Sources, results: &'r FileResults) -> BTreeMap<AccountScope, Vec<&'r PortalFacts>> {
    let mut portals: BTreeMap<AccountScope, Vec<&PortalFacts>> = BTreeMap::new();
    for (id, result) in results {
        if !result.portals.is_empty() {
            portals.entry(sources.scope(*id)).or_default().extend(result.facts());
        }
    }
    portals
}

/// The findings and unverified checks of the cross-file rules, each with its file.
#[derive(Default)]
struct CrossFileResults {
    findings: Vec<(FileId, RuleFinding)>,
    unverified: Vec<(FileId, Unverified)>,
}

fn run_rules(portals: &[&PortalFacts], environment: Environment<'_>, settings: &Settings) -> CrossFileResults {
    let Environment { account, answers, .. } = environment;
    let mut results = CrossFileResults::default();
    for rule in RULES {
        let Some(check) = rule.check_project else { continue };
        if settings.selection.is_enabled(rule) {
            check(&mut ProjectContext {
                portals,
                account,
                answers,
                code: rule.code,
                findings: &mut results.findings,
                unverified: &mut results.unverified,
            });
        }
    }
    results
}

/// Runs the rules on the portals of an account. Each named file that the settings exclude is compared with the files of the project,
/// but not the reverse: the findings about the project's files must not depend on what else was named.
fn check_account(portals: &[&PortalFacts], environment: Environment<'_>, settings: &Settings) -> CrossFileResults {
    let (outside, mut inside): (Vec<&PortalFacts>, Vec<&PortalFacts>) =
        portals.iter().partition(|facts| facts.is_outside_project);
    let mut results = run_rules(&inside, environment, settings);
    let inside_count = inside.len();
    for portals_of_file in outside.chunk_by(|a, b| a.file == b.file) {
        let file = portals_of_file[0].file;
        inside.extend_from_slice(portals_of_file);
        let with_file = run_rules(&inside, environment, settings);
        // The findings about the project's files were collected above, without this file.
        results.findings.extend(with_file.findings.into_iter().filter(|(id, _)| *id == file));
        results.unverified.extend(with_file.unverified.into_iter().filter(|(id, _)| *id == file));
        inside.truncate(inside_count);
    }
    results
}

/// Adds findings and unverified checks to the results of the files in scope. The other files are read only to compare them.
fn add_to_results(project_results: CrossFileResults, results: &mut FileResults) {
    for (file, rule_finding) in project_results.findings {
        if let Some(result) = results.get_mut(&file).filter(|result| result.in_scope) {
            result.findings.push(rule_finding);
        }
    }
    for (file, check) in project_results.unverified {
        if let Some(result) = results.get_mut(&file).filter(|result| result.in_scope) {
            result.unverified.push(check);
        }
    }
}
