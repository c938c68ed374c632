//! RCP900: reports files that cannot be read or that exceed a limit on size, depth or number of values, and HTML that exceeds one.

use crate::base::diagnostic::{Finding, Location};
use crate::base::read_error::ReadError;
use crate::base::source::Span;
use crate::html::facts::HtmlFacts;
use crate::html::tree::{MAX_DEPTH, MAX_NAMES, TreeLimit};
use crate::rules::context::{FileContext, PortalContext};
use crate::syntax::{Problem, SyntaxError};

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for finding in cx.facts.syntax_errors.iter().filter_map(limit_finding) {
        cx.report(finding);
    }
    let Some(error) = cx.facts.read_error else { return };
    let help = match error {
        ReadError::Missing => "check the path",
        ReadError::Forbidden => "check its permissions",
        ReadError::NotAFile(_) => "use the path of a file or folder",
        ReadError::TooLarge { .. } => {
            "check that this is a portal file, or raise `file-bytes` under `[limits]` in portal-lint.toml"
        }
        ReadError::Toml => "use the path of a portal or its folder: its settings are checked, too",
        ReadError::Io(_) => "try again, or check the disk",
        // Reported by the rule about encodings.
        ReadError::Utf16 | ReadError::Utf32 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. } => return,
    };
    let start = Location { pointer: String::new(), span: Span::default() };
    cx.report(Finding::new(start, error.to_string(), help));
}

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    for html in cx.portal.htmls() {
        let Some(tree) = html.facts().map(HtmlFacts::tree) else { continue };
        let close_elements = "close the unclosed elements";
        let (limit, help) = match tree.limit {
            None => continue,
            Some(TreeLimit::Depth) => (format!("nests elements deeper than {MAX_DEPTH} levels"), close_elements),
            Some(TreeLimit::Nodes) => {
                ("expands to far more elements in a browser than it contains".to_owned(), close_elements)
            }
            Some(TreeLimit::Names) => (
                format!("has more than {MAX_NAMES} different tags and attributes"),
                "remove those that HTML does not have",
            ),
        };
        // Nothing after this tag is in the tree.
        let location = match tree.tags.last() {
            Some(tag) => cx.locate_part(&html.cursor, tag.range.clone()),
            None => html.cursor.location(),
        };
        let message = format!("{} {limit}, so nothing after this point is checked", html.label);
        cx.report(Finding::new(location, message, help));
    }
}

/// The finding for an exceeded limit; `None` for all other syntax errors.
pub(crate) fn limit_finding(error: &SyntaxError) -> Option<Finding> {
    let (message, help) = match error.problem {
        Problem::TooDeep(limit) => (
            format!("the nesting is deeper than {limit} levels, so nothing after this point is checked"),
            "check that this is a portal file: a portal has fewer than 10 levels",
        ),
        Problem::TooManyNodes(limit) => (
            format!(
                "the limit of {limit} values is exceeded, counting each use of an alias, so nothing after this point is checked"
            ),
            "split the file, use fewer aliases, or raise `nodes` under `[limits]` in portal-lint.toml",
        ),
        _ => return None,
    };
    let location = Location { pointer: String::new(), span: error.span };
    Some(Finding::new(location, message, help))
}
