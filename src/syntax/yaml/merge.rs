//! Merge keys (`<<`). YAML 1.2 does not have them, but many parsers and files do (<https://yaml.org/type/merge.html>).
//!
//! The entries of the referenced mappings are added to the mapping with the merge key and marked as merged. Its own keys take
//! precedence, wherever they are, and so does an earlier referenced mapping over a later one.

use std::collections::HashSet;

use crate::base::source::Span;
use crate::syntax::{Document, Entry, NodeId, Value};

/// The merge of one mapping, with its limits and its results.
pub(super) struct Merge<'a, 't> {
    /// The document that contains the referenced mappings.
    pub document: &'a Document<'t>,
    /// The number of values of each node, with aliases expanded.
    pub sizes: &'a [u32],
    /// The levels of collections of each node.
    pub heights: &'a [u16],
    /// How many values may be added before [`Limits::nodes`](crate::syntax::Limits::nodes) is exceeded.
    pub max_added: usize,
    /// Result: how many values were added.
    pub added: usize,
    /// Result: the most levels of an added value.
    pub height: usize,
    /// Result: the values of merge keys that are no mappings.
    pub bad: Vec<Span>,
    /// Result: whether a referenced value is broken, so that its entries are unknown.
    pub lost: bool,
}

/// The merge exceeded [`Merge::max_added`]. Without this limit, nested merges could grow exponentially.
pub(super) struct TooMany;

impl<'t> Merge<'_, 't> {
    /// Adds the entries of `sources` to `entries`.
    pub(super) fn add_entries(&mut self, entries: &mut Vec<Entry<'t>>, sources: &[NodeId]) -> Result<(), TooMany> {
        let mut known: HashSet<String> = entries.iter().map(|entry| entry.key.clone().into_owned()).collect();
        for &source in sources {
            match &self.document.resolve(source).value {
                Value::Object(found) => self.add_mapping(entries, &mut known, self.document.entries(*found))?,
                Value::Array(items) => {
                    for &item in self.document.items(*items) {
                        match &self.document.resolve(item).value {
                            Value::Object(found) => {
                                self.add_mapping(entries, &mut known, self.document.entries(*found))?;
                            }
                            Value::Broken => self.lost = true,
                            _ => self.bad.push(self.document.node(item).span),
                        }
                    }
                }
                Value::Broken => self.lost = true,
                _ => self.bad.push(self.document.node(source).span),
            }
        }
        Ok(())
    }

    fn add_mapping(
        &mut self,
        entries: &mut Vec<Entry<'t>>,
        known: &mut HashSet<String>,
        found: &[Entry<'t>],
    ) -> Result<(), TooMany> {
        for entry in found {
            let index = entry.value.0 as usize;
            self.added = self.added.saturating_add(self.sizes[index] as usize);
            if self.added > self.max_added {
                return Err(TooMany);
            }
            if known.insert(entry.key.clone().into_owned()) {
                self.height = self.height.max(usize::from(self.heights[index]));
                entries.push(Entry { merged: true, ..entry.clone() });
            }
        }
        Ok(())
    }
}
