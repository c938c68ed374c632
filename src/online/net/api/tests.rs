use super::*;

/// Of whoever has no key to hide.
fn envelope(reply: &Reply) -> Result<Envelope, Unanswered> {
    super::envelope(reply, &Redactor::default())
}

fn reply(status: u16, content_type: &str, body: &str) -> Reply {
    Reply::of(status, content_type, body)
}

#[test]
fn the_code_decides_and_what_is_no_answer_says_so() {
    let good = r#"{"code": 1, "id": "x"}"#;
    assert!(matches!(envelope(&reply(500, "application/json", good)), Ok(Envelope::Good(_))));
    assert!(matches!(envelope(&reply(200, "", good)), Ok(Envelope::Good(_))));
    for (status, content_type, body, said) in [
        (302, "application/json", good, "sends elsewhere"),
        (200, "text/html", good, "answered with text/html, not JSON"),
        (200, "application/json", "{\"code\": 1", "what is no JSON"),
        (200, "application/json", "[]", "no object"),
        (200, "application/json", "{}", "without a `code`"),
        (200, "application/json", "{\"code\": 7}", "the unknown code 7"),
        (200, "application/json", "{\"code\": \"1\"}", "the unknown code \"1\""),
        (200, "application/json", "{\"code\": 1.0}", "the unknown code 1.0"),
    ] {
        let Err(untold) = envelope(&reply(status, content_type, body)) else { panic!("{body}") };
        assert!(untold.0.contains(said), "{untold}");
    }
}

#[test]
fn the_key_goes_nowhere_in_the_clear_but_to_this_machine() {
    for good in [
        "https://api.revcent.com/v2",
        "https://api.revcent.com/v2/",
        "http://127.0.0.1:8080/v2",
        "http://[::1]:1",
        "http://localhost:1/v2",
    ] {
        assert!(Base::of(good).is_ok(), "{good}");
    }
    for bad in [
        "http://api.revcent.com/v2",
        "http://127.0.0.1.evil.com",
        "https://user:pass@evil.com",
        "ftp://a.com",
        "api.revcent.com",
        "https://a.com/?x=",
        "https://a.com/#x",
        "http://localhost@evil.com",
        "",
    ] {
        assert!(Base::of(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_openapi_document_gives_paths_and_nothing_else() {
    let base = Base::of("https://api.revcent.com/v2").unwrap();
    let read = |text| OpenApi::read("openapi.json", text).unwrap();
    let text = r#"{ "servers": [{ "url": "https://evil.com" }], "paths": {
        "/v2/domains/{tracking_domain_id}": { "get": { "operationId": "GetTrackingDomain" } },
        "@evil.com/x": { "get": { "operationId": "GetCampaigns" } },
        "/all/{id}": { "get": { "operationId": "GetUserShops" } },
        "/portals": { "post": { "operationId": "GetCustomerPortals" } }
    } }"#;
    let paths = Paths::of_openapi(&read(text), &base).unwrap();
    assert_eq!(paths.of(Operation::TrackingDomain, "a/../b"), "/domains/a%2F%2E%2E%2Fb");
    assert_eq!(paths.of(Operation::Campaigns, ""), "/campaigns");
    assert_eq!(paths.of(Operation::Shops, ""), "/user_shops");
    assert_eq!(paths.of(Operation::Portals, ""), "/customer_portals");
    assert!(Paths::of_openapi(&read(r#"{"paths": {"/a": {"get": {"operationId": "GetNothing"}}}}"#), &base).is_err());
}

#[test]
fn the_key_is_covered_however_it_is_written() {
    const KEY: &str = "Canary/api+key-0123456789";
    let escaped: Vec<String> = KEY.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let escaped = escaped.concat();
    let cover = Redactor::of([KEY]);
    let lower = KEY.to_lowercase();
    for written in [KEY, &lower, &KEY.replace('/', "\\/"), &escaped, "canary%2Fapi%2Bkey%2D0123456789"] {
        let long = "x".repeat(150);
        for said in [format!("key {written} unknown"), format!("{long}{written}")] {
            let body = format!(r#"{{"code": 0, "error_code": "{written}", "message": "{said}"}}"#);
            let Ok(Envelope::Bad(Refusal { said, .. })) = super::envelope(&reply(401, "", &body), &cover) else {
                panic!("{body}")
            };
            assert!(said.0.contains("***") && !said.0.to_lowercase().contains("canary"), "{said}");
        }
        let decoded: String = serde_json::from_str(&format!("\"{written}\"")).unwrap();
        assert!(cover.finds(&decoded), "{written}");
        let body = format!(r#"{{"code": "{written}"}}"#);
        let Err(untold) = super::envelope(&reply(200, "", &body), &cover) else { panic!("{body}") };
        assert!(untold.0.contains("***") && !untold.0.to_lowercase().contains("canary"), "{untold}");
    }
    let html = reply(200, &format!("text/{lower}"), "x");
    let Err(untold) = super::envelope(&html, &cover) else { panic!("no answer") };
    assert!(untold.0.contains("text/***") && !untold.0.contains("canary"), "{untold}");
}

#[test]
fn an_answer_that_tells_nothing_of_the_thing_is_not_the_thing() {
    for (body, is_it) in [
        (r#"{"code": 1}"#, false),
        (r#"{"code": 1, "api_call_id": "x", "result": "ok"}"#, false),
        (r#"{"code": 1, "id": "other"}"#, false),
        (r#"{"code": 1, "results": []}"#, false),
        (r#"{"code": 1, "id": "own"}"#, true),
        (r#"{"code": 1, "name": "Acme"}"#, true),
    ] {
        let Ok(Envelope::Good(object)) = envelope(&reply(200, "", body)) else { panic!("{body}") };
        assert_eq!(!is_another(&object, "own"), is_it, "{body}");
    }
}
