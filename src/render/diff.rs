//! What would change, as a unified diff: to be read, not to be applied, since secrets are covered in it. The only file
//! that names similar.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::{plain, visible};

/// Lines shown above and below a change.
const AROUND: usize = 3;

/// Writes the difference between two texts of a file.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(name: &str, before: &str, after: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let name = plain(name);
    let paint = |code: &'static str| if color { code } else { "" };
    let (bold, red, green, cyan) = (paint("\x1b[1m"), paint("\x1b[31m"), paint("\x1b[32m"), paint("\x1b[36m"));
    let end = paint("\x1b[0m");
    writeln!(out, "{bold}--- {name}{end}\n{bold}+++ {name} (fixed){end}")?;
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        writeln!(out, "{cyan}{}{end}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (mark, start) = match change.tag() {
                ChangeTag::Delete => ("-", red),
                ChangeTag::Insert => ("+", green),
                ChangeTag::Equal => (" ", ""),
            };
            let line: String = change.value().trim_end_matches(['\n', '\r']).chars().map(shown).collect();
            let stop = if start.is_empty() { "" } else { end };
            writeln!(out, "{start}{mark}{line}{stop}")?;
            if change.missing_newline() {
                writeln!(out, "\\ no line break at the end of the file")?;
            }
        }
    }
    Ok(())
}

fn shown(character: char) -> char {
    if character == '\t' { '\t' } else { visible(character) }
}
