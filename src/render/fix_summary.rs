//! The summary that `--fix` prints: how many findings were fixed, and what was changed in each file.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::base::sanitize::sanitize;
use crate::engine::fix::AttemptedFix;
use crate::rules::wording::pluralize;

/// Writes "fixed 3 findings in 2 files:", then one line for each kind of fix in a file. `verb` is "fixed" or "would fix".
pub(crate) fn render(verb: &str, files: &[(String, Vec<AttemptedFix>)], out: &mut dyn Write) -> io::Result<()> {
    let total = files.iter().map(|(_, fixes)| fixes.len()).sum();
    writeln!(out, "{verb} {} in {}:", pluralize(total, "finding"), pluralize(files.len(), "file"))?;
    for (name, fixes) in files {
        for (first, times) in group_equal_fixes(fixes) {
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            writeln!(out, "  {}:{}: {} {}{times}", sanitize(name), first.line, first.code, sanitize(&first.message))?;
        }
    }
    Ok(())
}

/// Groups the fixes of a file that have the same rule and message. Returns the first fix of each group and the size of the group.
fn group_equal_fixes(fixes: &[AttemptedFix]) -> Vec<(&AttemptedFix, usize)> {
    let mut groups: Vec<(&AttemptedFix, usize)> = Vec::new();
    // A file can have thousands of fixes: find the group by hash, not by searching the list.
    let mut group_indexes: HashMap<(Code, &str), usize> = HashMap::new();
    for fix in fixes {
        let index = *group_indexes.entry((fix.code, &fix.message)).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, times)) => *times += 1,
            None => groups.push((fix, 1)),
        }
    }
    groups
}
