//! The schemas that are compiled into the program.
//!
//! The `jsonschema` crate generates their validators at build time, so no schema is compiled at start-up.
//! [`crate::schema::openapi::derive`] describes how `create`, `edit` and `export` are made.

use std::sync::OnceLock;

use jsonschema::ErrorIterator;
use serde_json::Value as Json;

use crate::schema::PortalKind;

/// The name that `portal-lint schema` takes, and the text, of each embedded schema.
pub const EMBEDDED: [(&str, &str); 10] = [
    ("account", include_str!("../../schemas/account.schema.json")),
    ("create", include_str!("../../schemas/create.schema.json")),
    ("edit", include_str!("../../schemas/edit.schema.json")),
    ("export", include_str!("../../schemas/export.schema.json")),
    ("matrix", include_str!("../../schemas/matrix.schema.json")),
    ("plan", include_str!("../../schemas/plan.schema.json")),
    ("preflight", include_str!("../../schemas/preflight.schema.json")),
    ("report", include_str!("../../schemas/report.schema.json")),
    ("rule", include_str!("../../schemas/rule.schema.json")),
    ("settings", include_str!("../../schemas/settings.schema.json")),
];

/// The text of the embedded schema with this name in [`EMBEDDED`].
pub fn embedded_text(name: &str) -> Option<&'static str> {
    let (_, text) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
    Some(text)
}

/// `Create "create" "schemas/create.schema.json";` adds a variant to [`EmbeddedSchema`] and generates its validator.
macro_rules! validated_schemas {
    ($($schema:ident $name:literal $path:tt;)+) => {
        /// An embedded schema that documents are validated against. The other schemas in [`EMBEDDED`] describe output.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EmbeddedSchema {
            $(#[doc = $name] $schema,)+
        }

        impl EmbeddedSchema {
            /// The name in [`EMBEDDED`].
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$schema => $name,)+
                }
            }

            /// The violations of this schema in a document.
            pub(super) fn iter_errors(self, instance: &Json) -> ErrorIterator<'_> {
                match self {
                    $(Self::$schema => validators::$schema::iter_errors(instance),)+
                }
            }
        }

        mod validators {
            $(
                #[jsonschema::validator(
                    path = $path,
                    draft = Draft202012,
                    methods = { is_valid = false, validate = false, iter_errors = true }
                )]
                pub(super) struct $schema;
            )+
        }
    };
}

validated_schemas! {
    Create "create" "schemas/create.schema.json";
    Edit "edit" "schemas/edit.schema.json";
    Export "export" "schemas/export.schema.json";
    Account "account" "schemas/account.schema.json";
    Settings "settings" "schemas/settings.schema.json";
}

impl From<PortalKind> for EmbeddedSchema {
    fn from(kind: PortalKind) -> Self {
        match kind {
            PortalKind::Create => Self::Create,
            PortalKind::Edit => Self::Edit,
            PortalKind::Export => Self::Export,
        }
    }
}

/// The JSON of an embedded schema.
///
/// Parsing one takes longer than checking a small file, so it is done on demand: a run without findings parses none.
pub(super) fn parsed_schema(schema: EmbeddedSchema) -> &'static Json {
    static PARSED: [OnceLock<Json>; EMBEDDED.len()] = [const { OnceLock::new() }; EMBEDDED.len()];
    PARSED[schema as usize].get_or_init(|| {
        let text = embedded_text(schema.name()).unwrap_or_default();
        serde_json::from_str(text).unwrap_or_default()
    })
}
