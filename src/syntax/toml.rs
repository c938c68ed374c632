//! Parses TOML with the crate `toml` and builds the same tree as for JSON and YAML. Only the settings file is TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use crate::base::source::Span;
use crate::syntax::{Document, Entry, MAX_ERRORS, Node, NodeId, Parsed, Problem, Style, SyntaxError, Value};

/// Parses a text. Even if there are errors, the tree has everything that could be parsed. The crate limits the depth.
pub(crate) fn parse(text: &str) -> Parsed<'_> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = convert_errors(text, errors);
    let mut builder = TreeBuilder { document: Document::default(), errors: &errors };
    if !errors.is_empty() {
        builder.document.mark_partial();
    }
    let root = builder.add_table(table.into_inner(), Span::new(0, text.len()));
    builder.document.set_root(root);
    let document = builder.document;
    Parsed { documents: vec![document], comments: find_comments(text), errors }
}

/// Finds the comments, which the crate drops: on each line, the text from the first `#` that has no open quote before it. This
/// is wrong for a `#` in a string of several lines, but the comments are only searched for secrets.
fn find_comments(text: &str) -> Vec<Span> {
    let mut line_start = 0;
    let mut comments = Vec::new();
    for line in text.split_inclusive('\n') {
        for index in memchr::memchr_iter(b'#', line.as_bytes()) {
            let quotes = line[..index].matches(['"', '\'']).count();
            if quotes % 2 == 0 {
                comments.push(Span::new(line_start + index, line_start + line.trim_end().len()));
                break;
            }
        }
        line_start += line.len();
    }
    comments
}

struct TreeBuilder<'t, 'e> {
    document: Document<'t>,
    errors: &'e [SyntaxError],
}

impl<'t> TreeBuilder<'t, '_> {
    fn add_table(&mut self, table: DeTable<'t>, span: Span) -> NodeId {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key_span = Span::new(key.span().start, key.span().end);
            let value = self.add_spanned(value);
            entries.push(Entry { key: key.into_inner(), key_span, value, merged: false });
        }
        // The crate sorts the entries by key; findings are reported in the order of the file.
        entries.sort_by_key(|entry| entry.key_span);
        let object = self.document.add_object(entries);
        self.push(span, object)
    }

    fn add_spanned(&mut self, value: Spanned<DeValue<'t>>) -> NodeId {
        let span = Span::new(value.span().start, value.span().end);
        self.add_value(value.into_inner(), span)
    }

    fn add_value(&mut self, value: DeValue<'t>, span: Span) -> NodeId {
        let value = match value {
            DeValue::Table(table) => return self.add_table(table, span),
            // A list that is not closed contains the entries that were meant to follow it.
            DeValue::Array(_) if self.errors.iter().any(|error| error.span.start == span.start) => Value::Broken,
            DeValue::Array(array) => {
                let items: Vec<NodeId> = array.into_iter().map(|item| self.add_spanned(item)).collect();
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
    errors.sort_by_key(error_range);
    let mut converted: Vec<SyntaxError> = Vec::new();
    for error in errors {
        let (start, end) = error_range(&error);
        if converted.last().is_some_and(|last| line_number(text, last.span.start as usize) == line_number(text, start))
        {
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

fn error_range(error: &Error) -> (usize, usize) {
    error.span().map_or((0, 0), |span| (span.start, span.end))
}

fn line_number(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..offset]).count()
}

#[cfg(test)]
mod tests {
    use crate::syntax::cursor::Cursor;
    use crate::syntax::toml::*;

    #[test]
    fn tables_keep_their_order_and_values_have_spans() {
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
    fn each_line_has_at_most_one_error_and_the_rest_is_parsed() {
        let parsed = parse("a = tru\nb = “x”\nc = 1\n");
        let places: Vec<u32> = parsed.errors.iter().map(|error| error.span.start).collect();
        assert_eq!(places, [4, 12]);
        let root = Cursor::root(&parsed.documents[0]);
        assert!(root.field("a").is_broken() && root.field("b").is_broken() && !root.field("c").is_broken());
        assert_eq!(parse("a = [1, 2\nb = 3\n[c]\nd = 1\n").errors.len(), 1);
    }
}
