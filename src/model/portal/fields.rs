//! Typed access to the fields of a portal. They are the same for requests and responses.
//!
//! A field is a [`Cursor`] and may be missing or have the wrong type; rules report that. Fields have the names of the guide.

use std::cell::OnceCell;

use crate::html::facts::{HtmlFacts, ParsedHtml};
use crate::schema::PortalKind;
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

/// The number of characters of a RevCent ID.
pub const ID_LENGTH: usize = 20;

/// Whether a text has the number of characters of an ID.
pub fn has_id_length(text: &str) -> bool {
    // IDs are ASCII, so the characters of nearly all texts need not be counted.
    text.len() >= ID_LENGTH && ((text.len() == ID_LENGTH && text.is_ascii()) || text.chars().count() == ID_LENGTH)
}

/// Whether a text has the form of an ID: 20 letters and digits.
pub fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A portal. The fields that most rules read are looked up once; see [`Portal::field`] for the others.
#[derive(Clone, Debug)]
pub struct Portal<'d> {
    /// The request or response that the portal is the body of.
    pub kind: PortalKind,
    /// Whether this is the portal before or after an edit, and not a body in a file.
    is_result: bool,
    /// The ID of the portal in the account that this create request describes, according to the settings.
    pub bound_id: Option<&'d str>,
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
    /// Looks up the fields of a portal.
    pub fn new(kind: PortalKind, root: Cursor<'d>) -> Self {
        let [name, description, enabled, display_name, footer, create_non_existing_customer] = root.fields([
            "name",
            "description",
            "enabled",
            "display_name",
            "footer_html",
            "create_non_existing_customer",
        ]);
        let [recaptcha, emails, filters, customer_permissions] =
            root.fields(["recaptcha", "customer_emails", "customer_filters", "customer_permissions"]);
        let [site_key, secret_key] = recaptcha.fields(["site_key", "secret_key"]);
        let [tracking_domain, smtp_profile, registration_campaign] =
            root.fields(["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"]).map(|field| {
                // A response has the objects themselves.
                if kind == PortalKind::Export { field.field("id") } else { field }
            });
        let own_id = root.field(if kind == PortalKind::Export { "id" } else { "customer_portal_id" });
        let emails = [EmailKind::Confirm, EmailKind::Reset].map(|kind| Email::new(kind, emails));
        let filters =
            [FilterKind::Campaign, FilterKind::Shop].map(|kind| Filter { kind, cursor: filters.field(kind.field()) });
        let mut portal = Self {
            kind,
            is_result: false,
            bound_id: None,
            root,
            name,
            display_name,
            description,
            enabled,
            recaptcha: Recaptcha { site_key, secret_key },
            create_non_existing_customer,
            customer_permissions,
            tracking_domain,
            smtp_profile,
            registration_campaign,
            emails,
            filters,
            permissions: customer_permissions.fields(PERMISSIONS),
            ids: vec![own_id, tracking_domain, smtp_profile, registration_campaign],
            htmls: [
                Html::new("the footer", footer, false),
                Html::new(EmailKind::Confirm.label(), emails[0].html, true),
                Html::new(EmailKind::Reset.label(), emails[1].html, true),
            ],
        };
        for filter in filters {
            let filter_ids = portal.filter_ids(&filter);
            portal.ids.extend(filter_ids);
        }
        portal.ids.retain(Cursor::is_present);
        portal
    }

    /// The portal as the desired state of the portal in the account with this ID. Only a create request can be bound.
    #[must_use]
    pub(crate) fn bound_to(self, id: Option<&'d str>) -> Self {
        let bound_id = if self.kind == PortalKind::Create { id } else { None };
        Self { bound_id, ..self }
    }

    /// The portal before or after an edit. It is checked against the schema of an edit, but contains all fields of the portal.
    pub fn result_of_edit(root: Cursor<'d>) -> Self {
        Self { is_result: true, ..Self::new(PortalKind::Edit, root) }
    }

    /// Whether a field that is left out keeps a value that is not in this body: it is an edit.
    pub fn keeps_missing_fields(&self) -> bool {
        self.kind == PortalKind::Edit && !self.is_result
    }

    /// A top-level field.
    pub fn field(&self, field: &'d str) -> Cursor<'d> {
        self.root.field(field)
    }

    /// The ID of the tracking domain.
    pub fn tracking_domain(&self) -> Cursor<'d> {
        self.tracking_domain
    }

    /// The ID of the SMTP profile.
    pub fn smtp_profile(&self) -> Cursor<'d> {
        self.smtp_profile
    }

    /// The ID of the campaign for customers who register themselves.
    pub fn registration_campaign(&self) -> Cursor<'d> {
        self.registration_campaign
    }

    /// Both emails, present or missing: first the confirmation email.
    pub fn emails(&self) -> &[Email<'d>; 2] {
        &self.emails
    }

    /// The footer and the HTML of both emails, present or missing.
    pub fn htmls(&self) -> &[Html<'d>; 3] {
        &self.htmls
    }

    /// The HTML of an email, present or missing.
    pub fn email_html(&self, kind: EmailKind) -> &Html<'d> {
        &self.htmls[1 + kind as usize]
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

    /// The IDs and reCAPTCHA keys that are present.
    pub fn ids_and_keys(&self) -> impl Iterator<Item = &Cursor<'d>> {
        let Recaptcha { site_key, secret_key } = &self.recaptcha;
        self.ids.iter().chain([site_key, secret_key].into_iter().filter(|key| key.is_present()))
    }

    /// The IDs that are present: of the portal itself, and of the objects that it refers to.
    pub fn ids(&self) -> &[Cursor<'d>] {
        &self.ids
    }

    /// The IDs of a filter.
    pub fn filter_ids(&self, filter: &Filter<'d>) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
        let kind = self.kind;
        filter.cursor.items().map(move |item| match kind {
            PortalKind::Create | PortalKind::Edit => item,
            // A response has the IDs in objects.
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
    fn new(kind: EmailKind, emails: Cursor<'d>) -> Self {
        let cursor = emails.field(kind.field());
        let [from, from_name, subject, html, cc, bcc] =
            cursor.fields(["from", "from_name", "subject", "html", "to_cc", "to_bcc"]);
        Self { kind, cursor, from, from_name, subject, html, copies: [cc, bcc] }
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
    is_email: bool,
    parsed: OnceCell<ParsedHtml>,
}

impl<'d> Html<'d> {
    fn new(label: &'static str, cursor: Cursor<'d>, is_email: bool) -> Self {
        Self { label, cursor, is_email, parsed: OnceCell::new() }
    }

    /// The facts about the text, which is parsed once, at the first call. `None` if the value is not a string.
    pub(crate) fn facts(&self) -> Option<HtmlFacts<'_>> {
        let text = self.cursor.text()?;
        let parse = if self.is_email { ParsedHtml::from_email } else { ParsedHtml::from_fragment };
        Some(self.parsed.get_or_init(|| parse(text)).facts(text))
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

/// A filter: a list of IDs.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'d> {
    /// Which filter it is.
    pub kind: FilterKind,
    /// The list.
    pub cursor: Cursor<'d>,
}

#[cfg(test)]
mod tests {
    use crate::model::portal::fields::*;
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
