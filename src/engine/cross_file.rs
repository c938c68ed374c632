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
    for mut group in group_by_project(portals, inputs) {
        sort_by_path(&mut group, inputs, settings);
        let project = group.first().map_or(0, |first| inputs[first.file].project);
        let findings = if group.iter().any(|facts| facts.is_outside_project) {
            check_with_excluded_files(group, environments[project], settings)
        } else {
            run_rules(&group, environments[project], settings)
        };
        add_findings(findings, inputs, results, settings);
    }
}

/// Sorts portals by their paths in the project. Rules show the first of several other portals, and that must not depend on how
/// the files were named on the command line.
fn sort_by_path(portals: &mut [PortalFacts], inputs: &[InputFile], settings: &Settings) {
    let Some(project) = portals.first().map(|first| settings.project(&inputs[first.file])) else { return };
    if project.root.is_some() {
        let mut paths = ProjectPaths::new(project);
        portals.sort_by_cached_key(|facts| (paths.resolve(&inputs[facts.file]), facts.document));
    }
}

/// Groups portals by project, in the order in which the projects occur.
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
struct CrossFileFindings {
    raised: Vec<(usize, RuleFinding)>,
    unverified: Vec<(usize, Unverified)>,
}

fn run_rules(portals: &[PortalFacts], environment: Environment<'_>, settings: &Settings) -> CrossFileFindings {
    let Environment { account, answers, .. } = environment;
    let mut findings = CrossFileFindings::default();
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
                findings: &mut findings.raised,
                unverified: &mut findings.unverified,
            });
        }
    }
    findings
}

/// Checks a project of which files were named that the project excludes. Each of them is compared with the members of the
/// project. The members are not compared with it, so that their findings do not depend on what else was named.
fn check_with_excluded_files(
    portals: Vec<PortalFacts>,
    environment: Environment<'_>,
    settings: &Settings,
) -> CrossFileFindings {
    let (excluded, mut members): (Vec<PortalFacts>, Vec<PortalFacts>) =
        portals.into_iter().partition(|facts| facts.is_outside_project);
    let mut findings = run_rules(&members, environment, settings);
    let member_count = members.len();
    for portals_of_file in excluded.chunk_by(|a, b| a.file == b.file) {
        let file = portals_of_file[0].file;
        members.extend_from_slice(portals_of_file);
        let with_file = run_rules(&members, environment, settings);
        // The findings about the members were collected above, without the excluded file.
        findings.raised.extend(with_file.raised.into_iter().filter(|(index, _)| *index == file));
        findings.unverified.extend(with_file.unverified.into_iter().filter(|(index, _)| *index == file));
        members.truncate(member_count);
    }
    findings
}

/// Adds findings to the results of their files.
fn add_findings(findings: CrossFileFindings, inputs: &[InputFile], results: &mut [FileResult], settings: &Settings) {
    for (file, raised) in findings.raised {
        // Other files of the project are only compared with, and get no findings of their own.
        if !results[file].in_scope {
            continue;
        }
        keep_source(&inputs[file], &mut results[file], settings);
        for note in &raised.finding.notes {
            if let FileRef::File(other) = note.file {
                keep_source(&inputs[other], &mut results[other], settings);
            }
        }
        results[file].raised.push(raised);
    }
    for (file, check) in findings.unverified {
        if !results[file].in_scope {
            continue;
        }
        // The reason quotes the response of a service, and masking it needs the secrets of the file.
        if check.query_status == QueryStatus::NoAnswer {
            keep_source(&inputs[file], &mut results[file], settings);
        }
        let result = &mut results[file];
        result.unverified = result.unverified.iter().cloned().chain([check]).collect();
    }
}

/// Reads a file again if its text was dropped because it had no findings of its own.
fn keep_source(input: &InputFile, result: &mut FileResult, settings: &Settings) {
    let limits = &settings.project(input).limits;
    if result.masked.is_none()
        && let Ok(source) = load::load(input, limits.file_bytes, Vec::new())
    {
        let parsed = syntax::parse(&source, limits);
        file_results::mask_source(result, &source, &parsed);
    }
}
