//! The rules that look across the files of a project. Without settings the files of the run are one project.

use crate::engine::file_results;
use std::cell::OnceCell;

use crate::base::diagnostic::Home;
use crate::base::file::Input;
use crate::base::load;
use crate::engine::project_paths::Ways;
use crate::engine::report::Checked;
use crate::rules::RULES;
use crate::rules::context::{Asked, Beside, Facts, Open, ProjectContext, Raised};
use crate::settings::Settings;
use crate::syntax;

/// Lets them look at each project by itself. `portals` are in the order of the files.
pub fn across(
    portals: Vec<Facts>,
    inputs: &[Input],
    checked: &mut [Checked],
    settings: &Settings,
    beside: &[Beside<'_>],
) {
    for mut group in by_project(portals, inputs) {
        sort(&mut group, inputs, settings);
        let number = group.first().map_or(0, |first| inputs[first.file].project);
        let said = if group.iter().any(|facts| facts.is_outside) {
            with_outside(group, beside[number], settings)
        } else {
            look(&group, beside[number], settings)
        };
        say(said, inputs, checked, settings);
    }
}

/// The same order whatever the files were called: which of several other places a finding shows hangs on it.
fn sort(portals: &mut [Facts], inputs: &[Input], settings: &Settings) {
    let Some(project) = portals.first().map(|first| settings.project(&inputs[first.file])) else { return };
    if project.root.is_some() {
        let mut ways = Ways::of(project);
        portals.sort_by_cached_key(|facts| (ways.to(&inputs[facts.file]), facts.document));
    }
}

fn by_project(portals: Vec<Facts>, inputs: &[Input]) -> Vec<Vec<Facts>> {
    let mut groups: Vec<Vec<Facts>> = Vec::new();
    let number = |facts: &Facts| inputs[facts.file].project;
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
    raised: Vec<(usize, Raised)>,
    open: Vec<(usize, Open)>,
}

fn look(portals: &[Facts], beside: Beside<'_>, settings: &Settings) -> Found {
    let Beside { account, answers, .. } = beside;
    let (mut found, alike) = (Found::default(), OnceCell::new());
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.project {
            let (raised, open) = (&mut found.raised, &mut found.open);
            look(&mut ProjectContext { portals, alike: &alike, account, answers, code: rule.code, raised, open });
        }
    }
    found
}

/// What is in the project is compared with what is in it; each file from outside with that, and with nothing else.
fn with_outside(portals: Vec<Facts>, beside: Beside<'_>, settings: &Settings) -> Found {
    let (outside, mut members): (Vec<Facts>, Vec<Facts>) = portals.into_iter().partition(|facts| facts.is_outside);
    let mut found = look(&members, beside, settings);
    let known = members.len();
    for file in outside.chunk_by(|a, b| a.file == b.file) {
        members.extend_from_slice(file);
        let own = look(&members, beside, settings);
        found.raised.extend(own.raised.into_iter().filter(|(about, _)| *about == file[0].file));
        found.open.extend(own.open.into_iter().filter(|(about, _)| *about == file[0].file));
        members.truncate(known);
    }
    found
}

fn say(found: Found, inputs: &[Input], checked: &mut [Checked], settings: &Settings) {
    let Found { mut raised, mut open } = found;
    // Of what stands beside the run nothing is said.
    raised.retain(|(file, _)| checked[*file].listed);
    open.retain(|(file, _)| checked[*file].listed);
    for (file, one) in raised {
        let other = |home| if let Home::File(other) = home { Some(other) } else { None };
        let others = one.finding.notes.iter().filter_map(|note| other(note.home));
        for spoken_of in others.chain([file]) {
            show_again(&inputs[spoken_of], &mut checked[spoken_of], settings);
        }
        checked[file].raised.push(one);
    }
    for (file, one) in open {
        if one.asked == Asked::InVain {
            show_again(&inputs[file], &mut checked[file], settings);
        }
        checked[file].open = checked[file].open.iter().cloned().chain([one]).collect();
    }
}

/// A file that was not kept and is spoken of now is read again.
fn show_again(input: &Input, checked: &mut Checked, settings: &Settings) {
    let limits = &settings.project(input).limits;
    if checked.shown.is_none()
        && let Ok(source) = load::load(input, limits.file_bytes, Vec::new())
    {
        let parsed = syntax::parse(&source, limits);
        file_results::mask_source(checked, &source, &parsed);
    }
}
