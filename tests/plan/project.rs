//! A project with a snapshot of its account, and plans for it.

use std::path::Path;
use std::process::Output;

use portal_lint::base::date::Date;
use serde_json::{Value as Json, json};

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint_with_env, stdout_json};
use crate::support::repository;

/// The ID of the portal that `main.json` is bound to.
pub const ID: &str = "exD0myCXTaMte0mTOOY3";

/// A body without findings.
pub fn body() -> Json {
    serde_json::from_str(&clean_body()).expect("JSON")
}

/// The response of GetCustomerPortal for a portal with this body.
pub fn as_export(body: &Json, id: &str) -> Json {
    let mut export = body.clone();
    let fields = export.as_object_mut().expect("an object");
    fields.insert("id".into(), id.into());
    fields.insert("created_date_unix".into(), 1_763_769_600.into());
    for field in ["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"] {
        if let Some(id) = fields.get(field).cloned() {
            fields.insert(field.into(), json!({ "id": id, "name": "a name" }));
        }
    }
    if let Some(lists) = fields.get_mut("customer_filters").and_then(Json::as_object_mut) {
        for list in lists.values_mut() {
            let ids = list.as_array().expect("a list").iter();
            *list = ids.map(|id| json!({ "id": id, "name": "a name" })).collect();
        }
    }
    let mut recaptcha = body["recaptcha"].clone();
    recaptcha.as_object_mut().expect("an object").remove("secret_key");
    if recaptcha["site_key"] == "${RECAPTCHA_SITE_KEY}" {
        recaptcha["site_key"] = "6LfAcmeSiteKey00000000000000000000000000".into();
    }
    export["recaptcha"] = recaptcha;
    export
}

/// A snapshot of today with these portals and everything that the clean body refers to.
pub fn snapshot(portals: &Json) -> Json {
    let text = std::fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let mut snapshot: Json = serde_json::from_str(&text).expect("JSON");
    snapshot["pulled"] = Date::today().to_string().into();
    snapshot["customer_portals"] = portals.clone();
    snapshot
}

/// The portal of a plan whose file has this name.
pub fn find<'p>(plan: &'p Json, file: &str) -> &'p Json {
    let portals = plan["portals"].as_array().expect("a list");
    portals.iter().find(|portal| portal["file"] == file).unwrap_or_else(|| panic!("no {file}: {plan:#}"))
}

/// A project whose only file is bound to the only portal of the account.
pub fn bound(desired: &Json, account: &Json) -> PlanProject {
    PlanProject::new(&[("main.json", desired)], &binding("main.json", ID), &snapshot(&json!([account])))
}

/// The settings that bind a file to a portal.
pub fn binding(file: &str, id: &str) -> String {
    format!("[[portal]]\nfile = \"{file}\"\nid = \"{id}\"\n")
}

pub struct PlanProject(tempfile::TempDir);

impl PlanProject {
    /// Writes the files, the settings and the snapshot.
    pub fn new(files: &[(&str, &Json)], settings: &str, account: &Json) -> Self {
        let texts: Vec<(&str, String)> =
            files.iter().map(|(name, body)| (*name, serde_json::to_string_pretty(body).expect("JSON"))).collect();
        let settings = format!("account = \"revcent-account.json\"\n\n{settings}");
        let account = account.to_string();
        let mut all = vec![("portal-lint.toml", settings.as_str()), ("revcent-account.json", &account)];
        all.extend(texts.iter().map(|(name, text)| (*name, text.as_str())));
        Self(create_folder(&all))
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with_env(args, &[])
    }

    pub fn run_with_env(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        portal_lint_with_env(self.0.path(), &[&["plan", "--color", "never"], args].concat(), variables, b"")
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The plan as JSON.
    pub fn plan(&self, args: &[&str]) -> Json {
        stdout_json(&self.run(&[&["--format", "json"], args].concat()))
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.path().join(file)).expect("a file")
    }

    pub fn exit_code(&self, args: &[&str]) -> i32 {
        exit_code(&self.run(args))
    }
}
