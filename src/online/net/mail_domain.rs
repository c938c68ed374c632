//! What DNS says of the domain that emails are sent from: where answers go, who may send (SPF), and what receivers are to
//! do with what is not authentic (DMARC).

use crate::online::net::deadline::Clock;
use crate::online::net::dns::{Dns, Record, Records, Wanted};
use crate::online::{Mail, Sender, Unanswered};

/// Asks for all three.
pub fn sender(dns: &Dns, domain: &str, clock: Clock) -> Sender {
    let ask = |name: &str, wanted| dns.ask(name, wanted, clock.probe()?);
    let texts = |name: &str| ask(name, Wanted::Txt).map(texts);
    let mail = ask(domain, Wanted::Mx).map(mail);
    if mail == Ok(Mail::NoSuchDomain) {
        return Sender { mail, spf: Ok(0), dmarc: Ok(false) };
    }
    let spf = texts(domain).map(|texts| texts.iter().filter(|text| is_spf(text)).count());
    Sender { mail, spf, dmarc: dmarc(domain, texts) }
}

/// Its own record, or that of its organizational domain: what stands between the two is asked for it as well (RFC 9989).
fn dmarc(domain: &str, texts: impl Fn(&str) -> Result<Vec<String>, Unanswered>) -> Result<bool, Unanswered> {
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

fn mail(records: Records) -> Mail {
    match records {
        Records::NoSuchName { .. } => Mail::NoSuchDomain,
        Records::None { .. } => Mail::NoServer,
        Records::Found(found) => match found[..] {
            [Record::Mail(ref server)] if server.is_empty() => Mail::Refused,
            _ => Mail::Servers,
        },
    }
}

fn texts(records: Records) -> Vec<String> {
    let Records::Found(found) = records else { return Vec::new() };
    found.into_iter().filter_map(|record| if let Record::Text(text) = record { Some(text) } else { None }).collect()
}

/// RFC 7208, section 4.5: the version ends with a space or with the record.
fn is_spf(text: &str) -> bool {
    let rest = text.get(..6).filter(|start| start.eq_ignore_ascii_case("v=spf1")).map(|_| &text[6..]);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// RFC 9989, section 4.7: the version comes first.
fn is_dmarc(text: &str) -> bool {
    let version = text.split(';').next().unwrap_or_default();
    let version: String = version.chars().filter(|c| !c.is_whitespace()).collect();
    version == "v=DMARC1"
}

#[cfg(test)]
mod tests {
    use crate::online::net::mail_domain::*;

    #[test]
    fn records_are_known_by_their_versions() {
        assert!(is_spf("v=spf1 -all") && is_spf("V=SPF1") && !is_spf("v=spf10 -all") && !is_spf("spf1"));
        assert!(is_dmarc("v=DMARC1; p=none") && is_dmarc("v = DMARC1 ;p=none") && !is_dmarc("v=DMARC2; p=none"));
    }

    #[test]
    fn the_organization_speaks_for_its_domains_and_nobody_above_it_does() {
        let asked = std::cell::RefCell::new(Vec::new());
        let texts = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            Ok(if name == "_dmarc.acme.co.uk" { vec!["v=DMARC1; p=none".to_owned()] } else { Vec::new() })
        };
        assert_eq!(dmarc("a.b.acme.co.uk", texts), Ok(true));
        assert_eq!(dmarc("other.co.uk", texts), Ok(false));
        let names = ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk", "other.co.uk"];
        assert_eq!(*asked.borrow(), names.map(|name| format!("_dmarc.{name}")));
    }
}
