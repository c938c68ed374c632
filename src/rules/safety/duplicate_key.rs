//! RCP205: reports keys that occur twice in one object. Parsers keep one of the two values and drop the other without an
//! error.

use std::collections::HashMap;

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::rules::context::PortalContext;
use crate::rules::shared::unindented_fields::EmptyObjects;
use crate::rules::wording::quote;
use crate::syntax::cursor::ValuePath;
use crate::syntax::{Entry, NodeId, RepeatedMergeKey, pointer};

/// Checks every object of the file.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let root = cx.portal.root;
    // In a file with syntax errors, a line that could not be read may have separated the two keys.
    if root.is_partial() || !root.has_duplicate_key_below() {
        return;
    }
    let mut merge_keys: HashMap<NodeId, Vec<&RepeatedMergeKey>> = HashMap::new();
    for key in root.document().repeated_merge_keys() {
        merge_keys.entry(key.mapping).or_default().push(key);
    }
    let mut duplicates = Vec::new();
    // A stack instead of recursion, because the file decides how deep it is nested.
    let mut pending = vec![ValuePath::new(root)];
    while let Some(path) = pending.pop() {
        count_steps(1);
        let value = path.value;
        let repeated = find_duplicates(value.entries());
        if !repeated.is_empty() {
            let mapping_path: Vec<&str> = value.keys().collect();
            let empty_objects = EmptyObjects::find(cx, &value, &mapping_path);
            for (first, second) in repeated {
                // A field of an object above it is not repeated, only not indented.
                if empty_objects.object_of(cx, &second.key, second.key_span).is_none() {
                    duplicates.push((path.clone(), &*second.key, first.key_span, second.key_span));
                }
            }
        }
        for key in value.node_id().and_then(|mapping| merge_keys.get(&mapping)).into_iter().flatten() {
            duplicates.push((path.clone(), "<<", key.first, key.repeated));
        }
        pending.extend(path.children().filter(|child| child.value.is_container()));
    }
    duplicates.sort_by_key(|(_, _, _, again)| *again);
    cx.report_each(duplicates, |_, (path, key, first, again)| duplicate_finding(&path.pointer(), key, first, again));
}

fn duplicate_finding(path: &str, key: &str, first: Span, again: Span) -> Finding {
    let location = Location { pointer: pointer::join(path, key), span: again };
    let message = format!("{} appears twice in one object, so parsers may ignore one of the values", quote(key));
    let finding = Finding::new(location, message, "keep the intended one and remove the other");
    finding.with_invalid_value().with_label("repeated here").with_note(first, "first used here")
}

/// The pairs of equal keys: the first one with each later one. Keys are compared unescaped, so `"a"` equals `"\u0061"`.
fn find_duplicates<'e, 'd>(entries: &'e [Entry<'d>]) -> Vec<(&'e Entry<'d>, &'e Entry<'d>)> {
    let mut first_entries = HashMap::with_capacity(entries.len());
    let mut duplicates = Vec::new();
    for entry in entries {
        // A YAML merge key (`<<`) adds the entries of another mapping. An entry of the mapping itself replaces a merged one by design.
        if entry.merged {
            continue;
        }
        let first = *first_entries.entry(&entry.key).or_insert(entry);
        if !std::ptr::eq(first, entry) {
            duplicates.push((first, entry));
        }
    }
    duplicates
}
