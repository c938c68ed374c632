//! Parses TOML with the crate `toml` and builds the same tree as for portals. Only the settings of the linter are TOML.

use toml::de::{DeTable, DeValue, Error};

use crate::base::source::Span;
use crate::syntax::{Document, Entry, MAX_ERRORS, Node, NodeId, Parsed, Problem, Style, SyntaxError, Value};

/// Parses a text. The tree has everything that could be parsed, even if there are errors. The crate limits the depth.
pub(crate) fn parse(text: &str) -> Parsed<'_> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = convert_errors(text, errors);
    let mut builder = Builder { document: Document::default(), errors: &errors };
    if !errors.is_empty() {
        builder.document.mark_partial();
    }
    let root = builder.table(table.into_inner(), Span::new(0, text.len()));
    builder.document.set_root(root);
    let document = builder.document;
    Parsed { documents: vec![document], comments: comments(text), errors }
}

/// The comments, which the crate drops: on each line, the text from the first `#` that has no open quote before it. This is
/// not exact, but it is used only to search for secrets.
fn comments(text: &str) -> Vec<Span> {
    let mut start = 0;
    let mut comments = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_outside = |at: &usize| line[..*at].matches(['"', '\'']).count() % 2 == 0;
        if let Some(at) = memchr::memchr_iter(b'#', line.as_bytes()).find(is_outside) {
            comments.push(Span::new(start + at, start + line.trim_end().len()));
        }
        start += line.len();
    }
    comments
}

struct Builder<'t, 'e> {
    document: Document<'t>,
    errors: &'e [SyntaxError],
}

impl<'t> Builder<'t, '_> {
    fn table(&mut self, table: DeTable<'t>, span: Span) -> NodeId {
        let mut entries: Vec<Entry<'t>> = table
            .into_iter()
            .map(|(key, value)| {
                let key_span = Span::new(key.span().start, key.span().end);
                let span = Span::new(value.span().start, value.span().end);
                let value = self.value(value.into_inner(), span);
                Entry { key: key.into_inner(), key_span, value, merged: false }
            })
            .collect();
        // The crate sorts the entries by key; findings are reported in the order of the file.
        entries.sort_by_key(|entry| entry.key_span);
        let object = self.document.add_object(entries);
        self.push(span, object)
    }

    fn value(&mut self, value: DeValue<'t>, span: Span) -> NodeId {
        let value = match value {
            DeValue::Table(table) => return self.table(table, span),
            // A list that is not closed contains the entries that were meant to follow it.
            DeValue::Array(_) if self.errors.iter().any(|error| error.span.start == span.start) => Value::Broken,
            DeValue::Array(items) => {
                let items = items.into_iter().map(|item| {
                    let span = Span::new(item.span().start, item.span().end);
                    self.value(item.into_inner(), span)
                });
                let items: Vec<NodeId> = items.collect();
                self.document.add_list(items)
            }
            // At an error, the crate inserts a placeholder value.
            _ if self.errors.iter().any(|error| error.span.start <= span.end && span.start <= error.span.end) => {
                Value::Broken
            }
            DeValue::String(text) => Value::String(text),
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::Integer(number) if number.radix() == 10 => Value::Number(number.to_string().into()),
            DeValue::Integer(number) => {
                let value = i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_default();
                Value::Number(value.to_string().into())
            }
            DeValue::Float(number) => Value::Number(number.to_string().into()),
            // The settings accept a date with or without quotes.
            DeValue::Datetime(date) => Value::String(date.to_string().into()),
        };
        self.push(span, value)
    }

    fn push(&mut self, span: Span, value: Value<'t>) -> NodeId {
        self.document.push(Node { span, style: Style::Plain, value })
    }
}

/// Converts the errors of the crate, in the order of the file: one for each line, and none after a list that is not closed,
/// because the rest of the file is then parsed as part of it.
fn convert_errors(text: &str, mut errors: Vec<Error>) -> Vec<SyntaxError> {
    let place = |error: &Error| error.span().map_or((0, 0), |span| (span.start, span.end));
    errors.sort_by_key(place);
    let line = |offset: usize| memchr::memchr_iter(b'\n', &text.as_bytes()[..offset]).count();
    let mut converted: Vec<SyntaxError> = Vec::new();
    for error in errors {
        let (start, end) = place(&error);
        if converted.last().is_some_and(|last| line(last.span.start as usize) == line(start)) {
            continue;
        }
        let (problem, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
        let span = Span::new(start, end.max(start + 1).min(text.len()));
        let may_contain_rest = problem.contains("array");
        converted.push(SyntaxError { span, problem: Problem::Toml(problem.into(), expected.into()), related: None });
        if may_contain_rest || converted.len() > MAX_ERRORS {
            break;
        }
    }
    converted
}

#[cfg(test)]
mod tests {
    use crate::syntax::cursor::Cursor;
    use crate::syntax::toml::*;

    #[test]
    fn tables_keep_their_order_and_every_value_its_bytes() {
        let text = "b = 1\n[limits]\ndepth = 0x10\n[[allow]]\nuntil = 2027-03-31\n[[allow]]\nrule = 'x'\n";
        let parsed = parse(text);
        assert!(parsed.errors.is_empty());
        let root = Cursor::root(&parsed.documents[0]);
        assert_eq!(root.entries().iter().map(|entry| &*entry.key).collect::<Vec<_>>(), ["b", "limits", "allow"]);
        let until = root.field("allow").item(0).field("until");
        assert_eq!((until.text(), &text[until.span().range()]), (Some("2027-03-31"), "2027-03-31"));
        assert_eq!(root.field("allow").item(1).field("rule").pointer(), "/allow/1/rule");
        assert_eq!(root.field("limits").field("depth").value(), Some(&Value::Number("16".into())));
    }

    #[test]
    fn what_is_broken_is_one_error_a_line_and_the_rest_is_read() {
        let parsed = parse("a = tru\nb = “x”\nc = 1\n");
        let places: Vec<u32> = parsed.errors.iter().map(|error| error.span.start).collect();
        assert_eq!(places, [4, 12]);
        let root = Cursor::root(&parsed.documents[0]);
        assert!(root.field("a").is_broken() && root.field("b").is_broken() && !root.field("c").is_broken());
        assert_eq!(parse("a = [1, 2\nb = 3\n[c]\nd = 1\n").errors.len(), 1);
    }
}
