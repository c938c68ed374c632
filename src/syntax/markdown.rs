//! Finds the fenced blocks of Markdown that contain JSON or YAML (`CommonMark` 0.31, section 4.5).

use crate::base::source::{Format, Span};

/// A fenced block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FencedBlock {
    /// The opening fence, to the end of its line.
    pub fence: Span,
    /// The lines between the fences.
    pub content: Span,
    pub format: Format,
}

/// Finds the fenced blocks that contain JSON or YAML, according to their info string or their content.
pub(crate) fn find_blocks(text: &str) -> Vec<FencedBlock> {
    let mut blocks = Vec::new();
    let mut opening: Option<Fence<'_>> = None;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let fence = Fence::parse(line, line_start);
        match (&opening, fence) {
            (None, Some(fence)) => opening = Some(fence),
            (Some(open), Some(fence)) if fence.closes(open) => {
                blocks.extend(open.block(text, line_start));
                opening = None;
            }
            _ => {}
        }
        line_start += line.len();
    }
    // A block without a closing fence ends with the text.
    blocks.extend(opening.and_then(|open| open.block(text, text.len())));
    blocks
}

/// A line that opens or closes a block.
struct Fence<'t> {
    /// The line without its line break.
    span: Span,
    next_line_start: usize,
    marker: char,
    length: usize,
    info: &'t str,
}

impl<'t> Fence<'t> {
    /// Parses a line, which starts at `line_start`.
    fn parse(line: &'t str, line_start: usize) -> Option<Self> {
        let next_line_start = line_start + line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        let content = line.trim_start_matches(' ');
        // Four spaces start an indented block.
        if line.len() - content.len() > 3 {
            return None;
        }
        let marker = content.chars().next().filter(|marker| matches!(marker, '`' | '~'))?;
        let info = content.trim_start_matches(marker);
        let length = content.len() - info.len();
        let is_inline_code = marker == '`' && info.contains('`');
        if length < 3 || is_inline_code {
            return None;
        }
        let span = Span::new(line_start, line_start + line.len());
        Some(Self { span, next_line_start, marker, length, info: info.trim() })
    }

    fn closes(&self, opening: &Self) -> bool {
        self.marker == opening.marker && self.length >= opening.length && self.info.is_empty()
    }

    /// The block that this fence opens and whose content ends at `content_end`; `None` if it contains neither JSON nor YAML.
    fn block(&self, text: &str, content_end: usize) -> Option<FencedBlock> {
        let format = self.content_format(&text[self.next_line_start..content_end])?;
        Some(FencedBlock { fence: self.span, content: Span::new(self.next_line_start, content_end), format })
    }

    fn content_format(&self, content: &str) -> Option<Format> {
        let language = self.info.split([' ', '\t', '{', ',']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "jsonc" | "json5" => Some(Format::Jsonc),
            "" if content.trim_start().starts_with(['{', '[']) => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            // A block without a language can also contain a command.
            "" if content.lines().any(is_yaml_entry) => Some(Format::Yaml),
            _ => None,
        }
    }
}

/// Whether a line is a key at the top level of YAML, such as `enabled: false`.
fn is_yaml_entry(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    is_key && (value.is_empty() || value.starts_with([' ', '\r']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<(Format, &str)> {
        find_blocks(text).into_iter().map(|block| (block.format, &text[block.content.range()])).collect()
    }

    #[test]
    fn blocks_with_json_and_yaml_are_found() {
        let text = "Some text:\n\n```json\n{}\n```\n\n~~~YAML title\na: 1\r\n~~~\n```bash\nls\n```\n````\na: |\n  ```\n````\n```\nls -l\n```\n```\n{";
        let expected =
            [(Format::Json, "{}\n"), (Format::Yaml, "a: 1\r\n"), (Format::Yaml, "a: |\n  ```\n"), (Format::Json, "{")];
        assert_eq!(contents(text), expected);
    }

    #[test]
    fn inline_code_and_indented_lines_are_not_fences() {
        assert_eq!(contents("```a``` b\n    ```json\n    {}\n"), []);
        assert_eq!(contents("- list:\n\n  ```json\n  {}\n  ```\n"), [(Format::Json, "  {}\n")]);
    }
}
