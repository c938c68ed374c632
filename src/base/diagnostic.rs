//! What is said about a file: plain data, without a renderer's types and without an opinion on how it looks.
//!
//! A rule makes a [`Finding`] (bytes, words). The report turns findings into [`Diagnostic`]s (positions, severity,
//! secrets covered); nothing else does.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::base::source::{Position, Span};

/// A rule's number: `Code(12)` is `RCP012`. Never reused, never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RCP{:03}", self.0)
    }
}

/// How bad it is. Ordered: advice < warning < error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Would be better.
    Advice,
    /// Very likely not intended, or a decision that should be recorded.
    Warning,
    /// The call would fail, lock customers out, or leak.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "advice" => Ok(Self::Advice),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            _ => Err(()),
        }
    }
}

/// A value in a document: its JSON Pointer (RFC 6901) and its bytes. For something missing, the pointer it would
/// have and the bytes of the key of the object that should hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// JSON Pointer.
    pub pointer: String,
    /// Bytes to underline.
    pub span: Span,
}

/// What kind of statement a finding makes about its value, so that one defect is said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The value at this place is unusable as what it is meant to be (missing, wrong type, wrong length, made up,
    /// ambiguous …). Of several such findings on the same bytes the first in the report's order speaks alone.
    InvalidValue,
    /// A defect of its own, beside whatever else is wrong with the value.
    Independent,
}

/// Whether a fix may be made without asking. Ordered: safe < unsafe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The same meaning: `--fix` makes it.
    Safe,
    /// Probably what was meant: `--unsafe-fixes` makes it.
    Unsafe,
}

impl fmt::Display for Applicability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        })
    }
}

impl FromStr for Applicability {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Safe, Self::Unsafe].into_iter().find(|one| one.to_string() == word).ok_or(())
    }
}

/// Other text in place of some bytes; an empty span is a place to insert at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub replacement: String,
}

/// Edits of the file's text after which a finding is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether anybody has to be asked.
    pub applicability: Applicability,
    /// What it does, as the help says what to do: one line, starting in lower case, without a full stop.
    pub message: String,
    /// In the order of the file; no two overlap.
    pub edits: Vec<Edit>,
    /// Secrets are covered in the edits: they show what would change, and making them would write asterisks.
    pub masked: bool,
}

/// The file of a second place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRef {
    /// That of the finding.
    SameFile,
    /// Another file of the run, by its index.
    File(usize),
    /// The account snapshot that the finding's file was held against.
    Account,
}

/// A second place that explains the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLocation {
    /// Which file it is in.
    pub file: FileRef,
    /// Bytes in that file.
    pub span: Span,
    /// Why this place is shown.
    pub message: String,
}

/// What a rule says: one defect, one finding, at the exact bytes.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where. There is no finding without a place.
    pub location: Location,
    /// What is wrong here: one line, starting in lower case, without a full stop.
    pub message: String,
    /// What the underline says, when it is more than the message.
    pub label: Option<String>,
    /// The one thing to do.
    pub help: String,
    /// Other places.
    pub notes: Vec<RelatedLocation>,
    /// When it is not the rule's first severity.
    pub severity: Option<Severity>,
    /// See [`Scope`].
    pub scope: Scope,
    /// Pointers of missing values that this finding already explains (a misspelt field is not also a missing one).
    pub subsumes: Vec<String>,
    /// How the program can do it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding is a place, a sentence and one thing to do.
    pub fn new(location: Location, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            location,
            message: message.into(),
            label: None,
            help: help.into(),
            notes: Vec::new(),
            severity: None,
            scope: Scope::Independent,
            subsumes: Vec::new(),
            fix: None,
        }
    }

    /// The value itself is unusable: see [`Scope::InvalidValue`].
    #[must_use]
    pub fn with_invalid_value(mut self) -> Self {
        self.scope = Scope::InvalidValue;
        self
    }

    /// Other than the rule's first severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// What stands at the underline.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Another place in the same file.
    #[must_use]
    pub fn with_note(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::SameFile, span, message: message.into() });
        self
    }

    /// A place in another file of the run.
    #[must_use]
    pub fn with_note_in(mut self, file: usize, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::File(file), span, message: message.into() });
        self
    }

    /// A place in the account snapshot.
    #[must_use]
    pub fn with_note_in_account(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::Account, span, message: message.into() });
        self
    }

    /// A missing value that needs no finding of its own any more.
    #[must_use]
    pub fn with_subsumed(mut self, pointer: impl Into<String>) -> Self {
        self.subsumes.push(pointer.into());
        self
    }

    /// What the program can do about it; nothing when there are no edits that are sure to do just that.
    #[must_use]
    pub fn with_fix(
        mut self,
        applicability: Applicability,
        message: impl Into<String>,
        edits: Option<Vec<Edit>>,
    ) -> Self {
        self.fix = edits.map(|edits| Fix { applicability, message: message.into(), edits, masked: false });
        self
    }
}

/// A range as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRange {
    /// First character.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

impl LineRange {
    /// As bytes again.
    pub fn span(self) -> Span {
        Span { start: self.start.offset, end: self.end.offset }
    }
}

/// A label of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Index of the file.
    pub file: usize,
    /// Where in it.
    pub region: LineRange,
    /// Why this place is shown.
    pub message: String,
}

/// A finding as it leaves the program: severity decided, places converted, secrets covered.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule.
    pub code: Code,
    /// As decided by rule and settings.
    pub severity: Severity,
    /// Index into the report's files.
    pub file: usize,
    /// Which YAML document of the file, from 0.
    pub document: usize,
    /// JSON Pointer of the value at fault.
    pub pointer: String,
    /// Where.
    pub region: LineRange,
    /// What is wrong.
    pub message: String,
    /// What the underline says.
    pub label: Option<String>,
    /// What to do.
    pub help: String,
    /// Other places.
    pub labels: Vec<Label>,
    /// How the program can do it. To be read: secrets are covered here, too.
    pub fix: Option<Fix>,
    /// Somebody decided that it is right so: it is shown, and fails no run.
    pub allowed: Option<Allowed>,
    /// How many findings of the rule follow in the same text and are not shown; the message says so, too.
    pub omitted: usize,
}

/// The suppression that allows a finding, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Why it is right so, in the words of whoever decided it.
    pub reason: String,
    /// The last day it holds, `2027-03-31`; without one it holds for ever.
    pub until: Option<String>,
    /// Where it is written: `portal-lint.toml:12`.
    pub source: String,
}
