use crate::base::steps::assert_linear;
use crate::base::testing::{Random, random_inputs};
use crate::html::tag_errors::matching::find_unmatched_tags;
use crate::html::tag_errors::*;
use crate::html::tree::{Interpretation, parse};

fn tag_errors(html: &str) -> Vec<LocatedTagError> {
    find_tag_errors(html, &parse(html, &Interpretation::EMAIL), &Interpretation::EMAIL, 50).errors
}

/// The errors of a text, each as `markup: description`.
fn describe_errors(html: &str) -> Vec<String> {
    let mut descriptions = Vec::new();
    for located in tag_errors(html) {
        let description = match &located.error {
            TagError::Unclosed(name) => format!("unclosed {name}"),
            TagError::UnclosedInside { name, outer, outer_end } => {
                format!("{name} unclosed in {outer} {}", &html[outer_end.clone()])
            }
            TagError::Mismatched { open, open_tag, close } => {
                format!("{} {open} ends as {close}", &html[open_tag.clone()])
            }
            TagError::Stray(name) => format!("stray {name}"),
            TagError::VoidEndTag(name) => format!("end of {name}"),
            other => format!("{other:?}"),
        };
        descriptions.push(format!("{}: {description}", &html[located.range]));
    }
    descriptions
}

#[test]
fn one_mistake_is_one_error_at_its_markup() {
    for (html, error) in [
        ("<p>a <b>b</p>", "<b>: b unclosed in p </p>"),
        ("<b><i>x</b></i>", "<i>: i unclosed in b </b>"),
        ("<div><span class='a'>x</div></span>", "<span class='a'>: span unclosed in div </div>"),
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
        ("<div><table><tr><td>x</td></tr></div>", "<table>: table unclosed in div </div>"),
        ("<p>Write to Acme <help@acme.com> now</p>", "<help@acme.com>: NotAnElement"),
        ("<p>a</p><!-- b <p>c</p>", "<!--: UnclosedComment"),
        ("<p>a <a href='x'", "<a href='x': UnfinishedTag"),
        ("<a href=\"https://x>Help</a>", "href=\": UnpairedQuote"),
        ("<a href=\"https://x>Help</a><p class=\"b\">", "href=\": UnpairedQuote"),
        ("<a href=https://x\">Help</a>", "href=https://x\": UnpairedQuote"),
        ("<p <b>x</b>", "<b: UnpairedQuote"),
        ("<a href=“https://x”>Help</a>", "href=“https://x”: UnpairedQuote"),
        ("<p>Hello <name></p>", "<name>: NotAnElement"),
        ("Hello <First-Name>", "<First-Name>: unclosed first-name"),
        ("<span>a</span</p>", "</span</p>: UnfinishedTag"),
        ("<div><style>a{b:c}", "<style>: unclosed style"),
        ("<svg><g><path/></svg>", "<g>: g unclosed in svg </svg>"),
    ] {
        assert_eq!(describe_errors(html), [error], "{html}");
    }
}

#[test]
fn omitted_end_tags_and_unusual_markup_are_no_errors() {
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
        assert_eq!(describe_errors(html), [""; 0], "{html}");
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
        // All start tags come first, so that the stack is as deep as possible.
        let (open, close) = unit.split_at(unit.find("><").map_or(unit.len(), |end| end + 1));
        let shape = |len: usize| {
            let count = len / unit.len();
            format!("{start}{}{}", open.repeat(count), close.repeat(count))
        };
        assert_linear(unit, shape, |html| assert!(tag_errors(html).len() <= 50));
    }
}

#[test]
fn repairs_that_keep_the_meaning_are_no_errors() {
    for html in [
        // The end tag of the paragraph comes after the list that ended it.
        "<p>a<ul><li>b</li></ul></p>",
        // The bold text ends inside the paragraph.
        "<b>a<p>b</b>c</p>",
        // Browsers ignore both tags.
        "<div><td>a</td></div>",
        // Mail programs of Office.
        "<p>a<o:p/></p><v:rect/>",
        // A copy of the first `<b>` is closed in the next cell of the paragraph.
        "<p><b>a<p>b</b>",
        "<p><b>a<p>b</p></b></p>",
    ] {
        assert_eq!(describe_errors(html), [""; 0], "{html}");
    }
}

#[test]
fn an_element_that_another_start_tag_ends_is_reported_once() {
    for (html, error) in [
        ("<h1>a<h2>b</h2>", "<h1>: unclosed h1"),
        ("<table><tr><td><b>a<td>b</table>", "<b>: unclosed b"),
        ("<table><tr><td><b>a<td>b</b></table>", "</b>: stray b"),
        ("<p>See <a href='x'>help<a>.</p>", "<a>: Reopened { name: \"a\", open_tag: 7..19 }"),
        ("<p><b>a</p><p>b</p>", "<b>: b unclosed in p </p>"),
        ("<b><div>a</b>b</div>", "<div>: div unclosed in b </b>"),
    ] {
        assert_eq!(describe_errors(html), [error], "{html}");
    }
}

#[test]
fn a_tree_without_repairs_has_no_unmatched_tags() {
    const PARTS: [&str; 30] = [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href=x>",
        "</a>",
        "<div>",
        "</div>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<ul>",
        "<li>",
        "</ul>",
        "<h1>",
        "</h1>",
        "<svg>",
        "</svg>",
        "<g/>",
        "<br>",
        "<select>",
        "<option>",
        "</select>",
        "<span>",
        "</span>",
        "a",
        "<o:p/>",
    ];
    let mut random = Random::new();
    let mut clean = 0;
    for _ in 0..5 * random_inputs() {
        let html: String = (0..=random.below(8)).map(|_| PARTS[random.below(PARTS.len())]).collect();
        let mut errors = Vec::new();
        find_unmatched_tags(&html, &Interpretation::EMAIL, None, 50, &mut errors);
        if !parse(&html, &Interpretation::EMAIL).is_repaired {
            assert_eq!(errors, [], "{html}");
            clean += 1;
        }
    }
    assert!(clean > 100, "{clean}");
}
