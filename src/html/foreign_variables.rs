//! Finds variables of other template systems, such as `*|FNAME|*` and `<%= name %>`. RevCent does not replace them.

use crate::base::steps::count_steps;
use crate::html::shortcodes::{Shortcode, is_name_character};

/// The brackets of Mailchimp, of ERB and EJS, of Jinja and Liquid, of Salesforce, and of Braze.
const BRACKETS: [(&str, &str); 5] = [("*|", "|*"), ("<%", "%>"), ("{%", "%}"), ("%%", "%%"), ("[[", "]]")];

/// The first words of the tags that continue or end a block, such as `{% endif %}` and `<% } %>`.
const BLOCK_ENDS: [&str; 5] = ["end", "else", "elsif", "elif", "}"];

/// Longer than any variable with its filters, in characters.
const MAX_VARIABLE_CHARS: usize = 80;

/// The variables of other template systems in a text, in order: `*|FNAME|*`, `<%= name %>`, `{% if x %}`, `%%first%%`, `[[name]]`.
/// The tags that continue or end a block belong to its start and are left out.
pub(crate) fn foreign_variables(text: &str) -> Vec<Shortcode> {
    let mut variables = Vec::new();
    // Each of the brackets contains one of these bytes, and most texts contain none of them.
    if memchr::memchr3(b'|', b'%', b'[', text.as_bytes()).is_none() {
        return variables;
    }
    let mut position = 0;
    while let Some(offset) = text[position..].find(['*', '<', '{', '%', '[']) {
        let start = position + offset;
        count_steps(offset + 1);
        position = start + 1;
        let Some(variable) = foreign_variable_at(text, start) else { continue };
        position = variable.range.end;
        let name = text[variable.inner.clone()].trim_start_matches(['=', '-', '#']).trim_start().to_ascii_lowercase();
        if !BLOCK_ENDS.iter().any(|word| name.starts_with(word)) {
            variables.push(variable);
        }
    }
    variables
}

fn foreign_variable_at(text: &str, start: usize) -> Option<Shortcode> {
    let (open, close) = BRACKETS.iter().find(|(open, _)| text[start..].starts_with(open))?;
    let inner_start = start + open.len();
    let rest = &text[inner_start..];
    let searched = rest.char_indices().nth(MAX_VARIABLE_CHARS).map_or(rest, |(end, _)| &rest[..end]);
    count_steps(searched.len());
    let inner_end = inner_start + searched.find(close)?;
    let inner = &text[inner_start..inner_end];
    let has_letter = inner.contains(char::is_alphabetic);
    let is_variable = if matches!(*open, "%%" | "[[") {
        // Percent signs and square brackets have other uses, so only a name counts between them.
        has_letter && inner.chars().all(|c| is_name_character(c) || c == ':')
    } else {
        has_letter || inner.contains('}')
    };
    is_variable.then(|| Shortcode { range: start..inner_end + close.len(), inner: inner_start..inner_end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_other_systems_are_found() {
        let text = "*|FNAME|* <%= name %> {% if a %}x{% else %}y{% endif %} %%first%% [[name]] [[1]] 5%% of 9%% a*b <% } %> {%";
        let found: Vec<&str> = foreign_variables(text).into_iter().map(|found| &text[found.range]).collect();
        assert_eq!(found, ["*|FNAME|*", "<%= name %>", "{% if a %}", "%%first%%", "[[name]]"]);
    }
}
