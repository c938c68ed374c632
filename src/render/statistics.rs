//! `--statistics`: how many findings each rule has, written after the human-readable report.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::engine::report::Report;
use crate::rules::metadata;
use crate::rules::metadata::RuleMeta;

/// Writes one line for each rule with findings, the most frequent first. Allowed findings are not counted.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in report.findings() {
        *counts.entry(diagnostic.code).or_default() += 1;
    }
    let mut counts: Vec<(Code, usize)> = counts.into_iter().collect();
    // The sort is stable, so rules with the same count stay in the order of their codes.
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let width = counts.first().map_or(0, |(_, count)| count.to_string().len());
    for (code, count) in counts {
        let RuleMeta { name, title, .. } = metadata(code);
        writeln!(out, "{count:>width$}  {code} {name}: {title}")?;
    }
    Ok(())
}
