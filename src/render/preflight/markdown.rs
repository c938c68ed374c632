//! The preflight report as GitHub Markdown, for a pull request or a ticket. The tables first list what there is to do; the full
//! checklists are folded away below.
//!
//! Text from files cannot end a table cell: it is escaped, and code that could end a cell is written as text.

use std::io::{self, Write};

use super::sections::{
    CHANGES_HEADING, NO_CHANGES, OTHER_HEADING, SETTINGS_HEADING, SEVERITY_HEADINGS, Sections, describe_item_counts,
    describe_kind, describe_values, describe_verdicts, format_ids_cell, format_labels_in_other_files,
    format_short_location,
};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::preflight::{PortalReview, Preflight};
use crate::render::preflight::code_spans::{SentencePart, split_code_spans};
use crate::render::rule_page_url;

/// Writes the findings in the settings, then the portals one after the other.
pub(crate) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    if preflight.portals.is_empty() && preflight.other_findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "# Preflight: {}", describe_verdicts(preflight))?;
    if !preflight.other_findings.is_empty() {
        writeln!(out, "\n**{SETTINGS_HEADING}**\n\n| Severity | Problem | Help |\n|---|---|---|")?;
    }
    for diagnostic in &preflight.other_findings {
        write_finding_row(preflight.report, &diagnostic.severity.to_string(), diagnostic, None, out)?;
    }
    for portal in &preflight.portals {
        write_portal(preflight.report, portal, out)?;
    }
    Ok(())
}

fn write_portal(report: &Report, portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verdict = portal.verdict.as_str().to_uppercase();
    let file = portal.file.name.as_str();
    writeln!(out, "\n## {verdict}: {}\n", code_to_markdown(portal.name.unwrap_or(file)))?;
    let counts = match describe_item_counts(portal) {
        // Two spaces at the end of a line are a line break.
        Some(counts) => format!("  \n{counts}"),
        None => String::new(),
    };
    writeln!(out, "{} ({}){counts}", code_to_markdown(file), describe_kind(portal))?;
    let sections = Sections::from_portal(portal);
    write_findings(report, &sections, file, out)?;
    write_unverified(&sections, out)?;
    write_allowed(&sections, out)?;
    write_changes(portal, out)?;
    if portal.items.is_empty() { Ok(()) } else { write_checklists(portal, out) }
}

fn write_findings(report: &Report, sections: &Sections<'_>, file: &str, out: &mut dyn Write) -> io::Result<()> {
    for (severity, heading) in SEVERITY_HEADINGS {
        let findings = sections.findings(severity);
        if !findings.is_empty() {
            writeln!(out, "\n**{heading}**\n\n| Items | Problem | Help |\n|---|---|---|")?;
        }
        for (ids, diagnostic) in findings {
            write_finding_row(report, &format_ids_cell(ids), diagnostic, Some(file), out)?;
        }
    }
    if !sections.other_findings.is_empty() {
        writeln!(out, "\n**{OTHER_HEADING}**\n\n| Severity | Problem | Help |\n|---|---|---|")?;
    }
    for diagnostic in &sections.other_findings {
        write_finding_row(report, &diagnostic.severity.to_string(), diagnostic, Some(file), out)?;
    }
    Ok(())
}

fn write_unverified(sections: &Sections<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !sections.unverified.is_empty() {
        writeln!(out, "\n**Unverified**\n\n| Items | Unknown | How to find out |\n|---|---|---|")?;
    }
    for group in &sections.unverified {
        for (ids, fact) in &group.facts {
            let (fact, verify) = (text_to_markdown(fact), text_to_markdown(group.verify));
            writeln!(out, "| {} | {fact} | {verify} |", format_ids_cell(ids))?;
        }
    }
    Ok(())
}

fn write_allowed(sections: &Sections<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !sections.allowed.is_empty() {
        writeln!(out, "\n**Allowed**\n\n| Items | Finding | Reason |\n|---|---|---|")?;
    }
    for (ids, entry) in &sections.allowed {
        let (what, why) = (text_to_markdown(entry.text), text_to_markdown(&entry.describe()));
        writeln!(out, "| {} | {what} ({}) | {why} |", format_ids_cell(ids), rule_link(entry.code))?;
    }
    Ok(())
}

fn write_changes(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(changes) = portal.changes else { return Ok(()) };
    writeln!(out, "\n**{CHANGES_HEADING}**\n")?;
    if changes.is_empty() {
        return writeln!(out, "{NO_CHANGES}");
    }
    writeln!(out, "| Field | Before | After |\n|---|---|---|")?;
    for change in changes {
        let [old, new] = describe_values(change);
        let pointer = text_to_markdown(&change.pointer);
        writeln!(out, "| {pointer} | {} | {} |", text_to_markdown(&old), text_to_markdown(&new))?;
    }
    Ok(())
}

/// Writes the row of a finding. `first_cell` holds the IDs of its items, or its severity.
fn write_finding_row(
    report: &Report,
    first_cell: &str,
    diagnostic: &Diagnostic,
    file: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let location = text_to_markdown(&format_short_location(report, diagnostic, file));
    let mut what = format!("{location} {}", text_to_markdown(&diagnostic.message));
    for label in format_labels_in_other_files(report, diagnostic) {
        // A table cell cannot contain a line break of Markdown.
        what.push_str("<br>");
        what.push_str(&text_to_markdown(&label));
    }
    let help = text_to_markdown(&diagnostic.help);
    writeln!(out, "| {first_cell} | {what} | {help} ({}) |", rule_link(diagnostic.code))
}

/// Writes both checklists of the guide in full, folded away.
fn write_checklists(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n<details><summary>Both checklists, item by item</summary>\n\n| Item | Status | |\n|---|---|---|")?;
    for item in &portal.items {
        let skip_reason = match item.skip_reason {
            Some(reason) => format!(" ({reason})"),
            None => String::new(),
        };
        writeln!(out, "| {} | {} | {}{skip_reason} |", item.id, item.status.as_str(), text_to_markdown(item.title))?;
    }
    writeln!(out, "\n</details>")
}

pub(in crate::render) fn rule_link(code: Code) -> String {
    format!("[{code}]({})", rule_page_url(code))
}

/// Writes a sentence for a table cell: sanitizes it, escapes its text, and keeps its code spans where possible.
pub(in crate::render) fn text_to_markdown(sentence: &str) -> String {
    let sentence = sanitize(sentence);
    let mut markdown = String::with_capacity(sentence.len());
    for part in split_code_spans(&sentence) {
        match part {
            SentencePart::Text(text) => markdown.push_str(&escape(text)),
            // A `|` in code ends the cell unless it is escaped (GitHub Flavored Markdown, section 4.10), and after a `\` the
            // escape would have no effect.
            SentencePart::Code(code) if code.contains('\\') => markdown.push_str(&escape(code)),
            SentencePart::Code(code) => markdown.push_str(&code_to_markdown(code).replace('|', "\\|")),
        }
    }
    markdown
}

/// Writes a code span, or plain text if a code span cannot contain it.
pub(in crate::render) fn code_to_markdown(code: &str) -> String {
    let code = sanitize(code);
    // Backslash escapes have no effect in a code span (CommonMark, section 6.1), and spaces at its ends are removed.
    if code.contains('`') || code.trim().is_empty() || code.trim() != code {
        return escape(&code);
    }
    format!("`{code}`")
}

/// Escapes each character that could be Markdown or HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // GitHub would notify the user or team of that name. A backslash does not prevent this, a comment does.
            '@' => escaped.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_end_a_cell() {
        assert_eq!(text_to_markdown("no `name` | <b>*x*</b>"), "no `name` \\| &lt;b&gt;\\*x\\*&lt;/b&gt;");
        assert_eq!(text_to_markdown("`a|b` and `c\\|`"), "`a\\|b` and c\\\\\\|");
        // A code span of spaces alone is written as text.
        assert_eq!(text_to_markdown("`` ` `"), "  ");
        assert_eq!(text_to_markdown("a ` b\n@all"), "a \\` b\u{fffd}@<!-- -->all");
        assert_eq!(text_to_markdown("\u{202e}\0::x]]>"), "\u{fffd}\u{fffd}::x\\]\\]&gt;");
        assert_eq!(code_to_markdown("`` ` "), "\\`\\` \\` ");
        assert_eq!(code_to_markdown("<script>"), "`<script>`");
    }
}
