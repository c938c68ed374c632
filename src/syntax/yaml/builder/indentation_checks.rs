//! Checks the indentation that YAML requires but the parser does not.

use std::ops::Range;

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::syntax::Problem;
use crate::syntax::look_alikes::looks_like_separator;
use crate::syntax::yaml::builder::TreeBuilder;
use crate::syntax::yaml::line_scan;

impl TreeBuilder<'_, '_> {
    /// Reports the first line in brackets that is not indented more than the block around the brackets. Some parsers accept such
    /// lines, and others reject the file (YAML 1.2, section 7.4). `range` is that of a value or key.
    pub(super) fn check_flow_indentation(&mut self, range: &Range<usize>) {
        let start = range.start;
        if range.is_empty() || !self.open.last().is_some_and(|collection| collection.is_flow) {
            return;
        }
        let Some(outermost) = self.open.iter().position(|collection| collection.is_flow) else { return };
        let Some(block_column) = self.open[outermost].block_column else { return };
        let Some(line_start) = self.line_start_before(start) else { return };
        let blanks = &self.text[line_start..start];
        let spaces = blanks.find('\t').unwrap_or(blanks.len());
        // A character that looks like a space is reported as such.
        if spaces > block_column || self.text[start..].starts_with(looks_like_separator) {
            return;
        }
        self.open[outermost].block_column = None;
        if spaces < blanks.len() {
            self.report_error(Span::new(line_start + spaces, start), Problem::TabIndentation);
        } else {
            let end = line_scan::line_at(self.text, start).text_end;
            self.report_error(Span::new(start, end.max(start)), Problem::Indentation);
        }
    }

    /// The column of the block in which brackets are about to be opened. `None` in other brackets and at the top level, where brackets
    /// need no indentation.
    pub(super) fn block_column(&self) -> Option<usize> {
        let block = self.open.last().filter(|collection| !collection.is_flow)?;
        Some(self.line_start_before(block.start).map_or(0, |line_start| block.start - line_start))
    }

    /// Reports a tab between a dash and the first key of a block. It counts as indentation, which only spaces can be.
    pub(super) fn check_tab_before(&mut self, key_start: usize) {
        let mut before = &self.text[..key_start];
        loop {
            let trimmed = before.trim_end_matches([' ', '\t']);
            let blanks = &before[trimmed.len()..];
            let word_start = trimmed.rfind([' ', '\t', '\n', '\r']).map_or(0, |blank| blank + 1);
            let word = &trimmed[word_start..];
            count_steps(before.len() - word_start);
            if matches!(word, "-" | "?" | "---")
                && let Some(tab) = blanks.find('\t')
            {
                let tab = trimmed.len() + tab;
                return self.report_error(Span::new(tab, tab + 1), Problem::TabIndentation);
            }
            // The tag and the anchor of the key, and the sign of a complex key, follow the dash.
            if !word.starts_with(['!', '&']) && word != "?" {
                return;
            }
            before = &trimmed[..word_start];
        }
    }

    /// Reports a byte order mark between the last document and the one that starts at `start`. The parser skips it, and others do not. The
    /// first bytes of a file can be one.
    pub(super) fn check_byte_order_mark(&mut self, start: usize) {
        let before = self.text.get(self.last_event_end..start).unwrap_or_default();
        let Some(mark) = before.rfind('\u{feff}').map(|distance| self.last_event_end + distance) else { return };
        // In a comment, it is text.
        if mark > 0 && self.text[..mark].ends_with(['\n', '\r', '\u{feff}']) {
            self.report_error(Span::new(mark, mark + '\u{feff}'.len_utf8()), Problem::InvisibleCharacter('\u{feff}'));
        }
    }

    /// The start of the line whose text starts at `start`; `None` if other text precedes `start` on its line.
    fn line_start_before(&self, start: usize) -> Option<usize> {
        let before = &self.text[..start];
        let trimmed = before.trim_end_matches([' ', '\t']);
        count_steps(before.len() - trimmed.len() + 1);
        (trimmed.is_empty() || trimmed.ends_with(['\n', '\r'])).then_some(trimmed.len())
    }
}
