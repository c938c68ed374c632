//! RCP024: reports fields that RevCent's schema does not have: misspelled fields, fields of a response, and other unknown ones.

mod misplaced;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::file::TextKind;
use crate::base::source::Span;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_places::FieldPlace;
use crate::rules::shared::unindented_fields::EmptyObjects;
use crate::rules::wording::{closest_match, name_look_alike, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::Editor;
use crate::syntax::pointer;
use misplaced::{MisplacedGroups, TargetObjects};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    check_schema_reference(cx);
    let violations = cx.owned_violations();
    if violations.is_empty() {
        return;
    }
    let editor = cx.editor();
    let may_be_edit = cx.portal.field("customer_portal_id").is_present();
    let mut findings: HashMap<Span, Finding> = HashMap::new();
    let mut groups = MisplacedGroups::default();
    let mut last_parent: Option<ParentObject<'_>> = None;
    for violation in violations {
        let field = violation.cursor;
        // The unknown fields of one object follow each other, so the known fields of the object are computed once for all of them.
        let parent = match last_parent.take() {
            Some(parent) if parent.contains(&field) => parent,
            _ => ParentObject::new(cx, &field),
        };
        let empty_object = parent.empty_objects.object_of(cx, field.key(), field.key_location().span);
        if let Some(object) = empty_object {
            // The finding about a misplaced object covers its fields.
            if !object.is_misplaced {
                let place = FieldPlace { path: object.path, is_each_email: false, field: field.key() };
                groups.add(field, place, &parent.path);
            }
            last_parent = Some(parent);
            continue;
        }
        let finding = if is_around_edit(cx, &field, &parent) {
            extra_level_finding(&field, &parent)
        } else if let Some(intended) = parent.find_intended_field(cx, field.key()) {
            misspelled_field_finding(&editor, &field, intended, &parent)
        } else if cx.kind() != PortalKind::Export && parent.path.is_empty() && is_response_field(cx, field.key()) {
            response_field_finding(&editor, &field, may_be_edit)
        } else if let Some(place) = parent.find_place(cx, &field) {
            groups.add(field, place, &parent.path);
            last_parent = Some(parent);
            continue;
        } else {
            unknown_field_finding(cx, &field, &parent)
        };
        // A YAML merge key (`<<`) adds the same field to several objects, so the same bytes can be a violation in each.
        match findings.entry(finding.location.span) {
            Entry::Occupied(mut first) => first.get_mut().subsumes.extend(finding.subsumes),
            Entry::Vacant(first) => drop(first.insert(finding.with_invalid_value())),
        }
        last_parent = Some(parent);
    }
    for finding in findings.into_values() {
        cx.report(finding);
    }
    let mut objects = TargetObjects::new(cx.portal.root);
    for group in groups.into_groups() {
        cx.report(group.to_finding(&mut objects, &editor).with_invalid_value());
    }
}

/// Reports `$schema` in a body that is about to be sent. In a file it is for editors, and `render` removes it.
fn check_schema_reference(cx: &mut PortalContext<'_>) {
    let field = cx.portal.root.field("$schema");
    if field.is_present() && cx.source().kind() == TextKind::Call {
        let finding =
            Finding::new(field.key_location(), "`$schema` is for editors, and would be sent", "remove the field");
        cx.report(finding.with_fix(Applicability::Safe, "remove `$schema`", cx.editor().remove(&field)));
    }
}

fn misspelled_field_finding(
    editor: &Editor<'_>,
    field: &Cursor<'_>,
    intended: &str,
    parent: &ParentObject<'_>,
) -> Finding {
    let (key, location) = (quote(field.key()), field.key_location());
    let intended_pointer = pointer::join(pointer::parent(&location.pointer), intended);
    let message = format!("{key} is not a field of {}{}", parent.label(), name_look_alike(field.key()));
    Finding::new(location, message, format!("rename the field to {}", quote(intended)))
        .with_label(format!("did you mean {}?", quote(intended)))
        // The intended field is missing only because of the misspelling.
        .with_subsumed(intended_pointer)
        .with_fix(
            Applicability::Unsafe,
            format!("rename {key} to {}", quote(intended)),
            editor.rename_key(field, intended),
        )
}

fn response_field_finding(editor: &Editor<'_>, field: &Cursor<'_>, may_be_edit: bool) -> Finding {
    let key = quote(field.key());
    let message = format!("{key} is a field of RevCent's response, not of a request");
    let finding = Finding::new(field.key_location(), message, "remove the field");
    match removal_applicability(field.key(), may_be_edit) {
        Some(applicability) => finding.with_fix(applicability, format!("remove {key}"), editor.remove(field)),
        None => finding,
    }
}

fn unknown_field_finding(cx: &PortalContext<'_>, field: &Cursor<'_>, parent: &ParentObject<'_>) -> Finding {
    let kind = cx.kind();
    if kind != PortalKind::Export && contains_fields_of(parent, field) {
        return extra_level_finding(field, parent);
    }
    let message =
        format!("{} is not a field of {}{}", quote(field.key()), parent.label(), name_look_alike(field.key()));
    let help = match kind {
        PortalKind::Export => "remove the field: it is not in RevCent's schema for GetCustomerPortal",
        PortalKind::Create | PortalKind::Edit => "remove the field: RevCent's schema does not allow unknown fields",
    };
    Finding::new(field.key_location(), message, help)
}

/// Whether an object contains everything that an edit changes, next to the ID of the portal.
fn is_around_edit(cx: &PortalContext<'_>, object: &Cursor<'_>, parent: &ParentObject<'_>) -> bool {
    let root = cx.portal.root;
    let is_only_change = parent.path.is_empty() && root.entries().len() == 2 && root.has_field("customer_portal_id");
    is_only_change && object.entries().iter().any(|entry| parent.free_fields.contains(&entry.key.as_ref()))
}

/// Whether an unknown object contains fields that its own parent lacks. A field such as `name` may be about anything, so it counts
/// only if the object is called a portal.
fn contains_fields_of(parent: &ParentObject<'_>, object: &Cursor<'_>) -> bool {
    const COMMON_FIELDS: [&str; 3] = ["name", "description", "enabled"];
    let is_called_portal = object.key().ends_with("portal");
    object.entries().iter().any(|entry| {
        let key: &str = &entry.key;
        parent.free_fields.contains(&key) && (is_called_portal || !COMMON_FIELDS.contains(&key))
    })
}

/// The finding about an object whose fields belong in its parent.
fn extra_level_finding(object: &Cursor<'_>, parent: &ParentObject<'_>) -> Finding {
    let key = quote(object.key());
    let (place, destination) = match parent.path[..] {
        [] => ("at the top level".to_owned(), "to the top level".to_owned()),
        _ => (format!("in {}", parent.label()), format!("into {}", parent.label())),
    };
    let location = object.key_location();
    let parent_pointer = pointer::parent(&location.pointer).to_owned();
    let message = format!("the fields in {key} belong {place}");
    let mut finding =
        Finding::new(location, message, format!("move them {destination}, and remove the object around them"));
    // The fields are missing in the parent only because of the extra level.
    for entry in object.entries() {
        finding.subsumes.push(pointer::join(&parent_pointer, &entry.key));
    }
    if !parent.path.is_empty() {
        finding.subsumes.push(parent_pointer);
    }
    finding
}

fn is_response_field(cx: &PortalContext<'_>, key: &str) -> bool {
    // Besides the fields of the portal, a response has those of its envelope.
    cx.schema_fields(PortalKind::Export, &[]).contains(&key)
        || matches!(key, "result" | "error_code" | "message" | "customer_portal_id")
}

/// How safe it is to remove a response field from a request; `None` if it must not be removed automatically.
fn removal_applicability(key: &str, may_be_edit: bool) -> Option<Applicability> {
    match key {
        // A file with an ID may be intended as an edit. Only its author knows.
        "customer_portal_id" => None,
        // Without the `code` of a response, a file with an ID would be an edit.
        "code" if may_be_edit => None,
        // Somebody chose the logo, so the file may be its only record.
        "logo" => Some(Applicability::Unsafe),
        // RevCent generates the value itself.
        _ => Some(Applicability::Safe),
    }
}

/// The object that contains an unknown field.
struct ParentObject<'a> {
    /// The keys from the root to the object.
    path: Vec<&'a str>,
    /// The known fields that the object does not have itself. A field with a typo may be meant to replace a merged one.
    free_fields: Vec<&'a str>,
    empty_objects: EmptyObjects,
}

impl<'a> ParentObject<'a> {
    fn new(cx: &PortalContext<'a>, field: &Cursor<'a>) -> Self {
        let mut path: Vec<&'a str> = field.keys().collect();
        path.pop();
        let mut object = cx.portal.root;
        for key in &path {
            object = object.field(key);
        }
        let mut free_fields = cx.schema_fields(cx.kind(), &path);
        free_fields.retain(|field| *field != "$schema" && !object.has_own_field(field));
        let empty_objects = EmptyObjects::find(cx, &object, &path);
        Self { path, free_fields, empty_objects }
    }

    /// Whether the object contains the field directly. Two items of a list have the same path, so a field in a list never counts.
    fn contains(&self, field: &Cursor<'_>) -> bool {
        !field.is_in_list() && field.keys().rev().skip(1).eq(self.path.iter().rev().copied())
    }

    /// The field of the object that the author meant.
    fn find_intended_field(&self, cx: &PortalContext<'a>, key: &str) -> Option<&'a str> {
        if matches!(key, "id" | "portal_id") {
            return self.free_fields.iter().find(|field| **field == "customer_portal_id").copied();
        }
        let synonym = FieldPlace::find_synonym(cx, &self.path, key).filter(|field| self.free_fields.contains(field));
        synonym.or_else(|| closest_match(key, self.free_fields.iter().copied()))
    }

    /// The place of the field in another object.
    fn find_place(&self, cx: &PortalContext<'a>, field: &Cursor<'a>) -> Option<FieldPlace<'a>> {
        // RevCent wrote the export, so its fields are not in the wrong place.
        if cx.kind() == PortalKind::Export || field.is_in_list() {
            return None;
        }
        let place = FieldPlace::find(cx, &self.path, field.key())?;
        // Any object may have a field such as `name`. It is the portal's only if the portal itself has none.
        let is_taken = place.path.is_empty() && cx.portal.root.has_field(place.field);
        (!is_taken).then_some(place)
    }

    fn label(&self) -> String {
        self.path.last().map_or_else(|| "a portal".to_owned(), |key| quote(key))
    }
}
