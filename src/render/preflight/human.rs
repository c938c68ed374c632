//! The human-readable preflight report, for a terminal and for a ticket: first what blocks the call, then what to look at, what is
//! unverified and how to verify it, and what is allowed. All items that pass are on one line. Everything that a color shows is also
//! stated in words.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};

use super::sections::{
    CHANGES_HEADING, NO_CHANGES, OTHER_HEADING, SETTINGS_HEADING, SEVERITY_HEADINGS, Sections, describe_item_counts,
    describe_kind, describe_verdicts, format_ids, format_ids_cell,
};
use super::unverified::{UnverifiedGroup, merge_unverified};
use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::preflight::{PortalReview, Preflight, Verdict};
use crate::render::changed_values::describe_values;
use crate::render::text_writer::{BOLD, DIMMED, PLAIN, TextWriter};
use crate::render::{Screen, format_labels_in_other_files, format_location};

/// Columns of the left column of a row, which holds the IDs of items.
const IDS_WIDTH: usize = 11;
/// Columns in front of a row.
const MARGIN: usize = 2;
/// The column at which the text of a row starts.
const TEXT_INDENT: usize = MARGIN + IDS_WIDTH + 2;

/// Writes the portals one after the other, then the number of portals by verdict.
pub(super) fn render(preflight: &Preflight<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let portals: Vec<&PortalReview<'_>> = preflight.portals.iter().collect();
    HumanPreflight { writer: TextWriter { screen, out }, report: preflight.report }
        .write_portals(preflight, &portals)?;
    if preflight.portals.is_empty() { Ok(()) } else { writeln!(out, "{}", describe_verdicts(preflight)) }
}

/// For `--quiet`: writes the portals whose verdict is not go.
pub(crate) fn render_problems(preflight: &Preflight<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let portals: Vec<&PortalReview<'_>> =
        preflight.portals.iter().filter(|portal| portal.verdict != Verdict::Go).collect();
    HumanPreflight { writer: TextWriter { screen, out }, report: preflight.report }.write_portals(preflight, &portals)
}

/// Whether a portal has neither findings nor suppressions, so that it can be shown on one line.
fn fits_on_one_line(portal: &PortalReview<'_>) -> bool {
    let sections = Sections::from_portal(portal);
    portal.kind.is_some()
        && sections.allowed.is_empty()
        && sections.other_findings.is_empty()
        && SEVERITY_HEADINGS.iter().all(|(severity, _)| sections.findings(*severity).is_empty())
}

fn verdict_color(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::NoGo => AnsiColor::Red,
        Verdict::Review => AnsiColor::Yellow,
        Verdict::Go => AnsiColor::Green,
    }
}

struct HumanPreflight<'r, 'o> {
    writer: TextWriter<'o>,
    report: &'r Report,
}

impl HumanPreflight<'_, '_> {
    fn write_settings_findings(&mut self, preflight: &Preflight<'_>) -> io::Result<()> {
        if preflight.other_findings.is_empty() {
            return Ok(());
        }
        self.write_heading(SETTINGS_HEADING)?;
        for diagnostic in &preflight.other_findings {
            self.write_finding(&diagnostic.severity.to_string(), diagnostic)?;
        }
        writeln!(self.writer.out)
    }

    /// Writes the portals. If there are several, those without findings are shown on one line each, and the unverified facts are
    /// listed once, after all portals.
    fn write_portals<'p>(&mut self, preflight: &Preflight<'_>, portals: &[&'p PortalReview<'p>]) -> io::Result<()> {
        self.write_settings_findings(preflight)?;
        let has_several = preflight.portals.len() > 1;
        let (short, long): (Vec<_>, Vec<_>) =
            portals.iter().partition(|portal| has_several && fits_on_one_line(portal));
        for portal in long {
            self.write_portal(preflight, portal)?;
        }
        for portal in short {
            self.write_portal_line(portal)?;
        }
        if !has_several {
            return Ok(());
        }
        self.write_unverified(preflight, portals)?;
        if portals.is_empty() { Ok(()) } else { writeln!(self.writer.out) }
    }

    /// Writes the facts that are unverified for some of the portals.
    fn write_unverified(&mut self, preflight: &Preflight<'_>, portals: &[&PortalReview<'_>]) -> io::Result<()> {
        for UnverifiedGroup { verify, facts } in merge_unverified(portals) {
            self.write_heading(&format!("Unverified: {verify}"))?;
            for fact in facts {
                self.write_row(&format_ids_cell(&fact.ids), &[(PLAIN, fact.describe(preflight))])?;
            }
        }
        Ok(())
    }

    fn write_portal_line(&mut self, portal: &PortalReview<'_>) -> io::Result<()> {
        let verdict = portal.verdict.to_string().to_uppercase();
        let style = verdict_color(portal.verdict).on_default().effects(Effects::BOLD);
        let file = format!("{} ({})", portal.file.name, describe_kind(portal));
        let name = portal.name.map(|name| format!("{name}  ")).unwrap_or_default();
        let text = sanitize(&format!("{name}{file}"));
        writeln!(self.writer.out, "{}  {text}", self.writer.paint(style, &format!("{verdict:<6}")))
    }

    /// Writes the section of a portal. If it is one of several, its unverified facts are left out, because they are listed once for all
    /// portals, and so are the items that need no attention.
    fn write_portal(&mut self, preflight: &Preflight<'_>, portal: &PortalReview<'_>) -> io::Result<()> {
        let is_one_of_several = preflight.portals.len() > 1;
        self.write_headline(portal)?;
        let sections = Sections::from_portal(portal);
        self.write_findings(&sections)?;
        if !is_one_of_several {
            self.write_unverified(preflight, &[portal])?;
        }
        if !sections.allowed.is_empty() {
            self.write_heading("Allowed")?;
        }
        for (ids, entry) in &sections.allowed {
            let what = format!("{} {}", entry.code, entry.text);
            self.write_row(&format_ids_cell(ids), &[(PLAIN, what), (DIMMED, entry.describe())])?;
        }
        self.write_changes(portal)?;
        if !is_one_of_several {
            if !sections.passed.is_empty() {
                self.write_paragraph("Passed: ", &format_ids(&sections.passed))?;
            }
            for (reason, ids) in &sections.not_applicable {
                self.write_paragraph("Not applicable: ", &format!("{} ({reason})", format_ids(ids)))?;
            }
        }
        writeln!(self.writer.out)
    }

    fn write_changes(&mut self, portal: &PortalReview<'_>) -> io::Result<()> {
        let Some(changes) = portal.changes else { return Ok(()) };
        self.write_heading(CHANGES_HEADING)?;
        if changes.is_empty() {
            self.write_row("", &[(PLAIN, NO_CHANGES.to_owned())])?;
        }
        for change in changes {
            let values = describe_values(change).join(" -> ");
            self.write_row("", &[(PLAIN, change.pointer.clone()), (DIMMED, values)])?;
        }
        Ok(())
    }

    /// Writes the verdict, with the name, the file and the counts to the right of it.
    fn write_headline(&mut self, portal: &PortalReview<'_>) -> io::Result<()> {
        let color = verdict_color(portal.verdict);
        let verdict = portal.verdict.to_string().to_uppercase();
        // Escape sequences have no width, so measure the verdict before it is painted.
        let indent = verdict.len() + 2;
        let mut lines = Vec::new();
        if let Some(name) = portal.name {
            lines.push((BOLD, name.to_owned()));
        }
        lines.push((PLAIN, format!("{} ({})", portal.file.name, describe_kind(portal))));
        if let Some(counts) = describe_item_counts(portal) {
            lines.push((PLAIN, counts));
        }
        let start = format!("{}  ", self.writer.paint(color.on_default().effects(Effects::BOLD), &verdict));
        self.write_hanging(&start, indent, &lines)
    }

    fn write_findings(&mut self, sections: &Sections<'_>) -> io::Result<()> {
        for (severity, heading) in SEVERITY_HEADINGS {
            let findings = sections.findings(severity);
            if !findings.is_empty() {
                self.write_heading(heading)?;
            }
            for (ids, diagnostic) in findings {
                self.write_finding(&format_ids_cell(ids), diagnostic)?;
            }
        }
        if !sections.other_findings.is_empty() {
            self.write_heading(OTHER_HEADING)?;
        }
        for diagnostic in &sections.other_findings {
            // Without items, the left column shows the severity.
            self.write_finding(&diagnostic.severity.to_string(), diagnostic)?;
        }
        Ok(())
    }

    fn write_heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer.out)?;
        for line in self.writer.wrap(text, 0) {
            writeln!(self.writer.out, "{}", self.writer.paint(BOLD, &line))?;
        }
        Ok(())
    }

    /// Writes a finding. `left` is the text of the left column.
    fn write_finding(&mut self, left: &str, diagnostic: &Diagnostic) -> io::Result<()> {
        let mut lines = vec![(PLAIN, diagnostic.message.clone())];
        for label in format_labels_in_other_files(self.report, diagnostic) {
            lines.push((PLAIN, label));
        }
        let location = format_location(self.report, diagnostic);
        lines.push((DIMMED, format!("help: {} ({}, {location})", diagnostic.help, diagnostic.code)));
        self.write_row(left, &lines)
    }

    /// Writes two columns: `left`, wrapped to the width of the IDs, and the lines, wrapped to the rest of the screen.
    fn write_row(&mut self, left: &str, lines: &[(Style, String)]) -> io::Result<()> {
        let mut left_lines = textwrap::wrap(left, IDS_WIDTH).into_iter();
        let mut right_lines = Vec::new();
        for (style, text) in lines {
            for line in self.writer.wrap(text, TEXT_INDENT) {
                right_lines.push(self.writer.paint(*style, &line));
            }
        }
        let mut right_lines = right_lines.into_iter();
        loop {
            // Either column can be the longer one.
            let (left, right) = (left_lines.next(), right_lines.next());
            if left.is_none() && right.is_none() {
                return Ok(());
            }
            let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
            writeln!(self.writer.out, "{}", format!("{:MARGIN$}{left:IDS_WIDTH$}  {right}", "").trim_end())?;
        }
    }

    /// Writes a title with a text after it, indented to at most the column at which the text of rows starts.
    fn write_paragraph(&mut self, title: &str, text: &str) -> io::Result<()> {
        writeln!(self.writer.out)?;
        self.write_hanging(&self.writer.paint(BOLD, title), title.len().min(TEXT_INDENT), &[(PLAIN, text.to_owned())])
    }

    /// Writes lines with `start` in front of the first one and `indent` spaces in front of the others.
    fn write_hanging(&mut self, start: &str, indent: usize, lines: &[(Style, String)]) -> io::Result<()> {
        let mut prefix = start.to_owned();
        for (style, text) in lines {
            for line in self.writer.wrap(text, indent) {
                writeln!(self.writer.out, "{prefix}{}", self.writer.paint(*style, &line))?;
                prefix = " ".repeat(indent);
            }
        }
        Ok(())
    }
}
