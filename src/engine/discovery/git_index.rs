//! Reads the paths of the tracked files from the index of git, versions 2 to 4 (gitformat-index).
//!
//! The crate `gix-index` is not used, because it would add dozens of dependencies, and only the paths are needed.
//!
//! A split index contains only the changes to a shared index. The entries that it removes from the shared index are not read, so they
//! count as tracked.

/// The hash function that a repository identifies its objects by.
#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

/// What an index contains.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Index {
    /// The paths of its entries.
    pub paths: Vec<Vec<u8>>,
    /// The name of the file with the shared index, if this is a split index.
    pub shared_index: Option<String>,
}

/// Parses an index. `None` if it is not an index of these versions.
pub(super) fn parse_index(bytes: &[u8], hash: Hash) -> Option<Index> {
    let hash_len = match hash {
        Hash::Sha1 => 20,
        Hash::Sha256 => 32,
    };
    // An entry starts with two timestamps of 8 bytes, six numbers of 4 bytes, and the object's hash. The flags follow.
    let flags_offset = 40 + hash_len;
    let version = read_u32(bytes.strip_prefix(b"DIRC")?)?;
    let count = read_u32(bytes.get(8..)?)?;
    let mut entry = bytes.get(12..)?;
    let mut paths: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let flags = u16::from_be_bytes(entry.get(flags_offset..flags_offset + 2)?.try_into().ok()?);
        let is_extended = version >= 3 && flags & 0x4000 != 0;
        let path_offset = flags_offset + if is_extended { 4 } else { 2 };
        let after_flags = entry.get(path_offset..)?;
        let (path, len) = match version {
            2 | 3 => {
                let path = &after_flags[..memchr::memchr(0, after_flags)?];
                // The path is followed by 1 to 8 zero bytes, so that the length of the entry is a multiple of 8.
                (path.to_vec(), (path_offset + path.len() + 8) & !7)
            }
            4 => {
                // The number of bytes to remove from the end of the previous path, and the suffix to append.
                let (removed, number_len) = read_variable_number(after_flags)?;
                let suffix = after_flags.get(number_len..)?;
                let suffix = &suffix[..memchr::memchr(0, suffix)?];
                let previous = paths.last().map_or(&[][..], Vec::as_slice);
                let prefix = &previous[..previous.len().checked_sub(removed)?];
                ([prefix, suffix].concat(), path_offset + number_len + suffix.len() + 1)
            }
            _ => return None,
        };
        paths.push(path);
        entry = entry.get(len..)?;
    }
    Some(Index { paths, shared_index: find_shared_index(entry, hash_len) })
}

/// Finds the extension `link` after the entries. An extension consists of a name of 4 bytes, its length in 4 bytes, and its content.
fn find_shared_index(mut extensions: &[u8], hash_len: usize) -> Option<String> {
    loop {
        let (name, after_name) = extensions.split_at_checked(4)?;
        let (len, content) = after_name.split_at_checked(4)?;
        if name == b"link" {
            let hash = content.get(..hash_len)?;
            let digits: Vec<String> = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            return Some(format!("sharedindex.{}", digits.concat()));
        }
        extensions = content.get(usize::try_from(read_u32(len)?).ok()?..)?;
    }
}

fn read_u32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// Reads a number that is stored in groups of 7 bits, the most significant group first. Returns the number and its length in bytes. Each
/// byte except the last has the highest bit set. Each group except the last also adds one, so that every number has exactly one encoding.
fn read_variable_number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().enumerate() {
        number = number.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
        number = number.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_numbers_are_those_of_git() {
        for (bytes, number) in
            [(&[0][..], 0), (&[127], 127), (&[0x80, 0], 128), (&[0x81, 0x00], 256), (&[0x80, 0x80, 0], 16512)]
        {
            assert_eq!(read_variable_number(bytes), Some((number, bytes.len())));
        }
        assert_eq!(read_variable_number(&[0xff; 20]), None);
    }

    /// An index of version 4 with `build/a` and `build/bc`.
    fn index_of_two_files() -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x04\0\0\0\x02".to_vec();
        for path in [&b"\0build/a\0"[..], b"\x01bc\0"] {
            bytes.extend([0; 60]);
            bytes.extend([0, 8]);
            bytes.extend(path);
        }
        bytes
    }

    #[test]
    fn paths_share_prefixes_in_version_4() {
        let paths = vec![b"build/a".to_vec(), b"build/bc".to_vec()];
        assert_eq!(parse_index(&index_of_two_files(), Hash::Sha1), Some(Index { paths, shared_index: None }));
    }

    #[test]
    fn the_shared_index_is_named_after_other_extensions() {
        let mut bytes = index_of_two_files();
        bytes.extend(b"TREE\0\0\0\x02xylink\0\0\0\x14");
        assert_eq!(parse_index(&bytes, Hash::Sha1).unwrap().shared_index, None);
        bytes.extend([0xa1; 20]);
        let index = parse_index(&bytes, Hash::Sha1).unwrap();
        assert_eq!(index.shared_index, Some(format!("sharedindex.{}", "a1".repeat(20))));
    }

    #[test]
    fn an_incomplete_or_unknown_index_is_rejected() {
        let bytes = index_of_two_files();
        for end in 0..bytes.len() {
            assert_eq!(parse_index(&bytes[..end], Hash::Sha1), None, "{end}");
        }
        for version in [0, 1, 5] {
            let mut bytes = bytes.clone();
            bytes[7] = version;
            assert_eq!(parse_index(&bytes, Hash::Sha1), None);
        }
    }
}
