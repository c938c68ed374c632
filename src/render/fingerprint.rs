//! Fingerprints: identifiers of findings that stay the same when lines move, for services that track findings from one commit
//! to the next.
//!
//! A fingerprint is a hash of the rule, the file, the document number, the JSON Pointer, and a counter of findings that share all
//! four. Lines and messages are not part of it, because both can change although the defect stays.

use std::collections::HashMap;

use crate::engine::report::Report;

/// Returns the fingerprint of each diagnostic of a report, in the order of the diagnostics: 16 hexadecimal digits, unique within
/// the report.
pub(super) fn fingerprint_diagnostics(report: &Report) -> Vec<String> {
    let mut fingerprinter = Fingerprinter::default();
    let mut fingerprints = Vec::with_capacity(report.diagnostics.len());
    for diagnostic in &report.diagnostics {
        let file = &report.file(diagnostic.file).name;
        let (code, document) = (diagnostic.code.to_string(), diagnostic.document.to_string());
        fingerprints.push(fingerprinter.next([&code, file, &document, &diagnostic.pointer]));
    }
    fingerprints
}

/// Returns the fingerprint of each check that was not completed, in the order of [`Report::not_completed`].
pub(super) fn fingerprint_not_completed(report: &Report) -> Vec<String> {
    let mut fingerprinter = Fingerprinter::default();
    let mut fingerprints = Vec::new();
    for (file, check) in report.not_completed() {
        let (code, document) = (check.code.to_string(), check.document.to_string());
        // A JSON Pointer is empty or starts with `/`, so this cannot be the fingerprint of a finding.
        fingerprints.push(fingerprinter.next([&code, &file.name, &document, "not completed"]));
    }
    fingerprints
}

/// Numbers the findings that have the same hash, so that their fingerprints differ.
#[derive(Default)]
struct Fingerprinter {
    occurrences: HashMap<u64, u64>,
}

impl Fingerprinter {
    fn next(&mut self, parts: [&str; 4]) -> String {
        let mut hash = FNV_OFFSET_BASIS;
        for part in parts {
            hash = hash_part(hash, part);
        }
        let occurrence = self.occurrences.entry(hash).or_default();
        *occurrence += 1;
        format!("{:016x}", hash_part(hash, &occurrence.to_string()))
    }
}

const FNV_OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// Adds a text to a 64-bit FNV-1a hash. Unlike the hashes of the standard library, FNV-1a is the same in every version of
/// Rust.
fn hash_part(mut hash: u64, part: &str) -> u64 {
    // The byte 0xFF never occurs in UTF-8. It separates the parts, so that "ab", "c" and "a", "bc" differ.
    for byte in part.bytes().chain([0xFF]) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_in_other_parts_have_another_hash() {
        let hash_pair = |first, second| hash_part(hash_part(FNV_OFFSET_BASIS, first), second);
        assert_ne!(hash_pair("ab", "c"), hash_pair("a", "bc"));
        // The definition of FNV-1a, applied to the separator alone.
        assert_eq!(hash_part(FNV_OFFSET_BASIS, ""), (FNV_OFFSET_BASIS ^ 0xFF).wrapping_mul(0x0100_0000_01b3));
    }
}
