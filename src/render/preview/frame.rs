//! The frames that show one text: wide, narrow, with dark colors, and without images.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::base::sanitize::is_unprintable;

/// What a reader sees in place of `{{email_code}}`.
const EXAMPLE_CODE: &str = "482913";

/// The policy of a frame. It allows styles in the text and loads nothing. The switch replaces it by one that also loads images.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The variants: their names, their classes, and whether the switch applies to them.
const VARIANTS: [(&str, &str, bool); 4] =
    [("Wide", "wide", true), ("Narrow", "narrow", true), ("Dark", "dark", true), ("Images off", "off", false)];

/// Makes a browser show a frame as a mail client with dark colors does.
const DARK: &str = "<meta name=\"color-scheme\" content=\"dark\">";

/// The text of an email as its reader sees it.
pub(super) fn with_example_code(text: &str) -> String {
    text.replace("{{email_code}}", EXAMPLE_CODE)
}

/// A text that is shown in frames.
pub(super) struct Frame {
    doctype: &'static str,
    html: String,
}

impl Frame {
    /// A frame that shows the HTML of an email as a page.
    pub(super) fn email(html: &str) -> Self {
        // The policy has to come first, so the browser ignores the doctype of the page itself. Without a doctype before the policy, it
        // would show every page in quirks mode.
        let has_doctype = html.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        Self::new(if has_doctype { "<!doctype html>" } else { "" }, &with_example_code(html))
    }

    /// A frame that shows the footer as a part of a page.
    pub(super) fn footer(html: &str) -> Self {
        Self::new("<!doctype html>", &format!("<div>{html}</div>"))
    }

    fn new(doctype: &'static str, html: &str) -> Self {
        // An attribute cannot contain control characters. Remove them before searching for links, because `<\u{1}link>` becomes a link
        // without them.
        let html: String = html.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        Self { doctype, html: without_links(&html) }
    }

    /// The document of a frame. A policy restricts only what comes after it, so the text is last.
    fn document(&self, class: &str) -> String {
        let Self { doctype, html } = self;
        let colors = if class == "dark" { DARK } else { "" };
        format!(
            "{doctype}<meta http-equiv=\"Content-Security-Policy\" content=\"{FRAME_POLICY}\">\
             <meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">{colors}{html}"
        )
    }
}

/// Renames `<link>` elements, because a content security policy does not prevent the connections that `<link rel=preconnect>` opens.
/// The styles that other links load would not be shown anyway.
fn without_links(html: &str) -> String {
    const NAME: &str = "<link";
    let mut rest = html;
    let mut renamed = String::with_capacity(html.len());
    // `<` is one byte, so a match is at a character boundary.
    while let Some(start) = rest.find('<') {
        let is_link = rest
            .as_bytes()
            .get(start..start + NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME.as_bytes()));
        renamed.push_str(&rest[..=start]);
        if is_link {
            renamed.push_str("x-");
        }
        rest = &rest[start + 1..];
    }
    renamed + rest
}

/// Writes all frames of a text. `label` names it for screen readers.
pub(super) fn write_frames(frame: Option<&Frame>, label: &str, out: &mut dyn Write) -> io::Result<()> {
    let Some(frame) = frame else { return writeln!(out, "<p><em>not set</em></p>") };
    writeln!(out, "<div class=\"frames\">")?;
    for (name, class, has_switch) in VARIANTS {
        let html = escape_attribute(&frame.document(class));
        let switch = if has_switch { " data-images" } else { "" };
        writeln!(
            out,
            "<figure class=\"{class}\"><figcaption>{name}</figcaption>\
             <iframe sandbox referrerpolicy=\"no-referrer\" title=\"{name}: {label}\"{switch} srcdoc=\"{html}\"></iframe></figure>"
        )?;
    }
    writeln!(out, "</div>")
}

/// Escapes a text for an attribute in double quotes, so that the browser gets the same text. Characters that are invisible or reverse
/// the text are written as references and not replaced, because the page shows what customers see.
fn escape_attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\t' => escaped.push(character),
            // A browser reads a reference to a control character as another character (HTML Standard, 13.2.5.80).
            _ if character.is_control() => {}
            _ if is_unprintable(character) => {
                // Writing to a string does not fail.
                let _ = write!(escaped, "&#x{:X};", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_character_does_not_hide_a_link() {
        let mut out = Vec::new();
        write_frames(Some(&Frame::email("<\u{1}link rel=preconnect><\0LINK rel=x>")), "x", &mut out).unwrap();
        let page = String::from_utf8(out).unwrap().to_lowercase();
        assert!(!page.contains("&lt;link") && page.contains("&lt;x-link"), "{page}");
    }

    #[test]
    fn links_are_renamed_wherever_they_are() {
        assert_eq!(without_links("ü<LINK rel=x><<link><linked>"), "ü<x-LINK rel=x><<x-link><x-linked>");
    }

    #[test]
    fn the_policy_comes_before_the_text() {
        let document = Frame::email("<!DOCTYPE html><p>{{email_code}}</p>").document("wide");
        let (before, after) = document.split_once("<!DOCTYPE").unwrap();
        assert!(before.starts_with("<!doctype html><meta http-equiv=\"Content-Security-Policy\""), "{before}");
        assert!(after.ends_with("<p>482913</p>"), "{after}");
    }
}
