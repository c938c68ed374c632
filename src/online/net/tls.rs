//! Certificates: whose word is taken, and what a host shows who connects.
//!
//! A host is asked by shaking hands with it, with all that a browser verifies. Nothing is sent behind the handshake.

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

/// Whose certificates are trusted: those that browsers trust, and the user's own.
#[derive(Clone, Debug)]
pub struct Authorities {
    certificates: Vec<CertificateDer<'static>>,
}

impl Authorities {
    /// With those of a PEM file beside the usual ones.
    ///
    /// # Errors
    ///
    /// When there is no certificate in it.
    pub fn with(pem: Option<&[u8]>) -> Result<Self, String> {
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

    /// Each as it is signed.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(AsRef::as_ref)
    }
}

/// The cryptography of all connections.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Shakes hands.
#[derive(Debug)]
pub struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl Tls {
    /// Trusts these.
    pub fn new(authorities: &Authorities) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(authorities.certificates.iter().cloned());
        let wrong = |error: &dyn std::fmt::Display| error.to_string();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
        let verifier = verifier.build().map_err(|error| wrong(&error))?;
        let config = ClientConfig::builder_with_provider(provider());
        let config = config.with_safe_default_protocol_versions().map_err(|error| wrong(&error))?;
        let config = config.with_webpki_verifier(Arc::clone(&verifier)).with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier })
    }

    /// What `host` shows at the end of a connection to it.
    pub fn certificate(&self, host: &str, connection: Connection) -> Result<Certificate, Unanswered> {
        let deadline = connection.deadline;
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| Unanswered::new("its name is none that TLS knows"))?;
        let config = Arc::clone(&self.config);
        let mut tls = ClientConnection::new(config, name.clone()).map_err(|error| Unanswered(words(&error)))?;
        let mut stream = Timed { connection };
        while tls.is_handshaking() {
            match tls.complete_io(&mut stream) {
                Ok((0, 0)) => return Err(Unanswered::new("the connection was broken off")),
                Ok(_) => {}
                Err(error) => return verdict(&error, deadline),
            }
        }
        let chain = tls.peer_certificates().unwrap_or_default();
        self.end(chain, &name)
            .map(Certificate::Holds)
            .ok_or_else(|| Unanswered::new("its certificate does not say when it ends"))
    }

    /// The last day of a certificate that is good now: what the verifier says of it at the end of all days.
    fn end(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<Date> {
        const LAST: Duration = Duration::from_secs(253_402_300_799);
        let (own, others) = chain.split_first()?;
        let last = UnixTime::since_unix_epoch(LAST);
        match self.verifier.verify_server_cert(own, others, name, &[], last).err()? {
            Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => Some(day(not_after)),
            _ => None,
        }
    }
}

/// What a handshake that failed says of the certificate; other failures say nothing of it.
fn verdict(error: &io::Error, deadline: Deadline) -> Result<Certificate, Unanswered> {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let Some(error) = tls else { return Err(dial::untold(error, &deadline)) };
    match error {
        Error::InvalidCertificate(fault) => rejected(fault).ok_or_else(|| Unanswered(words(error))),
        _ => Err(Unanswered(words(error))),
    }
}

/// The faults that are the host's, whoever looks.
fn rejected(fault: &CertificateError) -> Option<Certificate> {
    Some(match fault {
        CertificateError::Expired => Certificate::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => Certificate::Expired(Some(day(*not_after))),
        CertificateError::NotValidYet => Certificate::NotYetValid(None),
        CertificateError::NotValidYetContext { not_before, .. } => Certificate::NotYetValid(Some(day(*not_before))),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Certificate::OtherName,
        CertificateError::UnknownIssuer => Certificate::UnknownAuthority,
        // One that vouches for itself, as an authority does.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            Certificate::UnknownAuthority
        }
        _ => return None,
    })
}

fn day(time: UnixTime) -> Date {
    Date::of_seconds(time.as_secs())
}

/// What went wrong, in a few words.
pub fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(fault) => match rejected(fault) {
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

/// A connection that gives up at the deadline, however slowly bytes drip in.
struct Timed {
    connection: Connection,
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        self.connection.deadline.left().map(Some).map_err(|_| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.connection.stream.set_read_timeout(self.left()?)?;
        self.connection.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.connection.stream.set_write_timeout(self.left()?)?;
        self.connection.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.connection.stream.flush()
    }
}
