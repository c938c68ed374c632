//! DNS checks of the domain of a sender address: mail servers (MX), allowed senders (SPF), and the policy for messages that
//! fail authentication (DMARC).

use crate::online::net::deadline::Clock;
use crate::online::net::dns::{Dns, Record, RecordKind, Records};
use crate::online::{Mail, Sender, Unanswered};

/// Queries all three kinds of records.
pub(super) fn check_sender(dns: &Dns, domain: &str, clock: Clock) -> Sender {
    let query = |name: &str, record_kind| dns.query_records(name, record_kind, clock.probe()?);
    let texts = |name: &str| query(name, RecordKind::Txt).map(text_records);
    let mail = query(domain, RecordKind::Mx).map(mail_from_records);
    if mail == Ok(Mail::NoSuchDomain) {
        return Sender { mail, spf: Ok(0), dmarc: Ok(false) };
    }
    let spf = texts(domain).map(|texts| texts.iter().filter(|text| is_spf(text)).count());
    Sender { mail, spf, dmarc: has_dmarc(domain, texts) }
}

/// Whether the domain or a parent, up to its organizational domain, has a DMARC record (RFC 9989).
fn has_dmarc(domain: &str, texts: impl Fn(&str) -> Result<Vec<String>, Unanswered>) -> Result<bool, Unanswered> {
    let organization = psl::domain_str(domain).unwrap_or(domain);
    let mut name = domain;
    loop {
        if texts(&format!("_dmarc.{name}"))?.iter().any(|text| is_dmarc(text)) {
            return Ok(true);
        }
        match name.split_once('.') {
            Some((_, above)) if name != organization => name = above,
            _ => return Ok(false),
        }
    }
}

fn mail_from_records(records: Records) -> Mail {
    match records {
        Records::NoSuchName { .. } => Mail::NoSuchDomain,
        Records::None { .. } => Mail::NoServer,
        Records::Found(found) => match found[..] {
            [Record::Mail(ref server)] if server.is_empty() => Mail::Refused,
            _ => Mail::Servers,
        },
    }
}

fn text_records(records: Records) -> Vec<String> {
    let Records::Found(found) = records else { return Vec::new() };
    found.into_iter().filter_map(|record| if let Record::Text(text) = record { Some(text) } else { None }).collect()
}

/// An SPF record: after the version, the text ends or a space follows (RFC 7208, section 4.5).
fn is_spf(text: &str) -> bool {
    let rest = text.get(..6).filter(|start| start.eq_ignore_ascii_case("v=spf1")).map(|_| &text[6..]);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A DMARC record: the version comes first (RFC 9989, section 4.7).
fn is_dmarc(text: &str) -> bool {
    let version = text.split(';').next().unwrap_or_default();
    let version: String = version.chars().filter(|c| !c.is_whitespace()).collect();
    version == "v=DMARC1"
}

#[cfg(test)]
mod tests {
    use crate::online::net::mail_domain::*;

    #[test]
    fn recognizes_records_by_their_version() {
        assert!(is_spf("v=spf1 -all") && is_spf("V=SPF1") && !is_spf("v=spf10 -all") && !is_spf("spf1"));
        assert!(is_dmarc("v=DMARC1; p=none") && is_dmarc("v = DMARC1 ;p=none") && !is_dmarc("v=DMARC2; p=none"));
    }

    #[test]
    fn dmarc_is_inherited_up_to_the_organizational_domain() {
        let asked = std::cell::RefCell::new(Vec::new());
        let texts = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            Ok(if name == "_dmarc.acme.co.uk" { vec!["v=DMARC1; p=none".to_owned()] } else { Vec::new() })
        };
        assert_eq!(has_dmarc("a.b.acme.co.uk", texts), Ok(true));
        assert_eq!(has_dmarc("other.co.uk", texts), Ok(false));
        let names = ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk", "other.co.uk"];
        assert_eq!(*asked.borrow(), names.map(|name| format!("_dmarc.{name}")));
    }
}
