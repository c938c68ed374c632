//! RCP203: reports senders at a provider of free mail instead of the shop's own domain.
//!
//! The list contains the best-known providers. It is incomplete by design: there are thousands, and new ones appear.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::quote;

/// Domains where anybody can get an address. Their owners publish DMARC policies, so receivers distrust mail that comes from
/// other servers.
#[rustfmt::skip]
const PROVIDERS: [&str; 96] = [
    "gmail.com", "googlemail.com",
    "outlook.com", "outlook.de", "outlook.fr", "outlook.es", "outlook.it", "outlook.jp", "outlook.com.br",
    "hotmail.com", "hotmail.co.uk", "hotmail.de", "hotmail.fr", "hotmail.es", "hotmail.it", "hotmail.nl",
    "live.com", "live.co.uk", "live.fr", "live.nl", "live.ca", "live.com.au", "msn.com",
    "yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.it", "yahoo.ca", "yahoo.in", "yahoo.co.in",
    "yahoo.com.br", "yahoo.com.mx", "yahoo.com.ar", "yahoo.com.au", "yahoo.co.jp", "ymail.com", "rocketmail.com",
    "aol.com", "icloud.com", "me.com", "mac.com",
    "proton.me", "protonmail.com", "protonmail.ch", "pm.me", "tutanota.com", "tuta.io", "tuta.com", "hushmail.com",
    "mail.com", "email.com", "gmx.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.us", "web.de", "freenet.de",
    "t-online.de", "zohomail.com", "fastmail.com", "inbox.com", "yandex.com", "yandex.ru", "ya.ru", "mail.ru", "bk.ru",
    "inbox.ru", "list.ru", "rambler.ru",
    "qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "hanmail.net", "rediffmail.com",
    "laposte.net", "orange.fr", "wanadoo.fr", "free.fr", "libero.it", "virgilio.it", "comcast.net", "verizon.net",
    "att.net", "sbcglobal.net", "btinternet.com", "uol.com.br", "wp.pl", "seznam.cz", "bluewin.ch",
];

/// The length of the longest provider. Most shops have longer domains, which need not be compared.
const MAX_LENGTH: usize = "protonmail.com".len();

/// Checks the domain of both senders.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for (email, domain) in cx.portal.emails().iter().zip(cx.senders.domains) {
        let Some(domain) = domain.filter(|domain| domain.len() <= MAX_LENGTH) else { continue };
        let Some(provider) = PROVIDERS.iter().find(|provider| provider.eq_ignore_ascii_case(domain)) else { continue };
        let message = format!(
            "the sender uses {}, and email from this domain often ends up in spam if other servers send it",
            quote(provider)
        );
        let help = "use a sender address in the shop's own domain";
        cx.report(Finding::new(email.from.location(), message, help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_length_is_the_length_of_the_longest_provider() {
        assert_eq!(PROVIDERS.iter().map(|provider| provider.len()).max(), Some(MAX_LENGTH));
    }
}
