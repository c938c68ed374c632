//! Writes decisions into files: a comment in YAML and JSON with comments, and for strict JSON, which has no comments, an
//! `[[allow]]` entry in the settings. `portal-lint allow` and the editor's "allow" action use it.

use std::path::Path;

use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Edit};
use crate::base::file::join_relative;
use crate::base::source::{Format, Source, Span};
use crate::engine::decision_place::{DecisionPlace, unmasked_pointer};
use crate::settings::project::SETTINGS_FILE;
use crate::syntax::allow_comment::{PREFIX, find_allow_comments};
use crate::syntax::{Limits, Parsed, Value, edit, parse};

/// The error for a reason that cannot be written, because a line break would end the comment.
pub(crate) const UNPRINTABLE_REASON: &str =
    "the reason contains a line break or another control character: write it on one line";

/// A decision to accept the findings of a rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision<'d> {
    /// The name of the rule.
    pub rule: &'d str,
    /// The reason. Empty if the user has to add it: until then, the decision has no effect and is reported.
    pub reason: &'d str,
    /// The last day on which it applies.
    pub until: Option<Date>,
}

impl Decision<'_> {
    /// The part of a comment after the verb: `RULE until DATE -- REASON`.
    pub(super) fn comment_text(&self, reason: &str) -> String {
        let until = self.until.map(|until| format!(" until {until}")).unwrap_or_default();
        format!("{}{until} -- {reason}", self.rule).trim_end().to_owned()
    }

    /// A comment that allows the findings on the line below it.
    fn comment_line(&self, marker: &str, reason: &str) -> String {
        format!("{marker} {PREFIX} allow {}", self.comment_text(reason))
    }

    /// The reason, or a substitute if the user has yet to write it: only a decision with a reason has an effect that can be tested.
    pub(super) fn trial_reason(&self) -> &str {
        if self.reason.is_empty() { "because" } else { self.reason }
    }

    /// Inserts a comment above the line of the finding. For a finding inside a string of several lines, the comment goes above the line
    /// of the key, because a string cannot contain comments. `None` if the comment would not apply to the finding, or would apply to
    /// other findings of the rule as well.
    pub(crate) fn insert_comment(
        &self,
        source: &Source,
        parsed: &Parsed<'_>,
        limits: &Limits,
        place: &DecisionPlace<'_>,
    ) -> Option<Edit> {
        let offset = place.offset();
        let line = source.position(enclosing_string_key(parsed, offset).unwrap_or(offset)).line as usize;
        let span = source.line(line)?;
        let start = if line == 1 { source.bom_len() } else { span.range().start };
        let content = &source.text()[start..span.range().end];
        let indent = &content[..content.len() - content.trim_start().len()];
        let after_line = &source.text()[span.range().end..];
        let newline = ["\r\n", "\r"].into_iter().find(|newline| after_line.starts_with(newline)).unwrap_or("\n");
        let marker = if source.format() == Format::Yaml { "#" } else { "//" };
        // Try the comment, with a reason: the line may be inside a block scalar or at another place where it would be text. The
        // comment has to cover the finding and must not cause syntax errors.
        let trial_reason = self.trial_reason();
        let trial = format!("{indent}{}{newline}", self.comment_line(marker, trial_reason));
        let changed = edit::apply_edits(source.text(), &[insertion(start, &trial)])?;
        let changed = Source::new(source.name(), changed, source.format());
        let reparsed = parse(&changed, limits);
        let comments = find_allow_comments(&changed, &reparsed);
        let comment = comments.iter().find(|comment| comment.span.range().start == start + indent.len())?;
        // The line that the comment covers is below it, so only offsets after it can be in the line.
        let covered = comment.covers.range();
        let covers = |offset: u32| (covered.start..=covered.end).contains(&(offset as usize + trial.len()));
        let is_valid = comment.reason == trial_reason
            && covers(offset)
            && !place.other_offsets().any(covers)
            && reparsed.errors.len() <= parsed.errors.len();
        is_valid.then(|| insertion(start, &format!("{indent}{}{newline}", self.comment_line(marker, self.reason))))
    }

    /// The settings entry for the file that the pattern matches; see [`file_pattern`].
    pub(crate) fn settings_entry(&self, pattern: &str, diagnostic: &Diagnostic) -> String {
        let mut entry = format!("[[allow]]\nrule = {}\nfiles = [{}]\n", toml_string(self.rule), toml_string(pattern));
        if let Some(pointer) = unmasked_pointer(diagnostic) {
            entry.extend(["pointer = ", &toml_string(pointer), "\n"]);
        }
        entry.extend(["reason = ", &toml_string(self.reason), "\n"]);
        if let Some(until) = self.until {
            entry.extend(["until = ", &until.to_string(), "\n"]);
        }
        entry
    }
}

/// The glob pattern that matches one file only. `relative_folder` is the file's folder, relative to the project root. `None` if no
/// pattern can match the name: it is not UTF-8, or it contains a backslash, which settings do not allow.
pub(crate) fn file_pattern(path: &Path, relative_folder: &str) -> Option<String> {
    let file_name = path.file_name()?.to_str()?;
    let mut pattern = String::new();
    for c in join_relative(relative_folder, file_name).chars() {
        // A character class makes a special character match itself only.
        match c {
            '\\' => return None,
            '*' | '?' | '[' | ']' | '{' | '}' => pattern.extend(['[', c, ']']),
            _ => pattern.push(c),
        }
    }
    Some(pattern)
}

/// Appends an entry to the settings and keeps the rest of the file as it is. `None` if the file has syntax errors or cannot have
/// such an entry, for example because `allow` is an inline list.
pub(crate) fn append_entry(settings: &Source, entry: &str) -> Option<Edit> {
    let text = settings.text();
    let separator = match text {
        "" => "",
        _ if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let edit = insertion(text.len(), &format!("{separator}{entry}").replace('\n', settings.style().newline));
    let changed = Source::new(SETTINGS_FILE, edit::apply_edits(text, [&edit])?, Format::Toml);
    // After a syntax error, the entry might become part of something else.
    parse(&changed, &Limits::default()).errors.is_empty().then_some(edit)
}

/// The start of the key whose string value contains `offset`. The key itself counts as part of the value.
fn enclosing_string_key(parsed: &Parsed<'_>, offset: u32) -> Option<u32> {
    for document in &parsed.documents {
        for node in document.nodes() {
            let Value::Object(entries) = &node.value else { continue };
            for entry in document.entries(*entries) {
                let value = document.node(entry.value);
                let contains_offset = entry.key_span.start <= offset && offset <= value.span.end;
                if contains_offset && matches!(value.value, Value::String(_)) {
                    return Some(entry.key_span.start);
                }
            }
        }
    }
    None
}

/// A TOML basic string. A JSON string is one, except that TOML requires U+007F to be escaped.
pub(super) fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

pub(crate) fn insertion(offset: usize, text: &str) -> Edit {
    Edit { span: Span::new(offset, offset), replacement: text.to_owned() }
}
