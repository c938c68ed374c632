//! Schemas from an OpenAPI document: the one that RevCent published, or one that the user provides.
//!
//! [`document`] reads the document and resolves its references, [`normalize`] simplifies a schema, [`mod@derive`] makes the schemas
//! of portal bodies from it, [`assumptions`] checks that they have the constraints that the rules rely on, and [`runtime`] compiles them.

mod assumptions;
pub(super) mod derive;
mod document;
mod normalize;
mod required_fields;
mod resolve_refs;
pub(super) mod runtime;

pub(crate) use document::OpenApi;
