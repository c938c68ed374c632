//! What submitting a file would do to the account: create a portal, or edit the one that the file describes.

use std::collections::{BTreeMap, HashSet};

use crate::base::source::{Source, Span};
use crate::model::account::{Account, Lookup, ObjectKind};
use crate::model::comparison::{Certainty, PORTAL_ID, compare_with_account, has_settings, is_known_to_be_unset};
use crate::model::edited_portal::{Change, EditedPortal, NestedFields, mark_removal_of_filters};
use crate::model::omitted_fields::{Removal, find_omitted_fields};
use crate::model::portal::{Portal, has_id_length};
use crate::model::request_json::RequestValue;
use crate::model::secrets::{Secrets, is_secret_name, mask_all};
use crate::schema::{PortalKind, SchemaSet};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Entry, Value};

/// The help for account data that is incomplete. A snapshot contains the whole portal only if its file is bound.
const UPDATE_SNAPSHOT: &str = "update the account snapshot with `portal-lint account pull --online`";

/// What submitting a file would do to the account.
#[derive(Clone, Debug)]
pub struct PlannedRequest {
    /// The ID of the portal in the account that the file describes.
    pub id: Option<String>,
    /// The name of that portal in the account's data.
    pub account_name: Option<String>,
    /// Whether the account has that portal, and what the request would do to it.
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
    /// It is not known whether the account has the portal, or what it has.
    Unknown {
        /// Why not.
        message: &'static str,
        /// What the user can do.
        help: &'static str,
    },
    /// The same, because a network query has no answer. The value is why.
    Unanswered(String),
    /// The portal belongs to another account than the snapshot of `--account`. The value is the snapshot of its own account.
    OtherAccount(Option<String>),
}

/// The edit that makes a portal of the account what its file says.
#[derive(Clone, Debug, Default)]
pub struct PlannedEdit {
    /// The fields that it changes: those of the file in its order, then those that the file omits, then those that may change, because
    /// the body contains a value and the account's data does not.
    pub changes: Vec<Change>,
    /// The JSON Pointers of the changes that remove a value because the file omits the field.
    pub removed: Vec<String>,
    /// The values of fields that the file omits and that need a decision before anything is sent, because it is not known what happens
    /// without them.
    pub undecided: Vec<Change>,
    /// The fields that were not compared.
    pub not_compared: Vec<NotCompared>,
    /// Objects that the body contains as a whole, although only some of their fields change. RevCent does not document what
    /// happens to the fields of an object that an edit leaves out.
    pub whole_objects: Vec<String>,
    /// The JSON Pointers of fields that are missing in the objects of the body, because neither the file nor the account's data
    /// contains them. They may be set in RevCent.
    pub left_out: Vec<String>,
    /// The JSON Pointers of fields that only the account's data has and that an edit does not have, in the objects of the body.
    pub unsupported: Vec<String>,
    /// The body of the edit, which contains only the top-level fields that change.
    pub body: RequestValue,
}

/// A field that was not compared with the account.
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
    /// The file omits it, and an edit leaves it as it is.
    Omitted,
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
        let lookup = match (account, own_id) {
            (Some(account), Some(id)) => Some(account.lookup(ObjectKind::Portal, id)),
            _ => None,
        };
        let state = match (account, lookup) {
            (None, _) => unknown_state(
                "there is no account data to compare the file with",
                "add `--account FILE` or `--online`, or set `account` in the settings",
            ),
            (Some(_), None) if portal.kind == PortalKind::Edit => {
                unknown_state("the ID of the portal is not known", "write the ID, or fill in the variable with `--env`")
            }
            (Some(account), None) => plan_create(portal, account),
            (_, Some(Lookup::NotFound(_))) => unknown_state(
                "the account has no portal with this ID",
                "correct the ID, or update the account snapshot",
            ),
            (_, Some(Lookup::Unknown)) => {
                unknown_state("the account data does not contain this portal", UPDATE_SNAPSHOT)
            }
            (_, Some(Lookup::Found(object))) if !has_settings(&object.cursor) => {
                unknown_state("the account data contains only the ID and the name of this portal", UPDATE_SNAPSHOT)
            }
            (_, Some(Lookup::Found(object))) => AccountState::Found(plan_edit(portal, source, &object.cursor, schemas)),
        };
        let account_name = match lookup {
            Some(Lookup::Found(object)) => object.name.map(str::to_owned),
            _ => None,
        };
        Some(Self { id: own_id.map(str::to_owned), account_name, state, body_contains_secret: false })
    }

    /// Masks the secrets in all values, and with `masks_body` those in the body as well.
    pub(crate) fn mask_secrets(&mut self, masks_body: bool, secrets: &[&Secrets]) {
        self.account_name = self.account_name.take().map(|name| mask_all(name, secrets));
        let body = match &mut self.state {
            AccountState::Absent(body) => body,
            AccountState::Found(edit) => {
                edit.all_changes().for_each(|change| change.mask_texts(secrets));
                &mut edit.body
            }
            AccountState::Unanswered(reason) => {
                *reason = mask_all(std::mem::take(reason), secrets);
                return;
            }
            AccountState::Unknown { .. } | AccountState::OtherAccount(_) => return,
        };
        if !masks_body {
            return;
        }
        // Unlike a message, a body is sent as it is, so a text that only begins like a secret must not change: the two keys of
        // reCAPTCHA begin with the same characters.
        let contains_secret = &mut self.body_contains_secret;
        body.change_scalars("", &mut |key, scalar| {
            let RequestValue::Text(text) = scalar else { return };
            // A short secret is recognized only by its key.
            let is_secret = is_secret_name(key) && !text.is_empty();
            if !is_secret && !secrets.iter().any(|secrets| secrets.occur_in(text)) {
                return;
            }
            *contains_secret = true;
            *text = "*".repeat(text.len());
        });
    }
}

fn unknown_state(message: &'static str, help: &'static str) -> AccountState {
    AccountState::Unknown { message, help }
}

fn plan_create(portal: &Portal<'_>, account: &Account<'_>) -> AccountState {
    let Some(list) = account.list(ObjectKind::Portal) else {
        return unknown_state(
            "the account data has no list of portals, so the portal may already exist",
            UPDATE_SNAPSHOT,
        );
    };
    match portal.name.literal_text() {
        None => unknown_state(
            "the name is not known, so the portal may already exist",
            "write the name, or fill in the variable with `--env`",
        ),
        Some(name) if list.with_name(name).next().is_some() => unknown_state(
            "the account already has a portal with this name, and the file is not bound to it",
            "run `portal-lint bind FILE ID`, or choose another name",
        ),
        Some(_) if !list.is_complete => unknown_state(
            "the list of portals in the account data is incomplete, so the portal may already exist",
            UPDATE_SNAPSHOT,
        ),
        Some(_) => AccountState::Absent(RequestValue::from_body(&portal.root)),
    }
}

fn plan_edit(portal: &Portal<'_>, source: &Source, object: &Cursor<'_>, schemas: &SchemaSet) -> PlannedEdit {
    let fields = schemas.field_names(PortalKind::Edit, &[]);
    let current = EditedPortal::from_account(object, Span::default(), &fields);
    let mut edit = PlannedEdit::compare(portal, source, &current);
    let mut removals = BTreeMap::new();
    // An edit is meant to change only the fields that it has.
    if portal.kind == PortalKind::Create {
        removals = edit.compare_omitted(portal, &current, schemas);
    }
    edit.add_unknown_changes(portal, source, &current);
    let merged = current.apply(&portal.root, NestedFields::Keep);
    mark_removal_of_filters(&mut edit.changes, &merged);
    let mut body = Vec::new();
    if let Some(id) = object.field("id").text() {
        body.push((PORTAL_ID.to_owned(), RequestValue::Text(id.to_owned())));
    }
    for field in Cursor::root(&merged).children() {
        let change_count = edit.changes.iter().filter(|change| is_in_field(&change.pointer, field.key())).count();
        if change_count == 0 {
            continue;
        }
        let mut path = vec![field.key()];
        let value = to_request_value(&field, &mut path, &removals, schemas, &mut edit.unsupported);
        if count_leaves(&value) > change_count {
            edit.whole_objects.push(field.key().to_owned());
        }
        let in_account = Cursor::root(&current.document).field(field.key());
        add_left_out(&field, &in_account, current.is_complete, &mut path, schemas, &mut edit.left_out);
        body.push((field.key().to_owned(), value));
    }
    edit.body = RequestValue::Object(body);
    edit
}

impl PlannedEdit {
    /// The changes, and those that somebody has to decide about.
    pub(crate) fn all_changes(&mut self) -> impl Iterator<Item = &mut Change> {
        self.changes.iter_mut().chain(&mut self.undecided)
    }

    /// Compares the fields of the file with the portal of the account.
    fn compare(portal: &Portal<'_>, source: &Source, current: &EditedPortal) -> Self {
        let mut edit = Self::default();
        for difference in compare_with_account(&portal.root, &Cursor::root(&current.document)) {
            let reason = match difference.certainty {
                Certainty::Different => {
                    edit.changes.push(Change::new(&difference, source));
                    continue;
                }
                Certainty::UnknownInAccount => NotComparedReason::NotInAccount,
                Certainty::Secret => NotComparedReason::Secret,
                Certainty::Variable => NotComparedReason::Variable,
            };
            edit.not_compared.push(NotCompared { pointer: difference.own.pointer(), reason });
        }
        edit
    }

    /// Adds the values that the body contains because another field of their object changes, and that the account's data does not
    /// contain: nothing may be sent that the plan does not show. The others are not sent.
    fn add_unknown_changes(&mut self, portal: &Portal<'_>, source: &Source, current: &EditedPortal) {
        let mut unknown = Vec::new();
        for difference in compare_with_account(&portal.root, &Cursor::root(&current.document)) {
            let field = difference.own.keys().next().unwrap_or_default();
            if difference.certainty == Certainty::UnknownInAccount
                && self.changes.iter().any(|change| is_in_field(&change.pointer, field))
            {
                unknown.push(Change::new(&difference, source));
            }
        }
        self.changes.append(&mut unknown);
    }

    /// Adds what the account has in fields that the file omits. Returns the values that remove it, by JSON Pointer.
    fn compare_omitted(
        &mut self,
        portal: &Portal<'_>,
        current: &EditedPortal,
        schemas: &SchemaSet,
    ) -> BTreeMap<String, RequestValue> {
        let mut removals = BTreeMap::new();
        for field in find_omitted_fields(&portal.root, &Cursor::root(&current.document), schemas) {
            let pointer = field.pointer();
            match &field.removal {
                Removal::By(value) => {
                    self.changes.push(Change::removal(&field, value));
                    self.removed.push(pointer.clone());
                    removals.insert(pointer, value.clone());
                }
                Removal::Undecided => self.undecided.push(Change::removal(&field, &RequestValue::Null)),
                Removal::Kept => {
                    self.not_compared.push(NotCompared { pointer, reason: NotComparedReason::Omitted });
                }
            }
        }
        removals
    }
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
    let mut names_in_body = HashSet::new();
    for (entry, child) in object.entries().iter().zip(object.children()) {
        if !is_unset_in_account(entry, &child) {
            names_in_body.insert(&*entry.key);
        }
    }
    for name in schemas.field_names(PortalKind::Edit, path) {
        if !names_in_body.contains(name) {
            left_out.push(format!("{}/{name}", object.pointer()));
        }
    }
    for child in object.children() {
        path.push(child.key());
        add_left_out(&child, &in_account.field(child.key()), is_complete, path, schemas, left_out);
        path.pop();
    }
}

/// Whether an entry of the merged portal comes from the account's data and is `null`. The body does not contain such an entry.
fn is_unset_in_account(entry: &Entry<'_>, value: &Cursor<'_>) -> bool {
    entry.merged && value.value() == Some(&Value::Null)
}

/// Converts a field of the merged portal to a value of the request. Leaves out the fields of the account's data that a request does
/// not have, and adds their pointers to `unsupported`. `path` is the path of the field, and `removals` are the values that replace
/// others to remove them, by JSON Pointer.
fn to_request_value<'d>(
    field: &Cursor<'d>,
    path: &mut Vec<&'d str>,
    removals: &BTreeMap<String, RequestValue>,
    schemas: &SchemaSet,
    unsupported: &mut Vec<String>,
) -> RequestValue {
    if let Some(removal) = removals.get(&field.pointer()) {
        return removal.clone();
    }
    if !field.is_object() {
        return RequestValue::from_cursor(field);
    }
    let known = schemas.field_names(PortalKind::Edit, path);
    let mut entries = Vec::new();
    for (entry, child) in field.entries().iter().zip(field.children()) {
        if child.is_broken() || is_unset_in_account(entry, &child) {
            continue;
        }
        if entry.merged && !known.contains(&&*entry.key) {
            unsupported.push(child.pointer());
            continue;
        }
        path.push(child.key());
        entries.push((entry.key.to_string(), to_request_value(&child, path, removals, schemas, unsupported)));
        path.pop();
    }
    RequestValue::Object(entries)
}

fn is_in_field(pointer: &str, field: &str) -> bool {
    let Some(rest) = pointer.strip_prefix('/').and_then(|rest| rest.strip_prefix(field)) else { return false };
    rest.is_empty() || rest.starts_with('/')
}

/// The number of values in nested objects. A list is one value.
fn count_leaves(value: &RequestValue) -> usize {
    match value {
        RequestValue::Object(entries) => entries.iter().map(|(_, value)| count_leaves(value)).sum(),
        _ => 1,
    }
}
