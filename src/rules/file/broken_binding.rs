//! RCP915: reports `[[portal]]` entries of the settings that cannot be used. While an entry is broken, nothing is known about the
//! portal that its file describes.

use crate::base::diagnostic::{Finding, Severity};
use crate::model::portal::ID_LENGTH;
use crate::rules::config_contexts::{BindingDefect, BindingsContext, BrokenBinding};
use crate::rules::wording::{pluralize, quote};
use crate::schema::PortalKind;

pub(crate) fn check_bindings(cx: &mut BindingsContext<'_>) {
    let broken = cx.facts;
    cx.report_each(broken.iter().collect(), binding_finding);
}

fn binding_finding(broken: &BrokenBinding) -> Finding {
    let (file, id) = (quote(&broken.file), quote(&broken.id));
    let (message, help) = describe_defect(&broken.defect, &file, &id);
    let finding = Finding::new(broken.location.clone(), message, help);
    match &broken.defect {
        // The file may have been deleted on purpose. A plan then lists the portal as an orphan.
        BindingDefect::MissingFile => finding.with_severity(Severity::Warning),
        BindingDefect::DuplicateFile(first) | BindingDefect::DuplicateId(first, _) => {
            finding.with_note(first.span, "first bound here")
        }
        _ => finding,
    }
}

/// The message and the help for a defect.
fn describe_defect(defect: &BindingDefect, file: &str, id: &str) -> (String, String) {
    match defect {
        BindingDefect::OutsideProject => {
            (format!("{file} is outside the project"), "use a file below the folder of the settings file".into())
        }
        BindingDefect::MissingFile => (
            format!("the bound file {file} does not exist"),
            "correct the path, or remove the entry if the file was deleted on purpose".into(),
        ),
        BindingDefect::SeveralPortals(count) => (
            format!("{file} has {}, and the entry has no `document`", pluralize(*count, "portal")),
            "add the number of the document as `document`; the first is 1".into(),
        ),
        BindingDefect::NoPortal(document) => (
            format!("document {document} of {file} is missing or is not a portal"),
            "use the number of a document with a portal; the first is 1".into(),
        ),
        BindingDefect::NotAPortal => {
            (format!("{file} is not a portal"), "use the path of the file with the create body of the portal".into())
        }
        BindingDefect::InvalidId => (
            format!("{id} is not the ID of a portal"),
            format!("write the ID as RevCent shows it: {ID_LENGTH} letters and digits"),
        ),
        BindingDefect::NotCreate(PortalKind::Export) => (
            format!("{file} is an export, and only a create body can be bound"),
            "bind the file with the create body of the portal".into(),
        ),
        BindingDefect::NotCreate(_) => {
            (format!("{file} is an edit, which names its portal in `customer_portal_id`"), "remove this entry".into())
        }
        BindingDefect::DuplicateFile(_) => {
            (format!("{file} is already bound to a portal"), "keep only one of the entries".into())
        }
        BindingDefect::DuplicateId(_, other) => (
            format!("the portal {id} is already bound to {}", quote(other)),
            "keep only the entry for the file that describes the portal".into(),
        ),
        BindingDefect::OtherObject(kind) => (
            format!("the account has {id} in its list of {}s, not of portals", kind.label()),
            "use the ID of a portal".into(),
        ),
        BindingDefect::OtherAccount(snapshot) => (
            format!("the portal {id} is in another account than {file}, that of {}", quote(snapshot)),
            "use the ID of the portal in the account of the file, or correct `[[environment]]`".into(),
        ),
        BindingDefect::UnknownId => (
            format!("the account has no portal {id}"),
            "use the ID of an existing portal, or update the account snapshot if this one is new".into(),
        ),
    }
}
