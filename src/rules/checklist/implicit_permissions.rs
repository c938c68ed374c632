//! RCP015: reports permissions that nobody has chosen: left out, or all `true`.

use crate::base::diagnostic::{Applicability, Finding};
use crate::model::portal::PERMISSIONS;
use crate::rules::context::PortalContext;
use crate::rules::wording::{closest_match, join_quoted};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::NewValue;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let object = cx.portal.customer_permissions;
    if object.is_missing() && cx.kind() != PortalKind::Edit {
        report_missing_object(cx, &object);
        return;
    }
    if !object.is_object() {
        return;
    }
    // An edit leaves the permissions that it does not mention as they are.
    let left_out = if cx.kind() == PortalKind::Edit { Vec::new() } else { find_left_out(cx, &object) };
    if !left_out.is_empty() {
        report_left_out(cx, &object, &left_out);
    } else if cx.portal.permissions().iter().all(|permission| permission.bool() == Some(true)) {
        let message = "customers can do everything: all 12 permissions are `true`";
        let help = "set the permissions that customers do not need to `false`";
        cx.report(Finding::new(object.key_location(), message, help));
    }
}

fn report_missing_object<'a>(cx: &mut PortalContext<'a>, object: &Cursor<'a>) {
    let message = "`customer_permissions` is missing, and RevCent does not document the default";
    let help = "add `customer_permissions`, and set each of the 12 permissions to `true` or `false`";
    let fix = "add `customer_permissions` with all 12 permissions set to `false`";
    let all_denied = NewValue::Object(PERMISSIONS.map(|name| (name, NewValue::Bool(false))).to_vec());
    let edits = cx.editor().append_entries(&cx.portal.root, &[("customer_permissions", all_denied)]);
    let finding = Finding::new(object.location(), message, help).with_invalid_value();
    // Unsafe, because what RevCent grants without the object is not documented: the fix may take permissions away.
    cx.report(finding.with_fix(Applicability::Unsafe, fix, edits));
}

fn report_left_out<'a>(cx: &mut PortalContext<'a>, object: &Cursor<'a>, left_out: &[&'static str]) {
    let names = if left_out.len() == PERMISSIONS.len() {
        "any of the 12 permissions".to_owned()
    } else {
        join_quoted(left_out.iter().copied())
    };
    let message = format!("`customer_permissions` does not set {names}");
    let help = "set each of the 12 permissions to `true` or `false`";
    let denied: Vec<_> = left_out.iter().map(|name| (*name, NewValue::Bool(false))).collect();
    let edits = cx.editor().append_entries(object, &denied);
    let finding = Finding::new(object.key_location(), message, help);
    cx.report(finding.with_fix(Applicability::Unsafe, "add the missing permissions as `false`", edits));
}

/// The permissions that are missing from the object. A misspelled permission is not among them, because it is an unknown field.
fn find_left_out(cx: &PortalContext<'_>, object: &Cursor<'_>) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    for (name, permission) in PERMISSIONS.into_iter().zip(cx.portal.permissions()) {
        if permission.is_missing() {
            left_out.push(name);
        }
    }
    if left_out.is_empty() {
        return left_out;
    }
    for entry in object.entries() {
        if PERMISSIONS.contains(&entry.key.as_ref()) {
            continue;
        }
        if let Some(intended) = closest_match(&entry.key, PERMISSIONS) {
            left_out.retain(|name| *name != intended);
        }
    }
    left_out
}
