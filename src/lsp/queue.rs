//! What the editor sent and nobody looked at yet, in its order.
//!
//! A thread reads, so that an editor that writes much before it reads is never kept waiting by one that does the same. What
//! a message means is not looked at here, but for one question: whether an answer is still wanted.

use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::Duration;

use lsp_server::{Message, RequestId};

use crate::lsp::transport;
use crate::lsp::transport::Incoming;

/// How often it is looked whether the editor is still there.
const LOOK: Duration = Duration::from_secs(3);

/// See the module.
pub struct Inbox {
    receiver: Receiver<io::Result<Incoming>>,
    waiting: VecDeque<Incoming>,
    end: Option<io::Result<()>>,
    editor: Option<PathBuf>,
}

impl Inbox {
    /// Starts to read.
    pub fn new(mut input: impl BufRead + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            while let Some(next) = transport::read(&mut input).transpose() {
                let ends = next.is_err();
                if sender.send(next).is_err() || ends {
                    break;
                }
            }
        });
        Self { receiver, waiting: VecDeque::new(), end: None, editor: None }
    }

    /// The process of the editor: without it nothing will come any more, even if another process holds the pipe open. Where
    /// processes are no folders, the end of the pipe has to do.
    pub fn watch(&mut self, process: u32) {
        self.editor = Some(PathBuf::from(format!("/proc/{process}"))).filter(|path| path.exists());
    }

    /// Whether nothing has come.
    pub fn is_empty(&mut self) -> bool {
        self.collect();
        self.waiting.is_empty() && self.end.is_none()
    }

    /// Waits for what comes next; `None` when nothing will.
    ///
    /// # Errors
    ///
    /// As [`transport::read`], behind all that could be read.
    pub fn next(&mut self) -> io::Result<Option<Incoming>> {
        self.collect();
        while self.waiting.is_empty() && self.end.is_none() {
            match self.receiver.recv_timeout(LOOK) {
                Ok(received) => self.take(received),
                Err(RecvTimeoutError::Timeout) if self.editor.as_ref().is_none_or(|path| path.exists()) => {}
                Err(_) => self.end = Some(Ok(())),
            }
        }
        match self.waiting.pop_front() {
            Some(next) => Ok(Some(next)),
            None => self.end.take().unwrap_or(Ok(())).map(|()| None),
        }
    }

    /// Whether the editor has taken a question back.
    pub fn cancels(&mut self, id: &RequestId) -> bool {
        self.collect();
        self.waiting.iter().any(|incoming| match incoming {
            Incoming::Message(Message::Notification(notification)) if notification.method == "$/cancelRequest" => {
                serde_json::from_value::<RequestId>(notification.params["id"].clone()).is_ok_and(|other| other == *id)
            }
            _ => false,
        })
    }

    /// All that has come.
    fn collect(&mut self) {
        while self.end.is_none() {
            match self.receiver.try_recv() {
                Ok(received) => self.take(received),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.end = Some(Ok(())),
            }
        }
    }

    fn take(&mut self, received: io::Result<Incoming>) {
        match received {
            Ok(incoming) => self.waiting.push_back(incoming),
            Err(error) => self.end = Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lsp::queue::*;
    use serde_json::{Value as Json, json};

    /// All that was said before anybody looks.
    fn inbox(messages: &[Json]) -> Inbox {
        let messages = messages.iter().map(ToString::to_string);
        let messages = messages.map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()));
        let mut inbox = Inbox::new(io::Cursor::new(messages.collect::<Vec<_>>().concat()));
        while inbox.end.is_none() {
            inbox.collect();
            std::thread::yield_now();
        }
        inbox
    }

    #[test]
    fn what_is_taken_back_is_known_before_its_turn_comes() {
        let cancel = |id: Json| json!({ "method": "$/cancelRequest", "params": { "id": id } });
        let mut inbox = inbox(&[
            json!({ "id": 7, "method": "x" }),
            cancel(json!(7)),
            cancel(json!("b")),
            cancel(json!(null)),
            json!({ "method": "$/cancelRequest" }),
            json!({ "method": "other", "params": { "id": 8 } }),
        ]);
        assert!(matches!(inbox.next(), Ok(Some(Incoming::Message(Message::Request(_))))));
        assert!(inbox.cancels(&7.into()) && inbox.cancels(&"b".to_owned().into()));
        assert!(!inbox.cancels(&8.into()) && !inbox.cancels(&"7".to_owned().into()));
        // What was taken back in the past says nothing of a question that comes now.
        assert!(matches!(inbox.next(), Ok(Some(Incoming::Message(Message::Notification(_))))));
        assert!(!inbox.cancels(&7.into()) && inbox.cancels(&"b".to_owned().into()));
    }

    #[test]
    fn a_question_that_was_taken_back_in_time_is_refused_and_no_other() {
        let hover = json!({ "textDocument": { "uri": "untitled:a" }, "position": { "line": 0, "character": 0 } });
        let question = |id: i32| json!({ "id": id, "method": "textDocument/hover", "params": hover });
        let cancel = json!({ "method": "$/cancelRequest", "params": { "id": 2 } });
        let first = json!({ "id": 0, "method": "initialize", "params": {} });
        let inbox = inbox(&[first, question(1), question(2), question(3), cancel]);
        let mut out = Vec::new();
        crate::lsp::server::Session::new(inbox, &mut out).run().unwrap();
        let mut out = &out[..];
        let mut refused = Vec::new();
        while let Some(message) = Message::read(&mut out).unwrap() {
            let Message::Response(response) = message else { panic!("{message:?}") };
            refused.push((response.id, response.response_result.err().map(|error| error.code)));
        }
        let expected = [(0, None), (1, None), (2, Some(-32800)), (3, None)];
        assert_eq!(refused, expected.map(|(id, code)| (RequestId::from(id), code)));
    }
}
