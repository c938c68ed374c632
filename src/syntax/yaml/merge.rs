//! Merge keys (`<<`): not in YAML 1.2, but in real files. Entries of the named mappings become entries of the mapping
//! that names them, marked as merged; own keys win wherever they stand, earlier mappings win over later ones.

use std::collections::HashSet;

use crate::base::source::Span;
use crate::syntax::{Document, Entry, NodeId, Value};

/// One mapping's merge: what it may cost and what it did.
pub struct Merge<'a, 't> {
    /// Where the named mappings are.
    pub document: &'a Document<'t>,
    /// Values of each node, aliases expanded.
    pub sizes: &'a [u32],
    /// Levels of each node.
    pub heights: &'a [u16],
    /// How many values may be added.
    pub room: usize,
    /// How many were.
    pub added: usize,
    /// Levels of the highest one.
    pub height: usize,
    /// Values that are no mappings.
    pub bad: Vec<Span>,
    /// Whether a value could not be read: its entries are not known to be missing.
    pub lost: bool,
}

/// There was no room.
pub struct Full;

impl<'t> Merge<'_, 't> {
    /// Adds the entries of `sources` to `entries`.
    pub fn fill(&mut self, entries: &mut Vec<Entry<'t>>, sources: &[NodeId]) -> Result<(), Full> {
        let mut known: HashSet<String> = entries.iter().map(|entry| entry.key.clone().into_owned()).collect();
        for &source in sources {
            match &self.document.resolve(source).value {
                Value::Object(found) => self.take(entries, &mut known, self.document.entries(*found))?,
                Value::Array(items) => {
                    for &item in self.document.items(*items) {
                        match &self.document.resolve(item).value {
                            Value::Object(found) => self.take(entries, &mut known, self.document.entries(*found))?,
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

    fn take(
        &mut self,
        entries: &mut Vec<Entry<'t>>,
        known: &mut HashSet<String>,
        found: &[Entry<'t>],
    ) -> Result<(), Full> {
        for entry in found {
            let index = entry.value.0 as usize;
            self.added = self.added.saturating_add(self.sizes[index] as usize);
            if self.added > self.room {
                return Err(Full);
            }
            if known.insert(entry.key.clone().into_owned()) {
                self.height = self.height.max(usize::from(self.heights[index]));
                entries.push(Entry { merged: true, ..entry.clone() });
            }
        }
        Ok(())
    }
}
