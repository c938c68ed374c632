//! Finds the ID of the portal to edit next to the changes: in an argument, in an object of parameters, or in a path.

use crate::base::words::split_into_words;
use crate::hook::vocabulary::names_portal;
use crate::model::portal::has_portal_field;
use crate::syntax::cursor::Cursor;

/// Arguments that may contain the ID of the portal to edit.
const ID_ARGUMENTS: [&str; 6] =
    ["customer_portal_id", "customerPortalId", "portal_id", "portalId", "resource_id", "id"];

/// The ID of the portal to edit in the arguments next to its changes.
pub(super) fn find_id<'d>(arguments: &Cursor<'d>) -> Option<&'d str> {
    let parameters = arguments.children().filter(|child| !has_portal_field(*child) || is_only_id(child));
    let nested = parameters.flat_map(|child| child.children());
    let mut all = arguments.children().chain(nested);
    all.find_map(|argument| id_in_argument(&argument).or_else(|| argument.text().and_then(id_in_path)))
}

/// The ID in an argument for IDs, or in an item of a list. The text of `customer_portal_id` counts even if it does not look like an ID.
pub(super) fn id_in_argument<'d>(argument: &Cursor<'d>) -> Option<&'d str> {
    let may_be_id = argument.is_item() || ID_ARGUMENTS.contains(&argument.key());
    argument.text().filter(|text| argument.key() == "customer_portal_id" || (may_be_id && is_id(text)))
}

/// The ID after the portal in a path: `/v2/customer-portals/exD0myCXTaMte0mTOOY3`.
pub(super) fn id_in_path(text: &str) -> Option<&str> {
    let mut parts = text.split('/').skip_while(|part| !names_portal(&split_into_words(part))).skip(1);
    parts.next().map(|part| part.split(['?', '#']).next().unwrap_or(part)).filter(|part| is_id(part))
}

/// Whether a text has the form of an ID. `CreateCustomerPortal` also has 20 letters, but is no ID.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 20 && text.chars().all(|c| c.is_ascii_alphanumeric()) && !names_portal(&split_into_words(text))
}

/// Whether an object contains nothing but the ID of a portal: `"params": {"customer_portal_id": "…"}`.
pub(super) fn is_only_id(object: &Cursor<'_>) -> bool {
    let mut children = object.children();
    children.next().is_some_and(|child| ID_ARGUMENTS.contains(&child.key())) && children.next().is_none()
}
