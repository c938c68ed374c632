//! Finds out whether the reader of an email sees `{{email_code}}`.

use std::ops::{ControlFlow, Range};

use crate::html::near_miss;
use crate::html::near_miss::NearMiss;
use crate::html::shortcodes;
use crate::html::tokenizer;
use crate::html::tokenizer::{Tag, Token};
use crate::html::visibility::{HiddenReason, VisibilityTracker};

/// The result of searching for `{{email_code}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeSearch<'h> {
    /// The reader sees it: the range of the first visible one.
    Visible(Range<usize>),
    /// The reader does not see it, but sees something that was probably meant to be it.
    NearMisses(Vec<NearMiss<'h>>),
    /// All occurrences are hidden.
    Hidden(Vec<HiddenCode>),
    /// There is no occurrence, and nothing like it.
    Absent,
}

/// A `{{email_code}}` that the reader does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HiddenCode {
    /// The range of the code.
    pub range: Range<usize>,
    pub reason: HiddenReason,
}

/// Searches for `{{email_code}}`, up to the first visible one.
pub(crate) fn find_email_code(html: &str) -> CodeSearch<'_> {
    let mut hidden = Vec::new();
    if let Some(visible) = find_visible_code(html, &mut hidden) {
        return CodeSearch::Visible(visible);
    }
    // A visible near miss is what the author has to correct, even if there is a hidden code.
    let near_misses = near_miss::near_misses(html);
    if !near_misses.is_empty() {
        CodeSearch::NearMisses(near_misses)
    } else if !hidden.is_empty() {
        CodeSearch::Hidden(hidden)
    } else {
        CodeSearch::Absent
    }
}

/// Returns the first visible code, and adds the hidden ones before it to `hidden`.
fn find_visible_code(html: &str, hidden: &mut Vec<HiddenCode>) -> Option<Range<usize>> {
    let mut codes = shortcodes::email_codes(html).peekable();
    // Most texts have no code. Do not tokenize them.
    codes.peek()?;
    let mut tracker = VisibilityTracker::default();
    let result = tokenizer::scan(html, |token| {
        let token_end = match &token {
            Token::Open(tag) => tag.range.end,
            Token::Close { range, .. } | Token::Text(range) | Token::Comment(range) | Token::Doctype(range) => {
                range.end
            }
        };
        // The tokens cover the whole text, so each code starts in exactly one of them.
        while let Some(code) = codes.next_if(|code| code.start < token_end) {
            match hidden_reason(&token, &code, &tracker) {
                Some(reason) => hidden.push(HiddenCode { range: code, reason }),
                None => return ControlFlow::Break(Some(code)),
            }
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
    result.flatten()
}

/// Why a code in a token is hidden; `None` if it is visible.
fn hidden_reason(token: &Token<'_>, code: &Range<usize>, tracker: &VisibilityTracker<'_>) -> Option<HiddenReason> {
    match token {
        Token::Text(_) => tracker.hidden_reason(),
        Token::Open(tag) => Some(hidden_reason_in_tag(tag, code)),
        Token::Close { .. } => Some(HiddenReason::BrokenTag),
        Token::Comment(_) | Token::Doctype(_) => Some(HiddenReason::Comment),
    }
}

fn hidden_reason_in_tag(tag: &Tag<'_>, code: &Range<usize>) -> HiddenReason {
    if !tag.finished {
        return HiddenReason::BrokenTag;
    }
    for attribute in tag.attributes() {
        if attribute.range.start <= code.start && code.end <= attribute.range.end {
            return match attribute.name {
                "href" | "xlink:href" => HiddenReason::Href,
                name => HiddenReason::Attribute(name.to_owned()),
            };
        }
    }
    HiddenReason::BrokenTag
}

#[cfg(test)]
mod tests {
    use crate::html::email_code::*;

    const CODE: &str = "{{email_code}}";

    fn search(html: &str) -> String {
        match find_email_code(html) {
            CodeSearch::Visible(range) => {
                assert_eq!(&html[range], CODE, "{html}");
                "visible".to_owned()
            }
            CodeSearch::Hidden(hidden) => {
                assert!(hidden.iter().all(|code| &html[code.range.clone()] == CODE), "{html}");
                format!("{:?}", hidden.iter().map(|code| &code.reason).collect::<Vec<_>>())
            }
            CodeSearch::NearMisses(near) => near[0].written.to_owned(),
            CodeSearch::Absent => "absent".to_owned(),
        }
    }

    #[test]
    fn a_visible_code_is_found() {
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
    fn a_hidden_code_has_the_reason() {
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
    fn a_visible_near_miss_precedes_a_hidden_code() {
        assert_eq!(search("<!--{{email_code}}--><b>{{ email_code }}</b>"), "{{ email_code }}");
        assert_eq!(search("<!--{{ email_code }}--><b hidden>{{email_code}}</b>"), "[Hidden(\"hidden\")]");
        assert_eq!(search("<p>Your email code</p>"), "absent");
    }
}
