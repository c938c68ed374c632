//! Replaces variables by their values: a string that is exactly `${NAME}` becomes the value of `NAME`.
//!
//! The spans of the variables are kept, because the values are not in the file. [`Style::Variable`] marks the values, so that no fix
//! contains them and no output shows them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::{NodeId, Parsed, Style, Value};

/// The values of variables, by name.
pub(crate) type Variables = BTreeMap<String, String>;

/// Replaces the variables for which there is a value. The others are not changed.
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
    let nodes = parsed.nodes();
    nodes.filter(|node| node.style == Style::Variable).map(|node| node.span).collect()
}

/// The bytes of the first `${NAME}` in a text.
pub(crate) fn find_variable(text: &str) -> Option<Range<usize>> {
    for (start, opening) in text.match_indices("${") {
        let name = &text[start + opening.len()..];
        let name_length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let end = start + opening.len() + name_length + "}".len();
        if text.get(start..end).and_then(variable_name).is_some() {
            return Some(start..end);
        }
    }
    None
}

/// The name in a text that is exactly `${NAME}`. The command `render` replaces such a variable; `check` never reads its
/// value.
#[inline]
pub(crate) fn variable_name(text: &str) -> Option<&str> {
    // This runs for every ID of a file, so reject the usual text with one comparison.
    if !text.as_bytes().starts_with(b"${") {
        return None;
    }
    let name = text[2..].strip_suffix('}')?;
    let first = name.bytes().next()?;
    let is_valid = !first.is_ascii_digit() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_valid.then_some(name)
}
