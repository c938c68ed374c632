//! A text in YAML: plain, in quotes, in blocks; every style that can carry the text exactly, and how it may be folded.

use super::choices::Choices;
use super::sheet::Sheet;

/// What stands around a text.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Columns of the collection around it: what is continued stands deeper.
    indent: usize,
    is_key: bool,
    in_flow: bool,
    in_block: bool,
}

impl Context {
    pub fn key(in_flow: bool) -> Self {
        Self { indent: 0, is_key: true, in_flow, in_block: false }
    }

    pub fn flow(indent: usize) -> Self {
        Self { indent, is_key: false, in_flow: true, in_block: false }
    }

    pub fn block(indent: usize) -> Self {
        Self { indent, is_key: false, in_flow: false, in_block: true }
    }
}

#[derive(Clone, Copy, Debug)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// Writes a text. Of a block scalar, which also ends its last line, where its value ends.
pub fn write(text: &str, sheet: &mut Sheet, c: &mut Choices, context: Context) -> Option<usize> {
    let mut styles = vec![Style::Double];
    if can_be_single(text) {
        styles.push(Style::Single);
    }
    if context.in_block && can_be_literal(text) {
        styles.push(Style::Literal);
        if can_be_folded(text) {
            styles.push(Style::Folded);
        }
    }
    if can_be_plain(text, context.in_flow) {
        // Most people write most texts so.
        styles.extend([Style::Plain, Style::Plain]);
    }
    styles.reverse();
    let folds = !context.is_key && c.one_in(3);
    let fold = if folds { Some(context.indent + 1 + c.below(4)) } else { None };
    match c.pick(&styles) {
        Style::Plain => folding(text, sheet, c, fold, &|_, sheet, one| raw(sheet, one)),
        Style::Single => {
            sheet.put("'");
            folding(text, sheet, c, fold, &|_, sheet, one| {
                if one == '\'' { sheet.piece(one, "''") } else { raw(sheet, one) }
            });
            sheet.put("'");
        }
        Style::Double => {
            sheet.put("\"");
            let often = c.pick(&[0, 0, 0, 8, 1]);
            folding(text, sheet, c, fold, &move |c, sheet, one| double(c, sheet, one, often));
            sheet.put("\"");
        }
        Style::Literal => return Some(block(text, sheet, c, context.indent, false)),
        Style::Folded => return Some(block(text, sheet, c, context.indent, true)),
    }
    None
}

fn raw(sheet: &mut Sheet, c: char) {
    sheet.piece(c, c.encode_utf8(&mut [0; 4]));
}

/// What YAML lets stand unescaped (1.2, `c-printable`); line separators of YAML 1.1 are left out, other readers break
/// lines there.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
        || c > '\u{ffff}'
}

fn can_be_single(text: &str) -> bool {
    text.chars().all(is_printable)
}

fn can_be_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 5] = ["null", "~", "true", "false", "nan"];
    let first = text.chars().next().unwrap_or(' ');
    let starts = first.is_alphanumeric() || "$<(/\\.+=^_".contains(first) || !first.is_ascii();
    // Not what any reader takes for a number, a date or a time.
    let numeric = text.chars().all(|c| "0123456789abcdefxoABCDEF_:.+-TtZz einfINF".contains(c))
        && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    can_be_single(text)
        && starts
        && !numeric
        && text.trim_matches([' ', '\t']) == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_lowercase().as_str())
        && !["---", "...", "<<", "="].contains(&text)
        && !(in_flow && text.contains([',', '[', ']', '{', '}']))
}

fn can_be_literal(text: &str) -> bool {
    let fits = |line: &str| line.is_empty() || !line.trim().is_empty();
    text.chars().all(|c| is_printable(c) || matches!(c, '\n' | '\t'))
        && !text.starts_with('\n')
        && !text.trim().is_empty()
        && text.split('\n').all(fits)
}

fn can_be_folded(text: &str) -> bool {
    text.split('\n').all(|line| !line.starts_with([' ', '\t']))
}

/// Writes characters; a single blank between words may become a line break, if there is an indentation for it.
fn folding(
    text: &str,
    sheet: &mut Sheet,
    c: &mut Choices,
    fold: Option<usize>,
    one: &dyn Fn(&mut Choices, &mut Sheet, char),
) {
    let mut last = ' ';
    for (at, character) in text.char_indices() {
        let next = text[at + character.len_utf8()..].chars().next().unwrap_or(' ');
        let between = character == ' ' && !last.is_whitespace() && !next.is_whitespace() && at > 0;
        match fold {
            Some(indent) if between && c.one_in(4) => fold_here(sheet, c, indent),
            _ => one(c, sheet, character),
        }
        last = character;
    }
}

fn fold_here(sheet: &mut Sheet, c: &mut Choices, indent: usize) {
    if c.one_in(6) {
        sheet.put(" ");
    }
    let newline = sheet.newline;
    sheet.piece(' ', newline);
    sheet.put(&" ".repeat(indent));
}

fn double(c: &mut Choices, sheet: &mut Sheet, character: char, often: usize) {
    let must = matches!(character, '"' | '\\') || !is_printable(character);
    if !must && (often == 0 || !(often == 1 || c.one_in(often))) {
        return raw(sheet, character);
    }
    let short = match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '/' => "\\/",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        ' ' => "\\ ",
        '\u{a0}' => "\\_",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        _ => "",
    };
    if !short.is_empty() && !c.one_in(8) {
        return sheet.piece(character, short);
    }
    let number = u32::from(character);
    let written = match number {
        0..=0xff if c.one_in(2) => format!("\\x{number:02x}"),
        0..=0xffff => format!("\\u{number:04X}"),
        _ => format!("\\U{number:08x}"),
    };
    sheet.piece(character, &written);
}

/// A block scalar, its last line break included; gives the end of its last line of text.
fn block(text: &str, sheet: &mut Sheet, c: &mut Choices, indent: usize, folds: bool) -> usize {
    let deeper = 1 + c.below(4);
    let trailing = text.len() - text.trim_end_matches('\n').len();
    sheet.put(if folds { ">" } else { "|" });
    let chomping = match trailing {
        0 => "-",
        1 => c.pick(&["", "", "+"]),
        _ => "+",
    };
    // Without a number the first line says how deep the text stands.
    let number = if text.starts_with(' ') || c.one_in(6) { deeper.to_string() } else { String::new() };
    let both = if c.one_in(2) { format!("{number}{chomping}") } else { format!("{chomping}{number}") };
    sheet.put(&both);
    if c.one_in(8) {
        sheet.put(" # it's: text");
    }
    sheet.line(0);
    let newline = sheet.newline;
    let (mut last, mut line_starts, mut end) = ('\n', true, sheet.at());
    for (at, character) in text.char_indices() {
        let next = text[at + character.len_utf8()..].chars().next().unwrap_or('\n');
        if character == '\n' {
            sheet.piece('\n', newline);
            // Folded, a break between two lines of text takes two.
            if folds && last != '\n' && at + trailing < text.len() {
                sheet.put(newline);
            }
            line_starts = true;
        } else {
            if std::mem::take(&mut line_starts) {
                sheet.put(&" ".repeat(indent + deeper));
            }
            let between = character == ' ' && !last.is_whitespace() && !next.is_whitespace();
            if folds && between && c.one_in(4) {
                sheet.piece(' ', newline);
                line_starts = true;
            } else {
                raw(sheet, character);
                end = sheet.at();
            }
        }
        last = character;
    }
    if trailing == 0 {
        sheet.line(0);
    }
    sheet.needs_end = trailing > 0;
    end
}
