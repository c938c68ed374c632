//! RCP015: reports permissions that nobody has chosen: left out, or all `true`.

use crate::base::diagnostic::{Applicability, Finding, Severity};
use crate::model::portal::PERMISSIONS;
use crate::rules::context::PortalContext;
use crate::rules::shared::permission_actions::permission_action;
use crate::rules::wording::{closest_match, join_quoted, join_with_and};
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
    report_granted_by_edit(cx, &object);
    let mut left_out = find_left_out(cx, &object);
    if let Some(before) = cx.before_edit {
        // The edit does not cause what is already missing before it.
        left_out.retain(|name| before.permission(name).is_present());
    }
    let is_any_unknown =
        cx.portal.permissions().iter().any(|permission| {
            !permission.is_present() && (cx.portal.keeps_missing_fields() || !permission.is_missing())
        });
    if cx.kind() == PortalKind::Edit && is_any_unknown {
        // If the portal is known, its state after the edit is checked as well.
        if !cx.portal.keeps_missing_fields() || cx.before_edit.is_none() {
            cx.mark_undocumented("whether RevCent keeps the permissions that the edit omits");
        }
    } else if !left_out.is_empty() {
        report_left_out(cx, &object, &left_out);
        return;
    }
    if cx.portal.permissions().iter().all(|permission| permission.bool() == Some(true)) {
        let message = "customers can do everything: all 12 permissions are `true`";
        let help = "set the permissions that customers do not need to `false`";
        cx.report(Finding::new(object.key_location(), message, help));
    }
}

/// Reports the permissions that an edit gives customers, except those that have a rule of their own.
fn report_granted_by_edit(cx: &mut PortalContext<'_>, object: &Cursor<'_>) {
    const WITH_OWN_RULE: [&str; 4] =
        ["subscription_cancel", "trial_expire", "trial_cancel", "salvage_transaction_process"];
    let mut actions = Vec::new();
    for name in PERMISSIONS {
        if !WITH_OWN_RULE.contains(&name) && cx.edit_enables(|portal| portal.permission(name)) {
            actions.push(permission_action(name).to_owned());
        }
    }
    if !actions.is_empty() {
        let message = format!("this edit lets customers {}", join_with_and(&actions));
        let help = "set the permissions that customers do not need to `false`";
        cx.report(Finding::new(object.key_location(), message, help).with_severity(Severity::Advice));
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
