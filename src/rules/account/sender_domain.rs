//! RCP307: DNS knows the domain that the emails are sent from, takes mail for it, and says who may send.

use crate::base::diagnostic::Finding;
use crate::online::host::{NotQueried, name_to_query};
use crate::online::{Mail, Sender};
use crate::rules::context::PortalContext;
use crate::rules::email_address::address_domain;
use crate::rules::shared::reserved_domain::is_reserved_domain;
use crate::rules::wording::{and, quote};
use crate::schema::Kind;
use crate::syntax::cursor::{Cursor, variable_name};

/// Both senders; a domain that they share is spoken of once.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.answers.is_online {
        return;
    }
    let [confirm, reset] = cx.portal.emails().each_ref().map(|email| email.from);
    // An edit leaves as it is what it does not name.
    let is_asked = |from: &Cursor<'_>| cx.kind() != Kind::Edit || from.is_present();
    let (first, second) = (is_asked(&confirm).then(|| domain(&confirm)), is_asked(&reset).then(|| domain(&reset)));
    let is_shared = first == second;
    match first {
        Some(Ok(domain)) => look(cx, &confirm, &domain, Some(&reset).filter(|_| is_shared)),
        Some(Err(why)) => cx.mark_unanswered(OPEN, &why),
        None => {}
    }
    match second.filter(|_| !is_shared) {
        Some(Ok(domain)) => look(cx, &reset, &domain, None),
        Some(Err(why)) => cx.mark_unanswered(OPEN, &why),
        None => {}
    }
}

const OPEN: &str = "whether DNS has the records of the sender's domain";

/// The domain of a sender that queries are sent for.
///
/// # Errors
///
/// There is none, or it is not the name of a public host.
pub(crate) fn domain(from: &Cursor<'_>) -> Result<String, NotQueried> {
    let Some(text) = from.text() else { return Err(NotQueried("there is no sender")) };
    if variable_name(text).is_some() {
        return Err(NotQueried("the sender is a variable"));
    }
    let Some(domain) = address_domain(text) else {
        return Err(NotQueried("the sender is not an email address"));
    };
    let name = name_to_query(domain)?;
    if is_reserved_domain(&name) {
        Err(NotQueried("the domain name is reserved for examples and tests"))
    } else {
        Ok(name)
    }
}

fn look(cx: &mut PortalContext<'_>, from: &Cursor<'_>, domain: &str, other: Option<&Cursor<'_>>) {
    let Some(sender) = cx.answers.senders.get(domain) else {
        return cx.mark_unanswered(&format!("{OPEN} {}", quote(domain)), &"it was not asked for");
    };
    if let Some((message, help)) = fault(domain, sender) {
        let finding = Finding::new(from.location(), message, help);
        // In YAML both may be written at one place.
        let other = other.filter(|other| other.span() != from.span());
        cx.report(
            other.into_iter().fold(finding, |finding, other| finding.with_note(other.span(), "the same sender domain")),
        );
    }
    let unanswered = [sender.mail.as_ref().err(), sender.spf.as_ref().err(), sender.dmarc.as_ref().err()];
    if let Some(why) = unanswered.into_iter().flatten().next() {
        cx.mark_unanswered(&format!("{OPEN} {}", quote(domain)), why);
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
