//! RCP901: reports syntax errors. [`crate::syntax`] finds them; this module has the messages.

mod toml_wording;

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::{Format, Source};
use crate::rules::context::FileContext;
use crate::syntax::look_alikes::look_alike;
use crate::syntax::{Problem, SyntaxError};

use super::unreadable::limit_finding;

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let source = cx.facts.source;
    for error in cx.facts.syntax_errors {
        // The rule about unreadable files reports exceeded limits.
        if !error.is_limit() {
            cx.report(error_finding(error, source));
        }
    }
}

/// The finding for a syntax error or an exceeded limit.
pub(crate) fn error_finding(error: &SyntaxError, source: &Source) -> Finding {
    if let Some(finding) = limit_finding(error) {
        return finding;
    }
    let wording = find_wording(error, source);
    let location = Location { pointer: String::new(), span: error.span };
    let mut finding = Finding::new(location, wording.message, wording.help);
    if let Some(label) = wording.label {
        finding = finding.with_label(label);
    }
    if let (Some(span), Some(message)) = (error.related, related_message(&error.problem)) {
        finding = finding.with_note(span, message);
    }
    finding
}

fn find_wording(error: &SyntaxError, source: &Source) -> Wording {
    word_punctuation_error(error, source)
        .or_else(|| word_file_error(error, source))
        .or_else(|| word_text_error(error, source))
        .or_else(|| word_yaml_error(error))
        .or_else(|| toml_wording::word_toml_error(error, source))
        // Not reached: a test checks that every problem has a wording.
        .unwrap_or_else(|| Wording::new("this cannot be read", "correct the syntax"))
}

/// The texts of a finding.
struct Wording {
    message: String,
    label: Option<&'static str>,
    help: String,
}

impl Wording {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), label: None, help: help.into() }
    }

    fn with_label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }
}

/// The note for the related location of an error.
fn related_message(problem: &Problem) -> Option<&'static str> {
    match problem {
        Problem::UnclosedBracket(_) => Some("it should be closed before this"),
        Problem::StrayClosingBracket(_) => Some("the open bracket"),
        Problem::StrayOpeningBracket(_) => Some("the bracket that closes it"),
        Problem::MergeConflict => Some("the conflict ends here"),
        Problem::MissingClosingQuote | Problem::UnclosedComment => Some("it was opened here"),
        _ => None,
    }
}

/// Errors in commas, colons, brackets and comments.
fn word_punctuation_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    Some(match &error.problem {
        Problem::TrailingComma => Wording::new("trailing comma after the last entry", "remove the comma"),
        Problem::MissingComma => Wording::new("missing comma after this entry", "add a comma between the two entries"),
        Problem::ExtraComma => {
            Wording::new("comma without an entry before it", "remove the comma, or add the missing entry")
        }
        Problem::MissingColon if matches!(source.slice(error.span), "=" | ";" | ",") => Wording::new(
            format!("expected `:`, found `{}`", source.slice(error.span)),
            "write `:` between the key and its value",
        ),
        Problem::MissingColon => Wording::new("missing colon after this key", "add `:` between the key and its value"),
        Problem::MissingSpace if source.slice(error.span) == "#" => {
            Wording::new("missing space before `#`, so it does not start a comment", "add a space before the `#`")
        }
        Problem::MissingSpace => Wording::new(
            "missing space after the colon, so the key and value are read as one word",
            "add a space after the colon",
        ),
        Problem::MissingValue => {
            Wording::new("key without a value", "add the value after the colon, or remove the key")
        }
        Problem::Comment if source.format() == Format::Yaml => {
            Wording::new("comment syntax from another language", "start the comment with `#`")
        }
        Problem::Comment => {
            Wording::new("comments are not allowed in JSON", "remove the comment, or rename the file to `.jsonc`")
        }
        Problem::UnclosedComment => Wording::new("unclosed comment", "close it with `*/`"),
        Problem::UnclosedBracket(open) => {
            let close = matching_bracket(*open);
            Wording::new(format!("unclosed `{open}`"), format!("add the matching `{close}`")).with_label("opened here")
        }
        Problem::StrayClosingBracket(close) if error.related.is_some() => {
            let open = matching_bracket(*close);
            Wording::new(
                format!("`{close}` does not match the open bracket"),
                format!("use the matching bracket, or add the missing `{open}`"),
            )
        }
        Problem::StrayClosingBracket(close) => Wording::new(
            format!("`{close}` without a matching `{}`", matching_bracket(*close)),
            format!("remove it, or add the missing `{}`", matching_bracket(*close)),
        ),
        Problem::MissingOpeningBrace => {
            Wording::new("missing `{` before this key", "add the `{` that opens the object")
        }
        Problem::WrongBracket(found, expected) => {
            Wording::new(format!("expected `{expected}`, found `{found}`"), format!("replace it with `{expected}`"))
        }
        Problem::TextBeforeValue => Wording::new(
            format!("unexpected {} before the first bracket", describe_stray_text(source.slice(error.span))),
            "remove it and the matching text at the end: the file must contain only one value",
        ),
        Problem::StrayOpeningBracket(open) => Wording::new(
            format!("unexpected `{open}` after a key whose value is indented below it"),
            match error.related {
                Some(_) => format!("remove the `{open}` and its `{}`", matching_bracket(*open)),
                None => format!("remove the `{open}`"),
            },
        ),
        Problem::TextAfterValue => Wording::new(
            format!("unexpected {} after the end of the value", describe_stray_text(source.slice(error.span))),
            "remove it, or the bracket that closes the value too early",
        ),
        _ => return None,
    })
}

/// Errors about the file as a whole.
fn word_file_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    Some(match &error.problem {
        Problem::MoreErrors => Wording::new(
            "there are more syntax errors after this point",
            "fix the errors above, and run portal-lint again",
        ),
        Problem::Empty => Wording::new("the file is empty", "write the portal, or delete the file"),
        Problem::MergeConflict if error.related.is_none() && !source.slice(error.span).starts_with('<') => {
            Wording::new("leftover merge conflict marker", "remove the line")
        }
        Problem::MergeConflict => {
            Wording::new("unresolved merge conflict", "keep one side, and remove the three marker lines")
        }
        _ => return None,
    })
}

/// Errors in quotes, escapes, words and numbers.
fn word_text_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    let is_yaml = source.format() == Format::Yaml;
    Some(match &error.problem {
        Problem::SingleQuotes => Wording::new("string in single quotes", "use double quotes"),
        Problem::ForeignQuotes('`') => Wording::new("string in backticks", "use double quotes, on one line"),
        Problem::ForeignQuotes('"') => Wording::new("string in triple quotes", "use one double quote on each side"),
        Problem::ForeignQuotes(_) => Wording::new("string in typographic quotes", "use straight double quotes (`\"`)"),
        Problem::MissingOpeningQuote => Wording::new("missing opening quote before this key", "add the opening quote"),
        Problem::UnquotedKey => Wording::new("key without quotes", "put the key in double quotes"),
        Problem::KeyNotString if is_yaml => Wording::new("a list or mapping as a key", "use a string as the key"),
        Problem::KeyNotString => Wording::new("key that is not a string", "put the key in double quotes"),
        Problem::MissingClosingQuote => {
            Wording::new("missing closing quote", "add the closing quote at the end of the string")
                .with_label("opened here")
        }
        Problem::TextAfterQuote('\'') => Wording::new(
            "text after the closing quote: an apostrophe ends a single-quoted string",
            "write the apostrophe twice (`''`), or use double quotes",
        ),
        Problem::TextAfterQuote(_) if !is_yaml => Wording::new(
            "a quote inside the string ends it",
            "write `\\\"` for each quote inside the string, or use single quotes in the HTML",
        ),
        Problem::TextAfterQuote(_) => Wording::new(
            "text after the closing quote: a quote inside the string ends it",
            "write `\\\"` for each quote inside the string, or use single quotes",
        ),
        Problem::QuoteInKey => Wording::new("a quote inside the key ends it", "remove the quote"),
        Problem::ControlCharacter(character) => word_control_character(*character, is_yaml),
        Problem::InvalidEscape => Wording::new(
            "invalid escape sequence",
            "write `\\\\` for a backslash, or use `\\n`, `\\t`, `\\\"`, or `\\u` with four hex digits",
        ),
        Problem::LoneSurrogate => {
            Wording::new("unpaired surrogate in a `\\u` escape", "write the complete pair, or the character itself")
        }
        Problem::InvalidNumber => {
            Wording::new("invalid number", "use only digits, without a leading zero or `+`, or put the value in quotes")
        }
        Problem::NotJsonNumber => Wording::new(
            "this number cannot be represented in JSON",
            "write a decimal number, or put the value in quotes",
        ),
        Problem::NumberTooLarge => Wording::new(
            "this number is too large, so programs read it as infinity",
            "put the value in quotes, or write a smaller number",
        ),
        Problem::UnquotedText(Some(intended)) => {
            Wording::new("this is not a JSON value", format!("write `{intended}`, or put the word in double quotes"))
        }
        Problem::UnquotedText(None) if is_non_finite_number(source.slice(error.span)) => {
            Wording::new("`NaN` and infinity are not valid JSON", "write a finite number, or `null`")
        }
        Problem::UnquotedText(None) => Wording::new("string without quotes", "put it in double quotes"),
        Problem::InvisibleCharacter(character) => {
            let name = format_code_point(*character);
            Wording::new(
                format!("invisible character {name} outside a string"),
                "remove it, or replace it with a space",
            )
        }
        Problem::LookAlike(character, sign) => word_look_alike(*character, *sign),
        Problem::Unexpected(character) => Wording::new(
            format!("unexpected {} where a key or value should be", show_character(*character)),
            match character {
                '(' => "remove it, or replace it with `{` or `[`",
                ')' => "remove it, or replace it with `}` or `]`",
                _ => "remove it, or put the string that contains it in quotes",
            },
        ),
        _ => return None,
    })
}

fn word_look_alike(character: char, sign: char) -> Wording {
    let name = format_code_point(character);
    let help = match sign {
        ';' | '(' | ')' => "remove it".to_owned(),
        _ => format!("replace it with `{sign}`"),
    };
    Wording::new(format!("the character {name} looks like `{sign}` but is a different character"), help)
}

/// Errors that only YAML has.
fn word_yaml_error(error: &SyntaxError) -> Option<Wording> {
    Some(match &error.problem {
        Problem::TabIndentation => {
            Wording::new("tab in the indentation", "indent with spaces").with_label("only spaces are allowed here")
        }
        Problem::Indentation => Wording::new(
            "this line is not aligned with the rest of its block",
            "indent it like the other lines of its block",
        ),
        Problem::MissingDash => Wording::new("list item without `- `", "add `- ` (a dash and a space) before the item"),
        Problem::StrayDash => Wording::new("unexpected `-` before a key", "remove the `-`"),
        Problem::MissingAmpersand => Wording::new(
            "this is the name of an alias below, but it has no `&`, so it is text",
            "add `&` before the name",
        ),
        Problem::UnknownAlias(name) if is_safe_to_show(name) => Wording::new(
            format!("undefined alias `*{name}`"),
            format!("define `&{name}` above this line, or put the value in quotes"),
        ),
        Problem::UnknownAlias(_) => {
            Wording::new("undefined alias", "put the value in quotes, or define the anchor above this line")
        }
        Problem::Directive => Wording::new("invalid or misplaced YAML directive", "remove this line"),
        Problem::CyclicAlias => Wording::new(
            "this alias is inside the value of its own anchor",
            "move it out of that value, or correct the indentation",
        ),
        Problem::InvalidMergeKey => Wording::new(
            "`<<` merges a value that is not a mapping",
            "use an alias of a mapping (`<<: *name`), or copy the entries",
        ),
        Problem::CustomTag(tag) if is_safe_to_show(tag.trim_start_matches('!')) => {
            Wording::new(format!("unknown tag `{tag}`"), "remove the tag, or put the value in quotes")
        }
        Problem::CustomTag(_) => Wording::new("unknown tag", "remove the tag, or put the value in quotes"),
        Problem::ValueAboveBlock => Wording::new(
            "this key has a value on its line and another one below",
            "remove one of the two, or correct the indentation of the lines below",
        ),
        Problem::ContradictingTag => {
            Wording::new("the tag does not match the value", "remove the tag, or write a value of its type")
        }
        Problem::NeedsQuotes(character) => word_missing_quotes(*character),
        Problem::Yaml(message) => {
            Wording::new(*message, "check the indentation and the quotes of this line and the one above")
        }
        _ => return None,
    })
}

fn word_missing_quotes(character: char) -> Wording {
    let message = match character {
        ':' => "unquoted string contains a colon and a space".to_owned(),
        '#' => "`#` starts a comment inside an unquoted string".to_owned(),
        '{' => "an unquoted string that starts with `{` is read as a mapping".to_owned(),
        '[' => "an unquoted string that starts with `[` is read as a list".to_owned(),
        '*' => "an unquoted string that starts with `*` is read as an alias".to_owned(),
        '&' => "an unquoted string that starts with `&` is read as an anchor".to_owned(),
        '!' => "an unquoted string that starts with `!` is read as a tag".to_owned(),
        '|' | '>' => format!("text on the same line as `{character}`, which starts a block scalar"),
        '-' => "list on the same line as its key".to_owned(),
        other => format!("an unquoted string cannot start with {}", show_character(other)),
    };
    let help = match character {
        '-' => "put the list on separate lines, or put the string in quotes",
        '|' | '>' => "start the text on the next line, indented, or put it in quotes",
        _ => "put the whole string in quotes",
    };
    Wording::new(message, help)
}

fn word_control_character(character: char, is_yaml: bool) -> Wording {
    match character {
        '\n' | '\r' => {
            Wording::new("line break inside a string", "write `\\n` instead, and close the string on the same line")
        }
        '\t' => Wording::new("tab inside a string", "write `\\t` instead"),
        '\u{feff}' => Wording::new("byte order mark in the middle of the file", "remove it"),
        other if is_yaml => {
            Wording::new(format!("invisible control character ({})", format_code_point(other)), "remove it")
        }
        other => Wording::new(
            format!("invisible control character ({}) inside a string", format_code_point(other)),
            "remove it",
        ),
    }
}

fn format_code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// Whether a word is a number that is not finite, as JavaScript (`Infinity`) and Python (`-inf`) print it.
fn is_non_finite_number(word: &str) -> bool {
    let unsigned = word.trim_start_matches(['-', '+']).to_ascii_lowercase();
    matches!(unsigned.as_str(), "nan" | "infinity" | "inf")
}

/// A character in a message. White space, punctuation outside of ASCII and invisible characters are shown as code points.
fn show_character(character: char) -> String {
    match character {
        '`' => "a backtick".to_owned(),
        visible if visible.is_ascii_graphic() => format!("`{visible}`"),
        other if other.is_alphanumeric() && look_alike(other).is_none() => format!("`{other}`"),
        other => format_code_point(other),
    }
}

/// Describes text before or after the value. A character that looks like a sign of JSON is named.
fn describe_stray_text(text: &str) -> String {
    match text.chars().next() {
        Some(sign) if look_alike(sign).is_some() => show_character(sign),
        _ => "text".to_owned(),
    }
}

fn matching_bracket(bracket: char) -> char {
    match bracket {
        '{' => '}',
        '[' => ']',
        '}' => '{',
        _ => '[',
    }
}

/// Whether a message may contain the name of an anchor or a tag. A long one, or one with other characters, may be a value that
/// was not meant as a name, such as a secret that starts with `*` or `!`.
fn is_safe_to_show(name: &str) -> bool {
    !name.is_empty() && name.len() <= 30 && name.bytes().all(is_name_byte)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'!')
}

#[cfg(test)]
mod tests;
