//! RCP903: the file holds a portal.

use crate::base::diagnostic::{Finding, Location};
use crate::model::portal::NotAPortal;
use crate::rules::context::FileContext;

/// Says what each stranger is instead.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    let non_portals = cx.non_portals;
    for &(document, span, non_portal) in non_portals {
        let place = Location { pointer: String::new(), span };
        if non_portal == NotAPortal::Template {
            let help = "check the file that is made from it, or call it `*.portal.*` to check it as it is";
            cx.report_in_document(document, Finding::new(place, "this is a template, not checked", help));
            continue;
        }
        let (is, help) = words(non_portal);
        cx.report_in_document(document, Finding::new(place, format!("this is no portal but {is}"), help));
    }
}

fn words(non_portal: NotAPortal) -> (String, &'static str) {
    let body = "check a file with the body of a CreateCustomerPortal call instead";
    match non_portal {
        NotAPortal::ListOfPortals => ("a list of portals".into(), "put each portal in a file of its own"),
        NotAPortal::PageOfPortals => {
            ("a page of a list of portals".into(), "fetch one portal with GetCustomerPortal and save that")
        }
        NotAPortal::Answer => ("RevCent's answer to a call that made or changed a portal".into(), body),
        NotAPortal::ErrorAnswer => ("an error that RevCent answered".into(), body),
        NotAPortal::OpenApi => ("an OpenAPI document".into(), body),
        NotAPortal::Template => ("a template".into(), body),
        NotAPortal::OtherObject => ("an object without a single field of a portal".into(), body),
        NotAPortal::Nothing => ("an empty document".into(), body),
        NotAPortal::Other("text") => ("a text".into(), body),
        NotAPortal::Other(word) => (word.trim_matches('`').into(), body),
    }
}
