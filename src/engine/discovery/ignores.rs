//! Which files git ignores, by the `.gitignore` files on the way to them.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::base::file::repository_root;
use crate::base::read::read_file;
use crate::engine::discovery::SKIPPED_DIRS;

/// No list of patterns has more bytes.
const MOST_BYTES: u64 = 8 << 20;

/// The `.gitignore` files from the root of the repository to where the walk is. Paths are matched in their absolute
/// form, whatever form they were named in.
pub(super) struct Ignores {
    named: PathBuf,
    absolute: PathBuf,
    files: Vec<(PathBuf, Gitignore)>,
}

impl Ignores {
    /// With those of the folders above, up to the root of the repository.
    pub(super) fn above(folder: &Path) -> Self {
        let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut ignores = Self { named: folder.to_owned(), absolute: absolute.clone(), files: Vec::new() };
        if let Some(root) = repository_root(&absolute) {
            let mut above: Vec<&Path> =
                absolute.ancestors().skip(1).take_while(|ancestor| ancestor.starts_with(root)).collect();
            above.reverse();
            for folder in above {
                ignores.push(folder);
            }
        }
        ignores
    }

    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.named).map_or_else(|_| path.to_owned(), |rest| self.absolute.join(rest))
    }

    /// Goes to a folder below the top, past all folders on the way.
    pub(super) fn go_to(&mut self, folder: &Path) {
        let folder = self.absolute(folder);
        *self = Self { named: std::mem::take(&mut self.named), ..Self::above(&self.absolute) };
        let mut way: Vec<&Path> =
            folder.ancestors().take_while(|ancestor| ancestor.starts_with(&self.absolute)).collect();
        way.reverse();
        for folder in way {
            self.push(folder);
        }
    }

    /// The walk goes into a folder; answers with its absolute path.
    pub(super) fn enter(&mut self, folder: &Path) -> PathBuf {
        let folder = self.absolute(folder);
        while self.files.last().is_some_and(|(base, _)| !folder.starts_with(base)) {
            self.files.pop();
        }
        self.push(&folder);
        folder
    }

    fn push(&mut self, folder: &Path) {
        let file = folder.join(".gitignore");
        // Git does not follow a link here, and neither does this.
        if file.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
            && let Ok(content) = read_file(&file, MOST_BYTES)
        {
            self.files.push((folder.to_owned(), patterns(folder, &content)));
        }
    }

    /// Whether a file or a folder on the way to it is ignored.
    pub(super) fn ignore_on_the_way(&mut self, path: &Path) -> bool {
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        let named_so =
            |folder: &&Path| folder.file_name().is_some_and(|name| SKIPPED_DIRS.iter().any(|never| name == *never));
        folders.iter().any(|folder| named_so(folder) || self.ignores(folder, true)) || self.ignores(path, false)
    }

    /// The nearest file that has a pattern for the path decides.
    pub(super) fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let path = self.absolute(path);
        let of_its_folders = self.files.iter().rev().filter(|(base, _)| path.starts_with(base));
        let decided =
            of_its_folders.map(|(_, gitignore)| gitignore.matched(&path, is_dir)).find(|found| !found.is_none());
        decided.is_some_and(|found| found.is_ignore())
    }
}

/// The patterns of one file. A line that is no pattern is left out, as git does.
fn patterns(folder: &Path, content: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
