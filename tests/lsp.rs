//! Tests of the language server: an editor sends messages to `portal-lint lsp` over its pipes.

mod actions;
mod commands;
mod completion;
mod editor;
mod findings;
mod hover;
mod inlay_hints;
mod locations;
mod progress;
mod protocol;
mod pull;
mod readme;

use crate::support::program::clean_body;
use editor::range;
use serde_json::Value as Json;

/// A portal without findings, with another name.
fn clean_with_name(name: &str) -> String {
    clean_body().replace("Acme Subscription Portal", name)
}

/// The line and the UTF-16 column of the first occurrence of `needle`, as LSP counts them by default.
fn find_position(text: &str, needle: &str) -> [u32; 2] {
    let offset = text.find(needle).unwrap_or_else(|| panic!("no {needle}"));
    let line = text[..offset].matches('\n').count();
    let line_start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let column = text[line_start..offset].encode_utf16().count();
    [line, column].map(|number| u32::try_from(number).expect("a number"))
}

/// The empty range at the first occurrence of `needle`.
fn range_at(text: &str, needle: &str) -> Json {
    let [line, character] = find_position(text, needle);
    range([line, character], [line, character])
}

fn title(action: &Json) -> &str {
    action["title"].as_str().expect("a title")
}
