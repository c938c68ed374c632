//! TLS servers with certificates that are made in the test: good ones, and each bad one that there is a word for.
//!
//! An [`Authority`] is made anew in each test and written to a PEM file for `--ca-file`. A [`Tls`] server shakes hands with
//! one certificate, notes which host was asked for, and hands the connection on. What goes wrong before or in the handshake
//! (refused, reset, garbage, silence) is a plain [`super::server::Server`] with a [`super::http::Fault`].

use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
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

/// A certificate to be made: for which names, and from when to when, in days from now.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub names: &'a [&'a str],
    pub from: i32,
    pub to: i32,
}

impl<'a> Wanted<'a> {
    /// A year from yesterday on.
    pub fn valid(names: &'a [&'a str]) -> Self {
        Self { names, from: -1, to: 365 }
    }

    /// Signed by the authority.
    pub fn by(&self, authority: &Authority) -> Arc<ServerConfig> {
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
    asked: Arc<Mutex<Vec<String>>>,
}

impl Tls {
    /// Shakes hands and ends the connection.
    pub fn start(config: Arc<ServerConfig>) -> Self {
        Self::serving(config, |_, _| {})
    }

    /// Shakes hands and hands the connection on.
    pub fn serving(config: Arc<ServerConfig>, answer: impl Fn(&mut dyn Stream, &Stop) + Send + Sync + 'static) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let notes = Arc::clone(&asked);
        let server = Server::start(move |stream, stop| {
            if let Some(mut stream) = shake_hands(stream, &config) {
                let name = stream.conn.server_name().unwrap_or_default().to_owned();
                notes.lock().expect("no panic").push(name);
                answer(&mut stream, stop);
                stream.conn.send_close_notify();
                let _ = stream.conn.complete_io(&mut stream.sock);
            }
        });
        Self { server, asked }
    }

    /// The hosts that clients named who took the certificate.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn shake_hands(mut stream: TcpStream, config: &Arc<ServerConfig>) -> Option<StreamOwned<ServerConnection, TcpStream>> {
    let mut connection = ServerConnection::new(Arc::clone(config)).expect("a configuration");
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).ok()?;
    }
    Some(StreamOwned::new(connection, stream))
}
