//! RCP903: reports files and documents that contain no portal.

use crate::base::diagnostic::Finding;
use crate::model::portal::{MAX_WRAPPERS, NonPortal, NotAPortal};
use crate::rules::context::FileContext;
use crate::rules::wording::{closest_match, quote};

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for NonPortal { document, location, what, contains_portal } in cx.facts.non_portals {
        let (message, help) = if *contains_portal {
            describe_portal_inside(&location.pointer)
        } else {
            let (message, help) = describe_non_portal(what);
            (message, help.to_owned())
        };
        cx.report_in_document(*document, Finding::new(location.clone(), message, help));
    }
}

/// The message and the help for a portal inside a value that is not a known wrapper.
fn describe_portal_inside(pointer: &str) -> (String, String) {
    let pointer = quote(pointer);
    (format!("this is not a portal, but there is one at {pointer}"), format!("save only the value at {pointer}"))
}

/// The message and the help for a document that is not a portal.
fn describe_non_portal(what: &NotAPortal) -> (String, &'static str) {
    const CHECK_A_REQUEST: &str = "check a file with the body of a CreateCustomerPortal call instead";
    let (description, help) = match what {
        NotAPortal::OtherOperation(name) => return describe_other_operation(name),
        NotAPortal::NoBody => {
            return ("this call contains no portal".to_owned(), "put the portal in the `arguments` of the call");
        }
        NotAPortal::BadArguments => {
            let message = "the `arguments` of this call are neither an object nor JSON text".to_owned();
            return (message, "write the portal in `arguments` as an object");
        }
        NotAPortal::NoOperation => {
            let message = "this call does not name its operation".to_owned();
            return (message, "write `params` as an object with the `name` of the operation and its `arguments`");
        }
        NotAPortal::TwoBodies => {
            return ("this is a second portal in one call".to_owned(), "put each portal in its own call");
        }
        NotAPortal::TooManyWrappers => {
            let message = format!("the portal is inside more than {MAX_WRAPPERS} wrappers");
            return (message, "save only the portal");
        }
        NotAPortal::Template => {
            let help = "check the file that is generated from it, or rename it to `*.portal.*` to check it as it is";
            return ("this is a template, and templates are not checked".to_owned(), help);
        }
        NotAPortal::ListOfPortals => ("a list of portals", "put each portal in its own file"),
        NotAPortal::PageOfPortals => {
            ("one page of a list of portals", "fetch one portal with GetCustomerPortal, and save it")
        }
        NotAPortal::WriteResponse => ("RevCent's response to a call that created or changed a portal", CHECK_A_REQUEST),
        NotAPortal::ErrorResponse => ("an error response from RevCent", CHECK_A_REQUEST),
        NotAPortal::OpenApi => ("an OpenAPI document", CHECK_A_REQUEST),
        NotAPortal::OtherObject => ("an object with no portal fields", CHECK_A_REQUEST),
        NotAPortal::MarkdownWithoutData => {
            ("Markdown without a fenced block of JSON or YAML", "put the portal in a block that starts with ```json")
        }
        NotAPortal::Nothing => ("an empty document", CHECK_A_REQUEST),
        // Without the backticks around `true` and `false`.
        NotAPortal::Other(value_type) => (value_type.trim_matches('`'), CHECK_A_REQUEST),
    };
    (format!("this is not a portal: it is {description}"), help)
}

fn describe_other_operation(name: &str) -> (String, &'static str) {
    let help = match closest_match(name, ["CreateCustomerPortal", "EditCustomerPortal"]) {
        Some("CreateCustomerPortal") => "use `CreateCustomerPortal`",
        Some(_) => "use `EditCustomerPortal`",
        None => "use `CreateCustomerPortal` or `EditCustomerPortal`",
    };
    (format!("{} is not an operation that takes a portal", quote(name)), help)
}
