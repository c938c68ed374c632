//! The schemas of a run: the embedded ones, or those of an OpenAPI document that the user provides with `--openapi`.

use std::sync::Arc;

use crate::schema::PortalKind;
use crate::schema::fields::{field_names, field_names_at};
use crate::schema::openapi::OpenApi;
use crate::schema::openapi::derive::{Operations, derive_schemas};
use crate::schema::openapi::runtime::RuntimeSchema;
use crate::schema::validate::{Violation, validate_body};
use crate::syntax::cursor::Cursor;

/// The schemas that bodies are validated against. The default is the embedded schemas.
#[derive(Clone, Debug, Default)]
pub struct SchemaSet(Option<Arc<RuntimeSchemas>>);

/// The schemas of an OpenAPI document.
#[derive(Debug)]
struct RuntimeSchemas {
    create: RuntimeSchema,
    edit: RuntimeSchema,
    export: RuntimeSchema,
    /// The operations that the schemas are made from.
    source_operations: Vec<&'static str>,
}

impl SchemaSet {
    /// Derives the schemas from an OpenAPI document, in the same way as the embedded schemas from the published one
    /// ([`crate::schema::openapi::derive`]), and compiles them.
    ///
    /// # Errors
    ///
    /// If the document lacks `GetCustomerPortal`, or if a schema cannot be used. The error continues a sentence that starts
    /// with the name of the document.
    pub fn from_openapi(document: &OpenApi) -> Result<Self, String> {
        let get = document
            .resolved_operation("GetCustomerPortal")?
            .ok_or("it does not contain the operation GetCustomerPortal")?;
        let create = document.resolved_operation("CreateCustomerPortal")?;
        let edit = document.resolved_operation("EditCustomerPortal")?;
        let operations = Operations { get: &get, create: create.as_ref(), edit: edit.as_ref() };
        let [(_, create), (_, edit), (_, export)] = derive_schemas(operations)?;
        Ok(Self(Some(Arc::new(RuntimeSchemas {
            create: RuntimeSchema::compile("create", create)?,
            edit: RuntimeSchema::compile("edit", edit)?,
            export: RuntimeSchema::compile("export", export)?,
            source_operations: operations.names_with_body(),
        }))))
    }

    /// The operations of the OpenAPI document that the schemas are made from; empty for the embedded schemas.
    pub fn source_operations(&self) -> &[&'static str] {
        self.0.as_ref().map_or(&[], |schemas| &schemas.source_operations)
    }

    /// The violations of the schema of a kind in a body; see [`validate_body`].
    pub fn validate<'d>(&'d self, body: &Cursor<'d>, kind: PortalKind) -> Vec<Violation<'d>> {
        validate_body(body, kind, self.runtime_schema(kind))
    }

    /// The fields of an object in a body; `path` contains the keys that lead from the top level to the object.
    pub fn field_names(&self, kind: PortalKind, path: &[&str]) -> Vec<&str> {
        match self.runtime_schema(kind) {
            Some(schema) => field_names_at(schema.json(), path),
            None => field_names(kind, path),
        }
    }

    /// The text of the OpenAPI document's schema for a kind; `None` for the embedded schemas.
    pub fn runtime_text(&self, kind: PortalKind) -> Option<String> {
        self.runtime_schema(kind).map(|schema| format!("{:#}", schema.json()))
    }

    fn runtime_schema(&self, kind: PortalKind) -> Option<&RuntimeSchema> {
        let schemas = self.0.as_deref()?;
        Some(match kind {
            PortalKind::Create => &schemas.create,
            PortalKind::Edit => &schemas.edit,
            PortalKind::Export => &schemas.export,
        })
    }
}
