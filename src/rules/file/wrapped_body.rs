//! RCP904: reports portals inside wrappers. Only the portal is checked, and it is what should be saved.

use crate::base::diagnostic::{Finding, Location};
use crate::model::portal::Wrapper;
use crate::rules::context::FileContext;
use crate::rules::wording::quote;
use crate::schema::PortalKind;

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for (document, wrapper) in cx.facts.wrappers {
        let location = Location { pointer: String::new(), span: wrapper.span };
        let message = format!("the portal is inside {}", describe_wrapper(wrapper));
        let help = "save only the portal, as `portal-lint render` prints it";
        cx.report_in_document(*document, Finding::new(location, message, help));
    }
}

/// "`params.arguments` of a CreateCustomerPortal call, as JSON text in a string".
fn describe_wrapper(wrapper: &Wrapper) -> String {
    let Wrapper { path, place, operation, .. } = wrapper;
    let mut description = match (path.as_str(), place.is_text) {
        ("", true) => return "a string".into(),
        ("", false) => return "a fenced block of Markdown".into(),
        (path, _) => quote(path),
    };
    let operation = match operation {
        Some(PortalKind::Create) => " of a CreateCustomerPortal call",
        Some(PortalKind::Edit) => " of an EditCustomerPortal call",
        Some(PortalKind::Export) | None => "",
    };
    description.push_str(operation);
    if place.is_text {
        description.push_str(", as JSON text in a string");
    }
    description
}
