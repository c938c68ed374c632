//! An HTTP proxy that accepts only CONNECT, records the requests, and connects the hosts of a table to ports on loopback. It
//! refuses any other host (502), so that no connection leaves the machine.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;

use super::http::Request;
use super::server::Server;

pub struct Proxy {
    pub server: Server,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    /// Starts a proxy. Each route is `host:port` and a local port.
    pub fn start(routes: &[(&str, u16)]) -> Self {
        let routes: Vec<(String, u16)> = routes.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let recorded = Arc::clone(&requests);
        let server = Server::start(move |mut stream, _| {
            let Some(request) = Request::peek(&mut stream).and_then(|request| request.read(&mut stream)) else {
                return;
            };
            recorded.lock().expect("no panic").push(request.clone());
            let route = routes.iter().find(|(host, _)| request.method == "CONNECT" && *host == request.target);
            let target = route.and_then(|(_, port)| TcpStream::connect(("127.0.0.1", *port)).ok());
            let Some(target) = target else {
                let _ = stream.write_all(b"HTTP/1.1 502 No Way\r\nContent-Length: 0\r\n\r\n");
                return;
            };
            let _ = stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n");
            tunnel(stream, target);
        });
        Self { server, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }
}

/// Copies bytes in both directions until both sides are closed.
fn tunnel(client: TcpStream, target: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    let (from_target, to_client) = (target.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
    let responses = thread::spawn(move || copy(from_target, to_client));
    copy(client, target);
    let _ = responses.join();
}
