//! Finds where a field belongs that is in the wrong object or has the wrong name: `contact_modify` belongs in
//! `customer_permissions`, `recaptcha_site_key` in `recaptcha` as `site_key`, and `body` is `html`.

use crate::rules::context::PortalContext;
use crate::rules::wording::letters_and_digits;

/// An object of a portal whose fields people write in other objects or under other names.
struct PortalObject {
    /// The keys that lead to the object.
    path: &'static [&'static str],
    /// Prefixes of flat names, such as `recaptcha` in `recaptcha_site_key`. As letters and digits in lower case.
    prefixes: &'static [&'static str],
    /// Fields with other names for them, as letters and digits in lower case, separated by spaces.
    synonyms: &'static [(&'static str, &'static str)],
}

const EMAIL_SYNONYMS: &[(&str, &str)] = &[
    ("html", "body bodyhtml content htmlbody message template"),
    ("from", "fromaddress fromemail sender senderaddress senderemail"),
    ("from_name", "sendername"),
    ("subject", "subjectline title"),
    ("to_cc", "cc"),
    ("to_bcc", "bcc"),
];

const CONFIRM_EMAIL: &[&str] = &["customer_emails", "customer_account_confirm_email"];
const RESET_EMAIL: &[&str] = &["customer_emails", "customer_account_password_reset"];

#[rustfmt::skip]
const OBJECTS: [PortalObject; 7] = [
    PortalObject { path: &[], prefixes: &[], synonyms: &[
        ("enabled", "active isactive isenabled"),
        ("recaptcha", "captcha"),
        ("display_name", "displaytitle title"),
        ("tracking_domain", "domain domainid trackingdomainid"),
        ("customer_emails", "emails"),
        ("customer_filters", "filters"),
        ("footer_html", "footer"),
        ("customer_permissions", "permissions"),
        ("name", "portalname customerportalname"),
        ("description", "portaldescription"),
        ("smtp_profile", "smtp smtpid smtpprofileid"),
    ] },
    PortalObject { path: &["recaptcha"], prefixes: &["recaptcha", "captcha"], synonyms: &[
        ("site_key", "key publickey"),
        ("secret_key", "privatekey secret"),
    ] },
    PortalObject { path: &["customer_permissions"], prefixes: &["customerpermissions", "permissions", "permission"], synonyms: &[] },
    PortalObject { path: &["customer_filters"], prefixes: &["customerfilters", "filters", "filter"], synonyms: &[
        ("campaign", "campaignids campaigns"),
        ("third_party_shop", "shop shopids shops stores thirdpartyshops"),
    ] },
    PortalObject { path: &["customer_emails"], prefixes: &["customeremails"], synonyms: &[
        ("customer_account_confirm_email", "confirm confirmation confirmationemail confirmemail customeraccountconfirm"),
        ("customer_account_password_reset", "passwordreset passwordresetemail reset resetemail customeraccountpasswordresetemail"),
    ] },
    PortalObject {
        path: CONFIRM_EMAIL,
        prefixes: &["customeraccountconfirmemail", "confirmationemail", "confirmemail"],
        synonyms: EMAIL_SYNONYMS,
    },
    PortalObject {
        path: RESET_EMAIL,
        prefixes: &["customeraccountpasswordreset", "passwordresetemail", "passwordreset", "resetemail"],
        synonyms: EMAIL_SYNONYMS,
    },
];

/// Where a field belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FieldPlace<'a> {
    /// The keys that lead to the object; see [`is_each_email`](Self::is_each_email).
    pub path: &'static [&'static str],
    /// Whether the field belongs in both emails. The path is then that of the confirmation email.
    pub is_each_email: bool,
    /// The field.
    pub field: &'a str,
}

impl<'a> FieldPlace<'a> {
    /// The paths of the objects that the field belongs in.
    pub(crate) fn paths(&self) -> Vec<&'static [&'static str]> {
        if self.is_each_email { vec![CONFIRM_EMAIL, RESET_EMAIL] } else { vec![self.path] }
    }

    /// The field of the object at `path` that people call by the name `key`.
    pub(crate) fn find_synonym(cx: &PortalContext<'a>, path: &[&str], key: &str) -> Option<&'a str> {
        let object = OBJECTS.iter().find(|object| object.path == path)?;
        object.find_field(cx, &letters_and_digits(key).collect::<String>())
    }

    /// The place, in another object, of a field that the object at `path` does not have.
    pub(crate) fn find(cx: &PortalContext<'a>, path: &[&str], key: &str) -> Option<Self> {
        let name: String = letters_and_digits(key).collect();
        for object in OBJECTS.iter().filter(|object| object.path != path) {
            let is_email = object.path == CONFIRM_EMAIL || object.path == RESET_EMAIL;
            // Both emails have the same fields, so a field in an email does not belong in the other one.
            if is_email && path.len() == 2 {
                continue;
            }
            if let Some(field) = object.find_field(cx, &name) {
                return Some(Self { path: object.path, is_each_email: is_email, field });
            }
            for prefix in object.prefixes {
                let Some(name) = name.strip_prefix(prefix) else { continue };
                if let Some(field) = object.find_field(cx, name) {
                    return Some(Self { path: object.path, is_each_email: false, field });
                }
            }
        }
        None
    }
}

/// The path of a field that should be an object; `None` for any other field.
pub(crate) fn object_path(parent_path: &[&str], field: &str) -> Option<&'static [&'static str]> {
    let is_this = |path: &[&str]| path.split_last() == Some((&field, parent_path));
    OBJECTS.iter().map(|object| object.path).find(|path| is_this(path))
}

impl PortalObject {
    /// The field of the object with this name, or with a synonym of it. The name consists of letters and digits in lower case.
    fn find_field<'a>(&self, cx: &PortalContext<'a>, name: &str) -> Option<&'a str> {
        let synonym = self
            .synonyms
            .iter()
            .find(|(_, names)| names.split(' ').any(|synonym| synonym == name))
            .map(|(field, _)| *field);
        cx.schema_fields(cx.kind(), self.path).into_iter().find(|field| {
            let is_body_field = !matches!(*field, "$schema" | "customer_portal_id");
            is_body_field && (synonym == Some(*field) || letters_and_digits(field).eq(name.chars()))
        })
    }
}
