//! RCP023: reports HTML that does more in a customer's browser than show text: it runs script, loads files or collects input.

use std::ops::Range;

use crate::base::diagnostic::{Finding, Severity};
use crate::html::facts::ParsedHtml;
use crate::rules::context::PortalContext;
use crate::rules::shared::html_hazards::{Hazard, ShownIn, find_hazards, find_markup};
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    check_display_name(cx);
    for html in cx.portal.htmls() {
        let Some(facts) = html.facts() else { continue };
        let shown_in = if html.cursor.key() == "footer_html" { ShownIn::Page } else { ShownIn::Email };
        report_hazards(cx, &html.cursor, find_hazards(facts, html.label, shown_in), shown_in);
    }
}

/// The display name is plain text, but a page that does not escape it would run what it contains.
fn check_display_name(cx: &mut PortalContext<'_>) {
    let name = cx.portal.display_name;
    let Some(text) = name.text() else { return };
    // Few names contain a tag or an entity.
    if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return;
    }
    let hazards = find_hazards(ParsedHtml::from_fragment(text).facts(text), "the display name", ShownIn::Page);
    if hazards.is_empty()
        && let Some(range) = find_markup(text)
    {
        report_markup(cx, &name, range);
    }
    report_hazards(cx, &name, hazards, ShownIn::Page);
}

fn report_markup<'a>(cx: &mut PortalContext<'a>, name: &Cursor<'a>, range: Range<usize>) {
    let message = "the display name contains HTML, which customers may see as plain text";
    let finding = Finding::new(cx.locate_part(name, range), message, "write the display name as plain text");
    cx.report(finding.with_severity(Severity::Warning));
}

fn report_hazards<'a>(cx: &mut PortalContext<'a>, html: &Cursor<'a>, hazards: Vec<Hazard>, shown_in: ShownIn) {
    cx.report_each(hazards, |cx, hazard| {
        // Most mail programs remove scripts and forms, so in an email they are only a warning.
        let is_error = shown_in == ShownIn::Page && hazard.is_dangerous;
        let severity = if is_error { Severity::Error } else { Severity::Warning };
        let location = cx.locate_part(html, hazard.range);
        Finding::new(location, hazard.message, hazard.help).with_label(hazard.label).with_severity(severity)
    });
}
