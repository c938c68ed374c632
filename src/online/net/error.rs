//! Describes errors of connections and HTTP requests in a few words, for the reason of an unverified check.

use std::io;

use ureq::Error;

use super::certificate::describe_tls_error;
use super::deadline::Deadline;
use super::text::to_single_line;
use crate::online::Unanswered;

/// Describes an error of ureq in a few words.
pub(super) fn describe_http_error(error: &Error, deadline: &Deadline) -> Unanswered {
    match error {
        Error::Timeout(_) => deadline.missed(),
        Error::HostNotFound => Unanswered::new("its name is not in DNS"),
        Error::Rustls(error) => Unanswered(describe_tls_error(error)),
        Error::ConnectProxyFailed(reason) => Unanswered(format!("the proxy: {}", describe_proxy_error(reason))),
        Error::Protocol(error) => Unanswered(format!("its answer is no HTTP ({})", to_single_line(&error.to_string()))),
        Error::Io(error) => match error.get_ref() {
            Some(inner) if inner.is::<Error>() => inner
                .downcast_ref::<Error>()
                .map_or_else(|| deadline.missed(), |inner| describe_http_error(inner, deadline)),
            Some(inner) => match inner.downcast_ref() {
                Some(tls) => Unanswered(describe_tls_error(tls)),
                None => describe_io_error(error, deadline),
            },
            None => describe_io_error(error, deadline),
        },
        Error::Other(reason) => Unanswered(to_single_line(&reason.to_string())),
        other => Unanswered(to_single_line(&other.to_string())),
    }
}

/// Describes an error of ureq's proxy connection like one of `dial::open_tunnel`.
fn describe_proxy_error(reason: &str) -> String {
    let status = reason.strip_prefix("proxy server responded ").and_then(|rest| rest.split('/').next());
    status.map_or_else(
        || to_single_line(reason),
        |status| format!("it refused the connection ({})", to_single_line(status)),
    )
}

/// Describes an error of a connection in a few words.
pub(super) fn describe_io_error(error: &io::Error, deadline: &Deadline) -> Unanswered {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => deadline.missed(),
        Kind::ConnectionRefused => Unanswered::new("the connection was refused"),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Unanswered::new("the connection was broken off")
        }
        Kind::NetworkUnreachable | Kind::HostUnreachable => Unanswered::new("there is no way to it"),
        _ => Unanswered(to_single_line(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_errors_are_described_briefly() {
        assert_eq!(describe_proxy_error("proxy server responded 407/407"), "it refused the connection (407)");
        assert_eq!(describe_proxy_error("proxy server did not respond"), "proxy server did not respond");
    }
}
