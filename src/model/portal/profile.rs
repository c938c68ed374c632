//! The purpose of a portal: its customers, its brand, its domain, and its permissions. The matrix compares these.

use crate::model::comparison::{id_or_value, is_complete_portal};
use crate::model::portal::fields::{PERMISSIONS, Portal};
use crate::schema::PortalKind;
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// The parts of a portal that show its purpose. `None` for what the portal does not set.
#[derive(Clone, Debug)]
pub struct PortalProfile {
    /// The request or response that the portal is the body of.
    pub kind: PortalKind,
    /// The ID of the portal in the account.
    pub id: Option<String>,
    /// The internal name.
    pub name: Option<String>,
    /// Whether customers can use the portal.
    pub enabled: Option<bool>,
    /// The name that customers see.
    pub display_name: Option<String>,
    /// The HTML of the footer.
    pub footer: Option<String>,
    /// The name of the sender of the confirmation email.
    pub sender_name: Option<String>,
    /// The address of the sender of the confirmation email.
    pub sender: Option<String>,
    /// The subject and the HTML of both emails.
    pub emails: [Option<String>; 4],
    /// The ID of the tracking domain.
    pub tracking_domain: Option<String>,
    /// The IDs in the campaign filter and in the shop filter. `None` if they are not known.
    pub filters: [Option<Vec<String>>; 2],
    /// Which of the two filters a create body omits.
    pub omitted_filters: [bool; 2],
    /// Whether a filter is that of the account, because the bound file omits it.
    pub has_account_filter: bool,
    /// The permissions, in the order of [`PERMISSIONS`].
    pub permissions: [Option<bool>; PERMISSIONS.len()],
    /// Whether all settings of the portal are known. Otherwise, what is `None` may be set.
    pub is_complete: bool,
}

impl PortalProfile {
    /// Reads a portal of a file or of the account.
    pub(crate) fn from_portal(portal: &Portal<'_>) -> Self {
        let own_id = portal.root.field(if portal.kind == PortalKind::Export { "id" } else { "customer_portal_id" });
        let [confirm, reset] = portal.emails();
        let footer = portal.htmls()[0].cursor;
        let is_create = portal.kind == PortalKind::Create;
        let filters = portal.root.field("customer_filters");
        // A create request that omits the filters has none. In other bodies, or in a value of the wrong type, they are unknown.
        let may_have_filters = !is_create || !(filters.is_missing() || filters.is_object() || is_null(&filters));
        Self {
            kind: portal.kind,
            id: portal.bound_id.map(str::to_owned).or_else(|| text_of(&own_id)),
            name: text_of(&portal.name),
            enabled: portal.enabled.bool(),
            display_name: text_of(&portal.display_name),
            footer: text_of(&footer),
            sender_name: text_of(&confirm.from_name),
            sender: text_of(&confirm.from),
            emails: [confirm.subject, confirm.html, reset.subject, reset.html].map(|field| text_of(&field)),
            tracking_domain: text_of(&id_or_value(&portal.root.field("tracking_domain"))),
            filters: portal.filters().map(|filter| {
                let is_unset = !may_have_filters && !filter.cursor.is_present();
                if is_unset { Some(Vec::new()) } else { ids_of(&filter.cursor) }
            }),
            omitted_filters: portal.filters().map(|filter| is_create && !filter.cursor.is_present()),
            has_account_filter: false,
            permissions: portal.permissions().map(|permission| permission.bool()),
            is_complete: (is_create && !portal.root.is_partial())
                || (portal.kind == PortalKind::Export && is_complete_portal(&portal.root)),
        }
    }

    /// The profile of the portal after this edit. Fields that the edit leaves out keep their values in `before`.
    #[must_use]
    pub(crate) fn applied_to(self, before: &Self) -> Self {
        let [campaigns, shops] = self.filters;
        let [old_campaigns, old_shops] = before.filters.clone();
        let mut old_emails = before.emails.clone().into_iter();
        let mut old_permissions = before.permissions.into_iter();
        Self {
            kind: self.kind,
            id: self.id.or_else(|| before.id.clone()),
            name: self.name.or_else(|| before.name.clone()),
            enabled: self.enabled.or(before.enabled),
            display_name: self.display_name.or_else(|| before.display_name.clone()),
            footer: self.footer.or_else(|| before.footer.clone()),
            sender_name: self.sender_name.or_else(|| before.sender_name.clone()),
            sender: self.sender.or_else(|| before.sender.clone()),
            emails: self.emails.map(|text| text.or(old_emails.next().flatten())),
            tracking_domain: self.tracking_domain.or_else(|| before.tracking_domain.clone()),
            filters: [campaigns.or(old_campaigns), shops.or(old_shops)],
            omitted_filters: self.omitted_filters,
            has_account_filter: false,
            permissions: self.permissions.map(|permission| permission.or(old_permissions.next().flatten())),
            is_complete: before.is_complete,
        }
    }

    /// The profile of the account's portal after this file, which is bound to it, is submitted. If the file omits `enabled`, it does not
    /// change. A filter that only the account has remains until somebody decides about it.
    #[must_use]
    pub(crate) fn with_values_of_account(mut self, account: Self) -> Self {
        self.enabled = self.enabled.or(account.enabled);
        for (index, account_filter) in account.filters.into_iter().enumerate() {
            let may_have_entries = account_filter.as_ref().is_none_or(|ids| !ids.is_empty());
            if self.omitted_filters[index] && may_have_entries {
                self.has_account_filter |= account_filter.is_some();
                self.filters[index] = account_filter;
            }
        }
        self
    }

    /// Whether all customers can access the portal: it has no filters. `None` if that is not known.
    pub fn is_for_all(&self) -> Option<bool> {
        if self.filters.iter().flatten().any(|ids| !ids.is_empty()) {
            return Some(false);
        }
        self.filters.iter().all(Option::is_some).then_some(true)
    }

    /// Masks the secrets in the texts that a matrix shows.
    pub(crate) fn mask(&mut self, mask: &dyn Fn(String) -> String) {
        let Self { id, name, sender_name, sender, tracking_domain, filters, .. } = self;
        for text in [id, name, sender_name, sender, tracking_domain].into_iter().flatten() {
            *text = mask(std::mem::take(text));
        }
        for text in filters.iter_mut().flatten().flatten() {
            *text = mask(std::mem::take(text));
        }
    }
}

fn text_of(field: &Cursor<'_>) -> Option<String> {
    field.text().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn is_null(field: &Cursor<'_>) -> bool {
    field.value() == Some(&Value::Null)
}

/// The IDs of a list, each once. `None` if there is no list.
fn ids_of(list: &Cursor<'_>) -> Option<Vec<String>> {
    if is_null(list) {
        return Some(Vec::new());
    }
    if !list.is_list() {
        return None;
    }
    let mut ids: Vec<String> = list.items().filter_map(|item| text_of(&id_or_value(&item))).collect();
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
}
