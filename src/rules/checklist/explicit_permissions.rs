//! RCP015: the permissions are chosen, all twelve of them, and not simply all.

use crate::base::diagnostic::{Applicability, Finding};
use crate::model::portal::PERMISSIONS;
use crate::rules::context::PortalContext;
use crate::rules::wording::{list, nearest};
use crate::schema::Kind;
use crate::syntax::edit::NewValue;

/// Left out altogether, in part, or all `true`.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let permissions = cx.portal.customer_permissions;
    if permissions.is_missing() && cx.kind() != Kind::Edit {
        let message = "nothing says what customers may do: there is no `customer_permissions`";
        let help = "add `customer_permissions` with each of the 12 permissions as `true` or `false`";
        let all = NewValue::Object(PERMISSIONS.map(|name| (name, NewValue::Bool(false))).to_vec());
        let edits = cx.editor().append_entries(&cx.portal.root, &[("customer_permissions", all)]);
        let does = "add `customer_permissions` with all 12 permissions as `false`";
        let finding = Finding::new(permissions.location(), message, help).with_invalid_value();
        cx.report(finding.with_fix(Applicability::Unsafe, does, edits));
        return;
    }
    if !permissions.is_object() {
        return;
    }
    let chosen = cx.portal.permissions();
    let by_name = PERMISSIONS.into_iter().zip(chosen);
    let mut left_out: Vec<_> = by_name.filter(|(_, slot)| slot.is_missing()).map(|(name, _)| name).collect();
    if !left_out.is_empty() {
        // A misspelt permission is an unknown field and not also left out.
        let unknown = permissions.entries().iter().filter(|entry| !PERMISSIONS.contains(&entry.key.as_ref()));
        let meant: Vec<_> = unknown.filter_map(|entry| nearest(&entry.key, PERMISSIONS)).collect();
        left_out.retain(|name| !meant.contains(name));
    }
    if !left_out.is_empty() && cx.kind() != Kind::Edit {
        let added: Vec<_> = left_out.iter().map(|name| (*name, NewValue::Bool(false))).collect();
        let edits = cx.editor().append_entries(&permissions, &added);
        let missing = if left_out.len() == PERMISSIONS.len() { "all 12 permissions".into() } else { list(left_out) };
        let message = format!("`customer_permissions` leaves out {missing}");
        let help = "write each of the 12 permissions as `true` or `false`";
        let finding = Finding::new(permissions.key_location(), message, help);
        cx.report(finding.with_fix(Applicability::Unsafe, "add what is left out as `false`", edits));
    } else if chosen.iter().all(|permission| permission.bool() == Some(true)) {
        let message = "customers may do everything: all 12 permissions are `true`";
        let help = "set to `false` what customers should not do themselves";
        cx.report(Finding::new(permissions.key_location(), message, help));
    }
}
