//! `[severity]` and `[[overrides]]` of the settings: severities that replace those of the rules.

use super::patterns::{PatternLists, Patterns};
use crate::base::diagnostic::{Code, Severity};
use crate::rules::selection::find_rule;
use crate::syntax::cursor::Cursor;

/// The level that the settings give to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// The rule's findings are not reported.
    Off,
    /// The rule's findings are reported with this severity.
    At(Severity),
}

impl RuleLevel {
    /// Parses `off`, `advice`, `warning` or `error`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            severity => severity.parse().ok().map(Self::At),
        }
    }
}

/// The levels of a table, in the order of the file. The same rule can occur twice, by code and by name.
#[derive(Clone, Debug, Default)]
struct LevelTable(Vec<(Code, RuleLevel)>);

impl LevelTable {
    /// Reads the entries of a `severity` table. Invalid entries are skipped, because a rule reports them.
    fn from_table(table: &Cursor<'_>) -> Self {
        let mut levels = Vec::new();
        for entry in table.children() {
            let Some(rule) = find_rule(entry.key()) else { continue };
            if !rule.meta.configurable {
                continue;
            }
            if let Some(level) = entry.text().and_then(RuleLevel::parse) {
                levels.push((rule.code, level));
            }
        }
        Self(levels)
    }

    /// Returns the level of a rule. The last entry wins.
    fn get(&self, code: Code) -> Option<RuleLevel> {
        self.0.iter().rev().find(|(entry_code, _)| *entry_code == code).map(|(_, level)| *level)
    }
}

/// All levels of a settings file.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    everywhere: LevelTable,
    overrides: Vec<(Patterns, LevelTable)>,
    /// The files of `overrides`.
    overridden_files: PatternLists,
}

/// The levels for one file.
pub struct FileSeverities<'s> {
    /// Those for all files, followed by those of the matching overrides. The last one that names a rule wins, because a later override
    /// refines an earlier one.
    tables: Vec<&'s LevelTable>,
}

impl Severities {
    /// Reads `[severity]` and `[[overrides]]` from the root of the settings. Invalid entries are skipped.
    pub fn from_settings(root: &Cursor<'_>) -> Self {
        let mut overrides = Vec::new();
        for entry in root.field("overrides").items() {
            let files = Patterns::from_list(&entry.field("files"));
            overrides.push((files, LevelTable::from_table(&entry.field("severity"))));
        }
        let overridden_files = PatternLists::new(overrides.iter().map(|(files, _)| files));
        Self { everywhere: LevelTable::from_table(&root.field("severity")), overrides, overridden_files }
    }

    /// Whether the settings do not change any severity.
    pub fn is_empty(&self) -> bool {
        self.everywhere.0.is_empty() && self.overrides.is_empty()
    }

    /// The files of each `[[overrides]]` entry.
    pub(super) fn overridden_files(&self) -> impl Iterator<Item = &Patterns> {
        self.overrides.iter().map(|(files, _)| files)
    }

    /// Returns the levels for the file at `path`, which is relative to the folder of the settings file. Without a path, the overrides do
    /// not apply.
    pub fn for_file(&self, path: Option<&str>) -> FileSeverities<'_> {
        let matching = path.map(|path| self.overridden_files.matching_lists(path)).unwrap_or_default();
        let overrides = matching.into_iter().map(|index| &self.overrides[index].1);
        FileSeverities { tables: std::iter::once(&self.everywhere).chain(overrides).collect() }
    }
}

impl FileSeverities<'_> {
    /// Returns the level of a rule.
    pub fn level(&self, code: Code) -> Option<RuleLevel> {
        self.tables.iter().rev().find_map(|table| table.get(code))
    }
}
