//! Decides which environment the body of an agent belongs to. The IDs in a body exist in one account only, so the snapshot that
//! contains them shows the account that the body is meant for.

use std::collections::HashSet;
use std::path::Path;

use crate::base::file::{InputFile, join_relative};
use crate::base::load::load;
use crate::base::steps::count_steps;
use crate::model::portal::has_id_length;
use crate::settings::project::Project;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, Parsed, parse};

/// The environment whose snapshot contains most IDs of the body. `None` if no snapshot contains more than all others.
pub(super) fn environment_by_ids(body: &InputFile, project: &Project) -> Option<usize> {
    let ids = find_ids(body, &project.limits, |_| true);
    let mut counts = Vec::new();
    for environment in 0..=project.environments.len() {
        let snapshot = project.account(environment).file.as_ref();
        let known = snapshot.map(|snapshot| find_ids(snapshot, &Limits::default(), |id| ids.contains(id)));
        counts.push((known.map_or(0, |known| known.len()), environment));
    }
    counts.sort_unstable_by(|a, b| b.cmp(a));
    match counts[..] {
        [(most, environment), (second, _), ..] if most > second => Some(environment),
        _ => None,
    }
}

/// The environment of the files in a folder.
pub(super) fn environment_of_folder(folder: &Path, project: &Project) -> usize {
    let folder = project.relative_path(folder).unwrap_or_default();
    // Patterns match files, so this asks about a file that could be there.
    project.environment_of(&join_relative(&folder, "a.portal.json"))
}

/// The texts of a file that have the length of an ID and are selected.
fn find_ids(file: &InputFile, limits: &Limits, is_selected: impl Fn(&str) -> bool) -> HashSet<String> {
    let mut ids = HashSet::new();
    let Ok(source) = load(file, limits.file_bytes) else { return ids };
    let parsed: Parsed<'_> = parse(&source, limits);
    let mut pending: Vec<Cursor<'_>> = parsed.documents.iter().map(Cursor::root).collect();
    while let Some(value) = pending.pop() {
        count_steps(1);
        pending.extend(value.children().chain(value.items()));
        if let Some(text) = value.literal_text().map(str::trim).filter(|text| has_id_length(text) && is_selected(text))
        {
            ids.insert(text.to_owned());
        }
    }
    ids
}
