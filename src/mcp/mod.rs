//! The MCP server: four tools with which an AI agent checks a portal while it drafts it. It reads only files below its root, writes
//! nothing, and uses no network.
//!
//! Messages are JSON-RPC 2.0, one per line. The server supports both forms of the protocol: with `initialize` (2024-11-05 to
//! 2025-11-25), and stateless (2026-07-28). The results of the tools are small and contain only what a model needs, because they become
//! part of its context.

mod arguments;
mod batch;
mod finding;
mod message;
mod queue;
mod result;
mod root;
mod session;
mod short_findings;
mod size_limit;
mod tools;
mod transport;

use std::io::{self, BufRead, Write};

pub(crate) use root::Root;

/// Serves one client until the end of the input.
///
/// # Errors
///
/// If the input cannot be read, or `out` cannot be written. A client that disconnects is no error.
pub(crate) fn serve(input: impl BufRead + Send + 'static, out: &mut dyn Write, root: Root) -> io::Result<()> {
    let mut queue = queue::MessageQueue::new(input);
    let mut session = session::Session::new(root);
    while let Some(line) = queue.next()? {
        let response = batch::respond(&mut session, line, &mut queue);
        let Some(response) = response else { continue };
        match transport::write(&response, out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}
