//! An HTTP proxy that takes CONNECT alone, keeps what it was asked, and leads hosts of a table to ports on loopback. Any other
//! host is refused (502), so that nothing leaves the machine.

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
    /// `host:port` and the local port it leads to.
    pub fn start(targets: &[(&str, u16)]) -> Self {
        let targets: Vec<(String, u16)> = targets.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let own = Arc::clone(&requests);
        let server = Server::start(move |mut stream, _| {
            let Some(request) = Request::peek(&mut stream).and_then(|request| request.read(&mut stream)) else {
                return;
            };
            own.lock().expect("no panic").push(request.clone());
            let way = targets.iter().find(|(host, _)| request.method == "CONNECT" && *host == request.target);
            let there = way.and_then(|(_, port)| TcpStream::connect(("127.0.0.1", *port)).ok());
            let Some(there) = there else {
                let _ = stream.write_all(b"HTTP/1.1 502 No Way\r\nContent-Length: 0\r\n\r\n");
                return;
            };
            let _ = stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n");
            join(stream, there);
        });
        Self { server, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }
}

/// Each side is told what the other says, until both have said it all.
fn join(here: TcpStream, there: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    let (back, forth) = (there.try_clone().expect("a handle"), here.try_clone().expect("a handle"));
    let back = thread::spawn(move || copy(back, forth));
    copy(here, there);
    let _ = back.join();
}
