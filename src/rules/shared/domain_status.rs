//! Whether the tracking domain is ready in some respect, as the account says, and what is known of its host. Shared by the
//! rules about DNS and the certificate.

use crate::base::diagnostic::Finding;
use crate::model::account;
use crate::model::account::{AccountObject, Readiness, StatusWords};
use crate::model::portal::Portal;
use crate::online::Host;
use crate::online::host::{NotQueried, name_to_query};
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;
use crate::schema::Kind;
use crate::syntax::cursor::{Cursor, variable_name};

/// What is asked.
pub(crate) struct Aspect {
    /// The field of the tracking domain that has the status.
    pub field: &'static str,
    /// What is said when it is not so: "is not DNS ready".
    pub lacks: &'static str,
    /// What is left open.
    pub open: &'static &'static str,
    /// What to do first.
    pub help: &'static str,
}

/// A portal's tracking domain, as far as it can be told.
pub(crate) struct Domain<'a> {
    /// Where the body names it.
    pub slot: Cursor<'a>,
    /// Its host.
    pub host: HostName,
}

/// The host that a tracking domain is, as far as its name is known.
pub(crate) enum HostName {
    /// Queries are sent for this name.
    Queried(String),
    /// No query is sent.
    NotQueried(NotQueried),
    /// Neither the account nor the file has the tracking domain. That is said, or left open, where the account is asked.
    Unknown,
}

/// Asks the account for the status, for every body that has, or should have, a tracking domain. What is to be asked of the
/// domain itself, unless there is a finding already.
pub(crate) fn report<'a>(cx: &mut PortalContext<'a>, aspect: &Aspect, accepted: &StatusWords) -> Option<Domain<'a>> {
    if cx.kind() == Kind::Edit && !cx.portal.at("tracking_domain").is_present() {
        return None;
    }
    let slot = cx.portal.tracking_domain();
    let id = cx.literal_id(&slot);
    let known = cx.account.zip(id).and_then(|(account, id)| account.find(account::ObjectKind::TrackingDomain, id));
    let domain = Domain { slot, host: find_host_name(cx, known) };
    let Some(known) = known else {
        match id {
            Some(_) => cx.mark_unverified_by_account(account::ObjectKind::TrackingDomain, id, aspect.open),
            None if cx.answers.is_online => cx.mark_unanswered(aspect.open, &why_no_id(&slot)),
            None => cx.mark_unverified(aspect.open),
        }
        return Some(domain);
    };
    let status = known.cursor.field(aspect.field).field("status");
    match status.text().map(|word| (word, Readiness::from_status(word, accepted))) {
        Some((_, Readiness::Ready)) => {}
        Some((word, Readiness::NotReady)) => {
            let name = known.cursor.field("domain_name").text().or(known.name);
            let named = name.map(|name| format!(" {}", quote(name))).unwrap_or_default();
            let message = format!("the tracking domain{named} {}: its status is {}", aspect.lacks, quote(word));
            let finding = Finding::new(slot.location(), message, aspect.help);
            cx.report(finding.with_note_in_account(status.span(), "the account says so here"));
            return None;
        }
        Some((word, Readiness::Unclear)) => {
            let why = format!(
                "the account says {}, a status word that is not known here (if it means yes, add it to \
                 `[account-words]` in `portal-lint.toml`)",
                quote(word)
            );
            leave_unclear(cx, aspect, &why);
        }
        None => match cx.answers.why_unanswered(account::ObjectKind::TrackingDomain, id) {
            Some(why) => cx.mark_unanswered(aspect.open, why),
            None => leave_unclear(cx, aspect, "the account has no status for it"),
        },
    }
    Some(domain)
}

/// The account did answer, and nobody knows what that means. Where it was asked just now, the check was tried in vain.
fn leave_unclear(cx: &mut PortalContext<'_>, aspect: &Aspect, why: &str) {
    if cx.answers.is_online {
        cx.mark_unanswered(aspect.open, &why);
    } else {
        cx.mark_unverified(format!("{}: {why}", aspect.open));
    }
}

/// Why the account cannot be asked for the tracking domain.
fn why_no_id(slot: &Cursor<'_>) -> &'static str {
    match slot.text() {
        Some(text) if variable_name(text).is_some() => "its id is a variable",
        Some(_) => "its id is none that the account can be asked for",
        None => "it has no id",
    }
}

/// The name of the host: what the account says, or else what an export has beside the id.
pub(crate) fn find_host_name(cx: &PortalContext<'_>, known: Option<&AccountObject<'_>>) -> HostName {
    if let Some(name) = known.and_then(|known| known.cursor.field("domain_name").text()) {
        return HostName::of(name);
    }
    let in_export = cx.portal.at("tracking_domain").field("domain_name");
    match in_export.text().filter(|_| cx.kind() == Kind::Export) {
        Some(name) => HostName::of(name),
        None if known.is_some() => HostName::NotQueried(NotQueried("the account has no domain name for it")),
        None => HostName::Unknown,
    }
}

/// The host to query that a tracking domain of the account is.
pub(crate) fn host_of(domain: &AccountObject<'_>) -> Option<String> {
    domain.cursor.field("domain_name").text().and_then(|name| name_to_query(name).ok())
}

/// The host to query that an export names beside the id.
pub(crate) fn host_in(portal: &Portal<'_>) -> Option<String> {
    let name = portal.at("tracking_domain").field("domain_name");
    name.text().filter(|_| portal.kind == Kind::Export).and_then(|name| name_to_query(name).ok())
}

impl HostName {
    fn of(name: &str) -> Self {
        name_to_query(name).map_or_else(Self::NotQueried, Self::Queried)
    }
}

impl Domain<'_> {
    /// What is known of its host, and the name of that. Without an answer the check is left open; `open` says what could not
    /// be told. Offline nobody is asked, and nothing is said.
    pub(crate) fn answer<'c>(&self, cx: &mut PortalContext<'c>, open: &str) -> Option<(String, &'c Host)> {
        let answers = cx.answers;
        if !answers.is_online {
            return None;
        }
        match &self.host {
            HostName::Queried(name) => match answers.hosts.get(name) {
                Some(host) => return Some((name.clone(), host)),
                None => cx.mark_unanswered(open, &"its host was not asked"),
            },
            HostName::NotQueried(why) => cx.mark_unanswered(open, why),
            HostName::Unknown => {}
        }
        None
    }
}
