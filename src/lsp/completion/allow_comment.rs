//! The rules in a comment `portal-lint: allow RULE -- reason`.

use std::collections::HashSet;

use gen_lsp_types as lsp;

use crate::base::diagnostic::Code;
use crate::base::source::{Format, Span};
use crate::lsp::completion::fields::rules;
use crate::lsp::completion::item::ItemBuilder;
use crate::lsp::completion::token::Token;
use crate::lsp::request_context::RequestContext;
use crate::syntax::allow_comment::{PREFIX, VERBS};

/// The items for a position in such a comment: the verbs, or the rules that are not yet in it. Rules that found something in the
/// document come first. `None` anywhere else.
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
    let earlier: Vec<&str> =
        directive[..directive.len() - typed.len()].split(is_separator).filter(|word| !word.is_empty()).collect();
    let after = source.slice(Span { start: offset, end: line.end });
    let rest = after.find(is_separator).unwrap_or(after.len());
    let token = Token::word(source.format(), typed, Span::new(offset as usize - typed.len(), offset as usize + rest));
    let builder = ItemBuilder::new(context, &token);
    let Some((verb, words)) = earlier.split_first() else {
        let to_item = |verb: &&str| builder.item(verb, (*verb).to_owned(), lsp::CompletionItemKind::Keyword);
        return Some(VERBS.iter().map(to_item).collect());
    };
    // After the date, only the reason follows.
    if !VERBS.contains(verb) || words.contains(&"until") || directive.contains("--") {
        return Some(Vec::new());
    }
    let found: HashSet<Code> = context
        .analysis
        .report
        .findings()
        .filter(|finding| finding.file == file.id)
        .map(|finding| finding.code)
        .collect();
    let mut items = Vec::new();
    for rule in rules().filter(|rule| !words.contains(&rule.meta.name)) {
        let item = builder.rule(rule, rule.meta.name.to_owned());
        let sort_text = Some(format!("{}{}", u8::from(!found.contains(&rule.code)), rule.meta.name));
        items.push(lsp::CompletionItem { sort_text, ..item });
    }
    Some(items)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || character == ','
}
