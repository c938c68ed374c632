//! Wraps text for a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

/// Text is never wrapped to fewer columns: that would break every word.
const MIN_WIDTH: usize = 24;

/// The number of columns of a text in a terminal.
pub(super) fn display_width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Wraps a text. Breaks only at spaces, not at hyphens and slashes: a path stays whole, so that it can be copied.
pub(super) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(MIN_WIDTH))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(String::from).collect()
}
