//! Rules about defects and security problems that the guide does not name: `RCP2xx`. One rule per file.

pub(crate) mod ambiguous_yaml;
pub(crate) mod broken_html;
pub(crate) mod copied_access_code;
pub(crate) mod duplicate_key;
pub(crate) mod free_mail_sender;
pub(crate) mod header_injection;
pub(crate) mod hidden_characters;
pub(crate) mod insecure_link;
pub(crate) mod invalid_email_address;
pub(crate) mod secret_in_file;
pub(crate) mod unknown_shortcode;
