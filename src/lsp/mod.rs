//! The language server: runs the same check as the command line ([`crate::engine::run::check`]) on the documents that are open
//! in an editor, and publishes the result there.
//!
//! One thread reads messages; the main thread does everything else, in the order of the messages. The server keeps only the
//! open documents and the last [`analysis`] of each project. An analysis that may be out of date is recomputed when a request
//! needs it or when no message is waiting, so that ten quick changes cause one run. The server opens no network connection.

mod actions;
mod allow_action;
mod analysis;
mod client_capabilities;
mod closed_files;
mod commands;
mod completion;
mod connection;
mod convert;
mod documents;
mod field_docs;
mod fix_all;
mod hover;
mod inlay_hints;
mod progress;
mod pull_diagnostics;
mod queue;
mod request_context;
mod response;
mod server;
mod server_capabilities;
mod state;
mod transport;
mod uri;
mod workspace_edit;

use std::io::{self, BufRead, Write};

/// Serves one editor until it exits or disconnects. Returns the exit code that LSP requires: 0 if `shutdown` came before the
/// end, else 1.
///
/// # Errors
///
/// `InvalidData` if `input` cannot be read or does not contain LSP messages; any other kind if writing to `out` fails.
pub(crate) fn serve(input: impl BufRead + Send + 'static, out: &mut dyn Write) -> io::Result<u8> {
    let mut session = server::Session::new(queue::MessageQueue::new(input), out);
    let ended = session.run();
    match ended {
        Err(error) if is_disconnect(&error) => Ok(session.exit_code()),
        Err(error) => Err(error),
        Ok(()) => Ok(session.exit_code()),
    }
}

/// Whether the error means that the editor closed the connection or was terminated.
fn is_disconnect(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
}
