//! Portals: how they are detected in files, typed access to their fields, and the data about them that outlives their files.

mod body;
mod detect;
mod facts;
mod fields;
mod profile;
mod summary;
mod texts;
mod unwrap;

pub use body::BodyPlace;
pub(crate) use body::{Body, Wrapper};
pub(crate) use detect::has_portal_field;
pub use detect::{NonPortal, NotAPortal, detect_kind, is_broken_portal, is_portal_object, text_may_be_portal};
pub(crate) use facts::{Brand, FilterFact, PortalFacts, find_unfiltered_span};
pub use fields::{
    Email, EmailKind, Filter, FilterKind, Html, ID_LENGTH, PERMISSIONS, Portal, Recaptcha, has_id_length, is_id,
};
pub use profile::PortalProfile;
pub use summary::{PortalSummary, Variable};
pub use texts::{EmailText, PortalTexts};
pub use unwrap::MAX_WRAPPERS;
pub(crate) use unwrap::{Unwrapped, find_portal_inside, operation_in, operation_kind, operation_name, unwrap_bodies};
