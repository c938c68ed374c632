//! A fake of Google's `siteverify` over TLS: it accepts a POST form with `secret` and `response`, and returns a given response.

use std::sync::{Arc, Mutex};

use rustls::ServerConfig;

use super::http::{Request, json_response};
use super::tls::Tls;

/// The host that it replaces.
pub const CAPTCHA_HOST: &str = "www.google.com";

pub struct Captcha {
    pub tls: Tls,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Captcha {
    /// Starts a verifier that returns this body.
    pub fn start(config: Arc<ServerConfig>, body: &str) -> Self {
        Self::with_response(config, json_response(200, body))
    }

    /// Starts a verifier that returns these bytes as its response.
    pub fn with_response(config: Arc<ServerConfig>, response: Vec<u8>) -> Self {
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let recorded = Arc::clone(&requests);
        let tls = Tls::serving(config, move |stream, _| {
            while let Some(request) = Request::peek(stream).and_then(|request| request.read(stream)) {
                recorded.lock().expect("no panic").push(request);
                let _ = stream.write_all(&response);
                let _ = stream.flush();
            }
        });
        Self { tls, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }
}
