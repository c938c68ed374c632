//! RCP102: reports a name that any portal could have (guide, "Poor names").

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::{letters_and_digits, quote};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let name = cx.portal.name;
    let Some(text) = name.literal_text() else { return };
    // Another rule reports a blank name.
    if name.is_blank() || !is_vague(text) {
        return;
    }
    let message = format!("the name {} does not say what the portal is for", quote(text));
    let help = "name the portal after its purpose, such as \"Subscription Customer Portal\"";
    cx.report(Finding::new(name.location(), message, help));
}

/// Whether a name is vague. Letter case, white space, punctuation and a number at the end do not matter.
fn is_vague(name: &str) -> bool {
    let without_number = name.trim_end_matches(|c: char| !c.is_alphabetic());
    let letters = letters_and_digits(without_number);
    // The name is only a number, such as `7`.
    let Some(first) = letters.clone().next() else { return true };
    vague_names(first).iter().any(|vague| letters.clone().eq(vague.chars()))
}

/// The poor names of the guide and similar ones, in the form of [`letters_and_digits`]. They are grouped by their first letter,
/// so that a name is compared only with a few of them.
fn vague_names(first: char) -> &'static [&'static str] {
    match first {
        'c' => &["customer", "customers", "customerportalname"],
        'd' => &["demo", "demoportal"],
        'e' => &["example", "exampleportal"],
        'm' => &["myportal"],
        'n' => &["name", "new", "newportal"],
        'p' => &["placeholder", "portal", "portalname", "portals", "portaltest"],
        's' => &["sample", "sampleportal"],
        't' => &["tbd", "temp", "test", "testing", "testportal", "theportal", "todo"],
        'u' => &["unnamed", "unnamedportal", "untitled", "untitledportal"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poor_names_of_the_guide_and_similar_names_are_vague() {
        for name in
            ["Portal", "Test", "Customer", "New Portal", "PORTAL 2", "new-portal #3", "TestPortal", " my  portal", "7"]
        {
            assert!(is_vague(name), "{name}");
        }
    }

    #[test]
    fn names_with_a_meaning_are_not_vague() {
        for name in [
            "Main Customer Portal",
            "Subscription Portal",
            "Portal Acme",
            "Test Kitchen Co",
            "Demo Day Store",
            "Sample Sale Portal",
            "New Customer Portal",
            "Brand A",
            "Customer Portal",
            "Портал",
            "365 Club",
        ] {
            assert!(!is_vague(name), "{name}");
        }
    }
}
