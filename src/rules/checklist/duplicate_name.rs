//! RCP001: reports a portal without a name, or with a name that another portal has, in the run or in the account.

use crate::base::diagnostic::{DOCUMENT_OPTION, Finding, Location, THIS_FILE};
use crate::model::account;
use crate::model::account::AccountObject;
use crate::model::portal::is_id;
use crate::rules::context::{PortalContext, PortalFacts, ProjectContext};
use crate::rules::shared::required_field;
use crate::rules::wording::{bind_command, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

const HELP: &str = "give the portal a unique name that states its purpose, such as \"Subscription Customer Portal\"";

/// How many portals with the same name a finding lists.
const MAX_NAMESAKES: usize = 5;

const UNVERIFIED: &str = "whether the account already has a portal with this name";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(cx, "`name` is missing", HELP);
    let name = cx.portal.name;
    required_field::report_blank(cx, &name, HELP);
    if let Some(text) = name.literal_text()
        && !name.is_blank()
    {
        check_account(cx, &name, text);
    }
}

/// Reports a name that another portal of the account has. An edit, an export and a file that is bound are about a portal of the
/// account, and that portal may have the name.
fn check_account(cx: &mut PortalContext<'_>, name: &Cursor<'_>, text: &str) {
    let is_create = cx.kind() == PortalKind::Create;
    let own_id = match cx.kind() {
        PortalKind::Create => cx.portal.bound_id,
        PortalKind::Edit => cx.portal.field("customer_portal_id").literal_text(),
        PortalKind::Export => cx.portal.field("id").literal_text(),
    };
    let Some(list) = cx.account.and_then(|account| account.list(account::ObjectKind::Portal)) else {
        // An edit or export usually repeats the name that its portal has already, so only a create request needs the account.
        if is_create {
            cx.mark_unverified_by_account(account::ObjectKind::Portal, None, UNVERIFIED);
        }
        return;
    };
    if is_bound_to_unknown_id(cx) {
        return;
    }
    let namesakes = list.with_name(text).filter(|portal| own_id.is_none() || portal.id != own_id);
    let namesakes: Vec<&AccountObject<'_>> = namesakes.take(MAX_NAMESAKES).collect();
    match namesakes.first() {
        // The ID is missing or a variable, so the portal with this name may be the very portal that the file is about.
        Some(_) if !is_create && own_id.is_none() => cx.mark_unverified(UNVERIFIED),
        Some(_) => {
            let help = if is_create && own_id.is_none() { binding_help(cx, &namesakes) } else { HELP.to_owned() };
            let portals = if namesakes.len() > 1 { "several portals" } else { "a portal" };
            let message = format!("the account already has {portals} named {}", quote(text));
            let mut finding = Finding::new(name.location(), message, help);
            for portal in namesakes {
                finding = finding.with_note_in_account(portal.cursor.field("name").span(), "in the account");
            }
            cx.report(finding);
        }
        None if !list.is_complete && is_create => {
            cx.mark_unverified_by_account(account::ObjectKind::Portal, None, UNVERIFIED);
        }
        None => {}
    }
}

/// Whether the settings bind the file to an ID that the account does not have. Another rule reports that. Without the ID, it is not
/// known whether the name belongs to the portal itself.
fn is_bound_to_unknown_id(cx: &PortalContext<'_>) -> bool {
    let (Some(account), Some(id)) = (cx.account, cx.portal.bound_id) else { return false };
    matches!(account.lookup(account::ObjectKind::Portal, id), account::Lookup::NotFound(_))
}

/// How to bind the file to one of the portals that have its name and to which no other file is bound. The user decides which one it
/// describes.
fn binding_help(cx: &PortalContext<'_>, namesakes: &[&AccountObject<'_>]) -> String {
    let mut unbound = namesakes.to_vec();
    unbound.retain(|portal| portal.id.is_none_or(|id| !cx.bound_ids.contains(id)));
    if unbound.is_empty() {
        return HELP.to_owned();
    }
    let ids: Vec<&str> = unbound.iter().filter_map(|portal| portal.id.filter(|id| is_id(id))).collect();
    let (portal, only_id, list) = match (namesakes.len(), &ids[..]) {
        (1, _) => ("that portal", ids.first().copied(), String::new()),
        (_, []) => ("one of them", None, String::new()),
        _ => ("one of them", None, format!(" with its ID ({})", ids.join(", "))),
    };
    let command = bind_command(THIS_FILE, only_id, DOCUMENT_OPTION);
    format!("if this file describes {portal}, run `{command}`{list}; otherwise, use a unique name")
}

/// Reports portals of the run that have the same name.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    let mut names = cx.names();
    // Equal names become neighbors, in the order of their files.
    names.sort_unstable();
    for group in names.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let [(_, _, first), (_, _, second), ..] = group else { continue };
        for (_, _, index) in group {
            // Each finding points to the first portal with the name, and the finding about that portal to the second.
            let other = if index == first { second } else { first };
            report_duplicate(cx, portals[*index], portals[*other]);
        }
    }
}

fn report_duplicate(cx: &mut ProjectContext<'_>, facts: &PortalFacts, other: &PortalFacts) {
    let (Some((name, span)), Some((_, other_span))) = (&facts.name, &other.name) else { return };
    let location = Location { pointer: "/name".into(), span: *span };
    let message = format!("another portal is also named {}", quote(name));
    cx.report(facts, Finding::new(location, message, HELP).with_note_in(other.file, *other_span, "also used here"));
}
