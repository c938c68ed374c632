//! Renders a body as JSON, JSONC or YAML, with LF or CRLF, with and without a byte order mark.

use super::choices::Choices;
use super::rendered_text::RenderedText;
use super::tree::Tree;
use super::{json, yaml};

/// The format of a rendered body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rendering {
    Json,
    Jsonc,
    YamlBlock,
    YamlFlow,
}

pub const RENDERINGS: [Rendering; 4] = [Rendering::Json, Rendering::Jsonc, Rendering::YamlBlock, Rendering::YamlFlow];

pub const YAML_RENDERINGS: [Rendering; 2] = [Rendering::YamlBlock, Rendering::YamlFlow];

pub fn render(tree: &Tree, rendering: Rendering, choices: &mut Choices) -> RenderedText {
    let newline = choices.pick(&["\n", "\r\n"]);
    let with_bom = choices.one_in(10);
    let (name, write): (_, fn(&Tree, &mut Choices, RenderedText) -> RenderedText) = match rendering {
        Rendering::Json => ("portal.json", json::json),
        Rendering::Jsonc => ("portal.jsonc", json::jsonc),
        Rendering::YamlBlock => ("portal.yaml", yaml::block),
        Rendering::YamlFlow => ("portal.yml", yaml::flow),
    };
    write(tree, choices, RenderedText::new(name, newline, with_bom))
}

/// Which characters are written as escape sequences although they need not be.
#[derive(Clone, Copy, Debug)]
pub enum Escapes {
    None,
    /// One in 8.
    Some,
    All,
}

impl Escapes {
    pub fn random(choices: &mut Choices) -> Self {
        choices.pick(&[Self::None, Self::None, Self::None, Self::Some, Self::All])
    }

    /// Whether the next character is written as an escape sequence.
    pub fn apply(self, choices: &mut Choices) -> bool {
        match self {
            Self::None => false,
            Self::Some => choices.one_in(8),
            Self::All => true,
        }
    }
}
