//! Renders a text as a YAML scalar: plain, quoted or block, in any style that can represent it exactly, with random line folding.

use super::choices::Choices;
use super::rendered_text::RenderedText;
use super::rendering::Escapes;

/// The position of a scalar.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The indentation of the surrounding collection: continuation lines are indented more.
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

/// Writes a text in a random style. For a block scalar, which includes the line break after it, returns the end of its value.
pub fn write(text: &str, rendered: &mut RenderedText, c: &mut Choices, context: Context) -> Option<usize> {
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
        // Plain scalars are the most common ones.
        styles.extend([Style::Plain, Style::Plain]);
    }
    styles.reverse();
    let folds = !context.is_key && c.one_in(3);
    let fold = if folds { Some(context.indent + 1 + c.below(4)) } else { None };
    match c.pick(&styles) {
        Style::Plain => write_folding(text, rendered, c, fold, &|_, rendered, character| raw(rendered, character)),
        Style::Single => {
            rendered.push_str("'");
            write_folding(text, rendered, c, fold, &|_, rendered, character| match character {
                '\'' => rendered.push_character(character, "''"),
                _ => raw(rendered, character),
            });
            rendered.push_str("'");
        }
        Style::Double => {
            rendered.push_str("\"");
            let escapes = Escapes::random(c);
            write_folding(text, rendered, c, fold, &move |c, rendered, character| {
                write_double_quoted(c, rendered, character, escapes);
            });
            rendered.push_str("\"");
        }
        Style::Literal => return Some(block(text, rendered, c, context.indent, false)),
        Style::Folded => return Some(block(text, rendered, c, context.indent, true)),
    }
    None
}

fn raw(rendered: &mut RenderedText, c: char) {
    rendered.push_character(c, c.encode_utf8(&mut [0; 4]));
}

/// The characters that YAML 1.2 allows unescaped (`c-printable`), without the line separators of YAML 1.1, where other parsers break
/// lines.
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
    let can_start = first.is_alphanumeric() || "$<(/\\.+=^_".contains(first) || !first.is_ascii();
    // Other parsers read these as a number, a date or a time.
    let is_numeric = text.chars().all(|c| "0123456789abcdefxoABCDEF_:.+-TtZz einfINF".contains(c))
        && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    can_be_single(text)
        && can_start
        && !is_numeric
        && text.trim_matches([' ', '\t']) == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_lowercase().as_str())
        && !["---", "...", "<<", "="].contains(&text)
        && !(in_flow && text.contains([',', '[', ']', '{', '}']))
}

fn can_be_literal(text: &str) -> bool {
    let is_only_white_space = |line: &str| !line.is_empty() && line.trim().is_empty();
    text.chars().all(|c| is_printable(c) || matches!(c, '\n' | '\t'))
        && !text.starts_with('\n')
        && !text.trim().is_empty()
        && !text.split('\n').any(is_only_white_space)
}

fn can_be_folded(text: &str) -> bool {
    text.split('\n').all(|line| !line.starts_with([' ', '\t']))
}

/// Writes characters with `write_character`. With an indentation in `fold`, single spaces between words may become line breaks.
fn write_folding(
    text: &str,
    rendered: &mut RenderedText,
    c: &mut Choices,
    fold: Option<usize>,
    write_character: &dyn Fn(&mut Choices, &mut RenderedText, char),
) {
    let mut previous = ' ';
    for (start, character) in text.char_indices() {
        let next = text[start + character.len_utf8()..].chars().next().unwrap_or(' ');
        let is_single_space = character == ' ' && !previous.is_whitespace() && !next.is_whitespace() && start > 0;
        match fold {
            Some(indent) if is_single_space && c.one_in(4) => fold_line(rendered, c, indent),
            _ => write_character(c, rendered, character),
        }
        previous = character;
    }
}

fn fold_line(rendered: &mut RenderedText, c: &mut Choices, indent: usize) {
    if c.one_in(6) {
        rendered.push_str(" ");
    }
    let newline = rendered.newline;
    rendered.push_character(' ', newline);
    rendered.push_str(&" ".repeat(indent));
}

fn write_double_quoted(c: &mut Choices, rendered: &mut RenderedText, character: char, escapes: Escapes) {
    let must_be_escaped = matches!(character, '"' | '\\') || !is_printable(character);
    if !must_be_escaped && !escapes.apply(c) {
        return raw(rendered, character);
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
        return rendered.push_character(character, short);
    }
    let number = u32::from(character);
    let written = match number {
        0..=0xff if c.one_in(2) => format!("\\x{number:02x}"),
        0..=0xffff => format!("\\u{number:04X}"),
        _ => format!("\\U{number:08x}"),
    };
    rendered.push_character(character, &written);
}

/// Writes a block scalar with its last line break. Returns the end of its last line of text.
fn block(text: &str, rendered: &mut RenderedText, c: &mut Choices, indent: usize, folds: bool) -> usize {
    let deeper = 1 + c.below(4);
    let trailing = text.len() - text.trim_end_matches('\n').len();
    rendered.push_str(if folds { ">" } else { "|" });
    let chomping = match trailing {
        0 => "-",
        1 => c.pick(&["", "", "+"]),
        _ => "+",
    };
    // Without an indentation indicator, the first line determines the indentation.
    let indentation = if text.starts_with(' ') || c.one_in(6) { deeper.to_string() } else { String::new() };
    let header = if c.one_in(2) { format!("{indentation}{chomping}") } else { format!("{chomping}{indentation}") };
    rendered.push_str(&header);
    if c.one_in(8) {
        rendered.push_str(" # it's: text");
    }
    rendered.push_line_break(0);
    let newline = rendered.newline;
    let (mut previous, mut is_line_start, mut end) = ('\n', true, rendered.len());
    for (start, character) in text.char_indices() {
        let next = text[start + character.len_utf8()..].chars().next().unwrap_or('\n');
        if character == '\n' {
            rendered.push_character('\n', newline);
            // In a folded scalar two line breaks represent one.
            if folds && previous != '\n' && start + trailing < text.len() {
                rendered.push_str(newline);
            }
            is_line_start = true;
        } else {
            if is_line_start {
                rendered.push_str(&" ".repeat(indent + deeper));
                is_line_start = false;
            }
            let is_single_space = character == ' ' && !previous.is_whitespace() && !next.is_whitespace();
            if folds && is_single_space && c.one_in(4) {
                rendered.push_character(' ', newline);
                is_line_start = true;
            } else {
                raw(rendered, character);
                end = rendered.len();
            }
        }
        previous = character;
    }
    if trailing == 0 {
        rendered.push_line_break(0);
    }
    rendered.needs_end = trailing > 0;
    end
}
