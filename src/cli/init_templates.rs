//! The hook and CI files that `init` writes on request. `docs/ci.md` shows the same texts, and `tests/integrations` runs them with
//! the programs that they are for.

/// A file that `init` can write.
#[derive(Clone, Copy)]
pub(super) struct Starter {
    /// Its path, relative to the top folder of the repository.
    pub file: &'static str,
    /// What the user has to do next, or what happens next.
    pub next: &'static str,
    /// The text of a new file.
    pub text: &'static str,
    /// The part that an existing file already has, so that it is left out of the text to add.
    header: &'static str,
}

pub(super) const PRE_COMMIT: Starter = Starter {
    file: ".pre-commit-config.yaml",
    next: "run `pre-commit install` to check each commit",
    text: include_str!("init_templates/pre-commit.yaml"),
    header: "repos:\n",
};

pub(super) const GITHUB: Starter = Starter {
    file: ".github/workflows/portal-lint.yml",
    next: "add a checkout of portal-lint as `tools/portal-lint`, and set `paths` to the folders of your portals",
    text: include_str!("init_templates/github.yml"),
    header: "",
};

pub(super) const GITLAB: Starter = Starter {
    file: ".gitlab-ci.yml",
    next: "add a checkout of portal-lint as `tools/portal-lint`, and replace `portals` with the folders of your portals",
    text: include_str!("init_templates/gitlab.yml"),
    header: "",
};

impl Starter {
    /// A file whose whole text is to be added if the file exists.
    pub(super) const fn whole(file: &'static str, next: &'static str, text: &'static str) -> Self {
        Self { file, next, text, header: "" }
    }

    /// The text to add to an existing file.
    pub(super) fn addition(&self) -> String {
        self.text.replacen(self.header, "", 1)
    }
}
