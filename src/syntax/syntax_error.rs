//! The kinds of syntax errors, named after their usual causes.

use crate::base::source::Span;

/// A syntax error. The file rules in `rules/file` turn it into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes to underline.
    pub span: Span,
    /// What is wrong.
    pub problem: Problem,
    /// A second location that explains the error, such as the place where a missing bracket was noticed.
    pub related: Option<Span>,
}

impl SyntaxError {
    /// Whether the file exceeds a limit. This is reported as RCP900 and not as RCP901.
    pub fn is_limit(&self) -> bool {
        matches!(self.problem, Problem::TooDeep(_) | Problem::TooManyNodes(_))
    }
}

/// The kind of a syntax error, named after its usual cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A comma before a closing bracket.
    TrailingComma,
    /// Two values or entries without a comma between them.
    MissingComma,
    /// A comma where a value or key should be.
    ExtraComma,
    /// A key without `:`.
    MissingColon,
    /// A key without a value.
    MissingValue,
    /// `'text'` in JSON.
    SingleQuotes,
    /// Text in backticks, triple or typographic quotes in JSON. Contains the opening quote.
    ForeignQuotes(char),
    /// `{ name: 1 }` in JSON.
    UnquotedKey,
    /// `name": 1`: a key without its opening quote.
    MissingOpeningQuote,
    /// A key that is a number, a list or an object.
    KeyNotString,
    /// A comment in strict JSON; `//` in YAML.
    Comment,
    /// `/*` without `*/`.
    UnclosedComment,
    /// An opening quote that is not closed.
    MissingClosingQuote,
    /// `{` or `[` that is not closed.
    UnclosedBracket(char),
    /// An object without its `{`. The span is that of its first key.
    MissingOpeningBrace,
    /// A bracket of the wrong kind. Contains the bracket and the one that was probably meant.
    WrongBracket(char, char),
    /// A closing bracket that closes nothing, or that does not match the open bracket.
    StrayClosingBracket(char),
    /// A line break, tab or other control character inside quotes without an escape. In YAML, anywhere.
    ControlCharacter(char),
    /// `\q`, `\u12`.
    InvalidEscape,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// `01`, `+1`, `.5`, `1.`, `0x10`, `NaN`.
    InvalidNumber,
    /// YAML: `.inf`, `.nan`, or a hexadecimal or octal number that is too large, for which JSON has no number.
    NotJsonNumber,
    /// `1e400`: a number that programs read as infinity.
    NumberTooLarge,
    /// Text without quotes where a value is expected. Contains the JSON literal that was probably meant, such as `null` for `None`.
    UnquotedText(Option<&'static str>),
    /// A character with which no value or key can start.
    Unexpected(char),
    /// A character that looks like a space or cannot be seen, between values.
    InvisibleCharacter(char),
    /// A character that looks like a sign of the language. Contains the character and the sign.
    LookAlike(char, char),
    /// YAML: `{` or `[` after a key, although the lines below are an ordinary block.
    StrayOpeningBracket(char),
    /// Text before the first bracket: code, a Markdown fence, a sentence.
    TextBeforeValue,
    /// More text after the end of the top-level value.
    TextAfterValue,
    /// The file contains no value.
    Empty,
    /// `<<<<<<<` … `>>>>>>>`.
    MergeConflict,
    /// A tab in YAML indentation.
    TabIndentation,
    /// YAML: a line whose indentation does not fit the block that contains it.
    Indentation,
    /// YAML: `*name` without `&name` before it.
    UnknownAlias(String),
    /// YAML: the name of an anchor without its `&`.
    MissingAmpersand,
    /// YAML: `*name` inside the value of `&name`.
    CyclicAlias,
    /// YAML: `%YAML` twice, with an unknown version, or not before a `---`.
    Directive,
    /// YAML: a merge key (`<<`) whose value is not a mapping.
    InvalidMergeKey,
    /// YAML: a tag that is not part of the core schema.
    CustomTag(String),
    /// YAML: a tag that contradicts its value, such as `!!int` before a word.
    ContradictingTag,
    /// YAML: a value without quotes that contains `: ` or starts with a reserved character.
    NeedsQuotes(char),
    /// YAML: a value after a key, although the lines below are the value of the same key.
    ValueAboveBlock,
    /// YAML: `key:value` without a space after the colon, `value#` without one before the comment.
    MissingSpace,
    /// YAML: a list item without `- `.
    MissingDash,
    /// YAML: `- ` before one key of a mapping.
    StrayDash,
    /// Text after the closing quote: usually a quote inside the text that is not escaped.
    TextAfterQuote(char),
    /// `"na"me": 1`: a quote inside a key of JSON.
    QuoteInKey,
    /// Any other YAML error, with a description.
    Yaml(&'static str),
    /// TOML: the problem and what was expected, as the parser reports them.
    Toml(Box<str>, Box<str>),
    /// In place of all errors after the first [`MAX_ERRORS`](crate::syntax::MAX_ERRORS).
    MoreErrors,
    /// Nested deeper than the limit (reported as RCP900).
    TooDeep(usize),
    /// More values than the limit, aliases expanded (reported as RCP900).
    TooManyNodes(usize),
}
