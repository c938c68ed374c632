//! RCP205: no key stands twice in one object. Parsers keep one of the two and drop the other in silence.

use std::collections::HashMap;

use crate::base::diagnostic::{Finding, Location};
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::syntax::{Entry, pointer};

/// The later of two equal keys is at fault, however the two are spelled.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let root = cx.portal.root;
    if cx.has_known_shape() || !root.document().has_duplicate_key() {
        return;
    }
    let mut waiting = vec![(String::new(), root)];
    while let Some((path, slot)) = waiting.pop() {
        for (first, second) in repeated(slot.entries()) {
            let place = Location { pointer: pointer::join(&path, &second.key), span: second.key_span };
            let message = format!("{} stands twice in one object, and one of the two is lost", quote(&second.key));
            let finding = Finding::new(place, message, "keep the one that is meant and remove the other");
            cx.report(finding.with_invalid_value().with_label("again here").with_note(first.key_span, "first here"));
        }
        let keys = slot.entries().iter().map(|entry| pointer::join(&path, &entry.key));
        let children = keys.zip(slot.children());
        let items = slot.items().enumerate().map(|(index, item)| (pointer::join(&path, &index.to_string()), item));
        waiting.extend(children.chain(items).filter(|(_, below)| below.is_container()));
    }
}

/// Pairs of equal keys: the first, and each later one. What a YAML merge key brought in is no duplicate.
fn repeated<'e, 'd>(entries: &'e [Entry<'d>]) -> Vec<(&'e Entry<'d>, &'e Entry<'d>)> {
    let mut firsts = HashMap::with_capacity(entries.len());
    let own = entries.iter().filter(|entry| !entry.merged);
    own.filter_map(|entry| {
        let first = *firsts.entry(&entry.key).or_insert(entry);
        (!std::ptr::eq(first, entry)).then_some((first, entry))
    })
    .collect()
}
