use crate::base::steps::assert_linear;
use crate::html::balance::*;

/// The bytes and the flaw, in a word.
fn found(html: &str) -> Vec<String> {
    let word = |flaw: &TagError| match flaw {
        TagError::Unclosed(name) => format!("unclosed {name}"),
        TagError::Overtaken { name, by, at } => format!("{name} overtaken by {by} {}", &html[at.clone()]),
        TagError::Mismatched { open, at, close } => format!("{} {open} ends as {close}", &html[at.clone()]),
        TagError::Stray(name) => format!("stray {name}"),
        TagError::VoidEnd(name) => format!("end of {name}"),
        other => format!("{other:?}"),
    };
    flaws(html, 50)
        .found
        .iter()
        .map(|broken| format!("{}: {}", &html[broken.range.clone()], word(&broken.flaw)))
        .collect()
}

#[test]
fn one_slip_is_one_flaw_at_its_bytes() {
    for (html, flaw) in [
        ("<p>a <b>b</p>", "<b>: b overtaken by p </p>"),
        ("<b><i>x</b></i>", "<i>: i overtaken by b </b>"),
        ("<div><span class='a'>x</div></span>", "<span class='a'>: span overtaken by div </div>"),
        ("x <strong>y", "<strong>: unclosed strong"),
        ("<DIV>y", "<DIV>: unclosed div"),
        ("x</b> y", "</b>: stray b"),
        ("<div></p></div>", "</p>: stray p"),
        ("a</br>b", "</br>: end of br"),
        ("<div/>", "<div/>: unclosed div"),
        ("<h2>x</h3>", "</h3>: <h2> h2 ends as h3"),
        ("<p><strong>x</stong></p>", "</stong>: <strong> strong ends as stong"),
        ("<table><tr><td>a</div></td></tr></table>", "</div>: stray div"),
        ("<div><table><tr><td>a</div></td></tr></table></div>", "</div>: stray div"),
        ("<div><table><tr><td>x</td></tr></div>", "<table>: table overtaken by div </div>"),
        ("<p>Write to Acme <help@acme.com> now</p>", "<help@acme.com>: NoElement"),
        ("<p>a</p><!-- b <p>c</p>", "<!--: UnclosedComment"),
        ("<p>a <a href='x'", "<a href='x': UnfinishedTag"),
        ("<a href=\"https://x>Help</a>", "href=\": Quote"),
        ("<a href=\"https://x>Help</a><p class=\"b\">", "href=\": Quote"),
        ("<a href=https://x\">Help</a>", "href=https://x\": Quote"),
        ("<p <b>x</b>", "<b: Quote"),
        ("<a href=“https://x”>Help</a>", "href=“https://x”: Quote"),
        ("<p>Hello <name></p>", "<name>: NoElement"),
        ("Hello <First-Name>", "<First-Name>: unclosed first-name"),
        ("<span>a</span</p>", "</span</p>: UnfinishedTag"),
        ("<div><style>a{b:c}", "<style>: unclosed style"),
        ("<svg><g><path/></svg>", "<g>: g overtaken by svg </svg>"),
    ] {
        assert_eq!(found(html), [flaw], "{html}");
    }
}

#[test]
fn what_may_be_left_out_and_what_shows_well_is_no_flaw() {
    for html in [
        "",
        "<p>a<p>b",
        "<ul><li>a<li>b</ul><ol><li>a</ol>",
        "<table><tr><td>a<td>b<tr><th>c</table>",
        "<table><tr><td>a</td></tr></tbody></table>",
        "<dl><dt>a<dd>b</dl><select><option>a<option>b</select>",
        "<p><ul><li>a</li></ul></p>",
        "<p>a<div>b</div>",
        "a<br>b<br/>c<img src=x><hr />",
        "<DIV>a</div><P>b</p>",
        "<!doctype html><html><head><title>x</title></head><body><p>a</body></html>",
        "</body></html>",
        "<!--[if mso]><table><tr><td><![endif]-->a<!--[if mso]></td></tr></table><![endif]-->",
        "<!--[if !mso]><!--><p>a</p><!--<![endif]--><![if !mso]><b>c</b><![endif]>",
        "<!--><p>a</p>",
        "<p>x<o:p></o:p><o:p/><v:rect/></p>",
        "<svg viewBox='0 0 1 1'><path d='M0 0'/><circle r='1' /></svg><svg/>",
        "<style>a > b{c:d}</style><script>if (a<b) x('</p>')</script>",
        "1 < 2, a <- b, I <3 you, a & b > c",
        "<a title='a > b' alt=\"it's\" data-x=\"<b>\" href=x/y/>z</a>",
        "<h{{level}}>x</h{{level}}>",
        "<my-card>x</my-card>",
    ] {
        assert_eq!(found(html), [""; 0], "{html}");
    }
}

#[test]
fn hostile_html_takes_linear_time() {
    let shapes: [(&str, &str); 7] = [
        ("", "<b>"),
        ("", "</b>"),
        ("<td>", "<i></b>"),
        ("<table>", "<i></tbody>"),
        ("<svg>", "<b/>"),
        ("", "<b></i>"),
        ("", "<b><a/>"),
    ];
    for (start, unit) in shapes {
        // All opening tags first, then all that is left: so the stack is as deep as it can be.
        let (open, close) = unit.split_at(unit.find("><").map_or(unit.len(), |end| end + 1));
        let shape = |len: usize| {
            let count = len / unit.len();
            format!("{start}{}{}", open.repeat(count), close.repeat(count))
        };
        assert_linear(unit, shape, |html| assert!(flaws(html, 50).found.len() <= 50));
    }
}
