//! A plan is made in linear time.

use crate::base::file::{Inclusion, InputFile, Origin};
use crate::base::steps::assert_linear;
use crate::engine::run::check;
use crate::plan::{Action, make_plan};
use crate::preflight::evaluate_report;
use crate::settings::Settings;
use crate::settings::environments::AccountSetting;

/// A portal in a file, whose name and campaign contain the number `#`.
const PORTAL: &str = "---\nname: A#\ntracking_domain: Kq7ZpW2mVx9LcT4bRn8D\ncustomer_filters: {campaign: [#C]}\n";

fn memory_file(name: &str, text: &str, inclusion: Inclusion) -> InputFile {
    InputFile::new(name, Origin::Memory(text.as_bytes().to_vec()), inclusion)
}

/// Plans for the portals of a file and an account with as many portals, and counts the portals with this action. `portal` is a portal
/// of the account.
fn count_actions(text: &str, portal: &str, action: Action) -> usize {
    let number = text.matches("---").count();
    let portals: Vec<String> = (0..number).map(|number| portal.replace('#', &format!("{number:019}"))).collect();
    let account =
        format!("{{\"version\": 1, \"pulled\": \"2026-11-21\", \"customer_portals\": [{}]}}", portals.join(", "));
    let mut settings = Settings { with_preflight_facts: true, with_plan: true, ..Settings::default() };
    let file = memory_file("account.json", &account, Inclusion::Internal);
    settings.projects[0].default_account = AccountSetting { file: Some(file), ..AccountSetting::default() };
    // A folder is among the paths, so that orphans are known.
    let report = check(vec![memory_file("a.yaml", text, Inclusion::ByName)], &settings);
    make_plan(&evaluate_report(&report)).count(action)
}

#[test]
fn portals_are_compared_with_those_of_the_account_in_linear_time() {
    let text_of_len =
        |len: usize| (0..len / PORTAL.len()).map(|number| PORTAL.replace('#', &format!("{number:019}"))).collect();
    for (name, portal, action) in [
        ("the same names", "{\"id\": \"#I\", \"name\": \"A#\", \"enabled\": false}", Action::Blocked),
        ("other names", "{\"id\": \"#I\", \"name\": \"B#\", \"enabled\": false}", Action::Orphan),
        (
            "renamed portals",
            "{\"id\": \"#I\", \"name\": \"B#\", \"tracking_domain\": {\"id\": \"Kq7ZpW2mVx9LcT4bRn8D\"}, \
             \"customer_filters\": {\"campaign\": [{\"id\": \"#C\"}]}}",
            Action::Orphan,
        ),
    ] {
        assert_linear(name, text_of_len, |text| assert!(count_actions(text, portal, action) > 0, "{name}"));
    }
}
