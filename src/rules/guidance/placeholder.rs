//! RCP101: reports placeholders: IDs and keys that were never issued, senders and links in domains that are reserved for
//! examples and tests, and variables in a body that is about to be sent.

use std::ops::Range;

use crate::base::diagnostic::{Finding, Severity};
use crate::base::file::TextKind;
use crate::html::facts::HtmlFacts;
use crate::rules::context::PortalContext;
use crate::rules::shared::field_label::{field_label, id_label};
use crate::rules::shared::placeholder_values::{is_placeholder_text, placeholder_reason};
use crate::rules::shared::reserved_domain::is_reserved_domain;
use crate::rules::wording::{quote, trim};
use crate::schema::PortalKind;
use crate::syntax::variables::find_variable;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.id_summary.has_placeholder {
        check_ids_and_keys(cx);
    }
    check_texts(cx);
    if cx.source().kind() == TextKind::Call {
        check_variables(cx);
    }
    // An export is a portal that is in use, so its owner chose these domains on purpose.
    if cx.kind() != PortalKind::Export {
        check_senders(cx);
        check_links(cx);
    }
}

fn check_ids_and_keys(cx: &mut PortalContext<'_>) {
    for id in cx.portal.ids_and_keys() {
        let Some(reason) = id.literal_text().and_then(placeholder_reason) else { continue };
        // The output contains no value of a secret field, not even a placeholder.
        let is_secret = id.key() == "secret_key";
        let value = match id.text() {
            Some(text) if !is_secret => format!(" {}", quote(text)),
            _ => String::new(),
        };
        let message = format!("the {}{value} looks like a placeholder: it {reason}", id_label(id));
        let help = if is_secret || id.key() == "site_key" {
            "copy the key from the reCAPTCHA admin console"
        } else {
            "use the real ID from RevCent"
        };
        cx.report(Finding::new(id.location(), message, help).with_invalid_value());
    }
}

/// Checks the texts that customers read. Other rules report vague names and missing descriptions.
fn check_texts(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails();
    for field in [cx.portal.display_name, confirm.subject, confirm.from_name, reset.subject, reset.from_name] {
        if field.literal_text().is_some_and(is_placeholder_text) {
            let message = format!("{} is a placeholder", field_label(&field));
            let finding = Finding::new(field.location(), message, "write the text that customers should read");
            cx.report(finding.with_invalid_value().with_severity(Severity::Warning));
        }
    }
}

/// Checks a body that is about to be sent. In a file, `render` replaces the variables first.
fn check_variables(cx: &mut PortalContext<'_>) {
    let mut pending = vec![cx.portal.root];
    while let Some(value) = pending.pop() {
        pending.extend(value.children());
        pending.extend(value.items());
        if let Some(range) = value.text().and_then(find_variable) {
            let variable = &value.text().unwrap_or_default()[range.clone()];
            let message = format!("{} would be sent literally", quote(variable));
            let help = "send the value itself: variables in a call are not filled in";
            cx.report(Finding::new(cx.locate_part(&value, range), message, help).with_invalid_value());
        }
    }
}

fn check_senders(cx: &mut PortalContext<'_>) {
    for (email, domain) in cx.portal.emails().iter().zip(cx.senders.domains) {
        let Some(domain) = domain.filter(|domain| is_reserved_domain(domain)) else { continue };
        let message =
            format!("{} is sent from {}, a domain reserved for examples and tests", email.kind.label(), quote(domain));
        let help = "set `from` to the sender address of the SMTP profile";
        cx.report(
            Finding::new(email.from.location(), message, help).with_invalid_value().with_severity(domain_severity(cx)),
        );
    }
}

fn check_links(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(facts) = html.facts() else { continue };
        cx.report_each(find_reserved_links(facts), |cx, (range, host)| {
            let message = format!("this URL leads to {}, a domain reserved for examples and tests", quote(&host));
            let location = cx.locate_part(&html.cursor, range);
            Finding::new(location, message, "use a URL of the shop")
                .with_question("Which address of the shop should the link lead to?")
                .with_invalid_value()
                .with_severity(domain_severity(cx))
        });
    }
}

/// The severity of a reserved domain. An enabled portal already sends emails and shows links.
fn domain_severity(cx: &PortalContext<'_>) -> Severity {
    if cx.is_enabled() { Severity::Error } else { Severity::Warning }
}

/// A link to a reserved domain: the bytes of the address in the HTML, and its host.
type ReservedLink = (Range<usize>, String);

/// Finds the addresses that lead to reserved domains.
fn find_reserved_links(facts: HtmlFacts<'_>) -> Vec<ReservedLink> {
    let mut links = Vec::new();
    for address in facts.addresses().iter().filter(|address| !address.is_in_style) {
        if let Some(host) = address_host(&address.text).filter(|host| is_reserved_domain(host)) {
            links.push((address.source.clone(), host.to_owned()));
        }
    }
    links
}

/// The host of an absolute or scheme-relative URL, or the domain of a `mailto:` address.
fn address_host(address: &str) -> Option<&str> {
    let address = trim(address);
    if let Some(mailbox) = address.strip_prefix("mailto:") {
        // RFC 6068: `?` starts the header fields, `,` the next recipient. Only the first recipient is checked.
        let end = memchr::memchr2(b'?', b',', mailbox.as_bytes()).unwrap_or(mailbox.len());
        return mailbox[..end].rsplit_once('@').map(|(_, domain)| domain);
    }
    let slashes = memchr::memchr(b'/', address.as_bytes())?;
    let (scheme, rest) = address.split_at(slashes);
    if !scheme.is_empty() && !scheme.ends_with(':') {
        return None;
    }
    let rest = rest.strip_prefix("//")?;
    // RFC 3986, section 3.2: authority = [ userinfo "@" ] host [ ":" port ]
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}
