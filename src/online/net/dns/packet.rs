//! Builds query packets and parses answer packets.

use std::net::{Ipv4Addr, Ipv6Addr};

use simple_dns::rdata::{RData, TXT};
use simple_dns::{CLASS, Name, OPCODE, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, ResourceRecord, TYPE};

use crate::online::Unanswered;
use crate::online::net::dns::{AnswerContent, AnswerRecords, Record, RecordKind};

/// What an answer packet contains.
pub(super) enum PacketContent {
    Answer(AnswerContent),
    /// An error code.
    ServerError(Unanswered),
    /// The answer did not fit into the packet.
    Truncated,
}

impl RecordKind {
    pub(super) fn record_type(self) -> TYPE {
        match self {
            Self::A => TYPE::A,
            Self::Aaaa => TYPE::AAAA,
            Self::Mx => TYPE::MX,
            Self::Txt => TYPE::TXT,
        }
    }
}

/// Builds the packet of a query. `None` if DNS cannot encode the name.
pub(super) fn build_query(id: u16, name: &str, record_kind: RecordKind) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let record_type = QTYPE::TYPE(record_kind.record_type());
    packet.questions.push(Question::new(Name::new(name).ok()?, record_type, QCLASS::CLASS(CLASS::IN), false));
    packet.build_bytes_vec().ok()
}

/// Parses a packet. `None` if it is not the answer to this query.
pub(super) fn parse_answer(bytes: &[u8], id: u16, name: &str, record_kind: RecordKind) -> Option<PacketContent> {
    let packet = Packet::parse(bytes).ok()?;
    let is_answer = packet.has_flags(PacketFlag::RESPONSE) && packet.opcode() == OPCODE::StandardQuery;
    if packet.id() != id || !is_answer || packet.questions.len() > 1 {
        return None;
    }
    for question in &packet.questions {
        let is_same_name = normalize_name(&question.qname) == name.trim_end_matches('.');
        let is_same_type = question.qtype == QTYPE::TYPE(record_kind.record_type());
        // In multicast DNS, the first bit of the class has a meaning of its own. Here, it belongs to another class.
        let is_same_class = question.qclass == QCLASS::CLASS(CLASS::IN) && !question.unicast_response;
        if !is_same_name || !is_same_type || !is_same_class {
            return None;
        }
    }
    if !matches!(packet.rcode(), RCODE::NoError | RCODE::NameError) {
        let name = error_code_name(packet.rcode());
        return Some(PacketContent::ServerError(Unanswered(format!("the DNS server returned {name}"))));
    }
    // Only an error may be without the question (RFC 1035, section 4.1.1), and the records are of the class of the question.
    let is_other_class = |record: &ResourceRecord<'_>| record.class != CLASS::IN || record.cache_flush;
    if packet.questions.is_empty() || packet.answers.iter().any(is_other_class) {
        return None;
    }
    if packet.has_flags(PacketFlag::TRUNCATION) {
        return Some(PacketContent::Truncated);
    }
    let (records, last_name) = records_after_aliases(&packet, name, record_kind);
    let records = match packet.rcode() {
        RCODE::NameError => AnswerRecords::NoSuchName,
        _ if records.is_empty() => AnswerRecords::Nothing,
        _ => AnswerRecords::Found(records),
    };
    Some(PacketContent::Answer(AnswerContent { records, last_name }))
}

/// The usual name of an error code, as in RFC 2136 and the output of `dig`.
fn error_code_name(code: RCODE) -> String {
    match code {
        RCODE::ServerFailure => "SERVFAIL".to_owned(),
        RCODE::Refused => "REFUSED".to_owned(),
        RCODE::FormatError => "FORMERR".to_owned(),
        RCODE::NotImplemented => "NOTIMP".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Follows the aliases from `name`. Returns the records of the last name, and that name.
fn records_after_aliases(packet: &Packet<'_>, name: &str, record_kind: RecordKind) -> (Vec<Record>, String) {
    let mut last_name = name.trim_end_matches('.').to_owned();
    // Aliases may be in any order. Their number is limited by the number of answers, so that a cycle ends.
    for _ in 0..packet.answers.len() {
        match find_alias(packet, &last_name) {
            Some(target) => last_name = target,
            None => break,
        }
    }
    let mut records = Vec::new();
    for answer in &packet.answers {
        if normalize_name(&answer.name) == last_name {
            records.extend(convert_record(&answer.rdata, record_kind));
        }
    }
    (records, last_name)
}

/// The target of the alias (CNAME record) with this name.
fn find_alias(packet: &Packet<'_>, name: &str) -> Option<String> {
    for answer in &packet.answers {
        if let RData::CNAME(target) = &answer.rdata
            && normalize_name(&answer.name) == name
        {
            return Some(normalize_name(&target.0));
        }
    }
    None
}

/// The record, if it is of this kind.
fn convert_record(data: &RData<'_>, record_kind: RecordKind) -> Option<Record> {
    match (data, record_kind) {
        (RData::A(address), RecordKind::A) => Some(Record::Address(Ipv4Addr::from(address.address).into())),
        (RData::AAAA(address), RecordKind::Aaaa) => Some(Record::Address(Ipv6Addr::from(address.address).into())),
        (RData::MX(mail), RecordKind::Mx) => Some(Record::Mail(normalize_name(&mail.exchange))),
        (RData::TXT(text), RecordKind::Txt) => Some(Record::Text(decode_text(text))),
        _ => None,
    }
}

/// The strings of a TXT record as one text (RFC 7208, section 3.3). Bytes that are not UTF-8 text become U+FFFD.
fn decode_text(text: &TXT<'_>) -> String {
    let mut bytes = Vec::new();
    // The library splits each string at its first `=`.
    for (before, after) in text.iter_raw() {
        bytes.extend_from_slice(before);
        if let Some(after) = after {
            bytes.push(b'=');
            bytes.extend_from_slice(after);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn normalize_name(name: &Name<'_>) -> String {
    name.to_string().trim_end_matches('.').to_ascii_lowercase()
}
