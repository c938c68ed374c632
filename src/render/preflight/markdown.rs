//! For a pull request or a ticket: GitHub's Markdown. The tables first hold what there is to do; both lists in full are folded
//! away below.
//!
//! Nothing that comes from a file can leave its cell: words are escaped, and code whose signs could end a cell is words.

use crate::base::diagnostic;
use crate::base::sanitize::sanitize;
use std::io::{self, Write};

use super::groups::{Groups, OTHER, SEVERITIES, counts, elsewhere, joined, place, verdicts, what_it_is};
use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Report;
use crate::preflight::{Portal, Preflight};
use crate::render::preflight::code_spans::{Piece, pieces};
use crate::render::rule_page_url;

/// Writes the portals one after the other.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    if preflight.portals.is_empty() && preflight.beside.is_empty() {
        return Ok(());
    }
    writeln!(out, "# Preflight: {}", verdicts(preflight))?;
    if !preflight.beside.is_empty() {
        writeln!(out, "\n**Settings**\n\n| Severity | What is wrong | What to do |\n|---|---|---|")?;
        for diagnostic in &preflight.beside {
            finding(preflight.report, &diagnostic.severity.to_string(), diagnostic, None, out)?;
        }
    }
    preflight.portals.iter().try_for_each(|one| portal(preflight.report, one, out))
}

fn portal(report: &Report, portal: &Portal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verdict = portal.verdict.word().to_uppercase();
    let file = portal.file.name.as_str();
    writeln!(out, "\n## {verdict}: {}\n", code(portal.name.unwrap_or(file)))?;
    let counts = counts(portal).map(|counts| format!("  \n{counts}")).unwrap_or_default();
    writeln!(out, "{} ({}){counts}", code(file), what_it_is(portal))?;
    let groups = Groups::of(portal);
    for (severity, heading) in SEVERITIES {
        for (index, (ids, diagnostic)) in groups.findings(severity).enumerate() {
            if index == 0 {
                writeln!(out, "\n**{heading}**\n\n| Items | What is wrong | What to do |\n|---|---|---|")?;
            }
            finding(report, &joined(ids), diagnostic, Some(file), out)?;
        }
    }
    for (index, diagnostic) in groups.other.iter().enumerate() {
        if index == 0 {
            writeln!(out, "\n**{OTHER}**\n\n| Severity | What is wrong | What to do |\n|---|---|---|")?;
        }
        finding(report, &diagnostic.severity.to_string(), diagnostic, Some(file), out)?;
    }
    if !groups.gaps.is_empty() {
        writeln!(out, "\n**Unverified**\n\n| Items | What is not known | How to find out |\n|---|---|---|")?;
    }
    for (verify, gaps) in &groups.gaps {
        for (ids, reason) in gaps {
            writeln!(out, "| {} | {} | {} |", joined(ids), text(reason), text(verify))?;
        }
    }
    for (index, (ids, decision)) in groups.allowed.iter().enumerate() {
        if index == 0 {
            writeln!(out, "\n**Allowed**\n\n| Items | What | Why |\n|---|---|---|")?;
        }
        let (what, why) = (text(decision.what), text(&decision.words()));
        writeln!(out, "| {} | {what} ({}) | {why} |", joined(ids), rule(decision.code))?;
    }
    if portal.items.is_empty() { Ok(()) } else { lists(portal, out) }
}

/// `start`: the ids of its items, or how bad it is.
fn finding(
    report: &Report,
    start: &str,
    diagnostic: &Diagnostic,
    file: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = text(&place(report, diagnostic, file));
    let mut what = format!("{place} {}", text(&diagnostic.message));
    for line in elsewhere(report, diagnostic) {
        what.push_str("<br>");
        what.push_str(&text(&line));
    }
    writeln!(out, "| {start} | {what} | {} ({}) |", text(&diagnostic.help), rule(diagnostic.code))
}

/// Both lists as the guide has them.
fn lists(portal: &Portal<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n<details><summary>Both checklists, item by item</summary>\n\n| Item | Status | |\n|---|---|---|")?;
    for item in &portal.items {
        let why = item.unasked.map(|reason| format!(" ({reason})")).unwrap_or_default();
        writeln!(out, "| {} | {} | {}{why} |", item.id, item.status.word(), text(item.title))?;
    }
    writeln!(out, "\n</details>")
}

fn rule(code: diagnostic::Code) -> String {
    format!("[{code}]({})", rule_page_url(code))
}

/// A sentence in a cell; what stands between backticks is code.
pub(in crate::render) fn text(sentence: &str) -> String {
    let part = |piece| match piece {
        Piece::Text(words) => escaped(words),
        // A `|` would end the cell, and behind a `\` it cannot be escaped.
        Piece::Code(words) if words.contains('\\') => escaped(words),
        Piece::Code(words) => code(words).replace('|', "\\|"),
    };
    pieces(&sanitize(sentence)).into_iter().map(part).collect()
}

/// Code, where it can be; else words.
fn code(words: &str) -> String {
    let words = sanitize(words);
    // Inside code nothing can be escaped.
    if words.contains('`') || words.trim().is_empty() || words.trim() != words {
        return escaped(&words);
    }
    format!("`{words}`")
}

/// Words in which no sign means anything.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // Nobody is called by what stands in a file.
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
    fn nothing_leaves_its_cell() {
        assert_eq!(text("no `name` | <b>*x*</b>"), "no `name` \\| &lt;b&gt;\\*x\\*&lt;/b&gt;");
        assert_eq!(text("`a|b` and `c\\|`"), "`a\\|b` and c\\\\\\|");
        // Code of blanks alone is no code.
        assert_eq!(text("`` ` `"), "  ");
        assert_eq!(text("a ` b\n@all"), "a \\` b\u{fffd}@<!-- -->all");
        assert_eq!(text("\u{202e}\0::x]]>"), "\u{fffd}\u{fffd}::x\\]\\]&gt;");
        assert_eq!(code("`` ` "), "\\`\\` \\` ");
        assert_eq!(code("<script>"), "`<script>`");
    }
}
