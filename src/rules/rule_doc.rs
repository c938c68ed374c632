//! The text of a rule's page: its front matter, its sections and its examples.

/// Splits a page into its front matter (without the `---` lines) and its Markdown.
pub fn split_front_matter(page: &str) -> Option<(&str, &str)> {
    page.strip_prefix("---\n")?.split_once("---\n")
}

/// The text without the markers for tests: after the fence of each example, only the language is left. The line `Fixed:` is added
/// before each fixed example.
pub fn without_test_markers(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if is_fence && line.split(' ').skip(1).any(|marker| marker == "fixed") {
            lines.extend(["Fixed:", ""]);
        }
        lines.push(if is_fence { line.split(' ').next().unwrap_or(line) } else { line });
    }
    lines.join("\n")
}

/// The first examples of a section, and the number of the others. An example starts with the sentence about it; only the first one of
/// a section may have none. Expects a text from [`without_test_markers`].
pub fn first_examples(text: &str, maximum: usize) -> (&str, usize) {
    let (mut number, mut offset, mut is_in_block, mut is_after_blank_line) = (0, 0, false, true);
    let mut end = None;
    for line in text.split_inclusive('\n') {
        let is_fence = line.starts_with("```");
        let starts_example = is_after_blank_line && !is_in_block && line.trim() != "Fixed:" && !line.trim().is_empty();
        if starts_example && (!is_fence || number == 0) {
            number += 1;
            if number > maximum {
                end.get_or_insert(offset);
            }
        }
        is_in_block ^= is_fence;
        is_after_blank_line = line.trim().is_empty();
        offset += line.len();
    }
    (text[..end.unwrap_or(text.len())].trim_end(), number.saturating_sub(maximum))
}

/// The JSON Pointers at which the rule reports its examples.
pub fn example_pointers(page: &str) -> impl Iterator<Item = &str> {
    let fences = page.lines().filter_map(|line| line.strip_prefix("```"));
    fences.flat_map(str::split_whitespace).filter_map(|word| word.strip_prefix("fires="))
}

/// The text under a heading of a page, up to the next heading.
pub fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest).trim())
}
