//! Which severity a finding has when the settings say something else than the rule.

use super::patterns::Patterns;
use crate::base::diagnostic::{Code, Severity};
use crate::rules::selection::the_rule;
use crate::syntax::cursor::Cursor;

/// What the settings make of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not reported.
    Off,
    /// They are reported so.
    As(Severity),
}

impl Level {
    /// `off`, `advice`, `warning` or `error`.
    pub fn of(word: &str) -> Option<Self> {
        if word == "off" { Some(Self::Off) } else { word.parse().ok().map(Self::As) }
    }
}

type Table = Vec<(Code, Level)>;

/// `[severity]`, and the `[[overrides]]` for some files.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    everywhere: Table,
    overrides: Vec<(Patterns, Table)>,
}

impl Severities {
    /// From the top of the settings; what is wrong in them has been said and counts for nothing.
    pub fn of(root: &Cursor<'_>) -> Self {
        let overrides = root.at("overrides").items();
        let overrides = overrides.map(|entry| (Patterns::of(&entry.at("files")), table(&entry.at("severity"))));
        Self { everywhere: table(&root.at("severity")), overrides: overrides.collect() }
    }

    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.overrides.is_empty()
    }

    /// What is said for a rule in a file; of several overrides the last.
    pub fn level(&self, code: Code, path: Option<&str>) -> Option<Level> {
        let in_table = |table: &Table| table.iter().rev().find(|(known, _)| *known == code).map(|(_, level)| *level);
        let mut overrides = self.overrides.iter().rev();
        let of_file = path
            .and_then(|path| overrides.find_map(|(files, table)| in_table(table).filter(|_| files.match_path(path))));
        of_file.or_else(|| in_table(&self.everywhere))
    }
}

fn table(slot: &Cursor<'_>) -> Table {
    let level = |level: Cursor<'_>| {
        let rule = the_rule(level.key()).filter(|rule| rule.severity_can_be_set())?;
        Some((rule.code, Level::of(level.text()?)?))
    };
    slot.children().filter_map(level).collect()
}
