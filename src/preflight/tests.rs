//! A report with thousands of findings or portals is evaluated in linear time.

use crate::base::file::{Inclusion, InputFile, Origin, WalkMatch};
use crate::base::steps::assert_linear;
use crate::engine::run::check;
use crate::preflight::*;
use crate::settings::Settings;

#[test]
fn thousands_of_findings_of_one_item_are_evaluated_in_linear_time() {
    let text_of_len = |len: usize| {
        let mut text = "{\"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\"".to_owned();
        for number in 0..len / 10 {
            text.extend([", \"zz", &number.to_string(), "\": 1"]);
        }
        text + "}"
    };
    assert_linear("unknown fields", text_of_len, |text| {
        let report = check_text("a.json", text);
        let preflight = evaluate_report(&report);
        assert!(preflight.portals[0].other_findings.len() < 3, "the findings are in an item");
    });
}

#[test]
fn many_portals_in_one_file_are_evaluated_in_linear_time() {
    let portal = "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\ntracking_domain: x\nfooter_html: <b>x\n---\n";
    let text_of_len = |len: usize| portal.repeat(len / portal.len());
    assert_linear("portals", text_of_len, |text| {
        let report = check_text("a.yaml", text);
        let preflight = evaluate_report(&report);
        assert!(preflight.portals.len() > 10);
    });
}

fn check_text(name: &str, text: &str) -> Report {
    let origin = Origin::Memory(text.as_bytes().to_vec());
    let input = InputFile::new(name, origin, Inclusion::Explicit(WalkMatch::Included));
    check(vec![input], &Settings { with_preflight_facts: true, ..Settings::default() })
}
