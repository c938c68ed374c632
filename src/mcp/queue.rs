//! The lines that were received and are not handled yet.
//!
//! A thread of its own reads them, so that a cancellation is noticed while a request is handled, and so that the server and the client
//! cannot block each other by both writing.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use serde_json::Value as Json;

use crate::mcp::transport::{self, Line};

/// The number of lines that may wait. A client that sends more has to wait itself, so that the memory stays small.
const MAX_WAITING: usize = 16;

/// A line longer than this is not a cancellation.
const MAX_CANCELLATION: usize = 4096;

/// See the module documentation.
pub(super) struct MessageQueue {
    receiver: Receiver<io::Result<Line>>,
    waiting: VecDeque<Line>,
    /// The error that ended the input, after the lines before it.
    error: Option<io::Error>,
}

impl MessageQueue {
    /// Starts the thread that reads `input`.
    pub(super) fn new(mut input: impl BufRead + Send + 'static) -> Self {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        std::thread::spawn(move || {
            while let Some(line) = transport::read(&mut input).transpose() {
                let is_last = line.is_err();
                if sender.send(line).is_err() || is_last {
                    break;
                }
            }
        });
        Self { receiver, waiting: VecDeque::new(), error: None }
    }

    /// Waits for the next line. `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// If the input cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.receiver.recv().ok().transpose()
    }

    /// Whether a line that waits cancels the request with this ID.
    pub(super) fn is_cancelled(&mut self, id: &Json) -> bool {
        while self.waiting.len() < MAX_WAITING && self.error.is_none() {
            match self.receiver.try_recv() {
                Ok(Ok(line)) => self.waiting.push_back(line),
                Ok(Err(error)) => self.error = Some(error),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        self.waiting.iter().filter_map(cancelled_id).any(|cancelled| cancelled == *id)
    }
}

/// The ID of the request that a line cancels.
fn cancelled_id(line: &Line) -> Option<Json> {
    let Line::Text(text) = line else { return None };
    if text.len() > MAX_CANCELLATION {
        return None;
    }
    let message: Json = serde_json::from_slice(text).ok()?;
    let is_cancellation = message.get("method")? == "notifications/cancelled";
    message.pointer("/params/requestId").filter(|_| is_cancellation).cloned()
}
