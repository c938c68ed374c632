//! RCP205: no key stands twice in one object. Parsers keep one of the two and drop the other in silence.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Place};
use crate::document::Value;
use crate::document::slot::Slot;
use crate::document::{Entry, pointer};
use crate::rules::context::PortalContext;
use crate::rules::words::quote;

/// Every object of the body, unknown ones too. Below this size comparing all pairs is quicker than hashing.
const FEW: usize = 24;

/// The later of two equal keys is at fault, however the two are spelled.
pub fn portal(cx: &mut PortalContext<'_>) {
    let mut findings = Vec::new();
    let mut waiting = vec![(String::new(), cx.portal.root)];
    while let Some((path, slot)) = waiting.pop() {
        match slot.value() {
            Some(Value::Object(entries)) => {
                for (first, second) in repeated(entries) {
                    let place = Place { pointer: pointer::join(&path, &second.key), span: second.key_span };
                    let message =
                        format!("{} stands twice in one object, and one of the two is lost", quote(&second.key));
                    let finding = Finding::new(place, message, "keep the one that is meant and remove the other");
                    findings.push(finding.of_value().label("again here").note(first.key_span, "first here"));
                }
                waiting.extend(slot.children().filter(Slot::holds_others).map(|child| (child.pointer(), child)));
            }
            Some(Value::Array(_)) => {
                waiting.extend(slot.items().filter(Slot::holds_others).map(|item| (item.pointer(), item)));
            }
            _ => {}
        }
    }
    for finding in findings {
        cx.report(finding);
    }
}

/// Pairs of equal keys: the first, and each later one. What a YAML merge key brought in is no duplicate.
fn repeated<'e, 'd>(entries: &'e [Entry<'d>]) -> Vec<(&'e Entry<'d>, &'e Entry<'d>)> {
    let own = || entries.iter().filter(|entry| !entry.merged);
    if entries.len() <= FEW {
        let first_of = |second: &Entry<'_>| own().find(|entry| entry.key == second.key);
        return own()
            .filter_map(|second| {
                first_of(second).filter(|first| first.key_span != second.key_span).map(|first| (first, second))
            })
            .collect();
    }
    let mut seen = HashMap::with_capacity(entries.len());
    own()
        .filter_map(|entry| {
            let first = *seen.entry(&entry.key).or_insert(entry);
            (first.key_span != entry.key_span).then_some((first, entry))
        })
        .collect()
}
