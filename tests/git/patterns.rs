//! Patterns of `.gitignore` files, fixed and random ones.

use std::fs;

use super::{Case, assert_cases, git, listed_files, walked_files};
use crate::support::program::create_folder;
use crate::support::random::RandomGenerator;

#[test]
fn patterns_match_as_in_git() {
    let cases: [Case; 11] = [
        (
            "ranges that end before they start, and escapes in brackets",
            &[
                (".gitignore", "[b-a].portal.json\n[\\]\\-c]1.portal.json\n[a-\n"),
                ("]1.portal.json", "{"),
                ("-1.portal.json", "{"),
            ],
            &[],
        ),
        ("folders after text", &[(".gitignore", "src/b**/e.*\nb**/c.portal.json\nd**/\n")], &[]),
        ("three stars", &[(".gitignore", "***/b.*\n")], &[]),
        ("a tab at the end", &[(".gitignore", "build\t\na.portal.json\t \n")], &[]),
        ("an escaped tab at the end", &[(".gitignore", "a.portal.json\\\t\n")], &[]),
        ("a backslash that escapes nothing", &[(".gitignore", "build\\/\nsrc\\\n\\/\na.portal.json\\\\/\n")], &[]),
        ("an exclamation mark without a pattern", &[(".gitignore", "build\na.portal.json\n!\n! \n!/\n")], &[]),
        ("classes of characters", &[(".gitignore", "f[[:digit:]].*\n[[:alpha:]].portal.json\n")], &[]),
        (
            "more classes of characters",
            &[
                (
                    ".gitignore",
                    "[[:graph:]][[:punct:]]*\nbuild/[[:print:]].*\ns[[:blank:]]*\nt[^[:space:]]*\n*[[:cntrl:]]\n",
                ),
                ("s 1.portal.json", "{"),
                ("t 1.portal.json", "{"),
                ("t1.portal.json", "{"),
            ],
            &[],
        ),
        ("braces are literal", &[(".gitignore", "{a,b}.portal.json\nsrc/{build\n"), ("{a,b}.portal.json", "{")], &[]),
        (
            "braces in brackets, and after a backslash",
            &[
                (".gitignore", "[[:digit:]{].portal.json\n\\{c}.portal.json\n[!]{]{x.portal.json\n[{.portal.json\n"),
                ("{.portal.json", "{"),
                ("{c}.portal.json", "{"),
                ("c.portal.json", "{"),
                ("1.portal.json", "{"),
                ("a{x.portal.json", "{"),
                ("{{x.portal.json", "{"),
                ("[{.portal.json", "{"),
            ],
            &[],
        ),
    ];
    assert_cases(&cases);
}

/// Each folder has other patterns, so one run of git and one of the program compare all of them.
#[test]
fn random_patterns_ignore_the_files_that_git_ignores() {
    const PARTS: [&str; 34] = [
        "a",
        "b",
        "d",
        "e",
        "*",
        "*",
        "**",
        "***",
        "/",
        "/",
        "**/",
        "/**",
        "?",
        "[ab]",
        "[!a]",
        "[a-d]",
        "[d-a]",
        "[]a]",
        "[\\]]",
        "[a-/]",
        "[[:alpha:]]",
        "[[:x:]]",
        "[",
        "]",
        "\\",
        "!",
        "-",
        " ",
        "1",
        ".*",
        ".portal.json",
        ".portal.json",
        "{",
        "}",
    ];
    const NAMES: [&str; 10] = ["a", "b", "d/a", "d/e/b", "e/d/a", "e/d/e/1", "[a]", "]1", "-", "{a}/a b"];
    let folder = create_folder(&[]);
    if !git(folder.path(), &["init", "-q", "."]) {
        return;
    }
    let mut random = RandomGenerator::new(21);
    for number in 0..500 {
        let patterns = folder.path().join(number.to_string());
        for name in NAMES {
            let file = patterns.join(format!("{name}.portal.json"));
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(file, "{").expect("a file");
        }
        let mut text = String::new();
        for _ in 0..=random.below(2) {
            for _ in 0..=random.below(6) {
                text.push_str(random.pick(&PARTS));
            }
            text.push('\n');
        }
        fs::write(patterns.join(".gitignore"), text).expect("a file");
    }
    let (expected, walked) = (listed_files(&folder, &[]), walked_files(&folder));
    if let Some(name) = expected.symmetric_difference(&walked).next() {
        let number = name.split('/').next().expect("a folder");
        panic!("{name}: {:?}", fs::read_to_string(folder.path().join(number).join(".gitignore")));
    }
}
