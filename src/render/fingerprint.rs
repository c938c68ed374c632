//! A name for a finding that stays when lines move: for services that follow findings from one commit to the next.
//!
//! It is made of the rule, the file, the portal, the value's pointer, and the number of the finding among those that share
//! all four. Neither lines nor words are part of it: both change while the defect stays.

use std::collections::HashMap;

use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Report;

/// The fingerprint of each diagnostic of a report, in their order: 16 hexadecimal digits, different from one another.
pub(super) fn fingerprints(report: &Report) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut one = |diagnostic: &Diagnostic| {
        let file = &report.files[diagnostic.file].name;
        let (code, document) = (diagnostic.code.to_string(), diagnostic.document.to_string());
        let hash = [&code, file, &document, &diagnostic.pointer].into_iter().fold(START, |hash, part| add(hash, part));
        let number = seen.entry(hash).or_default();
        *number += 1;
        format!("{:016x}", add(hash, &number.to_string()))
    };
    report.diagnostics.iter().map(&mut one).collect()
}

/// The fingerprint of each check that was not completed, in their order. It is never one of a finding: no pointer is a word.
pub(super) fn fingerprints_of_not_completed(report: &Report) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut fingerprints = Vec::new();
    for (file, open) in report.not_completed() {
        let (code, document) = (open.code.to_string(), open.document.to_string());
        let hash = [&code, &file.name, &document, "not completed"].into_iter().fold(START, add);
        let number = seen.entry(hash).or_default();
        *number += 1;
        fingerprints.push(format!("{:016x}", add(hash, &number.to_string())));
    }
    fingerprints
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of 64 bits: the same on every machine and in every version, which the standard library's hashes do not promise.
fn add(hash: u64, part: &str) -> u64 {
    // No text holds 0xFF: it ends the part.
    let bytes = part.bytes().chain([0xFF]);
    bytes.fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_one_another() {
        assert_ne!(add(add(START, "ab"), "c"), add(add(START, "a"), "bc"));
        // As anybody's FNV-1a has it, the end mark included.
        assert_eq!(add(START, ""), (START ^ 0xFF).wrapping_mul(0x0100_0000_01b3));
    }
}
