//! Describes the errors of connections and HTTP requests in a few words, for the reason of an unverified check.

use std::io;

use ureq::Error;

use crate::online::Unanswered;
use crate::online::net::certificate::describe_tls_error;
use crate::online::net::deadline::Deadline;
use crate::online::net::text::excerpt_for_message;

/// Describes an error of an HTTP request.
pub(super) fn describe_http_error(error: &Error, deadline: &Deadline) -> Unanswered {
    match error {
        Error::Timeout(_) => deadline.exceeded_error(),
        Error::HostNotFound => Unanswered::new("the host name does not exist in DNS"),
        Error::Rustls(error) => Unanswered(describe_tls_error(error)),
        Error::ConnectProxyFailed(reason) => Unanswered(format!("the proxy: {}", describe_proxy_error(reason))),
        Error::Protocol(error) => {
            Unanswered(format!("the response is not HTTP ({})", excerpt_for_message(&error.to_string())))
        }
        Error::Io(error) => describe_nested_error(error, deadline),
        Error::Other(reason) => Unanswered(excerpt_for_message(&reason.to_string())),
        other => Unanswered(excerpt_for_message(&other.to_string())),
    }
}

/// Describes an I/O error of ureq, which may contain an error of ureq itself or of TLS.
fn describe_nested_error(error: &io::Error, deadline: &Deadline) -> Unanswered {
    let Some(inner) = error.get_ref() else { return describe_io_error(error, deadline) };
    if let Some(http_error) = inner.downcast_ref::<Error>() {
        return describe_http_error(http_error, deadline);
    }
    match inner.downcast_ref() {
        Some(tls_error) => Unanswered(describe_tls_error(tls_error)),
        None => describe_io_error(error, deadline),
    }
}

/// Describes an error of ureq's connection to a proxy in the words that `Dialer::connect` uses.
fn describe_proxy_error(reason: &str) -> String {
    let response = reason.strip_prefix("proxy server responded ");
    match response.and_then(|response| response.split('/').next()) {
        Some(status) => format!("the server refused the connection ({})", excerpt_for_message(status)),
        None => excerpt_for_message(reason),
    }
}

/// Describes an error of a connection.
pub(super) fn describe_io_error(error: &io::Error, deadline: &Deadline) -> Unanswered {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => deadline.exceeded_error(),
        Kind::ConnectionRefused => Unanswered::new("the connection was refused"),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Unanswered::new("the connection was closed")
        }
        Kind::NetworkUnreachable | Kind::HostUnreachable => Unanswered::new("the network or host is unreachable"),
        _ => Unanswered(excerpt_for_message(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use crate::online::net::error::*;

    #[test]
    fn proxy_errors_are_described_briefly() {
        assert_eq!(describe_proxy_error("proxy server responded 407/407"), "the server refused the connection (407)");
        assert_eq!(describe_proxy_error("proxy server did not respond"), "proxy server did not respond");
    }
}
