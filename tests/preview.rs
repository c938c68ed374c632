//! `portal-lint preview`: the page shows the texts in frames that can do nothing, with the findings. What a browser does with it is
//! tested by `tests/integrations/preview.sh`.

use std::fs;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout};

fn preview(body: &str, args: &[&str]) -> String {
    let folder = create_folder(&[("portal.json", body)]);
    let output = portal_lint(folder.path(), &[&["preview", "portal.json"], args].concat(), b"");
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn each_text_is_shown_in_four_frames_with_the_code_filled_in() {
    let page = preview(&clean_body(), &[]);
    assert_eq!(page.matches("<iframe sandbox ").count(), 12, "{page}");
    assert!(page.contains("Your confirmation code is: &lt;strong&gt;482913&lt;/strong&gt;"), "{page}");
    assert!(page.contains("Acme Outfitters &lt;support@acme-outfitters.com&gt;"), "{page}");
    for text in ["<h2>Manage Your Acme Subscription</h2>", "Reset your Acme password", "Need help?"] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn findings_are_shown_with_their_text_and_their_place() {
    let body = clean_body().replacen("<strong>{{email_code}}</strong>", "<strong>{{ email_code }}</strong>", 1);
    let page = preview(&body, &["--select", "RCP012,RCP104"]);
    let (before, after) = page.split_once("RCP012").expect("a finding");
    assert!(
        before.contains("<h3>The confirmation email</h3>") && !before.contains("<h3>The password reset email</h3>")
    );
    assert!(before.ends_with("rules/") && after.contains("<h3>The password reset email</h3>"), "{page}");
    assert!(before.contains("<span class=\"place\">18:"), "{page}");
}

#[test]
fn text_cannot_leave_its_frame_and_links_are_renamed() {
    let hostile =
        r"</iframe><script>alert(1)</script><link rel=preconnect href=//x.example><img src=x onerror=alert(1)>\u202e";
    let body = clean_body().replacen("<p>Need help?", &format!("{hostile}<p>Need help?"), 1);
    let page = preview(&body, &[]);
    let own_script = page.rfind("<script>").expect("the script of the switch");
    assert_eq!((page.find("<script"), page.matches("</iframe>").count()), (Some(own_script), 12), "{page}");
    assert!(
        page.contains("&lt;x-link rel=preconnect") && page.contains("&#x202E;") && !page.contains('\u{202e}'),
        "{page}"
    );
    assert_eq!(page.matches("content=&quot;default-src 'none'; style-src 'unsafe-inline'&quot;&gt;").count(), 12);
}

#[test]
fn secrets_are_masked() {
    let secret = "canary-6LfSecret0000000000000000000000000";
    let body =
        clean_body().replace("${RECAPTCHA_SECRET_KEY}", secret).replace("Need help?", &format!("Need {secret}?"));
    assert!(!preview(&body, &[]).contains("canary"));
}

#[test]
fn the_page_is_written_to_a_file_that_is_not_a_portal() {
    let folder = create_folder(&[("portal.json", &clean_body())]);
    let written = portal_lint(folder.path(), &["preview", "portal.json", "--output", "preview.html"], b"");
    assert_eq!((exit_code(&written), stdout(&written)), (0, String::new()), "{}", stderr(&written));
    let page = fs::read_to_string(folder.path().join("preview.html")).expect("a page");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    let refused = portal_lint(folder.path(), &["preview", "portal.json", "--output", "portal.json"], b"");
    assert_eq!(exit_code(&refused), 2, "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(folder.path().join("portal.json")).expect("a portal"), clean_body());
}

#[test]
fn a_file_without_a_portal_has_its_findings_on_the_page() {
    let page = preview(r#"{"a": 1}"#, &[]);
    assert!(page.contains("RCP903") && !page.contains("<iframe"), "{page}");
}

#[test]
fn the_subject_has_the_example_code_and_output_accepts_a_format() {
    let subject = "Your code {{email_code}}";
    let mut body: serde_json::Value = serde_json::from_str(&clean_body()).expect("JSON");
    body["customer_emails"]["customer_account_confirm_email"]["subject"] = subject.into();
    let folder = create_folder(&[("main.json", &body.to_string())]);
    let written = portal_lint(folder.path(), &["preview", "--output", "html=page.html", "main.json"], b"");
    assert_eq!(exit_code(&written), 0, "{}", stderr(&written));
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    assert!(page.contains("<dd>Your code 482913</dd>"), "{page}");
}
