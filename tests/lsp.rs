//! The language server as an editor sees it: through the program, over its pipes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "lsp/actions.rs"]
mod actions;
#[path = "lsp/editor.rs"]
mod editor;
#[path = "lsp/findings.rs"]
mod findings;
#[path = "lsp/hover.rs"]
mod hover;
#[path = "lsp/places.rs"]
mod places;
#[path = "lsp/protocol.rs"]
mod protocol;
#[path = "lsp/readme.rs"]
mod readme;
mod support;

use editor::range;
use serde_json::Value as Json;
use support::program::clean;

/// A clean body under another name, with ids that are no other portal's.
fn named(name: &str) -> String {
    clean().replace("Acme Subscription Portal", name)
}

/// Where a text stands, in UTF-16 as the protocol counts without a word.
fn place(text: &str, of: &str) -> [u32; 2] {
    let at = text.find(of).unwrap_or_else(|| panic!("no {of}"));
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    [line, text[start..at].encode_utf16().count()].map(|number| u32::try_from(number).expect("a number"))
}

fn at(text: &str, of: &str) -> Json {
    let [line, character] = place(text, of);
    range([line, character], [line, character])
}

fn title(action: &Json) -> &str {
    action["title"].as_str().expect("a title")
}
