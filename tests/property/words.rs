//! Random words, phrases and HTML in many scripts. None of them leads to a finding.

use super::choices::Choices;

/// Words of letters. A name with one of them is not generic (RCP102).
const WORDS: [&[&str]; 10] = [
    &["Acme", "Outfitters", "Subscription", "Members", "Wholesale", "Club", "Service", "Orchard"],
    &["Zürich", "Größe", "Straßenfest", "Übergröße", "Ærø", "Łódź", "naïve", "Crème"],
    &["Портал", "подписки", "Ёлка", "клиентов", "Київ"],
    &["Πύλη", "πελατών", "Ώρα"],
    &["לקוחות", "מנויים", "שלום"],
    &["بوابة", "العملاء", "اشتراك", "خدمة"],
    &["ग्राहक", "सदस्यता", "पोर्टल"],
    &["顧客", "定期購入", "ポータル", "会员", "訂閱", "𠮷野家"],
    &["고객", "구독", "센터"],
    &["ลูกค้า", "สมาชิก", "Z\u{fc}rich", "Zu\u{308}rich", "\u{1d538}\u{1d554}\u{1d55e}\u{1d556}"],
];

/// Insertions between words: emoji with and without joiners, flags, numbers, punctuation.
const ORNAMENTS: [&str; 18] = [
    "2",
    "😀",
    "☕",
    "👩\u{200d}💻",
    "🇨🇭",
    "👍🏽",
    "❤\u{fe0f}",
    "(new)",
    "–",
    "&",
    "it's",
    "\"best\"",
    "#1",
    "100%",
    "a:b",
    "C:\\Acme",
    "|",
    "née",
];

/// Texts that have another meaning or are invalid without quotes in YAML, or need escapes in JSON.
const TRICKY: [&str; 44] = [
    "yes",
    "no",
    "on",
    "null",
    "~",
    "true",
    "1.5",
    "1e3",
    "0x1F",
    "2026-01-01",
    "12:30",
    "- x",
    "-",
    "# x",
    "? x",
    "! x",
    "&x",
    "*x",
    "%x",
    "@x",
    "`x`",
    "{x}",
    "[x]",
    "a: b",
    "a #b",
    "x:",
    "'x'",
    "\"x\"",
    "\\",
    "a\\\"b",
    "<<",
    "=",
    "---",
    "...",
    "| x",
    "> x",
    ",",
    "/",
    "x  y",
    "\u{a0}x",
    "a\u{e000}b",
    "'",
    "''",
    "\"",
];

/// Such texts for fields that may have several lines.
const TRICKY_LINES: [&str; 12] = [
    " x",
    "x ",
    "x\ty",
    "\tx",
    "a\nb",
    "a\n\nb\n",
    "a\n b\nc",
    "a\u{7f}b",
    "a\u{85}b",
    "a\u{2028}b",
    "a\r\nb",
    "x\n\n\n",
];

/// Ranges of letters in scripts that [`WORDS`] does not contain, or contains only in part: the first code point and the count.
const LETTERS: [(u32, u32); 7] =
    [(0x3b1, 17), (0x430, 32), (0x5d0, 27), (0x561, 38), (0x10d0, 33), (0x4e00, 20_000), (0xac00, 11_000)];

fn word(c: &mut Choices) -> String {
    if c.one_in(6) {
        let (first, count) = c.pick(&LETTERS);
        let length = 2 + c.below(6);
        let mut random_letter = || first + u32::try_from(c.below(count as usize)).expect("a small number");
        return (0..length).map(|_| char::from_u32(random_letter()).expect("a letter")).collect();
    }
    let script = c.pick(&WORDS);
    c.pick(script).to_owned()
}

/// A line of words with punctuation and insertions between them, without surrounding white space.
pub fn phrase(c: &mut Choices) -> String {
    let mut phrase = word(c);
    for _ in 0..=c.below(4) {
        phrase.push_str(c.pick(&[" ", " ", " ", " ", ", ", " – ", "  "]));
        if c.one_in(4) {
            phrase.push_str(c.pick(&ORNAMENTS));
            phrase.push(' ');
        }
        phrase.push_str(&word(c));
    }
    phrase
}

/// A phrase or a tricky text.
pub fn line(c: &mut Choices) -> String {
    if c.one_in(4) { c.pick(&TRICKY).to_owned() } else { phrase(c) }
}

/// One line or more.
pub fn lines(c: &mut Choices) -> String {
    if c.one_in(5) {
        return c.pick(&TRICKY_LINES).to_owned();
    }
    let mut lines = line(c);
    for _ in 0..c.below(4) {
        lines.push_str(c.pick(&["\n", ". ", " ", "\n\n"]));
        lines.push_str(&phrase(c));
    }
    if c.one_in(4) {
        lines.push('\n');
    }
    lines
}

/// A balanced, harmless fragment of HTML.
fn html_fragment(c: &mut Choices) -> String {
    let words = phrase(c);
    let address =
        c.pick(&["https://acme-outfitters.com/help?a=1", "mailto:support@acme-outfitters.com", "/account", "#top"]);
    match c.below(12) {
        0 => format!("<p>{words}</p>"),
        1 => format!("<p class=\"lead\">{words}<br>{}</p>", phrase(c)),
        2 => format!("<a href=\"{address}\">{words}</a>"),
        3 => format!("<a href='{address}' target=_blank>{words}</a>"),
        4 => format!("<ul>\n  <li>{words}</li>\n  <li>{}</li>\n</ul>", phrase(c)),
        5 => "<img src=\"https://acme-outfitters.com/logo.png\" alt=\"Acme ü\" width=\"20\">".to_owned(),
        6 => format!("<div style=\"color: #333; background: url('https://acme-outfitters.com/b.png')\">{words}</div>"),
        7 => "<!-- a comment: <b> & {x} 😀 -->".to_owned(),
        8 => format!("&nbsp;&uuml;&#128512; {words}\n"),
        9 => format!("<P CLASS=x>{words}</P>\n"),
        10 => format!("<table>\r\n<tr><td>{words}</td></tr>\r\n</table>"),
        _ => "<style>.code { color: red }\n.b > .c { margin: 0 }</style>".to_owned(),
    }
}

/// HTML with visible text and without a code.
pub fn html(c: &mut Choices) -> String {
    let mut html = format!("<p>{}</p>", phrase(c));
    for _ in 0..c.below(4) {
        html.push_str(&html_fragment(c));
    }
    if c.one_in(4) {
        html.push('\n');
    }
    html
}

/// HTML with `code` at a visible position after the text `lead`, and the range of the code.
pub fn html_around(c: &mut Choices, lead: &str, code: &str) -> (String, std::ops::Range<usize>) {
    let (before, after) = c.pick(&[
        ("<p>Code: <strong>", "</strong></p>"),
        ("<p>Ihr Code für Zürich 😀:\n", "</p>"),
        ("", ""),
        ("<div class='c'>\n  <b>", "</b>\n</div>\n"),
        ("<table><tr><td align=\"center\">", "</td></tr></table>"),
        ("<!DOCTYPE html>\n<html><head><title>x</title></head><body>\n<h1>الرمز</h1> ", " </body></html>"),
    ]);
    let mut html = String::new();
    // A doctype must be at the start of the document.
    if !before.starts_with("<!") {
        for _ in 0..c.below(3) {
            html.push_str(&html_fragment(c));
        }
    }
    html.push_str(before);
    html.push_str(lead);
    html.push(' ');
    let range = html.len()..html.len() + code.len();
    html.push_str(code);
    html.push_str(after);
    if !before.starts_with("<!") && c.one_in(2) {
        html.push_str(&html_fragment(c));
    }
    (html, range)
}
