//! What is correct and safe, whatever the guide says of it: `RCP2xx`. One rule a file.

pub mod broken_html;
pub mod copied_access_code;
pub mod duplicate_key;
pub mod email_address;
pub mod free_mail_sender;
pub mod header_injection;
pub mod hidden_characters;
pub mod insecure_link;
pub mod secret_in_file;
pub mod unknown_shortcode;
pub mod yaml_ambiguous;
