//! The results of single files, before the cross-file rules run and the report is built.

use std::sync::Arc;

use crate::base::file::InputFile;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source};
use crate::engine::report::{FileResult, MaskedSource};
use crate::model::portal::NonPortal;
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{FileContext, PortalFacts, Sink, Unverified};
use crate::syntax::Parsed;
use crate::syntax::allow_comment::AllowComment;

/// The results of all files that a thread has checked, in any order.
pub(super) struct Results {
    /// Each result with the index of its input.
    pub files: Vec<(usize, FileResult)>,
    /// What the cross-file rules compare. Until all files are known, [`PortalFacts::file`] is the index of the input.
    pub portals: Vec<PortalFacts>,
    /// The indices of the inputs that a folder walk found and that are templates.
    pub templates: Vec<usize>,
    /// The unverified checks of the previous file.
    last_unverified: Arc<[Unverified]>,
}

impl Results {
    pub(super) fn with_capacity(files: usize) -> Self {
        Self {
            files: Vec::with_capacity(files),
            portals: Vec::with_capacity(files),
            templates: Vec::new(),
            last_unverified: Arc::default(),
        }
    }

    /// Converts the unverified checks of a file to a shared list. Reuses the list of the previous file if it is equal.
    pub(super) fn share_unverified(&mut self, unverified: Vec<Unverified>) -> Arc<[Unverified]> {
        if *self.last_unverified != *unverified {
            self.last_unverified = unverified.into();
        }
        Arc::clone(&self.last_unverified)
    }

    /// Adds the results of another thread.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.files.append(&mut other.files);
        self.portals.append(&mut other.portals);
        self.templates.append(&mut other.templates);
    }
}

/// Runs the rules about the file itself (encoding, syntax, allow comments). `--select` and `--ignore` do not apply to them:
/// a file that cannot be checked must never pass.
pub(super) fn run_file_rules(
    read_error: Option<&ReadError>,
    source: &Source,
    parsed: &Parsed<'_>,
    allow_comments: &[AllowComment<'_>],
    non_portals: &[NonPortal],
    sink: &mut Sink,
) {
    for rule in RULES {
        if let Some(check) = rule.check_file {
            check(&mut FileContext {
                read_error,
                source,
                syntax_errors: &parsed.errors,
                allow_comments,
                non_portals,
                code: rule.code,
                sink,
            });
        }
    }
}

/// Returns the result of a file that could not be read.
pub(super) fn read_failed(input: &InputFile, error: &ReadError) -> FileResult {
    let mut sink = Sink::default();
    let source = Source::new(input.name.as_str(), "", Format::Json);
    run_file_rules(Some(error), &source, &Parsed::default(), &[], &[], &mut sink);
    // A file that is too large or has the wrong encoding is an ordinary finding (exit code 1). Only if the system did not
    // return its bytes is the run incomplete (exit code 2).
    let is_unread =
        matches!(error, ReadError::Missing | ReadError::Forbidden | ReadError::NotAFile(_) | ReadError::Io(_));
    let masked = MaskedSource { source, secrets: Secrets::default(), suppressions: Vec::new() };
    FileResult {
        findings: sink.findings,
        masked: Some(Box::new(masked)),
        is_unread,
        in_scope: true,
        ..FileResult::default()
    }
}

/// Stores the masked text of a file in its result.
pub(super) fn mask_source<'r>(
    result: &'r mut FileResult,
    source: &Source,
    parsed: &Parsed<'_>,
) -> &'r mut MaskedSource {
    let secrets = Secrets::find(source, parsed);
    let source = secrets.mask_source(source);
    result.masked.insert(Box::new(MaskedSource { source, secrets, suppressions: Vec::new() }))
}
