//! A summary of a portal for the preflight: its name, the fields that the file sets, and the values that are variables.

use crate::base::source::Source;
use crate::model::portal::fields::Portal;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The depth down to which fields are listed: `/customer_emails/customer_account_confirm_email/from` has depth 3.
const MAX_FIELD_DEPTH: usize = 3;

/// The parts of a portal that the preflight needs. No other values are kept, so that a run over many files needs little memory.
#[derive(Clone, Debug)]
pub struct PortalSummary {
    /// The index of the YAML document in its file.
    pub document: usize,
    /// The request or response that the portal is the body of.
    pub kind: PortalKind,
    /// The ID of the portal in the account, if the settings bind the file to it.
    pub bound_id: Option<String>,
    /// The name as it is written, including variables; `None` if it is missing or blank.
    pub name: Option<String>,
    /// The JSON Pointers of the fields that are present, down to three levels.
    pub fields: Vec<String>,
    /// The values that are `${NAME}`.
    pub variables: Vec<Variable>,
    /// Whether a part of the portal could not be read.
    pub is_partial: bool,
}

/// A value that is filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The JSON Pointer of the value.
    pub pointer: String,
    /// `NAME` of `${NAME}`.
    pub name: String,
}

impl PortalSummary {
    /// Summarizes a portal, which is the YAML document with this index.
    pub fn from_portal(portal: &Portal<'_>, source: &Source, document: usize) -> Self {
        let field = portal.name;
        let name = if field.is_from_variable() {
            Some(source.slice(field.span()).trim_matches(['"', '\'']))
        } else {
            field.text().filter(|name| !name.trim().is_empty())
        };
        let mut summary = Self {
            document,
            kind: portal.kind,
            bound_id: portal.bound_id.map(str::to_owned),
            name: name.map(str::to_owned),
            fields: Vec::new(),
            variables: Vec::new(),
            is_partial: portal.root.is_partial(),
        };
        summary.add_value(&portal.root, 0);
        summary
    }

    fn add_value(&mut self, cursor: &Cursor<'_>, depth: usize) {
        if let Some(name) = cursor.variable() {
            self.variables.push(Variable { pointer: cursor.pointer(), name: name.to_owned() });
        }
        // One level deeper than the fields, because an export has its IDs in objects: `/customer_filters/campaign/0/id`.
        if depth > MAX_FIELD_DEPTH {
            return;
        }
        for child in cursor.children() {
            if depth < MAX_FIELD_DEPTH {
                self.fields.push(child.pointer());
            }
            self.add_value(&child, depth + 1);
        }
        for item in cursor.items() {
            self.add_value(&item, depth + 1);
        }
    }
}
