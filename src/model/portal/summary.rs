//! What is kept of a body when somebody asks for more than its findings: its name, which fields it writes, and which of its
//! values are variables. Made only for the preflight; the values themselves are not kept.

use crate::model::portal::Portal;
use crate::schema::Kind;
use crate::syntax::cursor::{Cursor, variable_name};

/// How deep fields are kept: `/customer_emails/customer_account_confirm_email/from`.
const DEEPEST: usize = 3;

/// A body in a few words.
#[derive(Clone, Debug)]
pub struct PortalSummary {
    /// Which YAML document of the file, from 0.
    pub document: usize,
    /// The kind of body.
    pub kind: Kind,
    /// The portal's name as it is written, variables too; `None` when there is none or it is blank.
    pub name: Option<String>,
    /// The JSON Pointers of the fields that are written, three levels deep.
    pub fields: Vec<String>,
    /// The values that are `${NAME}`.
    pub variables: Vec<Variable>,
    /// Whether a part of the body could not be read.
    pub is_partial: bool,
}

/// A value that is filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// JSON Pointer of the value.
    pub pointer: String,
    /// `NAME` of `${NAME}`.
    pub name: String,
}

impl PortalSummary {
    /// Looks through a body.
    pub fn from_portal(portal: &Portal<'_>, document: usize) -> Self {
        let name = portal.field("name").text().filter(|name| !name.trim().is_empty());
        let mut outline = Self {
            document,
            kind: portal.kind,
            name: name.map(str::to_owned),
            fields: Vec::new(),
            variables: Vec::new(),
            is_partial: portal.root.is_partial(),
        };
        outline.add(&portal.root, 0);
        outline
    }

    fn add(&mut self, slot: &Cursor<'_>, depth: usize) {
        if let Some(name) = slot.text().and_then(variable_name) {
            self.variables.push(Variable { pointer: slot.pointer(), name: name.to_owned() });
        }
        // An export has its ids inside objects: `/customer_filters/campaign/0/id`.
        if depth > DEEPEST {
            return;
        }
        for child in slot.children() {
            if depth < DEEPEST {
                self.fields.push(child.pointer());
            }
            self.add(&child, depth + 1);
        }
        for item in slot.items() {
            self.add(&item, depth + 1);
        }
    }
}
