//! The language server: what is open in an editor goes through the one door ([`crate::engine::run::check`]), and what comes out is
//! shown there.
//!
//! One thread reads, one does all the rest, in the order of the messages. Nothing is kept but the open texts and the last
//! [`analysis`] over each project: what is not stale is not looked at again, and what is, is looked at when the editor waits for
//! an answer or has nothing more to say, so that of ten quick changes one is checked. It opens no socket.

mod actions;
mod allow_action;
mod analysis;
mod client_capabilities;
mod convert;
mod documents;
mod hover;
mod queue;
mod server;
mod state;
mod transport;
mod uri;
mod workspace_edit;

use std::io::{self, BufRead, Write};

/// Serves one editor until it goes. Answers with the exit code: 0 when it said that it would go, else 1.
///
/// # Errors
///
/// `InvalidData` when what comes in cannot be read or has no messages in it; any other when `out` cannot be written to.
pub fn serve(input: impl BufRead + Send + 'static, out: &mut dyn Write) -> io::Result<u8> {
    let mut session = server::Session::new(queue::Inbox::new(input), out);
    let ended = session.run();
    match ended {
        Err(error) if is_gone(&error) => Ok(session.exit_code()),
        Err(error) => Err(error),
        Ok(()) => Ok(session.exit_code()),
    }
}

/// Whether the editor is no longer there.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
}
