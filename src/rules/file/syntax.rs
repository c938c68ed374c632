//! RCP901: the words for every error in the syntax. What is wrong and where is found by [`crate::syntax`].

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::{Format, Source};
use crate::rules::context::FileContext;
use crate::syntax::{Problem, SyntaxError};

use super::unreadable::limit_words;

/// Every error of the text but the limits.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let source = cx.source;
    cx.syntax_errors.iter().filter(|error| !error.is_limit()).for_each(|error| cx.report(words(error, source)));
}

/// What is wrong here, its usual cause, and the one thing to do.
pub(crate) fn words(error: &SyntaxError, source: &Source) -> Finding {
    if let Some(finding) = limit_words(error) {
        return finding;
    }
    let said = punctuation(error, source)
        .or_else(|| text(error, source))
        .or_else(|| yaml(error, source))
        .or_else(|| toml(error, source))
        .unwrap_or_else(|| Said::new("this cannot be read", "write it as the format asks for"));
    let place = Location { pointer: String::new(), span: error.span };
    let mut finding = Finding::new(place, said.message, said.help);
    if let Some(label) = said.label {
        finding = finding.with_label(label);
    }
    match (error.related, related_words(&error.problem)) {
        (Some(span), Some(words)) => finding.with_note(span, words),
        _ => finding,
    }
}

struct Said {
    message: String,
    label: Option<&'static str>,
    help: String,
}

impl Said {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), label: None, help: help.into() }
    }

    fn label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }
}

/// What the other place of an error is.
fn related_words(problem: &Problem) -> Option<&'static str> {
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

/// Commas, colons, brackets, comments.
fn punctuation(error: &SyntaxError, source: &Source) -> Option<Said> {
    Some(match &error.problem {
        Problem::TrailingComma => Said::new("a comma after the last entry", "remove the comma"),
        Problem::MissingComma => {
            Said::new("a comma is missing after this entry", "write a comma between the two entries")
        }
        Problem::ExtraComma => {
            Said::new("a comma without an entry before it", "remove the comma, or write the entry that is missing")
        }
        Problem::MissingColon if source.slice(error.span) == "=" => {
            Said::new("`=` where a colon belongs", "write `:` between a key and its value")
        }
        Problem::MissingColon => {
            Said::new("a colon is missing after this key", "write `:` between the key and its value")
        }
        Problem::MissingSpace if source.slice(error.span) == "#" => {
            Said::new("no space before `#`, so that it starts no comment", "write a space before the `#`")
        }
        Problem::MissingSpace => {
            Said::new("no space after the colon, so that key and value are one word", "write a space after the colon")
        }
        Problem::MissingValue => {
            Said::new("a key without a value", "write the value after the colon, or remove the key")
        }
        Problem::Comment if source.format() == Format::Yaml => {
            Said::new("a comment as other languages write it", "start the comment with `#`")
        }
        Problem::Comment => {
            Said::new("a comment, which JSON does not have", "remove the comment, or name the file `.jsonc`")
        }
        Problem::UnclosedComment => Said::new("a comment that never ends", "close it with `*/`"),
        Problem::Unclosed(open) => {
            let close = partner(*open);
            Said::new(format!("`{open}` is never closed"), format!("write the `{close}` that belongs to it"))
                .label("opened here")
        }
        Problem::StrayClose(close) if error.related.is_some() => {
            let open = partner(*close);
            Said::new(
                format!("`{close}` closes a bracket of another kind"),
                format!("write the bracket that fits, or the `{open}` that `{close}` was meant for"),
            )
        }
        Problem::StrayClose(close) => Said::new(
            format!("`{close}` closes nothing"),
            format!("remove it, or write the `{}` it belongs to", partner(*close)),
        ),
        Problem::Unopened => Said::new("the `{` before this key is missing", "write the `{` that opens the object"),
        Problem::OtherBracket(found, meant) => {
            Said::new(format!("`{found}` where `{meant}` belongs"), format!("write `{meant}` in its place"))
        }
        Problem::BeforeStart => Said::new(
            "something stands before the first bracket",
            "remove it, and what belongs to it at the end: the file holds one value and nothing else",
        ),
        Problem::StrayOpen(open) => Said::new(
            format!("`{open}` after a key whose lines are indented below it"),
            match error.related {
                Some(_) => format!("remove the `{open}` and its `{}`", partner(*open)),
                None => format!("remove the `{open}`"),
            },
        ),
        Problem::AfterEnd => Said::new(
            "more text after the end of the value",
            "remove it, or the bracket that closes the value too early",
        ),
        Problem::MoreErrors => Said::new("more syntax errors follow from here on", "correct those above and run again"),
        Problem::Empty => Said::new("there is nothing in this file", "write the portal, or remove the file"),
        Problem::MergeConflict if error.related.is_none() && !source.slice(error.span).starts_with('<') => {
            Said::new("a line left over from a merge conflict", "remove the line")
        }
        Problem::MergeConflict => {
            Said::new("an unresolved merge conflict", "keep one side and remove the three marker lines")
        }
        _ => return None,
    })
}

/// Quotes, escapes, words and numbers.
fn text(error: &SyntaxError, source: &Source) -> Option<Said> {
    let yaml = source.format() == Format::Yaml;
    Some(match &error.problem {
        Problem::SingleQuotes => Said::new("text in single quotes", "write it in double quotes"),
        Problem::OddQuotes('`') => Said::new("text in backticks", "write it in double quotes, on one line"),
        Problem::OddQuotes('"') => Said::new("text in triple quotes", "write one double quote on each side of it"),
        Problem::OddQuotes(_) => Said::new("text in typographic quotes", "write it in straight double quotes (`\"`)"),
        Problem::UnopenedText => {
            Said::new("a key whose opening quote is missing", "write the opening quote before the key")
        }
        Problem::UnquotedKey => Said::new("a key without quotes", "write the key in double quotes"),
        Problem::KeyNotText if yaml => Said::new("a key that is a list or a mapping", "write the key as one word"),
        Problem::KeyNotText => Said::new("a key that is not text", "write the key in double quotes"),
        Problem::UnclosedText => {
            Said::new("text whose closing quote is missing", "write the closing quote at the end of the text")
                .label("opened here")
        }
        Problem::AfterQuote('\'') => Said::new(
            "text after the closing quote: an apostrophe inside single quotes ends the text",
            "write the apostrophe twice (`''`), or put the text in double quotes",
        ),
        Problem::AfterQuote(_) if !yaml => Said::new(
            "a quote inside the text ends it",
            "write `\\\"` for each quote inside the text, or single quotes in html",
        ),
        Problem::AfterQuote(_) => Said::new(
            "text after the closing quote: a quote inside the text ends it",
            "write `\\\"` for a quote inside the text, or put the text in single quotes",
        ),
        Problem::ControlCharacter(character) => control(*character, yaml),
        Problem::BadEscape => Said::new(
            "a backslash escape that does not exist",
            "write `\\\\` for a backslash, or `\\n`, `\\t`, `\\\"`, `\\u` and four hex digits",
        ),
        Problem::LoneSurrogate => {
            Said::new("half of a `\\u` pair, which is no character", "write both halves, or the character itself")
        }
        Problem::BadNumber => Said::new(
            "a number that JSON does not allow",
            "write digits only, without a leading zero or `+`, or put it in quotes if it is text",
        ),
        Problem::BadWord(Some(meant)) => {
            Said::new("a word that JSON does not have", format!("write `{meant}`, or put the word in double quotes"))
        }
        Problem::BadWord(None) if is_no_number(source.slice(error.span)) => {
            Said::new("a number that JSON does not have", "write a number in digits, or `null`")
        }
        Problem::BadWord(None) => Said::new("text without quotes", "write it in double quotes"),
        Problem::Unexpected(character) => Said::new(
            format!("{} where a value or key should be", name(*character)),
            "remove it, or put the text it belongs to in quotes",
        ),
        _ => return None,
    })
}

/// What only YAML has.
fn yaml(error: &SyntaxError, _source: &Source) -> Option<Said> {
    Some(match &error.problem {
        Problem::TabIndentation => {
            Said::new("a tab in the indentation", "indent with spaces").label("only spaces may indent")
        }
        Problem::Indentation => Said::new(
            "this line does not line up with the lines it belongs to",
            "indent it exactly like the other lines of its block",
        ),
        Problem::MissingDash => {
            Said::new("a list item without its `- `", "write `- `, a dash and a space, before the item")
        }
        Problem::StrayDash => Said::new("a `-` before one key of many", "remove the `-`"),
        Problem::UnknownAlias(name) if is_word(name) => Said::new(
            format!("`*{name}` stands for an anchor that is not defined before it"),
            format!("define `&{name}` above, or put the text in quotes if a star is meant"),
        ),
        Problem::UnknownAlias(_) => Said::new(
            "`*` stands for an anchor that is not defined before it",
            "put the text in quotes if a star is meant, or define the anchor above",
        ),
        Problem::BadMerge => Said::new(
            "`<<` takes in something that is no mapping",
            "name an anchor of a mapping (`<<: *name`), or write the entries out",
        ),
        Problem::CustomTag(tag) if is_word(tag.trim_start_matches('!')) => Said::new(
            format!("the tag `{tag}` means nothing to RevCent"),
            "remove the tag, or put the text in quotes if an exclamation mark is meant",
        ),
        Problem::CustomTag(_) => Said::new(
            "a tag (`!`) that means nothing to RevCent",
            "remove the tag, or put the text in quotes if an exclamation mark is meant",
        ),
        Problem::NeedsQuotes(character) => needs_quotes(*character),
        Problem::Yaml(words) => {
            Said::new(*words, "check the indentation and the quotes of this line and the one above")
        }
        _ => return None,
    })
}

/// What only TOML has; the parser's words are good ones.
fn toml(error: &SyntaxError, source: &Source) -> Option<Said> {
    let Problem::Toml(what, expected) = &error.problem else { return None };
    Some(match (&**what, &**expected) {
        ("string values must be quoted", _) => Said::new("text without quotes", "write it in double quotes"),
        ("duplicate key", _) => Said::new("this key or table is there already", "keep one of the two"),
        (what, _) if what.contains("array") => Said::new(
            "a list without its `]`, or a comma missing in it",
            "write `]` at the end of the list, or a comma between two entries",
        ),
        _ if source.slice(error.span) == ":" => {
            Said::new("`:` where `=` belongs", "write `=` between a key and its value")
        }
        (what, "" | "nothing") => Said::new(what, "write it as TOML has it: `key = value`"),
        (what, expected) => Said::new(what, format!("write what TOML expects here: {expected}")),
    })
}

fn needs_quotes(character: char) -> Said {
    let message = match character {
        ':' => "a colon and a space inside text without quotes".to_owned(),
        '#' => "a `#` that starts a comment inside text without quotes".to_owned(),
        '{' | '[' => format!(
            "text that starts with `{character}` without quotes is read as a {}",
            if character == '{' { "mapping" } else { "list" }
        ),
        '*' => "text that starts with `*` without quotes is read as an alias".to_owned(),
        '&' => "text that starts with `&` without quotes is read as an anchor".to_owned(),
        '!' => "text that starts with `!` without quotes is read as a tag".to_owned(),
        '|' | '>' => format!("text on the same line as `{character}`, which starts a text block"),
        '-' => "a list on the same line as its key".to_owned(),
        other => format!("text that starts with {} without quotes", name(other)),
    };
    let help = match character {
        '-' => "put the list on lines of its own, or the text in quotes",
        '|' | '>' => "start the text on the next line, indented, or put it in quotes",
        _ => "put the whole text in quotes",
    };
    Said::new(message, help)
}

fn control(character: char, yaml: bool) -> Said {
    match character {
        '\n' | '\r' => {
            Said::new("a line break inside quotes", "write `\\n` instead, and close the text on its own line")
        }
        '\t' => Said::new("a tab inside quotes", "write `\\t` instead"),
        '\u{feff}' => Said::new("an invisible byte order mark in the middle of the file", "remove it"),
        other if yaml => Said::new(format!("an invisible control character ({})", code(other)), "remove it"),
        other => Said::new(format!("an invisible control character ({}) inside quotes", code(other)), "remove it"),
    }
}

fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// What JavaScript and Python print for numbers that are none.
fn is_no_number(word: &str) -> bool {
    ["nan", "infinity", "inf"].iter().any(|known| word.trim_start_matches(['-', '+']).eq_ignore_ascii_case(known))
}

/// A character as it can be shown.
fn name(character: char) -> String {
    match character {
        '`' => "a backtick".to_owned(),
        visible if visible.is_ascii_graphic() => format!("`{visible}`"),
        other if other.is_alphanumeric() => format!("`{other}`"),
        other => format!("the character {}", code(other)),
    }
}

fn partner(bracket: char) -> char {
    match bracket {
        '{' => '}',
        '[' => ']',
        '}' => '{',
        _ => '[',
    }
}

/// Short enough and plain enough to be shown; anything else could be a value.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 30
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-!".contains(&byte))
}

#[cfg(test)]
mod tests;
