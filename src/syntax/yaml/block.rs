//! Causes of errors outside of brackets: a missing colon, a value that needs quotes, lines that do not line up.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::Diagnosis;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::indentation::Open;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::yaml::tabs;

/// Finds the cause of a stop.
pub fn diagnose(text: &str, halt: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = halt.at;
    let line = line_scan::line_at(text, at);
    let first = text[at..].chars().next();
    match &halt.kind {
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => colon(text, halt, &line),
        Kind::SimpleKeyExpected => missing_colon(text, &line),
        // Only the reader of the tree stops before a key that is HTML.
        Kind::ExpectedBlockMappingKey if first == Some('<') && line.colon.is_some() => {
            let end = line_scan::block_end(text, &line, line.indent().max(1));
            Diagnosis::new(Problem::NeedsQuotes(':'), line.text, line.end, vec![Repair::Value(line.text..end)])
        }
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::ExpectedDocumentStart
        | Kind::ExpectedNodeContent => misplaced(text, halt, &line),
        Kind::InvalidBlockScalarIndent => {
            let header = line_scan::line_before(text, &line).unwrap_or(line);
            Diagnosis::new(Problem::Indentation, line.text, line.end, vec![value(text, &header, header.value)])
        }
        Kind::ZeroBlockScalarIndent => {
            let problem = Problem::Yaml("a text block whose indentation is said to be 0");
            Diagnosis::new(problem, at, line.end.max(at), vec![value(text, &line, at)])
        }
        Kind::CommentInterceptedScalar if line.colon.is_none() => missing_colon(text, &line),
        Kind::CommentInterceptedScalar => {
            let below = line_scan::line_at(text, line.next);
            if below.colon.is_some() {
                return misaligned(text, &below, halt);
            }
            let problem = Problem::Yaml("text that goes on after a comment");
            Diagnosis::new(problem, below.text, below.end, vec![value(text, &line, line.value)])
        }
        Kind::CommentNotSeparated if first == Some('#') => {
            Diagnosis::new(Problem::MissingSpace, at, at + 1, vec![Repair::Write(at..at, " ".to_owned())])
        }
        Kind::InvalidDocumentEnd => {
            Diagnosis::new(Problem::AfterEnd, at, line.end.max(at), vec![Repair::Blank(at..line.full_end)])
        }
        _ if text[line.start..].starts_with('%') => percent(text, &line),
        _ if line.value < at && text[line.value..].starts_with(['{', '[', '*', '&', '!']) => {
            needs_quotes(text, &line, line.value)
        }
        _ if first.is_some_and(|c| "@`%|>*&!-?#".contains(c)) => needs_quotes(text, &line, at),
        _ => Diagnosis::new(
            Problem::Yaml("something that cannot be read as YAML"),
            at.min(line.end),
            line.end,
            vec![Repair::Lines(line.start..line.full_end)],
        ),
    }
}

/// The value from `at` on, with the lines that belong to it.
fn value(text: &str, line: &Line, at: usize) -> Repair {
    let end = line_scan::block_end(text, line, line.key_column() + 1);
    let last = line_scan::line_at(text, end);
    if last.start == line.start { Repair::Value(at..line.end.max(at)) } else { Repair::Value(at..end) }
}

/// A line, the lines below it that are indented like it or deeper.
fn run(text: &str, line: &Line) -> Repair {
    Repair::Lines(line.start..line_scan::block_end(text, line, line.indent().max(1)))
}

/// The end of a line and the lines below it that are indented like it or deeper, but do not line up with a block
/// that is open.
fn end_of_run(text: &str, line: &Line, halt: &ParseStop) -> usize {
    let end = line_scan::block_end(text, line, line.indent().max(1));
    if indentation::is_beside_its_lines(text, line) {
        return line.full_end;
    }
    let open = halt.open.iter().map(|&(start, _)| start - line_scan::line_at(text, start).start);
    let columns = open.chain(line_scan::line_before(text, line).map(|before| before.indent())).collect::<Vec<_>>();
    let mut last = *line;
    while line.has_value() && last.next < end && last.next > last.start {
        let below = line_scan::line_at(text, last.next);
        if !below.is_blank() && columns.contains(&below.indent()) {
            return last.full_end;
        }
        last = below;
    }
    end
}

fn needs_quotes(text: &str, line: &Line, at: usize) -> Diagnosis {
    let character = text[at..].chars().next().unwrap_or(' ');
    let key = line.colon.filter(|&colon| colon > at);
    let repair = if key.is_some() { run(text, line) } else { value(text, line, at) };
    Diagnosis::new(Problem::NeedsQuotes(character), at, key.unwrap_or(line.end).max(at), vec![repair])
}

fn percent(text: &str, line: &Line) -> Diagnosis {
    let (mut first, mut last) = (*line, *line);
    while let Some(before) = line_scan::line_before(text, &first).filter(|line| text[line.start..].starts_with('%')) {
        first = before;
    }
    while last.next > last.start && text[last.next..].starts_with('%') {
        last = line_scan::line_at(text, last.next);
    }
    Diagnosis::new(Problem::NeedsQuotes('%'), first.start, first.end, vec![Repair::Lines(first.start..last.full_end)])
}

/// A colon where no value may follow.
fn colon(text: &str, halt: &ParseStop, line: &Line) -> Diagnosis {
    let at = halt.at;
    if line.colon.is_some_and(|colon| colon < at) {
        let start = line.value.min(at);
        return Diagnosis::new(Problem::NeedsQuotes(':'), start, line.end, vec![value(text, line, start)]);
    }
    let Some(before) = line_scan::line_before(text, line) else {
        return misaligned(text, line, halt);
    };
    match before.colon {
        None if before.key_column() >= line.key_column() || before.key == before.text => missing_colon(text, &before),
        Some(colon) if before.has_value() => {
            let found = misaligned(text, line, halt);
            let here = found.errors.iter().all(|error| error.span.start as usize == line.text);
            if here { found.related(before.key, colon + 1) } else { found }
        }
        _ => misaligned(text, line, halt),
    }
}

/// Lines that do not line up: this one, or those above it when they are the odd ones.
fn misaligned(text: &str, line: &Line, halt: &ParseStop) -> Diagnosis {
    let this = || {
        let column = Open::before(text, line).fit(text, line, &[line.indent()]);
        (*line, end_of_run(text, line, halt), column)
    };
    let (odd, until, column) = indentation::misindented_above(text, line).unwrap_or_else(this);
    if let Some(found) = tabs::run(text, &odd) {
        return found;
    }
    let end = odd.colon.unwrap_or(odd.end).max(odd.text);
    let mut repairs = indentation::realign(text, &odd, until, column);
    if column == odd.indent() {
        repairs = vec![Repair::Lines(odd.start..until)];
    }
    Diagnosis::new(Problem::Indentation, odd.text, end, repairs)
}

/// A line that should be a key and its value.
fn missing_colon(text: &str, line: &Line) -> Diagnosis {
    let (start, end) = (line.key, line.end);
    let item = |line: Line| text[line.text..].starts_with("- ");
    if line_scan::line_before(text, line).is_some_and(|above| item(above) && above.indent() == line.indent()) {
        let dash = usize::from(text[line.text..].starts_with('-'));
        let repairs = vec![Repair::Write(line.text..line.text + dash, "- ".to_owned())];
        return Diagnosis::new(Problem::MissingDash, line.text, end, repairs);
    }
    let words = &text[start..end];
    let word = words.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).unwrap_or(words.len());
    let after = start + word;
    let rest = &words[word..];
    if let Some(column) = indentation::between(text, line).filter(|_| !rest.is_empty() && !rest.starts_with(':')) {
        // More text of the value above.
        let repairs = vec![Repair::Indent(line.start..line.text, column + 2)];
        return Diagnosis::new(Problem::Indentation, line.text, end, repairs);
    }
    if let Some(found) = stray_end(text, line, after + 1).filter(|_| rest.starts_with(':')) {
        return found;
    }
    let put =
        |at: Range<usize>, what: &str| vec![Repair::Write(at.clone(), what.to_owned()), Repair::Guess(at.end..end)];
    if word > 0 && rest.len() > 1 && rest.starts_with(':') && !rest.starts_with("://") {
        return Diagnosis::new(Problem::MissingSpace, after, after + 1, put(after + 1..after + 1, " "));
    }
    let value = end - rest.trim_start().len();
    match rest.as_bytes() {
        _ if word == 0 => Diagnosis::new(Problem::MissingColon, start, end, vec![run(text, line)]),
        [b' ', ..] if text[value..].starts_with("= ") => {
            Diagnosis::new(Problem::MissingColon, value, value + 1, put(value..value + 1, ":"))
        }
        _ if rest.starts_with('：') => {
            let wide = after..after + '：'.len_utf8();
            Diagnosis::new(Problem::MissingColon, start, wide.end, put(wide, ": "))
        }
        [] | [b' ', ..] => Diagnosis::new(Problem::MissingColon, start, after, put(after..after, ":")),
        _ => Diagnosis::new(Problem::MissingColon, start, end, vec![run(text, line)]),
    }
}

/// Something that does not belong to the block it stands in.
fn misplaced(text: &str, halt: &ParseStop, line: &Line) -> Diagnosis {
    let at = halt.at;
    if text[line.start..].starts_with('%') {
        return percent(text, line);
    }
    if at > line.key {
        if let Some(found) = stray_end(text, line, at) {
            return found;
        }
        let start = if line.value < at { line.value } else { line.key };
        return match text[start..].chars().next() {
            Some(c @ ('[' | '{' | '*' | '&' | '!')) => {
                Diagnosis::new(Problem::NeedsQuotes(c), start, line.end, vec![value(text, line, start)])
            }
            _ => Diagnosis::new(
                Problem::Yaml("more text after the end of the value"),
                at,
                line.end.max(at),
                vec![value(text, line, start)],
            ),
        };
    }
    let before = line_scan::line_before(text, line);
    if let Some(before) = before.filter(|before| text[before.start..].starts_with('%')) {
        return percent(text, &before);
    }
    if halt.kind == ErrorKind::ExpectedDocumentStart {
        if indentation::misindented_above(text, line).is_some() {
            return misaligned(text, line, halt);
        }
        if let Some(before) = before.filter(|before| before.colon.is_none() && !ends_bracket(text, before)) {
            return missing_colon(text, &before);
        }
        return Diagnosis::new(Problem::AfterEnd, line.text, line.end, vec![run(text, line)]);
    }
    let column = halt.open.last().map(|&(start, _)| start - line_scan::line_at(text, start).start);
    let dash = text[line.text..].starts_with("- ") || &text[line.text..line.end] == "-";
    if dash == (halt.kind == ErrorKind::ExpectedBlockMappingKey) && column == Some(line.indent()) {
        if let Some(found) = stray_dash(text, line).filter(|_| !dash) {
            return found;
        }
        if dash && line.colon.is_some() {
            let repairs = vec![Repair::Write(line.text..line.key, String::new())];
            return Diagnosis::new(Problem::StrayDash, line.text, line.text + 1, repairs);
        }
        let words = if dash { "a list item among keys" } else { "a key among the items of a list" };
        let end = line.colon.unwrap_or(line.end);
        return Diagnosis::new(Problem::Yaml(words), line.text, end, vec![run(text, line)]);
    }
    if !dash && line.colon.is_none() && line.has_value() && column == Some(line.indent()) {
        return missing_colon(text, line);
    }
    misaligned(text, line, halt)
}

/// The only dash among keys: the line above that starts the list which `line` does not fit in.
fn stray_dash(text: &str, line: &Line) -> Option<Diagnosis> {
    let before =
        |line: &Line| line_scan::line_before(text, line).filter(|line| !line_scan::is_marker(text, line.start));
    let above = std::iter::successors(before(line), before);
    let mut items =
        above.take_while(|above| above.indent() >= line.indent()).filter(|above| above.indent() == line.indent());
    let item = items.next().filter(|item| item.key > item.text && item.colon.is_some())?;
    let repairs = vec![Repair::Write(item.text..item.key, String::new())];
    items.next().is_none().then(|| Diagnosis::new(Problem::StrayDash, item.text, item.text + 1, repairs))
}

fn ends_bracket(text: &str, line: &Line) -> bool {
    text[line.text..line.end].ends_with([']', '}'])
}

/// Text outside of brackets that follows a closing quote.
pub fn after_quote(text: &str, start: usize, end: usize, at: usize) -> Diagnosis {
    let quote = text[start..].chars().next().unwrap_or('"');
    let line = line_scan::line_at(text, start);
    if start == line.key && at > end && line.colon.is_none() {
        let repairs = vec![Repair::Write(end..end, ":".to_owned()), Repair::Guess(end..line.end.max(end))];
        return Diagnosis::new(Problem::MissingColon, start, end, repairs);
    }
    if let Some(found) = stray_end(text, &line, at) {
        return found;
    }
    let stop = line.full_end.max(at);
    let shown = line.end.max(at + 1).min(stop.max(at));
    Diagnosis::new(Problem::AfterQuote(quote), at, shown, vec![Repair::Value(start..stop)])
}

/// Punctuation at the end of a line, as other languages have it.
fn stray_end(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let character = text.get(at..line.end)?.chars().next()?;
    let stray = matches!(character, ',' | ';' | ']' | '}') && line.end == at + 1;
    stray.then(|| {
        Diagnosis::new(Problem::Unexpected(character), at, at + 1, vec![Repair::Write(at..at + 1, String::new())])
    })
}
