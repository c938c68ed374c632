//! The word or string at the cursor, which a completion replaces.

use crate::base::source::{Format, Source, Span};

/// See the module documentation.
#[derive(Debug)]
pub(super) struct Token {
    /// The bytes to replace, including the quotes. Empty if the cursor is between two words.
    pub span: Span,
    /// The quote before the text.
    pub quote: Option<char>,
    /// The text before the cursor, without the quote.
    pub typed: String,
    /// Whether it is a complete key: a colon, an equals sign, or the bracket of a TOML table follows.
    pub is_complete_key: bool,
    /// Whether only indentation is before it on its line.
    pub starts_line: bool,
    pub format: Format,
}

impl Token {
    /// The token at an offset. `None` right after another token.
    pub(super) fn at(source: &Source, offset: u32) -> Option<Self> {
        let format = source.format();
        let line = source.line(source.position(offset).line as usize)?;
        let text = source.slice(line);
        let (before, after) = text.split_at_checked((offset - line.start) as usize)?;
        let quote = open_quote(before, format);
        let start = quote.map_or_else(|| unquoted_start(before, format), |(start, _)| start);
        if quote.is_none() && !is_separated(&before[..start], format) {
            return None;
        }
        let length = match quote {
            Some((_, quote)) => quoted_rest_len(after, quote),
            None => unquoted_rest_len(after, before, format),
        };
        let quote = quote.map(|(_, quote)| quote);
        let line_start = line.range().start;
        let end = before.len() + length;
        let rest = text[end..].trim_start();
        Some(Self {
            span: Span::new(line_start + start, line_start + end),
            quote,
            typed: before[start..].trim_start_matches(|c| Some(c) == quote).to_owned(),
            is_complete_key: rest.starts_with([':', '=']) || (format == Format::Toml && rest.starts_with(']')),
            starts_line: before[..start].trim().is_empty(),
            format,
        })
    }

    /// A word of a comment.
    pub(super) fn comment_word(format: Format, typed: &str, span: Span) -> Self {
        Self { span, quote: None, typed: typed.to_owned(), is_complete_key: false, starts_line: false, format }
    }
}

/// The start of the string that is open at the end of `before`, and its quote.
fn open_quote(before: &str, format: Format) -> Option<(usize, char)> {
    let has_single_quotes = !matches!(format, Format::Json | Format::Jsonc);
    let mut open: Option<(usize, char)> = None;
    let mut previous = ' ';
    let mut is_escaped = false;
    for (index, c) in before.char_indices() {
        let is_quote = c == '"' || (c == '\'' && has_single_quotes);
        // In a YAML word, as in `it's`, a quote is an ordinary character.
        let may_open = previous.is_whitespace() || "[]{},:=".contains(previous);
        match open {
            Some((_, '"')) if is_escaped => is_escaped = false,
            Some((_, '"')) if c == '\\' => is_escaped = true,
            Some((_, quote)) if c == quote => open = None,
            None if is_quote && may_open => open = Some((index, c)),
            _ => {}
        }
        previous = c;
    }
    open
}

/// The length of the rest of a string with its closing quote; 0 if the string is probably not closed.
fn quoted_rest_len(after: &str, quote: char) -> usize {
    match after.find(quote) {
        Some(end) if !after[..end].contains([',', ':', '=', '{', '}', '[', ']']) => end + quote.len_utf8(),
        _ => 0,
    }
}

/// The start of the word without quotes that `before` ends with.
fn unquoted_start(before: &str, format: Format) -> usize {
    if format != Format::Yaml {
        return before.trim_end_matches(is_word_character).len();
    }
    // A plain scalar may contain spaces, so it starts after the last character that separates scalars.
    let mut rest = before.trim_start();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    for separator in [": ", "[", "{", ", "] {
        if let Some((_, after)) = rest.rsplit_once(separator) {
            rest = after;
        }
    }
    before.len() - rest.trim_start().len()
}

/// The length of the rest of the word without quotes that `before` ends with.
fn unquoted_rest_len(after: &str, before: &str, format: Format) -> usize {
    if format == Format::Yaml && before.contains(": ") {
        let end = after.find([',', ']', '}']).unwrap_or(after.len());
        let end = after[..end].find(" #").unwrap_or(end);
        return after[..end].trim_end().len();
    }
    after.len() - after.trim_start_matches(is_word_character).len()
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '$')
}

/// Whether a new token may start after this text.
fn is_separated(before: &str, format: Format) -> bool {
    before.chars().next_back().is_none_or(|last| {
        let separators = if format == Format::Yaml { "[{" } else { "[{,:=" };
        last.is_whitespace() || last == '\u{feff}' || separators.contains(last)
    })
}
