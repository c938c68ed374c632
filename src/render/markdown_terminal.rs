//! Renders a rule's page on a terminal: headings, lists and code with indentation and color, wrapped to the width.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::render::Screen;

/// The maximum width of a paragraph, in columns. Longer lines are hard to read.
const MAX_WIDTH: usize = 88;
const BOLD: Style = Style::new().effects(Effects::BOLD);
const CODE: Style = AnsiColor::Cyan.on_default();
const DIMMED: Style = Style::new().effects(Effects::DIMMED);

/// Writes a page. `markdown` has no front matter.
pub(crate) fn render(markdown: &str, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer =
        MarkdownRenderer { color: screen.color, width: screen.width.min(MAX_WIDTH), ..MarkdownRenderer::default() };
    for event in Parser::new(markdown) {
        renderer.handle_event(event);
    }
    out.write_all(renderer.output.trim_start().as_bytes())
}

#[derive(Default)]
struct MarkdownRenderer {
    output: String,
    color: bool,
    width: usize,
    /// The text of the paragraph, heading or code block that is not finished yet.
    block: String,
    list_depth: usize,
    /// Whether the next paragraph is the first of a list item, so that it gets the bullet.
    needs_bullet: bool,
}

impl MarkdownRenderer {
    fn handle_event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => self.start_code_block(&kind),
            Event::End(TagEnd::CodeBlock) => self.end_code_block(),
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::List(_)) => {
                // An item that contains a list has no `End(Paragraph)` before it.
                self.end_paragraph();
                self.list_depth += 1;
            }
            Event::End(TagEnd::List(_)) => self.list_depth -= 1,
            Event::Start(Tag::Item) => self.needs_bullet = true,
            Event::End(TagEnd::Paragraph | TagEnd::Item) => self.end_paragraph(),
            Event::Start(Tag::Emphasis | Tag::Strong) if self.color => {
                self.block.push_str(&BOLD.render().to_string());
            }
            Event::End(TagEnd::Emphasis | TagEnd::Strong) if self.color => {
                self.block.push_str(&BOLD.render_reset().to_string());
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.block.push_str(&text),
            Event::Code(text) if self.color => self.block.push_str(&self.paint(&text, CODE)),
            // Without color, backticks have to show what is code.
            Event::Code(text) => self.block.extend(["`", &*text, "`"]),
            Event::SoftBreak | Event::HardBreak => self.block.push(' '),
            _ => {}
        }
    }

    fn push_line(&mut self, line: &str) {
        self.output.push_str(line);
        self.output.push('\n');
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn start_code_block(&mut self, kind: &CodeBlockKind<'_>) {
        self.end_paragraph();
        if let CodeBlockKind::Fenced(language) = kind
            && !language.is_empty()
        {
            self.push_line(&format!("\n    {}", self.paint(language, DIMMED)));
        }
    }

    fn end_code_block(&mut self) {
        let code = std::mem::take(&mut self.block);
        for line in code.lines() {
            self.push_line(&format!("    {}", self.paint(line, CODE)));
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let mut title = std::mem::take(&mut self.block);
        // Without bold text, capitals distinguish a heading from a paragraph.
        if level != HeadingLevel::H1 && !self.color {
            title = title.to_uppercase();
        }
        self.push_line(&format!("\n{}", self.paint(&title, BOLD)));
    }

    /// Writes the paragraph that was collected, if there is one.
    fn end_paragraph(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let paragraph = std::mem::take(&mut self.block);
        let indent = "  ".repeat(self.list_depth + 1);
        let first_indent =
            if self.needs_bullet { format!("{}• ", "  ".repeat(self.list_depth)) } else { indent.clone() };
        if self.list_depth == 0 {
            self.output.push('\n');
        }
        // Do not break options and paths, so that they can be copied.
        let options = textwrap::Options::new(self.width)
            .initial_indent(&first_indent)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&paragraph, options) {
            self.push_line(&line);
        }
        self.needs_bullet = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render_page(markdown: &str, color: bool) -> String {
        let mut out = Vec::new();
        render(markdown, Screen { color, width: 40 }, &mut out).expect("memory can be written to");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn text_is_wrapped_and_lists_and_code_are_indented() {
        let markdown = "# A title\n\nSome text that goes on and on, with `code` in\nit.\n\n* one item that is longer than a line of this page is\n\
            * another\n\n## Fires on\n\n```json\n{ \"name\":\n  \"\" }\n```\n";
        let expected = "A title\n\n  Some text that goes on and on, with\n  `code` in it.\n  • one item that is longer than a line\n    of this page is\n  \
            • another\n\nFIRES ON\n\n    json\n    { \"name\":\n      \"\" }\n";
        assert_eq!(render_page(markdown, false), expected);
    }

    #[test]
    fn code_is_colored_and_color_adds_no_text() {
        let markdown = include_str!("../../rules/RCP012.md").split("---\n").nth(2).expect("a body");
        let plain = anstream::adapter::strip_str(&render_page(markdown, true)).to_string();
        let normalize =
            |text: &str| text.replace('`', "").to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(normalize(&plain), normalize(&render_page(markdown, false)));
        assert!(render_page(markdown, true).contains("\u{1b}[36m{{email_code}}\u{1b}["));
    }
}
