//! Finds the file of the project that describes the same portal as the body of an agent.
//!
//! Without this, the body would be a duplicate of its own file, and the decisions that are recorded for the file would not apply.

use std::ffi::OsStr;
use std::path::Path;

use crate::base::file::{InputFile, Origin, canonical_parent};
use crate::base::load::load;
use crate::base::source::{Source, Span};
use crate::model::portal::{Body, unwrap};
use crate::settings::project::Project;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, parse};

/// What identifies a portal.
#[derive(PartialEq, Eq)]
enum Identity {
    Name(String),
    Id(String),
}

/// A portal in a file.
struct FoundPortal {
    identities: Vec<Identity>,
    span: Span,
}

/// If exactly one of `inputs` describes the same portal as `body`, makes the body replace this file.
pub(super) fn replace_own_file(body: &mut InputFile, inputs: &mut Vec<InputFile>, project: &Project) {
    let limits = &project.limits;
    let Some((_, portals)) = find_portals(body, limits) else { return };
    let [portal] = &portals[..] else { return };
    let mut matches = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        if input.project != body.project {
            continue;
        }
        let Some((source, mut candidates)) = find_portals(input, limits) else { continue };
        add_bound_ids(&mut candidates, input, project);
        let is_alone = candidates.len() == 1;
        for candidate in candidates {
            if is_same_portal(&candidate.identities, &portal.identities) {
                let rest = if is_alone { None } else { Some(blank_out(&source, candidate.span)) };
                matches.push((index, rest));
            }
        }
    }
    // Of two files with the same name, at least one is a mistake, and it is not known which.
    let [(index, rest)] = &mut matches[..] else { return };
    if let Origin::Agent(agent_body) = &mut body.origin {
        agent_body.replaces = inputs[*index].real_path();
    }
    match rest.take() {
        Some(text) => inputs[*index].origin = Origin::Memory(text),
        None => drop(inputs.remove(*index)),
    }
}

/// Whether two portals are the same. If both have an ID, their names do not matter: an edit can rename a portal.
fn is_same_portal(own: &[Identity], other: &[Identity]) -> bool {
    let has_id = |identities: &[Identity]| identities.iter().any(|identity| matches!(identity, Identity::Id(_)));
    let compares_ids = has_id(own) && has_id(other);
    own.iter().any(|identity| {
        let counts = !compares_ids || matches!(identity, Identity::Id(_));
        counts && other.contains(identity)
    })
}

/// Adds the IDs that the settings bind the portals of a file to.
fn add_bound_ids(portals: &mut [FoundPortal], input: &InputFile, project: &Project) {
    if project.bindings.is_empty() {
        return;
    }
    let folder = input.path().map(canonical_parent).and_then(|folder| project.relative_path(&folder));
    let name = input.path().and_then(Path::file_name).and_then(OsStr::to_str);
    let (Some(folder), Some(name)) = (folder, name) else { return };
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    for binding in project.bindings.iter().filter(|binding| binding.path.as_ref() == Some(&path)) {
        if let Some(portal) = portals.get_mut(binding.document.unwrap_or_default()) {
            portal.identities.push(Identity::Id(binding.id.clone()));
        }
    }
}

/// The portals of a file. `None` if it cannot be read.
fn find_portals(input: &InputFile, limits: &Limits) -> Option<(Source, Vec<FoundPortal>)> {
    let source = load(input, limits.file_bytes).ok()?;
    let parsed = parse(&source, limits);
    let mut portals = Vec::new();
    for body in unwrap(&source, &parsed, limits, None).bodies {
        let root = body.root(&parsed);
        if root.is_object() {
            portals.push(FoundPortal { identities: identities(&body, &root), span: body.to_file_span(root.span()) });
        }
    }
    drop(parsed);
    Some((source, portals))
}

fn identities(body: &Body, root: &Cursor<'_>) -> Vec<Identity> {
    let mut identities = Vec::new();
    if body.error.is_some() {
        return identities;
    }
    let literal = |key| root.field(key).literal_text().map(str::trim).filter(|text| !text.is_empty());
    identities.extend(literal("name").map(|name| Identity::Name(name.to_owned())));
    // An export has its own ID in `id`.
    for key in ["customer_portal_id", "id"] {
        identities.extend(literal(key).map(|id| Identity::Id(id.to_owned())));
    }
    identities
}

/// The text without one of its portals. Lines stay where they are, because findings can point to the other portals.
fn blank_out(source: &Source, span: Span) -> Vec<u8> {
    const NULL: &[u8] = b"null";
    let mut text = source.text().as_bytes().to_vec();
    for byte in &mut text[span.range()] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    let start = span.range().start;
    if let Some(place) = text.get_mut(start..start + NULL.len()).filter(|place| place.iter().all(|byte| *byte == b' '))
    {
        place.copy_from_slice(NULL);
    }
    text
}
