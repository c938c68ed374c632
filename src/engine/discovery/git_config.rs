//! Reads the configuration of git (git-config(1)) from the files of the system, the user and the repository, and from the environment.
//!
//! `GIT_CONFIG_PARAMETERS` (`git -c`) and conditions of `includeIf` other than `gitdir` are not supported.

use std::env;
use std::path::{Path, PathBuf};
use std::str::Chars;

use crate::base::folders::{home_folder, resolve_symlinks};
use crate::base::pattern::{compile_pattern, escape_pattern};
use crate::base::read::read_file;

/// The name of a setting in lower case, such as `core.excludesfile`, and its value. A name without a value means true.
type Setting = (String, Option<String>);

/// The configuration of a repository.
pub(super) struct GitConfig {
    /// The settings in the order in which git reads them. If one occurs several times, its last value counts.
    settings: Vec<Setting>,
    /// The canonical path of the git directory, which conditions of `includeIf` are compared with.
    git_dir: PathBuf,
    /// How many more files may be read. Without a limit, two files that include each other would be read forever.
    files_left: u32,
}

impl GitConfig {
    /// Reads all files. `git_dir` is the git directory of the work tree, and `common_dir` that of the main work tree, which has the
    /// configuration of the repository. They differ only in a linked work tree.
    pub(super) fn read(git_dir: &Path, common_dir: &Path) -> Self {
        const MAX_FILES: u32 = 100;
        let mut config = Self { settings: Vec::new(), git_dir: resolve_symlinks(git_dir), files_left: MAX_FILES };
        if !env::var("GIT_CONFIG_NOSYSTEM").is_ok_and(|value| is_true(&value)) {
            config.add_file(&env::var_os("GIT_CONFIG_SYSTEM").map_or_else(|| "/etc/gitconfig".into(), PathBuf::from));
        }
        for file in user_files() {
            config.add_file(&file);
        }
        config.add_file(&common_dir.join("config"));
        if config.is_enabled("extensions.worktreeconfig") {
            config.add_file(&git_dir.join("config.worktree"));
        }
        config.add_environment();
        config
    }

    /// The value of a setting, whose name is given in lower case.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.last_value(name)?.as_deref()
    }

    /// Whether a setting is true.
    pub(super) fn is_enabled(&self, name: &str) -> bool {
        self.last_value(name).is_some_and(|value| value.as_deref().is_none_or(is_true))
    }

    fn last_value(&self, name: &str) -> Option<&Option<String>> {
        self.settings.iter().rev().find(|(setting, _)| setting == name).map(|(_, value)| value)
    }

    /// Adds the settings of a file and of those that it includes. A file that cannot be read has none.
    fn add_file(&mut self, file: &Path) {
        const MAX_BYTES: u64 = 8 << 20;
        if self.files_left == 0 {
            return;
        }
        self.files_left -= 1;
        let Ok(content) = read_file(file, MAX_BYTES) else { return };
        let folder = file.parent().unwrap_or(file);
        for (name, value) in parse_config(&String::from_utf8_lossy(&content)) {
            if self.is_include(&name, folder)
                && let Some(path) = value.as_deref().and_then(expand_home)
            {
                self.add_file(&folder.join(path));
            }
            self.settings.push((name, value));
        }
    }

    /// Whether a setting in a file in `folder` names a file to include: `include.path` or `includeIf.gitdir:PATTERN.path`.
    fn is_include(&self, name: &str, folder: &Path) -> bool {
        let Some(condition) = name.strip_prefix("includeif.").and_then(|name| name.strip_suffix(".path")) else {
            return name == "include.path";
        };
        match condition.split_once(':') {
            Some(("gitdir", pattern)) => matches_folder(pattern, folder, &self.git_dir.to_string_lossy()),
            Some(("gitdir/i", pattern)) => {
                let git_dir = self.git_dir.to_string_lossy().to_lowercase();
                matches_folder(&pattern.to_lowercase(), folder, &git_dir)
            }
            _ => false,
        }
    }

    /// Adds the settings of `GIT_CONFIG_COUNT`, `GIT_CONFIG_KEY_0`, `GIT_CONFIG_VALUE_0` and so on.
    fn add_environment(&mut self) {
        let count = env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(0_u32);
        for index in 0..count {
            let name = env::var(format!("GIT_CONFIG_KEY_{index}"));
            let value = env::var(format!("GIT_CONFIG_VALUE_{index}"));
            let (Ok(name), Ok(value)) = (name, value) else { return };
            self.settings.push((name.to_ascii_lowercase(), Some(value)));
        }
    }
}

/// Whether the git directory matches the pattern of a condition in a file in `folder`.
fn matches_folder(pattern: &str, folder: &Path, git_dir: &str) -> bool {
    let mut pattern = match (pattern.strip_prefix("./"), pattern.strip_prefix("~/")) {
        (Some(rest), _) => pattern_in_folder(folder, rest),
        (_, Some(rest)) => pattern_in_folder(&home_folder().unwrap_or_default(), rest),
        _ if Path::new(pattern).is_absolute() => pattern.to_owned(),
        _ => format!("**/{pattern}"),
    };
    if pattern.ends_with('/') {
        pattern.push_str("**");
    }
    compile_pattern(&pattern).is_ok_and(|pattern| pattern.is_match(git_dir))
}

/// The pattern for paths in a folder that match `rest`.
fn pattern_in_folder(folder: &Path, rest: &str) -> String {
    let folder = resolve_symlinks(folder);
    format!("{}/{rest}", escape_pattern(&folder.to_string_lossy()))
}

/// The files with the user's settings.
fn user_files() -> Vec<PathBuf> {
    match env::var_os("GIT_CONFIG_GLOBAL") {
        Some(file) => vec![file.into()],
        None => [user_folder().map(|folder| folder.join("config")), expand_home("~/.gitconfig")]
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// The folder of the user's files for git (XDG).
pub(super) fn user_folder() -> Option<PathBuf> {
    match env::var_os("XDG_CONFIG_HOME") {
        Some(folder) if !folder.is_empty() => Some(Path::new(&folder).join("git")),
        _ => expand_home("~/.config/git"),
    }
}

/// The path that a value names, which may start with `~/`. `None` if the home folder is needed and unknown.
pub(super) fn expand_home(path: &str) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(rest) => Some(home_folder()?.join(rest)),
        None => Some(PathBuf::from(path)),
    }
}

fn is_true(value: &str) -> bool {
    ["true", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.parse::<i64>().is_ok_and(|number| number != 0)
}

/// Parses the text of a file up to the first syntax error, for which git would reject the file.
fn parse_config(text: &str) -> Vec<Setting> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n") + "\n";
    let mut parser = Parser { chars: text.chars(), section: String::new() };
    let mut settings = Vec::new();
    while let Some(setting) = parser.next_setting() {
        settings.push(setting);
    }
    settings
}

struct Parser<'t> {
    chars: Chars<'t>,
    /// The current section, with its subsection after a dot.
    section: String,
}

impl Parser<'_> {
    /// Reads the next setting. `None` at the end of the text and at a syntax error.
    fn next_setting(&mut self) -> Option<Setting> {
        loop {
            match self.chars.next()? {
                '[' => self.section = self.read_section()?,
                '#' | ';' => self.skip_line(),
                c if c.is_ascii_alphabetic() => return self.read_setting(c),
                c if c.is_ascii_whitespace() => {}
                _ => return None,
            }
        }
    }

    fn skip_line(&mut self) {
        self.chars.find(|c| *c == '\n');
    }

    /// Reads the rest of a header after its `[`: `core]` or `includeIf "gitdir:~/shop/"]`.
    fn read_section(&mut self) -> Option<String> {
        let mut name = String::new();
        loop {
            match self.chars.next()? {
                ']' => return Some(name),
                ' ' | '\t' => break,
                c if is_name_character(c) || c == '.' => name.push(c.to_ascii_lowercase()),
                _ => return None,
            }
        }
        if self.chars.find(|c| !matches!(c, ' ' | '\t'))? != '"' {
            return None;
        }
        name.push('.');
        loop {
            match self.chars.next()? {
                '"' => return (self.chars.next()? == ']').then_some(name),
                '\n' => return None,
                '\\' => name.push(self.chars.next()?),
                c => name.push(c),
            }
        }
    }

    /// Reads a setting after the first character of its name.
    fn read_setting(&mut self, first: char) -> Option<Setting> {
        let mut name = format!("{}.{}", self.section, first.to_ascii_lowercase());
        let mut next = self.chars.next()?;
        while is_name_character(next) {
            name.push(next.to_ascii_lowercase());
            next = self.chars.next()?;
        }
        while matches!(next, ' ' | '\t') {
            next = self.chars.next()?;
        }
        match next {
            '\n' => Some((name, None)),
            '=' => Some((name, Some(self.read_value()?))),
            _ => None,
        }
    }

    /// Reads a value without the unquoted spaces at its start and end.
    fn read_value(&mut self) -> Option<String> {
        let mut value = String::new();
        // The length without the spaces that were read last.
        let mut trimmed_len = 0;
        let mut is_quoted = false;
        loop {
            match self.chars.next()? {
                '\n' if is_quoted => return None,
                '\n' => break,
                '#' | ';' if !is_quoted => {
                    self.skip_line();
                    break;
                }
                c if c.is_ascii_whitespace() && !is_quoted => {
                    if trimmed_len > 0 {
                        value.push(c);
                    }
                    continue;
                }
                '"' => is_quoted = !is_quoted,
                '\\' => match self.chars.next()? {
                    '\n' => {}
                    'n' => value.push('\n'),
                    't' => value.push('\t'),
                    'b' => value.push('\u{8}'),
                    c @ ('\\' | '"') => value.push(c),
                    _ => return None,
                },
                c => value.push(c),
            }
            trimmed_len = value.len();
        }
        value.truncate(trimmed_len);
        Some(value)
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excludes_files(text: &str) -> Vec<Option<String>> {
        let settings = parse_config(text).into_iter();
        settings.filter(|(name, _)| name == "core.excludesfile").map(|(_, value)| value).collect()
    }

    #[test]
    fn values_are_those_of_git() {
        for (text, expected) in [
            ("[core]\n\texcludesFile = ~/a # comment\n", "~/a"),
            ("\u{feff}[CORE]\r\n ExcludesFile = \"c d\" ; x\r\n", "c d"),
            ("[core]excludesfile=a b  \t", "a b"),
            ("[core]\nexcludesfile = \\\n a\\\\b\\\"\"#;\"", "a\\b\"#;"),
            ("[core] excludesfile =  \" a \"\n[x]", " a "),
            ("[core]\nexcludesfile", "None"),
            ("[core]\nexcludesfile =", ""),
        ] {
            let files = excludes_files(text);
            assert_eq!(files.len(), 1, "{text}");
            assert_eq!(files[0].as_deref().unwrap_or("None"), expected, "{text}");
        }
    }

    #[test]
    fn other_sections_comments_and_text_after_an_error_do_not_count() {
        for text in [
            "[user]\nexcludesfile = a",
            "[core \"x\"]\nexcludesfile = a",
            "[core]\n# excludesfile = a",
            "[core]\nx = a\\\nexcludesfile = a",
            "[core]\nexcludesfile = \"a\n",
            "[core]\nexcludesfile = a\\z\n",
            "[core\nexcludesfile = a",
            "[core x]\nexcludesfile = a",
            "[core \"\n\"]\nexcludesfile = a",
            "[core]\n= x\nexcludesfile = a",
        ] {
            assert_eq!(excludes_files(text), [], "{text}");
        }
    }

    #[test]
    fn a_condition_matches_the_folder_of_the_repository() {
        let folder = Path::new("/none/config");
        for pattern in ["/shop/", "/shop/a/.git", "shop/", "a/.git", "/s*/**/.git", "**/a/"] {
            assert!(matches_folder(pattern, folder, "/shop/a/.git"), "{pattern}");
        }
        for pattern in ["/other/", "/shop/a", "hop/", "./", "~/none/", "/*/.git"] {
            assert!(!matches_folder(pattern, folder, "/shop/a/.git"), "{pattern}");
        }
        assert!(matches_folder("./a/", folder, "/none/config/a/.git"));
        // Only the pattern may have wildcards, and not the folder of the file.
        assert!(matches_folder("./a*/", Path::new("/none/[config]"), "/none/[config]/ab/.git"));
    }
}
