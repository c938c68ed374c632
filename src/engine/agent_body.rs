//! Decides which portal of the project the body of an agent describes, and which environment it belongs to.
//!
//! The body replaces this portal. Otherwise it would be a duplicate of the portal, and the decisions for its file would not apply.

use std::collections::HashSet;

use crate::base::file::{AgentBody, FileId, InputFile, Origin, join_relative};
use crate::base::steps::count_steps;
use crate::engine::account_snapshot::ParsedSnapshot;
use crate::engine::file_result::FileResults;
use crate::engine::parsed_file::ParsedFile;
use crate::engine::sources::Sources;
use crate::model::portal::has_id_length;
use crate::rules::context::PortalFacts;
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::environments::AccountScope;
use crate::syntax::Parsed;
use crate::syntax::cursor::Cursor;

/// Returns the body of an agent with its environment and the portal that it replaces. `others` are the portals of the other files.
pub(super) fn place_body(
    file: &ParsedFile<'_>,
    others: &[&PortalFacts],
    snapshots: &[ParsedSnapshot<'_>],
    sources: &Sources,
    settings: &Settings,
) -> InputFile {
    let mut body = file.input.clone();
    let Origin::Agent(placement) = &mut body.origin else { return body };
    let project = settings.project(file.input);
    let environment_of = |portal: &PortalFacts| sources.scope(portal.file).environment;
    let mut matches = find_same_portals(file, others, sources, settings);
    let environment = if project.environments.is_empty() {
        0
    } else {
        let in_files = matches.first().map(|first| environment_of(first));
        let in_files = in_files.filter(|first| matches.iter().all(|portal| environment_of(portal) == *first));
        let folder = project.relative_path(&placement.folder).unwrap_or_default();
        environment_by_ids(file, snapshots, project.environments.len())
            .or(in_files)
            // Patterns match files, so this asks about a file that could be in the folder.
            .unwrap_or_else(|| project.environment_of(&join_relative(&folder, "a.portal.json")))
    };
    placement.environment = Some(environment);
    matches.retain(|portal| environment_of(portal) == environment);
    // The export of a portal is a copy of it, next to the file that describes it.
    if matches.iter().any(|portal| portal.kind != PortalKind::Export) {
        matches.retain(|portal| portal.kind != PortalKind::Export);
    }
    // Of two files with the same name, at least one is a mistake, and it is not known which.
    if let [portal] = matches[..] {
        placement.replaces = sources.file(portal.file).path().map(|path| (path.to_owned(), portal.document));
    }
    body
}

/// Removes the portals that bodies of agents replace.
pub(super) fn remove_replaced_portals(sources: &Sources, results: &mut FileResults) {
    for id in sources.ids() {
        let Origin::Agent(AgentBody { replaces: Some((path, document)), .. }) = &sources.file(id).origin else {
            continue;
        };
        for (other, result) in results.iter_mut().filter(|(other, _)| **other != id) {
            if sources.file(*other).path() == Some(path) {
                result.portals.retain(|portal| portal.facts.document != *document);
            }
        }
    }
}

/// The portals of the project that are the same as the only portal of a body.
fn find_same_portals<'o>(
    file: &ParsedFile<'_>,
    others: &[&'o PortalFacts],
    sources: &Sources,
    settings: &Settings,
) -> Vec<&'o PortalFacts> {
    let [(document, kind)] = file.portals(settings)[..] else { return Vec::new() };
    let own = file.facts(document, &file.portal(document, kind), false);
    let project_of = |id: FileId| sources.file(id).project;
    let mut matches = others.to_vec();
    matches.retain(|other| project_of(other.file) == file.input.project && is_same_portal(&own, other));
    matches
}

/// Whether two portals are the same. If both have an ID, their names do not matter: an edit can rename a portal.
fn is_same_portal(own: &PortalFacts, other: &PortalFacts) -> bool {
    let (own_ids, other_ids) = (own.own_ids(), other.own_ids());
    if !own_ids.is_empty() && !other_ids.is_empty() {
        return own_ids.iter().any(|id| other_ids.contains(id));
    }
    matches!((&own.name, &other.name), (Some((own, _)), Some((other, _))) if own.trim() == other.trim())
}

/// The environment whose snapshot contains most IDs of the body, because IDs exist in one account only. `None` if no snapshot contains
/// more than all others.
fn environment_by_ids(file: &ParsedFile<'_>, snapshots: &[ParsedSnapshot<'_>], last: usize) -> Option<usize> {
    let ids = find_ids(&file.parsed);
    let mut counts = Vec::new();
    for environment in 0..=last {
        let scope = AccountScope { project: file.input.project, environment };
        let snapshot = snapshots.iter().find(|snapshot| snapshot.is_used_by(scope));
        let known = snapshot.map(|snapshot| find_ids(&snapshot.tree).intersection(&ids).count());
        counts.push((known.unwrap_or_default(), environment));
    }
    counts.sort_unstable_by(|a, b| b.cmp(a));
    match counts[..] {
        [(most, environment), (second, _), ..] if most > second => Some(environment),
        _ => None,
    }
}

/// The texts in a tree that have the length of an ID.
fn find_ids<'t>(tree: &'t Parsed<'_>) -> HashSet<&'t str> {
    let mut ids = HashSet::new();
    let mut pending: Vec<Cursor<'_>> = tree.documents.iter().map(Cursor::root).collect();
    while let Some(value) = pending.pop() {
        count_steps(1);
        pending.extend(value.children().chain(value.items()));
        ids.extend(value.literal_text().map(str::trim).filter(|text| has_id_length(text)));
    }
    ids
}
