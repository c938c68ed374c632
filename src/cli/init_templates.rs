//! The hook and CI files that `init` writes on request. The README shows the same texts, and `tests/integrations` runs them with
//! the programs that they are for.

/// A file that `init` can write.
pub(super) struct Starter {
    /// Its path, relative to the top folder of the repository.
    pub file: &'static str,
    /// What the user has to do next, or what happens next.
    pub next: &'static str,
    text: &'static str,
    /// The part that an existing file already has, so that it is left out of the text to add.
    header: &'static str,
}

pub(super) const PRE_COMMIT: Starter = Starter {
    file: ".pre-commit-config.yaml",
    next: "`pre-commit install` makes git run it before each commit",
    text: include_str!("init_templates/pre-commit.yaml"),
    header: "repos:\n",
};

pub(super) const GITHUB: Starter = Starter {
    file: ".github/workflows/portal-lint.yml",
    next: "it runs for `main` and for each pull request",
    text: include_str!("init_templates/github.yml"),
    header: "",
};

pub(super) const GITLAB: Starter = Starter {
    file: ".gitlab-ci.yml",
    next: "its report is shown in each merge request",
    text: include_str!("init_templates/gitlab.yml"),
    header: "",
};

impl Starter {
    /// The text of a new file. It pins the version of portal-lint that wrote it.
    pub(super) fn text(&self) -> String {
        self.text.replace("vVERSION", concat!("v", env!("CARGO_PKG_VERSION")))
    }

    /// The text to add to an existing file.
    pub(super) fn addition(&self) -> String {
        self.text().replacen(self.header, "", 1)
    }
}
