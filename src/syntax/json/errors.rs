//! Collects the errors of a text, without those that may be consequences of another one.
//!
//! - An error in a single token, such as single quotes, has no consequences.
//! - A missing or extra sign may have consequences in the next entry, and for the brackets of the text.
//! - After any other error, the rest of the text may be misread, so no more errors are reported.

use crate::syntax::{Document, MAX_ERRORS, Problem, SyntaxError};

/// How many tokens an entry with its comma has. An error that follows another one by fewer tokens may be its consequence.
const TOKENS_OF_ENTRY: usize = 4;

/// What may be misread because of an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Misread {
    /// Nothing after the token with the error.
    Nothing,
    /// The next entry, and which brackets belong together.
    NextEntry,
    /// All text after the error.
    Rest,
}

/// The errors of a text.
pub(super) struct Errors<'t> {
    text: &'t str,
    reported: Vec<SyntaxError>,
    /// The start of the error after which the text may be misread. No error after it is reported.
    unknown_from: Option<usize>,
    /// Whether an error was reported that may be the reason for brackets that do not match.
    may_misplace_brackets: bool,
    /// Whether an unclosed bracket was found before any error after which the text may be misread.
    has_unclosed_bracket: bool,
    /// The number of tokens so far.
    tokens: usize,
    /// The number of tokens at the last error.
    tokens_at_error: usize,
}

impl<'t> Errors<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            reported: Vec::new(),
            unknown_from: None,
            may_misplace_brackets: false,
            has_unclosed_bracket: false,
            tokens: 0,
            tokens_at_error: 0,
        }
    }

    pub(super) fn count_token(&mut self) {
        self.tokens += 1;
    }

    /// Adds an error, unless it may be a consequence of the one before it.
    pub(super) fn add(&mut self, error: SyntaxError) {
        if error.is_limit() {
            self.reported.push(error);
            return;
        }
        if self.unknown_from.is_some() {
            return;
        }
        self.has_unclosed_bracket |= matches!(error.problem, Problem::UnclosedBracket(_));
        let misread = self.misread_after(&error);
        if let Some(previous) = self.reported.last() {
            let is_near = self.tokens - self.tokens_at_error < TOKENS_OF_ENTRY;
            let are_harmless = misread == Misread::Nothing && self.misread_after(previous) == Misread::Nothing;
            if is_missing_sign(previous)
                && misread != Misread::NextEntry
                && only_signs_between(self.text, previous, &error)
            {
                // The sign seems to be missing because of this error, as before a word where a comma should be.
                self.reported.pop();
            } else if (is_near && !are_harmless) || (self.may_misplace_brackets && misread == Misread::Rest) {
                self.unknown_from = Some(previous.span.start as usize);
                return;
            }
        }
        if misread == Misread::Rest {
            self.unknown_from = Some(error.span.start as usize);
        }
        self.may_misplace_brackets |= misread == Misread::NextEntry || error.problem == Problem::TrailingComma;
        self.tokens_at_error = self.tokens;
        self.reported.push(error);
    }

    /// Removes the last error if the text after it shows that it is only a consequence.
    pub(super) fn retract_if(&mut self, is_consequence: impl FnOnce(&mut SyntaxError) -> bool) {
        if let Some(error) = self.reported.pop_if(is_consequence)
            && self.unknown_from == Some(error.span.start as usize)
        {
            self.unknown_from = None;
        }
    }

    pub(super) fn last(&self) -> Option<&SyntaxError> {
        self.reported.last()
    }

    pub(super) fn has_unclosed_bracket(&self) -> bool {
        self.has_unclosed_bracket
    }

    /// Whether the rest of the text may be misread because of an error.
    pub(super) fn is_rest_unknown(&self) -> bool {
        self.unknown_from.is_some()
    }

    pub(super) fn count(&self) -> usize {
        self.reported.len()
    }

    /// Marks what may be missing or misread in the document, and returns the errors in the order of the file.
    pub(super) fn finish(mut self, document: &mut Document<'_>) -> Vec<SyntaxError> {
        if let Some(offset) = self.unknown_from {
            document.mark_unknown_from(offset);
        } else if self.reported.iter().any(|error| self.misread_after(error) == Misread::NextEntry) {
            document.mark_partial();
        }
        // An unclosed bracket is reported only at the end of the text, after errors that are behind the bracket.
        self.reported.sort_by_key(|error| error.span);
        self.reported.truncate(MAX_ERRORS + 1);
        self.reported
    }

    fn misread_after(&self, error: &SyntaxError) -> Misread {
        match &error.problem {
            // A string with a line break may end elsewhere, and a comment may hide a bracket or an entry.
            Problem::ControlCharacter('\n' | '\r') => Misread::Rest,
            Problem::Comment if self.text[error.span.range()].contains(['{', '}', '[', ']']) => Misread::Rest,
            Problem::Comment if self.text[error.span.range()].contains('"') => Misread::NextEntry,
            Problem::SingleQuotes
            | Problem::ForeignQuotes(_)
            | Problem::UnquotedKey
            | Problem::Comment
            | Problem::ControlCharacter(_)
            | Problem::InvalidEscape
            | Problem::LoneSurrogate
            | Problem::InvalidNumber
            | Problem::NumberTooLarge
            | Problem::UnquotedText(Some(_))
            | Problem::InvisibleCharacter(_)
            | Problem::LookAlike(_, ':' | ',')
            | Problem::TrailingComma => Misread::Nothing,
            Problem::MissingComma
            | Problem::MissingColon
            | Problem::MissingValue
            | Problem::ExtraComma
            | Problem::WrongBracket('}' | ']', _) => Misread::NextEntry,
            _ => Misread::Rest,
        }
    }
}

/// Whether only white space and signs are between a missing sign and an error after it.
fn only_signs_between(text: &str, missing: &SyntaxError, error: &SyntaxError) -> bool {
    let between = text.get(missing.span.end as usize..error.span.start as usize);
    between.is_some_and(|between| between.trim_matches([' ', '\t', '\n', '\r', ':', ',']).is_empty())
}

fn is_missing_sign(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::MissingComma | Problem::MissingColon | Problem::MissingValue)
}
