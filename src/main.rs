//! argv in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    portal_lint::cli::run()
}
