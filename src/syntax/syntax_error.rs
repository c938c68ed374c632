//! The kinds of syntax errors, named after their usual causes.

use crate::base::source::Span;

/// A syntax error. The file rules in `rules/file` turn it into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes to underline.
    pub span: Span,
    /// What is wrong.
    pub problem: Problem,
    /// A second location that explains the error, such as the end of a bracket that is not closed.
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
    /// Text in backticks or typographic quotes in JSON; the opening one.
    OddQuotes(char),
    /// `{ name: 1 }` in JSON.
    UnquotedKey,
    /// `name": 1`: a key without its opening quote.
    UnopenedText,
    /// A key that is a number, a list … .
    KeyNotText,
    /// A comment in strict JSON; `//` in YAML.
    Comment,
    /// `/*` without `*/`.
    UnclosedComment,
    /// A quote without its partner.
    UnclosedText,
    /// `{` or `[` without its partner.
    Unclosed(char),
    /// An object whose `{` is missing: its first key.
    Unopened,
    /// The first bracket where the second was meant.
    OtherBracket(char, char),
    /// A closing bracket that closes nothing, or another kind than the open one.
    StrayClose(char),
    /// A line break, tab or other control character written raw inside quotes.
    ControlCharacter(char),
    /// `\q`, `\u12`.
    BadEscape,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// `01`, `+1`, `.5`, `1.`, `0x10`, `NaN`.
    BadNumber,
    /// YAML: `.inf`, `.nan`, or a number that is too large: JSON has no such number.
    NotJsonNumber,
    /// `True`, `None`, `undefined` …: what was probably meant, if known.
    BadWord(Option<&'static str>),
    /// Something that starts no value.
    Unexpected(char),
    /// A character that looks like a space or cannot be seen, between values.
    InvisibleCharacter(char),
    /// A character that looks like a sign of the language; the character and the sign.
    LookAlike(char, char),
    /// YAML: `{` or `[` after a key whose lines go on without it.
    StrayOpen(char),
    /// Text before the first bracket: code, a Markdown fence, a sentence.
    BeforeStart,
    /// More text after the end of the value.
    AfterEnd,
    /// Nothing in the file.
    Empty,
    /// `<<<<<<<` … `>>>>>>>`.
    MergeConflict,
    /// A tab in YAML indentation.
    TabIndentation,
    /// YAML lines that do not line up with the block they belong to.
    Indentation,
    /// YAML `*name` without `&name` before it, or one that contains itself.
    UnknownAlias(String),
    /// YAML: `<<` with something that is no mapping.
    BadMerge,
    /// YAML: a tag that is not of the core schema.
    CustomTag(String),
    /// YAML: a plain value that holds `: ` or starts with a reserved character.
    NeedsQuotes(char),
    /// YAML: `key:value` without a space after the colon, `value#` without one before the comment.
    MissingSpace,
    /// YAML: a list item without `- `.
    MissingDash,
    /// YAML: `- ` before one of many keys.
    StrayDash,
    /// Text after the closing quote: usually a quote inside the text that is not escaped.
    AfterQuote(char),
    /// Any other YAML error, with a description.
    Yaml(&'static str),
    /// TOML: the problem and what was expected, as the parser reports them.
    Toml(Box<str>, Box<str>),
    /// Stands for all further errors after [`MAX_ERRORS`](crate::syntax::MAX_ERRORS).
    MoreErrors,
    /// Nested deeper than the limit (reported as RCP900).
    TooDeep(usize),
    /// More values than the limit, aliases expanded (reported as RCP900).
    TooManyNodes(usize),
}
