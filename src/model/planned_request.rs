//! What submitting a file would do to the account: create a portal, or edit the one that the file describes.

use std::collections::BTreeSet;

use crate::base::source::{Source, Span};
use crate::model::account::{Account, Lookup, ObjectKind};
use crate::model::comparison::{Certainty, PORTAL_ID, compare_with_account, has_settings, is_known_to_be_unset};
use crate::model::edited_portal::{Change, EditedPortal, NestedFields, mark_opening};
use crate::model::portal::{Portal, has_id_length};
use crate::model::request_json::RequestValue;
use crate::model::secrets::{Secrets, is_secret_name};
use crate::schema::{PortalKind, SchemaSet};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Entry, Value};

/// What submitting a file would do to the account.
#[derive(Clone, Debug)]
pub struct PlannedRequest {
    /// The ID of the portal in the account that the file describes.
    pub id: Option<String>,
    /// The name of that portal in the account's data.
    pub account_name: Option<String>,
    /// What the account's data says about that portal.
    pub state: AccountState,
    /// Whether the body contained a secret in plain text, which is masked: the body cannot be sent as it is.
    pub body_contains_secret: bool,
}

/// What the account's data says about the portal that a file describes.
#[derive(Clone, Debug)]
pub enum AccountState {
    /// The account has no such portal. The value is the body that creates it.
    Absent(RequestValue),
    /// The account has the portal.
    Found(PlannedEdit),
    /// It is not known whether the account has the portal, or what it has. The value is the reason.
    Unknown(&'static str),
    /// The same, because a network query has no answer. The value is why.
    Unanswered(String),
}

/// The edit that makes a portal of the account what its file says.
#[derive(Clone, Debug)]
pub struct PlannedEdit {
    /// The fields that it changes, in the order of the file.
    pub changes: Vec<Change>,
    /// The fields of the file that were not compared.
    pub not_compared: Vec<NotCompared>,
    /// Objects that the body contains as a whole, although only some of their fields change. RevCent does not document what
    /// happens to the fields of an object that an edit leaves out.
    pub whole_objects: Vec<String>,
    /// The JSON Pointers of fields that are missing in the objects of the body, because neither the file nor the account's data
    /// contains them. They may be set in RevCent.
    pub left_out: Vec<String>,
    /// The body of the edit, which contains only the top-level fields that change.
    pub body: RequestValue,
}

/// A field of a file that was not compared with the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCompared {
    /// The JSON Pointer of the field.
    pub pointer: String,
    /// Why it was not compared.
    pub reason: NotComparedReason,
}

/// Why a field was not compared with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotComparedReason {
    /// The account's data does not contain it.
    NotInAccount,
    /// The account's data contains no secrets.
    Secret,
    /// The file contains a variable.
    Variable,
}

impl PlannedRequest {
    /// Plans the request for a portal, whose file has the text `source`. An export is never submitted.
    pub(crate) fn new(
        portal: &Portal<'_>,
        source: &Source,
        account: Option<&Account<'_>>,
        schemas: &SchemaSet,
    ) -> Option<Self> {
        let own_id = match portal.kind {
            PortalKind::Create => portal.bound_id,
            PortalKind::Edit => portal.field(PORTAL_ID).literal_text().filter(|id| has_id_length(id)),
            PortalKind::Export => return None,
        };
        let mut account_name = None;
        let state = match account {
            None => AccountState::Unknown("there is no account data to compare the file with"),
            Some(account) => match own_id.map(|id| account.lookup(ObjectKind::Portal, id)) {
                None if portal.kind == PortalKind::Edit => AccountState::Unknown("the ID of the portal is not known"),
                None => plan_create(portal, account),
                Some(Lookup::NotFound(_)) => AccountState::Unknown("the account has no portal with this ID"),
                Some(Lookup::Unknown) => AccountState::Unknown("the account data does not contain this portal"),
                Some(Lookup::Found(object)) => {
                    account_name = object.name.map(str::to_owned);
                    if has_settings(&object.cursor) {
                        AccountState::Found(plan_edit(portal, source, &object.cursor, schemas))
                    } else {
                        AccountState::Unknown("the account data contains only the ID and the name of this portal")
                    }
                }
            },
        };
        Some(Self { id: own_id.map(str::to_owned), account_name, state, body_contains_secret: false })
    }

    /// Masks the secrets in all values, and with `masks_body` those in the body as well.
    pub(crate) fn mask_secrets(&mut self, masks_body: bool, secrets: &Secrets) {
        self.account_name = self.account_name.take().map(|name| secrets.mask(name));
        let body = match &mut self.state {
            AccountState::Absent(body) => body,
            AccountState::Found(edit) => {
                edit.changes.iter_mut().for_each(|change| change.mask_texts(&|text| secrets.mask(text)));
                &mut edit.body
            }
            AccountState::Unanswered(reason) => {
                *reason = secrets.mask(std::mem::take(reason));
                return;
            }
            AccountState::Unknown(_) => return,
        };
        if !masks_body {
            return;
        }
        // Unlike a message, a body is sent as it is, so a text that only begins like a secret must not change: the two keys of
        // reCAPTCHA begin with the same characters.
        let contains_secret = &mut self.body_contains_secret;
        body.replace_texts("", &mut |key, text| {
            // A short secret is recognized only by its key.
            let is_secret = is_secret_name(key) && !text.is_empty();
            if !is_secret && !secrets.values().iter().any(|secret| text.contains(secret.as_str())) {
                return None;
            }
            *contains_secret = true;
            Some("*".repeat(text.len()))
        });
    }
}

fn plan_create(portal: &Portal<'_>, account: &Account<'_>) -> AccountState {
    let Some(list) = account.list(ObjectKind::Portal) else {
        return AccountState::Unknown("the account data has no list of portals, so the portal may already exist");
    };
    match portal.name.literal_text() {
        None => AccountState::Unknown("the name is not known, so the portal may already exist"),
        Some(name) if list.with_name(name).next().is_some() => {
            AccountState::Unknown("the account already has a portal with this name, and the file is not bound to it")
        }
        Some(_) if !list.is_complete => AccountState::Unknown(
            "the list of portals in the account data is incomplete, so the portal may already exist",
        ),
        Some(_) => AccountState::Absent(RequestValue::from_body(&portal.root)),
    }
}

fn plan_edit(portal: &Portal<'_>, source: &Source, object: &Cursor<'_>, schemas: &SchemaSet) -> PlannedEdit {
    let fields = schemas.field_names(PortalKind::Edit, &[]);
    let current = EditedPortal::from_account(object, Span::default(), &fields);
    let mut changes = Vec::new();
    let mut not_compared = Vec::new();
    let mut changed_fields: BTreeSet<&str> = BTreeSet::new();
    for difference in compare_with_account(&portal.root, &Cursor::root(&current.document)) {
        let reason = match difference.certainty {
            Certainty::Different => {
                changed_fields.extend(difference.own.keys().next());
                changes.push(Change::new(&difference, source));
                continue;
            }
            Certainty::UnknownInAccount => NotComparedReason::NotInAccount,
            Certainty::Secret => NotComparedReason::Secret,
            Certainty::Variable => NotComparedReason::Variable,
        };
        not_compared.push(NotCompared { pointer: difference.own.pointer(), reason });
    }
    let merged = current.apply(&portal.root, NestedFields::Keep);
    mark_opening(&mut changes, &merged);
    let mut body = Vec::new();
    if let Some(id) = object.field("id").text() {
        body.push((PORTAL_ID.to_owned(), RequestValue::Text(id.to_owned())));
    }
    let (mut whole_objects, mut left_out) = (Vec::new(), Vec::new());
    let is_complete = current.is_complete;
    for field in Cursor::root(&merged).children().filter(|field| changed_fields.contains(field.key())) {
        let mut keys = vec![field.key()];
        let value = known_fields(&field, &mut keys, schemas);
        let number = changes.iter().filter(|change| is_in_field(&change.pointer, field.key())).count();
        if count_leaves(&value) > number {
            whole_objects.push(field.key().to_owned());
        }
        let in_account = Cursor::root(&current.document).field(field.key());
        add_left_out(&field, &in_account, is_complete, &mut keys, schemas, &mut left_out);
        body.push((field.key().to_owned(), value));
    }
    PlannedEdit { changes, not_compared, whole_objects, left_out, body: RequestValue::Object(body) }
}

/// Adds the fields of an object that are missing in it and may be set in RevCent. `path` is the path of the object, and `in_account`
/// is the object in the account's data.
fn add_left_out<'d>(
    object: &Cursor<'d>,
    in_account: &Cursor<'d>,
    is_complete: bool,
    path: &mut Vec<&'d str>,
    schemas: &SchemaSet,
    left_out: &mut Vec<String>,
) {
    if !object.is_object() || is_known_to_be_unset(path, in_account, is_complete) {
        return;
    }
    for name in schemas.field_names(PortalKind::Edit, path) {
        // What the account data has as `null` is not in the body.
        let is_in_body = |entry: &&Entry<'_>, child: &Cursor<'_>| !entry.merged || child.value() != Some(&Value::Null);
        let mut fields = object.entries().iter().zip(object.children());
        if !fields.any(|(entry, child)| &*entry.key == name && is_in_body(&entry, &child)) {
            left_out.push(format!("{}/{name}", object.pointer()));
        }
    }
    for child in object.children() {
        path.push(child.key());
        add_left_out(&child, &in_account.field(child.key()), is_complete, path, schemas, left_out);
        path.pop();
    }
}

/// Converts a field, without what comes from the account and is not a field of a request. `path` is the path of the field.
fn known_fields<'d>(field: &Cursor<'d>, path: &mut Vec<&'d str>, schemas: &SchemaSet) -> RequestValue {
    if !field.is_object() {
        return RequestValue::from_cursor(field);
    }
    let known = schemas.field_names(PortalKind::Edit, path);
    let mut entries = Vec::new();
    for (entry, child) in field.entries().iter().zip(field.children()) {
        if child.is_broken() || (entry.merged && (child.value() == Some(&Value::Null) || !known.contains(&&*entry.key)))
        {
            continue;
        }
        path.push(child.key());
        entries.push((entry.key.to_string(), known_fields(&child, path, schemas)));
        path.pop();
    }
    RequestValue::Object(entries)
}

fn is_in_field(pointer: &str, field: &str) -> bool {
    pointer
        .strip_prefix('/')
        .and_then(|rest| rest.strip_prefix(field))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The number of values in nested objects. A list is one value.
fn count_leaves(value: &RequestValue) -> usize {
    match value {
        RequestValue::Object(entries) => entries.iter().map(|(_, value)| count_leaves(value)).sum(),
        _ => 1,
    }
}
