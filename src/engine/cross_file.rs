//! Runs the rules that compare the portals of a project, such as the one on unique names. The files of a run that have no
//! settings form one project.

use std::cell::OnceCell;

use crate::base::diagnostic::FileRef;
use crate::base::file::InputFile;
use crate::base::load;
use crate::engine::file_results;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::report::FileResult;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalFacts, ProjectContext, QueryStatus, RuleFinding, Unverified};
use crate::settings::Settings;
use crate::syntax;

/// Runs the cross-file rules on each project and adds their findings to `results`. `portals` are sorted by file.
/// `environments` are indexed by project.
pub(super) fn check_projects(
    portals: Vec<PortalFacts>,
    inputs: &[InputFile],
    results: &mut [FileResult],
    settings: &Settings,
    environments: &[Environment<'_>],
) {
    if portals.is_empty() {
        return;
    }
    for mut group in group_by_project(portals, inputs) {
        sort_by_path(&mut group, inputs, settings);
        let project = inputs[group[0].file].project;
        let project_results = if group.iter().any(|facts| facts.is_outside_project) {
            check_with_outside_files(group, environments[project], settings)
        } else {
            run_rules(&group, environments[project], settings)
        };
        add_to_results(project_results, inputs, results, settings);
    }
}

/// Sorts the portals of a project by their paths. A finding names only the first of several conflicting portals, so their order
/// must not depend on the command line. Without a project folder there are no relative paths: keep the order by file.
fn sort_by_path(portals: &mut [PortalFacts], inputs: &[InputFile], settings: &Settings) {
    let project = settings.project(&inputs[portals[0].file]);
    if project.root.is_some() {
        let mut paths = ProjectPaths::new(project);
        portals.sort_by_cached_key(|facts| (paths.relative_path(&inputs[facts.file]), facts.document));
    }
}

/// Groups portals by project, in the order in which the projects occur. No group is empty.
fn group_by_project(portals: Vec<PortalFacts>, inputs: &[InputFile]) -> Vec<Vec<PortalFacts>> {
    let project_of = |facts: &PortalFacts| inputs[facts.file].project;
    // Most runs have one project: do not move their portals.
    if portals.windows(2).all(|pair| project_of(&pair[0]) == project_of(&pair[1])) {
        return vec![portals];
    }
    let mut groups: Vec<(usize, Vec<PortalFacts>)> = Vec::new();
    for facts in portals {
        let project = project_of(&facts);
        match groups.iter_mut().find(|(group_project, _)| *group_project == project) {
            Some((_, group)) => group.push(facts),
            None => groups.push((project, vec![facts])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The findings and unverified checks of the cross-file rules, each with the index of its file.
#[derive(Default)]
struct CrossFileResults {
    findings: Vec<(usize, RuleFinding)>,
    unverified: Vec<(usize, Unverified)>,
}

fn run_rules(portals: &[PortalFacts], environment: Environment<'_>, settings: &Settings) -> CrossFileResults {
    let Environment { account, answers, .. } = environment;
    let mut results = CrossFileResults::default();
    let similar_names = OnceCell::new();
    for rule in RULES {
        let Some(check) = rule.check_project else { continue };
        if settings.selection.is_enabled(rule) {
            check(&mut ProjectContext {
                portals,
                similar_names: &similar_names,
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

/// Checks a project of which some named files are outside: the settings exclude them. Each of them is compared with the project's
/// files, but not the reverse: the findings about the project's files must not depend on what else was named.
fn check_with_outside_files(
    portals: Vec<PortalFacts>,
    environment: Environment<'_>,
    settings: &Settings,
) -> CrossFileResults {
    let (outside, mut inside): (Vec<PortalFacts>, Vec<PortalFacts>) =
        portals.into_iter().partition(|facts| facts.is_outside_project);
    let mut results = run_rules(&inside, environment, settings);
    let inside_count = inside.len();
    for portals_of_file in outside.chunk_by(|a, b| a.file == b.file) {
        let file = portals_of_file[0].file;
        inside.extend_from_slice(portals_of_file);
        let with_file = run_rules(&inside, environment, settings);
        // The findings about the project's files were collected above, without this file.
        results.findings.extend(with_file.findings.into_iter().filter(|(index, _)| *index == file));
        results.unverified.extend(with_file.unverified.into_iter().filter(|(index, _)| *index == file));
        inside.truncate(inside_count);
    }
    results
}

/// Adds findings and unverified checks to the results of their files.
fn add_to_results(
    project_results: CrossFileResults,
    inputs: &[InputFile],
    results: &mut [FileResult],
    settings: &Settings,
) {
    for (file, rule_finding) in project_results.findings {
        // The other files of the project are read for comparison only and get no findings.
        if !results[file].in_scope {
            continue;
        }
        reload_masked_source(&inputs[file], &mut results[file], settings);
        for note in &rule_finding.finding.notes {
            if let FileRef::File(other) = note.file {
                reload_masked_source(&inputs[other], &mut results[other], settings);
            }
        }
        results[file].findings.push(rule_finding);
    }
    for (file, check) in project_results.unverified {
        if !results[file].in_scope {
            continue;
        }
        // Only these reasons are specific to the file: they can quote a response that contains a secret of it.
        if check.query_status == QueryStatus::NoAnswer {
            reload_masked_source(&inputs[file], &mut results[file], settings);
        }
        let result = &mut results[file];
        result.unverified = result.unverified.iter().cloned().chain([check]).collect();
    }
}

/// Loads and masks the text of a file that was dropped after its check. If that fails, its positions are 0; if the file changed
/// since its check, they may be off.
fn reload_masked_source(input: &InputFile, result: &mut FileResult, settings: &Settings) {
    let limits = &settings.project(input).limits;
    if result.masked.is_none()
        && let Ok(source) = load::load(input, limits.file_bytes, Vec::new())
    {
        let parsed = syntax::parse(&source, limits);
        file_results::mask_source(result, &source, &parsed);
    }
}
