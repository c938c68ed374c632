//! The schemas of portals and of portal-lint's own files, and the validation of documents against them.
//!
//! Validation uses the schemas that are compiled in ([`embedded`]), or those of an OpenAPI document that the user provides
//! ([`openapi`]); [`set`] chooses between the two. The types and messages of the `jsonschema` crate stay inside this module:
//! rules see a [`Violation`], which is a location and a [`ViolationKind`], and write the messages themselves.

mod describe;
mod embedded;
mod fields;
pub(crate) mod openapi;
mod set;
mod to_json;
mod validate;

use std::fmt;
use std::str::FromStr;

pub use describe::describe_value;
pub use embedded::{EMBEDDED, EmbeddedSchema, embedded_text};
pub use fields::{
    KnownField, all_field_names, field_description, field_names, field_names_in, known_fields, known_values,
    retain_described,
};
pub use set::SchemaSet;
pub use to_json::cursor_to_json;
pub use validate::{Violation, ViolationKind, validate_own_file};

/// The request or response that a portal file is the body of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortalKind {
    /// A request to `CreateCustomerPortal`.
    Create,
    /// A request to `EditCustomerPortal`. Fields that it leaves out keep their values.
    Edit,
    /// A response of `GetCustomerPortal`.
    Export,
}

impl PortalKind {
    /// The name that `--kind` takes and that the report shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Export => "export",
        }
    }
}

impl fmt::Display for PortalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PortalKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Create, Self::Edit, Self::Export].into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests;
