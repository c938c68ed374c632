//! Network queries and their answers, as plain data. This module is always compiled and does no network access.
//!
//! Each run has [`Answers`]. The default value, without any answers, is that of an offline run. Only `net` (feature `online`)
//! creates other values. The account's data becomes a snapshot ([`snapshot_text`]) that is read like one on disk.

pub(crate) mod host;
pub(crate) mod key_mode;
#[cfg(feature = "online")]
pub(crate) mod net;
pub(crate) mod private_address;
pub(crate) mod snapshot_text;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::base::date::Date;
use crate::model::account::ObjectKind;
use key_mode::Mode;
use snapshot_text::AccountData;

/// Why a query has no answer, worded as the end of a sentence: "the connection was refused".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered(pub String);

impl Unanswered {
    /// Converts the reason to a string.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// Puts the source that was queried in front of the reason.
    #[must_use]
    pub fn prefixed_with(self, source: &str) -> Self {
        Self(format!("{source}: {}", self.0))
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The network queries of all portals of a run, without duplicates.
#[derive(Clone, Debug, Default)]
pub struct Queries {
    /// IDs to look up in the account. Portal IDs occur in edits and exports only.
    pub ids: BTreeMap<ObjectKind, BTreeSet<String>>,
    /// Names of portals. The portals of the account with these names are fetched with all their fields.
    pub names: BTreeSet<String>,
    /// Kinds of which all objects are fetched.
    pub lists: BTreeSet<ObjectKind>,
    /// Whether everything in the account is fetched, as for a snapshot.
    pub everything: bool,
    /// Whether the hosts of the queried tracking domains are checked. The account's data contains their names.
    pub includes_account_hosts: bool,
    /// The hosts to check: first those that exports contain, and then those from the account's data.
    pub hosts: BTreeSet<String>,
    /// Domains that emails are sent from.
    pub senders: BTreeSet<String>,
    /// reCAPTCHA secret keys.
    pub secrets: BTreeSet<String>,
    /// All secrets in the files. What a service returns is neither shown nor stored if it contains one of them.
    pub secrets_to_hide: BTreeSet<String>,
}

impl Queries {
    /// Whether any query goes to the account.
    pub fn needs_account(&self) -> bool {
        self.everything || !self.lists.is_empty() || self.ids.values().any(|ids| !ids.is_empty())
    }

    /// The IDs of one kind.
    pub fn ids(&self, kind: ObjectKind) -> impl Iterator<Item = &String> {
        self.ids.get(&kind).into_iter().flatten()
    }
}

/// The answers to the queries of a run. A query that was not sent has no entry.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Whether the run is online.
    pub is_online: bool,
    /// The mode of the API key.
    pub mode: Mode,
    /// The account's data; `None` if the account was not queried.
    pub account: Option<AccountData>,
    /// The secrets in RevCent's responses, which `account` does not contain but a file can repeat.
    pub returned_secrets: BTreeSet<String>,
    /// Account queries without an answer: for one ID, or for a whole kind.
    pub unanswered: BTreeMap<(ObjectKind, Option<String>), Unanswered>,
    /// The checked hosts, by name.
    pub hosts: BTreeMap<String, Host>,
    /// The checked sender domains, by name.
    pub senders: BTreeMap<String, Sender>,
    /// Whether reCAPTCHA knows a secret key, by key.
    pub secrets: BTreeMap<String, Result<bool, Unanswered>>,
}

impl Answers {
    /// Why there is no answer for an ID, or, without an ID, for a kind. The reason for a kind applies to all its IDs.
    pub fn why_unanswered(&self, kind: ObjectKind, id: Option<&str>) -> Option<&Unanswered> {
        if let Some(id) = id
            && let Some(unanswered) = self.unanswered.get(&(kind, Some(id.to_owned())))
        {
            return Some(unanswered);
        }
        self.unanswered.get(&(kind, None))
    }
}

/// The result of checking a host.
#[derive(Clone, Debug)]
pub struct Host {
    /// What DNS returned for its name.
    pub resolution: Result<Resolution, Unanswered>,
    /// The result of a TLS handshake.
    pub certificate: Result<Certificate, Unanswered>,
}

/// What DNS returns for the address of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The addresses of the name.
    Addresses(Vec<IpAddr>),
    /// The name does not exist (NXDOMAIN).
    NoSuchName {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
    /// The name exists and has no address.
    NoAddress {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
}

impl Resolution {
    /// Whether there are addresses, and all of them are private.
    pub fn is_private(&self) -> bool {
        let Self::Addresses(addresses) = self else { return false };
        !addresses.is_empty() && addresses.iter().all(|address| private_address::is_private(*address))
    }
}

/// The state of the certificate that a host presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Valid until this day.
    Valid(Date),
    /// Expired on this day, if the day is known.
    Expired(Option<Date>),
    /// Not valid before this day, if the day is known.
    NotYetValid(Option<Date>),
    /// Issued for another host.
    OtherName,
    /// Not issued by an authority that browsers trust.
    UnknownAuthority,
}

/// What DNS returns for the domain of a sender address.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Whether the domain exists and receives mail.
    pub mail: Result<Mail, Unanswered>,
    /// The number of SPF records (RFC 7208). More than one is an error.
    pub spf: Result<usize, Unanswered>,
    /// The number of DMARC records at the domain or at a parent, up to the organizational domain. More than one is an error.
    pub dmarc: Result<usize, Unanswered>,
}

/// How a domain receives mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// It has mail servers (MX records).
    Servers,
    /// It accepts no mail (null MX, RFC 7505).
    Refused,
    /// It has no MX record.
    NoServer,
    /// The domain does not exist.
    NoSuchDomain,
}
