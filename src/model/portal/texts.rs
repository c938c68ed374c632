//! The texts of a portal that customers read, for the preview.

use crate::model::portal::fields::{EmailKind, Portal};
use crate::syntax::cursor::Cursor;

/// The texts of one portal. Variables are not replaced by their values.
#[derive(Clone, Debug)]
pub struct PortalTexts {
    /// The name that customers see: the display name or, without one, the internal name.
    pub title: Option<String>,
    /// The confirmation email and the password reset email.
    pub emails: [EmailText; 2],
    /// The HTML of the footer.
    pub footer: Option<String>,
}

/// The texts of an email. `None` for what the portal does not set.
#[derive(Clone, Debug)]
pub struct EmailText {
    /// Which email it is.
    pub kind: EmailKind,
    /// The address of the sender.
    pub from: Option<String>,
    /// The name of the sender.
    pub from_name: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The body.
    pub html: Option<String>,
}

impl PortalTexts {
    /// Collects the texts of a portal.
    pub(crate) fn from_portal(portal: &Portal<'_>) -> Self {
        let emails = portal.emails().map(|email| EmailText {
            kind: email.kind,
            from: text_of(&email.from),
            from_name: text_of(&email.from_name),
            subject: text_of(&email.subject),
            html: text_of(&email.html),
        });
        let title = text_of(&portal.display_name).or_else(|| text_of(&portal.name));
        Self { title, emails, footer: text_of(&portal.htmls()[0].cursor) }
    }

    /// Masks the secrets in all texts.
    pub(crate) fn mask(&mut self, mask: &dyn Fn(String) -> String) {
        let Self { title, emails, footer } = self;
        let mut texts = vec![title, footer];
        for EmailText { from, from_name, subject, html, .. } in emails {
            texts.extend([from, from_name, subject, html]);
        }
        for text in texts.into_iter().flatten() {
            *text = mask(std::mem::take(text));
        }
    }
}

fn text_of(field: &Cursor<'_>) -> Option<String> {
    field.text().filter(|text| !text.is_empty()).map(str::to_owned)
}
