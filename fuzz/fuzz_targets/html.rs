//! The HTML checks end, and their findings have valid spans.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portal_lint_fuzz::{body_with_html, check_file, render_all};

fuzz_target!(|html: &str| {
    render_all(&check_file("a.json", body_with_html(html).as_bytes()));
});
