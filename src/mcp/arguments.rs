//! The arguments of the tools, and the check of the body or file that they select.

use serde_json::{Map, Value as Json};

use crate::agent::check::{Checked, check_body};
use crate::base::file::Inclusion;
use crate::base::source::{Format, Source};
use crate::engine::discovery::{add_context_files, discover, sort_and_dedup};
use crate::mcp::root::Root;
use crate::schema::PortalKind;
use crate::settings::projects::Projects;
use crate::syntax::cursor::Cursor;
use crate::syntax::json;

/// The arguments of a call.
pub(super) struct Arguments<'a> {
    values: &'a Map<String, Json>,
    /// The line of the request, in which duplicate keys of a body are not lost.
    text: Option<&'a [u8]>,
}

/// The maximum of `limit` and `offset`. No file has so many findings.
pub(super) const MAX_NUMBER: u64 = 1_000_000;

/// A sentence for the model that states what is wrong with the arguments.
pub(super) type ArgumentError = &'static str;

impl<'a> Arguments<'a> {
    pub(super) fn new(values: &'a Map<String, Json>, text: Option<&'a [u8]>) -> Self {
        Self { values, text }
    }

    /// Returns an error if there are other arguments than those with these names.
    pub(super) fn allow_only(&self, names: &[&str]) -> Result<(), ArgumentError> {
        if self.values.keys().all(|name| names.contains(&name.as_str())) {
            Ok(())
        } else {
            Err("the tool has no such argument: see its input schema")
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, ArgumentError> {
        match self.values.get(name) {
            None => Ok(false),
            Some(Json::Bool(value)) => Ok(*value),
            Some(_) => Err("the argument must be true or false"),
        }
    }

    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, ArgumentError> {
        let Some(value) = self.values.get(name) else { return Ok(default) };
        let number = value.as_u64().filter(|number| *number <= MAX_NUMBER);
        let number = number.and_then(|number| usize::try_from(number).ok());
        number.ok_or("`limit` and `offset` must be integers from 0 to 1000000")
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, ArgumentError> {
        self.values.get(name).and_then(Json::as_str).ok_or("the argument is missing or is not a string")
    }

    fn kind(&self) -> Result<Option<PortalKind>, ArgumentError> {
        match self.values.get("kind").map(Json::as_str) {
            None | Some(Some("auto")) => Ok(None),
            Some(Some("create")) => Ok(Some(PortalKind::Create)),
            Some(Some("edit")) => Ok(Some(PortalKind::Edit)),
            Some(Some("export")) => Ok(Some(PortalKind::Export)),
            Some(_) => Err("`kind` must be auto, create, edit, or export"),
        }
    }

    /// Checks the body or the file that the arguments select. `is_sent`: whether the agent is about to send the body.
    ///
    /// # Errors
    ///
    /// If the arguments do not select exactly one.
    pub(super) fn check(&self, root: &Root, is_sent: bool) -> Result<Checked, ArgumentError> {
        let kind = self.kind()?;
        let body = match (self.values.get("body"), self.values.get("path")) {
            (Some(Json::String(text)), None) => text.clone(),
            (Some(body @ Json::Object(_)), None) => self.original_body_text().unwrap_or_else(|| body.to_string()),
            (Some(_), None) => return Err("`body` must be an object, or a string that contains JSON or YAML"),
            (None, Some(Json::String(path))) => return check_file(path, kind, root),
            (None, Some(_)) => return Err("`path` must be a string"),
            _ => return Err("pass either `body` or `path`"),
        };
        Ok(check_body(body.into_bytes(), is_sent, kind, root.folder(), &root.settings_lookup()))
    }

    /// The text of the body in the line of the request.
    fn original_body_text(&self) -> Option<String> {
        let source = Source::new("<request>", str::from_utf8(self.text?).ok()?, Format::Json);
        let parsed = json::parse_strict(source.text());
        let root = Cursor::root(parsed.documents.first()?);
        let body = root.field("params").field("arguments").field("body");
        (parsed.errors.is_empty() && body.is_object()).then(|| source.slice(body.span()).to_owned())
    }
}

fn check_file(path: &str, kind: Option<PortalKind>, root: &Root) -> Result<Checked, ArgumentError> {
    let Some(path) = root.resolve(path) else { return Err("there is no such file below the server's root") };
    let paths = [path];
    let mut projects = Projects::new(&root.settings_lookup(), &paths);
    let mut inputs = discover(&paths, &mut projects, false);
    add_context_files(&[], &mut projects, &mut inputs);
    sort_and_dedup(&mut inputs);
    let named = inputs.iter().find(|input| matches!(input.inclusion, Inclusion::Explicit(_)));
    let Some(input) = named.cloned() else { return Err("there is no such file below the server's root") };
    Ok(Checked::new(input, inputs, projects, kind))
}
