//! `--openapi`: an OpenAPI document whose schemas replace the embedded ones and, with `--online`, whose paths replace the default
//! ones.
//!
//! If the document lacks something, this is reported: users must not believe that a body was checked against a document that
//! portal-lint did not understand.

use std::io::{self, Write};
use std::path::Path;

use super::streams::stderr;
use super::{Failure, refuse};
use crate::base::read::read_path_argument;
use crate::base::read_error::ReadError;
use crate::base::sanitize::sanitize;
use crate::rules::wording::quote;
use crate::schema::SchemaSet;
use crate::schema::openapi::OpenApi;

/// The document of `--openapi`.
pub(super) struct OpenApiArg {
    /// Its path in code quotes, for messages.
    name: String,
    pub document: OpenApi,
}

impl OpenApiArg {
    /// Reads the document, if there is one.
    pub(super) fn read(path: Option<&Path>) -> Result<Option<Self>, Failure> {
        /// Ten times the size of real documents.
        const MAX_BYTES: u64 = 64 << 20;
        let Some(path) = path else { return Ok(None) };
        let name = quote(&path.to_string_lossy());
        let document = match read_path_argument(path, MAX_BYTES) {
            Err(ReadError::TooLarge { .. }) => Err("it is larger than 64 MiB".into()),
            Err(error) => Err(error.to_string()),
            Ok(bytes) => match str::from_utf8(&bytes) {
                Ok(text) => OpenApi::parse(&path.to_string_lossy(), text),
                Err(_) => Err("it is not UTF-8".into()),
            },
        };
        let document = document.map_err(|why| Failure::Usage(format!("{name}: {}", sanitize(&why))))?;
        Ok(Some(Self { name, document }))
    }

    /// The schemas of the document. If it has none, it is still of use for an online run, which needs its paths: then a warning
    /// is printed and the embedded schemas are used. Otherwise this is an error.
    pub(super) fn schemas(&self, is_online: bool) -> Result<SchemaSet, Failure> {
        match SchemaSet::from_openapi(&self.document) {
            Ok(schemas) => Ok(schemas),
            Err(why) if is_online => {
                let why = sanitize(&why);
                writeln!(
                    stderr(),
                    "portal-lint: {} has no usable schemas, so the built-in ones are used: {why}",
                    self.name
                )?;
                Ok(SchemaSet::default())
            }
            Err(why) => refuse(format!("{} has no usable schemas: {}", self.name, sanitize(&why))),
        }
    }

    /// Prints the operations that the schemas are derived from.
    pub(super) fn print_operations(&self, schemas: &SchemaSet, out: &mut dyn Write) -> io::Result<()> {
        match schemas.source_operations() {
            [] => Ok(()),
            operations => {
                let operations = sanitize(&operations.join(", "));
                writeln!(out, "schemas = {} (--openapi): {operations}", self.name)
            }
        }
    }

    /// An error that is caused by the document.
    #[cfg(feature = "online")]
    pub(super) fn error(&self, why: &str) -> Failure {
        Failure::Usage(format!("{}: {why}", self.name))
    }
}

/// The schemas for a command without `--online`: those of a document, or the embedded ones.
pub(super) fn load_schemas(path: Option<&Path>) -> Result<SchemaSet, Failure> {
    match OpenApiArg::read(path)? {
        Some(openapi) => openapi.schemas(false),
        None => Ok(SchemaSet::default()),
    }
}
