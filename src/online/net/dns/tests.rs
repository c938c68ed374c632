use std::net::Ipv4Addr;

use simple_dns::rdata::{A, CNAME, RData, TXT};
use simple_dns::{CLASS, CharacterString, Name, OPCODE, Packet, QCLASS, QTYPE, Question, RCODE, ResourceRecord, TYPE};

use crate::base::testing::random_inputs;
use crate::online::net::dns::packet::{PacketContent, build_query, parse_answer};
use crate::online::net::dns::*;

fn build_answer(id: u16, name: &str, change: impl FnOnce(&mut Packet<'_>)) -> Vec<u8> {
    let mut packet = Packet::new_reply(id);
    packet.questions.push(Question::new(
        Name::new(name).unwrap(),
        QTYPE::TYPE(TYPE::A),
        QCLASS::CLASS(CLASS::IN),
        false,
    ));
    change(&mut packet);
    packet.build_bytes_vec_compressed().unwrap()
}

fn record<'a>(name: &'a str, data: RData<'a>) -> ResourceRecord<'a> {
    ResourceRecord::new(Name::new(name).unwrap(), CLASS::IN, 60, data)
}

#[test]
fn ignores_answers_to_other_queries() {
    let matching = build_answer(7, "a.com", |_| {});
    assert!(parse_answer(&matching, 7, "a.com", RecordKind::A).is_some());
    assert!(parse_answer(&matching, 8, "a.com", RecordKind::A).is_none());
    assert!(parse_answer(&matching, 7, "b.com", RecordKind::A).is_none());
    assert!(parse_answer(&matching, 7, "a.com", RecordKind::Txt).is_none());
    let other_class = build_answer(7, "a.com", |packet| packet.questions[0].qclass = QCLASS::CLASS(CLASS::CH));
    assert!(parse_answer(&other_class, 7, "a.com", RecordKind::A).is_none());
    let multicast = build_answer(7, "a.com", |packet| packet.questions[0].unicast_response = true);
    assert!(parse_answer(&multicast, 7, "a.com", RecordKind::A).is_none());
    let two_questions = build_answer(7, "a.com", |packet| packet.questions.push(packet.questions[0].clone()));
    assert!(parse_answer(&two_questions, 7, "a.com", RecordKind::A).is_none());
    let notification = build_answer(7, "a.com", |packet| *packet.opcode_mut() = OPCODE::Notify);
    assert!(parse_answer(&notification, 7, "a.com", RecordKind::A).is_none());
    assert!(parse_answer(&build_query(7, "a.com", RecordKind::A).unwrap(), 7, "a.com", RecordKind::A).is_none());
}

#[test]
fn ignores_answers_without_the_question_or_with_records_of_another_class() {
    let without_question = build_answer(7, "a.com", |packet| packet.questions.clear());
    assert!(parse_answer(&without_question, 7, "a.com", RecordKind::A).is_none());
    let other_class = build_answer(7, "a.com", |packet| {
        let data = RData::A(A { address: 1 });
        packet.answers.push(ResourceRecord::new(Name::new("a.com").unwrap(), CLASS::CH, 60, data));
    });
    assert!(parse_answer(&other_class, 7, "a.com", RecordKind::A).is_none());
    let multicast = build_answer(7, "a.com", |packet| {
        packet.answers.push(ResourceRecord { cache_flush: true, ..record("a.com", RData::A(A { address: 1 })) });
    });
    assert!(parse_answer(&multicast, 7, "a.com", RecordKind::A).is_none());
    let refused = build_answer(7, "a.com", |packet| {
        packet.questions.clear();
        *packet.rcode_mut() = RCODE::Refused;
    });
    let content = parse_answer(&refused, 7, "a.com", RecordKind::A);
    assert!(matches!(content, Some(PacketContent::ServerError(_))));
}

#[test]
fn a_text_keeps_its_equal_signs_and_may_contain_other_bytes_than_text() {
    let bytes = build_answer(7, "a.com", |packet| {
        packet.questions[0].qtype = QTYPE::TYPE(TYPE::TXT);
        let mut text = TXT::new();
        for part in [&b"v=DMARC1; p=none;"[..], b" x=\xff", b"", b" y"] {
            text.add_char_string(CharacterString::new(part).unwrap());
        }
        packet.answers.push(record("a.com", RData::TXT(text)));
    });
    let Some(PacketContent::Answer(answer)) = parse_answer(&bytes, 7, "a.com", RecordKind::Txt) else {
        panic!("an answer")
    };
    let AnswerRecords::Found(records) = answer.records else { panic!("records") };
    assert_eq!(records, [Record::Text("v=DMARC1; p=none; x=\u{fffd} y".to_owned())]);
}

#[test]
fn follows_aliases_and_ignores_records_of_other_names() {
    let bytes = build_answer(7, "a.com", |packet| {
        packet.answers.push(record("b.com", RData::CNAME(CNAME(Name::new("C.com").unwrap()))));
        packet.answers.push(record("a.com", RData::CNAME(CNAME(Name::new("b.com").unwrap()))));
        packet.answers.push(record("c.com", RData::A(A { address: 1 })));
        packet.answers.push(record("evil.com", RData::A(A { address: 2 })));
    });
    let Some(PacketContent::Answer(answer)) = parse_answer(&bytes, 7, "a.com", RecordKind::A) else {
        panic!("an answer")
    };
    let AnswerRecords::Found(records) = answer.records else { panic!("records") };
    assert_eq!(records, [Record::Address(Ipv4Addr::from(1).into())]);
    assert_eq!(answer.last_name, "c.com");
}

#[test]
fn random_bytes_do_not_panic() {
    let good = build_answer(7, "a.com", |packet| {
        packet.answers.push(record("a.com", RData::CNAME(CNAME(Name::new("b.com").unwrap()))));
        packet.answers.push(record("b.com", RData::A(A { address: 1 })));
    });
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for round in 0..20 * random_inputs() {
        let mut bytes = good.clone();
        for _ in 0..=round % 8 {
            let index = usize::try_from(next()).unwrap_or(usize::MAX) % bytes.len();
            bytes[index] = next().to_le_bytes()[0];
        }
        bytes.truncate(bytes.len() - round % 16);
        let _ = parse_answer(&bytes, 7, "a.com", RecordKind::A);
    }
}

#[test]
fn reads_nameserver_lines() {
    let text = "# nameserver 9.9.9.9\nsearch a\nnameserver 10.0.0.1\nnameserver fe80::1%eth0\noptions timeout:1\nnameserver x\n";
    let servers: Vec<String> = parse_resolv_conf(text).iter().map(ToString::to_string).collect();
    assert_eq!(servers, ["10.0.0.1:53", "[fe80::1]:53"]);
}
