//! Projects with a `portal-lint.toml`: which settings apply, suppressions, include and exclude, and equal findings for a file however
//! it is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::json::{array, checked_files, field_texts, findings_of, text};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use serde_json::Value as Json;

/// `file code pointer severity-or-allowed` of each finding in the portals, from the JSON report.
fn findings(output: &Output) -> BTreeSet<String> {
    let report: Json =
        serde_json::from_str(&stdout(output)).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)));
    array(&report["diagnostics"]).iter().map(finding_line).collect()
}

/// One line of [`findings`], with the file of each label at the end.
fn finding_line(finding: &Json) -> String {
    let [file, code, pointer] = ["file", "code", "pointer"].map(|field| text(&finding[field]));
    let severity_or_source = finding["allowed"]["source"].as_str().unwrap_or_else(|| text(&finding["severity"]));
    let label_files = field_texts(&finding["labels"], "file");
    [&[file, code, pointer, severity_or_source], &label_files[..]].concat().join(" ")
}

/// The findings in the folder `portals`.
fn in_portals(findings: BTreeSet<String>) -> BTreeSet<String> {
    findings.into_iter().filter(|line| line.starts_with("portals/")).collect()
}

/// A copy of the fixture project.
fn copy_project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&repository("fixtures/project"), folder.path());
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in crate::support::entries(from) {
        let to = to.join(crate::support::file_name(&entry));
        if entry.is_dir() { copy_folder(&entry, &to) } else { fs::copy(&entry, &to).map(drop).expect("a file") }
    }
}

fn run(folder: &Path, args: &[&str]) -> Output {
    portal_lint(folder, args, &[])
}

fn check(folder: &Path, args: &[&str]) -> Output {
    run(folder, &[&["check", "--format", "json"], args].concat())
}

#[test]
fn the_findings_of_a_file_are_the_same_however_it_is_named() {
    let folder = copy_project();
    let folder = folder.path();
    let all = findings(&check(folder, &["."]));
    let expected = in_portals(all.clone());
    assert_eq!(in_portals(findings(&check(folder, &["portals"]))), expected);
    let mut names: Vec<String> = crate::support::entries(&folder.join("portals"))
        .iter()
        .map(|path| format!("portals/{}", crate::support::file_name(path)))
        .collect();
    assert_eq!(names.len(), 6);
    let mut combined = BTreeSet::new();
    for name in &names {
        let alone = in_portals(findings(&check(folder, &[name])));
        assert!(alone.iter().all(|line| line.starts_with(name.as_str())));
        let text = fs::read(folder.join(name)).expect("a file");
        let args = ["check", "--format", "json", "-", "--stdin-filename", name];
        assert_eq!(in_portals(findings(&portal_lint(folder, &args, &text))), alone, "{name}");
        combined.extend(alone);
    }
    assert_eq!(combined, expected);
    names.reverse();
    let backwards: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(in_portals(findings(&check(folder, &backwards))), expected);
    assert_eq!(findings(&check(folder, &backwards)), all);
}

#[test]
fn a_named_file_that_is_excluded_does_not_change_the_findings_of_others() {
    let folder = copy_project();
    let folder = folder.path();
    fs::copy(folder.join("portals/acme-main.json"), folder.join("drafts/later.json")).expect("copied");
    let alone = findings(&check(folder, &["portals/acme-main.json"]));
    let both = findings(&check(folder, &["drafts/later.json", "portals/acme-main.json"]));
    let (drafts, portals): (BTreeSet<String>, BTreeSet<String>) =
        both.into_iter().partition(|line| line.starts_with("drafts/"));
    assert_eq!(portals, alone);
    assert!(drafts.iter().any(|line| line.starts_with("drafts/later.json RCP001 /name error")), "{drafts:?}");
    assert_eq!(
        drafts,
        findings(&check(folder, &["drafts/later.json"]))
            .into_iter()
            .filter(|line| line.starts_with("drafts"))
            .collect()
    );
}

#[test]
fn used_unused_and_expired_suppressions_are_distinguished() {
    let folder = copy_project();
    let found = findings(&check(folder.path(), &["."]));
    let assert_has = |start: &str| assert!(found.iter().any(|line| line.starts_with(start)), "{start}: {found:#?}");
    assert_has("portals/acme-vip.json RCP016 /customer_permissions/subscription_cancel portal-lint.toml:");
    assert_has("portals/globex.yaml RCP017 /customer_permissions/salvage_transaction_process portals/globex.yaml:");
    assert_has("portals/globex-trial.jsonc RCP113 /customer_permissions/trial_cancel portals/globex-trial.jsonc:");
    assert_has("portal-lint.toml RCP911 /allow/2/rule warning");
    assert_has("portals/acme-recovery.json RCP017 /customer_permissions/salvage_transaction_process advice");
    assert_has("portal-lint.toml RCP912 /allow/3/rule warning");
    assert!(!found.iter().any(|line| line.contains("RCP022")), "off for staging: {found:#?}");
    // An allowance is only unused (RCP912) if its files were checked; an expired one (RCP911) is always reported.
    let alone = findings(&check(folder.path(), &["portals/globex.yaml"]));
    assert!(!alone.iter().any(|line| line.contains("RCP912")) && alone.iter().any(|line| line.contains("RCP911")));
    // `--no-allow` ignores suppressions.
    let audit = findings(&check(folder.path(), &["--no-allow", "."]));
    assert!(audit.iter().any(|line| line.starts_with("portals/acme-vip.json RCP016 ") && line.ends_with(" warning")));
    assert!(!audit.iter().any(|line| line.contains("RCP912")) && audit.iter().any(|line| line.contains("RCP911")));
}

#[test]
fn include_and_exclude_apply_to_walks_and_with_force_exclude_to_named_files() {
    let folder = copy_project();
    let folder = folder.path();
    let files = |args: &[&str]| -> Vec<String> {
        checked_files(&stdout_json(&check(folder, args))).into_iter().map(str::to_owned).collect()
    };
    assert!(!files(&["."]).iter().any(|name| name.starts_with("drafts/")));
    assert_eq!(files(&["drafts/later.json"]), ["drafts/later.json"]);
    let forced = run(folder, &["check", "--force-exclude", "drafts/later.json", "README.md"]);
    assert_eq!((exit_code(&forced), stdout(&forced).as_str()), (0, ""));
    assert_eq!(files(&["--force-exclude", "drafts/later.json", "portals/globex.yaml"]), ["portals/globex.yaml"]);
    // A file that matches `include` and is not a portal is a finding.
    fs::write(folder.join("portals/list.json"), "[]").expect("a file");
    assert!(findings(&check(folder, &["."])).iter().any(|line| line.starts_with("portals/list.json RCP903")));
    assert!(!findings(&check(folder, &["--force-exclude", "portals/list.json"])).is_empty());
}

#[test]
fn unreadable_settings_exit_with_2_and_invalid_ones_with_1() {
    let folder = copy_project();
    let folder = folder.path();
    let missing = run(folder, &["check", "--config", "nowhere.toml", "portals"]);
    assert_eq!(exit_code(&missing), 2);
    assert!(stderr(&missing).contains("there is no settings file `nowhere.toml`"));
    fs::create_dir(folder.join("portals/deep")).expect("a folder");
    fs::create_dir(folder.join("portals/deep/portal-lint.toml")).expect("a folder");
    fs::copy(folder.join("portals/globex.yaml"), folder.join("portals/deep/g.yaml")).expect("copied");
    let broken = check(folder, &["portals/deep/g.yaml"]);
    assert_eq!(exit_code(&broken), 2);
    assert!(findings(&broken).iter().any(|line| line.starts_with("portals/deep/portal-lint.toml RCP900")));
    fs::write(folder.join("wrong.toml"), "[severity]\nself-cancle = \"off\"\n").expect("a file");
    let wrong = check(folder, &["--config", "wrong.toml", "portals/globex.yaml"]);
    assert_eq!(exit_code(&wrong), 1);
    assert!(findings(&wrong).iter().any(|line| line.starts_with("wrong.toml RCP913 /severity/self-cancle")));
    assert_eq!(exit_code(&run(folder, &["check", "--config", "wrong.toml", "--isolated", "."])), 2);
}

#[test]
fn the_nearest_settings_file_applies_and_is_not_merged() {
    let folder = copy_project();
    let folder = folder.path();
    fs::create_dir(folder.join("portals/own")).expect("a folder");
    fs::copy(folder.join("portals/acme-vip.json"), folder.join("portals/own/vip.json")).expect("copied");
    let same_name = |found: BTreeSet<String>| found.iter().any(|line| line.contains("vip.json RCP001 "));
    assert!(same_name(findings(&check(folder, &["portals/own/vip.json"]))));
    fs::write(folder.join("portals/own/portal-lint.toml"), "").expect("a file");
    let own = findings(&check(folder, &["portals/own/vip.json"]));
    assert!(
        !same_name(own.clone()) && own.iter().any(|line| line.contains("RCP016") && line.contains("warning")),
        "{own:#?}"
    );
    assert!(!same_name(findings(&check(folder, &["."]))));
}

#[test]
fn verbose_prints_each_setting_with_its_source() {
    let folder = copy_project();
    let errors = stderr(&run(folder.path(), &["check", "--verbose", "portals/globex.yaml"]));
    assert!(errors.contains("  limits.depth = 128 (default)\n"), "{errors}");
    assert!(errors.contains("  exclude = [\"drafts/**\"] (portal-lint.toml:2)\n"), "{errors}");
    let errors = stderr(&run(folder.path(), &["check", "--verbose", "--isolated", "portals/globex.yaml"]));
    assert!(errors.starts_with("--isolated: settings files are ignored"), "{errors}");
}

#[test]
fn init_writes_settings_that_cause_no_findings_and_overwrites_none() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(repository("fixtures/clean/create.yaml"), folder.path().join("a.portal.yaml")).expect("copied");
    assert_eq!(exit_code(&run(folder.path(), &["init"])), 0);
    assert_eq!(findings(&check(folder.path(), &["."])), BTreeSet::new());
    let again = run(folder.path(), &["init"]);
    assert_eq!(exit_code(&again), 2);
    assert!(stderr(&again).contains("already"));
}

#[test]
fn a_file_named_by_different_paths_is_checked_once() {
    let folder = copy_project();
    let folder = folder.path().canonicalize().expect("a folder");
    let vip = folder.join("portals/acme-vip.json");
    let absolute = vip.to_str().expect("text");
    let alone = findings(&check(&folder, &["portals/acme-vip.json"]));
    let twice = check(&folder, &["portals/acme-vip.json", absolute]);
    assert_eq!(findings(&twice).len(), alone.len(), "{:?}", findings(&twice));
    // The snapshot is not checked as a portal, no matter in which folder the walk starts.
    fs::write(folder.join("portal-lint.toml"), "include = [\"**/*.json\"]\naccount = \"revcent-account.json\"\n")
        .expect("a file");
    for (from, path) in [(folder.as_path(), "."), (folder.as_path(), absolute), (&*folder.join("drafts"), "..")] {
        let found = findings(&check(from, &[path]));
        assert!(!found.iter().any(|line| line.contains("RCP903")), "{path}: {found:?}");
    }
    let named = check(&folder, &["--account", folder.join("revcent-account.json").to_str().expect("text"), "."]);
    assert!(!findings(&named).iter().any(|line| line.contains("RCP903")));
}

#[test]
fn a_stdin_filename_in_a_missing_folder_belongs_to_its_project() {
    let folder = copy_project();
    let text = fs::read(folder.path().join("portals/acme-vip.json")).expect("a file");
    let args = ["check", "--format", "json", "-", "--stdin-filename", "portals/new/team/x.json"];
    let found = findings(&portal_lint(folder.path(), &args, &text));
    assert!(found.iter().any(|line| line.starts_with("portals/new/team/x.json RCP001 /name")), "{found:?}");
}

#[test]
fn named_settings_apply_to_their_folder_from_any_working_directory() {
    let folder = copy_project();
    let above = tempfile::tempdir().expect("a folder");
    let elsewhere = check(
        above.path(),
        &[
            "--config",
            folder.path().join("portal-lint.toml").to_str().expect("text"),
            folder.path().join("portals").to_str().expect("text"),
        ],
    );
    assert_eq!(exit_code(&elsewhere), 0, "{}", stdout(&elsewhere));
    assert!(findings(&elsewhere).iter().any(|line| line.contains("acme-vip.json RCP016") && line.contains("toml:")));
}

#[test]
fn invalid_settings_are_reported_when_no_portal_is_found() {
    let folder = copy_project();
    fs::write(folder.path().join("portal-lint.toml"), "include = [\"portls/**\"]\n[severty]\n").expect("a file");
    let output = check(folder.path(), &["."]);
    assert_eq!(exit_code(&output), 2);
    assert!(findings(&output).iter().any(|line| line.starts_with("portal-lint.toml RCP914 /severty")));
    let forced = run(folder.path(), &["check", "--force-exclude", "portals/globex.yaml"]);
    assert_eq!((exit_code(&forced), stdout(&forced).as_str()), (0, ""));
}

#[test]
fn verbose_masks_secrets() {
    let folder = copy_project();
    fs::write(
        folder.path().join("portal-lint.toml"),
        "api_key = \"CANARY-1\"\n# token = \"CANARY-2\"\n[x]\nsecret = 'CANARY-3'\n",
    )
    .expect("a file");
    let output = run(folder.path(), &["check", "--verbose", "portals/globex.yaml"]);
    assert!(
        !stdout(&output).contains("CANARY") && !stderr(&output).contains("CANARY"),
        "{}{}",
        stderr(&output),
        stdout(&output)
    );
}

#[test]
fn a_pattern_that_matches_nothing_is_reported_in_a_run_on_the_whole_project() {
    let settings = "include = [\"portals/**\", \"*.yaml\"]\nexclude = [\"drafts\", \"old\", \"portals/none/**\", \"portals/x\", \"gone/\"]\n";
    let folder = create_folder(&[
        ("portal-lint.toml", settings),
        ("portals/a.json", &clean_body()),
        ("portals/drafts/b.json", &clean_body()),
        ("portals/x/c.txt", ""),
        ("old/d.txt", ""),
    ]);
    let reported_patterns = |args: &[&str]| {
        let report = stdout_json(&check(folder.path(), args));
        let mut patterns = Vec::new();
        for finding in findings_of(&report, "RCP914") {
            patterns.push(format!("{} {}", text(&finding["severity"]), text(&finding["pointer"])));
        }
        patterns
    };
    let expected = ["advice /include/1", "error /exclude/0", "advice /exclude/2", "advice /exclude/4"];
    assert_eq!(reported_patterns(&["."]), expected);
    assert_eq!(reported_patterns(&[]), expected);
    for part in ["portals", "portals/a.json"] {
        assert_eq!(reported_patterns(&[part]), [""; 0], "{part}");
    }
}

#[test]
fn a_pattern_that_no_path_can_match_is_an_error() {
    for pattern in
        ["", ".", "./", "././a", "/", "//", "/a", "..", "../a", "a//b", "a/./b", "a/../b", "a/.", "a/..", "**/.", "!a"]
    {
        assert_eq!(pattern_findings(pattern), ["RCP914 error /exclude/0"], "{pattern}");
    }
    for pattern in ["a", "./a", "a/", "a/**", "a/**/", "./a/b//", "**/b/", "a/..b"] {
        assert!(!pattern_findings(pattern).iter().any(|finding| finding.contains("error")), "{pattern}");
    }
}

/// The findings about a pattern in a project with the file `a/b/c.portal.json`.
fn pattern_findings(pattern: &str) -> Vec<String> {
    let settings = format!("exclude = ['{pattern}']\n");
    let body = clean_body();
    let files = [("portal-lint.toml", settings.as_str()), ("a/b/c.portal.json", &body), ("d.portal.json", &body)];
    let report = stdout_json(&check(create_folder(&files).path(), &["."]));
    let findings = findings_of(&report, "RCP914");
    findings
        .iter()
        .map(|finding| format!("RCP914 {} {}", text(&finding["severity"]), text(&finding["pointer"])))
        .collect()
}

/// A pattern that matches nothing is reported once, no matter which entry it is in.
#[test]
fn patterns_of_overrides_and_decisions_that_match_nothing_are_reported_once() {
    let long = "a".repeat(5_000);
    let allow = |files: &str| {
        let entry = "[[allow]]\nrule = 'self-cancel'\nreason = 'VIP customers may cancel themselves'\n";
        format!("{entry}files = [{files}]\n")
    };
    let overrides = |files: &str| format!("[[overrides]]\nfiles = [{files}]\nseverity = {{ RCP112 = 'off' }}\n");
    for (settings, expected) in [
        (overrides("'drafts'"), vec!["RCP914 error /overrides/0/files/0"]),
        (overrides("'nothing/**', 'portals'"), vec!["RCP914 advice /overrides/0/files/0"]),
        (allow("'drafts'"), vec!["RCP914 error /allow/0/files/0"]),
        (allow(r"'a\*b'"), vec!["RCP914 error /allow/0/files/0"]),
        (allow("'!portals/**'"), vec!["RCP914 error /allow/0/files/0"]),
        (allow(&format!("'{long}'")), vec!["RCP914 error /allow/0/files/0"]),
        (allow("'nothing/**'"), vec!["RCP912 warning /allow/0/rule"]),
        (allow("'portals/**'"), vec!["RCP912 warning /allow/0/rule"]),
        (allow("'ignored/c.portal.json'"), vec![]),
    ] {
        let folder = create_folder(&[
            ("portal-lint.toml", &settings),
            ("portals/drafts/a.portal.json", &clean_body()),
            ("ignored/c.portal.json", &clean_body()),
            (".git/HEAD", ""),
            (".gitignore", "ignored/\n"),
        ]);
        let report = stdout_json(&check(folder.path(), &["."]));
        let mut reported = Vec::new();
        for finding in array(&report["diagnostics"]) {
            let [code, severity, pointer] = ["code", "severity", "pointer"].map(|key| text(&finding[key]));
            reported.push(format!("{code} {severity} {pointer}"));
        }
        assert_eq!(reported, expected, "{settings:.200}");
    }
}

/// A suppression is unused only if its rule ran on its files. The findings about suppressions have the severities of the settings.
#[test]
fn severities_apply_to_unused_suppressions() {
    let comment = "# portal-lint: allow-file self-cancel -- agreed with support\n";
    let body = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let entry = "[[allow]]\nrule = 'self-cancel'\nreason = 'agreed with support'\nfiles = ['portals/**']\n";
    let overrides =
        |files: &str, severity: &str| format!("[[overrides]]\nfiles = ['{files}']\nseverity = {{ {severity} }}\n");
    for (severities, in_settings, in_portal) in [
        (String::new(), Some("warning"), Some("warning")),
        ("[severity]\nself-cancel = 'off'\n".to_owned(), None, None),
        (overrides("portals/**", "self-cancel = 'off'"), None, None),
        (overrides("other/**", "self-cancel = 'off'"), Some("warning"), Some("warning")),
        ("[severity]\nRCP912 = 'off'\n".to_owned(), None, None),
        ("[severity]\nRCP912 = 'error'\n".to_owned(), Some("error"), Some("error")),
        (overrides("portals/**", "RCP912 = 'off'"), Some("warning"), None),
    ] {
        let folder = create_folder(&[
            ("portal-lint.toml", &format!("{severities}{entry}")),
            ("portals/a.portal.yaml", &format!("{comment}{body}")),
            ("other/b.portal.yaml", &body),
        ]);
        let report = stdout_json(&check(folder.path(), &["."]));
        let severity_in = |file: &str| {
            let unused = |finding: &&Json| finding["code"] == "RCP912" && finding["file"] == file;
            array(&report["diagnostics"]).iter().find(unused).map(|finding| text(&finding["severity"]).to_owned())
        };
        assert_eq!(severity_in("portal-lint.toml").as_deref(), in_settings, "{severities}");
        assert_eq!(severity_in("portals/a.portal.yaml").as_deref(), in_portal, "{severities}");
    }
}
