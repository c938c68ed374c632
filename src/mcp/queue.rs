//! The lines that were received and are not handled yet.
//!
//! A separate thread reads them, so that a cancellation is noticed while a request is handled, and so that the server and the client
//! cannot block each other when both write and neither reads.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use serde_json::Value as Json;

use crate::mcp::transport::{self, Line};

/// The maximum number of lines that are received but not handled. A client that sends more has to wait, so that memory stays small.
const MAX_WAITING: usize = 16;

/// The maximum number of bytes of a cancellation. Longer lines are not parsed to find out whether they cancel a request.
const MAX_CANCELLATION_BYTES: usize = 4096;

/// See the module documentation.
pub(super) struct MessageQueue {
    receiver: Receiver<io::Result<Line>>,
    waiting: VecDeque<Line>,
    /// The error that ended the input. It is returned after the lines before it.
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

    /// Whether a waiting line cancels the request with this ID.
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
    if text.len() > MAX_CANCELLATION_BYTES {
        return None;
    }
    let message: Json = serde_json::from_slice(text).ok()?;
    if message.get("method")? != "notifications/cancelled" {
        return None;
    }
    message.pointer("/params/requestId").cloned()
}
