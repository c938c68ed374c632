//! The tree that generators create and printers render. Keys keep their order and may be duplicates. Values are addressed by JSON
//! Pointer. It is independent of the tree that the linter parses, so that a test can compare them.

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// Text that YAML writes without quotes, even if it is then a number or a boolean.
    Bare(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

pub fn text(text: impl Into<String>) -> Tree {
    Tree::Text(text.into())
}

/// An object of these fields.
pub fn object<const N: usize>(fields: [(&str, Tree); N]) -> Tree {
    Tree::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The pointer of a child.
pub fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The pointer of the parent, and the key.
pub fn split(pointer: &str) -> (&str, String) {
    let (parent, key) = pointer.rsplit_once('/').expect("not the root");
    (parent, key.replace("~1", "/").replace("~0", "~"))
}

impl Tree {
    /// The value at a pointer; of a duplicate key, the last one.
    pub fn get(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let (parent, key) = split(pointer);
        match self.get(parent)? {
            Self::Object(entries) => entries.iter().rev().find(|(other, _)| *other == key).map(|(_, value)| value),
            Self::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// See [`Tree::get`].
    pub fn get_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let (parent, key) = split(pointer);
        match self.get_mut(parent)? {
            Self::Object(entries) => entries.iter_mut().rev().find(|(other, _)| *other == key).map(|(_, value)| value),
            Self::List(items) => items.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The text at a pointer.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        match self.get(pointer) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The text at a pointer, unless it is a `${VARIABLE}`.
    pub fn literal_text(&self, pointer: &str) -> Option<&str> {
        self.text(pointer).filter(|text| !text.starts_with("${"))
    }

    /// Removes a field; `None` if it does not exist.
    pub fn remove(&mut self, pointer: &str) -> Option<Self> {
        let (parent, key) = split(pointer);
        let entries = self.entries_mut(parent)?;
        let index = entries.iter().position(|(other, _)| *other == key)?;
        Some(entries.remove(index).1)
    }

    /// Replaces the value of a field or an item; `None` if it does not exist.
    pub fn replace(&mut self, pointer: &str, value: Self) -> Option<()> {
        *self.get_mut(pointer)? = value;
        Some(())
    }

    /// Sets a field of an object; `None` if the object does not exist.
    pub fn set(&mut self, pointer: &str, value: Self) -> Option<()> {
        let (parent, key) = split(pointer);
        let entries = self.entries_mut(parent)?;
        match entries.iter_mut().find(|(other, _)| *other == key) {
            Some((_, existing)) => *existing = value,
            None => entries.push((key, value)),
        }
        Some(())
    }

    /// The fields of an object.
    pub fn entries_mut(&mut self, pointer: &str) -> Option<&mut Vec<(String, Self)>> {
        match self.get_mut(pointer) {
            Some(Self::Object(entries)) => Some(entries),
            _ => None,
        }
    }

    /// The entries of a list.
    pub fn items_mut(&mut self, pointer: &str) -> Option<&mut Vec<Self>> {
        match self.get_mut(pointer) {
            Some(Self::List(items)) => Some(items),
            _ => None,
        }
    }

    /// The pointers of all objects that are not empty.
    pub fn non_empty_objects(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut stack = vec![(String::new(), self)];
        while let Some((pointer, tree)) = stack.pop() {
            match tree {
                Self::Object(entries) if !entries.is_empty() => {
                    stack.extend(entries.iter().map(|(key, value)| (join(&pointer, key), value)));
                    found.push(pointer);
                }
                Self::List(items) => {
                    stack.extend(items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
                }
                _ => {}
            }
        }
        found
    }
}
