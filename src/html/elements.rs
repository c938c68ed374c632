//! What the HTML Standard defines for elements by name: which have no end tag, whose end tag may be left out, and which break
//! a line.
//!
//! Whether an element is harmful or hidden is not decided here but by the checks that need to know.

use crate::base::words::split_words;

const VOID: [&str; 18] =
    split_words("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr");

/// Elements without content (HTML Standard, void elements, and the obsolete ones).
pub(crate) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Start tags that end an open paragraph (HTML Standard, "close a p element").
pub(crate) fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "xmp"
    )
}

const HAS_OPTIONAL_END: [&str; 21] =
    split_words("body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr");

/// Elements whose end tag may be left out (HTML Standard, optional tags).
pub(crate) fn has_optional_end(name: &str) -> bool {
    HAS_OPTIONAL_END.contains(&name)
}

/// Elements whose start tag may be left out, so that their end tag is valid without a start tag.
pub(crate) fn has_optional_start(name: &str) -> bool {
    matches!(name, "body" | "colgroup" | "head" | "html" | "tbody")
}

/// Formatting elements, which a browser copies when they are still open at the end of a paragraph (HTML Standard, 13.2.4.3).
pub(crate) fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// Tables and their parts.
fn is_table_element(name: &str) -> bool {
    matches!(name, "caption" | "colgroup" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr")
}

const OTHER_KNOWN: [&str; 33] = split_words(
    "applet audio blink button canvas data datalist frameset iframe legend map marquee math meter noembed noframes \
     noscript object output picture progress ruby script select slot style svg template textarea time title video \
     xml",
);

/// Elements that browsers or mail programs know (HTML Standard, with the obsolete ones). Others are words in angle brackets.
pub(crate) fn is_known(name: &str) -> bool {
    // Custom elements have a hyphen, and the elements of Office have a prefix such as `o:`.
    name.contains(['-', ':'])
        || is_inline(name)
        || is_void(name)
        || has_optional_end(name)
        || ends_paragraph(name)
        || is_table_element(name)
        || OTHER_KNOWN.contains(&name)
}

/// Elements that do not break a line.
pub(crate) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "o:p"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}
