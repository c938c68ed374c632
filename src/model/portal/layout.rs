//! The paths of a portal's fields in its document. They are the same for all documents that have the same template, so they
//! are searched once for each template ([`PortalCache`](super::PortalCache)).

use crate::model::portal::{EmailKind, FilterKind, PERMISSIONS};
use crate::schema::PortalKind;
use crate::syntax::cursor::{Cursor, FieldPath};

type Path = FieldPath<'static>;

/// The paths of the fields, present or missing. For a field that refers to an object by id, it is the path of the id.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub name: Path,
    pub description: Path,
    pub enabled: Path,
    pub tracking_domain: Path,
    pub site_key: Path,
    pub secret_key: Path,
    pub display_name: Path,
    pub footer: Path,
    pub smtp_profile: Path,
    pub emails: [EmailLayout; 2],
    pub campaigns: Path,
    pub shops: Path,
    pub customer_permissions: Path,
    /// In the order of [`PERMISSIONS`].
    pub permissions: [Path; PERMISSIONS.len()],
    pub create_non_existing_customer: Path,
    pub registration_campaign: Path,
    pub own_id: Path,
}

/// The paths of the fields of one email.
#[derive(Clone, Debug)]
pub(super) struct EmailLayout {
    pub email: Path,
    pub from: Path,
    pub from_name: Path,
    pub subject: Path,
    pub html: Path,
    /// `to_cc` and `to_bcc`.
    pub copies: [Path; 2],
}

impl Layout {
    /// Finds the fields of the portal with this root.
    pub(super) fn find(kind: PortalKind, root: Cursor<'_>) -> Self {
        let [recaptcha, emails, filters, permissions] =
            root.fields(["recaptcha", "customer_emails", "customer_filters", "customer_permissions"]);
        let [campaigns, shops] = field_paths(filters, [FilterKind::Campaign, FilterKind::Shop].map(FilterKind::field));
        let [site_key, secret_key] = field_paths(recaptcha, ["site_key", "secret_key"]);
        let [name, description, enabled, display_name, footer, create_non_existing_customer] = field_paths(
            root,
            ["name", "description", "enabled", "display_name", "footer_html", "create_non_existing_customer"],
        );
        let own_id = field_path(root, if kind == PortalKind::Export { "id" } else { "customer_portal_id" });
        Self {
            name,
            description,
            enabled,
            tracking_domain: id_path(kind, root, "tracking_domain"),
            site_key,
            secret_key,
            display_name,
            footer,
            smtp_profile: id_path(kind, root, "smtp_profile"),
            emails: [EmailLayout::find(EmailKind::Confirm, emails), EmailLayout::find(EmailKind::Reset, emails)],
            campaigns,
            shops,
            customer_permissions: permissions.path("customer_permissions"),
            permissions: field_paths(permissions, PERMISSIONS),
            create_non_existing_customer,
            registration_campaign: id_path(kind, root, "create_non_existing_customer_campaign"),
            own_id,
        }
    }
}

impl EmailLayout {
    /// Finds the fields of an email in `customer_emails`.
    fn find(kind: EmailKind, emails: Cursor<'_>) -> Self {
        let names = ["from", "from_name", "subject", "html", "to_cc", "to_bcc"];
        let [from, from_name, subject, html, cc, bcc] = field_paths(emails.field(kind.field()), names);
        Self { email: field_path(emails, kind.field()), from, from_name, subject, html, copies: [cc, bcc] }
    }
}

/// The path of an id: the value of the field in a request, and the `id` of an object in a response.
fn id_path(kind: PortalKind, root: Cursor<'_>, field: &'static str) -> Path {
    match kind {
        PortalKind::Create | PortalKind::Edit => field_path(root, field),
        PortalKind::Export => field_path(root.field(field), "id"),
    }
}

fn field_path(object: Cursor<'_>, name: &'static str) -> Path {
    object.field(name).path(name)
}

fn field_paths<const N: usize>(object: Cursor<'_>, names: [&'static str; N]) -> [Path; N] {
    let fields = object.fields(names);
    std::array::from_fn(|index| fields[index].path(names[index]))
}
