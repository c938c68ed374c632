//! What was fixed where, in words.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::base::sanitize::sanitize;
use crate::engine::fix::AppliedFix;

/// "fixed 3 findings in 2 files", then a line for each thing done. `word` is "fixed" or "would fix".
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(word: &str, files: &[(String, Vec<AppliedFix>)], out: &mut dyn Write) -> io::Result<()> {
    let number: usize = files.iter().map(|(_, made)| made.len()).sum();
    let count = |number: usize, thing: &str| format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
    writeln!(out, "{word} {} in {}:", count(number, "finding"), count(files.len(), "file"))?;
    for (name, made) in files {
        // The same thing done many times is said once, where it was done first.
        let mut groups: Vec<(&AppliedFix, usize)> = Vec::new();
        let mut known: HashMap<(Code, &str), usize> = HashMap::new();
        for one in made {
            let group = *known.entry((one.code, &one.message)).or_insert(groups.len());
            match groups.get_mut(group) {
                Some((_, times)) => *times += 1,
                None => groups.push((one, 1)),
            }
        }
        for (first, times) in groups {
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            writeln!(out, "  {}:{}: {} {}{times}", sanitize(name), first.line, first.code, sanitize(&first.message))?;
        }
    }
    Ok(())
}
