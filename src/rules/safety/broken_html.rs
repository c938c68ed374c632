//! RCP209: html that ends what it begins: elements, quotes, comments, and the braces of shortcodes.

use crate::base::diagnostic::Finding;
use crate::html::balance::{Broken, Flaw, Flaws, flaws};
use crate::html::fast_text::shortcodes_in_use;
use crate::model::portal::Html;
use crate::rules::context::PortalContext;
use crate::rules::wording::{article, quote};
use crate::syntax::cursor::Slot;

/// So many flaws of one text are counted.
const COUNTED: usize = 1_000;

/// The footer and both emails.
pub fn portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(text) = html.slot.text() else { continue };
        let calm = html.calm.as_ref();
        if !calm.is_some_and(|calm| calm.nested) {
            let Flaws { found, is_all } = flaws(text, COUNTED);
            if is_all {
                cx.report_each(found, |cx, broken| finding(cx, html, &broken, text));
            } else {
                cx.report_each_so_far(found, |cx, broken| finding(cx, html, &broken, text));
            }
        }
        if calm.is_some_and(|calm| calm.only_codes) {
            continue;
        }
        let uneven = shortcodes_in_use(text, |code| code.opening() != code.closing());
        cx.report_each(uneven, |cx, code| {
            let written = quote(&text[code.range.clone()]);
            let (opening, closing) = (code.opening(), code.closing());
            let message = format!("{} has {written} with {opening} opening and {closing} closing braces", html.words);
            let place = cx.part(&html.slot, code.range);
            Finding::new(place, message, "write as many braces behind the name as before it").of_value()
        });
    }
}

fn finding<'a>(cx: &PortalContext<'a>, html: &Html<'a>, broken: &Broken, text: &str) -> Finding {
    let slot: &Slot<'a> = &html.slot;
    let said = format!("{} {}", html.words, what(&broken.flaw, &text[broken.range.clone()]));
    let place = cx.part(slot, broken.range.clone());
    let mut finding = Finding::new(place, said, help(&broken.flaw)).of_value();
    if matches!(broken.flaw, Flaw::Unclosed(_)) && text[broken.range.clone()].ends_with("/>") {
        finding = finding.label("browsers ignore the slash");
    }
    if let Flaw::Overtaken { by, at, .. } = &broken.flaw {
        finding = finding.note(cx.part(slot, at.clone()).span, format!("{} comes first", code(&format!("/{by}"))));
    }
    if let Flaw::Mismatched { open, at, .. } = &broken.flaw {
        finding = finding.note(cx.part(slot, at.clone()).span, format!("{} is opened here", code(open)));
    }
    if let Flaw::Reopened { name, at } = &broken.flaw {
        finding = finding.note(cx.part(slot, at.clone()).span, format!("{} is opened here", code(name)));
    }
    finding
}

/// The name of a tag in a sentence.
fn code(name: &str) -> String {
    quote(&format!("<{name}>"))
}

fn what(flaw: &Flaw, written: &str) -> String {
    match flaw {
        Flaw::Unclosed(name) => format!("has {} {} that is never closed", article(name), code(name)),
        Flaw::Overtaken { name, by, .. } => {
            format!("has {} {} that is not closed before {}", article(name), code(name), code(&format!("/{by}")))
        }
        Flaw::Mismatched { open, close, .. } => format!("closes {} with {}", code(open), code(&format!("/{close}"))),
        Flaw::Reopened { name, .. } => format!("opens {} again where it should end", code(name)),
        Flaw::Stray(name) => format!("has a {} that closes nothing", code(&format!("/{name}"))),
        Flaw::VoidEnd(name) => format!("has a {}, and {} has no end tag", code(&format!("/{name}")), code(name)),
        Flaw::NoElement => format!("does not show {}: it is read as a tag", quote(written)),
        Flaw::Quote => "has a tag in which a quote is missing".into(),
        Flaw::UnfinishedTag => "has a tag that does not end with `>`".into(),
        Flaw::UnclosedComment => "has a comment that is never closed and hides all that follows".into(),
    }
}

fn help(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Unclosed(name) => format!("add {} where the element ends", code(&format!("/{name}"))),
        Flaw::Overtaken { name, by, .. } => {
            format!("put {} before {}", code(&format!("/{name}")), code(&format!("/{by}")))
        }
        Flaw::Mismatched { open: name, .. } | Flaw::Reopened { name, .. } => {
            format!("write {}", code(&format!("/{name}")))
        }
        Flaw::Stray(name) => format!("remove {}, or add the {} it belongs to", code(&format!("/{name}")), code(name)),
        Flaw::VoidEnd(name) => format!("write {} alone", code(name)),
        Flaw::NoElement => "write `&lt;` for `<` where it is text".into(),
        Flaw::Quote => "put straight quotes on both sides of each value".into(),
        Flaw::UnfinishedTag => "add the `>` at its end".into(),
        Flaw::UnclosedComment => "close the comment with `-->`".into(),
    }
}
