//! The host name of a portal's tracking domain, and what network queries found out about that host.

use crate::model::account::{AccountObject, ObjectKind};
use crate::model::portal::Portal;
use crate::online::Host;
use crate::online::host::{NotQueried, name_to_query};
use crate::rules::context::PortalContext;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The tracking domain of a portal.
pub(crate) struct TrackingDomain<'a> {
    /// The ID in the file.
    pub field: Cursor<'a>,
    pub host: HostName,
}

/// The host name of a tracking domain, as far as it is known.
pub(crate) enum HostName {
    /// Queries are sent for this name.
    Queried(String),
    /// The name is known, but no query is sent for it.
    NotQueried(NotQueried),
    /// Neither the account nor the file has the name. The check of the account's status records that, so the checks of the host do
    /// not.
    Unknown,
}

impl HostName {
    /// The host name of the tracking domain: from the account, or else from the object that an export has in place of the ID.
    fn find(cx: &PortalContext<'_>, object: Option<&AccountObject<'_>>) -> Self {
        if let Some(name) = object.and_then(|object| object.cursor.field("domain_name").text()) {
            return Self::from_domain_name(name);
        }
        match exported_domain_name(cx.portal) {
            Some(name) => Self::from_domain_name(name),
            None if object.is_some() => Self::NotQueried(NotQueried("the account has no domain name for it")),
            None => Self::Unknown,
        }
    }

    fn from_domain_name(name: &str) -> Self {
        name_to_query(name).map_or_else(Self::NotQueried, Self::Queried)
    }
}

impl<'a> TrackingDomain<'a> {
    /// The tracking domain of the portal and the account's object with its ID. `None` for an edit without a tracking domain,
    /// because the portal keeps its own.
    pub(crate) fn find(cx: &PortalContext<'a>) -> Option<(Self, Option<&'a AccountObject<'a>>)> {
        if cx.kind() == PortalKind::Edit && !cx.portal.field("tracking_domain").is_present() {
            return None;
        }
        let field = cx.portal.tracking_domain();
        let object = match (cx.account, cx.literal_id(&field)) {
            (Some(account), Some(id)) => account.find(ObjectKind::TrackingDomain, id),
            _ => None,
        };
        Some((Self { field, host: HostName::find(cx, object) }, object))
    }

    /// The host name and the results of the queries for it. If there are none although `--online` asked for them, this records
    /// the check as unanswered, where `unverified` names what could not be verified.
    pub(crate) fn queried_host<'c>(&self, cx: &mut PortalContext<'c>, unverified: &str) -> Option<(String, &'c Host)> {
        let answers = cx.answers;
        if !answers.is_online {
            return None;
        }
        match &self.host {
            HostName::Queried(name) => match answers.hosts.get(name) {
                Some(host) => return Some((name.clone(), host)),
                None => cx.mark_unanswered(unverified, &"its host was not queried"),
            },
            HostName::NotQueried(reason) => cx.mark_unanswered(unverified, reason),
            HostName::Unknown => {}
        }
        None
    }
}

/// The host to query for a tracking domain of the account.
pub(crate) fn account_host_to_query(object: &AccountObject<'_>) -> Option<String> {
    name_to_query(object.cursor.field("domain_name").text()?).ok()
}

/// The host to query for the tracking domain of an export.
pub(crate) fn exported_host_to_query(portal: &Portal<'_>) -> Option<String> {
    name_to_query(exported_domain_name(portal)?).ok()
}

fn exported_domain_name<'d>(portal: &Portal<'d>) -> Option<&'d str> {
    // In a request, an object in place of the ID is an error, so its fields are not used.
    if portal.kind != PortalKind::Export {
        return None;
    }
    portal.field("tracking_domain").field("domain_name").text()
}
