//! The settings file that `init` writes: every setting with its usual value, as a comment.

/// Its text.
pub(crate) const TEMPLATE: &str = include_str!("template.toml");

/// The same with every setting in force.
pub(crate) fn in_force() -> String {
    let setting =
        |line: &'static str| line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
    TEMPLATE.lines().map(|line| setting(line).unwrap_or(line)).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::file::{Inclusion, InputFile, Origin};
    use crate::settings::project::{NAME, Project};
    use std::path::PathBuf;

    fn read(text: &str) -> Project {
        let origin = Origin::Memory(text.into());
        Project::of(InputFile { name: NAME.into(), origin, reason: Inclusion::Internal, project: 0 }, PathBuf::new())
    }

    #[test]
    fn as_written_it_changes_nothing_and_in_force_there_is_nothing_wrong_with_it() {
        for text in [TEMPLATE, &in_force()] {
            let raised = read(text).file.unwrap().raised;
            assert!(raised.is_empty(), "{raised:?}");
        }
        let (written, in_force) = (read(TEMPLATE), read(&in_force()));
        assert!(written.include.is_none() && written.allows.is_empty() && written.severities.is_empty());
        assert_eq!(in_force.allows.len(), 1);
        assert_eq!(format!("{:?}", written.limits), format!("{:?}", in_force.limits));
    }
}
