//! The settings file that `init` writes: every setting with its default value, commented out.

/// The text of the file.
pub(crate) const TEMPLATE: &str = include_str!("template.toml");

/// Returns the template with all settings uncommented. Explanations (`# text`) stay comments.
pub(crate) fn active_template() -> String {
    let mut active = String::new();
    for line in TEMPLATE.lines() {
        // `#name = 1` is a setting, and `# Explanation` is not: only explanations have a space after the `#`.
        match line.strip_prefix('#') {
            Some(text) if !text.is_empty() && !text.starts_with(char::is_whitespace) => active.push_str(text),
            _ => active.push_str(line),
        }
        active.push('\n');
    }
    active
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::file::{Inclusion, InputFile, Origin};
    use crate::settings::project::{Project, SETTINGS_FILE};
    use std::path::PathBuf;

    fn read_project(text: &str) -> Project {
        let origin = Origin::Memory(text.into());
        let input = InputFile::new(SETTINGS_FILE, origin, Inclusion::Internal);
        Project::from_input(input, PathBuf::new())
    }

    #[test]
    fn the_template_is_valid_with_commented_and_with_active_settings() {
        for text in [TEMPLATE, &active_template()] {
            let findings = read_project(text).file.unwrap().findings;
            assert!(findings.is_empty(), "{findings:?}");
        }
    }

    #[test]
    fn the_template_does_not_change_defaults() {
        let (commented, active) = (read_project(TEMPLATE), read_project(&active_template()));
        assert!(commented.include.is_none() && commented.allows.is_empty() && commented.severities.is_empty());
        assert_eq!(active.allows.len(), 1);
        assert_eq!(format!("{:?}", commented.limits), format!("{:?}", active.limits));
    }
}
