//! Completes the rules in a comment `portal-lint: allow RULE -- reason`.

use std::collections::HashSet;

use gen_lsp_types as lsp;

use crate::base::diagnostic::Code;
use crate::base::source::{Format, Span};
use crate::lsp::completion::fields::suppressible_rules;
use crate::lsp::completion::item::ItemBuilder;
use crate::lsp::completion::token::Token;
use crate::lsp::request_context::RequestContext;
use crate::syntax::allow_comment::{PREFIX, VERBS};

/// The items for a position in such a comment: the verbs, or the rules that are not yet in it, those with findings in the document
/// first. `None` for a position that is not in such a comment.
pub(super) fn rule_items(context: &RequestContext<'_>, offset: u32) -> Option<Vec<lsp::CompletionItem>> {
    let source = &context.document.source;
    // JSON has no comments, even if the parser accepts them.
    if source.format() == Format::Json {
        return None;
    }
    let line = source.line(source.position(offset).line as usize)?;
    let before = source.slice(Span { start: line.start, end: offset });
    let prefix = before.find(PREFIX)?;
    let file = context.analysis.report.file(context.analysis.file_id(context.uri)?);
    let prefix_offset = line.start + u32::try_from(prefix).ok()?;
    let comments = &file.tree.as_deref()?.comments;
    comments.iter().find(|comment| comment.start <= prefix_offset && prefix_offset < comment.end)?;
    let directive = &before[prefix + PREFIX.len()..];
    let typed = directive.rsplit(is_separator).next().unwrap_or_default();
    let mut earlier_words: Vec<&str> = directive[..directive.len() - typed.len()].split(is_separator).collect();
    earlier_words.retain(|word| !word.is_empty());
    let after = source.slice(Span { start: offset, end: line.end });
    let rest_len = after.find(is_separator).unwrap_or(after.len());
    let span = Span::new(offset as usize - typed.len(), offset as usize + rest_len);
    let token = Token::comment_word(source.format(), typed, span);
    let builder = ItemBuilder::new(context, &token);
    let mut items = Vec::new();
    let Some((verb, words)) = earlier_words.split_first() else {
        for verb in VERBS {
            items.push(builder.item(verb, verb.to_owned(), lsp::CompletionItemKind::Keyword));
        }
        return Some(items);
    };
    // After `until`, no rule can follow.
    if !VERBS.contains(verb) || words.contains(&"until") || directive.contains("--") {
        return Some(items);
    }
    let mut codes_with_findings: HashSet<Code> = HashSet::new();
    for finding in context.analysis.report.findings() {
        if finding.file == file.id {
            codes_with_findings.insert(finding.code);
        }
    }
    for rule in suppressible_rules().filter(|rule| !words.contains(&rule.meta.name)) {
        let item = builder.rule(rule, rule.meta.name.to_owned());
        let group = u8::from(!codes_with_findings.contains(&rule.code));
        items.push(lsp::CompletionItem { sort_text: Some(format!("{group}{}", rule.meta.name)), ..item });
    }
    Some(items)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || character == ','
}
