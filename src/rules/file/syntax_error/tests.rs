use super::*;
use crate::base::source::Span;

fn every_problem() -> Vec<Problem> {
    use Problem as P;
    let mut all = vec![
        P::TrailingComma,
        P::MissingComma,
        P::ExtraComma,
        P::MissingColon,
        P::MissingValue,
        P::SingleQuotes,
        P::UnquotedKey,
        P::MissingOpeningQuote,
        P::MissingOpeningBrace,
        P::TextBeforeValue,
        P::WrongBracket('[', '{'),
        P::ForeignQuotes('`'),
        P::ForeignQuotes('"'),
        P::ForeignQuotes('\u{201c}'),
        P::KeyNotString,
        P::Comment,
        P::UnclosedComment,
        P::MissingClosingQuote,
        P::InvalidEscape,
        P::QuoteInKey,
        P::LoneSurrogate,
        P::InvalidNumber,
        P::NotJsonNumber,
        P::NumberTooLarge,
        P::UnquotedText(None),
        P::UnquotedText(Some("true")),
        P::TextAfterValue,
        P::Empty,
        P::MoreErrors,
        P::MergeConflict,
        P::TabIndentation,
        P::Indentation,
        P::InvalidMergeKey,
        P::InvisibleCharacter('\u{a0}'),
        P::LookAlike('\u{ff1a}', ':'),
        P::MissingSpace,
        P::MissingDash,
        P::StrayDash,
        P::Yaml("a list item among keys"),
        P::ValueAboveBlock,
        P::MissingAmpersand,
        P::ContradictingTag,
        P::TooDeep(128),
        P::TooManyNodes(100_000),
    ];
    for text in ["name", "sk_live_0123456789_0123456789_0123456789", "a b", "", "\u{1b}[31m"] {
        all.extend([P::UnknownAlias(text.to_owned()), P::CustomTag(format!("!{text}"))]);
    }
    for bracket in "[]{}".chars() {
        all.extend([P::UnclosedBracket(bracket), P::StrayClosingBracket(bracket), P::StrayOpeningBracket(bracket)]);
    }
    for character in ":#{}[]*&!|>-@%`\"'\n\t\u{1}\u{feff}é".chars() {
        all.extend([
            P::ControlCharacter(character),
            P::Unexpected(character),
            P::NeedsQuotes(character),
            P::TextAfterQuote(character),
        ]);
    }
    all
}

#[test]
fn every_problem_has_plain_one_line_texts_without_values_of_the_file() {
    for format in [Format::Json, Format::Jsonc, Format::Yaml] {
        let source = Source::new("portal", "secret text", format);
        for problem in every_problem() {
            for related in [None, Some(Span::new(0, 1))] {
                let error = SyntaxError { span: Span::new(0, 6), problem: problem.clone(), related };
                let finding = error_finding(&error, &source);
                let mut lines = vec![finding.message.clone(), finding.help.clone()];
                lines.extend(finding.label);
                for note in &finding.notes {
                    lines.push(note.message.clone());
                }
                for line in lines {
                    let first = line.chars().next().unwrap_or(' ');
                    assert!(first.is_lowercase() || first == '`', "{line}");
                    assert!(!line.ends_with('.') && !line.chars().any(char::is_control), "{line}");
                    assert!(!line.contains("secret") && !line.contains("sk_live"), "{line}");
                    assert!(line.len() <= 120, "{line}");
                }
                assert_ne!(finding.message, "this cannot be read", "{problem:?}");
                assert_eq!((finding.location.pointer.as_str(), finding.location.span), ("", error.span));
            }
        }
    }
}

#[test]
fn only_limits_have_a_limit_finding() {
    for (problem, is_limit) in [(Problem::TooDeep(3), true), (Problem::TooManyNodes(3), true), (Problem::Empty, false)]
    {
        let error = SyntaxError { span: Span::default(), problem, related: None };
        assert_eq!(limit_finding(&error).is_some(), is_limit);
    }
}
