//! RCP901: reports syntax errors. [`crate::syntax`] finds them; this module has the messages.

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::{Format, Source};
use crate::rules::context::FileContext;
use crate::syntax::{Problem, SyntaxError};

use super::unreadable::limit_finding;

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let source = cx.facts.source;
    for error in cx.facts.syntax_errors {
        // A passed limit is reported by the rule about files that cannot be read.
        if !error.is_limit() {
            cx.report(error_finding(error, source));
        }
    }
}

/// The finding for a syntax error or a passed limit.
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
        .or_else(|| word_toml_error(error, source))
        // Not reached: a test checks that every problem has a wording.
        .unwrap_or_else(|| Wording::new("this cannot be read", "write it as the format asks for"))
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

/// What the related location of an error is.
fn related_message(problem: &Problem) -> Option<&'static str> {
    match problem {
        Problem::Unclosed(_) => Some("it should be closed before this"),
        Problem::StrayClose(_) => Some("this is the bracket that is open here"),
        Problem::StrayOpen(_) => Some("and this one that closes it"),
        Problem::MergeConflict => Some("the conflict ends here"),
        Problem::Indentation => Some("this already has its value"),
        Problem::UnclosedText | Problem::UnclosedComment => Some("it was opened here"),
        _ => None,
    }
}

/// Errors in commas, colons, brackets and comments.
fn word_punctuation_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    Some(match &error.problem {
        Problem::TrailingComma => Wording::new("a comma after the last entry", "remove the comma"),
        Problem::MissingComma => {
            Wording::new("a comma is missing after this entry", "write a comma between the two entries")
        }
        Problem::ExtraComma => {
            Wording::new("a comma without an entry before it", "remove the comma, or write the entry that is missing")
        }
        Problem::MissingColon if source.slice(error.span) == "=" => {
            Wording::new("`=` where a colon belongs", "write `:` between a key and its value")
        }
        Problem::MissingColon => {
            Wording::new("a colon is missing after this key", "write `:` between the key and its value")
        }
        Problem::MissingSpace if source.slice(error.span) == "#" => {
            Wording::new("no space before `#`, so that it starts no comment", "write a space before the `#`")
        }
        Problem::MissingSpace => Wording::new(
            "no space after the colon, so that key and value are one word",
            "write a space after the colon",
        ),
        Problem::MissingValue => {
            Wording::new("a key without a value", "write the value after the colon, or remove the key")
        }
        Problem::Comment if source.format() == Format::Yaml => {
            Wording::new("a comment as other languages write it", "start the comment with `#`")
        }
        Problem::Comment => {
            Wording::new("a comment, which JSON does not have", "remove the comment, or name the file `.jsonc`")
        }
        Problem::UnclosedComment => Wording::new("a comment that never ends", "close it with `*/`"),
        Problem::Unclosed(open) => {
            let close = matching_bracket(*open);
            Wording::new(format!("`{open}` is never closed"), format!("write the `{close}` that belongs to it"))
                .with_label("opened here")
        }
        Problem::StrayClose(close) if error.related.is_some() => {
            let open = matching_bracket(*close);
            Wording::new(
                format!("`{close}` closes a bracket of another kind"),
                format!("write the bracket that fits, or the `{open}` that `{close}` was meant for"),
            )
        }
        Problem::StrayClose(close) => Wording::new(
            format!("`{close}` closes nothing"),
            format!("remove it, or write the `{}` it belongs to", matching_bracket(*close)),
        ),
        Problem::Unopened => Wording::new("the `{` before this key is missing", "write the `{` that opens the object"),
        Problem::OtherBracket(found, meant) => {
            Wording::new(format!("`{found}` where `{meant}` belongs"), format!("write `{meant}` in its place"))
        }
        Problem::BeforeStart => Wording::new(
            "something stands before the first bracket",
            "remove it, and what belongs to it at the end: the file holds one value and nothing else",
        ),
        Problem::StrayOpen(open) => Wording::new(
            format!("`{open}` after a key whose lines are indented below it"),
            match error.related {
                Some(_) => format!("remove the `{open}` and its `{}`", matching_bracket(*open)),
                None => format!("remove the `{open}`"),
            },
        ),
        Problem::AfterEnd => Wording::new(
            "more text after the end of the value",
            "remove it, or the bracket that closes the value too early",
        ),
        _ => return None,
    })
}

/// Errors about the file as a whole.
fn word_file_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    Some(match &error.problem {
        Problem::MoreErrors => {
            Wording::new("more syntax errors follow from here on", "correct those above and run again")
        }
        Problem::Empty => Wording::new("there is nothing in this file", "write the portal, or remove the file"),
        Problem::MergeConflict if error.related.is_none() && !source.slice(error.span).starts_with('<') => {
            Wording::new("a line left over from a merge conflict", "remove the line")
        }
        Problem::MergeConflict => {
            Wording::new("an unresolved merge conflict", "keep one side and remove the three marker lines")
        }
        _ => return None,
    })
}

/// Errors in quotes, escapes, words and numbers.
fn word_text_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    let is_yaml = source.format() == Format::Yaml;
    Some(match &error.problem {
        Problem::SingleQuotes => Wording::new("text in single quotes", "write it in double quotes"),
        Problem::OddQuotes('`') => Wording::new("text in backticks", "write it in double quotes, on one line"),
        Problem::OddQuotes('"') => Wording::new("text in triple quotes", "write one double quote on each side of it"),
        Problem::OddQuotes(_) => {
            Wording::new("text in typographic quotes", "write it in straight double quotes (`\"`)")
        }
        Problem::UnopenedText => {
            Wording::new("a key whose opening quote is missing", "write the opening quote before the key")
        }
        Problem::UnquotedKey => Wording::new("a key without quotes", "write the key in double quotes"),
        Problem::KeyNotText if is_yaml => {
            Wording::new("a key that is a list or a mapping", "write the key as one word")
        }
        Problem::KeyNotText => Wording::new("a key that is not text", "write the key in double quotes"),
        Problem::UnclosedText => {
            Wording::new("text whose closing quote is missing", "write the closing quote at the end of the text")
                .with_label("opened here")
        }
        Problem::AfterQuote('\'') => Wording::new(
            "text after the closing quote: an apostrophe inside single quotes ends the text",
            "write the apostrophe twice (`''`), or put the text in double quotes",
        ),
        Problem::AfterQuote(_) if !is_yaml => Wording::new(
            "a quote inside the text ends it",
            "write `\\\"` for each quote inside the text, or single quotes in html",
        ),
        Problem::AfterQuote(_) => Wording::new(
            "text after the closing quote: a quote inside the text ends it",
            "write `\\\"` for a quote inside the text, or put the text in single quotes",
        ),
        Problem::ControlCharacter(character) => word_control_character(*character, is_yaml),
        Problem::BadEscape => Wording::new(
            "a backslash escape that does not exist",
            "write `\\\\` for a backslash, or `\\n`, `\\t`, `\\\"`, `\\u` and four hex digits",
        ),
        Problem::LoneSurrogate => {
            Wording::new("half of a `\\u` pair, which is no character", "write both halves, or the character itself")
        }
        Problem::BadNumber => Wording::new(
            "a number that JSON does not allow",
            "write digits only, without a leading zero or `+`, or put it in quotes if it is text",
        ),
        Problem::BadWord(Some(meant)) => {
            Wording::new("a word that JSON does not have", format!("write `{meant}`, or put the word in double quotes"))
        }
        Problem::BadWord(None) if is_non_finite_number(source.slice(error.span)) => {
            Wording::new("a number that JSON does not have", "write a number in digits, or `null`")
        }
        Problem::BadWord(None) => Wording::new("text without quotes", "write it in double quotes"),
        Problem::Unexpected(character) => Wording::new(
            format!("{} where a value or key should be", show_character(*character)),
            "remove it, or put the text it belongs to in quotes",
        ),
        _ => return None,
    })
}

/// Errors that only YAML has.
fn word_yaml_error(error: &SyntaxError) -> Option<Wording> {
    Some(match &error.problem {
        Problem::TabIndentation => {
            Wording::new("a tab in the indentation", "indent with spaces").with_label("only spaces may indent")
        }
        Problem::Indentation => Wording::new(
            "this line does not line up with the lines it belongs to",
            "indent it exactly like the other lines of its block",
        ),
        Problem::MissingDash => {
            Wording::new("a list item without its `- `", "write `- `, a dash and a space, before the item")
        }
        Problem::StrayDash => Wording::new("a `-` before one key of many", "remove the `-`"),
        Problem::UnknownAlias(name) if is_safe_to_show(name) => Wording::new(
            format!("`*{name}` stands for an anchor that is not defined before it"),
            format!("define `&{name}` above, or put the text in quotes if a star is meant"),
        ),
        Problem::UnknownAlias(_) => Wording::new(
            "`*` stands for an anchor that is not defined before it",
            "put the text in quotes if a star is meant, or define the anchor above",
        ),
        Problem::BadMerge => Wording::new(
            "`<<` takes in something that is no mapping",
            "name an anchor of a mapping (`<<: *name`), or write the entries out",
        ),
        Problem::CustomTag(tag) if is_safe_to_show(tag.trim_start_matches('!')) => Wording::new(
            format!("the tag `{tag}` means nothing to RevCent"),
            "remove the tag, or put the text in quotes if an exclamation mark is meant",
        ),
        Problem::CustomTag(_) => Wording::new(
            "a tag (`!`) that means nothing to RevCent",
            "remove the tag, or put the text in quotes if an exclamation mark is meant",
        ),
        Problem::NeedsQuotes(character) => word_missing_quotes(*character),
        Problem::Yaml(message) => {
            Wording::new(*message, "check the indentation and the quotes of this line and the one above")
        }
        _ => return None,
    })
}

/// Errors that only TOML has, which is the format of the settings. Most messages of the TOML parser are shown as they are.
fn word_toml_error(error: &SyntaxError, source: &Source) -> Option<Wording> {
    let Problem::Toml(message, expected) = &error.problem else { return None };
    Some(match (&**message, &**expected) {
        ("string values must be quoted", _) => Wording::new("text without quotes", "write it in double quotes"),
        ("duplicate key", _) => Wording::new("this key or table is there already", "keep one of the two"),
        (message, _) if message.contains("array") => Wording::new(
            "a list without its `]`, or a comma missing in it",
            "write `]` at the end of the list, or a comma between two entries",
        ),
        _ if source.slice(error.span) == ":" => {
            Wording::new("`:` where `=` belongs", "write `=` between a key and its value")
        }
        (message, "" | "nothing") => Wording::new(message, "write it as TOML has it: `key = value`"),
        (message, expected) => Wording::new(message, format!("write what TOML expects here: {expected}")),
    })
}

fn word_missing_quotes(character: char) -> Wording {
    let message = match character {
        ':' => "a colon and a space inside text without quotes".to_owned(),
        '#' => "a `#` that starts a comment inside text without quotes".to_owned(),
        '{' => "text that starts with `{` without quotes is read as a mapping".to_owned(),
        '[' => "text that starts with `[` without quotes is read as a list".to_owned(),
        '*' => "text that starts with `*` without quotes is read as an alias".to_owned(),
        '&' => "text that starts with `&` without quotes is read as an anchor".to_owned(),
        '!' => "text that starts with `!` without quotes is read as a tag".to_owned(),
        '|' | '>' => format!("text on the same line as `{character}`, which starts a text block"),
        '-' => "a list on the same line as its key".to_owned(),
        other => format!("text that starts with {} without quotes", show_character(other)),
    };
    let help = match character {
        '-' => "put the list on lines of its own, or the text in quotes",
        '|' | '>' => "start the text on the next line, indented, or put it in quotes",
        _ => "put the whole text in quotes",
    };
    Wording::new(message, help)
}

fn word_control_character(character: char, is_yaml: bool) -> Wording {
    match character {
        '\n' | '\r' => {
            Wording::new("a line break inside quotes", "write `\\n` instead, and close the text on its own line")
        }
        '\t' => Wording::new("a tab inside quotes", "write `\\t` instead"),
        '\u{feff}' => Wording::new("an invisible byte order mark in the middle of the file", "remove it"),
        other if is_yaml => {
            Wording::new(format!("an invisible control character ({})", format_code_point(other)), "remove it")
        }
        other => Wording::new(
            format!("an invisible control character ({}) inside quotes", format_code_point(other)),
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

/// A character in a message. White space, marks and invisible characters are shown by their code point.
fn show_character(character: char) -> String {
    match character {
        '`' => "a backtick".to_owned(),
        visible if visible.is_ascii_graphic() => format!("`{visible}`"),
        other if other.is_alphanumeric() => format!("`{other}`"),
        other => format!("the character {}", format_code_point(other)),
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
