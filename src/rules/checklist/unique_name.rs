//! RCP001: the portal has a name, and no other portal has it.

use crate::base::diagnostic::{Finding, Location};
use crate::model::account;
use crate::rules::context::{PortalContext, ProjectContext};
use crate::rules::shared::text;
use crate::rules::wording::quote;
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

const HELP: &str =
    "give the portal a name of its own that says what it is for, such as \"Subscription Customer Portal\"";

const OPEN: &&str = &"whether the account already has a portal of this name";

/// Missing, no text, blank, or taken in the account.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    text::report_violations(cx, "the portal has no `name`", HELP);
    let name = cx.portal.name;
    text::report_blank(cx, &name, HELP);
    if let Some(text) = name.literal_text().filter(|_| !name.is_blank()) {
        in_the_account(cx, &name, text);
    }
}

/// The same name in the account, but for the portal that the body is about: an edit and an export have its id.
fn in_the_account(cx: &mut PortalContext<'_>, name: &Cursor<'_>, text: &str) {
    let own = match cx.kind() {
        Kind::Create => None,
        Kind::Edit => Some(cx.portal.at("customer_portal_id")),
        Kind::Export => Some(cx.portal.at("id")),
    };
    let Some(list) = cx.account.and_then(|account| account.list(account::ObjectKind::Portal)) else {
        if own.is_none() {
            cx.mark_unverified_by_account(account::ObjectKind::Portal, None, OPEN);
        }
        return;
    };
    let own_id = own.and_then(|own| own.literal_text());
    let taken = list.with_name(text).find(|portal| own_id.is_none() || portal.id != own_id);
    match taken {
        // Whose id is behind a variable may be this very portal.
        Some(_) if own.is_some() && own_id.is_none() => cx.mark_unverified(OPEN),
        Some(portal) => {
            let message = format!("the account already has a portal named {}", quote(text));
            let place = portal.cursor.field("name").span();
            cx.report(
                Finding::new(name.location(), message, HELP).with_note_in_account(place, "it has this name here"),
            );
        }
        None if !list.is_complete && own.is_none() => {
            cx.mark_unverified_by_account(account::ObjectKind::Portal, None, OPEN);
        }
        None => {}
    }
}

/// Equal names: in create bodies among themselves, in exports among themselves.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    let named = |&at: &usize| Some(((portals[at].kind, &*portals[at].name.as_ref()?.0), at));
    let mut named: Vec<((Kind, &str), usize)> = cx.portals_with_similar_names().iter().filter_map(named).collect();
    named.sort_unstable();
    for group in named.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let name = group[0].0.1;
        for (index, (_, at)) in group.iter().enumerate() {
            // The first is the other place of all the rest; its own is the second.
            let (facts, other) = (&portals[*at], &portals[group[usize::from(index == 0)].1]);
            let (Some((_, span)), Some((_, other_span))) = (&facts.name, &other.name) else { continue };
            let place = Location { pointer: "/name".into(), span: *span };
            let message = format!("another portal is also named {}", quote(name));
            cx.report(
                facts,
                Finding::new(place, message, HELP).with_note_in(other.file, *other_span, "the same name here"),
            );
        }
    }
}
