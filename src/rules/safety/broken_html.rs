//! RCP209: html that ends what it begins: elements, quotes, comments, and the braces of shortcodes.

use crate::base::diagnostic::Finding;
use crate::html::balance::{Broken, Flaws, TagError, flaws};
use crate::html::fast_text::shortcodes_in_use;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::{article, quote};
use crate::syntax::cursor::Cursor;

/// So many flaws of one text are counted.
const COUNTED: usize = 1_000;

/// The footer and both emails.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(text) = html.cursor.text() else { continue };
        let simple_html = html.simple_html.as_ref();
        if !simple_html.is_some_and(|simple_html| simple_html.nested) {
            let Flaws { found, is_all } = flaws(text, COUNTED);
            if is_all {
                cx.report_each(found, |cx, broken| finding(cx, html, &broken, text));
            } else {
                cx.report_each_truncated(found, |cx, broken| finding(cx, html, &broken, text));
            }
        }
        if simple_html.is_some_and(|simple_html| simple_html.only_codes) {
            continue;
        }
        let uneven = shortcodes_in_use(text, |code| code.opening() != code.closing());
        cx.report_each(uneven, |cx, code| {
            let written = quote(&text[code.range.clone()]);
            let (opening, closing) = (code.opening(), code.closing());
            let message = format!("{} has {written} with {opening} opening and {closing} closing braces", html.label);
            let place = cx.locate_part(&html.cursor, code.range);
            Finding::new(place, message, "write as many braces behind the name as before it").with_invalid_value()
        });
    }
}

fn finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, broken: &Broken, text: &str) -> Finding {
    let slot: &Cursor<'a> = &html.cursor;
    let said = format!("{} {}", html.label, what(&broken.flaw, &text[broken.range.clone()]));
    let place = cx.locate_part(slot, broken.range.clone());
    let mut finding = Finding::new(place, said, help(&broken.flaw)).with_invalid_value();
    if matches!(broken.flaw, TagError::Unclosed(_)) && text[broken.range.clone()].ends_with("/>") {
        finding = finding.with_label("browsers ignore the slash");
    }
    if let TagError::Overtaken { by, at, .. } = &broken.flaw {
        finding = finding
            .with_note(cx.locate_part(slot, at.clone()).span, format!("{} comes first", code(&format!("/{by}"))));
    }
    if let TagError::Mismatched { open, at, .. } = &broken.flaw {
        finding = finding.with_note(cx.locate_part(slot, at.clone()).span, format!("{} is opened here", code(open)));
    }
    if let TagError::Reopened { name, at } = &broken.flaw {
        finding = finding.with_note(cx.locate_part(slot, at.clone()).span, format!("{} is opened here", code(name)));
    }
    finding
}

/// The name of a tag in a sentence.
fn code(name: &str) -> String {
    quote(&format!("<{name}>"))
}

fn what(flaw: &TagError, written: &str) -> String {
    match flaw {
        TagError::Unclosed(name) => format!("has {} {} that is never closed", article(name), code(name)),
        TagError::Overtaken { name, by, .. } => {
            format!("has {} {} that is not closed before {}", article(name), code(name), code(&format!("/{by}")))
        }
        TagError::Mismatched { open, close, .. } => {
            format!("closes {} with {}", code(open), code(&format!("/{close}")))
        }
        TagError::Reopened { name, .. } => format!("opens {} again where it should end", code(name)),
        TagError::Stray(name) => format!("has a {} that closes nothing", code(&format!("/{name}"))),
        TagError::VoidEnd(name) => format!("has a {}, and {} has no end tag", code(&format!("/{name}")), code(name)),
        TagError::NoElement => format!("does not show {}: it is read as a tag", quote(written)),
        TagError::Quote => "has a tag in which a quote is missing".into(),
        TagError::UnfinishedTag => "has a tag that does not end with `>`".into(),
        TagError::UnclosedComment => "has a comment that is never closed and hides all that follows".into(),
    }
}

fn help(flaw: &TagError) -> String {
    match flaw {
        TagError::Unclosed(name) => format!("add {} where the element ends", code(&format!("/{name}"))),
        TagError::Overtaken { name, by, .. } => {
            format!("put {} before {}", code(&format!("/{name}")), code(&format!("/{by}")))
        }
        TagError::Mismatched { open: name, .. } | TagError::Reopened { name, .. } => {
            format!("write {}", code(&format!("/{name}")))
        }
        TagError::Stray(name) => {
            format!("remove {}, or add the {} it belongs to", code(&format!("/{name}")), code(name))
        }
        TagError::VoidEnd(name) => format!("write {} alone", code(name)),
        TagError::NoElement => "write `&lt;` for `<` where it is text".into(),
        TagError::Quote => "put straight quotes on both sides of each value".into(),
        TagError::UnfinishedTag => "add the `>` at its end".into(),
        TagError::UnclosedComment => "close the comment with `-->`".into(),
    }
}
