//! RCP102: the name says something (guide, "Poor names").

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::wording::{bare, quote};

/// The guide's poor names and their like, as [`bare`] leaves them, by their first letter: nearly no name has any to be compared
/// with.
fn vague(first: char) -> &'static [&'static str] {
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

/// A name that any portal could have.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let name = cx.portal.name;
    let Some(text) = name.literal_text().filter(|text| !name.is_blank() && is_vague(text)) else { return };
    let message = format!("the name {} does not say what the portal is for", quote(text));
    let help = "name the portal after its purpose, such as \"Subscription Customer Portal\"";
    cx.report(Finding::new(name.location(), message, help));
}

/// Case, spaces, punctuation and a number at the end do not count.
fn is_vague(name: &str) -> bool {
    let words = name.trim_end_matches(|c: char| !c.is_alphabetic());
    let letters = bare(words);
    let Some(first) = letters.clone().next() else { return true };
    vague(first).iter().any(|vague| letters.clone().eq(vague.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_poor_names_and_their_like_are_vague() {
        for name in
            ["Portal", "Test", "Customer", "New Portal", "PORTAL 2", "new-portal #3", "TestPortal", " my  portal", "7"]
        {
            assert!(is_vague(name), "{name}");
        }
    }

    #[test]
    fn a_name_that_says_something_is_not() {
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
