//! Where a field belongs that is in the wrong object or has another name: `contact_modify` in `customer_permissions`,
//! `recaptcha_site_key` in `recaptcha` as `site_key`, `body` as `html`.

use crate::rules::context::PortalContext;
use crate::rules::wording::letters_and_digits;

/// An object of a portal whose fields people write elsewhere or call by other names.
struct Place {
    /// The keys that lead to the object. An email stands for both.
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
const PLACES: [Place; 7] = [
    Place { path: &[], prefixes: &[], synonyms: &[
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
    Place { path: &["recaptcha"], prefixes: &["recaptcha", "captcha"], synonyms: &[
        ("key", "site_key"),
        ("publickey", "site_key"),
        ("privatekey", "secret_key"),
        ("secret", "secret_key"),
    ] },
    Place { path: &["customer_permissions"], prefixes: &["customerpermissions", "permissions", "permission"], synonyms: &[] },
    Place { path: &["customer_filters"], prefixes: &["customerfilters", "filters", "filter"], synonyms: &[
        ("campaignids", "campaign"),
        ("campaigns", "campaign"),
        ("shop", "third_party_shop"),
        ("shopids", "third_party_shop"),
        ("shops", "third_party_shop"),
        ("stores", "third_party_shop"),
        ("thirdpartyshops", "third_party_shop"),
    ] },
    Place { path: &["customer_emails"], prefixes: &["customeremails"], synonyms: &[
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
    Place {
        path: CONFIRM_EMAIL,
        prefixes: &["customeraccountconfirmemail", "confirmationemail", "confirmemail"],
        synonyms: EMAIL_SYNONYMS,
    },
    Place {
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

    /// The field of the same object that people call by this name.
    pub(crate) fn find_synonym(cx: &PortalContext<'a>, path: &[&str], key: &str) -> Option<&'a str> {
        let place = PLACES.iter().find(|place| place.path == path)?;
        place.find_field(cx, &letters_and_digits(key).collect::<String>())
    }

    /// The place of a field that the object at `path` does not have, in another object.
    pub(crate) fn find(cx: &PortalContext<'a>, path: &[&str], key: &str) -> Option<Self> {
        let word: String = letters_and_digits(key).collect();
        for place in PLACES.iter().filter(|place| place.path != path) {
            let is_email = place.path == CONFIRM_EMAIL || place.path == RESET_EMAIL;
            // In an email, a field of the other email is a field of this one.
            if is_email && path.len() == 2 {
                continue;
            }
            let at = |is_each_email, field| Self { path: place.path, is_each_email, field };
            if let Some(field) = place.find_field(cx, &word) {
                return Some(at(is_email, field));
            }
            for prefix in place.prefixes {
                let rest = word.strip_prefix(prefix).filter(|rest| !rest.is_empty());
                if let Some(field) = rest.and_then(|rest| place.find_field(cx, rest)) {
                    return Some(at(false, field));
                }
            }
        }
        None
    }
}

impl Place {
    /// The field with a name, given as letters and digits in lower case.
    fn find_field<'a>(&self, cx: &PortalContext<'a>, word: &str) -> Option<&'a str> {
        let mut fields = cx.schema_fields(cx.kind(), self.path);
        fields.retain(|field| *field != "$schema" && *field != "customer_portal_id");
        let synonym = self.synonyms.iter().find(|(name, _)| *name == word).map(|(_, field)| *field);
        let has_name = |field: &&str| synonym == Some(*field) || letters_and_digits(field).eq(word.chars());
        fields.into_iter().find(has_name)
    }
}
