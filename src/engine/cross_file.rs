//! The rules that look across the files of a project. Without settings the files of the run are one project.

use crate::engine::file_results;
use std::cell::OnceCell;

use crate::base::diagnostic::FileRef;
use crate::base::file::InputFile;
use crate::base::load;
use crate::engine::project_paths::ProjectPaths;
use crate::engine::report::FileResult;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalFacts, ProjectContext, QueryStatus, RuleFinding, Unverified};
use crate::settings::Settings;
use crate::syntax;

/// Lets them look at each project by itself. `portals` are in the order of the files.
pub(super) fn across(
    portals: Vec<PortalFacts>,
    inputs: &[InputFile],
    checked: &mut [FileResult],
    settings: &Settings,
    environment: &[Environment<'_>],
) {
    for mut group in by_project(portals, inputs) {
        sort(&mut group, inputs, settings);
        let number = group.first().map_or(0, |first| inputs[first.file].project);
        let said = if group.iter().any(|facts| facts.is_outside_project) {
            with_outside(group, environment[number], settings)
        } else {
            look(&group, environment[number], settings)
        };
        say(said, inputs, checked, settings);
    }
}

/// The same order whatever the files were called: which of several other places a finding shows hangs on it.
fn sort(portals: &mut [PortalFacts], inputs: &[InputFile], settings: &Settings) {
    let Some(project) = portals.first().map(|first| settings.project(&inputs[first.file])) else { return };
    if project.root.is_some() {
        let mut paths = ProjectPaths::of(project);
        portals.sort_by_cached_key(|facts| (paths.to(&inputs[facts.file]), facts.document));
    }
}

fn by_project(portals: Vec<PortalFacts>, inputs: &[InputFile]) -> Vec<Vec<PortalFacts>> {
    let mut groups: Vec<Vec<PortalFacts>> = Vec::new();
    let number = |facts: &PortalFacts| inputs[facts.file].project;
    // Nearly always there is one: nothing is moved then.
    if portals.windows(2).all(|pair| number(&pair[0]) == number(&pair[1])) {
        return vec![portals];
    }
    for facts in portals {
        let known = groups.iter_mut().find(|group| group.first().is_some_and(|first| number(first) == number(&facts)));
        match known {
            Some(group) => group.push(facts),
            None => groups.push(vec![facts]),
        }
    }
    groups
}

/// Findings and open checks, each with the file it is about.
#[derive(Default)]
struct Found {
    raised: Vec<(usize, RuleFinding)>,
    open: Vec<(usize, Unverified)>,
}

fn look(portals: &[PortalFacts], environment: Environment<'_>, settings: &Settings) -> Found {
    let Environment { account, answers, .. } = environment;
    let (mut found, alike) = (Found::default(), OnceCell::new());
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.check_project {
            let (findings, unverified) = (&mut found.raised, &mut found.open);
            let similar_names = &alike;
            look(&mut ProjectContext {
                portals,
                similar_names,
                account,
                answers,
                code: rule.code,
                findings,
                unverified,
            });
        }
    }
    found
}

/// What is in the project is compared with what is in it; each file from outside with that, and with nothing else.
fn with_outside(portals: Vec<PortalFacts>, environment: Environment<'_>, settings: &Settings) -> Found {
    let (outside, mut members): (Vec<PortalFacts>, Vec<PortalFacts>) =
        portals.into_iter().partition(|facts| facts.is_outside_project);
    let mut found = look(&members, environment, settings);
    let known = members.len();
    for file in outside.chunk_by(|a, b| a.file == b.file) {
        members.extend_from_slice(file);
        let own = look(&members, environment, settings);
        found.raised.extend(own.raised.into_iter().filter(|(about, _)| *about == file[0].file));
        found.open.extend(own.open.into_iter().filter(|(about, _)| *about == file[0].file));
        members.truncate(known);
    }
    found
}

fn say(found: Found, inputs: &[InputFile], checked: &mut [FileResult], settings: &Settings) {
    let Found { mut raised, mut open } = found;
    // Of what stands beside the run nothing is said.
    raised.retain(|(file, _)| checked[*file].listed);
    open.retain(|(file, _)| checked[*file].listed);
    for (file, one) in raised {
        let other = |home| if let FileRef::File(other) = home { Some(other) } else { None };
        let others = one.finding.notes.iter().filter_map(|note| other(note.file));
        for spoken_of in others.chain([file]) {
            show_again(&inputs[spoken_of], &mut checked[spoken_of], settings);
        }
        checked[file].raised.push(one);
    }
    for (file, one) in open {
        if one.query_status == QueryStatus::NoAnswer {
            show_again(&inputs[file], &mut checked[file], settings);
        }
        checked[file].open = checked[file].open.iter().cloned().chain([one]).collect();
    }
}

/// A file that was not kept and is spoken of now is read again.
fn show_again(input: &InputFile, checked: &mut FileResult, settings: &Settings) {
    let limits = &settings.project(input).limits;
    if checked.shown.is_none()
        && let Ok(source) = load::load(input, limits.file_bytes, Vec::new())
    {
        let parsed = syntax::parse(&source, limits);
        file_results::mask_source(checked, &source, &parsed);
    }
}
