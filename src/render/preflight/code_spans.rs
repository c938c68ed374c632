//! Sentences with code in them: what stands between backticks is code, in whatever way a format shows code.

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Words.
    Text(&'t str),
    /// What stood between two backticks.
    Code(&'t str),
}

/// The parts of a sentence. With a backtick too many it is words all through.
pub(super) fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    if !sentence.matches('`').count().is_multiple_of(2) {
        return vec![Piece::Text(sentence)];
    }
    let parts = sentence.split('`').enumerate();
    let piece = |(index, part)| if index % 2 == 0 { Piece::Text(part) } else { Piece::Code(part) };
    parts.map(piece).filter(|piece| *piece != Piece::Text("")).collect()
}

#[cfg(test)]
mod tests {
    use crate::render::preflight::code_spans::*;

    #[test]
    fn code_is_what_stands_between_backticks() {
        assert_eq!(pieces("no `name`"), [Piece::Text("no "), Piece::Code("name")]);
        assert_eq!(pieces("a ` b"), [Piece::Text("a ` b")]);
        assert_eq!(pieces(""), []);
    }
}
