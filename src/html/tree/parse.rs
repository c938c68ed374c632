//! Parses an HTML text: passes the tokens of html5gum to html5ever.

use html5ever::interface::{TreeSink, create_element};
use html5ever::tokenizer::states::State as Html5everState;
use html5ever::tokenizer::{Token, TokenSink};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{QualName, local_name, ns};
use html5gum::{State as GumState, Tokenizer};

use crate::html::tree::HtmlTree;
use crate::html::tree::emitter::{TokenForwarder, to_raw_state};
use crate::html::tree::open_elements::StackObserver;
use crate::html::tree::sink::TreeRecorder;

/// The context in which an HTML text is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// A whole page, as in an email.
    Page,
    /// The content of an HTML element with this name, as when script sets `innerHTML`.
    Fragment(QualName),
}

/// How an HTML text is parsed. One text can lead to different trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interpretation {
    pub context: Context,
    /// Whether scripts run, as in a browser but not in a mail client. Then the content of `<noscript>` is text.
    pub scripting: bool,
}

impl Context {
    /// The content of a `<div>`.
    pub(crate) fn div() -> Self {
        Self::Fragment(QualName::new(None, ns!(html), local_name!("div")))
    }
}

impl Interpretation {
    /// How mail clients parse an email.
    pub(crate) const EMAIL: Self = Self { context: Context::Page, scripting: false };
}

/// Builds the tree of an HTML text.
pub(crate) fn parse(html: &str, interpretation: &Interpretation) -> HtmlTree {
    parse_with(html, interpretation, None)
}

/// Builds the tree of an HTML text, and calls the observer after each text and tag.
pub(crate) fn parse_observed<'o>(
    html: &str,
    interpretation: &Interpretation,
    observer: &'o mut StackObserver<'o>,
) -> HtmlTree {
    parse_with(html, interpretation, Some(observer))
}

fn parse_with<'o>(
    html: &str,
    interpretation: &Interpretation,
    observer: Option<&'o mut StackObserver<'o>>,
) -> HtmlTree {
    let sink = TreeRecorder::new(html);
    let options = TreeBuilderOpts { scripting_enabled: interpretation.scripting, ..TreeBuilderOpts::default() };
    let (builder, state) = match &interpretation.context {
        Context::Page => (TreeBuilder::new(sink, options), GumState::Data),
        Context::Fragment(name) => {
            let context = create_element(&sink, name.clone(), Vec::new());
            // The context element belongs to no tag of the text.
            sink.state.borrow_mut().finish_token();
            let builder = TreeBuilder::new_for_fragment(sink, context, None, options);
            let state = builder.tokenizer_state_for_context_elem(interpretation.scripting);
            (builder, to_tokenizer_state(state))
        }
    };
    let mut tokenizer = Tokenizer::new_with_emitter(html, TokenForwarder::new(html, &builder, observer));
    tokenizer.set_state(state);
    // This reads the whole text: the emitter yields a token only to stop the tokenizer at a limit. Then there is no token for the end.
    let is_stopped = tokenizer.next().is_some();
    drop(tokenizer);
    if is_stopped {
        let _ = builder.process_token(Token::EOFToken, 1);
    }
    builder.sink.finish()
}

fn to_tokenizer_state(state: Html5everState) -> GumState {
    match state {
        Html5everState::Plaintext => GumState::PlainText,
        Html5everState::RawData(kind) => to_raw_state(kind),
        _ => GumState::Data,
    }
}
