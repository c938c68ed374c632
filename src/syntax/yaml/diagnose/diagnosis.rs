//! The result of a diagnosis: what to report, and how to change the text so that parsing can continue.

use crate::base::source::Span;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::{Problem, SyntaxError};

/// The cause of one stop of the parser.
#[derive(Debug, Default)]
pub(crate) struct Diagnosis {
    /// The errors to report, usually one.
    pub errors: Vec<SyntaxError>,
    /// Changes to the text after which the parser gets further.
    pub repairs: Vec<Repair>,
}

impl Diagnosis {
    /// A diagnosis with one error, whose span is from `start` to `end`.
    pub(crate) fn new(problem: Problem, start: usize, end: usize, repairs: Vec<Repair>) -> Self {
        let error = SyntaxError { span: Span::new(start, end), problem, related: None };
        Self { errors: vec![error], repairs }
    }

    /// Adds a second location that explains the errors.
    pub(crate) fn with_related(mut self, start: usize, end: usize) -> Self {
        for error in &mut self.errors {
            error.related = Some(Span::new(start, end));
        }
        self
    }
}
