//! Where the fields of a portal are in its document: looked up by their names, and known when the document is written like one
//! before it.

use crate::model::portal::{EmailKind, FilterKind, PERMISSIONS};
use crate::schema::Kind;
use crate::syntax::cursor::{Cursor, FieldPath};

type Place = FieldPath<'static>;

/// See the module. A place here is that of a field, there or not; of one that holds an id, that of the id.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub name: Place,
    pub description: Place,
    pub enabled: Place,
    pub tracking_domain: Place,
    pub site_key: Place,
    pub secret_key: Place,
    pub display_name: Place,
    pub footer: Place,
    pub smtp_profile: Place,
    pub emails: [EmailLayout; 2],
    pub campaigns: Place,
    pub shops: Place,
    pub customer_permissions: Place,
    /// In the order of [`PERMISSIONS`].
    pub permissions: [Place; PERMISSIONS.len()],
    pub open_to_all: Place,
    pub registration_campaign: Place,
    pub own_id: Place,
}

/// Of one of the emails.
#[derive(Clone, Debug)]
pub(super) struct EmailLayout {
    pub email: Place,
    pub from: Place,
    pub from_name: Place,
    pub subject: Place,
    pub html: Place,
    pub copies: [Place; 2],
}

impl Layout {
    /// That of the body whose top level is `root`.
    pub(super) fn of(kind: Kind, root: Cursor<'_>) -> Self {
        let [recaptcha, emails, filters, permissions] =
            root.fields(["recaptcha", "customer_emails", "customer_filters", "customer_permissions"]);
        let both = [EmailKind::Confirm, EmailKind::Reset].map(EmailKind::field);
        let [campaigns, shops] = seats(filters, [FilterKind::Campaign, FilterKind::Shop].map(FilterKind::field));
        let [site_key, secret_key] = seats(recaptcha, ["site_key", "secret_key"]);
        let [name, description, enabled, display_name, footer, open_to_all] = seats(
            root,
            ["name", "description", "enabled", "display_name", "footer_html", "create_non_existing_customer"],
        );
        // In a response an id stands in an object.
        let id = |field| {
            if kind == Kind::Export { root.field(field).field("id").path("id") } else { field_path(root, field) }
        };
        Self {
            name,
            description,
            enabled,
            tracking_domain: id("tracking_domain"),
            site_key,
            secret_key,
            display_name,
            footer,
            smtp_profile: id("smtp_profile"),
            emails: both.map(|field| EmailLayout::of(field, emails)),
            campaigns,
            shops,
            customer_permissions: permissions.path("customer_permissions"),
            permissions: seats(permissions, PERMISSIONS),
            open_to_all,
            registration_campaign: id("create_non_existing_customer_campaign"),
            own_id: field_path(root, if kind == Kind::Export { "id" } else { "customer_portal_id" }),
        }
    }
}

impl EmailLayout {
    fn of(field: &'static str, emails: Cursor<'_>) -> Self {
        let [from, from_name, subject, html, cc, bcc] =
            seats(emails.field(field), ["from", "from_name", "subject", "html", "to_cc", "to_bcc"]);
        Self { email: field_path(emails, field), from, from_name, subject, html, copies: [cc, bcc] }
    }
}

fn field_path(slot: Cursor<'_>, name: &'static str) -> Place {
    slot.field(name).path(name)
}

fn seats<const N: usize>(slot: Cursor<'_>, names: [&'static str; N]) -> [Place; N] {
    let slots = slot.fields(names);
    std::array::from_fn(|at| slots[at].path(names[at]))
}
