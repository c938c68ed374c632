//! Applies merge keys (`<<`). YAML 1.2 does not have them, but many parsers and files do (<https://yaml.org/type/merge.html>).
//!
//! The entries of the referenced mappings are added to the mapping with the merge key and marked as merged. Its own keys take
//! precedence, wherever they are, and so does an earlier referenced mapping over a later one.

use std::collections::HashSet;

use crate::base::source::Span;
use crate::syntax::{Document, Entry, NodeId, Value};

/// The merge into one mapping, with its limits and its results.
pub(super) struct Merge<'a, 't> {
    /// The document that contains the referenced mappings.
    pub document: &'a Document<'t>,
    /// The number of values of each node, with aliases expanded.
    pub sizes: &'a [u32],
    /// The levels of collections of each node.
    pub heights: &'a [u16],
    /// The number of values that may be added before [`Limits::nodes`](crate::syntax::Limits::nodes) is exceeded.
    pub max_added: usize,
    /// Result: the number of values that were added.
    pub added: usize,
    /// Result: the maximum number of levels of an added value.
    pub height: usize,
    /// Result: the values of merge keys that are not mappings.
    pub non_mappings: Vec<Span>,
    /// Result: whether a referenced value is broken, so that its entries are unknown.
    pub lost_entries: bool,
}

/// The merge exceeded [`Merge::max_added`]. Without this limit, nested merges could grow exponentially.
pub(super) struct TooManyValues;

impl<'t> Merge<'_, 't> {
    /// Adds the entries of `sources`, the values of the merge keys, to `entries`.
    pub(super) fn add_entries(
        &mut self,
        entries: &mut Vec<Entry<'t>>,
        sources: &[NodeId],
    ) -> Result<(), TooManyValues> {
        let mut known_keys = HashSet::new();
        for entry in &*entries {
            known_keys.insert(entry.key.clone().into_owned());
        }
        let document = self.document;
        for source in sources {
            // The value of `<<` is a mapping or a list of mappings.
            let mappings = match &document.resolve(*source).value {
                Value::Array(items) => document.items(*items),
                _ => std::slice::from_ref(source),
            };
            for &mapping in mappings {
                match &document.resolve(mapping).value {
                    Value::Object(merged) => self.add_mapping(entries, &mut known_keys, document.entries(*merged))?,
                    Value::Broken => self.lost_entries = true,
                    _ => self.non_mappings.push(document.node(mapping).span),
                }
            }
        }
        Ok(())
    }

    fn add_mapping(
        &mut self,
        entries: &mut Vec<Entry<'t>>,
        known_keys: &mut HashSet<String>,
        merged: &[Entry<'t>],
    ) -> Result<(), TooManyValues> {
        for entry in merged {
            let index = entry.value.0 as usize;
            // Entries with a known key are counted, too, because skipping them takes time as well.
            self.added = self.added.saturating_add(self.sizes[index] as usize);
            if self.added > self.max_added {
                return Err(TooManyValues);
            }
            if known_keys.insert(entry.key.clone().into_owned()) {
                self.height = self.height.max(usize::from(self.heights[index]));
                entries.push(Entry { merged: true, ..entry.clone() });
            }
        }
        Ok(())
    }
}
