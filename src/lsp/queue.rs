//! The queue of messages that were received but not handled yet.
//!
//! A separate thread reads them. Otherwise the server and the editor could block each other: both write, both pipes are full, and
//! neither reads. The queue does not interpret messages, except to find out whether a waiting one cancels a request.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::{Duration, Instant};

use lsp_server::{Message, RequestId, Response};

use crate::lsp::transport::{self, Incoming};

/// How often to check that the editor's process still exists.
const PROCESS_CHECK_INTERVAL: Duration = Duration::from_secs(3);

/// See the module documentation.
pub(super) struct MessageQueue {
    receiver: Receiver<io::Result<Incoming>>,
    waiting: VecDeque<Incoming>,
    /// Set when no more messages can come: `Ok` at the end of the input, `Err` if reading failed.
    end: Option<io::Result<()>>,
    /// The `/proc` entry of the editor's process, which exists as long as the process.
    editor_process: Option<PathBuf>,
}

impl MessageQueue {
    /// Starts the thread that reads `input`.
    pub(super) fn new(mut input: impl BufRead + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            while let Some(next) = transport::read(&mut input).transpose() {
                let is_last = next.is_err();
                if sender.send(next).is_err() || is_last {
                    break;
                }
            }
        });
        Self { receiver, waiting: VecDeque::new(), end: None, editor_process: None }
    }

    /// Ends the queue when the editor's process ends, as LSP requires for `processId`: another process can keep the pipe open after
    /// that. On systems without `/proc`, only the end of the input ends the queue.
    pub(super) fn watch_editor_process(&mut self, process_id: u32) {
        let process = PathBuf::from(format!("/proc/{process_id}"));
        if process.exists() {
            self.editor_process = Some(process);
        }
    }

    /// Waits for the response to a request of the server, up to `timeout`. The other messages stay in the queue.
    pub(super) fn wait_for_response(&mut self, id: &RequestId, timeout: Duration) -> Option<Response> {
        let deadline = Instant::now() + timeout;
        let mut searched_count = 0;
        while self.end.is_none() {
            let index = (searched_count..self.waiting.len()).find(|index| is_response(&self.waiting[*index], id));
            if let Some(Incoming::Message(Message::Response(response))) =
                index.and_then(|index| self.waiting.remove(index))
            {
                return Some(response);
            }
            searched_count = self.waiting.len();
            match self.receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(received) => self.enqueue(received),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => self.end = Some(Ok(())),
            }
        }
        None
    }

    /// Whether no message is waiting and more may come.
    pub(super) fn is_empty(&mut self) -> bool {
        self.receive_available();
        self.waiting.is_empty() && self.end.is_none()
    }

    /// Waits for the next message. Returns `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// As [`transport::read`], after all messages that could be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Incoming>> {
        self.receive_available();
        while self.waiting.is_empty() && self.end.is_none() {
            match self.receiver.recv_timeout(PROCESS_CHECK_INTERVAL) {
                Ok(received) => self.enqueue(received),
                Err(RecvTimeoutError::Timeout) if !self.has_editor_ended() => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => self.end = Some(Ok(())),
            }
        }
        if let Some(next) = self.waiting.pop_front() {
            return Ok(Some(next));
        }
        match self.end.take() {
            Some(Err(error)) => Err(error),
            Some(Ok(())) | None => Ok(None),
        }
    }

    /// Whether the editor's process is known and no longer exists.
    fn has_editor_ended(&self) -> bool {
        self.editor_process.as_ref().is_some_and(|process| !process.exists())
    }

    /// Whether a waiting `$/cancelRequest` cancels the request.
    pub(super) fn is_canceled(&mut self, id: &RequestId) -> bool {
        self.receive_available();
        self.waiting.iter().filter_map(canceled_id).any(|canceled| canceled == *id)
    }

    /// Moves the messages that the thread has read so far to `waiting`.
    fn receive_available(&mut self) {
        while self.end.is_none() {
            match self.receiver.try_recv() {
                Ok(received) => self.enqueue(received),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.end = Some(Ok(())),
            }
        }
    }

    fn enqueue(&mut self, received: io::Result<Incoming>) {
        match received {
            Ok(incoming) => self.waiting.push_back(incoming),
            Err(error) => self.end = Some(Err(error)),
        }
    }
}

fn is_response(incoming: &Incoming, id: &RequestId) -> bool {
    matches!(incoming, Incoming::Message(Message::Response(response)) if response.id == *id)
}

/// The ID of the request that a `$/cancelRequest` cancels.
fn canceled_id(incoming: &Incoming) -> Option<RequestId> {
    match incoming {
        Incoming::Message(Message::Notification(notification)) if notification.method == "$/cancelRequest" => {
            serde_json::from_value(notification.params["id"].clone()).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::lsp::queue::*;
    use serde_json::{Value as Json, json};

    /// A queue that has received all `messages`.
    fn filled_queue(messages: &[Json]) -> MessageQueue {
        let messages = messages.iter().map(ToString::to_string);
        let messages = messages.map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()));
        let mut queue = MessageQueue::new(io::Cursor::new(messages.collect::<Vec<_>>().concat()));
        while queue.end.is_none() {
            queue.receive_available();
            std::thread::yield_now();
        }
        queue
    }

    #[test]
    fn finds_a_cancellation_that_is_still_waiting() {
        let cancel = |id: Json| json!({ "method": "$/cancelRequest", "params": { "id": id } });
        let mut queue = filled_queue(&[
            json!({ "id": 7, "method": "x" }),
            cancel(json!(7)),
            cancel(json!("b")),
            cancel(json!(null)),
            json!({ "method": "$/cancelRequest" }),
            json!({ "method": "other", "params": { "id": 8 } }),
        ]);
        assert!(matches!(queue.next(), Ok(Some(Incoming::Message(Message::Request(_))))));
        assert!(queue.is_canceled(&7.into()) && queue.is_canceled(&"b".to_owned().into()));
        assert!(!queue.is_canceled(&8.into()) && !queue.is_canceled(&"7".to_owned().into()));
        // A cancellation that was already handled does not affect a later request with the same ID.
        assert!(matches!(queue.next(), Ok(Some(Incoming::Message(Message::Notification(_))))));
        assert!(!queue.is_canceled(&7.into()) && queue.is_canceled(&"b".to_owned().into()));
    }

    #[test]
    fn refuses_only_the_canceled_request() {
        let hover_params =
            json!({ "textDocument": { "uri": "untitled:a" }, "position": { "line": 0, "character": 0 } });
        let hover_request = |id: i32| json!({ "id": id, "method": "textDocument/hover", "params": hover_params });
        let cancel = json!({ "method": "$/cancelRequest", "params": { "id": 2 } });
        let initialize = json!({ "id": 0, "method": "initialize", "params": {} });
        let queue = filled_queue(&[initialize, hover_request(1), hover_request(2), hover_request(3), cancel]);
        let mut out = Vec::new();
        crate::lsp::server::Session::new(queue, &mut out).run().unwrap();
        let mut out = &out[..];
        let mut responses = Vec::new();
        while let Some(message) = Message::read(&mut out).unwrap() {
            let Message::Response(response) = message else { panic!("{message:?}") };
            responses.push((response.id, response.response_result.err().map(|error| error.code)));
        }
        let expected = [(0, None), (1, None), (2, Some(-32800)), (3, None)];
        assert_eq!(responses, expected.map(|(id, code)| (RequestId::from(id), code)));
    }
}
