//! What was fixed where, in words.

use std::io::{self, Write};

use super::plain;
use crate::fix::Made;

/// "fixed 3 findings in 2 files", then a line for each. `word` is "fixed" or "would fix".
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(word: &str, files: &[(String, Vec<Made>)], out: &mut dyn Write) -> io::Result<()> {
    let number: usize = files.iter().map(|(_, made)| made.len()).sum();
    let count = |number: usize, thing: &str| format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
    writeln!(out, "{word} {} in {}:", count(number, "finding"), count(files.len(), "file"))?;
    for (name, made) in files {
        for one in made {
            writeln!(out, "  {}:{}: {} {}", plain(name), one.line, one.code, plain(&one.message))?;
        }
    }
    Ok(())
}
