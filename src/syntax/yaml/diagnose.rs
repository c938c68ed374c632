//! From the parser's reason to the probable cause, in our terms, and to the repair that lets reading go on.

use granit_parser::ErrorKind;

use crate::base::source::Span;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::yaml::{block, escape, flow, indentation, tabs};
use crate::syntax::{Problem, SyntaxError, merge_conflict};

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
pub fn diagnose(text: &str, halt: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = halt.at;
    let openers = flow::openers(text, halt);
    let found = flow::opened_by_mistake(text, halt, &openers)
        .or_else(|| quoted(text, halt, &openers))
        .or_else(|| tabs::diagnose(text, halt, !openers.is_empty()))
        .or_else(|| foreign(text, at))
        .or_else(|| dedented_text(text, at));
    if let Some(found) = found {
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
    let mut line = line_scan::line_at(text, at);
    if line.is_blank() && line.text == line.full_end {
        match line_scan::line_before(text, &line) {
            Some(before) => line = before,
            None => return Vec::new(),
        }
    }
    vec![Repair::Lines(line.start..line.full_end)]
}

/// A line that is no YAML at all: a mark of a merge conflict, a comment of another language.
fn foreign(text: &str, at: usize) -> Option<Diagnosis> {
    let line = line_scan::line_at(text, at);
    [Some(line), line_scan::line_before(text, &line)].into_iter().flatten().find_map(|line| {
        let written = &text[line.text..line.full_end];
        let problem = match written {
            mark if line.indent() == 0 && merge_conflict::is_mark(mark) => Problem::MergeConflict,
            comment if comment.starts_with("//") || comment.starts_with("/*") => Problem::Comment,
            _ => return None,
        };
        let repairs = vec![Repair::Lines(line.start..line.full_end)];
        Some(Diagnosis::new(problem, line.text, line.end, repairs))
    })
}

/// Text that is indented less than the text block it belongs to.
fn dedented_text(text: &str, at: usize) -> Option<Diagnosis> {
    let (line, repairs) = indentation::dedented_text(text, &line_scan::line_at(text, at))?;
    Some(Diagnosis::new(Problem::Indentation, line.text, line.end, repairs))
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
        vec![Repair::Write(start..start + length, String::new())],
    )
}

/// Errors in and around quotes.
fn quoted(text: &str, halt: &ParseStop, openers: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let at = halt.at;
    match halt.kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            Some(unclosed_quote(text, at, text.len(), openers))
        }
        Kind::InvalidQuotedScalarIndent | Kind::TabInIndentation => {
            let (start, _) = last_quote(text, halt.after, at)?;
            if halt.kind == Kind::TabInIndentation && tabs::leading(text, &line_scan::line_at(text, at)).is_some() {
                return None;
            }
            let line = line_scan::line_at(text, at);
            let bytes = text.as_bytes();
            match line_scan::quote_end(bytes, start, text.len()) {
                Some(end) if line.colon.is_none() && end <= line_scan::block_end(text, &line, line.indent()) => {
                    let first = line_scan::line_at(text, start);
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
                dedented_text(text, at).unwrap_or_else(|| block::after_quote(text, start, end, at))
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
    let line = line_scan::line_at(text, start);
    let end = if openers.is_empty() {
        line_scan::block_end(text, &line, line.key_column() + 1).min(limit.max(line.full_end))
    } else {
        let rest = text[start..line.full_end].trim_end_matches([' ', '\t', ',', ']', '}']);
        start + rest.len().max(1)
    };
    Diagnosis::new(Problem::UnclosedText, start, start + 1, vec![Repair::Value(start..end)])
}

/// The last quoted text that starts between two bytes, and its end.
fn last_quote(text: &str, after: usize, at: usize) -> Option<(usize, Option<usize>)> {
    line_scan::tokens(text, after.min(at), at).into_iter().rev().find_map(|mark| match mark {
        line_scan::Mark::Quoted(start, end) => Some((start, end)),
        _ => None,
    })
}
