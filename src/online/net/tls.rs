//! Trusted authorities, and the check of the certificate that a host presents.
//!
//! The check is a TLS handshake with the same verification as in a browser. Nothing is sent after the handshake.

use crate::online::net::dial;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, Error, RootCertStore};

use super::deadline::Deadline;
use crate::base::date::Date;
use crate::online::net::dial::Connection;
use crate::online::{Certificate, Unanswered};

/// The trusted certificate authorities: those of browsers, and the user's own.
#[derive(Clone, Debug)]
pub(super) struct Authorities {
    certificates: Vec<CertificateDer<'static>>,
}

impl Authorities {
    /// Adds the authorities of a PEM file to those of browsers.
    ///
    /// # Errors
    ///
    /// If the file contains no certificate.
    pub(super) fn with(pem: Option<&[u8]>) -> Result<Self, String> {
        let mut certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.to_vec();
        if let Some(pem) = pem {
            let own = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
            match own {
                Ok(own) if !own.is_empty() => certificates.extend(own),
                _ => return Err("there is no certificate in PEM form in it".into()),
            }
        }
        Ok(Self { certificates })
    }

    /// The certificates in DER form.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(AsRef::as_ref)
    }
}

/// The crypto provider of all connections.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Performs TLS handshakes.
#[derive(Debug)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl Tls {
    pub(super) fn new(authorities: &Authorities) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(authorities.certificates.iter().cloned());
        let to_text = |error: &dyn std::fmt::Display| error.to_string();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
        let verifier = verifier.build().map_err(|error| to_text(&error))?;
        let config = ClientConfig::builder_with_provider(provider());
        let config = config.with_safe_default_protocol_versions().map_err(|error| to_text(&error))?;
        let config = config.with_webpki_verifier(Arc::clone(&verifier)).with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier })
    }

    /// The state of the certificate that `host` presents on a connection.
    pub(super) fn certificate(&self, host: &str, connection: Connection) -> Result<Certificate, Unanswered> {
        let deadline = connection.deadline;
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| Unanswered::new("its name is none that TLS knows"))?;
        let config = Arc::clone(&self.config);
        let mut tls =
            ClientConnection::new(config, name.clone()).map_err(|error| Unanswered(describe_tls_error(&error)))?;
        let mut stream = DeadlineStream { connection };
        while tls.is_handshaking() {
            match tls.complete_io(&mut stream) {
                Ok((0, 0)) => return Err(Unanswered::new("the connection was broken off")),
                Ok(_) => {}
                Err(error) => return certificate_from_error(&error, deadline),
            }
        }
        let chain = tls.peer_certificates().unwrap_or_default();
        self.not_after(chain, &name)
            .map(Certificate::Holds)
            .ok_or_else(|| Unanswered::new("its certificate does not say when it ends"))
    }

    /// The last day of a valid certificate. The crate does not parse certificates itself: it verifies this one for a time in
    /// the far future and reads the date from the verifier's error.
    fn not_after(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<Date> {
        const LAST: Duration = Duration::from_secs(253_402_300_799);
        let (own, others) = chain.split_first()?;
        let last = UnixTime::since_unix_epoch(LAST);
        match self.verifier.verify_server_cert(own, others, name, &[], last).err()? {
            Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => Some(to_date(not_after)),
            _ => None,
        }
    }
}

/// The state of a certificate that caused the handshake to fail. Other failures are returned as errors.
fn certificate_from_error(error: &io::Error, deadline: Deadline) -> Result<Certificate, Unanswered> {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let Some(error) = tls else { return Err(dial::describe_io_error(error, &deadline)) };
    match error {
        Error::InvalidCertificate(reason) => {
            rejected_certificate(reason).ok_or_else(|| Unanswered(describe_tls_error(error)))
        }
        _ => Err(Unanswered(describe_tls_error(error))),
    }
}

/// The errors that are the host's fault and do not depend on the client.
fn rejected_certificate(error: &CertificateError) -> Option<Certificate> {
    Some(match error {
        CertificateError::Expired => Certificate::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => Certificate::Expired(Some(to_date(*not_after))),
        CertificateError::NotValidYet => Certificate::NotYetValid(None),
        CertificateError::NotValidYetContext { not_before, .. } => Certificate::NotYetValid(Some(to_date(*not_before))),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Certificate::OtherName,
        CertificateError::UnknownIssuer => Certificate::UnknownAuthority,
        // A self-signed certificate that claims to be an authority.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            Certificate::UnknownAuthority
        }
        _ => return None,
    })
}

fn to_date(time: UnixTime) -> Date {
    Date::of_seconds(time.as_secs())
}

/// Describes a TLS error in a few words.
pub(super) fn describe_tls_error(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(reason) => match rejected_certificate(reason) {
            Some(Certificate::Expired(_)) => "its certificate has expired".into(),
            Some(Certificate::NotYetValid(_)) => "its certificate is not valid yet".into(),
            Some(Certificate::OtherName) => "its certificate is for another name".into(),
            Some(Certificate::UnknownAuthority) => "its certificate is from an unknown authority".into(),
            _ => "its certificate cannot be verified".into(),
        },
        Error::InvalidMessage(_) => "it does not speak TLS".into(),
        Error::AlertReceived(alert) => format!("it refused the handshake ({alert:?})"),
        other => format!("the handshake failed ({})", super::http::plain(&other.to_string())),
    }
}

/// Applies the deadline to each read and write. A timeout per call alone would let a host send one byte at a time forever.
struct DeadlineStream {
    connection: Connection,
}

impl DeadlineStream {
    fn remaining_time(&self) -> io::Result<Option<Duration>> {
        self.connection.deadline.left().map(Some).map_err(|_| io::ErrorKind::TimedOut.into())
    }
}

impl Read for DeadlineStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.connection.stream.set_read_timeout(self.remaining_time()?)?;
        self.connection.stream.read(buffer)
    }
}

impl Write for DeadlineStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.connection.stream.set_write_timeout(self.remaining_time()?)?;
        self.connection.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.connection.stream.flush()
    }
}
