//! What of an html no template engine is meant to fill in: comments, styles and scripts, whose braces are their own.

use std::ops::{ControlFlow, Range};

use crate::html::shortcodes::{Shortcode, shortcodes};
use crate::html::tokenizer::{Token, scan};

/// The shortcodes of an html that `wanted` takes and that stand in its text or its tags.
pub(crate) fn shortcodes_in_use(html: &str, wanted: impl Fn(&Shortcode) -> bool) -> Vec<Shortcode> {
    let mut found: Vec<Shortcode> = shortcodes(html).filter(|code| wanted(code)).collect();
    // Most html has nothing to ask for.
    if !found.is_empty() {
        let safe_ranges = safe_ranges(html);
        let mut safe_ranges = safe_ranges.iter().peekable();
        found.retain(|code| {
            while safe_ranges.next_if(|range| range.end <= code.range.start).is_some() {}
            safe_ranges.peek().is_none_or(|range| code.range.end <= range.start)
        });
    }
    found
}

/// Comments and the content of `<style>` and `<script>`, in order.
fn safe_ranges(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut in_element = false;
    scan::<()>(html, |token| {
        match token {
            Token::Open(tag) => in_element = matches!(tag.name, "style" | "script") && tag.finished,
            Token::Text(range) if in_element => found.push(range),
            Token::Comment(range) | Token::Doctype(range) => found.push(range),
            Token::Close { .. } => in_element = false,
            Token::Text(_) => {}
        }
        ControlFlow::Continue(())
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::html::fast_text::*;

    #[test]
    fn braces_of_styles_scripts_and_comments_are_their_own() {
        let html = "<style>@media x{.a{b:c}}</style>{{a}}<!-- {{b}} --><p id='{{c}}'><script>{{d}}</script>{{e";
        let found = shortcodes_in_use(html, |_| true);
        assert_eq!(found.iter().map(|code| &html[code.range.clone()]).collect::<Vec<_>>(), ["{{a}}", "{{c}}", "{{e"]);
    }
}
