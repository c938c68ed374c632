//! A rule's page on a terminal: headings, lists and code as one sees them, wrapped to its width.
//!
//! Where no terminal is, the page goes out as the Markdown it is.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::render::Screen;

/// Wider lines are hard to read.
const WIDEST: usize = 88;
const HEADING: Style = Style::new().effects(Effects::BOLD);
const CODE: Style = AnsiColor::Cyan.on_default();
const QUIET: Style = Style::new().effects(Effects::DIMMED);

/// Writes a page, its head left out.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(markdown: &str, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { color: screen.color, width: screen.width.min(WIDEST), ..Page::default() };
    for event in Parser::new(markdown) {
        page.event(event);
    }
    out.write_all(page.text.trim_start().as_bytes())
}

#[derive(Default)]
struct Page {
    text: String,
    color: bool,
    width: usize,
    /// The paragraph, heading or code that is being read.
    block: String,
    in_code: bool,
    /// Levels of lists, and whether the next block is the first of its item.
    lists: usize,
    item: bool,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.flush();
                self.in_code = true;
                // Behind the language stands what the tests want to know.
                if let CodeBlockKind::Fenced(info) = kind
                    && let Some(language) = info.split_whitespace().next()
                {
                    let label = self.styled(language, QUIET);
                    self.line(&["\n    ", &label]);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                let code = std::mem::take(&mut self.block);
                for line in code.lines() {
                    let line = self.styled(line, CODE);
                    self.line(&["    ", &line]);
                }
            }
            Event::End(TagEnd::Heading(level)) => self.heading(level),
            Event::Start(Tag::List(_)) => {
                self.flush();
                self.lists += 1;
            }
            Event::End(TagEnd::List(_)) => self.lists -= 1,
            Event::Start(Tag::Item) => self.item = true,
            Event::End(TagEnd::Paragraph | TagEnd::Item) => self.flush(),
            Event::Start(Tag::Emphasis | Tag::Strong) if self.color => {
                self.block.push_str(&HEADING.render().to_string());
            }
            Event::End(TagEnd::Emphasis | TagEnd::Strong) if self.color => {
                self.block.push_str(&HEADING.render_reset().to_string());
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.block.push_str(&text),
            Event::Code(text) if self.color => self.block.push_str(&self.styled(&text, CODE)),
            Event::Code(text) => self.block.extend(["`", &*text, "`"]),
            Event::SoftBreak | Event::HardBreak => self.block.push(' '),
            _ => {}
        }
    }

    fn line(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
        self.text.push('\n');
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let title = std::mem::take(&mut self.block);
        let title = if level == HeadingLevel::H1 || self.color { title } else { title.to_uppercase() };
        let title = self.styled(&title, HEADING);
        self.line(&["\n", &title]);
    }

    /// Ends a paragraph.
    fn flush(&mut self) {
        if self.in_code || self.block.is_empty() {
            return;
        }
        let block = std::mem::take(&mut self.block);
        let inner = "  ".repeat(self.lists + 1);
        let bullet = if self.item { format!("{}• ", "  ".repeat(self.lists)) } else { inner.clone() };
        if self.lists == 0 {
            self.text.push('\n');
        }
        let options = textwrap::Options::new(self.width)
            .initial_indent(&bullet)
            .subsequent_indent(&inner)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&block, options) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        self.item = false;
    }
}

#[cfg(test)]
mod tests {
    use crate::render::markdown_terminal::*;

    fn page(markdown: &str, color: bool) -> String {
        let mut out = Vec::new();
        render(markdown, Screen { color, width: 40 }, &mut out).expect("memory can be written to");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_page_is_wrapped_and_its_lists_and_code_stand_in() {
        let markdown = "# A title\n\nSome text that goes on and on, with `code` in\nit.\n\n* one item that is longer than a line of this page is\n\
            * another\n\n## Fires on\n\n```json fires=/name\n{ \"name\":\n  \"\" }\n```\n";
        let expected = "A title\n\n  Some text that goes on and on, with\n  `code` in it.\n  • one item that is longer than a line\n    of this page is\n  \
            • another\n\nFIRES ON\n\n    json\n    { \"name\":\n      \"\" }\n";
        assert_eq!(page(markdown, false), expected);
    }

    #[test]
    fn colours_add_nothing_but_colours() {
        let markdown = include_str!("../../rules/RCP012.md").split("---\n").nth(2).expect("a body");
        let plain = anstream::adapter::strip_str(&page(markdown, true)).to_string();
        let words = |text: &str| text.replace('`', "").to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&plain), words(&page(markdown, false)));
        assert!(page(markdown, true).contains("\u{1b}[36m{{email_code}}\u{1b}["));
    }
}
