//! The home folder, the current folder, and paths without symlinks.

use std::env;
use std::path::{Path, PathBuf};

/// The home folder according to the environment. The user database of the system is not queried, because that can open a socket to a
/// name service.
pub(crate) fn home_folder() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The home folder of the user that runs the program, from `/etc/passwd`, because the environment can name any folder. `None` on
/// systems without that file or without `/proc`.
pub(crate) fn registered_home_folder() -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // The user of the process owns this folder.
        let user = std::fs::metadata("/proc/self").ok()?.uid();
        home_in_passwd(&std::fs::read_to_string("/etc/passwd").ok()?, user)
    }
    #[cfg(not(unix))]
    None
}

/// The home folder of a user in a text such as `/etc/passwd`: `name:password:user:group:comment:home:shell`.
#[cfg(unix)]
fn home_in_passwd(passwd: &str, user: u32) -> Option<PathBuf> {
    for line in passwd.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if let [_, _, id, _, _, home, ..] = fields[..]
            && id.parse() == Ok(user)
            && !home.is_empty()
        {
            return Some(PathBuf::from(home));
        }
    }
    None
}

/// The current folder without symlinks; empty if it no longer exists.
pub(crate) fn current_folder() -> PathBuf {
    Path::new(".").canonicalize().unwrap_or_default()
}

/// The absolute path without symlinks, or the path itself if it cannot be resolved.
pub(crate) fn resolve_symlinks(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use crate::base::folders::*;

    #[test]
    fn the_home_folder_of_a_user_is_found() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\nbroken\nacme:x:1001:1001:Acme, Inc.:/srv/acme:/bin/sh\nempty:x:7:7:::\n";
        assert_eq!(home_in_passwd(passwd, 1001), Some(PathBuf::from("/srv/acme")));
        assert_eq!(home_in_passwd(passwd, 7), None);
        assert_eq!(home_in_passwd(passwd, 1), None);
    }
}
