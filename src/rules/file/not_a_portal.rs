//! RCP903: reports files and documents that contain no portal.

use crate::base::diagnostic::{Finding, Location};
use crate::model::portal::{NonPortal, NotAPortal};
use crate::rules::context::FileContext;

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for &NonPortal { document, span, what } in cx.non_portals {
        let location = Location { pointer: String::new(), span };
        let (message, help) = describe_non_portal(what);
        cx.report_in_document(document, Finding::new(location, message, help));
    }
}

/// The message and the help for a document that is no portal.
fn describe_non_portal(what: NotAPortal) -> (String, &'static str) {
    const CHECK_A_REQUEST: &str = "check a file with the body of a CreateCustomerPortal call instead";
    let (description, help) = match what {
        NotAPortal::Template => {
            let help = "check the file that is made from it, or call it `*.portal.*` to check it as it is";
            return ("this is a template, not checked".to_owned(), help);
        }
        NotAPortal::ListOfPortals => ("a list of portals", "put each portal in a file of its own"),
        NotAPortal::PageOfPortals => {
            ("a page of a list of portals", "fetch one portal with GetCustomerPortal and save that")
        }
        NotAPortal::WriteResponse => ("RevCent's answer to a call that made or changed a portal", CHECK_A_REQUEST),
        NotAPortal::ErrorResponse => ("an error that RevCent answered", CHECK_A_REQUEST),
        NotAPortal::OpenApi => ("an OpenAPI document", CHECK_A_REQUEST),
        NotAPortal::OtherObject => ("an object without a single field of a portal", CHECK_A_REQUEST),
        NotAPortal::Nothing => ("an empty document", CHECK_A_REQUEST),
        NotAPortal::Other("text") => ("a text", CHECK_A_REQUEST),
        // The names of types are code spans where a schema asks for them, such as `null`.
        NotAPortal::Other(value_type) => (value_type.trim_matches('`'), CHECK_A_REQUEST),
    };
    (format!("this is no portal but {description}"), help)
}
