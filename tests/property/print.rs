//! The renderings: one body as JSON, JSONC and YAML, with either line break, with and without a mark at the start.

use super::choices::Choices;
use super::sheet::Sheet;
use super::tree::Tree;
use super::{json, yaml};

/// A way to write a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rendering {
    Json,
    Jsonc,
    YamlBlock,
    YamlFlow,
}

/// All of them.
pub const RENDERINGS: [Rendering; 4] = [Rendering::Json, Rendering::Jsonc, Rendering::YamlBlock, Rendering::YamlFlow];

/// The YAML ones.
pub const YAML: [Rendering; 2] = [Rendering::YamlBlock, Rendering::YamlFlow];

/// Writes a body.
pub fn print(tree: &Tree, rendering: Rendering, choices: &mut Choices) -> Sheet {
    let newline = choices.pick(&["\n", "\r\n"]);
    let marked = choices.one_in(10);
    let (name, write): (_, fn(&Tree, &mut Choices, Sheet) -> Sheet) = match rendering {
        Rendering::Json => ("portal.json", json::json),
        Rendering::Jsonc => ("portal.jsonc", json::jsonc),
        Rendering::YamlBlock => ("portal.yaml", yaml::block),
        Rendering::YamlFlow => ("portal.yml", yaml::flow),
    };
    write(tree, choices, Sheet::new(name, newline, marked))
}
