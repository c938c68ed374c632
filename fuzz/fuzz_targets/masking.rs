//! A secret is not in any output, whatever the text around it is. The key of the secret may be damaged by one byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint_fuzz::{check_file, render_all};

const CANARY: &str = "SEKRETzq7Xv81LmPw";

/// No output may contain the start or the end of the canary.
const PARTS: [&str; 2] = ["SEKRETzq7", "7Xv81LmPw"];

const KEYS: [&str; 4] = ["secret_key", "secretKey", "api_key", "smtp_password"];

/// What is between the key and the secret, without the part that the fuzzer writes.
const SEPARATORS: [&str; 4] = ["\": \"", "\":\"", ": ", ":\n  "];

fuzz_target!(|input: (u8, u8, u8, &str, &str)| {
    let (key, separator, damage, before, after) = input;
    let mut key = KEYS[usize::from(key) % KEYS.len()].as_bytes().to_vec();
    // The last letter may be missing or there twice, or the first one in upper case.
    match damage % 4 {
        0 => {}
        1 => drop(key.pop()),
        2 => key.push(key[key.len() - 1]),
        _ => key[0].make_ascii_uppercase(),
    }
    // A part of the canary in the fuzzer's own text would be no leak.
    if ["SEKRET", PARTS[1]].iter().any(|part| before.contains(part) || after.contains(part)) {
        return;
    }
    let key = String::from_utf8(key).expect("ASCII");
    let separator = SEPARATORS[usize::from(separator) % SEPARATORS.len()];
    let quote = if separator.starts_with('"') { "\"" } else { "" };
    let text = format!("{before}\n  {quote}{key}{separator}{CANARY}{quote}\n{after}");
    for name in ["a.portal.json", "a.portal.yaml"] {
        for output in render_all(&check_file(name, text.as_bytes())) {
            assert!(!PARTS.iter().any(|part| output.contains(part)), "{text}\n---\n{output}");
        }
    }
});
