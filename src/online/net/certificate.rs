//! The authorities that are trusted, and what the errors of certificate verification mean.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

use super::text::to_single_line;
use crate::base::date::Date;
use crate::online::Certificate;

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
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The errors that are the host's fault and do not depend on the client.
pub(super) fn rejected_certificate(error: &CertificateError) -> Option<Certificate> {
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

pub(super) fn to_date(time: UnixTime) -> Date {
    Date::from_unix_seconds(time.as_secs())
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
        other => format!("the handshake failed ({})", to_single_line(&other.to_string())),
    }
}
