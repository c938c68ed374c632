//! RCP209: reports HTML with unclosed or unmatched elements, quotes, comments, and braces of shortcodes.

use crate::base::diagnostic::Finding;
use crate::html::facts::HtmlFacts;
use crate::html::shortcodes::Shortcode;
use crate::html::tag_errors::{LocatedTagError, TagError, TagErrors};
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::{indefinite_article, pluralize, quote};

/// The search in a text stops after this number of errors.
const MAX_ERRORS: usize = 1_000;

/// Checks the footer and the HTML of both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(facts) = html.facts() else { continue };
        check_tags(cx, html, facts);
        check_braces(cx, html, facts);
    }
}

fn check_tags<'a>(cx: &mut PortalContext<'a>, html: &Html<'a>, facts: HtmlFacts<'_>) {
    let TagErrors { errors, is_complete } = facts.tag_errors(MAX_ERRORS);
    cx.report_up_to_limit(errors, !is_complete, |cx, error| tag_finding(cx, html, &error, facts.html));
}

fn check_braces<'a>(cx: &mut PortalContext<'a>, html: &Html<'a>, facts: HtmlFacts<'_>) {
    let uneven = facts.shortcodes(|code| code.opening() != code.closing());
    cx.report_each(uneven, |cx, code| brace_finding(cx, html, code, facts.html));
}

fn brace_finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, code: Shortcode, text: &str) -> Finding {
    let shortcode = quote(&text[code.range.clone()]);
    let (opening, closing) = (code.opening(), code.closing());
    let message = format!(
        "{} contains {shortcode}, with {} and {}",
        html.label,
        pluralize(opening, "opening brace"),
        pluralize(closing, "closing brace")
    );
    let location = cx.locate_part(&html.cursor, code.range);
    Finding::new(location, message, "use the same number of braces on both sides of the name").with_invalid_value()
}

fn tag_finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, located: &LocatedTagError, text: &str) -> Finding {
    let markup = &text[located.range.clone()];
    let message = format!("{} {}", html.label, describe_tag_error(&located.error, markup));
    let location = cx.locate_part(&html.cursor, located.range.clone());
    let finding = Finding::new(location, message, tag_error_help(&located.error)).with_invalid_value();
    match &located.error {
        // HTML Standard, 13.1.2.1: the slash of a start tag closes only foreign elements (SVG, MathML).
        TagError::Unclosed(_) if markup.ends_with("/>") => finding.with_label("browsers ignore this slash"),
        TagError::UnclosedInside { outer, outer_end, .. } => {
            let span = cx.locate_part(&html.cursor, outer_end.clone()).span;
            finding.with_note(span, format!("{} comes first", quote_end_tag(outer)))
        }
        TagError::Mismatched { open: name, open_tag, .. } | TagError::Reopened { name, open_tag } => {
            let span = cx.locate_part(&html.cursor, open_tag.clone()).span;
            finding.with_note(span, format!("{} is opened here", quote_tag(name)))
        }
        _ => finding,
    }
}

fn quote_tag(name: &str) -> String {
    quote(&format!("<{name}>"))
}

fn quote_end_tag(name: &str) -> String {
    quote(&format!("</{name}>"))
}

/// The end of a message that starts with the name of the text. `markup` is the text at the error.
fn describe_tag_error(error: &TagError, markup: &str) -> String {
    match error {
        TagError::Unclosed(name) => {
            format!("has {} {} that is never closed", indefinite_article(name), quote_tag(name))
        }
        TagError::UnclosedInside { name, outer, .. } => {
            format!(
                "has {} {} that is not closed before {}",
                indefinite_article(name),
                quote_tag(name),
                quote_end_tag(outer)
            )
        }
        TagError::Mismatched { open, close, .. } => {
            format!("closes {} with {}", quote_tag(open), quote_end_tag(close))
        }
        TagError::Reopened { name, .. } => format!("opens {} a second time instead of closing it", quote_tag(name)),
        TagError::Stray(name) => format!("has a {} without a matching {}", quote_end_tag(name), quote_tag(name)),
        TagError::VoidEndTag(name) => format!("has a {}, but {} has no end tag", quote_end_tag(name), quote_tag(name)),
        TagError::NotAnElement => format!("does not show {}: browsers read it as a tag", quote(markup)),
        TagError::UnpairedQuote => "has a tag with an unmatched quote".into(),
        TagError::UnfinishedTag => "has a tag without its closing `>`".into(),
        TagError::UnclosedComment => "has a comment that is never closed and hides everything after it".into(),
    }
}

fn tag_error_help(error: &TagError) -> String {
    match error {
        TagError::Unclosed(name) => format!("add {} where the element ends", quote_end_tag(name)),
        TagError::UnclosedInside { name, outer, .. } => {
            format!("add {} before {}", quote_end_tag(name), quote_end_tag(outer))
        }
        TagError::Mismatched { open: name, .. } | TagError::Reopened { name, .. } => {
            format!("replace it with {}", quote_end_tag(name))
        }
        TagError::Stray(name) => {
            format!("remove {}, or add the missing {}", quote_end_tag(name), quote_tag(name))
        }
        TagError::VoidEndTag(name) => format!("replace it with {}", quote_tag(name)),
        TagError::NotAnElement => "write `&lt;` instead of `<`".into(),
        TagError::UnpairedQuote => "put straight quotes around the attribute value".into(),
        TagError::UnfinishedTag => "add the missing `>`".into(),
        TagError::UnclosedComment => "close the comment with `-->`".into(),
    }
}
