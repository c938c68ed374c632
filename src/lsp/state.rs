//! What lies on the desk: the open texts, what was found in them, and what the editor was told about it.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types as lsp;
use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::actions::RequestContext;
use crate::lsp::analysis::{AnalysisKey, ProjectAnalysis};
use crate::lsp::client_capabilities::Client;
use crate::lsp::convert;
use crate::lsp::documents::Documents;

/// What the editor was told about a text.
#[derive(Debug, PartialEq)]
struct Published {
    subject: AnalysisKey,
    version: Option<i32>,
    diagnostics: Vec<lsp::Diagnostic>,
}

/// See the module. A round that is not there is stale.
#[derive(Debug, Default)]
pub struct State {
    documents: Documents,
    rounds: BTreeMap<AnalysisKey, ProjectAnalysis>,
    told: BTreeMap<String, Published>,
    is_stale: bool,
}

impl State {
    /// A text is opened.
    pub fn open(&mut self, item: lsp::TextDocumentItem) {
        let uri = item.uri.0.clone();
        self.documents.open(item);
        self.mark_dirty(&uri);
    }

    /// A text is changed; `None` when it cannot be read how.
    pub fn change(&mut self, params: &Json, encoding: Encoding) -> Option<()> {
        let uri = params["textDocument"]["uri"].as_str()?;
        // The text may be lost by this, or found again.
        self.mark_dirty(uri);
        let heard = self.documents.change(uri, params, encoding);
        self.mark_dirty(uri);
        heard
    }

    /// A text is closed.
    pub fn close(&mut self, uri: &str) {
        self.mark_dirty(uri);
        self.documents.close(uri);
    }

    /// Something about a text may be other than it was.
    pub fn mark_dirty(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else { return };
        if document.is_settings() {
            return self.reload();
        }
        let own = AnalysisKey::of(uri, document, &self.documents);
        self.rounds.retain(|subject, round| *subject != own && !round.asks(document));
        self.is_stale = true;
    }

    /// Anything on disk may be other than it was.
    pub fn reload(&mut self) {
        self.rounds.clear();
        self.is_stale = true;
    }

    /// Looks at what is stale; answers with what the editor has to be told.
    pub fn refresh(&mut self, encoding: Encoding) -> Vec<lsp::PublishDiagnosticsParams> {
        if !std::mem::take(&mut self.is_stale) {
            return Vec::new();
        }
        let documents = &self.documents;
        let subjects = AnalysisKey::all(documents);
        self.rounds.retain(|subject, _| subjects.contains_key(subject));
        let mut now = BTreeMap::new();
        for (subject, own) in &subjects {
            if !self.rounds.contains_key(subject) {
                let round = ProjectAnalysis::new(subject, own, documents);
                now.append(&mut said(subject, own, &round, documents, encoding));
                self.rounds.insert(subject.clone(), round);
            }
        }
        let subjects = subjects.into_keys().collect();
        self.tell(now, &subjects)
    }

    /// What is new in what is said `now`; what is said no more is taken back.
    fn tell(
        &mut self,
        now: BTreeMap<String, Published>,
        subjects: &BTreeSet<AnalysisKey>,
    ) -> Vec<lsp::PublishDiagnosticsParams> {
        let looked_at: BTreeSet<AnalysisKey> = now.values().map(|told| told.subject.clone()).collect();
        let is_over = |told: &Published| looked_at.contains(&told.subject) || !subjects.contains(&told.subject);
        let over = self.told.iter().filter(|(uri, told)| is_over(told) && !now.contains_key(*uri));
        let over: Vec<String> = over.map(|(uri, _)| uri.clone()).collect();
        let mut news = Vec::new();
        for uri in over {
            self.told.remove(&uri);
            news.push(lsp::PublishDiagnosticsParams { uri: uri.into(), version: None, diagnostics: Vec::new() });
        }
        for (uri, told) in now {
            if self.told.get(&uri) != Some(&told) {
                let (version, diagnostics) = (told.version, told.diagnostics.clone());
                news.push(lsp::PublishDiagnosticsParams { uri: uri.as_str().into(), version, diagnostics });
                self.told.insert(uri, told);
            }
        }
        news
    }

    /// A question about a text, with all that is needed to answer it. To be asked when nothing is stale.
    pub fn asked<'a>(&'a self, uri: &'a str, client: &'a Client) -> Option<RequestContext<'a>> {
        let document = self.documents.get(uri)?;
        let round = self.rounds.get(&AnalysisKey::of(uri, document, &self.documents))?;
        Some(RequestContext { uri, document, documents: &self.documents, round, client })
    }
}

/// What a round says of the open texts, be it nothing, and of the files of the linter's own that are not open.
fn said(
    subject: &AnalysisKey,
    own: &[&str],
    round: &ProjectAnalysis,
    documents: &Documents,
    encoding: Encoding,
) -> BTreeMap<String, Published> {
    let told = |version| Published { subject: subject.clone(), version, diagnostics: Vec::new() };
    let own = own.iter().filter_map(|uri| Some(((*uri).to_owned(), told(Some(documents.get(uri)?.version)))));
    let mut said: BTreeMap<String, Published> = own.collect();
    let home = |file| round.home(file, documents);
    for finding in round.report.findings() {
        let Some((uri, _)) = home(finding.file) else { continue };
        let converted = convert::diagnostic(finding, &home, encoding);
        match said.get_mut(&uri.0) {
            Some(told) => told.diagnostics.extend(converted),
            None if round.report.files[finding.file].listed => {}
            None => said.entry(uri.0).or_insert_with(|| told(None)).diagnostics.extend(converted),
        }
    }
    said
}
