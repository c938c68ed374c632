//! The pre-commit and CI files that `init` writes on request. `docs/ci.md` shows the same texts, and `tests/integrations` runs them,
//! or checks them with a linter for workflows.

/// The template of a file that `init` can write.
#[derive(Clone, Copy)]
pub(super) struct FileTemplate {
    /// Its path, relative to the current folder.
    pub file: &'static str,
    /// Shown after the file was written: what the user has to do, or what happens now.
    pub next_step: &'static str,
    /// The text of a new file.
    pub text: &'static str,
    /// The start of the text. It is left out of the text that a user adds to an existing file, which is assumed to have it.
    header: &'static str,
}

pub(super) const PRE_COMMIT: FileTemplate = FileTemplate {
    file: ".pre-commit-config.yaml",
    next_step: "run `pre-commit install` to check each commit",
    text: include_str!("init_templates/pre-commit.yaml"),
    header: "repos:\n",
};

pub(super) const GITHUB: FileTemplate = FileTemplate::new(
    ".github/workflows/portal-lint.yml",
    "add a checkout of portal-lint as `tools/portal-lint`, and set `paths` to the folders of your portals",
    include_str!("init_templates/github.yml"),
);

pub(super) const GITLAB: FileTemplate = FileTemplate::new(
    ".gitlab-ci.yml",
    "add a checkout of portal-lint as `tools/portal-lint`, and replace `portals` with the folders of your portals",
    include_str!("init_templates/gitlab.yml"),
);

impl FileTemplate {
    /// A template without a header.
    pub(super) const fn new(file: &'static str, next_step: &'static str, text: &'static str) -> Self {
        Self { file, next_step, text, header: "" }
    }

    /// The text to add to an existing file.
    pub(super) fn addition(&self) -> &'static str {
        self.text.strip_prefix(self.header).unwrap_or(self.text)
    }
}
