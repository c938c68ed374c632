//! The text of a rule's page: its front matter, its sections and its examples.

/// Splits a page into its front matter (without the `---` lines) and its Markdown.
pub fn split(page: &str) -> Option<(&str, &str)> {
    page.strip_prefix("---\n")?.split_once("---\n")
}

/// The text with only the language after the fence of each example: the rest is for the tests. A line says which examples are fixed.
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

/// The JSON Pointers at which the examples of a page fire.
pub fn fires_at(page: &str) -> impl Iterator<Item = &str> {
    let fences = page.lines().filter_map(|line| line.strip_prefix("```"));
    fences.flat_map(str::split_whitespace).filter_map(|word| word.strip_prefix("fires="))
}

/// The text under a heading of a page, up to the next.
pub fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest).trim())
}
