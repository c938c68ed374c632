//! The rules that look across the files of a project. Without settings the files of the run are one project.

use super::ways::Ways;
use crate::diagnostic::Home;
use crate::document;
use crate::input::Input;
use crate::load;
use crate::report::Checked;
use crate::rules::RULES;
use crate::rules::context::{Beside, Facts, ProjectContext};
use crate::settings::Settings;

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
        of_project(&group, inputs, checked, settings, beside[number]);
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

fn of_project(portals: &[Facts], inputs: &[Input], checked: &mut [Checked], settings: &Settings, beside: Beside<'_>) {
    let account = beside.account;
    let (mut raised, mut open) = (Vec::new(), Vec::new());
    for rule in RULES.iter().filter(|rule| settings.selection.takes(rule)) {
        if let Some(look) = rule.project {
            look(&mut ProjectContext { portals, account, code: rule.code, raised: &mut raised, open: &mut open });
        }
    }
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
        checked[file].open.push(one);
    }
}

/// A file that was not kept and is spoken of now is read again.
fn show_again(input: &Input, checked: &mut Checked, settings: &Settings) {
    let limits = &settings.project(input).limits;
    if checked.shown.is_none()
        && let Ok(source) = load::load(input, limits.file_bytes, Vec::new())
    {
        let parsed = document::parse(&source, limits);
        super::show(checked, &source, &parsed);
    }
}
