//! The home folder of the user.

use std::env;
use std::path::PathBuf;

/// The home folder according to the environment. The user database of the system is not asked, because that can open a socket to a
/// name service.
pub(crate) fn home_folder() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}
