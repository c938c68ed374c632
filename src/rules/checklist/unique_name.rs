//! RCP001: the portal has a name, and no other portal has it.

use super::text;
use crate::diagnostic::{Finding, Place};
use crate::rules::context::{Facts, PortalContext, ProjectContext};
use crate::rules::words::quote;
use crate::schema::Kind;

const HELP: &str =
    "give the portal a name of its own that says what it is for, such as \"Subscription Customer Portal\"";

/// Missing, no text, blank; whether the account has the name already is left open.
pub fn portal(cx: &mut PortalContext<'_>) {
    text::report_violations(cx, "the portal has no `name`", HELP);
    let name = cx.portal.at("name");
    text::report_blank(cx, &name, HELP);
    if cx.kind() == Kind::Create && name.known_text().is_some_and(|name| !name.trim().is_empty()) {
        cx.leave_open("whether the account already has a portal of this name");
    }
}

/// Equal names: in create bodies among themselves, in exports among themselves.
pub fn project<'a>(cx: &mut ProjectContext<'a>) {
    let named = |facts: &'a Facts| Some(((facts.kind, &*facts.name.as_ref()?.0), facts));
    let mut named: Vec<((Kind, &str), &Facts)> =
        cx.portals.iter().filter(|facts| facts.kind != Kind::Edit).filter_map(named).collect();
    named.sort_by_key(|(key, _)| *key);
    for group in named.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let name = group[0].0.1;
        for (index, (_, facts)) in group.iter().enumerate() {
            // The first is the other place of all the rest; its own is the second.
            let (_, other) = group[usize::from(index == 0)];
            let (Some((_, span)), Some((_, other_span))) = (&facts.name, &other.name) else { continue };
            let place = Place { pointer: "/name".into(), span: *span };
            let message = format!("another portal is also named {}", quote(name));
            cx.report(facts, Finding::new(place, message, HELP).note_in(other.file, *other_span, "the same name here"));
        }
    }
}
