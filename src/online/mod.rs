//! What can be asked over the network, and what was answered: plain data, always compiled, without a line that could ask.
//!
//! Offline is a type: a run is handed [`Answers`], and the default ones know nothing. Only `net` (feature `online`) makes
//! others. What the account answers becomes a snapshot ([`snapshot_text`]) that is read like any other; what hosts, senders and
//! the captcha's verifier answer is kept here by what was asked.

pub mod host;
pub mod key_mode;
#[cfg(feature = "online")]
pub mod net;
pub mod snapshot_text;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::base::date::Date;
use crate::model::account::Kind;
use key_mode::Mode;
use snapshot_text::AccountData;

/// Why there is no answer, as the end of a sentence: "the connection was refused".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered(pub String);

impl Unanswered {
    /// With these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// With who was asked in front.
    #[must_use]
    pub fn of(self, whom: &str) -> Self {
        Self(format!("{whom}: {}", self.0))
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the portals of a run ask, each thing once.
#[derive(Clone, Debug, Default)]
pub struct Queries {
    /// Ids that the account is asked for, by what they are of; those of portals are of edits and exports.
    pub ids: BTreeMap<Kind, BTreeSet<String>>,
    /// Names of portals: what the account has under them is asked for as a whole.
    pub names: BTreeSet<String>,
    /// What is asked for all of its kind.
    pub lists: BTreeSet<Kind>,
    /// Everything in the account, too.
    pub everything: bool,
    /// Whether the hosts of the tracking domains that the account knows are asked, too.
    pub wants_hosts: bool,
    /// Hosts of portals.
    pub hosts: BTreeSet<String>,
    /// Domains of senders.
    pub senders: BTreeSet<String>,
    /// Secret keys of reCAPTCHA.
    pub secrets: BTreeSet<String>,
    /// Whatever is secret in the files: nobody is asked for it, and no answer is to repeat it.
    pub hidden: BTreeSet<String>,
}

impl Queries {
    /// Whether the account is asked for anything.
    pub fn ask_the_account(&self) -> bool {
        self.everything || !self.lists.is_empty() || self.ids.values().any(|ids| !ids.is_empty())
    }

    /// The ids of a kind.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = &String> {
        self.ids.get(&kind).into_iter().flatten()
    }
}

/// What was answered. What was not asked is in none of them.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Questions were asked at all.
    pub is_online: bool,
    /// Of the key.
    pub mode: Mode,
    /// What the account told; `None` when it could not be asked.
    pub pulled: Option<AccountData>,
    /// What it did not tell: of one id, or of all of a kind.
    pub account: BTreeMap<(Kind, Option<String>), Unanswered>,
    /// By host.
    pub hosts: BTreeMap<String, Host>,
    /// By domain.
    pub senders: BTreeMap<String, Sender>,
    /// By secret key: whether its verifier knows it.
    pub secrets: BTreeMap<String, Result<bool, Unanswered>>,
}

impl Answers {
    /// Why the account did not tell about an id, or about all of its kind.
    pub fn untold(&self, kind: Kind, id: Option<&str>) -> Option<&Unanswered> {
        if self.account.is_empty() {
            return None;
        }
        let of_it = id.and_then(|id| self.account.get(&(kind, Some(id.to_owned()))));
        of_it.or_else(|| self.account.get(&(kind, None)))
    }
}

/// What is known of a host.
#[derive(Clone, Debug)]
pub struct Host {
    /// What its name leads to.
    pub resolution: Result<Resolution, Unanswered>,
    /// What it shows who connects.
    pub certificate: Result<Certificate, Unanswered>,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// To these addresses.
    Addresses(Vec<IpAddr>),
    /// There is no such name; of an alias, it is the one that it stands for.
    NoSuchName {
        /// The name that the host is an alias of.
        alias: Option<String>,
    },
    /// The name is there and has no address.
    NoAddress {
        /// The name that the host is an alias of.
        alias: Option<String>,
    },
}

impl Resolution {
    /// Whether there are addresses, and nobody outside a private network reaches any of them.
    pub fn is_private(&self) -> bool {
        let Self::Addresses(addresses) = self else { return false };
        !addresses.is_empty() && addresses.iter().all(|address| host::is_private(*address))
    }
}

/// What came of the certificate that a host shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// It holds until this day.
    Holds(Date),
    /// It was good until this day.
    Expired(Option<Date>),
    /// It will be good from this day on.
    NotYetValid(Option<Date>),
    /// It is for another host.
    OtherName,
    /// Nobody that browsers know vouches for it.
    UnknownAuthority,
}

/// What DNS says of the domain that emails are sent from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Whether there is such a domain at all, and mail can be sent to it.
    pub mail: Result<Mail, Unanswered>,
    /// Its SPF records (RFC 7208): how many.
    pub spf: Result<usize, Unanswered>,
    /// Whether it, or its organizational domain, has a DMARC record (RFC 9989).
    pub dmarc: Result<bool, Unanswered>,
}

/// Where mail for a domain goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// To its servers.
    Servers,
    /// It says that it takes none (RFC 7505).
    Refused,
    /// It names no server.
    NoServer,
    /// There is no such domain.
    NoSuchDomain,
}

/// A host name as it can be asked for: in lower case, without the last dot; `None` for what is no name of a public host.
pub fn host_name(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    let fits = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let has_letter = text.rsplit('.').next().is_some_and(|top| top.bytes().any(|byte| byte.is_ascii_alphabetic()));
    (text.len() <= 253 && text.contains('.') && has_letter && text.split('.').all(fits)).then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_for_by_the_name_that_dns_knows() {
        assert_eq!(host_name(" Acme-Outfitters.com. ").as_deref(), Some("acme-outfitters.com"));
        for text in ["localhost", "127.0.0.1", "acme..com", "acme .com", "büro.de", "a.com/x", "[::1]", "-a.com", ""] {
            assert_eq!(host_name(text), None, "{text}");
        }
    }
}
