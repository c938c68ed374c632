//! The human-readable report: each finding with its source and what to do, then the summary.
//!
//! This is the only module that uses miette, which draws the snippets. [`crate::render::snippet`] first cuts the lines to the width of
//! the screen, because miette would print a line of a megabyte in full.

use std::cmp::Reverse;
use std::fmt::{self, Display};
use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::base::diagnostic::{Applicability, Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::{Report, Summary};
use crate::render::snippet::{Annotation, Snippet, build_snippets};
use crate::render::wrapping::{protect_code_spans, unprotect_code_spans};
use crate::render::{Screen, format_counts, rule_page_url, unverified};
use crate::rules::wording::pluralize;

/// The columns that miette needs for line numbers and the frame around the source.
const FRAME_WIDTH: usize = 10;
/// The columns that are not for text of the help: its indentation and a margin.
const HELP_MARGIN: usize = 10;
/// On narrower screens, snippets wrap instead of becoming too short to read.
const MIN_SOURCE_WIDTH: usize = 30;

/// Writes the findings, the summary, and where to learn more.
pub(crate) fn render(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    write_findings(report, screen, out)?;
    // Without files there is nothing to sum up: the command reports that nothing was checked.
    if report.summary.files == 0 {
        return Ok(());
    }
    writeln!(out, "{}", format_summary(&report.summary))?;
    render_notes(report, out)
}

/// Writes everything except the summary.
pub(crate) fn render_without_summary(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    write_findings(report, screen, out)?;
    render_notes(report, out)
}

/// Writes the lines after the summary: allowed findings, checks that could not be made, fixes, and where to learn more.
fn render_notes(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.summary.allowed {
        0 => {}
        1 => writeln!(out, "1 finding allowed: --no-allow shows it")?,
        allowed => writeln!(out, "{allowed} findings allowed: --no-allow shows them")?,
    }
    unverified::render(report, out)?;
    if let Some(fixable) = format_fixable(report) {
        writeln!(out, "{fixable}")?;
    }
    // The first of the most severe findings.
    match report.findings().min_by_key(|diagnostic| Reverse(diagnostic.severity)) {
        Some(diagnostic) => writeln!(out, "For more: portal-lint explain {}", diagnostic.code),
        None => Ok(()),
    }
}

/// For `--quiet`: writes the findings that are not allowed, and the checks that were not completed.
pub(crate) fn render_findings(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    write_findings(report, screen, out)?;
    unverified::render_not_completed(report, out)
}

fn write_findings(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let theme = if screen.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let wrapping = GraphicalReportHandler::new_themed(theme)
        .with_width(screen.width)
        // Do not break the names of rules and paths, so that they can be copied: `allow self-cancel portals/main.json`.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    // Wrapping takes about as long as everything else that miette does, so wrap only if it is necessary.
    let not_wrapping = wrapping.clone().with_wrap_lines(false);
    for group in group_by_line(report, screen.width) {
        let rendered = MietteDiagnostic::from_group(report, &group, screen.width);
        for diagnostic in &group {
            write_heading(report, diagnostic, rendered.source.snippets.is_empty(), screen, out)?;
        }
        let handler = if fits_in_width(&rendered.help, screen.width) { &not_wrapping } else { &wrapping };
        let mut text = String::new();
        handler.render_report(&mut text, &rendered).map_err(io::Error::other)?;
        // miette starts with a line for the message, which is in the heading already.
        let (_, snippets_and_help) = text.split_once('\n').unwrap_or_default();
        writeln!(out, "{}\n", unprotect_code_spans(snippets_and_help.trim_end()))?;
    }
    Ok(())
}

/// Writes `error[RCP012]: message`. On a terminal, the code is a link to the rule's page.
fn write_heading(
    report: &Report,
    diagnostic: &Diagnostic,
    with_file: bool,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    const BOLD: Style = Style::new().effects(Effects::BOLD);
    let (code, severity) = (diagnostic.code.to_string(), diagnostic.severity);
    // Without a snippet, which shows the name of the file, the heading contains the name.
    let file = if with_file { format!("{}: ", report.file(diagnostic.file).name) } else { String::new() };
    let text = sanitize(&format!("{severity}[{code}]: {file}{}", diagnostic.message));
    let options = Options::new(screen.width)
        .subsequent_indent("  ")
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let protected = protect_code_spans(&text, screen.width.saturating_sub(2));
    for (index, line) in textwrap::wrap(&protected, options).iter().enumerate() {
        let line = unprotect_code_spans(line);
        if !screen.color {
            writeln!(out, "{line}")?;
        } else if index == 0
            && let Some(rest) = line.strip_prefix(&format!("{severity}[{code}]"))
        {
            let style = severity_color(severity).on_default().effects(Effects::BOLD);
            let url = rule_page_url(diagnostic.code);
            let linked_code = format!("\u{1b}]8;;{url}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\");
            writeln!(out, "{style}{severity}[{linked_code}]{style:#}{BOLD}{rest}{BOLD:#}")?;
        } else {
            writeln!(out, "{BOLD}{line}{BOLD:#}")?;
        }
    }
    Ok(())
}

fn severity_color(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Advice => AnsiColor::Cyan,
    }
}

/// Groups consecutive findings that can share a snippet.
fn group_by_line(report: &Report, width: usize) -> Vec<Vec<&Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    for diagnostic in report.findings() {
        let has_source = report.file(diagnostic.file).source.is_some();
        match groups.last_mut() {
            Some(group) if has_source && group.first().is_some_and(|first| is_near(first, diagnostic, width)) => {
                group.push(diagnostic);
            }
            _ => groups.push(vec![diagnostic]),
        }
    }
    groups
}

/// Whether two findings are on the same line, and so close that both are visible if the line is cut.
fn is_near(a: &Diagnostic, b: &Diagnostic, width: usize) -> bool {
    let (a_start, b_start) = (a.region.start, b.region.start);
    let columns_apart = a_start.column.abs_diff(b_start.column) as usize;
    a.file == b.file && a_start.line == b_start.line && columns_apart < source_width(width) / 2
}

/// The columns for the source on a screen of `width` columns.
fn source_width(width: usize) -> usize {
    width.saturating_sub(FRAME_WIDTH).max(MIN_SOURCE_WIDTH)
}

/// "2 can be fixed with --fix", or `None` if nothing can.
fn format_fixable(report: &Report) -> Option<String> {
    let safe = report.fixable(Applicability::Safe);
    let unsafe_only = report.fixable(Applicability::Unsafe);
    match (safe, unsafe_only) {
        (0, 0) => None,
        (_, 0) => Some(format!("{safe} can be fixed with --fix")),
        (0, _) => Some(format!("{unsafe_only} can be fixed with --fix --unsafe-fixes")),
        _ => Some(format!("{safe} can be fixed with --fix, {unsafe_only} more with --fix --unsafe-fixes")),
    }
}

/// "2 errors, 1 warning in 2 portals (3 files)".
pub(crate) fn format_summary(summary: &Summary) -> String {
    let (counts, files) = (format_counts(summary), pluralize(summary.files, "file"));
    match summary.portals {
        0 => format!("{counts} in {files}"),
        portals => format!("{counts} in {} ({files})", pluralize(portals, "portal")),
    }
}

/// The annotations of a finding: its own location first, then its labels.
fn annotations_of<'r>(report: &'r Report, diagnostic: &'r Diagnostic, with_code: bool) -> Vec<Annotation<'r>> {
    let own_text = match (with_code, diagnostic.label.as_deref()) {
        (false, label) => label.unwrap_or_default().to_owned(),
        // Several findings share the snippet: the code shows which underline belongs to which message.
        (true, None | Some("")) => diagnostic.code.to_string(),
        (true, Some(label)) => format!("{}: {label}", diagnostic.code),
    };
    let mut locations = vec![(diagnostic.file, diagnostic.region, own_text.as_str())];
    for label in &diagnostic.labels {
        locations.push((label.file, label.region, &label.message));
    }
    let mut annotations = Vec::with_capacity(locations.len());
    for (file, region, text) in locations {
        let Some(source) = report.file(file).source.as_deref() else { continue };
        // miette cannot underline anything in an empty text.
        if !source.text().is_empty() {
            annotations.push(Annotation { source, region, text: sanitize(text) });
        }
    }
    annotations
}

/// Merges annotations of the same range into one that has all their texts.
fn merge_equal_ranges(annotations: Vec<Annotation<'_>>) -> Vec<Annotation<'_>> {
    let mut merged: Vec<Annotation<'_>> = Vec::new();
    for annotation in annotations {
        match merged.iter_mut().find(|other| has_same_range(other, &annotation)) {
            Some(other) if other.text == annotation.text => {}
            Some(other) => other.text = format!("{}; {}", other.text, annotation.text),
            None => merged.push(annotation),
        }
    }
    merged
}

fn has_same_range(a: &Annotation<'_>, b: &Annotation<'_>) -> bool {
    std::ptr::eq(a.source, b.source) && a.region == b.region
}

/// The help of a finding. For several findings, one line for each, which starts with the code; equal lines occur once.
fn format_help(group: &[&Diagnostic]) -> String {
    if let [diagnostic] = group {
        return sanitize(&diagnostic.help);
    }
    let mut lines = Vec::with_capacity(group.len());
    for diagnostic in group {
        lines.push(format!("{}: {}", diagnostic.code, sanitize(&diagnostic.help)));
    }
    lines.dedup();
    lines.join("\n")
}

/// The snippets and the help of a group of findings, as an implementation of miette's `Diagnostic` trait.
#[derive(Debug)]
struct MietteDiagnostic {
    help: String,
    source: SnippetSource,
}

impl MietteDiagnostic {
    fn from_group(report: &Report, group: &[&Diagnostic], width: usize) -> Self {
        let mut annotations = Vec::new();
        for diagnostic in group {
            annotations.extend(annotations_of(report, diagnostic, group.len() > 1));
        }
        let annotations = merge_equal_ranges(annotations);
        let mut help = format_help(group);
        if !fits_in_width(&help, width) {
            help = protect_code_spans(&help, width.saturating_sub(HELP_MARGIN));
        }
        Self { help, source: SnippetSource::new(build_snippets(&annotations, source_width(width))) }
    }
}

/// Whether each line of a help fits without wrapping.
fn fits_in_width(help: &str, width: usize) -> bool {
    help.lines().all(|line| line.len() + HELP_MARGIN <= width && line.is_ascii() && line.trim() == line)
}

/// The message, which is empty: [`write_heading`] writes the messages.
impl Display for MietteDiagnostic {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for MietteDiagnostic {}

impl miette::Diagnostic for MietteDiagnostic {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.source.snippets.is_empty() { None } else { Some(&self.source) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let mut labels = Vec::new();
        for (start, snippet) in &self.source.snippets {
            for (range, text) in &snippet.underlines {
                let span = SourceSpan::new((start + range.start).into(), range.len());
                let text = if text.is_empty() { None } else { Some(text.clone()) };
                // miette prints the location of the primary label above the snippet: that of the finding itself.
                labels.push(if labels.is_empty() {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                });
            }
        }
        Some(Box::new(labels.into_iter()))
    }
}

/// The snippets as a single text, one after the other, because miette takes one source for each diagnostic.
#[derive(Debug)]
struct SnippetSource {
    /// Each snippet with its byte offset in the text.
    snippets: Vec<(usize, Snippet)>,
}

impl SnippetSource {
    fn new(snippets: Vec<Snippet>) -> Self {
        let mut placed = Vec::with_capacity(snippets.len());
        let mut start = 0;
        for snippet in snippets {
            // Leave a gap of one byte, so that an empty span at the end of a snippet is not also at the start of the next one.
            let next_start = start + snippet.text.len() + 1;
            placed.push((start, snippet));
            start = next_start;
        }
        Self { snippets: placed }
    }

    /// The snippet that contains a range of the text.
    fn snippet_at(&self, range: &std::ops::Range<usize>) -> Option<&(usize, Snippet)> {
        self.snippets.iter().find(|(start, snippet)| *start <= range.start && range.end <= start + snippet.text.len())
    }
}

impl SourceCode for SnippetSource {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        // A span across two snippets is out of bounds, so that miette does not merge them.
        let (start, snippet) = self.snippet_at(&range).ok_or(MietteError::OutOfBounds)?;
        let name = sanitize(&snippet.name);
        let contents = if lines_before == 0 && lines_after == 0 {
            // miette requests a span without context to print `name:line:column` of the primary label. The label is not
            // at that position of the snippet, so return the position in the file.
            let data = &snippet.text.as_bytes()[range.start - start..range.end - start];
            MietteSpanContents::new_named(name, data, *span, snippet.start.0, snippet.start.1, 1)
        } else {
            // The snippet already has its context: return all of it.
            let snippet_span = SourceSpan::new((*start).into(), snippet.text.len());
            let data = snippet.text.as_bytes();
            MietteSpanContents::new_named(name, data, snippet_span, snippet.first_line, 0, snippet.line_count)
        };
        Ok(Box::new(contents))
    }
}
