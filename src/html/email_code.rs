//! The question of the email rules: does the reader of this html get to see `{{email_code}}`?

use std::ops::{ControlFlow, Range};

use crate::html::near_miss;
use crate::html::near_miss::NearMiss;
use crate::html::shortcodes;
use crate::html::tokenizer;
use crate::html::tokenizer::{Tag, Token};
use crate::html::visibility::{HiddenReason, VisibilityTracker};

/// What came of looking for `{{email_code}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeSearch<'h> {
    /// It is there for the reader to see: the first such place.
    Visible(Range<usize>),
    /// Not so, but the reader sees something that was probably meant.
    NearMisses(Vec<NearMiss<'h>>),
    /// It is only where no reader sees it.
    Hidden(Vec<HiddenCode>),
    /// Nothing of the kind.
    Absent,
}

/// A `{{email_code}}` that no reader sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HiddenCode {
    /// Bytes of the code.
    pub range: Range<usize>,
    /// What hides it.
    pub why: HiddenReason,
}

/// Looks for `{{email_code}}`. Reads no further than the first place where it is seen.
pub(crate) fn look_for_code(html: &str) -> CodeSearch<'_> {
    let mut hidden = Vec::new();
    if let Some(seen) = first_visible(html, &mut hidden) {
        return CodeSearch::Visible(seen);
    }
    let near = near_miss::near_misses(html);
    if !near.is_empty() {
        CodeSearch::NearMisses(near)
    } else if !hidden.is_empty() {
        CodeSearch::Hidden(hidden)
    } else {
        CodeSearch::Absent
    }
}

fn first_visible(html: &str, hidden: &mut Vec<HiddenCode>) -> Option<Range<usize>> {
    let mut codes = shortcodes::email_codes(html).peekable();
    codes.peek()?;
    let mut tracker = VisibilityTracker::default();
    let found = tokenizer::scan(html, |token| {
        let range = match &token {
            Token::Open(tag) => tag.range.clone(),
            Token::Close { range, .. } | Token::Text(range) | Token::Comment(range) | Token::Doctype(range) => {
                range.clone()
            }
        };
        while let Some(code) = codes.next_if(|code| code.start < range.end) {
            let why = match &token {
                Token::Text(_) => match tracker.unseen() {
                    Some(why) => why,
                    None => return ControlFlow::Break(Some(code)),
                },
                Token::Open(tag) => in_tag(tag, &code),
                Token::Close { .. } => HiddenReason::BrokenTag,
                Token::Comment(_) | Token::Doctype(_) => HiddenReason::Comment,
            };
            hidden.push(HiddenCode { range: code, why });
        }
        if codes.peek().is_none() {
            return ControlFlow::Break(None);
        }
        match token {
            Token::Open(tag) => tracker.open(html, &tag),
            Token::Close { name, .. } => tracker.close(name),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found.flatten()
}

fn in_tag(tag: &Tag<'_>, code: &Range<usize>) -> HiddenReason {
    let holds = |range: &Range<usize>| range.start <= code.start && code.end <= range.end;
    match tag.attributes().find(|attribute| holds(&attribute.range)) {
        _ if !tag.finished => HiddenReason::BrokenTag,
        Some(attribute) if matches!(attribute.name, "href" | "xlink:href") => HiddenReason::Href,
        Some(attribute) => HiddenReason::Attribute(attribute.name.to_owned()),
        None => HiddenReason::BrokenTag,
    }
}

#[cfg(test)]
mod tests {
    use crate::html::email_code::*;

    const C: &str = "{{email_code}}";

    fn search(html: &str) -> String {
        match look_for_code(html) {
            CodeSearch::Visible(range) => {
                assert_eq!(&html[range], C, "{html}");
                "visible".to_owned()
            }
            CodeSearch::Hidden(hidden) => {
                assert!(hidden.iter().all(|code| &html[code.range.clone()] == C), "{html}");
                format!("{:?}", hidden.iter().map(|code| &code.why).collect::<Vec<_>>())
            }
            CodeSearch::NearMisses(near) => near[0].written.to_owned(),
            CodeSearch::Absent => "absent".to_owned(),
        }
    }

    #[test]
    fn a_code_that_a_reader_sees_is_found() {
        for html in [
            "{{email_code}}",
            "<p>Your confirmation code is: <strong>{{email_code}}</strong></p>",
            "<!-- {{email_code}} --><b>{{email_code}}",
            "<p hidden>x</p>{{email_code}}",
            "<p hidden>x<p>{{email_code}}",
            "<p hidden>x<div>{{email_code}}</div>",
            "<ul><li hidden>x<li>{{email_code}}</ul>",
            "<table><tr><td hidden>x<td>{{email_code}}</table>",
            "<table><tr hidden><td>x<tr><td>{{email_code}}</table>",
            "<div><p hidden>x</div>{{email_code}}",
            "<img hidden>{{email_code}}",
            "<br style='display:none'/>{{email_code}}",
            "<td style='font-size:0px;padding:1px'><div style='font-size:13px'>{{email_code}}</div></td>",
            "<div style='visibility:hidden'><b style='visibility:visible'>{{email_code}}</b></div>",
            "<div style='display:none;display:block'>{{email_code}}</div>",
            "<div style='display:none;display:block!important;display:none'>{{email_code}}</div>",
            "<div style='opacity:0.5;font-size:10px;line-height:0;mso-hide:none'>{{email_code}}</div>",
            "<div data-style='display:none' style='x-display:none'>{{email_code}}</div>",
            "<!--[if !mso]><!--><b>{{email_code}}</b><!--<![endif]-->",
            "<![if !mso]>{{email_code}}<![endif]>",
            "<textarea>{{email_code}}</textarea>",
            "<noscript>{{email_code}}</noscript>",
            "<select><option>{{email_code}}</select>",
            "<title>x</title>{{email_code}}",
            "<style>a{}</style>{{email_code}}",
            "a < b {{email_code}} > <",
            "{{ email_code }} {{email_code}}",
        ] {
            assert_eq!(search(html), "visible", "{html}");
        }
    }

    #[test]
    fn a_hidden_code_comes_with_what_hides_it() {
        let cases: &[(&str, &str)] = &[
            ("<!-- {{email_code}} -->", "[Comment]"),
            ("<!--[if mso]>{{email_code}}<![endif]-->", "[Comment]"),
            ("<!-- {{email_code}}", "[Comment]"),
            ("<a href='https://x.test/?c={{email_code}}'>go</a>", "[Href]"),
            ("<img alt='{{email_code}}'>", "[Attribute(\"alt\")]"),
            ("<a title={{email_code}}>x</a>", "[Attribute(\"title\")]"),
            ("<b {{email_code}}>x</b>", "[Attribute(\"{{email_code}}\")]"),
            ("</b {{email_code}}>x", "[BrokenTag]"),
            ("x <a href='{{email_code}}", "[BrokenTag]"),
            ("<script>{{email_code}}</script>", "[Element(\"script\")]"),
            ("<style>{{email_code}}</style>", "[Element(\"style\")]"),
            ("<head><title>{{email_code}}</title></head>", "[Element(\"title\")]"),
            ("<template><p>{{email_code}}</p></template>", "[Element(\"template\")]"),
            ("<style>a{} <b>{{email_code}}</b>", "[Element(\"style\")]"),
            ("<p hidden>{{email_code}}</p>", "[Hidden(\"hidden\")]"),
            ("<P HIDDEN=''>{{email_code}}</P>", "[Hidden(\"hidden\")]"),
            ("<div hidden><p>a</p><br></i><b>{{email_code}}</b></div>", "[Hidden(\"hidden\")]"),
            ("<div hidden><div></div>{{email_code}}</div>", "[Hidden(\"hidden\")]"),
            ("<p style='display:none'>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style=' DISPLAY : None !IMPORTANT; display:block'>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style=display&colon;none>{{email_code}}</p>", "[Hidden(\"display:none\")]"),
            ("<p style='visibility:hidden'>{{email_code}}</p>", "[Hidden(\"visibility:hidden\")]"),
            ("<p style='color:red;font-size:0'>{{email_code}}</p>", "[Hidden(\"font-size:0\")]"),
            ("<p style='font-size:0px'>{{email_code}}</p>", "[Hidden(\"font-size:0\")]"),
            ("<p style='font-size:0.0em'><b style='font-size:2em'>{{email_code}}</b>", "[Hidden(\"font-size:0\")]"),
            ("<p style='opacity:0'>{{email_code}}</p>", "[Hidden(\"opacity:0\")]"),
            ("<p style='mso-hide:all'>{{email_code}}</p>", "[Hidden(\"mso-hide:all\")]"),
            ("<p hidden>{{email_code}}</p><!--{{email_code}}-->", "[Hidden(\"hidden\"), Comment]"),
        ];
        for (html, expected) in cases {
            assert_eq!(search(html), *expected, "{html}");
        }
    }

    #[test]
    fn a_near_miss_that_is_seen_goes_before_a_code_that_is_not() {
        assert_eq!(search("<!--{{email_code}}--><b>{{ email_code }}</b>"), "{{ email_code }}");
        assert_eq!(search("<!--{{ email_code }}--><b hidden>{{email_code}}</b>"), "[Hidden(\"hidden\")]");
        assert_eq!(search("<p>Your email code</p>"), "absent");
    }
}
