//! Wraps text for a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::render::code_spans::{SentencePart, split_code_spans};

/// Text is never wrapped to fewer columns: that would break every word.
const MIN_WIDTH: usize = 24;

/// The number of columns of a text in a terminal.
pub(super) fn display_width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Longer code spans are wrapped like text.
const MAX_UNBROKEN_CODE: usize = 60;

/// Stands for a space that no text is wrapped at: a private-use character, because a file may contain a no-break space.
const UNBREAKABLE_SPACE: &str = "\u{e000}";

/// The text with [`UNBREAKABLE_SPACE`] in short code spans that fit in the width, so that a comment or command to copy stays on one line.
pub(super) fn protect_code_spans(text: &str, width: usize) -> String {
    let longest = MAX_UNBROKEN_CODE.min(width);
    let mut protected = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        for part in split_code_spans(line) {
            match part {
                SentencePart::Text(text) => protected.push_str(text),
                SentencePart::Code(code) if display_width(code) + 2 > longest => {
                    protected.extend(["`", code, "`"]);
                }
                SentencePart::Code(code) => protected.extend(["`", &code.replace(' ', UNBREAKABLE_SPACE), "`"]),
            }
        }
    }
    protected
}

/// Undoes [`protect_code_spans`] in a wrapped text.
pub(super) fn unprotect_code_spans(text: &str) -> String {
    text.replace(UNBREAKABLE_SPACE, " ")
}

/// Wraps a text. Breaks only at spaces, not at hyphens and slashes: a path stays whole, so that it can be copied. So does a short code
/// span.
pub(super) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let width = width.max(MIN_WIDTH);
    let options =
        Options::new(width).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(&protect_code_spans(text, width), options).iter().map(|line| unprotect_code_spans(line)).collect()
}
