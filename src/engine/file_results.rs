//! The results of single files, before the files of a run are compared and the report is made.

use std::sync::Arc;

use crate::base::file::InputFile;
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source, Span};
use crate::engine::report::{FileResult, MaskedSource};
use crate::model::portal::NotAPortal;
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{FileContext, PortalFacts, Sink, Unverified};
use crate::syntax::Parsed;
use crate::syntax::allow_comment::AllowComment;

/// What came of each file by itself, by the index of its input.
pub(super) struct Results {
    pub files: Vec<(usize, FileResult)>,
    /// [`PortalFacts::file`] is the input's index, too, until all files are known.
    pub portals: Vec<PortalFacts>,
    /// The inputs that were found by walking and are templates.
    pub templates: Vec<usize>,
    /// What the last file left open.
    open: Arc<[Unverified]>,
}

impl Results {
    pub(super) fn with_capacity(files: usize) -> Self {
        Self {
            files: Vec::with_capacity(files),
            portals: Vec::with_capacity(files),
            templates: Vec::new(),
            open: Arc::default(),
        }
    }

    /// The checks that a file left open: those of the last file where they are the same.
    pub(super) fn shared(&mut self, open: Vec<Unverified>) -> Arc<[Unverified]> {
        if *self.open != *open {
            self.open = open.into();
        }
        Arc::clone(&self.open)
    }
}

/// The rules of the file run whatever was selected: nothing that could not be read passes in silence.
pub(super) fn run_file_rules(
    trouble: Option<&ReadError>,
    source: &Source,
    parsed: &Parsed<'_>,
    remarks: &[AllowComment<'_>],
    non_portals: &[(usize, Span, NotAPortal)],
    said: &mut Sink,
) {
    for rule in RULES {
        if let Some(look) = rule.check_file {
            let errors = &parsed.errors;
            look(&mut FileContext {
                read_error: trouble,
                source,
                syntax_errors: errors,
                allow_comments: remarks,
                non_portals,
                code: rule.code,
                sink: said,
            });
        }
    }
}

pub(super) fn read_failed(input: &InputFile, trouble: &ReadError) -> FileResult {
    let mut said = Sink::default();
    let source = Source::new(input.name.as_str(), "", Format::Json);
    run_file_rules(Some(trouble), &source, &Parsed::default(), &[], &[], &mut said);
    // The contract: a size limit and what is wrong inside a file that could be read fail the run, they do not break it.
    let broken =
        matches!(trouble, ReadError::Missing | ReadError::Forbidden | ReadError::NotAFile(_) | ReadError::Io(_));
    FileResult {
        raised: said.findings,
        shown: Some(Box::new(MaskedSource { source, secrets: Secrets::default(), decisions: Vec::new() })),
        unread: broken,
        listed: true,
        ..FileResult::default()
    }
}

/// Keeps the text of a file that something is said about, its secrets covered.
pub(super) fn mask_source<'c>(
    checked: &'c mut FileResult,
    source: &Source,
    parsed: &Parsed<'_>,
) -> &'c mut MaskedSource {
    let secrets = Secrets::find(source, parsed);
    checked.shown.insert(Box::new(MaskedSource { source: secrets.mask_source(source), secrets, decisions: Vec::new() }))
}
