//! A document seen as a portal: the guide's words for its places, the same for create, edit and export bodies.
//!
//! Views borrow and answer leniently ([`Cursor`]); whether a value is good is for the rules to say.

mod cache;
mod detect;
mod layout;
mod summary;

pub use cache::PortalCache;
pub use detect::{NotAPortal, detect_kind, is_broken_portal, is_portal_document, text_may_be_portal};
pub use summary::{PortalSummary, Variable};

use layout::EmailLayout;

use crate::html::fast_scan;
use crate::html::fast_scan::SimpleHtml;
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

/// The twelve permissions, in the guide's order.
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

/// Characters of an id of RevCent.
pub const ID_LENGTH: usize = 20;

/// Whether a text is as long as an id. Nearly all texts that are asked for are, and in ASCII.
pub fn has_id_length(text: &str) -> bool {
    text.len() >= ID_LENGTH && ((text.len() == ID_LENGTH && text.is_ascii()) || text.chars().count() == ID_LENGTH)
}

/// One body. What most rules ask for is looked up once: a slot here is that of a field, there or not.
#[derive(Clone, Debug)]
pub struct Portal<'d> {
    /// What it is for.
    pub kind: Kind,
    /// Its top level.
    pub root: Cursor<'d>,
    /// The internal name.
    pub name: Cursor<'d>,
    /// The name that customers see.
    pub display_name: Cursor<'d>,
    /// What the portal is for, in somebody's words.
    pub description: Cursor<'d>,
    /// Whether customers can use it.
    pub enabled: Cursor<'d>,
    /// The reCAPTCHA settings.
    pub recaptcha: Recaptcha<'d>,
    /// `create_non_existing_customer`: whether anybody may register.
    pub create_non_existing_customer: Cursor<'d>,
    /// The object of all twelve.
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
    /// The body whose top level is `root`. `template` is the number of the one it is written like ([`Validation::template`]).
    ///
    /// [`Validation::template`]: crate::schema::Validation::template
    pub fn new(kind: Kind, root: Cursor<'d>, template: Option<usize>, known: &mut PortalCache) -> Self {
        let layout = known.layout(template, kind, root);
        let slot = |path| Cursor::at_path(root.document(), path);
        let email = |which, at: &EmailLayout| Email {
            kind: which,
            cursor: slot(at.email),
            from: slot(at.from),
            from_name: slot(at.from_name),
            subject: slot(at.subject),
            html: slot(at.html),
            copies: at.copies.map(slot),
        };
        let emails = [email(EmailKind::Confirm, &layout.emails[0]), email(EmailKind::Reset, &layout.emails[1])];
        let footer = slot(layout.footer);
        let [tracking_domain, smtp_profile, registration_campaign] =
            [slot(layout.tracking_domain), slot(layout.smtp_profile), slot(layout.registration_campaign)];
        let (campaigns, shops) = (slot(layout.campaigns), slot(layout.shops));
        let single = [slot(layout.own_id), tracking_domain, smtp_profile, registration_campaign];
        let mut ids = Vec::with_capacity(single.len() + campaigns.items().len() + shops.items().len());
        let listed = campaigns.items().chain(shops.items()).map(|item| id(kind, item));
        ids.extend(single.into_iter().chain(listed).filter(Cursor::is_present));
        Self {
            kind,
            root,
            name: slot(layout.name),
            display_name: slot(layout.display_name),
            description: slot(layout.description),
            enabled: slot(layout.enabled),
            recaptcha: Recaptcha { site_key: slot(layout.site_key), secret_key: slot(layout.secret_key) },
            create_non_existing_customer: slot(layout.open_to_all),
            customer_permissions: slot(layout.customer_permissions),
            tracking_domain,
            smtp_profile,
            registration_campaign,
            filters: [
                Filter { kind: FilterKind::Campaign, cursor: campaigns },
                Filter { kind: FilterKind::Shop, cursor: shops },
            ],
            permissions: std::array::from_fn(|at| slot(layout.permissions[at])),
            ids,
            htmls: [
                Html::new(kind, "the footer", footer, known),
                Html::new(kind, EmailKind::Confirm.label(), emails[0].html, known),
                Html::new(kind, EmailKind::Reset.label(), emails[1].html, known),
            ],
            emails,
        }
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

    /// Both emails, in the guide's order, there or not.
    pub fn emails(&self) -> &[Email<'d>; 2] {
        &self.emails
    }

    /// What customers are shown as html: the footer and both emails, there or not. Left out is what is [`PortalCache`] to be good.
    pub fn htmls(&self) -> impl Iterator<Item = &Html<'d>> {
        self.htmls.iter().filter(|html| !html.is_known)
    }

    /// The text of an email, there or not; `None` when it is [`PortalCache`] to be good.
    pub fn email_html(&self, which: EmailKind) -> Option<&Html<'d>> {
        Some(&self.htmls[1 + which as usize]).filter(|html| !html.is_known)
    }

    /// The twelve permissions in the guide's order, there or not.
    pub fn permissions(&self) -> &[Cursor<'d>; 12] {
        &self.permissions
    }

    /// One of the twelve permissions.
    pub fn permission(&self, name: &'static str) -> Cursor<'d> {
        let index = PERMISSIONS.iter().position(|known| *known == name).unwrap_or_default();
        self.permissions[index]
    }

    /// Both filter lists, there or not.
    pub fn filters(&self) -> [Filter<'d>; 2] {
        self.filters
    }

    /// Every id and every key that is there.
    pub fn ids_and_keys(&self) -> impl Iterator<Item = &Cursor<'d>> {
        let Recaptcha { site_key, secret_key } = &self.recaptcha;
        self.ids.iter().chain([site_key, secret_key].into_iter().filter(|key| key.is_present()))
    }

    /// Every id that is there.
    pub fn ids(&self) -> &[Cursor<'d>] {
        &self.ids
    }

    /// The ids of a filter list.
    pub fn filter_ids(&self, filter: &Filter<'d>) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
        let kind = self.kind;
        filter.cursor.items().map(move |item| id(kind, item))
    }
}

/// The id in a field: the value itself in a request, the `id` of the object in a response.
fn id(kind: Kind, slot: Cursor<'_>) -> Cursor<'_> {
    if kind == Kind::Export { slot.field("id") } else { slot }
}

/// Which of the two emails.
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
        [Self::Confirm, Self::Reset].into_iter().find(|which| which.field() == field)
    }

    /// In the portal's words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confirm => "the confirmation email",
            Self::Reset => "the password reset email",
        }
    }
}

/// One of the two emails.
#[derive(Clone, Copy, Debug)]
pub struct Email<'d> {
    /// Which.
    pub kind: EmailKind,
    /// Its object.
    pub cursor: Cursor<'d>,
    /// The address of its sender.
    pub from: Cursor<'d>,
    /// The name of its sender.
    pub from_name: Cursor<'d>,
    /// Its subject.
    pub subject: Cursor<'d>,
    /// Its text.
    pub html: Cursor<'d>,
    /// Who gets copies: `to_cc` and `to_bcc`.
    pub copies: [Cursor<'d>; 2],
}

/// The reCAPTCHA settings.
#[derive(Clone, Copy, Debug)]
pub struct Recaptcha<'d> {
    /// The public key.
    pub site_key: Cursor<'d>,
    /// The secret one.
    pub secret_key: Cursor<'d>,
}

/// A value that is html. Several rules read it; whether it is simple is found out once.
#[derive(Clone, Debug)]
pub struct Html<'d> {
    /// How messages call it.
    pub label: &'static str,
    /// The value.
    pub cursor: Cursor<'d>,
    /// What there is to tell of it when it is simple: then there is nothing else to find in it.
    pub simple_html: Option<SimpleHtml>,
    /// See [`PortalCache`].
    is_known: bool,
}

impl<'d> Html<'d> {
    fn new(kind: Kind, label: &'static str, cursor: Cursor<'d>, known: &PortalCache) -> Self {
        let unknown = cursor.text().filter(|text| !known.has_clean_html(kind, label, text));
        Self {
            label,
            cursor,
            simple_html: unknown.and_then(fast_scan::scan_simple_html),
            is_known: unknown.is_none() && cursor.text().is_some(),
        }
    }
}

/// Which filter list.
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

    /// What its entries are.
    pub fn label(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Shop => "shop",
        }
    }
}

/// A filter list.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'d> {
    /// Which.
    pub kind: FilterKind,
    /// Its value.
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
        assert_eq!(field_names(Kind::Create, &["customer_permissions"]), names);
    }

    #[test]
    fn the_fields_of_emails_and_filters_are_those_of_the_schema() {
        let emails = [EmailKind::Confirm, EmailKind::Reset].map(EmailKind::field);
        assert_eq!(field_names(Kind::Create, &["customer_emails"]), emails);
        let lists = [FilterKind::Campaign, FilterKind::Shop].map(FilterKind::field);
        assert_eq!(field_names(Kind::Create, &["customer_filters"]), lists);
    }
}
