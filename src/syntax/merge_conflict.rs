//! Finds unresolved merge conflicts before parsing. Each is reported once. The markers and the second side are replaced with
//! line breaks, so that the first side and the rest of the file can be parsed.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::base::source::Span;
use crate::syntax::{Problem, SyntaxError};

/// A text of the same length in which the markers and the second side of each conflict are line breaks.
pub(crate) struct MaskedText {
    /// All other bytes have their original offsets.
    pub text: String,
    /// One [`Problem::MergeConflict`] for each conflict, at its first marker.
    pub errors: Vec<SyntaxError>,
}

static FIRST_MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<<<<<<<"));

/// Masks the conflicts of a text; `None` if there are none.
pub(crate) fn mask_conflicts(text: &str) -> Option<MaskedText> {
    FIRST_MARKER.find(text.as_bytes())?;
    let mut masked = MaskedText { text: String::with_capacity(text.len()), errors: Vec::new() };
    let mut side = ConflictSide::Outside;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let mut is_kept = side != ConflictSide::Theirs;
        match side {
            ConflictSide::Outside if starts_with_marker(content, "<<<<<<<") => {
                let span = Span::new(offset, offset + content.len());
                masked.errors.push(SyntaxError { span, problem: Problem::MergeConflict, related: None });
                (side, is_kept) = (ConflictSide::Ours, false);
            }
            ConflictSide::Ours | ConflictSide::Theirs if starts_with_marker(content, ">>>>>>>") => {
                if let Some(error) = masked.errors.last_mut() {
                    error.related = Some(Span::new(offset, offset + content.len()));
                }
                (side, is_kept) = (ConflictSide::Outside, false);
            }
            // With the conflict style `diff3`, Git also writes the common ancestor, after `|||||||`.
            ConflictSide::Ours if starts_with_marker(content, "=======") || starts_with_marker(content, "|||||||") => {
                (side, is_kept) = (ConflictSide::Theirs, false);
            }
            _ => {}
        }
        if is_kept {
            masked.text.push_str(line);
        } else {
            masked.text.push_str(&blank_out(line));
        }
        offset += line.len();
    }
    (!masked.errors.is_empty()).then_some(masked)
}

/// Whether a line starts with a marker and not with a longer run of its character.
fn starts_with_marker(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(&mark[..1]))
}

/// Whether a line is any marker. After a partly resolved conflict, single markers may remain.
pub(crate) fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| starts_with_marker(line, mark))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConflictSide {
    Outside,
    Ours,
    Theirs,
}

/// Replaces every byte with a line break. Spaces would become text of a YAML block scalar that contains the conflict.
fn blank_out(line: &str) -> String {
    line.bytes().map(|byte| if byte == b'\r' { '\r' } else { '\n' }).collect()
}

#[cfg(test)]
mod tests {
    use crate::syntax::merge_conflict::*;

    #[test]
    fn our_side_keeps_its_offsets() {
        let text = "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> other\n}\n";
        let masked = mask_conflicts(text).expect("there is a conflict");
        assert_eq!(masked.text.len(), text.len());
        assert_eq!(masked.text.split_whitespace().collect::<String>(), "{\"a\":1}");
        assert_eq!(masked.errors.len(), 1);
        assert_eq!(&text[masked.errors[0].span.range()], "<<<<<<< HEAD");
    }

    #[test]
    fn markers_inside_a_line_are_not_a_conflict() {
        assert!(mask_conflicts("{\"a\": \"<<<<<<< not at the start\"}").is_none());
        assert!(mask_conflicts("a: 1\n").is_none());
    }
}
