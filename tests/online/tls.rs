//! TLS servers with generated certificates, valid ones and invalid ones.
//!
//! Each test creates an [`Authority`] and writes it to a PEM file for `--ca-file`. A [`Tls`] server performs the handshake with
//! one certificate, records the requested host, and passes the connection on. Errors before or during the handshake (refused,
//! reset, garbage, silence) need a plain [`super::server::Server`] with a [`super::http::Fault`].

use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{AcceptedAlert, Acceptor};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::{Server, Stop, Stream};

const DAY: Duration = Duration::from_hours(24);

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    /// For `--ca-file`.
    pub fn pem(&self) -> String {
        self.0.pem()
    }
}

/// A certificate to generate: its names, and its first and last day, in days from now.
#[derive(Clone, Copy, Debug)]
pub struct CertificateSpec<'a> {
    pub names: &'a [&'a str],
    pub from: i32,
    pub to: i32,
}

impl<'a> CertificateSpec<'a> {
    /// Valid for a year from yesterday on.
    pub fn valid(names: &'a [&'a str]) -> Self {
        Self { names, from: -1, to: 365 }
    }

    /// Generates the certificate, signed by the authority.
    pub fn signed_by(&self, authority: &Authority) -> Arc<ServerConfig> {
        let names: Vec<String> = self.names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let day = |days: i32| {
            let now = rcgen::date_time_ymd(1970, 1, 1) + now;
            if days < 0 { now - DAY * days.unsigned_abs() } else { now + DAY * days.unsigned_abs() }
        };
        (params.not_before, params.not_after) = (day(self.from), day(self.to));
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &authority.0).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.expect("versions").with_no_client_auth();
        Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).expect("they belong together"))
    }
}

pub struct Tls {
    pub server: Server,
    requested_hosts: Arc<Mutex<Vec<String>>>,
}

impl Tls {
    /// Starts a server that ends the connection after the handshake.
    pub fn start(config: Arc<ServerConfig>) -> Self {
        Self::serving(config, |_, _| {})
    }

    /// Starts a server that passes the connection on after the handshake.
    pub fn serving(config: Arc<ServerConfig>, answer: impl Fn(&mut dyn Stream, &Stop) + Send + Sync + 'static) -> Self {
        let requested_hosts = Arc::<Mutex<Vec<String>>>::default();
        let recorded = Arc::clone(&requested_hosts);
        let server = Server::start(move |stream, stop| {
            if let Some(mut stream) = shake_hands(stream, &config, &recorded) {
                answer(&mut stream, stop);
                stream.conn.send_close_notify();
                let _ = stream.conn.complete_io(&mut stream.sock);
            }
        });
        Self { server, requested_hosts }
    }

    /// The hosts that clients requested.
    pub fn requested_hosts(&self) -> Vec<String> {
        self.requested_hosts.lock().expect("no panic").clone()
    }
}

/// Performs a handshake. Records the requested host at its start, because the client may end before this thread ends the handshake.
fn shake_hands(
    mut stream: TcpStream,
    config: &Arc<ServerConfig>,
    requested_hosts: &Mutex<Vec<String>>,
) -> Option<StreamOwned<ServerConnection, TcpStream>> {
    let mut acceptor = Acceptor::default();
    let accepted = loop {
        if acceptor.read_tls(&mut stream).ok()? == 0 {
            return None;
        }
        if let Some(accepted) = acceptor.accept().map_err(|(_, alert)| send_alert(alert, &mut stream)).ok()? {
            break accepted;
        }
    };
    let name = accepted.client_hello().server_name().unwrap_or_default().to_owned();
    requested_hosts.lock().expect("no panic").push(name);
    let connection = accepted.into_connection(Arc::clone(config));
    let mut connection = connection.map_err(|(_, alert)| send_alert(alert, &mut stream)).ok()?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).ok()?;
    }
    Some(StreamOwned::new(connection, stream))
}

fn send_alert(mut alert: AcceptedAlert, stream: &mut TcpStream) {
    let _ = alert.write_all(stream);
}
