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
    /// Other names of fields, as letters and digits in lower case.
    synonyms: &'static [(&'static str, &'static str)],
}

const EMAIL_SYNONYMS: &[(&str, &str)] = &[
    ("body", "html"),
    ("bodyhtml", "html"),
    ("content", "html"),
    ("htmlbody", "html"),
    ("message", "html"),
    ("template", "html"),
    ("fromaddress", "from"),
    ("fromemail", "from"),
    ("sender", "from"),
    ("senderaddress", "from"),
    ("senderemail", "from"),
    ("sendername", "from_name"),
    ("subjectline", "subject"),
    ("title", "subject"),
    ("cc", "to_cc"),
    ("bcc", "to_bcc"),
];

const CONFIRM_EMAIL: &[&str] = &["customer_emails", "customer_account_confirm_email"];
const RESET_EMAIL: &[&str] = &["customer_emails", "customer_account_password_reset"];

#[rustfmt::skip]
const OBJECTS: [PortalObject; 7] = [
    PortalObject { path: &[], prefixes: &[], synonyms: &[
        ("active", "enabled"),
        ("isactive", "enabled"),
        ("isenabled", "enabled"),
        ("captcha", "recaptcha"),
        ("displaytitle", "display_name"),
        ("title", "display_name"),
        ("domain", "tracking_domain"),
        ("domainid", "tracking_domain"),
        ("trackingdomainid", "tracking_domain"),
        ("emails", "customer_emails"),
        ("filters", "customer_filters"),
        ("footer", "footer_html"),
        ("permissions", "customer_permissions"),
        ("portalname", "name"),
        ("customerportalname", "name"),
        ("portaldescription", "description"),
        ("smtp", "smtp_profile"),
        ("smtpid", "smtp_profile"),
        ("smtpprofileid", "smtp_profile"),
    ] },
    PortalObject { path: &["recaptcha"], prefixes: &["recaptcha", "captcha"], synonyms: &[
        ("key", "site_key"),
        ("publickey", "site_key"),
        ("privatekey", "secret_key"),
        ("secret", "secret_key"),
    ] },
    PortalObject { path: &["customer_permissions"], prefixes: &["customerpermissions", "permissions", "permission"], synonyms: &[] },
    PortalObject { path: &["customer_filters"], prefixes: &["customerfilters", "filters", "filter"], synonyms: &[
        ("campaignids", "campaign"),
        ("campaigns", "campaign"),
        ("shop", "third_party_shop"),
        ("shopids", "third_party_shop"),
        ("shops", "third_party_shop"),
        ("stores", "third_party_shop"),
        ("thirdpartyshops", "third_party_shop"),
    ] },
    PortalObject { path: &["customer_emails"], prefixes: &["customeremails"], synonyms: &[
        ("confirm", "customer_account_confirm_email"),
        ("confirmation", "customer_account_confirm_email"),
        ("confirmationemail", "customer_account_confirm_email"),
        ("confirmemail", "customer_account_confirm_email"),
        ("customeraccountconfirm", "customer_account_confirm_email"),
        ("passwordreset", "customer_account_password_reset"),
        ("passwordresetemail", "customer_account_password_reset"),
        ("reset", "customer_account_password_reset"),
        ("resetemail", "customer_account_password_reset"),
        ("customeraccountpasswordresetemail", "customer_account_password_reset"),
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

impl PortalObject {
    /// The field of the object with this name, or with a synonym of it. The name consists of letters and digits in lower case.
    fn find_field<'a>(&self, cx: &PortalContext<'a>, name: &str) -> Option<&'a str> {
        let synonym = self.synonyms.iter().find(|(synonym, _)| *synonym == name).map(|(_, field)| *field);
        for field in cx.schema_fields(cx.kind(), self.path) {
            let is_body_field = !matches!(field, "$schema" | "customer_portal_id");
            if is_body_field && (synonym == Some(field) || letters_and_digits(field).eq(name.chars())) {
                return Some(field);
            }
        }
        None
    }
}
