//! A server on loopback: one thread that accepts connections and one for each connection. Dropping it ends all of them.
//!
//! A handler sends the responses. If it leaves unread bytes, the kernel resets the connection. Nothing listens at [`REFUSING_ADDRESS`].

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A loopback address that refuses connections: the servers of the tests all use 127.0.0.1.
pub const REFUSING_ADDRESS: &str = "127.9.9.9:9";

/// A connection with or without TLS.
pub trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

/// Whether the server should end.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Sleeps for this time, or until the server should end.
    pub fn sleep(&self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time && !self.is_set() {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[derive(Default)]
struct Shared {
    stop: Stop,
    connections: AtomicUsize,
    /// The open connections, by their numbers.
    open_connections: Mutex<HashMap<usize, TcpStream>>,
}

pub struct Server {
    pub port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a free port.
    pub fn start(answer: impl Fn(TcpStream, &Stop) + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"), answer)
    }

    pub fn on(listener: TcpListener, answer: impl Fn(TcpStream, &Stop) + Send + Sync + 'static) -> Self {
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let shared_with_thread = Arc::clone(&shared);
        let thread = thread::spawn(move || accept(&listener, &shared_with_thread, &Arc::new(answer)));
        Self { port, shared, thread: Some(thread) }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

fn accept(
    listener: &TcpListener,
    shared: &Arc<Shared>,
    answer: &Arc<impl Fn(TcpStream, &Stop) + Send + Sync + 'static>,
) {
    let mut threads = Vec::new();
    for stream in listener.incoming() {
        if shared.stop.is_set() {
            break;
        }
        let Ok(stream) = stream else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        let _ = stream.set_nodelay(true);
        let clone = stream.try_clone().expect("a handle");
        shared.open_connections.lock().expect("no panic").insert(number, clone);
        let (shared, answer) = (Arc::clone(shared), Arc::clone(answer));
        threads.push(thread::spawn(move || {
            answer(stream, &shared.stop);
            // This drops the last handle, so that the connection is closed, or reset if there are unread bytes.
            shared.open_connections.lock().expect("no panic").remove(&number);
        }));
    }
    for stream in shared.open_connections.lock().expect("no panic").values() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    for thread in threads {
        thread.join().expect("a connection ends without a panic");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.set();
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || ended.is_none_or(|ended| ended.is_ok()), "a server failed");
    }
}
