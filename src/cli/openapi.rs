//! `--openapi`: RevCent's own document. Its schemas take the place of the embedded ones, and with `--online` its paths that of the
//! usual ones.
//!
//! What it does not give is said: nobody is to believe that a body was held against a document that was not understood.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::streams::stderr;
use crate::base::read::read_named;
use crate::base::read_error::ReadError;
use crate::base::sanitize::sanitize;
use crate::rules::wording::quote;
use crate::schema::SchemaSet;
use crate::schema::openapi::OpenApi;

/// The document that was given.
pub(super) struct OpenApiArg {
    /// In a sentence.
    name: String,
    /// As it was read.
    pub document: OpenApi,
}

impl OpenApiArg {
    /// Reads it, if there is one.
    pub(super) fn read(path: Option<&Path>) -> Result<Option<Self>, Failure> {
        /// Ten times what such documents have.
        const MAX_BYTES: u64 = 64 << 20;
        let Some(path) = path else { return Ok(None) };
        let name = quote(&path.to_string_lossy());
        let document = match read_named(path, MAX_BYTES) {
            Err(ReadError::TooLarge { .. }) => Err("it is larger than 64 MiB".into()),
            Err(trouble) => Err(trouble.to_string()),
            Ok(bytes) => match str::from_utf8(&bytes) {
                Ok(text) => OpenApi::read(&path.to_string_lossy(), text),
                Err(_) => Err("it is not UTF-8".into()),
            },
        };
        let document = document.map_err(|why| Failure::Usage(format!("{name}: {}", sanitize(&why))))?;
        Ok(Some(Self { name, document }))
    }

    /// Its schemas. A document without any is of no use, but for the paths of the API, when that is asked: then the embedded
    /// ones hold, and that is said.
    pub(super) fn schemas(&self, is_online: bool) -> Result<SchemaSet, Failure> {
        match SchemaSet::from_openapi(&self.document) {
            Ok(schemas) => Ok(schemas),
            Err(why) if is_online => {
                let why = sanitize(&why);
                writeln!(stderr(), "portal-lint: {} gives no schemas, and the built-in ones hold: {why}", self.name)?;
                Ok(SchemaSet::default())
            }
            Err(why) => Err(Failure::Usage(format!("{} gives no schemas: {}", self.name, sanitize(&why)))),
        }
    }

    /// Says where the schemas of a run come from.
    pub(super) fn print_operations(&self, schemas: &SchemaSet, out: &mut dyn Write) -> io::Result<()> {
        match schemas.source_operations() {
            [] => Ok(()),
            from => writeln!(out, "schemas = {} (--openapi): {}", self.name, from.join(", ")),
        }
    }

    /// Why it cannot be used.
    #[cfg(feature = "online")]
    pub(super) fn wrong(&self, why: &str) -> Failure {
        Failure::Usage(format!("{}: {why}", self.name))
    }
}

/// The schemas of a command that asks nobody.
pub(super) fn schemas(path: Option<&Path>) -> Result<SchemaSet, Failure> {
    OpenApiArg::read(path)?.map_or_else(|| Ok(SchemaSet::default()), |given| given.schemas(false))
}
