//! An index of the fields of an object, for many look-ups in one object.

use std::collections::HashMap;

use crate::base::steps::count_steps;
use crate::syntax::cursor::Cursor;

/// The fields of an object by their keys; empty for any other value.
pub struct FieldIndex<'d> {
    /// The object.
    pub object: Cursor<'d>,
    /// The index of the last entry with each key.
    indices: HashMap<&'d str, usize>,
}

impl<'d> FieldIndex<'d> {
    /// Reads the keys of an object.
    pub fn new(object: Cursor<'d>) -> Self {
        let entries = object.entries();
        count_steps(entries.len());
        Self { object, indices: entries.iter().enumerate().map(|(index, entry)| (&*entry.key, index)).collect() }
    }

    /// See [`Cursor::field`].
    pub fn field(&self, key: &'d str) -> Cursor<'d> {
        self.find(key).unwrap_or_else(|| self.object.missing_field(key))
    }

    /// The field with this key; `None` if there is none.
    pub fn find(&self, key: &str) -> Option<Cursor<'d>> {
        let index = *self.indices.get(key)?;
        Some(self.object.child_cursor(index, self.object.entries()[index].value))
    }

    /// Whether the object has the key.
    pub fn has_field(&self, key: &str) -> bool {
        self.indices.contains_key(key)
    }

    /// The fields in the order of the object. Of several with equal keys, only the last one counts.
    pub fn fields(&self) -> impl Iterator<Item = (&'d str, Cursor<'d>)> {
        let entries = self.object.entries().iter().zip(self.object.children());
        entries.filter_map(|(entry, field)| {
            let is_last = self.indices.get(&*entry.key) == Some(&field.index());
            is_last.then_some((&*entry.key, field))
        })
    }
}
