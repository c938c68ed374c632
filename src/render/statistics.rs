//! How often each rule spoke: `--statistics`, behind the report for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::engine::report::Report;
use crate::rules::metadata;
use crate::rules::metadata::RuleMeta;

/// One line a rule, the most frequent first. What is allowed is not counted.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in report.findings() {
        *counts.entry(diagnostic.code).or_default() += 1;
    }
    let mut counts: Vec<(Code, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let widest = counts.first().map_or(0, |(_, count)| count.to_string().len());
    for (code, count) in counts {
        let RuleMeta { name, title, .. } = metadata(code);
        writeln!(out, "{count:>widest$}  {code} {name}: {title}")?;
    }
    Ok(())
}
