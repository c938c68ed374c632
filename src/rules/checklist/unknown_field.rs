//! RCP024: the body has no field that the call does not know.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::source::Span;
use crate::rules::context::PortalContext;
use crate::rules::wording::{nearest, quote};
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;
use crate::syntax::pointer;

/// One finding a field: a slip, a field of the response, or a stranger.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let violations = cx.owned_violations();
    if violations.is_empty() {
        return;
    }
    let editor = cx.editor();
    let may_be_an_edit = cx.portal.at("customer_portal_id").is_present();
    let mut last: Option<Holder<'_>> = None;
    // A field that a YAML merge key brings into a second object is the same slip.
    let mut said: HashMap<Span, Finding> = HashMap::new();
    for violation in violations {
        let slot = violation.slot;
        let place = slot.key_location();
        // Strangers come in groups: those of one object share what there is to know about it.
        let holder = match last.take() {
            Some(holder) if holder.holds(&slot) => holder,
            _ => Holder::of(cx, &slot),
        };
        let key = quote(slot.key());
        let finding = if let Some(meant) = holder.meant(slot.key()) {
            let explained = pointer::join(pointer::parent(&place.pointer), meant);
            Finding::new(
                place,
                format!("{key} is not a field of {}", holder.words()),
                format!("write {}", quote(meant)),
            )
            .with_label(format!("did you mean {}?", quote(meant)))
            .with_subsumed(explained)
            .with_fix(
                Applicability::Unsafe,
                format!("rename {key} to {}", quote(meant)),
                editor.rename_key(&slot, meant),
            )
        } else if cx.kind() != Kind::Export && holder.path.is_empty() && is_of_the_response(cx, slot.key()) {
            let message = format!("{key} is a field of what RevCent returns, not of a request");
            let finding = Finding::new(place, message, "remove the field");
            match removal(slot.key(), may_be_an_edit) {
                Some(applicability) => finding.with_fix(applicability, format!("remove {key}"), editor.remove(&slot)),
                None => finding,
            }
        } else {
            let message = format!("{key} is not a field of {}", holder.words());
            let help = match cx.kind() {
                Kind::Export => "remove the field: GetCustomerPortal does not return it",
                _ => "remove the field: the call refuses fields it does not know",
            };
            Finding::new(place, message, help)
        };
        match said.entry(finding.location.span) {
            Entry::Occupied(mut first) => first.get_mut().subsumes.extend(finding.subsumes),
            Entry::Vacant(first) => drop(first.insert(finding.with_invalid_value())),
        }
        last = Some(holder);
    }
    for finding in said.into_values() {
        cx.report(finding);
    }
}

fn is_of_the_response(cx: &PortalContext<'_>, key: &str) -> bool {
    cx.schema_fields(Kind::Export, &[]).contains(&key)
        || matches!(key, "result" | "error_code" | "message" | "customer_portal_id")
}

/// What RevCent made and will make again is gone without loss. A logo is somebody's choice; and whether a body with the
/// id of a portal was meant as an edit, which it would be without the `code` of a response, only a person can tell.
fn removal(key: &str, may_be_an_edit: bool) -> Option<Applicability> {
    match key {
        "customer_portal_id" => None,
        "code" if may_be_an_edit => None,
        "logo" => Some(Applicability::Unsafe),
        _ => Some(Applicability::Safe),
    }
}

/// The object an unknown field stands in.
struct Holder<'a> {
    path: Vec<&'a str>,
    /// The fields it could have and does not have yet.
    free: Vec<&'a str>,
}

impl<'a> Holder<'a> {
    fn of(cx: &PortalContext<'a>, slot: &Cursor<'a>) -> Self {
        let mut path: Vec<&'a str> = slot.keys().collect();
        path.pop();
        let mut free = cx.schema_fields(cx.kind(), &path);
        let parent = path.iter().fold(cx.portal.root, |parent, key| parent.field(key));
        free.retain(|field| !parent.entries().iter().any(|entry| entry.key == *field) && *field != "$schema");
        Self { path, free }
    }

    /// Whether a field stands in this object; entries of a list are objects of their own.
    fn holds(&self, slot: &Cursor<'_>) -> bool {
        !slot.is_in_list() && slot.keys().rev().skip(1).eq(self.path.iter().rev().copied())
    }

    fn meant(&self, key: &str) -> Option<&'a str> {
        nearest(key, self.free.iter().copied())
    }

    fn words(&self) -> String {
        self.path.last().map_or_else(|| "a portal".to_owned(), |key| quote(key))
    }
}
