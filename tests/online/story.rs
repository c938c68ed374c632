//! Three weeks of a merchant with two brands and two environments, as one text: every command, its output and its exit code.

use crate::support::json::array;
use std::fmt::Write as _;
use std::fs;

use serde_json::{Value as Json, json};

use super::environment::{TestEnv, account};
use crate::plan::project::{as_export, body};

const SETTINGS: &str = "include = [\"portals/**\"]\naccount = \"production.json\"\n\n[[environment]]\nfiles = \
    [\"portals/staging/**\"]\naccount = \"staging.json\"\n";

/// The accounts of the merchant: RevCent as the test server shows it.
struct Story {
    env: TestEnv,
    production: Json,
    staging: Json,
    text: String,
}

impl Story {
    fn new() -> Self {
        let mut production = account();
        let globex = json!({ "id": "qK57gdRzH4EI57OFDnbT", "name": "Globex subscriptions" });
        production["campaigns"].as_array_mut().expect("a list").push(globex);
        let env = TestEnv::new();
        fs::remove_file(env.folder.path().join("portal.json")).expect("a file");
        Self { env, production, staging: account(), text: String::new() }
    }

    fn tell(&mut self, text: &str) {
        writeln!(self.text, "\n{text}").expect("a string");
    }

    /// Runs a command, which must end with this code.
    fn run(&mut self, code: i32, args: &[&str]) {
        let is_online = args.contains(&"--online");
        if is_online {
            let shown = if args.contains(&"portals/staging") { &self.staging } else { &self.production };
            self.env.api.set("", shown.clone());
        }
        let run = if is_online { self.env.run(args) } else { self.env.run_offline(args) };
        assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
        writeln!(self.text, "\n$ portal-lint {}", args.join(" ")).expect("a string");
        // The mode of the API key is of no importance here.
        for line in run.out.lines().chain(run.err.lines()).filter(|line| !line.contains("live or a test key")) {
            writeln!(self.text, "{line}").expect("a string");
        }
        if code != 0 {
            writeln!(self.text, "(exit code {code})").expect("a string");
        }
    }

    /// Sends the requests of a plan for these files to RevCent. New portals get these IDs.
    fn submit(&mut self, paths: &[&str], new_ids: &[&str]) {
        let planned = self.env.run_offline(&[&["plan", "--format", "json"], paths].concat());
        let plan: Json = serde_json::from_str(&planned.out).expect("JSON");
        let mut new_ids = new_ids.iter();
        let account = if paths == ["portals/staging"] { &mut self.staging } else { &mut self.production };
        let portals = account["customer_portals"].as_array_mut().expect("a list");
        for request in array(&plan["portals"]) {
            let name = request["name"].as_str().unwrap_or_default();
            match request["operation"].as_str() {
                Some("CreateCustomerPortal") => {
                    let id = new_ids.next().expect("an id");
                    portals.push(as_export(&request["body"], id));
                    write!(self.text, "\n(CreateCustomerPortal: {name} is {id})\n").expect("a string");
                }
                Some(_) => {
                    let portal = portals.iter_mut().find(|portal| portal["id"] == request["id"]).expect("a portal");
                    for (field, value) in request["body"].as_object().expect("an object") {
                        if field != "customer_portal_id" {
                            portal[field] = value.clone();
                        }
                    }
                    write!(self.text, "\n(EditCustomerPortal: {name})\n").expect("a string");
                }
                None => {}
            }
        }
    }

    fn write(&self, file: &str, portal: &Json) {
        self.env.write(file, &format!("{}\n", serde_json::to_string_pretty(portal).expect("JSON")));
    }
}

/// A portal of a brand, for the customers of a campaign.
fn brand(name: &str, campaign: &str) -> Json {
    let mut portal = body();
    portal["name"] = format!("{name} Subscription Portal").into();
    portal["display_name"] = format!("My {name} Account").into();
    portal["description"] = format!("Subscribers of {name} update their cards and contact details here.").into();
    portal["customer_filters"]["campaign"] = json!([campaign]);
    portal["recaptcha"]["site_key"] = "6LfAcmeSiteKeyAbCdEfGhIjKlMnOpQrStUvWxYz".into();
    portal
}

#[test]
fn three_weeks_of_a_merchant_with_two_brands_and_two_environments() {
    let mut story = Story::new();
    let mut acme = brand("Acme", "P9dRk2XyM5vHs8LqT1Fz");
    story.env.write("portal-lint.toml", SETTINGS);
    story.write("portals/acme.json", &acme);
    story.write("portals/globex.json", &brand("Globex", "qK57gdRzH4EI57OFDnbT"));
    story.write("portals/staging/acme.json", &acme);

    story.tell("# Week 1: create\n\nThe files are new, and neither account has a portal.");
    let production = ["portals/acme.json", "portals/globex.json"];
    story.run(0, &["account", "pull", "--online", production[0], production[1]]);
    story.run(0, &["account", "pull", "--online", "portals/staging"]);
    story.run(0, &["plan", "portals"]);
    story.submit(&production, &["exD0myCXTaMte0mTOOY3", "wT4kQ8sLm2Zr6Yb1Vn9C"]);
    story.submit(&["portals/staging"], &["Zb4Nf8QwR2sXk6LmT0Vy"]);

    story.tell("The next day, the snapshots have the new portals, and the files are bound to them.");
    story.run(0, &["account", "pull", "--online", production[0], production[1]]);
    story.run(0, &["bind", "portals/acme.json", "exD0myCXTaMte0mTOOY3"]);
    story.run(0, &["bind", "portals/globex.json", "wT4kQ8sLm2Zr6Yb1Vn9C"]);
    story.run(0, &["account", "pull", "--online", "portals/staging"]);
    story.run(0, &["bind", "portals/staging/acme.json", "Zb4Nf8QwR2sXk6LmT0Vy"]);
    story.run(0, &["account", "pull", "--online", production[0], production[1]]);
    story.run(0, &["account", "pull", "--online", "portals/staging"]);
    story.run(0, &["plan", "--check", "portals"]);

    story.tell("The merchant looks at which customers have which portal.");
    story.run(0, &["matrix", production[0], production[1]]);

    story.tell(
        "# Week 2: change and drift\n\nAcme lets customers pay failed renewals. The change is tried in staging first.",
    );
    acme["customer_permissions"]["salvage_transaction_process"] = true.into();
    acme["description"] =
        "Subscribers of Acme update their cards and contact details, and pay failed renewals here.".into();
    story.write("portals/staging/acme.json", &acme);
    story.run(0, &["plan", "portals/staging"]);
    story.submit(&["portals/staging"], &[]);
    story.run(0, &["account", "pull", "--online", "portals/staging"]);
    story.write("portals/acme.json", &acme);
    story.submit(&["portals/acme.json"], &[]);

    story.tell(
        "Somebody lets the customers of Globex cancel, in RevCent, and sends copies of its confirmation emails, with the \
         code, to an agency. The nightly job notices it.",
    );
    let globex = |portal: &&mut Json| portal["name"] == "Globex Subscription Portal";
    let portals = story.production["customer_portals"].as_array_mut().expect("a list");
    let changed = portals.iter_mut().find(globex).expect("a portal");
    changed["customer_permissions"]["subscription_cancel"] = true.into();
    changed["customer_emails"]["customer_account_confirm_email"]["to_bcc"] = json!(["codes@agency.net"]);
    story.run(0, &["account", "pull", "--online", production[0], production[1]]);
    story.run(1, &["plan", "--check", production[0], production[1]]);
    story.run(0, &["check", "--format", "concise", production[0], production[1]]);
    story.tell("Neither was agreed, so the edit of the plan is submitted.");
    story.submit(&["portals/globex.json"], &[]);
    story.run(0, &["account", "pull", "--online", production[0], production[1]]);
    story.run(0, &["plan", "--check", production[0], production[1]]);

    story.tell("# Week 3: edit and retire\n\nThe Acme portal was reviewed and is enabled.");
    acme["enabled"] = true.into();
    story.write("portals/acme.json", &acme);
    story.run(0, &["plan", "portals/acme.json"]);
    story.submit(&["portals/acme.json"], &[]);

    story.tell(
        "The brand Globex is sold. Its file is deleted, and its portal becomes an orphan until it is deleted as well.",
    );
    fs::remove_file(story.env.folder.path().join("portals/globex.json")).expect("a file");
    story.run(0, &["account", "pull", "--online", "portals/acme.json"]);
    story.run(0, &["plan", "portals"]);
    let settings = story.env.read("portal-lint.toml");
    let entry = "[[portal]]\nfile = \"portals/globex.json\"\nid = \"wT4kQ8sLm2Zr6Yb1Vn9C\"\n\n";
    assert!(settings.contains(entry), "{settings}");
    story.env.write("portal-lint.toml", &settings.replace(entry, ""));
    story.production["customer_portals"]
        .as_array_mut()
        .expect("a list")
        .retain(|portal| portal["name"] != "Globex Subscription Portal");
    story.tell("The entry of the file is removed from the settings, and the portal is deleted in RevCent.");
    story.run(0, &["account", "pull", "--online", "portals/acme.json"]);
    story.run(0, &["plan", "--check", "portals"]);
    story.run(0, &["check", "portals"]);

    story.tell("The test of Acme in staging ends: the last file of that account is deleted.");
    fs::remove_file(story.env.folder.path().join("portals/staging/acme.json")).expect("a file");
    story.run(0, &["plan"]);
    insta::assert_snapshot!(story.text);
}
