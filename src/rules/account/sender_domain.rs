//! RCP307: DNS knows the domain that the emails are sent from, takes mail for it, and says who may send.

use crate::diagnostic::Finding;
use crate::document::slot::Slot;
use crate::online::{Mail, Sender, host_name};
use crate::rules::address;
use crate::rules::context::PortalContext;
use crate::rules::words::{and, quote};

/// Both senders; a domain that they share is spoken of once.
pub fn portal(cx: &mut PortalContext<'_>) {
    if cx.answers.senders.is_empty() {
        return;
    }
    let [confirm, reset] = cx.portal.emails().each_ref().map(|email| email.from);
    let (first, second) = (domain(&confirm), domain(&reset));
    if let Some(domain) = &first {
        look(cx, &confirm, domain, Some(&reset).filter(|_| second.as_ref() == Some(domain)));
    }
    if let Some(domain) = second.filter(|domain| first.as_ref() != Some(domain)) {
        look(cx, &reset, &domain, None);
    }
}

/// The domain of a sender, as DNS is asked for it.
pub fn domain(from: &Slot<'_>) -> Option<String> {
    from.known_text().and_then(address::domain).and_then(host_name)
}

fn look(cx: &mut PortalContext<'_>, from: &Slot<'_>, domain: &str, other: Option<&Slot<'_>>) {
    let Some(sender) = cx.answers.senders.get(domain) else { return };
    if let Some((message, help)) = fault(domain, sender) {
        let finding = Finding::new(from.place(), message, help);
        // In YAML both may be written at one place.
        let other = other.filter(|other| other.span() != from.span());
        cx.report(
            other.into_iter().fold(finding, |finding, other| finding.note(other.span(), "the same sender domain")),
        );
    }
    let untold = [sender.mail.as_ref().err(), sender.spf.as_ref().err(), sender.dmarc.as_ref().err()];
    if let Some(why) = untold.into_iter().flatten().next() {
        cx.leave_untold(&format!("whether DNS has the records of the sender's domain {}", quote(domain)), why);
    }
}

/// What is wrong, and what to do first.
fn fault(domain: &str, sender: &Sender) -> Option<(String, &'static str)> {
    let named = quote(domain);
    if sender.mail == Ok(Mail::NoSuchDomain) {
        let help = "write an address at a domain of your own, and check its spelling";
        return Some((format!("the sender's domain {named} is not in DNS"), help));
    }
    if sender.mail == Ok(Mail::Refused) {
        let help = "send from an address that takes answers";
        return Some((format!("the sender's domain {named} says in DNS that it takes no mail"), help));
    }
    let lacks = |lacking: bool, record: &str| lacking.then(|| record.to_owned());
    let missing = [
        lacks(sender.mail == Ok(Mail::NoServer), "MX"),
        lacks(sender.spf == Ok(0), "SPF"),
        lacks(sender.dmarc == Ok(false), "DMARC"),
    ];
    let missing: Vec<String> = missing.into_iter().flatten().collect();
    if !missing.is_empty() {
        let record = if missing.len() == 1 { "record" } else { "records" };
        let message = format!("the sender's domain {named} has no {} {record} in DNS", and(&missing));
        return Some((message, "ask whoever runs the domain's mail to add what is missing"));
    }
    let spf = sender.spf.as_ref().ok().filter(|records| **records > 1)?;
    let message = format!("the sender's domain {named} has {spf} SPF records, and receivers then heed none");
    Some((message, "make one SPF record of them"))
}
