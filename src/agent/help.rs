//! The help of a finding for an agent. It must not contain text of the file, because an agent follows it: a portal could otherwise
//! contain instructions.

use std::borrow::Cow;

use crate::base::diagnostic::Diagnostic;
use crate::rules::rule;
use crate::rules::rule_doc::section;
use crate::schema::all_field_names;

/// The help, if it quotes only field names and text of the rule's page. Otherwise what the page says about how to fix the finding.
pub(crate) fn fixed_help(diagnostic: &Diagnostic) -> Cow<'_, str> {
    let help = diagnostic.help_for_agents();
    let page = rule(diagnostic.code).map_or("", |rule| rule.page);
    // Everything that is not fixed wording is quoted in a code span.
    let mut quotes = help.split('`').skip(1).step_by(2);
    if quotes.all(|quote| all_field_names().contains(quote) || page.contains(&format!("`{quote}`"))) {
        return Cow::Borrowed(help);
    }
    Cow::Owned(first_sentence(section(page, "How to fix").unwrap_or_default()))
}

/// The first sentence of a section, in the form of a help text: on one line, in lower case and without a full stop.
fn first_sentence(section: &str) -> String {
    let paragraph = section.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split(". ").next().unwrap_or_default().trim_end_matches(['.', ':']);
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
