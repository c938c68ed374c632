//! For a terminal and for a ticket: first what blocks the call, then what to look at, what nobody knows yet and how to find
//! out, what somebody decided; what passes in a line. Colours only add to what the words say.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::groups::{Groups, OTHER, SEVERITIES, counts, elsewhere, joined, place, runs, verdicts, what_it_is};
use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::preflight::{Portal, Preflight, Verdict};
use crate::render::Screen;

const HEADING: Style = Style::new().effects(Effects::BOLD);
const QUIET: Style = Style::new().effects(Effects::DIMMED);
/// Columns of the ids of items, and of what stands in front of them.
const IDS: usize = 11;
const MARGIN: usize = 2;

/// Writes the portals one after the other, and how many of them may go.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(preflight: &Preflight<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { screen, report: preflight.report, out };
    if !preflight.beside.is_empty() {
        page.heading("Settings")?;
        for diagnostic in &preflight.beside {
            page.finding(&diagnostic.severity.to_string(), diagnostic)?;
        }
        writeln!(page.out)?;
    }
    for portal in &preflight.portals {
        page.portal(portal)?;
    }
    if preflight.portals.is_empty() { Ok(()) } else { writeln!(page.out, "{}", verdicts(preflight)) }
}

struct Page<'r, 'o> {
    screen: Screen,
    report: &'r Report,
    out: &'o mut dyn Write,
}

impl Page<'_, '_> {
    fn portal(&mut self, portal: &Portal<'_>) -> io::Result<()> {
        self.headline(portal)?;
        let groups = Groups::of(portal);
        for (severity, heading) in SEVERITIES {
            for (index, (ids, diagnostic)) in groups.findings(severity).enumerate() {
                if index == 0 {
                    self.heading(heading)?;
                }
                self.finding(&joined(ids), diagnostic)?;
            }
        }
        for (index, diagnostic) in groups.other.iter().enumerate() {
            if index == 0 {
                self.heading(OTHER)?;
            }
            self.finding(&diagnostic.severity.to_string(), diagnostic)?;
        }
        for (verify, gaps) in &groups.gaps {
            self.heading(&format!("Unverified: {verify}"))?;
            for (ids, reason) in gaps {
                self.row(&joined(ids), &[(Style::new(), (*reason).into())])?;
            }
        }
        for (index, (ids, decision)) in groups.allowed.iter().enumerate() {
            if index == 0 {
                self.heading("Allowed")?;
            }
            let what = format!("{} {}", decision.code, decision.what);
            self.row(&joined(ids), &[(Style::new(), what), (QUIET, decision.words())])?;
        }
        if !groups.passed.is_empty() {
            self.paragraph("Passed: ", &runs(&groups.passed))?;
        }
        for (reason, ids) in &groups.unasked {
            self.paragraph(&format!("Passed, {reason}: "), &runs(ids))?;
        }
        writeln!(self.out)
    }

    /// The verdict, the name, the file and the numbers.
    fn headline(&mut self, portal: &Portal<'_>) -> io::Result<()> {
        let color = match portal.verdict {
            Verdict::NoGo => AnsiColor::Red,
            Verdict::Review => AnsiColor::Yellow,
            Verdict::Go => AnsiColor::Green,
        };
        let verdict = portal.verdict.word().to_uppercase();
        let indent = verdict.len() + 2;
        let file = format!("{} ({})", portal.file.name, what_it_is(portal));
        let mut lines = Vec::new();
        lines.extend(portal.name.map(|name| (HEADING, name.to_owned())));
        lines.push((Style::new(), file));
        lines.extend(counts(portal).map(|counts| (Style::new(), counts)));
        let start = format!("{}  ", self.paint(color.on_default().effects(Effects::BOLD), &verdict));
        self.hanging(&start, indent, &lines)
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        for line in self.wrapped(text, 0) {
            writeln!(self.out, "{}", self.paint(HEADING, &line))?;
        }
        Ok(())
    }

    /// `start`: the ids of its items, or how bad it is.
    fn finding(&mut self, start: &str, diagnostic: &Diagnostic) -> io::Result<()> {
        let mut lines = vec![(Style::new(), diagnostic.message.clone())];
        lines.extend(elsewhere(self.report, diagnostic).into_iter().map(|line| (Style::new(), line)));
        let place = place(self.report, diagnostic, None);
        lines.push((QUIET, format!("help: {} ({}, {place})", diagnostic.help, diagnostic.code)));
        self.row(start, &lines)
    }

    /// The ids of items, or another word, and sentences beside them.
    fn row(&mut self, start: &str, lines: &[(Style, String)]) -> io::Result<()> {
        let mut left = textwrap::wrap(start, IDS).into_iter();
        let mut right = Vec::new();
        let indent = MARGIN + IDS + 2;
        for (style, text) in lines {
            right.extend(self.wrapped(text, indent).into_iter().map(|line| self.paint(*style, &line)));
        }
        let mut right = right.into_iter();
        loop {
            let (left, right) = (left.next(), right.next());
            if left.is_none() && right.is_none() {
                return Ok(());
            }
            let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
            writeln!(self.out, "{}", format!("{:MARGIN$}{left:IDS$}  {right}", "").trim_end())?;
        }
    }

    /// A word, and what belongs to it wrapped behind it.
    fn paragraph(&mut self, start: &str, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.hanging(&self.paint(HEADING, start), start.len().min(MARGIN + IDS + 2), &[(Style::new(), text.to_owned())])
    }

    fn hanging(&mut self, start: &str, indent: usize, lines: &[(Style, String)]) -> io::Result<()> {
        let mut before = start.to_owned();
        for (style, text) in lines {
            for line in self.wrapped(text, indent) {
                writeln!(self.out, "{before}{}", self.paint(*style, &line))?;
                before = " ".repeat(indent);
            }
        }
        Ok(())
    }

    /// Lines that fit on the screen behind an indent.
    fn wrapped(&self, text: &str, indent: usize) -> Vec<String> {
        /// Narrower columns break every word.
        const NARROWEST: usize = 24;
        let width = self.screen.width.saturating_sub(indent).max(NARROWEST);
        // Between blanks alone: a path stays whole.
        let options =
            Options::new(width).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
        textwrap::wrap(&sanitize(text), options).into_iter().map(String::from).collect()
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.screen.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
