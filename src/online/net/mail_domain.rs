//! DNS checks of the domain of a sender address: mail servers (MX), allowed senders (SPF), and the policy for messages that
//! fail authentication (DMARC).

use crate::online::net::deadline::Clock;
use crate::online::net::dns::{Dns, Record, RecordKind, Records};
use crate::online::{Mail, Sender, Unanswered};

/// Queries all three kinds of records.
pub(super) fn check_sender(dns: &Dns, domain: &str, clock: Clock) -> Sender {
    let mail = query_mail(dns, domain, clock);
    if mail == Ok(Mail::NoSuchDomain) {
        return Sender { mail, spf: Ok(0), dmarc: Ok(0) };
    }
    let spf = query_texts(dns, domain, clock).map(|texts| texts.iter().filter(|text| is_spf(text)).count());
    Sender { mail, spf, dmarc: count_dmarc(domain, |name| query_texts(dns, name, clock)) }
}

fn query_mail(dns: &Dns, domain: &str, clock: Clock) -> Result<Mail, Unanswered> {
    match dns.query_records(domain, RecordKind::Mx, clock.probe_deadline()?)? {
        Records::NoSuchName { .. } => Ok(Mail::NoSuchDomain),
        Records::None { .. } => Ok(Mail::NoServer),
        // One MX record with an empty name is a null MX (RFC 7505).
        Records::Found(records) => match records.as_slice() {
            [Record::Mail(server)] if server.is_empty() => Ok(Mail::Refused),
            _ => Ok(Mail::Servers),
        },
    }
}

/// The TXT records of a name; none if the name does not exist.
fn query_texts(dns: &Dns, name: &str, clock: Clock) -> Result<Vec<String>, Unanswered> {
    let mut texts = Vec::new();
    if let Records::Found(records) = dns.query_records(name, RecordKind::Txt, clock.probe_deadline()?)? {
        for record in records {
            if let Record::Text(text) = record {
                texts.push(text);
            }
        }
    }
    Ok(texts)
}

/// The number of DMARC records that receivers find for a domain: at the domain or at a parent, up to its organizational domain
/// (RFC 9989). Receivers ignore several records at one name (RFC 7489, section 6.6.3), so these count only if no name has exactly
/// one.
fn count_dmarc(
    domain: &str,
    query_texts: impl Fn(&str) -> Result<Vec<String>, Unanswered>,
) -> Result<usize, Unanswered> {
    let organizational_domain = psl::domain_str(domain).unwrap_or(domain);
    let mut name = domain;
    let mut ignored_records = 0;
    loop {
        match query_texts(&format!("_dmarc.{name}"))?.iter().filter(|text| is_dmarc(text)).count() {
            1 => return Ok(1),
            records => ignored_records = ignored_records.max(records),
        }
        match name.split_once('.') {
            Some((_, parent)) if name != organizational_domain => name = parent,
            _ => return Ok(ignored_records),
        }
    }
}

/// Whether a text is an SPF record: after the version, the text ends or a space follows (RFC 7208, section 4.5).
fn is_spf(text: &str) -> bool {
    let Some((version, terms)) = text.split_at_checked(6) else { return false };
    version.eq_ignore_ascii_case("v=spf1") && (terms.is_empty() || terms.starts_with(' '))
}

/// Whether a text is a DMARC record: the version comes first (RFC 9989, section 4.7).
fn is_dmarc(text: &str) -> bool {
    let version = text.split(';').next().unwrap_or_default();
    let version: String = version.split_whitespace().collect();
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
        let queried = std::cell::RefCell::new(Vec::new());
        let query_texts = |name: &str| {
            queried.borrow_mut().push(name.to_owned());
            let count = match name {
                "_dmarc.acme.co.uk" => 1,
                "_dmarc.twice.com" => 2,
                _ => 0,
            };
            Ok(vec!["v=DMARC1; p=none".to_owned(); count])
        };
        assert_eq!(count_dmarc("twice.com", query_texts), Ok(2));
        queried.borrow_mut().clear();
        assert_eq!(count_dmarc("a.b.acme.co.uk", query_texts), Ok(1));
        assert_eq!(count_dmarc("other.co.uk", query_texts), Ok(0));
        let names = ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk", "other.co.uk"];
        assert_eq!(*queried.borrow(), names.map(|name| format!("_dmarc.{name}")));
    }
}
