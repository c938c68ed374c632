//! Builds completion items that replace the token at the cursor.

use gen_lsp_types as lsp;

use crate::base::source::Format;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::completion::token::Token;
use crate::lsp::convert;
use crate::lsp::request_context::RequestContext;
use crate::rules::Rule;

/// See the module documentation.
pub(super) struct ItemBuilder<'a> {
    pub token: &'a Token,
    pub client: &'a ClientCapabilities,
    range: lsp::Range,
}

impl<'a> ItemBuilder<'a> {
    pub(super) fn new(context: &'a RequestContext<'_>, token: &'a Token) -> Self {
        let range = convert::range(&context.document.source, token.span, context.client.encoding);
        Self { token, client: context.client, range }
    }

    /// An item with this label that inserts `new_text`.
    pub(super) fn item(&self, label: &str, new_text: String, kind: lsp::CompletionItemKind) -> lsp::CompletionItem {
        // Editors compare the filter text with the replaced text, which starts with the quote.
        let quote = self.token.quote.map(String::from).unwrap_or_default();
        lsp::CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            filter_text: Some(format!("{quote}{label}")),
            text_edit: Some(lsp::TextEdit { range: self.range, new_text }.into()),
            ..lsp::CompletionItem::default()
        }
    }

    /// The text of a key, with what separates it from its value.
    pub(super) fn key(&self, name: &str, is_container: bool) -> String {
        let Token { quote, is_complete_key, format, .. } = *self.token;
        let quote = quote.or((!matches!(format, Format::Yaml | Format::Toml)).then_some('"'));
        let quote = quote.map(String::from).unwrap_or_default();
        let separator = match format {
            _ if is_complete_key => "",
            Format::Toml => " = ",
            // The value is on the lines below.
            Format::Yaml if is_container => ":",
            _ => ": ",
        };
        format!("{quote}{name}{quote}{separator}")
    }

    /// The literal of a text that contains no quotes and no backslashes.
    pub(super) fn text_literal(&self, text: &str) -> String {
        // Without quotes, YAML would read digits as a number.
        let is_plain = self.token.format == Format::Yaml && text.starts_with(|c: char| c.is_ascii_alphabetic());
        match self.token.quote {
            Some(quote) => format!("{quote}{text}{quote}"),
            None if is_plain => text.to_owned(),
            None => format!("\"{text}\""),
        }
    }

    /// An item for a rule that inserts `new_text`.
    pub(super) fn rule(&self, rule: &Rule, new_text: String) -> lsp::CompletionItem {
        let item = self.item(rule.meta.name, new_text, lsp::CompletionItemKind::EnumMember);
        lsp::CompletionItem { detail: Some(format!("{}: {}", rule.code, rule.meta.title)), ..item }
    }

    /// A text in the format that the editor supports.
    pub(super) fn documentation(&self, text: String) -> lsp::Documentation {
        let kind = if self.client.renders_markdown_in_completions {
            lsp::MarkupKind::Markdown
        } else {
            lsp::MarkupKind::PlainText
        };
        lsp::MarkupContent { kind, value: text }.into()
    }
}
