//! Typed access to the fields of a portal. They are the same for requests and responses.
//!
//! A field is a [`Cursor`] and may be missing or have the wrong type; rules report that. Fields have the names of the guide.

mod cache;
mod detect;
mod layout;
mod summary;

pub use cache::PortalCache;
pub use detect::{NonPortal, NotAPortal, detect_kind, is_broken_portal, is_portal_document, text_may_be_portal};
pub use summary::{PortalSummary, Variable};

use layout::EmailLayout;

use crate::html::fast_scan;
use crate::html::fast_scan::SimpleHtml;
use crate::schema::PortalKind;
use crate::syntax::Document;
use crate::syntax::cursor::Cursor;

/// The fields of `customer_permissions`, in the order of the guide.
pub const PERMISSIONS: [&str; 12] = [
    "contact_modify",
    "credit_card_add",
    "credit_card_remove",
    "credit_card_set_default",
    "shipping_modify_ship_to",
    "subscription_renew",
    "subscription_activate",
    "subscription_suspend",
    "subscription_cancel",
    "trial_expire",
    "trial_cancel",
    "salvage_transaction_process",
];

/// The number of characters of a RevCent id.
pub const ID_LENGTH: usize = 20;

/// Whether a text has the number of characters of an id.
pub fn has_id_length(text: &str) -> bool {
    // Ids are ASCII, so the characters of nearly all texts need not be counted.
    text.len() >= ID_LENGTH && ((text.len() == ID_LENGTH && text.is_ascii()) || text.chars().count() == ID_LENGTH)
}

/// A portal. The fields that most rules read are looked up once; see [`Portal::field`] for the others.
#[derive(Clone, Debug)]
pub struct Portal<'d> {
    /// The request or response that the portal is the body of.
    pub kind: PortalKind,
    /// The whole portal.
    pub root: Cursor<'d>,
    /// The internal name.
    pub name: Cursor<'d>,
    /// The name that customers see.
    pub display_name: Cursor<'d>,
    /// The purpose of the portal, in the words of its author.
    pub description: Cursor<'d>,
    /// Whether customers can use the portal.
    pub enabled: Cursor<'d>,
    /// The reCAPTCHA settings.
    pub recaptcha: Recaptcha<'d>,
    /// Whether anybody may register.
    pub create_non_existing_customer: Cursor<'d>,
    /// The object of the [`PERMISSIONS`].
    pub customer_permissions: Cursor<'d>,
    tracking_domain: Cursor<'d>,
    smtp_profile: Cursor<'d>,
    registration_campaign: Cursor<'d>,
    emails: [Email<'d>; 2],
    filters: [Filter<'d>; 2],
    permissions: [Cursor<'d>; 12],
    ids: Vec<Cursor<'d>>,
    htmls: [Html<'d>; 3],
}

impl<'d> Portal<'d> {
    /// Looks up the fields of a portal. `known_shape` is [`Validation::known_shape`].
    ///
    /// [`Validation::known_shape`]: crate::schema::Validation::known_shape
    pub fn new(kind: PortalKind, root: Cursor<'d>, known_shape: Option<usize>, cache: &mut PortalCache) -> Self {
        let layout = cache.layout(known_shape, kind, root);
        let field = |path| Cursor::at_path(root.document(), path);
        let confirm_email = Email::new(EmailKind::Confirm, &layout.emails[0], root.document());
        let reset_email = Email::new(EmailKind::Reset, &layout.emails[1], root.document());
        let footer = field(layout.footer);
        let mut portal = Self {
            kind,
            root,
            name: field(layout.name),
            display_name: field(layout.display_name),
            description: field(layout.description),
            enabled: field(layout.enabled),
            recaptcha: Recaptcha { site_key: field(layout.site_key), secret_key: field(layout.secret_key) },
            create_non_existing_customer: field(layout.create_non_existing_customer),
            customer_permissions: field(layout.customer_permissions),
            tracking_domain: field(layout.tracking_domain),
            smtp_profile: field(layout.smtp_profile),
            registration_campaign: field(layout.registration_campaign),
            emails: [confirm_email, reset_email],
            filters: [
                Filter { kind: FilterKind::Campaign, cursor: field(layout.campaigns) },
                Filter { kind: FilterKind::Shop, cursor: field(layout.shops) },
            ],
            permissions: layout.permissions.map(field),
            ids: vec![field(layout.own_id)],
            htmls: [
                Html::new(kind, "the footer", footer, cache),
                Html::new(kind, EmailKind::Confirm.label(), confirm_email.html, cache),
                Html::new(kind, EmailKind::Reset.label(), reset_email.html, cache),
            ],
        };
        portal.ids.extend([portal.tracking_domain, portal.smtp_profile, portal.registration_campaign]);
        for filter in portal.filters {
            let filter_ids = portal.filter_ids(&filter);
            portal.ids.extend(filter_ids);
        }
        portal.ids.retain(Cursor::is_present);
        portal
    }

    /// A top-level field.
    pub fn field(&self, field: &'d str) -> Cursor<'d> {
        self.root.field(field)
    }

    /// The id of the tracking domain.
    pub fn tracking_domain(&self) -> Cursor<'d> {
        self.tracking_domain
    }

    /// The id of the SMTP profile.
    pub fn smtp_profile(&self) -> Cursor<'d> {
        self.smtp_profile
    }

    /// The id of the campaign for customers who register themselves.
    pub fn registration_campaign(&self) -> Cursor<'d> {
        self.registration_campaign
    }

    /// Both emails, present or missing: first the confirmation email.
    pub fn emails(&self) -> &[Email<'d>; 2] {
        &self.emails
    }

    /// The footer and the HTML of both emails, present or missing, without those that are known to have no findings
    /// ([`PortalCache`]).
    pub fn htmls(&self) -> impl Iterator<Item = &Html<'d>> {
        self.htmls.iter().filter(|html| !html.is_known_clean)
    }

    /// The HTML of an email, present or missing; `None` if it is known to have no findings.
    pub fn email_html(&self, kind: EmailKind) -> Option<&Html<'d>> {
        let html = &self.htmls[1 + kind as usize];
        (!html.is_known_clean).then_some(html)
    }

    /// The permissions, present or missing, in the order of [`PERMISSIONS`].
    pub fn permissions(&self) -> &[Cursor<'d>; 12] {
        &self.permissions
    }

    /// The permission with this name, present or missing.
    pub fn permission(&self, name: &'static str) -> Cursor<'d> {
        let index = PERMISSIONS.iter().position(|known| *known == name).unwrap_or_default();
        self.permissions[index]
    }

    /// Both filters, present or missing.
    pub fn filters(&self) -> [Filter<'d>; 2] {
        self.filters
    }

    /// The ids and reCAPTCHA keys that are present.
    pub fn ids_and_keys(&self) -> impl Iterator<Item = &Cursor<'d>> {
        let Recaptcha { site_key, secret_key } = &self.recaptcha;
        self.ids.iter().chain([site_key, secret_key].into_iter().filter(|key| key.is_present()))
    }

    /// The ids that are present: of the portal itself, and of the objects that it refers to.
    pub fn ids(&self) -> &[Cursor<'d>] {
        &self.ids
    }

    /// The ids of a filter.
    pub fn filter_ids(&self, filter: &Filter<'d>) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
        let kind = self.kind;
        filter.cursor.items().map(move |item| match kind {
            PortalKind::Create | PortalKind::Edit => item,
            // A response has the ids in objects.
            PortalKind::Export => item.field("id"),
        })
    }
}

/// The two emails that a portal sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailKind {
    /// Sent when a customer registers.
    Confirm,
    /// Sent when a customer has forgotten the password.
    Reset,
}

impl EmailKind {
    /// The field under `customer_emails`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Confirm => "customer_account_confirm_email",
            Self::Reset => "customer_account_password_reset",
        }
    }

    /// The email of a field under `customer_emails`.
    pub fn from_field(field: &str) -> Option<Self> {
        [Self::Confirm, Self::Reset].into_iter().find(|kind| kind.field() == field)
    }

    /// The name in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confirm => "the confirmation email",
            Self::Reset => "the password reset email",
        }
    }
}

/// The fields of an email.
#[derive(Clone, Copy, Debug)]
pub struct Email<'d> {
    /// Which email it is.
    pub kind: EmailKind,
    /// The whole object.
    pub cursor: Cursor<'d>,
    /// The email address of the sender.
    pub from: Cursor<'d>,
    /// The name of the sender.
    pub from_name: Cursor<'d>,
    /// The subject.
    pub subject: Cursor<'d>,
    /// The body.
    pub html: Cursor<'d>,
    /// `to_cc` and `to_bcc`.
    pub copies: [Cursor<'d>; 2],
}

impl<'d> Email<'d> {
    fn new(kind: EmailKind, layout: &EmailLayout, document: &'d Document<'d>) -> Self {
        Self {
            kind,
            cursor: Cursor::at_path(document, layout.email),
            from: Cursor::at_path(document, layout.from),
            from_name: Cursor::at_path(document, layout.from_name),
            subject: Cursor::at_path(document, layout.subject),
            html: Cursor::at_path(document, layout.html),
            copies: layout.copies.map(|path| Cursor::at_path(document, path)),
        }
    }
}

/// The reCAPTCHA settings.
#[derive(Clone, Copy, Debug)]
pub struct Recaptcha<'d> {
    /// The public key.
    pub site_key: Cursor<'d>,
    /// The secret key.
    pub secret_key: Cursor<'d>,
}

/// A field with HTML. Several rules read it, so it is scanned once for all of them.
#[derive(Clone, Debug)]
pub struct Html<'d> {
    /// The name in messages.
    pub label: &'static str,
    /// The value.
    pub cursor: Cursor<'d>,
    /// The result of the fast scan. If there is one, no rule can find anything else in the text.
    pub simple_html: Option<SimpleHtml>,
    /// Whether the same text is known to have no findings; see [`PortalCache`].
    is_known_clean: bool,
}

impl<'d> Html<'d> {
    fn new(kind: PortalKind, label: &'static str, cursor: Cursor<'d>, cache: &PortalCache) -> Self {
        let mut html = Self { label, cursor, simple_html: None, is_known_clean: false };
        if let Some(text) = cursor.text() {
            html.is_known_clean = cache.has_clean_html(kind, label, text);
            if !html.is_known_clean {
                html.simple_html = fast_scan::scan_simple_html(text);
            }
        }
        html
    }
}

/// The two filters for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FilterKind {
    /// Customers of these campaigns.
    Campaign,
    /// Customers of these shops.
    Shop,
}

impl FilterKind {
    /// The field under `customer_filters`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Shop => "third_party_shop",
        }
    }

    /// The singular noun for entries in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Shop => "shop",
        }
    }
}

/// A filter: a list of ids.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'d> {
    /// Which filter it is.
    pub kind: FilterKind,
    /// The list.
    pub cursor: Cursor<'d>,
}

#[cfg(test)]
mod tests {
    use crate::model::portal::*;
    use crate::schema::field_names;

    #[test]
    fn the_permissions_are_those_of_the_schema() {
        let mut names = PERMISSIONS.to_vec();
        names.sort_unstable();
        assert_eq!(field_names(PortalKind::Create, &["customer_permissions"]), names);
    }

    #[test]
    fn the_fields_of_emails_and_filters_are_those_of_the_schema() {
        let emails = [EmailKind::Confirm, EmailKind::Reset].map(EmailKind::field);
        assert_eq!(field_names(PortalKind::Create, &["customer_emails"]), emails);
        let lists = [FilterKind::Campaign, FilterKind::Shop].map(FilterKind::field);
        assert_eq!(field_names(PortalKind::Create, &["customer_filters"]), lists);
    }
}
