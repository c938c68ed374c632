//! Replaces variables by their values: a string that is exactly `${NAME}` becomes the value of `NAME`.
//!
//! The spans stay those of the variables, because the values are not in the file. [`Style::Variable`] marks the values, so that
//! no fix is made from them and no output shows them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::source::Span;
use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, NodeId, Parsed, Style, Value};

/// The values of variables, by name.
pub(crate) type Variables = BTreeMap<String, String>;

/// Replaces the variables that have a value. The others stay as they are.
pub(crate) fn fill_variables(parsed: &mut Parsed<'_>, variables: &Variables) {
    for document in &mut parsed.documents {
        for index in 0..document.len() {
            let node = document.node_mut(NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
            let Value::String(text) = &node.value else { continue };
            if let Some(value) = variable_name(text).and_then(|name| variables.get(name)) {
                node.value = Value::String(Cow::Owned(value.clone()));
                node.style = Style::Variable;
            }
        }
    }
}

/// Returns the spans of the variables that were replaced.
pub(crate) fn filled_spans(parsed: &Parsed<'_>) -> Vec<Span> {
    let nodes = parsed.documents.iter().flat_map(Document::nodes);
    nodes.filter(|node| node.style == Style::Variable).map(|node| node.span).collect()
}
