//! A document seen as a portal: the guide's words for its places, the same for create, edit and export bodies.
//!
//! Views borrow and answer leniently ([`Slot`]); whether a value is good is for the rules to say.

mod outline;
mod recognise;

pub use outline::{Outline, Variable};
pub use recognise::{NotAPortal, names_a_portal, recognise, text_names_a_portal};

use crate::document::slot::Slot;
use crate::html::calm::{self, Calm};
use crate::schema::Kind;

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

/// One body.
#[derive(Clone, Debug)]
pub struct Portal<'d> {
    /// What it is for.
    pub kind: Kind,
    /// Its top level.
    pub root: Slot<'d>,
    emails: [Email<'d>; 2],
    filters: [Filter<'d>; 2],
    permissions: [Slot<'d>; 12],
    ids_and_keys: Vec<Slot<'d>>,
    htmls: [Html<'d>; 3],
}

impl<'d> Portal<'d> {
    /// The body whose top level is `root`. What most rules ask for is looked up once.
    pub fn new(kind: Kind, root: Slot<'d>) -> Self {
        let (emails, filters) = (root.at("customer_emails"), root.at("customer_filters"));
        let emails = [Which::Confirm, Which::Reset].map(|which| Email { which, slot: emails.at(which.field()) });
        let [confirm, reset] = emails.map(|email| email.slot.at("html"));
        let filters = [List::Campaign, List::Shop].map(|list| Filter { list, slot: filters.at(list.field()) });
        let mut portal = Self {
            kind,
            root,
            emails,
            filters,
            permissions: permissions(root.at("customer_permissions")),
            ids_and_keys: Vec::new(),
            htmls: [
                Html::new("the footer", root.at("footer_html")),
                Html::new(Which::Confirm.words(), confirm),
                Html::new(Which::Reset.words(), reset),
            ],
        };
        portal.ids_and_keys = portal.find_ids_and_keys();
        portal
    }

    fn find_ids_and_keys(&self) -> Vec<Slot<'d>> {
        let recaptcha = self.at("recaptcha");
        let single = [
            self.at(if self.kind == Kind::Export { "id" } else { "customer_portal_id" }),
            self.tracking_domain(),
            recaptcha.at("site_key"),
            recaptcha.at("secret_key"),
            self.smtp_profile(),
            self.registration_campaign(),
        ];
        let [campaigns, shops] = &self.filters;
        let all = single.into_iter().chain(self.filter_ids(campaigns)).chain(self.filter_ids(shops));
        all.filter(Slot::is_there).collect()
    }

    /// A top-level field.
    pub fn at(&self, field: &'d str) -> Slot<'d> {
        self.root.at(field)
    }

    /// The id of the tracking domain.
    pub fn tracking_domain(&self) -> Slot<'d> {
        id(self.kind, self.at("tracking_domain"))
    }

    /// The id of the SMTP profile.
    pub fn smtp_profile(&self) -> Slot<'d> {
        id(self.kind, self.at("smtp_profile"))
    }

    /// The id of the campaign for customers who register themselves.
    pub fn registration_campaign(&self) -> Slot<'d> {
        id(self.kind, self.at("create_non_existing_customer_campaign"))
    }

    /// Both emails, in the guide's order, there or not.
    pub fn emails(&self) -> [Email<'d>; 2] {
        self.emails
    }

    /// What customers are shown as html: the footer and both emails, there or not.
    pub fn htmls(&self) -> &[Html<'d>; 3] {
        &self.htmls
    }

    /// The footer of the portal's page.
    pub fn footer(&self) -> &Html<'d> {
        &self.htmls[0]
    }

    /// The text of an email.
    pub fn email_html(&self, which: Which) -> &Html<'d> {
        &self.htmls[1 + which as usize]
    }

    /// The twelve permissions in the guide's order, there or not.
    pub fn permissions(&self) -> &[Slot<'d>; 12] {
        &self.permissions
    }

    /// One of the twelve permissions.
    pub fn permission(&self, name: &'static str) -> Slot<'d> {
        let index = PERMISSIONS.iter().position(|known| *known == name).unwrap_or_default();
        self.permissions[index]
    }

    /// Both filter lists, there or not.
    pub fn filters(&self) -> [Filter<'d>; 2] {
        self.filters
    }

    /// Every id and every key that is there.
    pub fn ids_and_keys(&self) -> &[Slot<'d>] {
        &self.ids_and_keys
    }

    /// Every id that is there.
    pub fn ids(&self) -> impl Iterator<Item = &Slot<'d>> {
        self.ids_and_keys.iter().filter(|slot| !matches!(slot.key(), "site_key" | "secret_key"))
    }

    /// The ids of a filter list.
    pub fn filter_ids(&self, filter: &Filter<'d>) -> impl Iterator<Item = Slot<'d>> + use<'d> {
        let kind = self.kind;
        filter.slot.items().map(move |item| id(kind, item))
    }
}

/// Nearly always they stand in the guide's order and need not be looked for.
fn permissions(object: Slot<'_>) -> [Slot<'_>; 12] {
    if !object.entries().iter().map(|entry| entry.key.as_ref()).eq(PERMISSIONS) {
        return PERMISSIONS.map(|name| object.at(name));
    }
    let mut children = object.children();
    PERMISSIONS.map(|name| children.next().unwrap_or_else(|| object.at(name)))
}

/// The id in a field: the value itself in a request, the `id` of the object in a response.
fn id(kind: Kind, slot: Slot<'_>) -> Slot<'_> {
    if kind == Kind::Export { slot.at("id") } else { slot }
}

/// Which of the two emails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Sent when a customer registers.
    Confirm,
    /// Sent when a customer has forgotten the password.
    Reset,
}

impl Which {
    /// The field under `customer_emails`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Confirm => "customer_account_confirm_email",
            Self::Reset => "customer_account_password_reset",
        }
    }

    /// The email of a field under `customer_emails`.
    pub fn of_field(field: &str) -> Option<Self> {
        [Self::Confirm, Self::Reset].into_iter().find(|which| which.field() == field)
    }

    /// In the portal's words.
    pub fn words(self) -> &'static str {
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
    pub which: Which,
    /// Its object.
    pub slot: Slot<'d>,
}

/// A value that is html. Several rules read it; that it is calm is found out once.
#[derive(Clone, Debug)]
pub struct Html<'d> {
    /// In the portal's words.
    pub words: &'static str,
    /// The value.
    pub slot: Slot<'d>,
    /// What is known of it when it is calm: then there is nothing else to find in it.
    pub calm: Option<Calm>,
}

impl<'d> Html<'d> {
    fn new(words: &'static str, slot: Slot<'d>) -> Self {
        Self { words, slot, calm: slot.text().and_then(calm::look) }
    }
}

/// Which filter list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// Customers of these campaigns.
    Campaign,
    /// Customers of these shops.
    Shop,
}

impl List {
    /// The field under `customer_filters`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Shop => "third_party_shop",
        }
    }

    /// What its entries are.
    pub fn words(self) -> &'static str {
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
    pub list: List,
    /// Its value.
    pub slot: Slot<'d>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::fields;

    #[test]
    fn the_permissions_are_those_of_the_schema() {
        let mut names = PERMISSIONS.to_vec();
        names.sort_unstable();
        assert_eq!(fields(Kind::Create, &["customer_permissions"]), names);
    }

    #[test]
    fn the_fields_of_emails_and_filters_are_those_of_the_schema() {
        let emails = [Which::Confirm, Which::Reset].map(Which::field);
        assert_eq!(fields(Kind::Create, &["customer_emails"]), emails);
        let lists = [List::Campaign, List::Shop].map(List::field);
        assert_eq!(fields(Kind::Create, &["customer_filters"]), lists);
    }
}
