//! Finds the files of the project that describe the same portal as the body of an agent.
//!
//! The body replaces its own file. Otherwise it would be a duplicate of the file, and the decisions for the file would not apply.

use crate::base::file::{InputFile, Origin};
use crate::base::load::load;
use crate::base::source::{Source, Span};
use crate::model::portal::{Body, unwrap_bodies};
use crate::schema::PortalKind;
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
    is_export: bool,
    span: Span,
}

/// A portal of the project that is the same as that of a body.
pub(super) struct SamePortal {
    /// The index of the file in the list of inputs.
    index: usize,
    /// The number of the environment of the file.
    pub environment: usize,
    pub is_export: bool,
    /// The text of the file without the portal; `None` if it contains no other portal.
    rest: Option<Vec<u8>>,
}

/// Finds the portals in `inputs` that are the same as the only portal in `body`.
pub(super) fn find_same_portals(body: &InputFile, inputs: &[InputFile], project: &Project) -> Vec<SamePortal> {
    let limits = &project.limits;
    let mut matches = Vec::new();
    let Some((_, portals)) = find_portals(body, limits) else { return matches };
    let [portal] = &portals[..] else { return matches };
    for (index, input) in inputs.iter().enumerate() {
        if input.project != body.project {
            continue;
        }
        let Some((source, mut candidates)) = find_portals(input, limits) else { continue };
        let path = relative_path(input, project);
        add_bound_ids(&mut candidates, path.as_ref(), project);
        let environment = path.map_or(0, |path| project.environment_of(&path));
        let is_alone = candidates.len() == 1;
        for candidate in candidates {
            if is_same_portal(&candidate.identities, &portal.identities) {
                let rest = if is_alone { None } else { Some(blank_out(&source, candidate.span)) };
                matches.push(SamePortal { index, environment, is_export: candidate.is_export, rest });
            }
        }
    }
    matches
}

/// Makes a body replace a portal of the project.
pub(super) fn replace_file(body: &mut InputFile, inputs: &mut Vec<InputFile>, replaced: &mut SamePortal) {
    let SamePortal { index, rest, .. } = replaced;
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
fn add_bound_ids(portals: &mut [FoundPortal], path: Option<&String>, project: &Project) {
    for binding in project.bindings.iter().filter(|binding| path.is_some() && binding.path.as_ref() == path) {
        if let Some(portal) = portals.get_mut(binding.document.unwrap_or_default()) {
            portal.identities.push(Identity::Id(binding.id.clone()));
        }
    }
}

/// The path of a file from the folder of its project.
fn relative_path(input: &InputFile, project: &Project) -> Option<String> {
    // Resolving paths asks the file system.
    if project.bindings.is_empty() && project.environments.is_empty() {
        return None;
    }
    project.relative_file_path(input.path()?)
}

/// The portals of a file. `None` if it cannot be read.
fn find_portals(input: &InputFile, limits: &Limits) -> Option<(Source, Vec<FoundPortal>)> {
    let source = load(input, limits.file_bytes).ok()?;
    let parsed = parse(&source, limits);
    let mut portals = Vec::new();
    for body in unwrap_bodies(&source, &parsed, limits, None).bodies {
        let root = body.root(&parsed);
        if root.is_object() {
            portals.push(FoundPortal {
                identities: identities(&body, &root),
                is_export: matches!(body.detect_kind(&parsed), Some(Ok(PortalKind::Export))),
                span: body.to_file_span(root.span()),
            });
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
