//! Checks the certificate that a host presents.
//!
//! The check is a TLS handshake with the same verification as in a browser. Nothing is sent after the handshake.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, Error};

use crate::base::date::Date;
use crate::online::net::certificate::{
    Authorities, crypto_provider, describe_tls_error, rejected_certificate, to_date,
};
use crate::online::net::connection::Connection;
use crate::online::net::deadline::Deadline;
use crate::online::net::error::describe_io_error;
use crate::online::{Certificate, Unanswered};

/// Performs TLS handshakes.
#[derive(Debug)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl Tls {
    pub(super) fn new(authorities: &Authorities) -> Result<Self, String> {
        let roots = Arc::new(authorities.to_root_store());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, crypto_provider());
        let verifier = verifier.build().map_err(|error| error.to_string())?;
        let config = ClientConfig::builder_with_provider(crypto_provider());
        let config = config.with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
        let config = config.with_webpki_verifier(Arc::clone(&verifier)).with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier })
    }

    /// Checks the certificate that `host` presents on a connection.
    pub(super) fn check_certificate(&self, host: &str, mut connection: Connection) -> Result<Certificate, Unanswered> {
        let deadline = connection.deadline;
        let Ok(name) = ServerName::try_from(host.to_owned()) else {
            return Err(Unanswered::new("not a valid TLS server name"));
        };
        let tls = ClientConnection::new(Arc::clone(&self.config), name.clone());
        let mut tls = tls.map_err(|error| Unanswered(describe_tls_error(&error)))?;
        while tls.is_handshaking() {
            match tls.complete_io(&mut connection) {
                Ok((0, 0)) => return Err(Unanswered::new("the connection was closed")),
                Ok(_) => {}
                Err(error) => return certificate_from_error(&error, deadline),
            }
        }
        let chain = tls.peer_certificates().unwrap_or_default();
        match self.find_expiry_date(chain, &name) {
            Some(date) => Ok(Certificate::Valid(date)),
            None => Err(Unanswered::new("its certificate has no expiration date")),
        }
    }

    /// The last day of a valid certificate. To avoid a parser for certificates, this verifies the certificate for a time in the far
    /// future and reads the date from the verifier's error.
    fn find_expiry_date(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<Date> {
        /// 9999-12-31T23:59:59Z, the last time that a certificate can contain (RFC 5280, section 4.1.2.5).
        const LAST_TIME: Duration = Duration::from_secs(253_402_300_799);
        let (certificate, intermediates) = chain.split_first()?;
        let last_time = UnixTime::since_unix_epoch(LAST_TIME);
        match self.verifier.verify_server_cert(certificate, intermediates, name, &[], last_time).err()? {
            Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => Some(to_date(not_after)),
            _ => None,
        }
    }
}

/// The state of a certificate that caused the handshake to fail. Other failures are returned as errors.
fn certificate_from_error(error: &io::Error, deadline: Deadline) -> Result<Certificate, Unanswered> {
    let Some(tls_error) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return Err(describe_io_error(error, &deadline));
    };
    if let Error::InvalidCertificate(reason) = tls_error
        && let Some(certificate) = rejected_certificate(reason)
    {
        return Ok(certificate);
    }
    Err(Unanswered(describe_tls_error(tls_error)))
}
