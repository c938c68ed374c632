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

use super::wire::{self, Incoming};

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
            while let Some(next) = wire::read(&mut input).transpose() {
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
    /// As [`wire::read`], behind all that could be read.
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
