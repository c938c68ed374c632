//! RCP024: reports fields that RevCent's schema does not have: misspelled fields, fields of a response, and other unknown ones.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::source::Span;
use crate::rules::context::PortalContext;
use crate::rules::wording::{closest_match, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::Editor;
use crate::syntax::pointer;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let violations = cx.owned_violations();
    if violations.is_empty() {
        return;
    }
    let editor = cx.editor();
    let may_be_edit = cx.portal.field("customer_portal_id").is_present();
    let mut findings: HashMap<Span, Finding> = HashMap::new();
    let mut last_parent: Option<ParentObject<'_>> = None;
    for violation in violations {
        let field = violation.cursor;
        // The unknown fields of one object follow each other: compute the known fields of the object once for all of them.
        let parent = match last_parent.take() {
            Some(parent) if parent.contains(&field) => parent,
            _ => ParentObject::new(cx, &field),
        };
        let finding = if let Some(intended) = parent.find_intended_field(field.key()) {
            misspelled_field_finding(&editor, &field, intended, &parent)
        } else if cx.kind() != PortalKind::Export && parent.path.is_empty() && is_response_field(cx, field.key()) {
            response_field_finding(&editor, &field, may_be_edit)
        } else {
            unknown_field_finding(cx.kind(), &field, &parent)
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
}

fn misspelled_field_finding(
    editor: &Editor<'_>,
    field: &Cursor<'_>,
    intended: &str,
    parent: &ParentObject<'_>,
) -> Finding {
    let (key, place) = (quote(field.key()), field.key_location());
    let intended_pointer = pointer::join(pointer::parent(&place.pointer), intended);
    let message = format!("{key} is not a field of {}", parent.label());
    Finding::new(place, message, format!("rename the field to {}", quote(intended)))
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

fn unknown_field_finding(kind: PortalKind, field: &Cursor<'_>, parent: &ParentObject<'_>) -> Finding {
    let message = format!("{} is not a field of {}", quote(field.key()), parent.label());
    let help = match kind {
        PortalKind::Export => "remove the field: it is not in RevCent's schema for GetCustomerPortal",
        PortalKind::Create | PortalKind::Edit => "remove the field: RevCent's schema does not allow unknown fields",
    };
    Finding::new(field.key_location(), message, help)
}

fn is_response_field(cx: &PortalContext<'_>, key: &str) -> bool {
    // Besides the fields of the portal, a response has those of its envelope.
    cx.schema_fields(PortalKind::Export, &[]).contains(&key)
        || matches!(key, "result" | "error_code" | "message" | "customer_portal_id")
}

/// How safe it is to remove a response field from a request; `None` if it must not be removed automatically.
fn removal_applicability(key: &str, may_be_edit: bool) -> Option<Applicability> {
    match key {
        // With an id, the file may have been meant as an edit. Only its author knows.
        "customer_portal_id" => None,
        // The `code` of the response is why a file with an id is not taken for an edit: removing it would make the file one.
        "code" if may_be_edit => None,
        // Somebody chose the logo, so the file may be its only record.
        "logo" => Some(Applicability::Unsafe),
        // RevCent generated the value, and does so again.
        _ => Some(Applicability::Safe),
    }
}

/// The object that contains an unknown field.
struct ParentObject<'a> {
    /// The keys from the root to the object.
    path: Vec<&'a str>,
    /// The known fields that the object does not have yet.
    free_fields: Vec<&'a str>,
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
        free_fields.retain(|field| *field != "$schema" && !object.has_field(field));
        Self { path, free_fields }
    }

    /// Whether the object contains the field directly. Two items of a list have the same path, so a field in a list never counts.
    fn contains(&self, field: &Cursor<'_>) -> bool {
        !field.is_in_list() && field.keys().rev().skip(1).eq(self.path.iter().rev().copied())
    }

    fn find_intended_field(&self, key: &str) -> Option<&'a str> {
        closest_match(key, self.free_fields.iter().copied())
    }

    fn label(&self) -> String {
        self.path.last().map_or_else(|| "a portal".to_owned(), |key| quote(key))
    }
}
