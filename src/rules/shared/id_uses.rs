//! What the rules ask about all ids and keys of a body together. Of nearly every body it is all well, and then they need not ask
//! about each.

use crate::base::bytes::swar::is_alphanumeric;
use crate::model::portal::Portal;
use crate::rules::guidance::placeholder::made_up;
use crate::rules::wording::trim;
use crate::syntax::cursor::Cursor;

/// See the module. Variables are left out: their values are not known here.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    /// The site key and the secret key of reCAPTCHA, without white space around them, as far as something is there.
    pub keys: [Option<&'a str>; 2],
    /// One of the ids and keys cannot be a real one.
    pub has_made_up: bool,
    /// One of the ids has a character that no id has.
    pub has_strange: bool,
}

impl<'a> Ids<'a> {
    /// Those of a body.
    pub fn of(portal: &Portal<'a>) -> Self {
        let recaptcha = &portal.recaptcha;
        let keys = [recaptcha.site_key, recaptcha.secret_key];
        let mut ids = Self {
            keys: keys.map(|key| key.literal_text().map(trim).filter(|key| !key.is_empty())),
            has_made_up: false,
            has_strange: false,
        };
        ids.has_made_up = ids.keys.into_iter().flatten().any(|key| made_up(key).is_some());
        for id in portal.ids().iter().filter_map(Cursor::literal_text) {
            ids.has_made_up |= made_up(id).is_some();
            ids.has_strange |= !is_alphanumeric(id.as_bytes());
        }
        ids
    }
}
