//! From the parser's reason to the probable cause, in our terms, and to the repair that lets reading go on.

use granit_parser::ErrorKind;

use super::super::{Problem, SyntaxError};
use super::lines::{self, Line};
use super::repair::{self, Repair};
use super::tree::Halt;
use super::{block, escape, flow};
use crate::source::Span;

/// What one stop of the parser means.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// Usually one.
    pub errors: Vec<SyntaxError>,
    /// Lets the parser come further.
    pub repairs: Vec<Repair>,
}

impl Diagnosis {
    /// One error.
    pub fn new(problem: Problem, start: usize, end: usize, repairs: Vec<Repair>) -> Self {
        let error = SyntaxError { span: Span::new(start, end), problem, related: None };
        Self { errors: vec![error], repairs }
    }

    /// With the place that explains it.
    pub fn related(mut self, start: usize, end: usize) -> Self {
        self.errors.iter_mut().for_each(|error| error.related = Some(Span::new(start, end)));
        self
    }
}

/// Finds the cause of a stop.
pub fn diagnose(text: &str, halt: &Halt) -> Diagnosis {
    use ErrorKind as Kind;
    let at = halt.at;
    let openers = flow::openers(text, halt);
    if let Some(found) = quoted(text, halt, &openers).or_else(|| tabs(text, halt, &openers)) {
        return found;
    }
    match &halt.kind {
        Kind::UnexpectedCharacter { character } if !"@`%|>".contains(*character) => control(text, at, *character),
        Kind::BomInsideDocument => control(text, at, '\u{feff}'),
        Kind::UndeclaredTagHandle => {
            let end = text[at..].find(char::is_whitespace).map_or(text.len(), |found| at + found);
            Diagnosis::new(Problem::CustomTag(text[at..end].to_owned()), at, end, vec![Repair::Blank(at..end)])
        }
        Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::UnclosedFlowCollection { .. } => flow::bracket(text, halt, &openers),
        _ if !openers.is_empty() => flow::inside(text, halt, &openers),
        _ => block::diagnose(text, halt),
    }
}

/// When nothing else changed the text: covers the line, or the last one before it that is not yet covered.
pub fn last_resort(text: &str, at: usize) -> Vec<Repair> {
    let mut line = lines::line_at(text, at);
    if line.is_blank() && line.text == line.full_end {
        match lines::line_before(text, &line) {
            Some(before) => line = before,
            None => return Vec::new(),
        }
    }
    vec![Repair::Lines(line.start..line.full_end)]
}

/// A raw control character, with its neighbours of the same kind.
fn control(text: &str, at: usize, character: char) -> Diagnosis {
    let start = text[at..].find(character).map_or(at, |found| at + found);
    let odd = |c: char| {
        c == '\u{feff}' || (c.is_control() && !"\t\n\r\u{85}".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let length = text[start..].chars().take_while(|&c| c == character || odd(c)).map(char::len_utf8).sum::<usize>();
    Diagnosis::new(
        Problem::ControlCharacter(character),
        start,
        start + character.len_utf8(),
        vec![Repair::Blank(start..start + length)],
    )
}

/// Errors in and around quotes.
fn quoted(text: &str, halt: &Halt, openers: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let at = halt.at;
    match halt.kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            Some(unclosed_quote(text, at, text.len(), openers))
        }
        Kind::InvalidQuotedScalarIndent | Kind::TabInIndentation => {
            let (start, _) = last_quote(text, halt.after, at)?;
            if halt.kind == Kind::TabInIndentation && repair::tab_run(text, at).is_some() {
                return None;
            }
            let line = lines::line_at(text, at);
            let bytes = text.as_bytes();
            match lines::quote_end(bytes, start, text.len()) {
                Some(end) if line.colon.is_none() && end <= lines::block_end(text, &line, line.indent()) => {
                    let first = lines::line_at(text, start);
                    let found =
                        Diagnosis::new(Problem::Indentation, line.text, line.end, vec![Repair::Value(start..end)]);
                    Some(found.related(start, first.end.max(start + 1)))
                }
                _ => Some(unclosed_quote(text, start, line.start, openers)),
            }
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            let (start, end) = last_quote(text, halt.after, at)?;
            let end = end.unwrap_or(at);
            let lines = text[start..end].contains(['\n', '\r']);
            Some(if lines {
                unclosed_quote(text, start, at, openers)
            } else if openers.is_empty() {
                block::after_quote(text, start, end, at)
            } else {
                flow::after_quote(text, start, end, at, openers)
            })
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => {
            let (errors, repairs) = escape::bad_escapes(text, at).into_iter().unzip();
            Some(Diagnosis { errors, repairs })
        }
        _ => None,
    }
}

/// A text that is not closed ends, for us, with its line; in block style with the lines that belong to it.
fn unclosed_quote(text: &str, start: usize, limit: usize, openers: &[usize]) -> Diagnosis {
    let line = lines::line_at(text, start);
    let end = if openers.is_empty() {
        lines::block_end(text, &line, line.key_column() + 1).min(limit.max(line.full_end))
    } else {
        let rest = text[start..line.full_end].trim_end_matches([' ', '\t', ',', ']', '}']);
        start + rest.len().max(1)
    };
    Diagnosis::new(Problem::UnclosedText, start, start + 1, vec![Repair::Value(start..end)])
}

/// The last quoted text that starts between two bytes, and its end.
fn last_quote(text: &str, after: usize, at: usize) -> Option<(usize, Option<usize>)> {
    lines::tokens(text, after.min(at), at).into_iter().rev().find_map(|mark| match mark {
        lines::Mark::Quoted(start, end) => Some((start, end)),
        _ => None,
    })
}

/// Tabs where only spaces may stand.
fn tabs(text: &str, halt: &Halt, openers: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let here = lines::line_at(text, halt.at);
    let below = lines::line_at(text, here.next);
    let named = matches!(
        halt.kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
            | Kind::InvalidBlockEntryWhitespace
    );
    if !named && (!openers.is_empty() || matches!(halt.kind, Kind::UnexpectedCharacter { .. })) {
        return None;
    }
    let mut run = repair::tab_run(text, halt.at);
    if named && run.is_none() {
        run = next_tabs(text, below);
    }
    if named && run.is_none() {
        let tab = memchr::memrchr(b'\t', &text.as_bytes()[here.start..halt.at.max(here.start)])?;
        let tab = here.start + tab;
        run = Some((Span::new(tab, tab + 1), vec![Repair::Tabs(here.start..here.full_end)]));
    }
    let (span, repairs) = run?;
    let error = SyntaxError { span, problem: Problem::TabIndentation, related: None };
    Some(Diagnosis { errors: vec![error], repairs })
}

/// The first tab-indented line from `line` on.
fn next_tabs(text: &str, mut line: Line) -> Option<(Span, Vec<Repair>)> {
    loop {
        if let Some(found) = repair::tab_run(text, line.start) {
            return Some(found);
        }
        if line.next <= line.start || line.next >= text.len() {
            return None;
        }
        line = lines::line_at(text, line.next);
    }
}
