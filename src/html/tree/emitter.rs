//! Connects the tokenizer html5gum with the tree builder html5ever.

use std::collections::HashSet;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{LocalName, QualName, local_name, ns};
use html5gum::{Emitter, State};

use crate::base::steps::count_steps;
use crate::html::tree::open_elements::{StackObserver, notify};
use crate::html::tree::sink::{Handle, TreeRecorder, has_relevant_attributes};
use crate::html::tree::{Attribute, Tag};

pub(super) fn to_raw_state(kind: RawKind) -> State {
    match kind {
        RawKind::Rcdata => State::RcData,
        RawKind::Rawtext => State::RawText,
        // html5gum finds the escaped parts of a script by itself.
        RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => State::ScriptData,
    }
}

/// Stops the tokenizer.
#[derive(Debug)]
pub(super) struct Stop;

/// Receives the parts of tokens from html5gum, records their byte ranges, and passes whole tokens to html5ever.
pub(super) struct TokenForwarder<'h, 'b, 'o> {
    html: &'h str,
    builder: &'b TreeBuilder<Handle, TreeRecorder>,
    /// The number of bytes that html5gum has read.
    position: usize,
    /// The offset at which the text after the last token starts. html5gum does not report it.
    text_start: usize,
    /// The position of the `<` of a tag or comment.
    token_start: usize,
    tag: PendingTag,
    doctype: Doctype,
    /// The name of the last start tag. Only an end tag with this name ends the text of a `<script>` or `<title>`.
    last_start_tag: String,
    /// Whether the tree reached a limit.
    is_at_limit: bool,
    observer: Option<&'o mut StackObserver<'o>>,
}

#[derive(Debug, Default)]
struct PendingTag {
    name: String,
    is_end: bool,
    is_self_closing: bool,
    /// Whether the tag is being read.
    is_open: bool,
    attributes: Vec<Attribute>,
    /// The name of the last attribute.
    attribute_name: String,
}

impl<'h, 'b, 'o> TokenForwarder<'h, 'b, 'o> {
    pub(super) fn new(
        html: &'h str,
        builder: &'b TreeBuilder<Handle, TreeRecorder>,
        observer: Option<&'o mut StackObserver<'o>>,
    ) -> Self {
        Self {
            html,
            builder,
            position: 0,
            text_start: 0,
            token_start: 0,
            tag: PendingTag::default(),
            doctype: Doctype::default(),
            last_start_tag: String::new(),
            is_at_limit: false,
            observer,
        }
    }

    fn forward(&mut self, token: Token) -> Option<State> {
        count_steps(1);
        let result = self.builder.process_token(token, 1);
        self.is_at_limit |= self.builder.sink.state.borrow().tree.limit.is_some();
        match result {
            TokenSinkResult::Continue | TokenSinkResult::EncodingIndicator(_) => None,
            TokenSinkResult::Script(_) => Some(State::Data),
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::RawData(kind) => Some(to_raw_state(kind)),
        }
    }

    /// Resets the state after a token that is not text.
    fn finish_token(&mut self) {
        let mut state = self.builder.sink.state.borrow_mut();
        state.queue.clear();
        state.finish_token();
        self.text_start = self.position;
    }

    /// The bytes of a piece of text or of a value that was just read. The piece before it ends at `previous_end`.
    fn find_source(&self, text: &str, previous_end: usize) -> Range<usize> {
        let end = self.position.min(self.html.len());
        let start = end.saturating_sub(text.len());
        if self.html.get(start..end) == Some(text) {
            return start..end;
        }
        // html5gum has read ahead, because `&` or `</` could have started a character reference or an end tag. A reference that
        // stands for `&`, such as `&amp;`, also starts with `&`, but is longer.
        let verbatim = previous_end..previous_end + text.len();
        let is_reference = text == "&" && end > verbatim.end + 1;
        if !is_reference && self.html.get(verbatim.clone()) == Some(text) {
            return verbatim;
        }
        previous_end.min(end)..end
    }

    fn forward_text(&mut self, text: &str, source: Range<usize>) {
        if !text.is_empty() {
            let text = StrTendril::from_slice(text);
            self.builder.sink.state.borrow_mut().queue.push(text.clone(), source);
            self.forward(Token::CharacterTokens(text));
            self.builder.sink.state.borrow_mut().finish_token();
            notify(&mut self.observer, self.builder, false);
        }
    }

    fn forward_null(&mut self, source: Range<usize>) {
        // In SVG and MathML, html5ever replaces the character.
        self.builder.sink.state.borrow_mut().queue.push(StrTendril::from_char('\u{fffd}'), source);
        self.forward(Token::NullCharacterToken);
    }

    fn finish_attribute_name(&mut self) {
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.name = self.builder.sink.state.borrow_mut().intern_name(&self.tag.attribute_name);
        }
        self.tag.attribute_name.clear();
    }

    /// Takes the attributes of the tag. Of repeated attributes, only the first one is kept, as in a browser.
    fn take_attributes(&mut self) -> Vec<Attribute> {
        /// Up to this number of attributes, comparing all pairs is faster than hashing.
        const MAX_COMPARED: usize = 16;
        self.finish_attribute_name();
        let mut attributes = std::mem::take(&mut self.tag.attributes);
        if attributes.len() > MAX_COMPARED {
            let mut seen = HashSet::new();
            attributes.retain(|attribute| seen.insert(attribute.name.clone()));
        } else {
            for index in (1..attributes.len()).rev() {
                if attributes[..index].iter().any(|other| other.name == attributes[index].name) {
                    attributes.remove(index);
                }
            }
        }
        attributes
    }

    /// Adds the current tag to the list of tags. Returns its name.
    fn record_tag(&mut self, is_finished: bool) -> LocalName {
        let name = self.builder.sink.state.borrow_mut().intern_name(&self.tag.name);
        let attributes = self.take_attributes();
        let is_end = self.tag.is_end;
        let range = self.token_start..self.position.min(self.html.len());
        let tag = Tag { name: name.clone(), is_end, range, is_finished, attributes };
        self.builder.sink.state.borrow_mut().tree.tags.push(tag);
        name
    }

    /// Records the bytes of a comment or doctype before it is passed on.
    fn record_declaration(&mut self) {
        self.builder.sink.state.borrow_mut().declaration = self.token_start..self.position.min(self.html.len());
    }

    fn forward_tag(&mut self) -> Option<State> {
        let PendingTag { is_end, is_self_closing, .. } = self.tag;
        let name = self.record_tag(true);
        let mut token = html5ever::tokenizer::Tag {
            kind: if is_end { TagKind::EndTag } else { TagKind::StartTag },
            name,
            self_closing: is_self_closing,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        let is_needed = !is_end && has_relevant_attributes(&self.tag.name);
        if is_needed && let Some(tag) = self.builder.sink.state.borrow().tree.tags.last() {
            token.attrs.extend(tag.attributes.iter().map(to_builder_attribute));
        }
        let state = self.forward(Token::TagToken(token));
        self.tag.is_open = false;
        if !is_end {
            self.builder.sink.state.borrow_mut().assign_tag(&self.tag.name);
            self.last_start_tag.clone_from(&self.tag.name);
        }
        self.finish_token();
        notify(&mut self.observer, self.builder, true);
        state
    }

    fn begin_tag(&mut self, is_end: bool) {
        // Keep the buffers of the names.
        let tag = &mut self.tag;
        (tag.is_end, tag.is_self_closing, tag.is_open) = (is_end, false, true);
        tag.name.clear();
        tag.attribute_name.clear();
        tag.attributes.clear();
    }
}

fn to_builder_attribute(attribute: &Attribute) -> html5ever::Attribute {
    let name = QualName::new(None, ns!(), attribute.name.clone());
    html5ever::Attribute { name, value: attribute.value.clone() }
}

/// Converts bytes from html5gum. They are always whole characters, because html5gum splits texts only between characters.
fn to_str(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl Emitter for TokenForwarder<'_, '_, '_> {
    type Token = Stop;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        to_str(last_start_tag.unwrap_or_default()).clone_into(&mut self.last_start_tag);
    }

    fn emit_eof(&mut self) {
        if self.tag.is_open {
            self.record_tag(false);
        }
        self.forward(Token::EOFToken);
        self.builder.end();
        self.finish_token();
    }

    fn emit_error(&mut self, _error: html5gum::Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Stop> {
        self.is_at_limit.then_some(Stop)
    }

    fn emit_string(&mut self, text: &[u8]) {
        let text = to_str(text);
        self.tag.is_open = false;
        let source = self.find_source(text, self.text_start);
        self.text_start = source.end;
        // A text with zero characters has the same bytes as its source, because no character reference stands for one.
        let mut start = 0;
        for null in memchr::memchr_iter(b'\0', text.as_bytes()) {
            self.forward_text(&text[start..null], source.start + start..source.start + null);
            self.forward_null(source.start + null..source.start + null + 1);
            start = null + 1;
        }
        let rest = if start == 0 { source } else { source.start + start..source.end };
        self.forward_text(&text[start..], rest);
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn init_comment(&mut self) {
        self.tag.is_open = false;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.forward_tag()
    }

    fn emit_current_comment(&mut self) {
        self.record_declaration();
        // html5ever does not need the content of a comment, and the tree has its range.
        self.forward(Token::CommentToken(StrTendril::new()));
        self.finish_token();
    }

    fn emit_current_doctype(&mut self) {
        self.record_declaration();
        let doctype = std::mem::take(&mut self.doctype);
        self.forward(Token::DoctypeToken(doctype));
        self.finish_token();
    }

    fn set_self_closing(&mut self) {
        self.tag.is_self_closing = true;
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.name.push_str(to_str(name));
    }

    fn push_comment(&mut self, _text: &[u8]) {}

    fn push_doctype_name(&mut self, name: &[u8]) {
        self.doctype.name.get_or_insert_default().push_slice(to_str(name));
    }

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
    }

    fn init_attribute(&mut self) {
        self.finish_attribute_name();
        let start = self.position.saturating_sub(1);
        self.tag.attributes.push(Attribute {
            // `finish_attribute_name` sets the name.
            name: local_name!(""),
            value: StrTendril::new(),
            name_range: start..start,
            value_range: start..start,
            value_parts: Vec::new(),
        });
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        let end = self.position;
        self.tag.attribute_name.push_str(to_str(name));
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.name_range.end = end;
            attribute.value_range = end..end;
        }
    }

    fn init_attribute_value(&mut self) {
        let start = self.position;
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.value_range = start..start;
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        let text = to_str(value);
        let Some(previous_end) = self.tag.attributes.last().map(|attribute| attribute.value_range.end) else { return };
        let source = self.find_source(text, previous_end);
        let Some(attribute) = self.tag.attributes.last_mut() else { return };
        let is_verbatim = source.start == previous_end && source.len() == text.len();
        if !is_verbatim && attribute.value_parts.is_empty() && !attribute.value.is_empty() {
            attribute.value_parts.push((0, attribute.value_range.clone()));
        }
        if !is_verbatim || !attribute.value_parts.is_empty() {
            attribute.value_parts.push((attribute.value.len(), source.clone()));
        }
        attribute.value_range.end = source.end;
        attribute.value.push_slice(text);
    }

    fn set_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id = Some(StrTendril::from_slice(to_str(value)));
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = Some(StrTendril::from_slice(to_str(value)));
    }

    fn push_doctype_public_identifier(&mut self, text: &[u8]) {
        self.doctype.public_id.get_or_insert_default().push_slice(to_str(text));
    }

    fn push_doctype_system_identifier(&mut self, text: &[u8]) {
        self.doctype.system_id.get_or_insert_default().push_slice(to_str(text));
    }

    fn start_open_tag(&mut self) {
        self.token_start = self.position.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.is_end && !self.last_start_tag.is_empty() && self.last_start_tag == self.tag.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        let is_foreign = self.builder.adjusted_current_node_present_but_not_in_html_namespace();
        if is_foreign {
            // html5gum calls this method after `<![CDATA[`. Text follows.
            self.text_start = self.position;
        }
        is_foreign
    }

    #[inline]
    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
