//! Findings of rules, and the diagnostics that are made from them.
//!
//! A rule reports a [`Finding`], whose locations are byte offsets. The report converts each finding to a [`Diagnostic`] with
//! lines and columns, a severity, and masked secrets. Renderers read diagnostics only.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::Error as UnknownName;
use serde::{Deserialize, Serialize};

use crate::base::file::FileId;
use crate::base::source::{Position, Source, Span};

/// A rule's number: `Code(12)` is `RCP012`. Never reused, never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RCP{:03}", self.0)
    }
}

/// The severity of a diagnostic. Ordered: advice < warning < error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A suggestion.
    Advice,
    /// Very likely not intended, or intended and worth a suppression with the reason.
    Warning,
    /// RevCent would refuse the request, customers could not use the portal, or data would leak.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl FromStr for Severity {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::deserialize(name.into_deserializer())
    }
}

/// The location of a value in a document. For a missing value, the pointer is the one that it would have, and the span is
/// the key of the object that lacks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The JSON Pointer (RFC 6901).
    pub pointer: String,
    /// The bytes to underline.
    pub span: Span,
}

/// Whether a finding is about the value as a whole. Used to report one defect once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The value cannot be used at all: it is missing, ambiguous, a placeholder, or has a wrong type or length. Of several such
    /// findings about the same pointer, the report keeps that of the rule with the highest priority.
    InvalidValue,
    /// A defect that is reported whatever else is wrong with the value.
    Independent,
}

/// Which option applies a fix. Ordered: safe < unsafe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The fix keeps the meaning of the file: `--fix` applies it.
    Safe,
    /// The fix is probably what the author meant: `--unsafe-fixes` applies it.
    Unsafe,
}

impl fmt::Display for Applicability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl FromStr for Applicability {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::deserialize(name.into_deserializer())
    }
}

/// A replacement of some bytes. With an empty span, it is an insertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The bytes to replace.
    #[serde(flatten)]
    pub span: Span,
    /// The text that replaces them.
    pub replacement: String,
}

/// Edits of a file that resolve a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Which option applies the fix.
    pub applicability: Applicability,
    /// What the fix does, in the imperative: one line that starts in lower case, without a full stop.
    pub message: String,
    /// The edits in the order of the file, without overlaps.
    pub edits: Vec<Edit>,
    /// Whether secrets in the edits are masked. Such a fix can be shown but not applied: it would write asterisks.
    #[serde(skip)]
    pub masked: bool,
}

/// The file of a related location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRef {
    /// The file of the finding.
    SameFile,
    /// Another file of the run.
    File(FileId),
    /// The account snapshot that the file was compared with.
    Account,
}

/// Another location that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLocation {
    /// The file of the location.
    pub file: FileRef,
    /// The bytes to underline in that file.
    pub span: Span,
    /// Why the location is shown.
    pub message: String,
}

/// A defect that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The location of the defect.
    pub location: Location,
    /// What is wrong: one line that starts in lower case, without a full stop.
    pub message: String,
    /// A text next to the underline, if it says more than the message.
    pub label: Option<String>,
    /// What the user should do.
    pub help: String,
    /// What to ask a person if an agent is to resolve the finding, because the answer must not be invented. `None` if the field decides.
    pub question: Option<&'static str>,
    /// Other locations that explain the finding.
    pub notes: Vec<RelatedLocation>,
    /// The severity, if it differs from the default severity of the rule.
    pub severity: Option<Severity>,
    /// Whether the finding is about the value as a whole.
    pub scope: Scope,
    /// The pointers of missing values that this finding explains. A misspelled field is not reported as missing, too.
    pub subsumes: Vec<String>,
    /// A fix for the defect.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Creates a finding with the default severity of the rule and without a fix.
    pub fn new(location: Location, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            location,
            message: message.into(),
            label: None,
            help: help.into(),
            question: None,
            notes: Vec::new(),
            severity: None,
            scope: Scope::Independent,
            subsumes: Vec::new(),
            fix: None,
        }
    }

    /// Marks the value as a whole as unusable ([`Scope::InvalidValue`]).
    #[must_use]
    pub fn with_invalid_value(mut self) -> Self {
        self.scope = Scope::InvalidValue;
        self
    }

    /// Overrides the default severity of the rule.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Sets the text next to the underline.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the question that an agent asks a person.
    #[must_use]
    pub fn with_question(mut self, question: &'static str) -> Self {
        self.question = Some(question);
        self
    }

    /// Adds a location in the same file.
    #[must_use]
    pub fn with_note(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::SameFile, span, message: message.into() });
        self
    }

    /// Adds a location in another file of the run.
    #[must_use]
    pub fn with_note_in(mut self, file: FileId, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::File(file), span, message: message.into() });
        self
    }

    /// Adds a location in the account snapshot.
    #[must_use]
    pub fn with_note_in_account(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(RelatedLocation { file: FileRef::Account, span, message: message.into() });
        self
    }

    /// Adds the pointer of a missing value that this finding explains.
    #[must_use]
    pub fn with_subsumed(mut self, pointer: impl Into<String>) -> Self {
        self.subsumes.push(pointer.into());
        self
    }

    /// Converts the spans that are in the file of the finding. Not those of the fix: the text that it inserts has to be converted, too.
    pub fn map_spans(&mut self, convert: impl Fn(Span) -> Span) {
        self.location.span = convert(self.location.span);
        for note in &mut self.notes {
            if note.file == FileRef::SameFile {
                note.span = convert(note.span);
            }
        }
    }

    /// Sets the fix. `None`, which `syntax::edit` returns if no edit is safe, leaves the finding without a fix.
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

/// A range of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineRange {
    /// The first character.
    pub start: Position,
    /// The character after the last one.
    pub end: Position,
}

impl LineRange {
    /// The start of a file, also of one that could not be read.
    pub const START: Self = Self { start: Position::START, end: Position::START };

    /// Converts a span to lines and columns.
    pub fn new(source: &Source, span: Span) -> Self {
        Self { start: source.position(span.start), end: source.position(span.end) }
    }

    /// The bytes of the range.
    pub fn span(self) -> Span {
        Span { start: self.start.offset, end: self.end.offset }
    }
}

/// A [`RelatedLocation`] of a [`Diagnostic`], in its final form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub file: FileId,
    /// The range in that file.
    pub region: LineRange,
    /// Why the location is shown.
    pub message: String,
}

/// A finding in its final form, with its severity and positions, and with secrets masked in every text.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule.
    pub code: Code,
    /// The severity according to the rule and the settings.
    pub severity: Severity,
    /// The file.
    pub file: FileId,
    /// The index of the YAML document in the file.
    pub document: usize,
    /// The JSON Pointer of the value in the file.
    pub pointer: String,
    /// The JSON Pointer of the value in its portal. It differs from `pointer` if the portal is wrapped in another value.
    pub portal_pointer: String,
    /// The range to underline.
    pub region: LineRange,
    /// What is wrong.
    pub message: String,
    /// The text next to the underline.
    pub label: Option<String>,
    /// What the user should do.
    pub help: String,
    /// See [`Finding::question`].
    pub question: Option<&'static str>,
    /// Other locations that explain the diagnostic.
    pub labels: Vec<Label>,
    /// A fix for display. Secrets in it are masked, see [`Fix::masked`].
    pub fix: Option<Fix>,
    /// The edits of the fix with unmasked secrets, to apply them; only with [`crate::settings::Settings::with_edits`]. Never print them.
    pub unmasked_edits: Option<Vec<Edit>>,
    /// The suppression, if there is one. A suppressed diagnostic is shown but does not fail the run.
    pub allowed: Option<Allowed>,
    /// The number of findings of the same rule in the same text that are left out after this one; the message states it, too.
    pub omitted: usize,
}

/// A placeholder in the help of a rule. The report replaces it by the file of the finding, as a word of a suggested command. It is a
/// control character, because rules replace those in every text that they quote.
pub(crate) const THIS_FILE: &str = "\u{1}";

/// A placeholder like [`THIS_FILE`], for the option that selects the document of the finding. The report replaces it by an empty text
/// in a file with one portal.
pub(crate) const DOCUMENT_OPTION: &str = "\u{2}";

/// In a help, the text between what to do and how to record that the finding is intended.
pub(crate) const IF_INTENDED: &str = "; if this is intended, ";

impl Diagnostic {
    /// The help up to [`IF_INTENDED`], because an agent must not decide that a finding is intended.
    pub fn help_for_agents(&self) -> &str {
        match self.help.split_once(IF_INTENDED) {
            Some((what_to_do, _)) => what_to_do,
            None => &self.help,
        }
    }
}

/// The suppression that allows a finding, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Allowed {
    /// The reason that the user gives.
    pub reason: String,
    /// The last day of the suppression, such as `2027-03-31`; `None` if it does not end.
    pub until: Option<String>,
    /// Its file and line, such as `portal-lint.toml:12`.
    pub source: String,
}
