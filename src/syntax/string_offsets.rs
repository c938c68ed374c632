//! From a range in a string's decoded text back to the bytes of the file.
//!
//! Done only for findings, by reading the raw text again in the way its style asks for. The result is checked
//! against the decoded text; when the two do not agree, the whole value is the place.

use std::ops::Range;

use crate::syntax::{Node, Style, Value};

/// The characters of a string node and the bytes each was made of. `text` is the text the tree was read from; the caller
/// resolves aliases.
pub fn pieces(text: &str, node: &Node<'_>) -> Option<Vec<Piece>> {
    let (Value::String(decoded), Some(raw)) = (&node.value, text.get(node.span.range())) else { return None };
    let start = node.span.start as usize;
    match node.style {
        Style::Json | Style::Double => quoted(raw, start, node.style == Style::Double),
        Style::Plain => Some(flow_lines(raw, start, |_, _| None)),
        Style::Single => single(raw, start),
        Style::Literal | Style::Folded => block(text, node, decoded),
    }
}

/// A character of the decoded text and the bytes it was made of. What vanishes in decoding belongs to no piece.
pub type Piece = (char, Range<usize>);

fn inner(raw: &str, quote: char) -> Option<&str> {
    raw.strip_prefix(quote)?.strip_suffix(quote)
}

fn single(raw: &str, start: usize) -> Option<Vec<Piece>> {
    let inside = inner(raw, '\'')?;
    Some(flow_lines(inside, start + 1, |rest, at| rest.starts_with("''").then(|| (Some('\''), at..at + 2))))
}

fn quoted(raw: &str, start: usize, yaml: bool) -> Option<Vec<Piece>> {
    let inside = inner(raw, '"')?;
    let escape = |rest: &str, at: usize| rest.starts_with('\\').then(|| unescape(rest, at)).flatten();
    if yaml {
        return Some(flow_lines(inside, start + 1, escape));
    }
    let mut pieces = Vec::with_capacity(inside.len());
    let mut at = 0;
    while let Some(character) = inside[at..].chars().next() {
        let piece = match escape(&inside[at..], start + 1 + at) {
            Some((Some(character), range)) => (character, range),
            _ => (character, start + 1 + at..start + 1 + at + character.len_utf8()),
        };
        at = piece.1.end - start - 1;
        pieces.push(piece);
    }
    Some(pieces)
}

/// The escape at the start of `rest`; a line break that is escaped away gives no character.
fn unescape(rest: &str, at: usize) -> Option<(Option<char>, Range<usize>)> {
    let kind = rest[1..].chars().next()?;
    let short = 1 + kind.len_utf8();
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\r' if rest[2..].starts_with('\n') => return Some((None, at..at + 3)),
        '\n' | '\r' => return Some((None, at..at + 2)),
        _ => return Some((Some(short_escape(kind)), at..at + short)),
    };
    let hex =
        |from: usize, digits: usize| rest.get(from..from + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let value = hex(2, digits)?;
    if let (0xD800..=0xDBFF, Some("\\u")) = (value, rest.get(6..8)) {
        let low = hex(8, 4)?.checked_sub(0xDC00)?;
        let pair = char::from_u32(0x1_0000 + ((value - 0xD800) << 10) + low)?;
        return Some((Some(pair), at..at + 12));
    }
    Some((Some(char::from_u32(value)?), at..at + 2 + digits))
}

fn short_escape(kind: char) -> char {
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

/// Text whose lines are folded: blanks around a line break vanish, one break is a blank, further ones are breaks.
/// `special` reads escapes.
fn flow_lines(
    raw: &str,
    start: usize,
    special: impl Fn(&str, usize) -> Option<(Option<char>, Range<usize>)>,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(raw.len());
    // Blanks before this many pieces were written as escapes or text and stay.
    let mut solid = 0;
    let mut at = 0;
    while let Some(character) = raw[at..].chars().next() {
        let here = start + at;
        if let Some((found, range)) = special(&raw[at..], here) {
            at = range.end - start;
            match found {
                Some(character) => {
                    pieces.push((character, range));
                }
                None => {
                    at += folded(&raw[at..], start + at, &mut pieces, false);
                }
            }
            solid = pieces.len();
        } else if matches!(character, '\n' | '\r') {
            while pieces.len() > solid && matches!(pieces.last(), Some((' ' | '\t', _))) {
                pieces.pop();
            }
            at += folded(&raw[at..], here, &mut pieces, true);
            solid = pieces.len();
        } else {
            at += character.len_utf8();
            pieces.push((character, here..start + at));
            if !matches!(character, ' ' | '\t') {
                solid = pieces.len();
            }
        }
    }
    pieces
}

/// Line breaks and blanks at the start of `rest`: how many bytes, and the pieces they become.
fn folded(rest: &str, start: usize, pieces: &mut Vec<Piece>, first_is_blank: bool) -> usize {
    let mut at = 0;
    let mut first = first_is_blank.then_some(());
    let mut blank = None;
    let mut breaks = 0;
    loop {
        at += rest[at..].len() - rest[at..].trim_start_matches([' ', '\t']).len();
        let length = break_length(&rest[at..]);
        if length == 0 {
            break;
        }
        let range = start + at..start + at + length;
        if first.take().is_some() {
            blank = Some(range);
        } else {
            breaks += 1;
            pieces.push(('\n', range));
        }
        at += length;
    }
    if let (Some(range), 0) = (blank, breaks) {
        pieces.push((' ', range));
    }
    at
}

fn break_length(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    }
}

/// One line of a block scalar, its indentation taken off.
struct Row {
    content: Range<usize>,
    /// Its line break; empty at the end of the text.
    end: Range<usize>,
}

/// A block scalar, from its header on. The text may go on behind the node: the blank lines that `+` keeps.
fn block(text: &str, node: &Node<'_>, decoded: &str) -> Option<Vec<Piece>> {
    let start = node.span.start as usize;
    let header_length = text[start..].find(['\n', '\r'])?;
    let body = start + header_length + break_length(&text[start + header_length..]);
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let has_text = |line: &&str| !line.trim_matches([' ', '\t', '\r']).is_empty();
    // The first line of text says how deep the block stands: what it lost in decoding is indentation.
    let written = text[body..].split(['\n', '\r']).find(has_text)?;
    let indent = spaces(written).checked_sub(spaces(decoded.split('\n').find(has_text)?))?;
    let rows = rows(text, body, indent);
    Some(join(text, &rows, node.style == Style::Folded, decoded.chars().count()))
}

/// Lines from `body` on, `indent` blanks taken off each; ends at a line that is indented less.
fn rows(text: &str, body: usize, indent: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut at = body;
    while at < text.len() {
        let length = text[at..].find(['\n', '\r']).unwrap_or(text.len() - at);
        let line = &text[at..at + length];
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let end = at + length + break_length(&text[at + length..]);
        if spaces < indent && spaces < line.len() {
            break;
        }
        rows.push(Row { content: at + spaces.min(indent)..at + length, end: at + length..end });
        at = end;
    }
    rows
}

/// Joins lines as the style asks for; stops when `count` characters are there (chomping decided that already).
fn join(text: &str, rows: &[Row], fold: bool, count: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let deeper = |row: &Row| text[row.content.clone()].starts_with([' ', '\t']);
    let blank = |row: &Row| row.content.is_empty();
    let mut index = 0;
    while index < rows.len() && pieces.len() < count {
        let row = &rows[index];
        pieces.extend(text[row.content.clone()].char_indices().map(|(at, character)| {
            let at = row.content.start + at;
            (character, at..at + character.len_utf8())
        }));
        let blanks = rows[index + 1..].iter().take_while(|row| blank(row)).count();
        let next = rows.get(index + 1 + blanks);
        let folds = fold && !blank(row) && !deeper(row) && next.is_some_and(|next| !deeper(next));
        match (folds, blanks) {
            (true, 0) => pieces.push((' ', row.end.clone())),
            (true, _) => {}
            (false, _) => pieces.push(('\n', row.end.clone())),
        }
        index += 1;
        if folds {
            pieces.extend(rows[index..index + blanks].iter().map(|row| ('\n', row.end.clone())));
            index += blanks;
        }
    }
    pieces.truncate(count);
    pieces
}

#[cfg(test)]
mod tests {
    use crate::base::source::Span;
    use crate::syntax::located::locate;
    use crate::syntax::string_offsets::*;
    use crate::syntax::{Limits, yaml};

    /// The raw bytes of the first place where `wanted` stands in the text of the key `a`.
    #[track_caller]
    fn raw<'t>(text: &'t str, wanted: &str) -> &'t str {
        let parsed = yaml::parse(text, &Limits::default());
        assert_eq!(parsed.errors, [], "{text:?}");
        let node = parsed.documents[0].nodes().find(|node| matches!(node.value, Value::String(_))).expect("a text");
        let Value::String(decoded) = &node.value else { return "" };
        let at = decoded.find(wanted).unwrap_or_else(|| panic!("{wanted:?} is in {decoded:?}"));
        &text[locate(text, node, at..at + wanted.len()).range()]
    }

    fn json<'t>(text: &'t str, decoded: &'t str, range: Range<usize>) -> &'t str {
        let node = Node { span: Span::new(0, text.len()), style: Style::Json, value: Value::String(decoded.into()) };
        &text[locate(text, &node, range).range()]
    }

    #[test]
    fn json_escapes_are_taken_whole() {
        let text = r#""a\u00fc\ud83d\ude00\"b""#;
        let decoded = "aü😀\"b";
        assert_eq!(json(text, decoded, 0..1), "a");
        assert_eq!(json(text, decoded, 1..3), r"\u00fc");
        assert_eq!(json(text, decoded, 3..7), r"\ud83d\ude00");
        assert_eq!(json(text, decoded, 4..5), r"\ud83d\ude00");
        assert_eq!(json(text, decoded, 7..9), "\\\"b");
        assert_eq!(json(text, decoded, 9..9), "");
        assert_eq!(json(text, "other", 0..1), text);
    }

    #[test]
    fn folded_lines_in_plain_and_quoted_text_are_found() {
        assert_eq!(raw("a: one two\r\n  three\r\n\r\n  four\r\n", "two three"), "two\r\n  three");
        assert_eq!(raw("a: one two\r\n  three\r\n\r\n  four\r\n", "three\nfour"), "three\r\n\r\n  four");
        assert_eq!(raw("a: 'it''s ü  \n  here'\n", "'s ü here"), "''s ü  \n  here");
        assert_eq!(raw("a: \"x\\\n   y \\x41\\\r\n  \\ z\"\n", "y A z"), "y \\x41\\\r\n  \\ z");
        assert_eq!(raw("a: \"x \n\n\n  y\"\n", "\n\ny"), "\n\n  y");
        assert_eq!(raw("a: \"\\tx\\ \n  y\"\n", "x  y"), "x\\ \n  y");
    }

    #[test]
    fn block_text_is_found_behind_its_indentation() {
        assert_eq!(raw("a: |\n  <p>\n    ü\n\n  </p>\n", "ü\n\n</p>"), "ü\n\n  </p>");
        assert_eq!(raw("a: |2-\r\n   x\r\n  y\r\nb: 1\r\n", "x\ny"), "x\r\n  y");
        assert_eq!(
            raw("a: >\n  one\n  two\n\n  three\n    deep\n  four\n", "two\nthree\n  deep\nfour"),
            "two\n\n  three\n    deep\n  four"
        );
        assert_eq!(raw("a: >\n  one\n  two\n", "one two"), "one\n  two");
        assert_eq!(raw("a: |+\n\n  x\n\n\nb: 1\n", "\nx\n\n\n"), "\n  x\n\n\n");
        assert_eq!(raw("- |\n x", "x"), "x");
    }

    /// A small generator: the same sequence on every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, below: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % (below as u64)).unwrap_or_default()
        }
    }

    #[test]
    fn whatever_can_be_read_can_be_read_again() {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        let parts = [
            "a",
            "ü",
            "😀",
            " ",
            "  ",
            "\n",
            "\n",
            "\n\n",
            "x y",
            "\\n",
            "\\u00e9",
            "\\ud83d\\ude00",
            "''",
            "\\\n",
            "<b>",
            "\t",
            "\\ ",
        ];
        let styles = ["|\n", ">\n", "|-\n", ">-\n", "|+\n", ">+\n", "|2\n", ">2-\n", "\"", "'", ""];
        let mut checked = 0;
        for _ in 0..30_000 {
            let style = styles[dice.roll(styles.len())];
            let body: String = (0..=dice.roll(8)).map(|_| parts[dice.roll(parts.len())]).collect();
            let quote = if style.len() == 1 { style } else { "" };
            let block = style.ends_with('\n');
            let indented = format!("{}{}", if block { "  " } else { "" }, body.replace('\n', "\n  "));
            let mut text = format!("k: {style}{indented}{quote}\nnext: 1\n");
            if dice.roll(2) == 0 {
                text = text.replace('\n', "\r\n");
            }
            let parsed = yaml::parse(&text, &Limits::default());
            if !parsed.errors.is_empty() {
                continue;
            }
            let Some(node) = parsed.documents[0].nodes().nth(1) else { continue };
            let Value::String(decoded) = &node.value else { continue };
            if decoded.trim().is_empty() {
                continue;
            }
            checked += 1;
            for (at, character) in decoded.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let span = locate(&text, node, at..at + character.len_utf8());
                assert!(span != node.span || decoded.len() == character.len_utf8(), "{decoded:?} of {text:?}");
                let raw = &text[span.range()];
                let escaped = raw.starts_with('\\') || raw == "''";
                assert!(escaped || raw == character.to_string(), "{character:?} is {raw:?} in {text:?}");
            }
        }
        assert!(checked > 10_000, "{checked}");
    }
}
