//! JSON without a mistake, which nearly every file is: one pass that never looks back.
//!
//! At the first thing that is not as it should be it gives up, and the parser that goes on after every error reads the text
//! from its start. Both give the same tree.

use std::borrow::Cow;

use crate::base::bytes::swar::ONES;
use crate::base::source::Span;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::json::scan::plain_run;
use crate::syntax::json::{Document, Entry, Limits, Node, NodeId, Parsed, Style, Value, expected_values};
use crate::syntax::tree_pool;
use crate::syntax::tree_pool::Open;

/// Deeper or longer than this is for the parser that keeps a stack of its own.
const DEEPEST: usize = 128;
const LONGEST: usize = 1 << 31;

/// `None` when something is not as it should be, or beyond the limits.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Option<Parsed<'t>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader {
        text,
        document: tree_pool::tree(expected_values(text)),
        open: tree_pool::open(),
        is_ascii: text.is_ascii(),
        levels_left: limits.depth.min(DEEPEST),
        nodes: limits.nodes,
    };
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let end = reader.value(reader.skip_blank(start))?;
    let is_all = reader.byte(reader.skip_blank(end)).is_none();
    let Reader { mut document, is_ascii, open, .. } = reader;
    tree_pool::keep_open(open);
    document.set_root(NodeId(0));
    if is_ascii {
        document.mark_ascii();
    }
    is_all.then(|| Parsed { documents: vec![document], errors: Vec::new(), comments: Vec::new() })
}

/// Every method takes where something starts and gives where it ends.
struct Reader<'t> {
    text: &'t str,
    document: Document<'t>,
    open: Open<'t>,
    /// Neither another character nor an escape for one was met.
    is_ascii: bool,
    levels_left: usize,
    /// At most so many.
    nodes: usize,
}

impl<'t> Reader<'t> {
    #[inline]
    fn byte(&self, at: u32) -> Option<u8> {
        self.text.as_bytes().get(at as usize).copied()
    }

    #[expect(clippy::inline_always, reason = "every text and every word would be a call of this, which calls itself")]
    #[inline(always)]
    fn value(&mut self, start: u32) -> Option<u32> {
        match self.byte(start)? {
            b'"' => match text_end(self.text, start) {
                Some(end) => self.push(start, end, Value::String(Cow::Borrowed(self.inside(start, end)))),
                None => self.intricate_text(start),
            },
            b'{' => self.object(start),
            b'[' => self.list(start),
            b't' if self.has(start, *b"true") => self.push(start, start + 4, Value::Bool(true)),
            b'f' if self.has(start + 1, *b"alse") => self.push(start, start + 5, Value::Bool(false)),
            _ => self.other(start),
        }
    }

    #[inline(never)]
    fn object(&mut self, start: u32) -> Option<u32> {
        let id = self.begin(start)?;
        let first = self.open.entries.len();
        let mut at = self.skip_blank(start + 1);
        if self.byte(at) != Some(b'}') {
            loop {
                at = self.entry(at)?;
                match self.byte(at) {
                    Some(b',') => at = self.skip_blank(at + 1),
                    Some(b'}') => break,
                    _ => return None,
                }
            }
        }
        let value = self.document.object(self.open.entries.drain(first..));
        self.end(id, Span { start, end: at + 1 }, value);
        Some(at + 1)
    }

    #[inline]
    fn entry(&mut self, start: u32) -> Option<u32> {
        let (key, end) = match text_end(self.text, start) {
            Some(end) => (Cow::Borrowed(self.inside(start, end)), end),
            None => self.intricate(start)?,
        };
        let at = self.behind_colon(end)?;
        let value = self.document.next_id();
        let at = self.value(at)?;
        self.open.entries.push(Entry { key, key_span: Span { start, end }, value, merged: false });
        Some(self.skip_blank(at))
    }

    #[inline(never)]
    fn list(&mut self, start: u32) -> Option<u32> {
        let id = self.begin(start)?;
        let first = self.open.items.len();
        let mut at = self.skip_blank(start + 1);
        if self.byte(at) != Some(b']') {
            loop {
                self.open.items.push(self.document.next_id());
                at = self.value(at)?;
                at = self.skip_blank(at);
                match self.byte(at) {
                    Some(b',') => at = self.skip_blank(at + 1),
                    Some(b']') => break,
                    _ => return None,
                }
            }
        }
        let value = self.document.list(self.open.items.drain(first..));
        self.end(id, Span { start, end: at + 1 }, value);
        Some(at + 1)
    }

    /// The node of an object or list, which stands before those in it.
    fn begin(&mut self, start: u32) -> Option<NodeId> {
        self.levels_left = self.levels_left.checked_sub(1)?;
        let id = self.document.next_id();
        self.push(start, start, Value::Broken).map(|_| id)
    }

    fn end(&mut self, id: NodeId, span: Span, value: Value<'t>) {
        self.levels_left += 1;
        let node = self.document.node_mut(id);
        (node.span, node.value) = (span, value);
    }

    #[inline]
    fn push(&mut self, start: u32, end: u32, value: Value<'t>) -> Option<u32> {
        self.document.push(Node { span: Span { start, end }, style: Style::Json, value });
        (self.document.len() <= self.nodes).then_some(end)
    }

    /// What stands between two quotes.
    #[inline]
    fn inside(&self, start: u32, end: u32) -> &'t str {
        &self.text[start as usize + 1..end as usize - 1]
    }

    #[inline]
    fn has(&self, start: u32, word: [u8; 4]) -> bool {
        self.text.as_bytes().get(start as usize..).and_then(<[u8]>::first_chunk) == Some(&word)
    }

    /// Nearly always a colon stands at the key, and a space behind it.
    #[inline]
    fn behind_colon(&self, end: u32) -> Option<u32> {
        if self.text.as_bytes().get(end as usize..).is_some_and(|rest| rest.starts_with(b": ")) {
            return Some(self.skip_blank(end + 2));
        }
        let colon = self.skip_blank(end);
        (self.byte(colon) == Some(b':')).then(|| self.skip_blank(colon + 1))
    }

    #[inline]
    fn skip_blank(&self, mut at: u32) -> u32 {
        /// Eight spaces.
        const SPACES: u64 = ONES * b' ' as u64;
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte(at) {
            at += 1;
            // Most of it is the indentation of a line.
            while let Some(word) = self.text.as_bytes().get(at as usize..).and_then(<[u8]>::first_chunk) {
                let spaces = (u64::from_le_bytes(*word) ^ SPACES).trailing_zeros() / u8::BITS;
                at += spaces;
                if spaces < 8 {
                    break;
                }
            }
        }
        at
    }

    #[cold]
    fn intricate_text(&mut self, start: u32) -> Option<u32> {
        let (text, end) = self.intricate(start)?;
        self.push(start, end, Value::String(text))
    }

    /// A text with escapes, or what is none.
    #[cold]
    fn intricate(&mut self, start: u32) -> Option<(Cow<'t, str>, u32)> {
        if self.byte(start) != Some(b'"') {
            return None;
        }
        self.with_lexer(start, |lexer| match lexer.escaped_string() {
            Some(text) => text,
            None => lexer.string_slow(b'"'),
        })
    }

    /// `null` or a number.
    #[cold]
    fn other(&mut self, start: u32) -> Option<u32> {
        let (value, end) = self.with_lexer(start, Lexer::scalar)?;
        self.push(start, end, value)
    }

    /// What is not plain is read by the lexer, and good when that has nothing to say about it.
    fn with_lexer<T>(&mut self, start: u32, read: impl FnOnce(&mut Lexer<'t>) -> T) -> Option<(T, u32)> {
        let mut lexer = Lexer::at(self.text, start as usize, self.is_ascii);
        let value = read(&mut lexer);
        self.is_ascii = lexer.is_ascii;
        let end = u32::try_from(lexer.at).ok()?;
        lexer.errors.is_empty().then_some((value, end))
    }
}

/// One past the quote that ends the text whose first quote stands at `start`; `None` when something else is met before, or
/// there is none.
#[inline]
fn text_end(text: &str, start: u32) -> Option<u32> {
    let inside = text.as_bytes().get(start as usize..)?.strip_prefix(b"\"")?;
    let (length, _) = plain_run(inside, b'"');
    let end = start + 2 + u32::try_from(length).ok()?;
    (inside.get(length) == Some(&b'"')).then_some(end)
}
