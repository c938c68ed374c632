//! The JSON that a client writes to the hook: the name of the tool, its arguments, and the folder that the client works in.

use std::path::PathBuf;

use crate::base::source::{Format, Source};
use crate::base::surrogates::replace_lone_surrogates;
use crate::base::words::split_into_words;
use crate::hook::vocabulary::{decode_ascii_escapes, names_portal, sends_no_portal, verb_in};
use crate::model::portal::operation_in;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Parsed, Value, json};

/// The fields with the name of the tool: that of Claude Code, Codex, Gemini CLI and VS Code, and that of Copilot.
const TOOL_NAMES: [&str; 2] = ["tool_name", "toolName"];

/// The fields with the arguments: those of the same clients, and their names in the other case.
const TOOL_INPUTS: [&str; 4] = ["tool_input", "toolArgs", "toolInput", "tool_args"];

/// The case of the fields of the input. VS Code and Copilot run the same hook, and each reads the response in its own case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputStyle {
    /// `tool_name`
    SnakeCase,
    /// `toolName`
    CamelCase,
    /// The input could not be read.
    Unknown,
}

/// The input of the hook.
pub(super) struct HookInput {
    pub source: Source,
    parsed: Parsed<'static>,
}

impl HookInput {
    /// Parses the input.
    ///
    /// # Errors
    ///
    /// Describes why the input is not a JSON object with the name of a tool.
    pub(super) fn parse(input: &[u8]) -> Result<Self, String> {
        let mut input = input.to_vec();
        replace_lone_surrogates(&mut input);
        let text = String::from_utf8(input).map_err(|_| "it is not UTF-8")?;
        let source = Source::new("<hook input>", text, Format::Json);
        let parsed = json::parse_strict(source.text()).into_owned();
        if !parsed.errors.is_empty() {
            return Err("it is not valid JSON".into());
        }
        let input = Self { source, parsed };
        let has_name = input.tool_names().next().is_some();
        if has_name { Ok(input) } else { Err("it does not name a tool".into()) }
    }

    fn root(&self) -> Option<Cursor<'_>> {
        self.parsed.documents.first().map(Cursor::root)
    }

    /// The names of the tool: one, or two if the input has both fields.
    pub(super) fn tool_names(&self) -> impl Iterator<Item = &str> {
        TOOL_NAMES.into_iter().filter_map(|name| self.root()?.field(name).text())
    }

    /// The arguments of the tool.
    pub(super) fn tool_input(&self) -> Option<Cursor<'_>> {
        let root = self.root()?;
        let is_set = |field: &Cursor<'_>| field.is_present() && field.value() != Some(&Value::Null);
        TOOL_INPUTS.map(|name| root.field(name)).into_iter().find(is_set)
    }

    pub(super) fn working_folder(&self) -> Option<PathBuf> {
        self.root()?.field("cwd").text().map(PathBuf::from)
    }

    pub(super) fn style(&self) -> InputStyle {
        let is_camel_case = self.root().is_some_and(|root| root.has_field("toolName"));
        if is_camel_case { InputStyle::CamelCase } else { InputStyle::SnakeCase }
    }
}

/// Whether an input that is not valid JSON may be a call that has to be checked. It contains the name of an operation, in any spelling, or
/// a verb and "customer portal".
pub(super) fn names_operation(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let decoded = decode_ascii_escapes(&text, "\\u00");
    operation_in(&text).is_some() || operation_in(&decoded).is_some() || has_words_of_operation(&decoded)
}

/// Whether the name of the tool or its first arguments have a verb and name the customer portal.
fn has_words_of_operation(text: &str) -> bool {
    /// The body follows. Its texts may contain any words.
    const MAX_CHARS: usize = 2_000;
    for field in TOOL_NAMES {
        let Some((_, call)) = text.split_once(&format!("\"{field}\"")) else { continue };
        let call: String = call.chars().take(MAX_CHARS).collect();
        let tool_name = call.split('"').nth(1).unwrap_or_default();
        let words = split_into_words(&call);
        if names_portal(&words) && verb_in(&words).is_some() && !sends_no_portal(tool_name) {
            return true;
        }
    }
    false
}
