//! Renews a decision that has no effect, because it has expired or has no reason. Adding a second decision instead would leave the old
//! one, which is reported. A decision about several rules or places keeps applying to the others.

use crate::base::diagnostic::Edit;
use crate::base::source::{Format, Source, Span};
use crate::engine::decision::{Decision, insertion, toml_string};
use crate::engine::decision_place::{DecisionPlace, unmasked_pointer};
use crate::rules::selection::find_rule;
use crate::settings::project::SETTINGS_FILE;
use crate::settings::suppressions::Suppression;
use crate::syntax::allow_comment::{AllowComment, find_allow_comments};
use crate::syntax::cursor::Cursor;
use crate::syntax::edit::apply_edits;
use crate::syntax::pointer::is_same_or_below;
use crate::syntax::{Limits, Parsed, parse};

/// The edits that renew a decision.
pub(crate) struct Renewal {
    pub edits: Vec<Edit>,
    /// The start of the decision in the text before the edits.
    pub start: u32,
}

impl Renewal {
    /// Leaves out edits that change nothing: a decision may lack only the reason, which the user has yet to write.
    fn new(mut edits: Vec<Edit>, start: u32, source: &Source) -> Self {
        edits.retain(|edit| source.slice(edit.span) != edit.replacement);
        Self { edits, start }
    }
}

impl DecisionPlace<'_> {
    fn has_no_effect(&self, suppression: Option<&Suppression>) -> bool {
        suppression.is_none_or(|suppression| suppression.is_expired(self.today))
    }

    fn is_about_rule(&self, name: &str) -> bool {
        find_rule(name).is_some_and(|rule| rule.code == self.finding.code)
    }

    /// The index of the word that names the rule, if the comment is about this place and has no effect.
    fn ineffective_word(&self, comment: &AllowComment<'_>, source: &Source) -> Option<usize> {
        let covers =
            |offset: u32| comment.applies_to_file() || (comment.covers.start <= offset && offset <= comment.covers.end);
        let is_about_place =
            covers(self.offset()) && !self.open_others().any(|other| covers(other.region.start.offset));
        let has_no_effect = self.has_no_effect(Suppression::from_comment(comment, source).as_ref());
        if !is_about_place || !comment.has_known_verb() || !has_no_effect {
            return None;
        }
        comment.rules.iter().position(|word| self.is_about_rule(word.text))
    }

    /// Whether the `[[allow]]` entry is about this place in the file that `pattern` matches, and has no effect.
    fn is_ineffective_entry(&self, entry: &Cursor<'_>, settings: &Source, pattern: &str) -> bool {
        let pointer = entry.field("pointer").text().unwrap_or_default();
        let finding_pointer = unmasked_pointer(self.finding).unwrap_or_default();
        entry.field("rule").text().is_some_and(|name| self.is_about_rule(name))
            && entry.field("files").items().map(|file| file.text()).eq([Some(pattern)])
            && is_same_or_below(finding_pointer, pointer)
            && !self.pointer_covers_others(pointer)
            && self.has_no_effect(Suppression::from_settings_entry(entry, settings).as_ref())
    }
}

/// Renews a comment at this place. `None` if there is none to renew.
pub(crate) fn renew_comment(
    decision: &Decision<'_>,
    place: &DecisionPlace<'_>,
    source: &Source,
    parsed: &Parsed<'_>,
    limits: &Limits,
) -> Option<Renewal> {
    for comment in find_allow_comments(source, parsed) {
        let Some(word) = place.ineffective_word(&comment, source) else { continue };
        if comment.rules.len() > 1 {
            let insertion = decision.insert_comment(source, parsed, limits, place)?;
            let start = insertion.span.start;
            return Some(Renewal::new(vec![without_rule(&comment, word), insertion], start, source));
        }
        let ends_comment = source.slice(comment.span).starts_with("/*") && decision.reason.contains("*/");
        if !ends_comment {
            let replacement = format!("{} {}", comment.verb.text, decision.comment_text(decision.reason));
            let edits = vec![Edit { span: comment.directive, replacement }];
            return Some(Renewal::new(edits, comment.span.start, source));
        }
    }
    None
}

/// Removes one of several rules from a comment, with the separator next to it.
fn without_rule(comment: &AllowComment<'_>, index: usize) -> Edit {
    let word = comment.rules[index].span;
    let span = match comment.rules.get(index + 1) {
        Some(next) => Span { end: next.span.start, ..word },
        None => Span { start: comment.rules[index - 1].span.end, ..word },
    };
    Edit { span, replacement: String::new() }
}

/// Renews the entry in the settings for this place in the file that `pattern` matches. `parsed` is the tree of the settings. `None` if
/// there is none to renew.
pub(crate) fn renew_entry(
    decision: &Decision<'_>,
    place: &DecisionPlace<'_>,
    pattern: &str,
    settings: &Source,
    parsed: &Parsed<'_>,
) -> Option<Renewal> {
    let entries = Cursor::root(parsed.documents.first()?).field("allow");
    let index = entries.items().position(|entry| place.is_ineffective_entry(&entry, settings, pattern))?;
    let edits = edit_entry(decision, decision.reason, &entries.item(index), settings)?;
    // The edits insert and remove lines. In an inline table, they would have another effect or make it invalid, so test them.
    let trial_edits = edit_entry(decision, decision.trial_reason(), &entries.item(index), settings)?;
    let changed = Source::new(SETTINGS_FILE, apply_edits(settings.text(), &trial_edits)?, Format::Toml);
    let parsed = parse(&changed, &Limits::default());
    let entry = Cursor::root(parsed.documents.first()?).field("allow").item(index);
    let renewed = Suppression::from_settings_entry(&entry, &changed)?;
    let until = decision.until.map(|until| until.to_string());
    let has_decision = renewed.allowed().reason == decision.trial_reason() && renewed.allowed().until == until;
    let start = entries.item(index).span().start;
    (parsed.errors.is_empty() && has_decision).then(|| Renewal::new(edits, start, settings))
}

/// Sets the last day and the reason of an entry.
fn edit_entry(decision: &Decision<'_>, reason: &str, entry: &Cursor<'_>, settings: &Source) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let until = entry.field("until");
    match (decision.until, until.node()) {
        (Some(day), Some(node)) => edits.push(Edit { span: node.span, replacement: day.to_string() }),
        (Some(day), None) => edits.push(append_line(entry, &format!("until = {day}"), settings)?),
        (None, Some(_)) => edits.push(remove_line(&until, settings)?),
        (None, None) => {}
    }
    match entry.field("reason").node() {
        Some(node) => edits.push(Edit { span: node.span, replacement: toml_string(reason) }),
        None => edits.push(append_line(entry, &format!("reason = {}", toml_string(reason)), settings)?),
    }
    Some(edits)
}

/// Adds a line to an entry: after its reason or, without one, after its rule.
fn append_line(entry: &Cursor<'_>, line: &str, settings: &Source) -> Option<Edit> {
    let node = entry.field("reason").node().or(entry.field("rule").node())?;
    let end = settings.line(settings.position(node.span.end).line as usize)?.range().end;
    Some(insertion(end, &format!("{}{line}", settings.style().newline)))
}

/// Removes the line of a value.
fn remove_line(value: &Cursor<'_>, settings: &Source) -> Option<Edit> {
    let line = settings.line(settings.position(value.key_span()?.start).line as usize)?.range();
    let newline = settings.style().newline;
    let has_newline = settings.text()[line.end..].starts_with(newline);
    let end = line.end + if has_newline { newline.len() } else { 0 };
    Some(Edit { span: Span::new(line.start, end), replacement: String::new() })
}
