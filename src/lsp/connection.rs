//! The connection to the editor: the messages from it, and what the server sends.

use std::io::{self, Write};
use std::time::Duration;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;

use crate::lsp::queue::MessageQueue;
use crate::lsp::transport::{self, Incoming};

/// See the module documentation.
pub(super) struct Connection<'o> {
    queue: MessageQueue,
    out: &'o mut dyn Write,
    /// The number of the last request that the server sent.
    last_request: u32,
}

impl<'o> Connection<'o> {
    pub(super) fn new(queue: MessageQueue, out: &'o mut dyn Write) -> Self {
        Self { queue, out, last_request: 0 }
    }

    /// Waits for the next message; see [`MessageQueue::next`].
    pub(super) fn next(&mut self) -> io::Result<Option<Incoming>> {
        self.queue.next()
    }

    /// Whether no message is waiting and more may come.
    pub(super) fn is_idle(&mut self) -> bool {
        self.queue.is_empty()
    }

    /// Whether a waiting message cancels the request.
    pub(super) fn is_canceled(&mut self, id: &RequestId) -> bool {
        self.queue.is_canceled(id)
    }

    /// See [`MessageQueue::watch_editor_process`].
    pub(super) fn watch_editor_process(&mut self, process_id: u32) {
        self.queue.watch_editor_process(process_id);
    }

    /// Sends a response.
    pub(super) fn respond(&mut self, response: Response) -> io::Result<()> {
        self.send(response)
    }

    /// Sends the error response to a message whose ID is unknown.
    pub(super) fn respond_to_malformed(&mut self, code: ErrorCode, message: &str) -> io::Result<()> {
        transport::write_error(code, message, self.out)
    }

    /// Sends a notification.
    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        self.send(Notification::new(method.to_owned(), params))
    }

    /// Sends a request and returns its ID, which is unique and starts with the method.
    pub(super) fn request(&mut self, method: &str, params: impl Serialize) -> io::Result<RequestId> {
        self.last_request += 1;
        let id = RequestId::from(format!("{method}/{}", self.last_request));
        self.send(Request::new(id.clone(), method.to_owned(), params))?;
        Ok(id)
    }

    /// Returns a progress token that was not used before. Send a request with it before you call this again.
    pub(super) fn new_token(&self) -> String {
        format!("portal-lint/{}", self.last_request + 1)
    }

    /// Waits for the response to a request; see [`MessageQueue::wait_for_response`].
    pub(super) fn wait_for_response(&mut self, id: &RequestId, timeout: Duration) -> Option<Response> {
        self.queue.wait_for_response(id, timeout)
    }

    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        transport::write(&message.into(), self.out)
    }
}
