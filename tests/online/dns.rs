//! A DNS server, UDP and TCP on one loopback port, that answers from a table like a resolver: it follows aliases, a name
//! outside the table does not exist, and a name without records of the type has no data.
//!
//! [`Dns::fault`] replaces an answer: with a response code, with nothing, with garbage, with another ID, or truncated (TC over
//! UDP, complete over TCP). Each query is recorded. The wire format is `simple-dns`'s.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use simple_dns::rdata::{A, AAAA, CNAME, MX, RData, TXT};
use simple_dns::{CLASS, Name, OPCODE, Packet, PacketFlag, QTYPE, RCODE, ResourceRecord, TYPE};

use super::server::{Server, Stop};

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Cname(&'static str),
    Mx(&'static str),
    Txt(&'static str),
}

/// A fault that replaces an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Code(RCODE),
    Silence,
    Garbage,
    /// An answer that does not repeat the question.
    NoQuestion,
    /// An answer to a notification, which is another operation.
    OtherOperation,
    /// Records of the class CH.
    OtherClass,
    /// The answer to another query: its ID is not that of the query.
    OtherId,
    /// TC over UDP; the complete answer over TCP.
    Truncated,
    /// TC over UDP; nothing over TCP.
    TruncatedWithoutTcp,
}

#[derive(Default)]
struct Zone {
    records: Vec<(String, Record)>,
    /// The name, the type, and the fault. Without a type, the fault replaces the answers of all types.
    faults: Vec<(String, Option<TYPE>, Fault)>,
    queries: Vec<(String, TYPE)>,
}

pub struct Dns {
    tcp: Server,
    zone: Arc<Mutex<Zone>>,
    stop: Stop,
    udp: Option<JoinHandle<()>>,
}

impl Dns {
    pub fn start(records: &[(&str, Record)]) -> Self {
        let records = records.iter().map(|(name, record)| ((*name).to_owned(), record.clone())).collect();
        let zone = Arc::new(Mutex::new(Zone { records, ..Zone::default() }));
        let (udp, listener) = bind_udp_and_tcp();
        let tcp_zone = Arc::clone(&zone);
        let tcp = Server::on(listener, move |mut stream, _| {
            let mut length = [0; 2];
            while stream.read_exact(&mut length).is_ok() {
                let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
                let Ok(()) = stream.read_exact(&mut query) else { return };
                let Some(reply) = tcp_zone.lock().expect("no panic").reply(&query, true) else { return };
                let length = u16::try_from(reply.len()).expect("a length").to_be_bytes();
                let _ = stream.write_all(&[&length[..], &reply].concat());
            }
        });
        let (udp_zone, stop) = (Arc::clone(&zone), Stop::default());
        let udp_stop = stop.clone();
        let udp = thread::spawn(move || {
            let mut query = [0; 4096];
            while !udp_stop.is_set() {
                let Ok((length, from)) = udp.recv_from(&mut query) else { continue };
                if let Some(reply) = udp_zone.lock().expect("no panic").reply(&query[..length], false) {
                    let _ = udp.send_to(&reply, from);
                }
            }
        });
        Self { tcp, zone, stop, udp: Some(udp) }
    }

    pub fn address(&self) -> String {
        self.tcp.address()
    }

    /// Replaces the answers for this name, for all types or for one.
    pub fn fault(&self, name: &str, kind: Option<TYPE>, fault: Fault) {
        self.zone.lock().expect("no panic").faults.push((name.to_owned(), kind, fault));
    }

    /// Removes all records of a type from a name. A name without records does not exist.
    pub fn remove(&self, name: &str, kind: TYPE) {
        self.zone.lock().expect("no panic").records.retain(|(owner, record)| owner != name || record.kind() != kind);
    }

    pub fn add(&self, name: &str, record: Record) {
        self.zone.lock().expect("no panic").records.push((name.to_owned(), record));
    }

    /// The queries so far, names in lower case.
    pub fn queries(&self) -> Vec<(String, TYPE)> {
        self.zone.lock().expect("no panic").queries.clone()
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.stop.set();
        let ended = self.udp.take().map(JoinHandle::join);
        assert!(thread::panicking() || ended.is_none_or(|ended| ended.is_ok()), "the DNS server failed");
    }
}

/// Binds the same port for UDP and TCP.
fn bind_udp_and_tcp() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        udp.set_read_timeout(Some(Duration::from_millis(20))).expect("a time");
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().expect("an address")) {
            return (udp, tcp);
        }
    }
}

impl Zone {
    /// The answer to a query; `None` sends nothing.
    fn reply(&mut self, query: &[u8], is_tcp: bool) -> Option<Vec<u8>> {
        let query = Packet::parse(query).ok()?;
        let question = query.questions.first()?;
        let QTYPE::TYPE(kind) = question.qtype else { return None };
        let name = question.qname.to_string().to_lowercase();
        self.queries.push((name.clone(), kind));
        let fault = self.fault(&name, kind);
        let mut reply = Packet::new_reply(query.id());
        reply.set_flags(PacketFlag::RECURSION_DESIRED | PacketFlag::RECURSION_AVAILABLE);
        reply.questions.clone_from(&query.questions);
        match fault {
            Some(Fault::Silence) => return None,
            Some(Fault::TruncatedWithoutTcp) if is_tcp => return None,
            Some(Fault::Garbage) => return Some([&query.id().to_be_bytes()[..], &[0xff; 61]].concat()),
            Some(Fault::OtherOperation) => *reply.opcode_mut() = OPCODE::Notify,
            Some(Fault::OtherId) => reply.set_id(query.id().wrapping_add(1)),
            Some(Fault::Code(code)) => {
                *reply.rcode_mut() = code;
                return reply.build_bytes_vec().ok();
            }
            Some(Fault::Truncated | Fault::TruncatedWithoutTcp) if !is_tcp => {
                reply.set_flags(PacketFlag::TRUNCATION);
                return reply.build_bytes_vec().ok();
            }
            Some(Fault::NoQuestion) => {
                reply.questions.clear();
                return reply.build_bytes_vec().ok();
            }
            Some(Fault::OtherClass | Fault::Truncated | Fault::TruncatedWithoutTcp) | None => {}
        }
        let exists = self.answer(&name, kind, &mut reply);
        if fault == Some(Fault::OtherClass) {
            let owner = Name::new_unchecked(&name).into_owned();
            reply.answers.push(ResourceRecord::new(owner, CLASS::IN, 60, Record::A(Ipv4Addr::LOCALHOST).data()));
            for record in &mut reply.answers {
                record.class = CLASS::CH;
            }
        }
        *reply.rcode_mut() = if exists { RCODE::NoError } else { RCODE::NameError };
        reply.build_bytes_vec().ok()
    }

    fn fault(&self, name: &str, kind: TYPE) -> Option<Fault> {
        let mut faults = self.faults.iter();
        let (_, _, fault) =
            faults.find(|(owner, owner_kind, _)| owner == name && owner_kind.is_none_or(|other| other == kind))?;
        Some(*fault)
    }

    /// Follows up to eight aliases, so that a cycle ends. Returns false if the name, or the target of its alias, does not exist.
    fn answer(&self, name: &str, kind: TYPE, reply: &mut Packet<'_>) -> bool {
        let mut name = name.to_owned();
        for _ in 0..8 {
            let own_records: Vec<&Record> =
                self.records.iter().filter(|(owner, _)| *owner == name).map(|(_, record)| record).collect();
            let mut push = |record: &Record| {
                let owner = Name::new_unchecked(&name).into_owned();
                reply.answers.push(ResourceRecord::new(owner, CLASS::IN, 60, record.data()));
            };
            let mut has_kind = false;
            for record in &own_records {
                if record.kind() == kind {
                    push(record);
                    has_kind = true;
                }
            }
            if has_kind {
                return true;
            }
            let alias = own_records.iter().find_map(|record| match record {
                Record::Cname(alias) => Some(*alias),
                _ => None,
            });
            let Some(alias) = alias else {
                // A parent domain of an existing name exists, too (RFC 8020).
                let is_below = |(owner, _): &(String, Record)| owner.ends_with(&format!(".{name}"));
                return !own_records.is_empty() || self.records.iter().any(is_below);
            };
            push(&Record::Cname(alias));
            alias.clone_into(&mut name);
        }
        true
    }
}

impl Record {
    fn kind(&self) -> TYPE {
        match self {
            Self::A(_) => TYPE::A,
            Self::Aaaa(_) => TYPE::AAAA,
            Self::Cname(_) => TYPE::CNAME,
            Self::Mx(_) => TYPE::MX,
            Self::Txt(_) => TYPE::TXT,
        }
    }

    fn data(&self) -> RData<'static> {
        match self {
            Self::A(address) => RData::A(A { address: (*address).into() }),
            Self::Aaaa(address) => RData::AAAA(AAAA { address: (*address).into() }),
            Self::Cname(name) => RData::CNAME(CNAME(Name::new_unchecked(name))),
            Self::Mx(name) => RData::MX(MX { preference: 10, exchange: Name::new_unchecked(name) }),
            Self::Txt(text) => RData::TXT(TXT::new().with_string(text).expect("up to 255 bytes")),
        }
    }
}
