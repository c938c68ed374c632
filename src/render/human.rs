//! For people: each finding with its source, its reasons and the one thing to do; then the numbers.
//!
//! The only file that names miette. It draws; what it is given is already cut to the screen ([`crate::render::snippet`]), so
//! neither a line of a megabyte nor a place past its last column can trouble it.

use std::fmt::{self, Display};
use std::io::{self, Write};

use miette::{
    Diagnostic as Draw, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use crate::base::diagnostic::{Applicability, Diagnostic, LineRange, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::{Report, Summary};
use crate::render::snippet::{Block, Mark, blocks};
use crate::render::{Screen, unverified, url};
use crate::rules::metadata;

/// Room for line numbers and the frame beside the source.
const FRAME: usize = 10;

/// Writes the findings, what could not be checked, and the numbers.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    findings(report, screen, out)?;
    allowed(report, out)?;
    // That nothing was checked is no result to sum up; who asked says so.
    if report.summary.files == 0 {
        return Ok(());
    }
    writeln!(out, "{}", numbers(&report.summary))?;
    unverified::render(report, out)?;
    if let Some(fixable) = fixable(report) {
        writeln!(out, "{fixable}")?;
    }
    Ok(())
}

/// Writes the findings alone, and why a check could not be completed, for `--quiet`.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render_findings(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    findings(report, screen, out)?;
    unverified::not_completed(report, out)
}

fn findings(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let theme = if screen.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(screen.width).with_links(screen.color);
    for group in groups(report, screen.width) {
        for drawing in Drawing::of(report, &group, screen.width) {
            let mut text = String::new();
            handler.render_report(&mut text, &drawing).map_err(io::Error::other)?;
            writeln!(out, "{}", text.trim_end())?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The findings, those together that stand on one line near enough to be seen at once.
fn groups(report: &Report, width: usize) -> Vec<Vec<&Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    for diagnostic in report.findings() {
        let (start, shows) = (diagnostic.region.start, report.files[diagnostic.file].source.is_some());
        let together = |first: &Diagnostic| {
            let other = first.region.start;
            let near = start.line == other.line && start.column.abs_diff(other.column) < columns(width) / 2;
            shows && first.file == diagnostic.file && near
        };
        match groups.last_mut().filter(|group| group.first().is_some_and(|first| together(first))) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}

/// Room for the source.
fn columns(width: usize) -> u32 {
    u32::try_from(width.saturating_sub(FRAME).max(30)).unwrap_or(u32::MAX)
}

/// What somebody decided, in two lines each: it is to be seen, and nobody has to do anything about it.
fn allowed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut any = false;
    for diagnostic in &report.diagnostics {
        let Some(allowed) = &diagnostic.allowed else { continue };
        let name = metadata(diagnostic.code).name;
        let (file, start) = (sanitize(&report.files[diagnostic.file].name), diagnostic.region.start);
        let place = format!("{file}:{}:{}", start.line.max(1), start.column.max(1));
        let message = sanitize(&diagnostic.message);
        writeln!(out, "{} {name} allowed at {place}: {message}", diagnostic.code)?;
        let until = allowed.until.as_deref().map(|day| format!(" until {day}")).unwrap_or_default();
        writeln!(out, "  {}: {}{until}", sanitize(&allowed.source), sanitize(&allowed.reason))?;
        any = true;
    }
    if any { writeln!(out) } else { Ok(()) }
}

/// What the program could do itself.
fn fixable(report: &Report) -> Option<String> {
    match [Applicability::Safe, Applicability::Unsafe].map(|applicability| report.fixable(applicability)) {
        [0, 0] => None,
        [safe, 0] => Some(format!("{safe} can be fixed with --fix")),
        [0, more] => Some(format!("{more} can be fixed with --fix --unsafe-fixes")),
        [safe, more] => Some(format!("{safe} can be fixed with --fix, {more} more with --fix --unsafe-fixes")),
    }
}

/// "2 errors, 1 warning in 3 files".
fn numbers(summary: &Summary) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    };
    let found: Vec<String> = [
        count(summary.errors, "error", "errors"),
        count(summary.warnings, "warning", "warnings"),
        count(summary.advice, "piece of advice", "pieces of advice"),
        (summary.allowed > 0).then(|| format!("{} allowed", summary.allowed)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let files = count(summary.files, "file", "files").unwrap_or_else(|| "no file".into());
    let found = if found.is_empty() { "nothing wrong found".into() } else { found.join(", ") };
    match count(summary.portals, "portal", "portals") {
        Some(portals) => format!("{found} in {portals} ({files})"),
        None => format!("{found} in {files}"),
    }
}

/// The places of a finding; when others are drawn with it, its own says whose it is.
fn marks<'r>(report: &'r Report, diagnostic: &'r Diagnostic, with_code: bool) -> Vec<Mark<'r>> {
    let label = diagnostic.label.as_deref().unwrap_or_default();
    let own = match (with_code, label) {
        (false, label) => label.to_owned(),
        (true, "") => diagnostic.code.to_string(),
        (true, label) => format!("{}: {label}", diagnostic.code),
    };
    let others = diagnostic.labels.iter().map(|label| (label.file, label.region, label.message.clone()));
    let places = std::iter::once((diagnostic.file, diagnostic.region, own)).chain(others);
    let mark = |(file, region, text): (usize, LineRange, String)| {
        let source = report.files[file].source.as_deref().filter(|source| !source.text().is_empty())?;
        Some(Mark { source, region, text: sanitize(&text) })
    };
    places.filter_map(mark).collect()
}

/// Of several that are underlined at the same bytes, one underline that says it all.
fn each_place_once(marks: Vec<Mark<'_>>) -> Vec<Mark<'_>> {
    let mut once: Vec<Mark<'_>> = Vec::new();
    for mark in marks {
        let same = |other: &&mut Mark<'_>| std::ptr::eq(other.source, mark.source) && other.region == mark.region;
        match once.iter_mut().find(same) {
            Some(other) if other.text == mark.text => {}
            Some(other) => other.text = [other.text.as_str(), &mark.text].join("; "),
            None => once.push(mark),
        }
    }
    once
}

/// What to do; of several findings each with its code, what is the same once.
fn helps(group: &[&Diagnostic]) -> String {
    let [one] = group else {
        let mut helps: Vec<String> = group.iter().map(|one| format!("{}: {}", one.code, sanitize(&one.help))).collect();
        helps.dedup();
        return helps.join("\n");
    };
    sanitize(&one.help)
}

/// One finding as miette wants it.
#[derive(Debug)]
struct Drawing {
    message: String,
    code: String,
    severity: Severity,
    help: Option<String>,
    url: String,
    excerpt: Excerpt,
}

impl Drawing {
    /// The messages of a group, one below the other; the last carries the source and what to do about each.
    fn of(report: &Report, group: &[&Diagnostic], width: usize) -> Vec<Self> {
        let marks = each_place_once(group.iter().flat_map(|one| marks(report, one, group.len() > 1)).collect());
        let mut drawings: Vec<Self> = group
            .iter()
            .map(|one| {
                let name = metadata(one.code).name;
                let (message, file) = (sanitize(&one.message), sanitize(&report.files[one.file].name));
                Self {
                    message: if marks.is_empty() { format!("{file}: {message}") } else { message },
                    code: format!("{} {name}", one.code),
                    severity: one.severity,
                    help: None,
                    url: url(one.code),
                    excerpt: Excerpt { blocks: Vec::new() },
                }
            })
            .collect();
        if let Some(last) = drawings.last_mut() {
            last.excerpt = Excerpt::of(blocks(&marks, columns(width) as usize));
            last.help = Some(helps(group));
        }
        drawings
    }
}

impl Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Draw for Drawing {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(&self.url))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.excerpt.blocks.is_empty()).then_some(&self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.blocks.iter().flat_map(|(start, block)| {
            block.marks.iter().map(move |(range, text)| (start + range.start, range.len(), text.clone()))
        });
        Some(Box::new(labels.enumerate().map(|(index, (offset, length, text))| {
            let span = SourceSpan::new(offset.into(), length);
            let text = (!text.is_empty()).then_some(text);
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

/// The blocks one behind the other in a text of their own; each is read as a whole and never together with another.
#[derive(Debug)]
struct Excerpt {
    blocks: Vec<(usize, Block)>,
}

impl Excerpt {
    fn of(blocks: Vec<Block>) -> Self {
        let mut start = 0;
        let place = |block: Block| {
            let own = start;
            start += block.text.len() + 1;
            (own, block)
        };
        Self { blocks: blocks.into_iter().map(place).collect() }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let wanted = span.offset()..span.offset() + span.len();
        let holds = |(start, block): &&(usize, Block)| *start <= wanted.start && wanted.end <= start + block.text.len();
        let (start, block) = self.blocks.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let name = sanitize(&block.name);
        // Without lines around it miette asks for line and column of a place: the first mark's, as in the file.
        let contents = if before == 0 && after == 0 {
            let data = &block.text.as_bytes()[wanted.start - start..wanted.end - start];
            MietteSpanContents::new_named(name, data, *span, block.at.0, block.at.1, 1)
        } else {
            let whole = SourceSpan::new((*start).into(), block.text.len());
            MietteSpanContents::new_named(name, block.text.as_bytes(), whole, block.first_line, 0, block.lines)
        };
        Ok(Box::new(contents))
    }
}
