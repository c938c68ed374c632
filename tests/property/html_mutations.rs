//! Mutations inside texts that customers read: they add a mistake to valid HTML or to a valid line.

use portal_lint::schema::PortalKind;

use super::choices::Choices;
use super::mutations::{Expected, replace_text};
use super::portal::{EMAILS, Portal};
use super::words::{html_around, phrase};

/// A misspelled code, or a code where the reader does not see it.
pub fn invisible_code(p: &mut Portal, c: &mut Choices, pointer: &str) -> Option<Expected> {
    let (new, reported) = c.pick(&[
        ("{{ email_code }}", "{{ email_code }}"),
        ("{{{email_code}}}", "{{{email_code}}}"),
        ("{{Email_Code}}", "{{Email_Code}}"),
        ("{{emailCode}}", "{{emailCode}}"),
        ("{{code}}", "{{code}}"),
        ("{email_code}", "{email_code}"),
        ("${email_code}", "${email_code}"),
        ("[[email_code]]", "[[email_code]]"),
        ("100% %email_code%", "%email_code%"),
        ("&#123;&#123;email_code&#125;&#125;", "&#123;&#123;email_code&#125;&#125;"),
        ("{{email_<b>code</b>}}", "{{email_<b>code</b>}}"),
        ("<!-- {{email_code}} -->", "{{email_code}}"),
        ("<a href=\"https://acme-outfitters.com/?c={{email_code}}\">x</a>", "{{email_code}}"),
        ("<p hidden>{{email_code}}</p>", "{{email_code}}"),
        ("<span style=\"display: none\">ü{{email_code}}</span>", "{{email_code}}"),
    ]);
    let lead = phrase(c);
    let (html, range) = html_around(c, &lead, new);
    let start = range.start + new.find(reported).expect("a part of the new text");
    replace_text(p, pointer, html, start..start + reported.len())
}

/// The pointer of one of the three HTML texts.
fn pick_html_field(c: &mut Choices) -> String {
    match c.below(3) {
        0 => "/footer_html".to_owned(),
        which => format!("/customer_emails/{}/html", EMAILS[which - 1]),
    }
}

/// Adds `new` before or after the text; the finding points to `reported`, a part of it.
fn insert(p: &mut Portal, c: &mut Choices, pointer: &str, new: &str, reported: &str) -> Option<Expected> {
    let old = p.tree.text(pointer)?;
    let (text, new_start) = if c.one_in(2) { (format!("{new}{old}"), 0) } else { (format!("{old}{new}"), old.len()) };
    let start = new_start + new.find(reported).expect("a part of the new text");
    replace_text(p, pointer, text, start..start + reported.len())
}

/// Markup that can run scripts, load resources or collect data.
pub fn hazard(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let (new, reported) = c.pick(&[
        ("<script>alert(\"ü\")</script>", "<script>"),
        ("<SCRIPT src='https://acme-outfitters.com/x.js'></SCRIPT>", "<SCRIPT src='https://acme-outfitters.com/x.js'>"),
        ("<img src=\"https://acme-outfitters.com/x.png\" alt=\"😀\" onerror=\"x()\">", "onerror=\"x()\""),
        ("<p\n  onclick='x(\"y\")'>x</p>", "onclick='x(\"y\")'"),
        ("<a href=\"javascript:x()\">y</a>", "href=\"javascript:x()\""),
        ("<a href='JaVa&#115;cript:x()'>y</a>", "href='JaVa&#115;cript:x()'"),
        ("<iframe src=\"https://acme-outfitters.com/\"></iframe>", "<iframe src=\"https://acme-outfitters.com/\">"),
        ("<style>@import url(/x.css); p { }</style>", "@import url(/x.css);"),
    ]);
    let pointer = pick_html_field(c);
    insert(p, c, &pointer, new, reported)
}

/// Markup in the display name, which is plain text.
pub fn markup_in_name(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let (new, reported) = c.pick(&[(" <b>ü</b>", "<b>"), (" &uuml; ", "&uuml;"), (" <!-- x --> ", "<!-- x -->")]);
    insert(p, c, "/display_name", new, reported)
}

/// A link to a reserved domain.
pub fn reserved_link(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    (p.kind != PortalKind::Export).then_some(())?;
    let (new, reported) = c.pick(&[
        ("<a href=\"https://example.com/ü?x=1\">x</a>", "https://example.com/ü?x=1"),
        ("<a href='mailto:help@acme.test'>x</a>", "mailto:help@acme.test"),
        ("<img alt=\"\" src=\"https://cdn.shop.example/x.png\">", "https://cdn.shop.example/x.png"),
    ]);
    let pointer = pick_html_field(c);
    insert(p, c, &pointer, new, reported)
}

/// Internal terms of RevCent in texts that customers read.
pub fn system_term(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    if c.one_in(2) {
        let pointer = match c.below(4) {
            0 => "/display_name".to_owned(),
            which => format!("/customer_emails/{}/{}", EMAILS[which % 2], ["subject", "from_name"][which / 2]),
        };
        let (new, reported) =
            c.pick(&[(" salvage transactions ", "salvage transactions"), (" trial_cancel ", "trial_cancel")]);
        return insert(p, c, &pointer, new, reported);
    }
    let (new, reported) = c.pick(&[
        ("<p>ü Salvage Transaction 😀</p>", "Salvage Transaction"),
        ("<p>salvage <b>transactions</b></p>", "salvage <b>transactions"),
        ("<p>sal&#118;age&nbsp;transaction</p>", "sal&#118;age&nbsp;transaction"),
        ("<p>subscription_renew</p>", "subscription_renew"),
        ("<img alt='credit_card_add' src='/x.png'>", "credit_card_add"),
    ]);
    let pointer = pick_html_field(c);
    insert(p, c, &pointer, new, reported)
}

/// Invisible characters.
pub fn hidden_character(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let pointer = c.pick(&["/description", "/display_name", "/footer_html", "/name"]);
    let reported = c.pick(&["\u{200b}", "\u{202e}", "\u{2060}", "\u{feff}", "\u{2066}\u{2066}"]);
    insert(p, c, pointer, &format!("ü{reported}x"), reported)
}

/// A URL with `http`.
pub fn insecure_link(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let pointer = pick_html_field(c);
    let new = c.pick(&[
        "<a href=\"http://acme-outfitters.com/\">ü</a>",
        "<img alt='😀' src='http://acme-outfitters.com/x.png'>",
        "<p style=\"background: url(http://acme-outfitters.com/x.png)\">x</p>",
    ]);
    insert(p, c, &pointer, new, "http")
}

/// A line break in a text that must have one line. It contains `\r` or `\0`, so that YAML cannot fold it to a space.
pub fn line_break(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let pointer = match c.below(4) {
        0 => "/name".to_owned(),
        1 => "/display_name".to_owned(),
        which => format!("/customer_emails/{}/{}", EMAILS[which - 2], c.pick(&["subject", "from_name"])),
    };
    let reported = c.pick(&["\r\n", "\r", "\0", "\r\n\r\n"]);
    insert(p, c, &pointer, &format!("ü{reported}x"), reported)
}

/// An element without its end tag, or an end tag without its element.
pub fn broken_html(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let pointer = pick_html_field(c);
    let (new, reported) =
        c.pick(&[("<em>ü", "<em>"), ("ü</em>", "</em>"), ("<section class=\"x\">", "<section class=\"x\">")]);
    insert(p, c, &pointer, new, reported)
}

/// A valid code and an unknown shortcode.
pub fn unknown_shortcode(p: &mut Portal, c: &mut Choices) -> Option<Expected> {
    let email = c.pick(&EMAILS);
    let (new, reported) = c.pick(&[
        ("<p>{{first_name}}</p>", "{{first_name}}"),
        ("<p>ü {{ email_code }}</p>", "{{ email_code }}"),
        (" [[email_code]] ", "[[email_code]]"),
    ]);
    insert(p, c, &format!("/customer_emails/{email}/html"), new, reported)
}
