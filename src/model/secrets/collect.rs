//! Collects the secrets of a file from its tree, its comments and its text.

use std::collections::HashSet;

use crate::base::source::{Format, Source, Span, SpanSet};
use crate::model::secrets::characters::is_opening_quote;
use crate::model::secrets::names::{is_secret_name, is_similar, is_variable};
use crate::model::secrets::random_tokens::{MIN_LONG_TOKEN_LEN, MIN_TOKEN_LEN, find_random_tokens};
use crate::model::secrets::unquoted_texts::UnquotedTexts;
use crate::model::secrets::{MIN_SECRET_LEN, lexical};
use crate::schema::all_field_names;
use crate::syntax::{Document, Entry, Node, NodeId, Parsed, Style, Value};

/// The secrets that were found so far; see [`Secrets`](super::Secrets) for the fields.
pub(super) struct Collector<'s> {
    source: &'s Source,
    pub spans: Vec<Span>,
    pub values: Vec<String>,
    pub shared_values: Vec<String>,
    pub ambiguous_values: HashSet<String>,
    pub variable_values: Vec<String>,
    /// Where the keys of the secrets with a value in the tree start. If the colon is missing, the key has no value there.
    starts_of_keys_with_values: HashSet<u32>,
}

/// The bytes of a string without its quotes or the header of its block scalar, which stay visible.
pub(super) fn content_span(source: &Source, node: &Node<'_>) -> Span {
    let raw = source.slice(node.span);
    let range = node.span.range();
    match node.style {
        Style::Json | Style::Single | Style::Double => {
            // The closing quote may be missing.
            let is_closed = raw.len() > 1 && raw.ends_with(['"', '\'']);
            Span::new(range.start + 1, range.end - usize::from(is_closed))
        }
        Style::Plain | Style::Variable => node.span,
        Style::Literal | Style::Folded => {
            let header_len = raw.find('\n').unwrap_or(0);
            Span::new(range.start + header_len, range.end)
        }
    }
}

impl<'s> Collector<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self {
            source,
            spans: Vec::new(),
            values: Vec::new(),
            shared_values: Vec::new(),
            ambiguous_values: HashSet::new(),
            variable_values: Vec::new(),
            starts_of_keys_with_values: HashSet::new(),
        }
    }

    /// Finds values whose keys are names of secrets.
    pub(super) fn search_tree(&mut self, document: &Document<'_>) {
        for node in document.nodes() {
            if let Value::String(text) = &node.value
                && node.style == Style::Variable
            {
                text.lines().for_each(|line| self.share_value(line));
                self.variable_values.push(text.clone().into_owned());
            }
            let Value::Object(entries) = node.value else { continue };
            for entry in document.entries(entries) {
                if is_secret_name(&entry.key) {
                    if !matches!(document.resolve(entry.value).value, Value::Null) {
                        self.starts_of_keys_with_values.insert(entry.key_span.start);
                    }
                    self.add_all_scalars(document, entry.value);
                    self.add_misplaced_value(entry, document.resolve(entry.value));
                    self.add_anchor_name(entry, document.node(entry.value));
                } else if is_similar(&entry.key, "recaptcha") {
                    self.search_recaptcha(document, entry);
                }
            }
        }
    }

    /// In `recaptcha`, only `site_key` is public: any other key may be a misspelled `secret_key`.
    fn search_recaptcha(&mut self, document: &Document<'_>, recaptcha: &Entry<'_>) {
        if let Value::Object(fields) = document.resolve(recaptcha.value).value {
            for field in document.entries(fields) {
                if field.key != "site_key" {
                    self.add_all_scalars(document, field.value);
                }
            }
        } else {
            // The value in `recaptcha: abc` may be harmless, so it is masked here but not wherever it occurs.
            let (values_len, shared_len) = (self.values.len(), self.shared_values.len());
            self.add_all_scalars(document, recaptcha.value);
            self.values.truncate(values_len);
            self.shared_values.truncate(shared_len);
        }
    }

    /// Adds every scalar and key in a value, because each of them may contain the secret.
    fn add_all_scalars(&mut self, document: &Document<'_>, id: NodeId) {
        // Several aliases may point at one anchor.
        let mut visited = HashSet::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if !visited.insert(id) {
                continue;
            }
            let node = document.node(id);
            match &node.value {
                Value::Object(entries) => {
                    for entry in document.entries(*entries) {
                        // `password: { enabled: true }` does not make `enabled` a secret.
                        if !is_keyword_or_field(&entry.key) {
                            self.add(entry.key_span, &entry.key);
                        }
                        pending.push(entry.value);
                    }
                }
                Value::Array(items) => pending.extend(document.items(*items)),
                Value::Alias(target) => pending.push(*target),
                Value::String(text) => self.add_string(node, text),
                Value::Number(text) => self.share(node.span, text),
                Value::Null | Value::Bool(_) | Value::Broken => {}
            }
        }
    }

    fn add_string(&mut self, node: &Node<'_>, text: &str) {
        // The file contains the name of a variable, and not its value.
        if node.style == Style::Variable || is_variable(text) || text.trim().is_empty() {
            return;
        }
        for line in text.lines() {
            self.share_value(line);
        }
        self.share(content_span(self.source, node), text);
    }

    /// Adds a secret that became a part of its key (`secret_key:value` in YAML), or that follows a key without a value.
    fn add_misplaced_value(&mut self, entry: &Entry<'_>, value: &Node<'_>) {
        if let Some((_, value)) = entry.key.split_once([':', '=']) {
            self.share(entry.key_span, value);
        }
        // If the colon is missing, the name and the secret are one key without a value: `secret_key S`. A quoted key, or a key with a
        // value, may just consist of several words: `webhook ${{ github.token }}`.
        let is_quoted = self.source.slice(entry.key_span).starts_with(['"', '\'']);
        if !is_quoted
            && matches!(value.value, Value::Null)
            && let Some((_, value)) = entry.key.split_once(char::is_whitespace)
        {
            self.share(entry.key_span, value);
        }
        if matches!(value.value, Value::Null) && self.source.format() == Format::Yaml {
            // `secret_key: &value` is an anchor of null, and `secret_key: #value` a comment: take the rest of the line.
            let text = self.source.text();
            let key_end = entry.key_span.range().end;
            let start = text[key_end..].find(':').map_or(key_end, |colon| key_end + colon + 1);
            let end = text[start..].find(['\n', '\r']).map_or(text.len(), |line_break| start + line_break);
            self.add(Span::new(start, end), "");
        }
    }

    /// Adds the name of an anchor or alias between a key and its value: `secret_key: &S x`, `secret_key: *S`. A secret that
    /// starts with `&` or `*` and is not quoted becomes such a name.
    fn add_anchor_name(&mut self, entry: &Entry<'_>, node: &Node<'_>) {
        let between = Span { start: entry.key_span.end, end: node.span.start.max(entry.key_span.end) };
        let text = self.source.slice(between);
        if let Some(ampersand) = text.find('&') {
            let name = text[ampersand + 1..].split(char::is_whitespace).next().unwrap_or_default();
            let start = between.range().start + ampersand + 1;
            self.share(Span::new(start, start + name.len()), name);
        }
        if matches!(node.value, Value::Alias(_)) {
            self.share(node.span, self.source.slice(node.span).trim_start_matches('*'));
        }
    }

    /// Adds comments that contain the name of a secret, and comments that follow a secret on its line.
    pub(super) fn search_comments(&mut self, comments: &[Span]) {
        let mut secret_ends: Vec<u32> = self.spans.iter().map(|span| span.end).collect();
        secret_ends.sort_unstable();
        for comment in comments {
            let text = self.source.slice(*comment);
            let ends_before = &secret_ends[..secret_ends.partition_point(|end| *end <= comment.start)];
            // `secret_key: 5 # canary`: an unquoted secret with ` #` in it ends at the comment.
            let follows_secret = match ends_before.last() {
                Some(&end) => !self.source.slice(Span { start: end, end: comment.start }).contains('\n'),
                None => false,
            };
            if follows_secret || is_secret_name(text) {
                let marker_len = text.len() - text.trim_start_matches(['#', '/', '*', ' ']).len();
                self.add(Span::new(comment.range().start + marker_len, comment.range().end), "");
            }
        }
    }

    /// Adds the secrets that a scan of the text finds.
    pub(super) fn search_text(&mut self, parsed: &Parsed<'_>) {
        let is_valid = parsed.errors.is_empty();
        // In a valid file, the name of a secret inside a string is prose. In a broken file, strings may have wrong ends.
        let valid_strings = if is_valid { parsed.string_spans() } else { SpanSet::default() };
        let valid_comments = if is_valid { parsed.comments.iter().copied().collect() } else { SpanSet::default() };
        let mut words = HashSet::new();
        for found in lexical::find_secrets(self.source.text(), self.source.format(), is_valid) {
            let string = valid_strings.around(found.name_start);
            if string.is_some_and(|string| self.is_prose(string, found.name_start)) {
                continue;
            }
            let is_comment = valid_comments.around(found.name_start).is_some();
            // The tree of a valid file shows where the value of a key ends, so the lines below do not continue it.
            let is_known_value = is_valid && self.is_key_with_value(found.name_start);
            for range in found.ranges {
                let before = &self.source.text()[found.name_start..range.start];
                if is_known_value && before.contains(['\n', '\r']) {
                    break;
                }
                let text = &self.source.text()[range.clone()];
                // The value of a broken entry ends at its line, so several words may belong to other entries.
                if is_comment || text.contains(char::is_whitespace) {
                    self.add(Span::new(range.start, range.end), text);
                } else {
                    self.share(Span::new(range.start, range.end), text.trim_matches(is_opening_quote));
                }
                // The comment `# the secret of the shop` must not mask "shop" wherever it occurs.
                let is_sentence = is_comment && !text.contains([':', '=']);
                words.extend(split_words(text).filter(|word| !is_sentence || !is_plain_word(word)));
            }
        }
        self.add_words(words);
    }

    /// Adds the texts after names of secrets that look like secrets. In a valid file, only some places may contain one.
    pub(super) fn search_random_tokens(&mut self, parsed: &Parsed<'_>) {
        let unquoted = parsed.errors.is_empty().then(|| UnquotedTexts::new(parsed));
        if unquoted.as_ref().is_some_and(UnquotedTexts::is_empty) {
            return;
        }
        let text = self.source.text();
        let mut words = HashSet::new();
        for token in find_random_tokens(text, parsed.errors.is_empty()) {
            if unquoted.as_ref().is_none_or(|unquoted| unquoted.may_contain(&token, text)) {
                self.share(Span::new(token.range.start, token.range.end), &text[token.range.clone()]);
                words.extend(split_words(&text[token.range]));
            }
        }
        self.add_words(words);
    }

    /// Adds the words of values, because a message may show only a part of a value, such as the name of an alias.
    fn add_words(&mut self, words: HashSet<&str>) {
        for word in words {
            self.add_word(word);
        }
    }

    fn add_word(&mut self, word: &str) {
        // The password `customer` must not hide a part of the pointer `/customer_filters`.
        if word.len() < MIN_SECRET_LEN || all_field_names().iter().any(|name| name.contains(word)) {
            self.ambiguous_values.insert(word.to_owned());
        } else {
            self.values.push(word.to_owned());
        }
    }

    /// Whether the name of a secret at `name_start` is a key of the tree with a value. The key may be in quotes.
    fn is_key_with_value(&self, name_start: usize) -> bool {
        let is_start = |start: u32| self.starts_of_keys_with_values.contains(&start);
        u32::try_from(name_start).is_ok_and(|start| is_start(start) || is_start(start.saturating_sub(1)))
    }

    /// Whether the name of a secret at `name_start` in a string of a valid file is only mentioned there.
    fn is_prose(&self, string: Span, name_start: usize) -> bool {
        // `"key":"value"` below a line without a colon continues a string without quotes, although it was meant to be an entry.
        let is_quoted = self.source.slice(string).starts_with(['"', '\'', '|', '>']);
        // A name directly after the opening quote is a key.
        is_quoted && string.range().start + 1 < name_start && !self.is_entry_key(name_start)
    }

    /// Whether a name is written like the key of an entry: it is the first word of its line or in quotes of its own, and a colon
    /// follows. `"api_key":"value"` is no sentence.
    fn is_entry_key(&self, name_start: usize) -> bool {
        let (before, name) = self.source.text().split_at(name_start);
        let before_indent = before.trim_end_matches([' ', '\t']);
        let starts_line = before_indent.is_empty() || before_indent.ends_with(['\n', '\r']);
        let is_quoted = before.ends_with(['"', '\'']);
        let (_, after) = name.split_at(name.find(['"', '\'', ':', '\n']).unwrap_or(name.len()));
        let after = if is_quoted { after.trim_start_matches(['"', '\'']) } else { after };
        (is_quoted || starts_line) && after.trim_start_matches(' ').starts_with(':')
    }

    /// Adds a secret that is masked in all files of the run.
    fn share(&mut self, span: Span, value: &str) {
        self.add_span(span);
        self.share_value(value);
    }

    fn share_value(&mut self, value: &str) {
        self.add_value(value);
        let value = value.trim();
        if is_distinctive(value) && !is_keyword_or_field(value) {
            self.shared_values.push(value.to_owned());
        }
    }

    fn add(&mut self, span: Span, value: &str) {
        self.add_span(span);
        self.add_value(value);
    }

    fn add_span(&mut self, span: Span) {
        if !span.range().is_empty() {
            self.spans.push(span);
        }
    }

    fn add_value(&mut self, value: &str) {
        let value = value.trim();
        if value.len() >= MIN_SECRET_LEN && !is_keyword_or_field(value) {
            self.add_word(value);
        }
    }
}

/// Splits a value at punctuation and white space, and leaves out words that are not secrets.
fn split_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    words.filter(|word| !word.is_empty() && !is_keyword_or_field(word))
}

/// Whether a word has only letters, as words of a sentence do.
fn is_plain_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}

/// Whether a value cannot be mistaken for an ordinary word, name or number: another file contains it only if it repeats the secret.
pub(crate) fn is_distinctive(value: &str) -> bool {
    let is_mixed = value.contains(|c: char| c.is_ascii_digit()) && value.contains(char::is_alphabetic);
    value.len() >= MIN_LONG_TOKEN_LEN || (value.len() >= MIN_TOKEN_LEN && is_mixed)
}

fn is_keyword_or_field(word: &str) -> bool {
    matches!(word, "true" | "false" | "null") || all_field_names().contains(word)
}
