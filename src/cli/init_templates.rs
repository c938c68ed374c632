//! The hook and CI files that `init` writes on request. The README shows the same texts, and `tests/integrations` hands them to
//! the programs they are for.

/// A file to start from.
pub(super) struct Starter {
    /// Its place, seen from the top folder of the repository.
    pub file: &'static str,
    /// What to do next.
    pub next: &'static str,
    text: &'static str,
    /// What has to be in the file only once, and is left out of what is to be added to another one.
    head: &'static str,
}

pub(super) const PRE_COMMIT: Starter = Starter {
    file: ".pre-commit-config.yaml",
    next: "`pre-commit install` makes git run it before each commit",
    text: include_str!("init_templates/pre-commit.yaml"),
    head: "repos:\n",
};

pub(super) const GITHUB: Starter = Starter {
    file: ".github/workflows/portal-lint.yml",
    next: "it runs for `main` and for each pull request",
    text: include_str!("init_templates/github.yml"),
    head: "",
};

pub(super) const GITLAB: Starter = Starter {
    file: ".gitlab-ci.yml",
    next: "its report is shown in each merge request",
    text: include_str!("init_templates/gitlab.yml"),
    head: "",
};

impl Starter {
    /// The text of a new file: it asks for the version that wrote it.
    pub(super) fn text(&self) -> String {
        self.text.replace("vVERSION", concat!("v", env!("CARGO_PKG_VERSION")))
    }

    /// What belongs into a file that is there already.
    pub(super) fn addition(&self) -> String {
        self.text().replacen(self.head, "", 1)
    }
}
