//! The authorities that are trusted, and what the errors of certificate verification mean.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

use crate::base::date::Date;
use crate::online::Certificate;
use crate::online::net::text::excerpt_for_message;

/// The trusted certificate authorities: those of browsers, and the user's own.
#[derive(Clone, Debug)]
pub(super) struct Authorities {
    certificates: Vec<CertificateDer<'static>>,
}

impl Authorities {
    /// The authorities of browsers, and those of a PEM file.
    ///
    /// # Errors
    ///
    /// If the file contains no certificate.
    pub(super) fn new(extra_pem: Option<&[u8]>) -> Result<Self, String> {
        let mut certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.to_vec();
        if let Some(pem) = extra_pem {
            match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
                Ok(extra) if !extra.is_empty() => certificates.extend(extra),
                _ => return Err("it contains no PEM certificate".into()),
            }
        }
        Ok(Self { certificates })
    }

    /// The authorities for a TLS client.
    pub(super) fn to_root_store(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.certificates.iter().cloned());
        roots
    }

    /// The certificates in DER form.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(AsRef::as_ref)
    }
}

/// The crypto provider of all connections.
pub(super) fn crypto_provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The state of a certificate that was rejected. `None` for errors that say nothing definite about the certificate.
pub(super) fn rejected_certificate(error: &CertificateError) -> Option<Certificate> {
    match error {
        CertificateError::Expired => Some(Certificate::Expired(None)),
        CertificateError::ExpiredContext { not_after, .. } => Some(Certificate::Expired(Some(to_date(*not_after)))),
        CertificateError::NotValidYet => Some(Certificate::NotYetValid(None)),
        CertificateError::NotValidYetContext { not_before, .. } => {
            Some(Certificate::NotYetValid(Some(to_date(*not_before))))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some(Certificate::OtherName)
        }
        CertificateError::UnknownIssuer => Some(Certificate::UnknownAuthority),
        // A self-signed certificate that claims to be an authority. rustls has no variant for this error of webpki.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            Some(Certificate::UnknownAuthority)
        }
        _ => None,
    }
}

pub(super) fn to_date(time: UnixTime) -> Date {
    Date::from_unix_seconds(time.as_secs())
}

/// Describes an error of TLS.
pub(super) fn describe_tls_error(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(reason) => match rejected_certificate(reason) {
            Some(Certificate::Expired(_)) => "its certificate has expired".into(),
            Some(Certificate::NotYetValid(_)) => "its certificate is not valid yet".into(),
            Some(Certificate::OtherName) => "its certificate was issued for another name".into(),
            Some(Certificate::UnknownAuthority) => "its certificate was issued by an unknown authority".into(),
            Some(Certificate::Valid(_)) | None => "its certificate cannot be verified".into(),
        },
        Error::InvalidMessage(_) => "the server does not use TLS".into(),
        Error::AlertReceived(alert) => format!("the server rejected the TLS handshake ({alert:?})"),
        other => format!("the TLS handshake failed ({})", excerpt_for_message(&other.to_string())),
    }
}
