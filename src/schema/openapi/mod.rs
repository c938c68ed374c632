//! Derives portal schemas from an OpenAPI document that the user provides. A test applies the same steps to RevCent's document, to
//! verify `schemas/*.json`.
//!
//! [`document`] finds the operations by name, [`resolve_refs`] inlines their references, [`normalize`] simplifies schemas,
//! [`mod@derive`] builds the portal schemas, [`required_fields`] lists what the guide requires, [`assumptions`] rejects documents
//! whose schemas lack a constraint that the rules rely on, and [`runtime`] compiles the schemas.

mod assumptions;
pub(super) mod derive;
mod document;
mod normalize;
mod required_fields;
mod resolve_refs;
pub(super) mod runtime;

pub(crate) use document::OpenApi;
