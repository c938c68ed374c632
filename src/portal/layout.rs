//! Where the fields of a portal are in its document: looked up by their names, and known when the document is written like one
//! before it.

use super::{List, PERMISSIONS, Which};
use crate::document::slot::{Seat, Slot};
use crate::schema::Kind;

/// The fields of the top level, in the guide's order.
const TOP: [&str; 14] = [
    "name",
    "description",
    "enabled",
    "tracking_domain",
    "recaptcha",
    "display_name",
    "footer_html",
    "smtp_profile",
    "customer_emails",
    "customer_filters",
    "customer_permissions",
    "create_non_existing_customer",
    "create_non_existing_customer_campaign",
    "customer_portal_id",
];

/// The fields of an email: its sender, the sender's name, what it says, and who gets copies.
const EMAIL: [&str; 6] = ["from", "from_name", "subject", "html", "to_cc", "to_bcc"];

type Place = Seat<'static>;

/// See the module. A place here is that of a field, there or not.
#[derive(Clone, Debug)]
pub struct Layout {
    /// In the order of [`TOP`], an id where an id is meant.
    pub top: [Place; TOP.len()],
    /// The site key and the secret key.
    pub recaptcha: [Place; 2],
    /// Each email and its fields, in the order of [`EMAIL`].
    pub emails: [(Place, [Place; EMAIL.len()]); 2],
    /// The lists, in the order of [`List`].
    pub filters: [Place; 2],
    /// In the order of [`PERMISSIONS`].
    pub permissions: [Place; PERMISSIONS.len()],
}

impl Layout {
    /// That of the body whose top level is `root`.
    pub fn of(kind: Kind, root: Slot<'_>) -> Self {
        let mut names = TOP;
        if kind == Kind::Export {
            names[13] = "id";
        }
        let [.., recaptcha, _, _, _, emails, filters, permissions, _, _, _] = root.fields(names);
        let mut top = fields(root, names);
        // In a response the id stands in an object.
        if kind == Kind::Export {
            for at in [3, 7, 12] {
                top[at] = root.at(names[at]).at("id").seat("id");
            }
        }
        let each = [Which::Confirm, Which::Reset].map(Which::field);
        Self {
            top,
            recaptcha: fields(recaptcha, ["site_key", "secret_key"]),
            emails: each.map(|field| (emails.at(field).seat(field), fields(emails.at(field), EMAIL))),
            filters: fields(filters, [List::Campaign, List::Shop].map(List::field)),
            permissions: fields(permissions, PERMISSIONS),
        }
    }
}

fn fields<const N: usize>(slot: Slot<'_>, names: [&'static str; N]) -> [Place; N] {
    let slots = slot.fields(names);
    std::array::from_fn(|at| slots[at].seat(names[at]))
}
