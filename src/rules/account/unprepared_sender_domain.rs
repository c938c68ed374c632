//! RCP307: reports senders at a domain that does not exist in DNS, accepts no email, or lacks the DNS records for sending email.

use crate::base::diagnostic::Finding;
use crate::online::host::{NotQueried, name_to_query};
use crate::online::{Mail, Sender};
use crate::rules::context::PortalContext;
use crate::rules::email_address::address_domain;
use crate::rules::shared::reserved_domain::is_reserved_domain;
use crate::rules::wording::{join_with_or, quote};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

const UNVERIFIED: &str = "whether the sender's domain has the DNS records for email";

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if !cx.answers.is_online {
        return;
    }
    let [confirm, reset] = cx.portal.emails().each_ref().map(|email| email.from);
    let confirm_domain = domain_to_check(cx, &confirm);
    let reset_domain = domain_to_check(cx, &reset);
    if confirm_domain == reset_domain {
        // A problem of the domain is one finding, and not one for each email.
        check_sender(cx, &confirm, confirm_domain, Some(&reset));
    } else {
        check_sender(cx, &confirm, confirm_domain, None);
        check_sender(cx, &reset, reset_domain, None);
    }
}

/// The domain of a sender, or why it is not queried. `None` for a sender that an edit leaves out.
fn domain_to_check(cx: &PortalContext<'_>, from: &Cursor<'_>) -> Option<Result<String, NotQueried>> {
    if cx.kind() == PortalKind::Edit && !from.is_present() {
        return None;
    }
    Some(domain_to_query(from))
}

/// The domain of a sender, for DNS queries.
///
/// # Errors
///
/// There is none, or it is not the name of a public host.
pub(crate) fn domain_to_query(from: &Cursor<'_>) -> Result<String, NotQueried> {
    let Some(text) = from.text() else { return Err(NotQueried("there is no sender address")) };
    if from.variable().is_some() {
        return Err(NotQueried("the sender is a variable"));
    }
    let Some(domain) = address_domain(text) else {
        return Err(NotQueried("the sender is not an email address"));
    };
    let name = name_to_query(domain)?;
    if is_reserved_domain(&name) {
        return Err(NotQueried("the domain name is reserved for examples and tests"));
    }
    Ok(name)
}

/// `other_from` is the sender of the other email, if it has the same domain.
fn check_sender(
    cx: &mut PortalContext<'_>,
    from: &Cursor<'_>,
    domain: Option<Result<String, NotQueried>>,
    other_from: Option<&Cursor<'_>>,
) {
    match domain {
        Some(Ok(domain)) => check_domain(cx, from, &domain, other_from),
        Some(Err(reason)) => cx.mark_unanswered(UNVERIFIED, &reason),
        None => {}
    }
}

fn check_domain(cx: &mut PortalContext<'_>, from: &Cursor<'_>, domain: &str, other_from: Option<&Cursor<'_>>) {
    let unverified = format!("whether the sender's domain {} has the DNS records for email", quote(domain));
    let Some(sender) = cx.answers.senders.get(domain) else {
        return cx.mark_unanswered(&unverified, &"it was not queried");
    };
    if let Some((message, help)) = describe_problem(domain, sender) {
        let mut finding = Finding::new(from.location(), message, help);
        // With a YAML alias, both senders are the same bytes.
        if let Some(other_from) = other_from
            && other_from.span() != from.span()
        {
            finding = finding.with_note(other_from.span(), "the same domain is used here");
        }
        cx.report(finding);
    }
    let unanswered = [sender.mail.as_ref().err(), sender.spf.as_ref().err(), sender.dmarc.as_ref().err()];
    // One of several failed queries is enough: they usually have the same cause.
    if let Some(reason) = unanswered.into_iter().flatten().next() {
        cx.mark_unanswered(&unverified, reason);
    }
}

/// The message and the help for the most severe problem of a domain. A query without an answer does not count as a problem.
fn describe_problem(domain: &str, sender: &Sender) -> Option<(String, &'static str)> {
    let domain = quote(domain);
    match sender.mail {
        Ok(Mail::NoSuchDomain) => {
            let help = "check the spelling of the domain";
            return Some((format!("the sender's domain {domain} does not exist in DNS"), help));
        }
        // RFC 7505: an MX record with the name `.` says that the domain accepts no mail.
        Ok(Mail::Refused) => {
            let help = "use a sender address that can receive replies";
            return Some((
                format!("the sender's domain {domain} does not accept email, according to its MX record"),
                help,
            ));
        }
        _ => {}
    }
    let missing = missing_records(sender);
    if !missing.is_empty() {
        let message = format!("the sender's domain {domain} has no {} record in DNS", join_with_or(&missing));
        return Some((message, "ask the domain's administrator to add the missing records"));
    }
    // RFC 7208, section 4.5, and RFC 7489, section 6.6.3: receivers use none of several records.
    for (kind, records) in [("SPF", &sender.spf), ("DMARC", &sender.dmarc)] {
        if let Ok(records) = records
            && *records > 1
        {
            let message = format!(
                "the sender's domain {domain} has {records} {kind} records, so receivers may ignore all of them"
            );
            let help = if kind == "SPF" { "merge them into one SPF record" } else { "keep only one DMARC record" };
            return Some((message, help));
        }
    }
    None
}

fn missing_records(sender: &Sender) -> Vec<String> {
    let mut missing = Vec::new();
    if sender.mail == Ok(Mail::NoServer) {
        missing.push("MX".to_owned());
    }
    if sender.spf == Ok(0) {
        missing.push("SPF".to_owned());
    }
    if sender.dmarc == Ok(0) {
        missing.push("DMARC".to_owned());
    }
    missing
}
