//! DNS queries (RFC 1035), over UDP, and over TCP if the UDP answer is truncated. Only this folder uses `simple_dns`.
//!
//! "No such name" and "no record of this type" count as answers. An error code of the server does not.

mod exchange;
mod packet;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::online::net::deadline::Deadline;
use crate::online::net::dns::exchange::{ExchangeError, exchange_with_server};
use crate::online::{Resolution, Unanswered};

/// The DNS servers, which are queried in turn.
#[derive(Clone, Debug)]
pub(super) struct Dns {
    servers: Vec<SocketAddr>,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The address of an A or AAAA record.
    Address(IpAddr),
    /// The server of an MX record; empty for a null MX (RFC 7505).
    Mail(String),
    /// The joined strings of a TXT record.
    Text(String),
}

/// The result of querying the records of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Records {
    /// At least one record of the kind.
    Found(Vec<Record>),
    /// The name does not exist (NXDOMAIN).
    NoSuchName {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
    /// The name exists, without records of this kind.
    None {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
}

/// A kind of record to query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail servers.
    Mx,
    /// Text records.
    Txt,
}

/// What one answer contains.
struct AnswerContent {
    records: AnswerRecords,
    /// The name at the end of the aliases in the answer.
    last_name: String,
}

enum AnswerRecords {
    Found(Vec<Record>),
    Nothing,
    NoSuchName,
}

impl Dns {
    /// Uses this server, or else those of `/etc/resolv.conf`.
    pub(super) fn new(server: Option<SocketAddr>) -> Self {
        let servers = match server {
            Some(server) => vec![server],
            None => parse_resolv_conf(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default()),
        };
        Self { servers }
    }

    /// The addresses of a name.
    pub(super) fn query_addresses(&self, name: &str, deadline: Deadline) -> Result<Resolution, Unanswered> {
        let ipv4 = self.query_records(name, RecordKind::A, deadline);
        if let Ok(Records::NoSuchName { alias }) = ipv4 {
            return Ok(Resolution::NoSuchName { alias });
        }
        let ipv6 = self.query_records(name, RecordKind::Aaaa, deadline);
        let mut addresses = addresses_of(&ipv4);
        addresses.extend(addresses_of(&ipv6));
        let is_empty = addresses.is_empty();
        let resolution = Resolution::Addresses(addresses);
        match (ipv4, ipv6) {
            _ if !is_empty && !resolution.is_private() => Ok(resolution),
            // One query failed, and the other returned no public address. The failed query may have returned one.
            (Err(unanswered), _) | (_, Err(unanswered)) => Err(unanswered),
            _ if !is_empty => Ok(resolution),
            (_, Ok(Records::NoSuchName { alias })) => Ok(Resolution::NoSuchName { alias }),
            (Ok(Records::None { alias }), _) => Ok(Resolution::NoAddress { alias }),
            _ => Ok(Resolution::NoAddress { alias: None }),
        }
    }

    /// The records of a name. Follows aliases.
    pub(super) fn query_records(
        &self,
        name: &str,
        record_kind: RecordKind,
        deadline: Deadline,
    ) -> Result<Records, Unanswered> {
        /// A longer chain of aliases is a cycle or a mistake.
        const MAX_ALIASES: usize = 8;
        let mut name = name.to_lowercase();
        let mut alias = None;
        for _ in 0..MAX_ALIASES {
            let answer = self.query_servers(&name, record_kind, deadline)?;
            let has_alias = answer.last_name != name;
            if has_alias {
                alias = Some(answer.last_name.clone());
                name = answer.last_name;
            }
            match answer.records {
                // The server returned only the alias: query its target next.
                AnswerRecords::Nothing if has_alias => {}
                AnswerRecords::Nothing => return Ok(Records::None { alias }),
                AnswerRecords::NoSuchName => return Ok(Records::NoSuchName { alias }),
                AnswerRecords::Found(records) => return Ok(Records::Found(records)),
            }
        }
        Err(Unanswered::new("the CNAME chain is too long"))
    }

    /// Queries the servers in turn until one answers.
    fn query_servers(
        &self,
        name: &str,
        record_kind: RecordKind,
        deadline: Deadline,
    ) -> Result<AnswerContent, Unanswered> {
        const MAX_TIME_PER_ATTEMPT: Duration = Duration::from_millis(1500);
        const MIN_TIME_PER_ATTEMPT: Duration = Duration::from_millis(50);
        const ROUNDS: usize = 3;
        if self.servers.is_empty() {
            return Err(Unanswered::new("no DNS server is known: use --dns-server"));
        }
        let mut last_error = None;
        for server in std::iter::repeat_n(&self.servers, ROUNDS).flatten() {
            let Ok(left) = deadline.time_left() else { break };
            // Use at most half of the remaining time per attempt, because a packet may be lost.
            let attempt_time = MAX_TIME_PER_ATTEMPT.min(left / 2).max(MIN_TIME_PER_ATTEMPT);
            match exchange_with_server(*server, name, record_kind, deadline.limited_to(attempt_time)) {
                Ok(answer) => return Ok(answer),
                // Other servers would repeat the error, because it is about the name.
                Err(ExchangeError::ServerError(unanswered)) => return Err(unanswered),
                Err(ExchangeError::NoAnswer) => last_error = None,
                Err(ExchangeError::Failed(unanswered)) => last_error = Some(unanswered),
            }
        }
        Err(last_error.unwrap_or_else(|| deadline.exceeded_error().prefixed_with("DNS")))
    }
}

fn addresses_of(records: &Result<Records, Unanswered>) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    if let Ok(Records::Found(records)) = records {
        for record in records {
            if let Record::Address(address) = record {
                addresses.push(*address);
            }
        }
    }
    addresses
}

/// The addresses of the `nameserver` lines of `/etc/resolv.conf`.
fn parse_resolv_conf(text: &str) -> Vec<SocketAddr> {
    const DNS_PORT: u16 = 53;
    let mut servers = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if words.next() != Some("nameserver") {
            continue;
        }
        // A link-local address may have a zone (`fe80::1%eth0`), which the address parser rejects.
        let address = words.next().and_then(|address| address.split('%').next());
        if let Some(Ok(ip)) = address.map(str::parse) {
            servers.push(SocketAddr::new(ip, DNS_PORT));
        }
    }
    servers
}

#[cfg(test)]
mod tests;
