//! The path of a cursor: where a value is in a document.

use crate::syntax::NodeId;

/// The longest path a cursor keeps, that of `/tracking_domains/0/results/0/dns/status`. For a deeper value, the path ends
/// at this depth.
pub(super) const MAX_STEPS: usize = 6;

/// Whether there is a value at the place a cursor points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Present,
    /// The parent is an object that does not have the key.
    Missing,
    /// The parent is missing itself or has the wrong type, or parts of the document could not be read.
    Unreachable,
}

/// The place of a cursor, without the document. It is also valid in another document that has the same keys and values in
/// the same order.
#[derive(Clone, Copy, Debug)]
pub struct FieldPath<'k> {
    pub(super) presence: Presence,
    /// The number of used elements of `indices`.
    pub(super) depth: u8,
    /// The index of the entry at each level, from the root. If the value is not present, this path and the next three fields
    /// describe the closest parent that is present.
    pub(super) indices: [u32; MAX_STEPS],
    /// The value, with aliases resolved.
    pub(super) node: NodeId,
    /// The object or list that contains the value.
    pub(super) parent: Option<NodeId>,
    /// The index of the value in its parent.
    pub(super) index: u32,
    /// The key of a value that is not present.
    pub(super) missing_key: &'k str,
}
