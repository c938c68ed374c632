//! Maps the characters of a decoded string back to the bytes of the file.
//!
//! The parsers do not keep this mapping, because only the few strings with findings need it: here the raw text of one string
//! is decoded again according to its style. [`Located`](crate::syntax::located::Located) compares the result with the string
//! that the parser decoded and falls back to the bytes of the whole value if they differ.

use std::ops::Range;

use crate::base::steps::count_steps;
use crate::syntax::line_breaks::line_break_len;
use crate::syntax::{Node, Style, Value};

/// A decoded string, and the positions of its parts in the file.
#[derive(Debug, Default)]
pub(crate) struct DecodedString {
    pub text: String,
    /// In the order of the string. Each piece ends at the start of the next one.
    pub pieces: Vec<Piece>,
}

/// A part of a decoded string: a text whose characters have the same lengths in the file, or one character that has another length
/// there. Bytes of the file that decode to no character, such as indentation, belong to no piece.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The offset in the decoded string.
    pub decoded_start: usize,
    /// The bytes of the file.
    pub raw: Range<usize>,
    /// Whether the piece is one character with another length in the file, such as an escape.
    pub is_escape: bool,
}

impl DecodedString {
    /// Adds a character and its bytes in the file.
    fn push(&mut self, character: char, raw: Range<usize>) {
        let mut buffer = [0; 4];
        let text = character.encode_utf8(&mut buffer);
        if text.len() == raw.len() {
            self.push_verbatim(text, raw.start);
        } else {
            self.pieces.push(Piece { decoded_start: self.text.len(), raw, is_escape: true });
            self.text.push(character);
        }
    }

    /// Adds text whose characters have the same lengths in the file, where it starts at `raw_start`.
    fn push_verbatim(&mut self, text: &str, raw_start: usize) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if !last.is_escape && last.raw.end == raw_start => last.raw.end += text.len(),
            _ => {
                let raw = raw_start..raw_start + text.len();
                self.pieces.push(Piece { decoded_start: self.text.len(), raw, is_escape: false });
            }
        }
        self.text.push_str(text);
    }

    /// Shortens the string to at most `len` bytes.
    fn truncate(&mut self, len: usize) {
        self.text.truncate(self.text.floor_char_boundary(len));
        let len = self.text.len();
        self.pieces.truncate(self.pieces.partition_point(|piece| piece.decoded_start < len));
        if let Some(last) = self.pieces.last_mut()
            && !last.is_escape
        {
            last.raw.end = last.raw.start + len - last.decoded_start;
        }
    }
}

/// Decodes a string node. `text` is the text that the tree was parsed from; the caller resolves aliases.
pub(crate) fn decode_string(text: &str, node: &Node<'_>) -> Option<DecodedString> {
    let Value::String(decoded) = &node.value else { return None };
    let raw = text.get(node.span.range())?;
    count_steps(raw.len());
    let start = node.span.start as usize;
    match node.style {
        Style::Json => Some(decode_json(strip_quotes(raw, '"')?, start + 1)),
        Style::Double => Some(decode_folded_lines(strip_quotes(raw, '"')?, start + 1, decode_escape)),
        Style::Single => Some(decode_folded_lines(strip_quotes(raw, '\'')?, start + 1, decode_doubled_quote)),
        Style::Plain => Some(decode_folded_lines(raw, start, |_, _| None)),
        Style::Literal | Style::Folded => decode_block_scalar(text, node, decoded),
        Style::Variable => None,
    }
}

fn strip_quotes(raw: &str, quote: char) -> Option<&str> {
    raw.strip_prefix(quote)?.strip_suffix(quote)
}

fn decode_json(content: &str, start: usize) -> DecodedString {
    let mut string = DecodedString::default();
    let mut index = 0;
    while let Some(verbatim) = memchr::memchr(b'\\', &content.as_bytes()[index..]) {
        string.push_verbatim(&content[index..index + verbatim], start + index);
        index += verbatim;
        let (character, range) = match decode_escape(&content[index..], start + index) {
            Some((Some(character), range)) => (character, range),
            _ => ('\\', start + index..start + index + 1),
        };
        index = range.end - start;
        string.push(character, range);
    }
    string.push_verbatim(&content[index..], start + index);
    string
}

/// What an escape sequence decodes to, and its bytes. An escaped line break decodes to no character.
type Escape = (Option<char>, Range<usize>);

/// YAML's escape for a quote inside single quotes: `''`.
fn decode_doubled_quote(rest: &str, start: usize) -> Option<Escape> {
    rest.starts_with("''").then(|| (Some('\''), start..start + 2))
}

/// Decodes the escape sequence at the start of `rest`, as in JSON and in YAML's double quotes (YAML 1.2, section 5.7, whose
/// escapes include those of JSON).
fn decode_escape(rest: &str, start: usize) -> Option<Escape> {
    let kind = rest.strip_prefix('\\')?.chars().next()?;
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\r' if rest[2..].starts_with('\n') => return Some((None, start..start + 3)),
        '\n' | '\r' => return Some((None, start..start + 2)),
        _ => return Some((Some(decode_short_escape(kind)), start..start + 1 + kind.len_utf8())),
    };
    let code = parse_hex(rest, 2, digits)?;
    // JSON writes characters beyond U+FFFF as two escapes, a UTF-16 surrogate pair (RFC 8259, section 7).
    if let (0xD800..=0xDBFF, Some("\\u")) = (code, rest.get(6..8)) {
        let low = parse_hex(rest, 8, 4)?.checked_sub(0xDC00)?;
        let pair = char::from_u32(0x1_0000 + ((code - 0xD800) << 10) + low)?;
        return Some((Some(pair), start..start + 12));
    }
    Some((Some(char::from_u32(code)?), start..start + 2 + digits))
}

fn parse_hex(text: &str, start: usize, digits: usize) -> Option<u32> {
    u32::from_str_radix(text.get(start..start + digits)?, 16).ok()
}

fn decode_short_escape(kind: char) -> char {
    match kind {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    }
}

/// Decodes the text of a YAML flow scalar, in which lines are folded (YAML 1.2, section 6.5): blanks around a line break are
/// dropped, a single line break becomes a space, and of several line breaks all but the first are kept.
/// `decode_escape` decodes the escape sequence at the start of its argument, if there is one.
fn decode_folded_lines(
    raw: &str,
    start: usize,
    decode_escape: impl Fn(&str, usize) -> Option<Escape>,
) -> DecodedString {
    let mut string = DecodedString::default();
    // Blanks at the end of a line are dropped, but not those before this index: they are escapes, or text follows them.
    let mut content_len = 0;
    let mut index = 0;
    while let Some(character) = raw[index..].chars().next() {
        let offset = start + index;
        if let Some((decoded, range)) = decode_escape(&raw[index..], offset) {
            index = range.end - start;
            match decoded {
                Some(character) => string.push(character, range),
                None => index += fold_line_breaks(&raw[index..], start + index, &mut string, false),
            }
            content_len = string.text.len();
        } else if matches!(character, '\n' | '\r') {
            let blanks = string.text.len() - string.text.trim_end_matches([' ', '\t']).len();
            string.truncate(content_len.max(string.text.len() - blanks));
            index += fold_line_breaks(&raw[index..], offset, &mut string, true);
            content_len = string.text.len();
        } else {
            index += character.len_utf8();
            string.push(character, offset..start + index);
            if !matches!(character, ' ' | '\t') {
                content_len = string.text.len();
            }
        }
    }
    string
}

/// Decodes the line breaks and blanks at the start of `rest` and returns their length in bytes. `folds_first` states whether the
/// first line break is folded. After an escaped line break, all of the following ones are kept.
fn fold_line_breaks(rest: &str, start: usize, string: &mut DecodedString, folds_first: bool) -> usize {
    let mut index = 0;
    let mut folds_next = folds_first;
    let mut folded_break = None;
    let mut has_kept_break = false;
    loop {
        index = rest.len() - rest[index..].trim_start_matches([' ', '\t']).len();
        let length = line_break_len(&rest[index..]);
        if length == 0 {
            break;
        }
        let range = start + index..start + index + length;
        if folds_next {
            folded_break = Some(range);
        } else {
            has_kept_break = true;
            string.push('\n', range);
        }
        folds_next = false;
        index += length;
    }
    // The folded line break is a space only if no other line break follows.
    if let Some(range) = folded_break
        && !has_kept_break
    {
        string.push(' ', range);
    }
    index
}

/// One line of a block scalar.
struct BlockLine {
    /// The bytes after the indentation, without the line break.
    content: Range<usize>,
    /// The bytes of the line break; empty at the end of the text.
    line_break: Range<usize>,
}

impl BlockLine {
    /// Whether the line is indented more than the block.
    fn is_indented_more(&self, text: &str) -> bool {
        text[self.content.clone()].starts_with([' ', '\t'])
    }

    fn is_foldable(&self, text: &str) -> bool {
        !self.content.is_empty() && !self.is_indented_more(text)
    }
}

/// Decodes a block scalar, which starts with its header (`|` or `>`). The decoded text may extend beyond the node, because the
/// header `|+` keeps the blank lines that follow.
fn decode_block_scalar(text: &str, node: &Node<'_>, decoded: &str) -> Option<DecodedString> {
    let start = node.span.start as usize;
    let header_length = text[start..].find(['\n', '\r'])?;
    let body = start + header_length + line_break_len(&text[start + header_length..]);
    // The indentation is the difference between the raw and the decoded first line with text. The header may state it (`|2`), but
    // relative to the parent, whose indentation is not known here.
    let raw_line = text[body..].split(['\n', '\r']).find(has_text)?;
    let decoded_line = decoded.split('\n').find(has_text)?;
    let indent = leading_spaces(raw_line).checked_sub(leading_spaces(decoded_line))?;
    let lines = split_block_lines(text, body, indent);
    Some(join_block_lines(text, &lines, node.style == Style::Folded, decoded.len()))
}

fn leading_spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn has_text(line: &&str) -> bool {
    !line.trim_matches([' ', '\t', '\r']).is_empty()
}

/// Splits the text from `body` on into lines and removes `indent` spaces from each. The first line that is indented less
/// ends the block.
fn split_block_lines(text: &str, body: usize, indent: usize) -> Vec<BlockLine> {
    let mut lines = Vec::new();
    let mut start = body;
    while start < text.len() {
        let length = text[start..].find(['\n', '\r']).unwrap_or(text.len() - start);
        let line = &text[start..start + length];
        let spaces = leading_spaces(line);
        // A line of only spaces may be shorter than the indentation.
        if spaces < indent && spaces < line.len() {
            break;
        }
        let end = start + length + line_break_len(&text[start + length..]);
        lines.push(BlockLine { content: start + spaces.min(indent)..start + length, line_break: start + length..end });
        start = end;
    }
    lines
}

/// Joins the lines of a block scalar. `len` is the length of the string that the parser decoded, so the chomping indicator (`-` or `+`)
/// does not have to be evaluated.
///
/// Folding (YAML 1.2, section 8.1.3) turns the line break between two lines into a space, or drops it if blank lines follow,
/// except next to lines that are indented more.
fn join_block_lines(text: &str, lines: &[BlockLine], fold: bool, len: usize) -> DecodedString {
    let mut string = DecodedString::default();
    let mut index = 0;
    while index < lines.len() && string.text.len() < len {
        let line = &lines[index];
        string.push_verbatim(&text[line.content.clone()], line.content.start);
        let mut is_folded = fold && line.is_foldable(text);
        let mut blank_lines = 0;
        if is_folded {
            blank_lines = lines[index + 1..].iter().take_while(|line| line.content.is_empty()).count();
            is_folded = lines.get(index + 1 + blank_lines).is_some_and(|next| !next.is_indented_more(text));
        }
        count_steps(line.content.len() + blank_lines + 1);
        match (is_folded, blank_lines) {
            (true, 0) => string.push(' ', line.line_break.clone()),
            // The line breaks of the blank lines below are added instead.
            (true, _) => {}
            (false, _) => string.push('\n', line.line_break.clone()),
        }
        index += 1;
        if is_folded {
            for blank_line in &lines[index..index + blank_lines] {
                string.push('\n', blank_line.line_break.clone());
            }
            index += blank_lines;
        }
    }
    string.truncate(len);
    string
}

#[cfg(test)]
mod tests;
