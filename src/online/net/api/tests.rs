use super::*;

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
    ] {
        let Err(untold) = envelope(&reply(status, content_type, body)) else { panic!("{body}") };
        assert!(untold.0.contains(said), "{untold}");
    }
}

#[test]
fn only_an_error_that_speaks_of_the_thing_denies_it() {
    for (status, error_code, message, denies) in [
        (404, "not_found", "Kq7ZpW2mVx9LcT4bRn8D does not exist", true),
        (200, "", "Tracking domain not found", true),
        (404, "", "", true),
        (404, "not_found", "there is no such operation", false),
        (404, "not_found", "Route not found", false),
        (401, "invalid_api_key", "API key not found", false),
        (403, "no_permission", "", false),
        (500, "internal", "something broke", false),
    ] {
        let body = format!(r#"{{"code": 0, "error_code": "{error_code}", "message": "{message}"}}"#);
        let Ok(Envelope::Bad { denies: own, .. }) = envelope(&reply(status, "application/json", &body)) else {
            panic!("{body}")
        };
        assert_eq!(own, denies, "{body}");
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
    let text = r#"{ "servers": [{ "url": "https://evil.com" }], "paths": {
        "/v2/domains/{tracking_domain_id}": { "get": { "operationId": "GetTrackingDomain" } },
        "@evil.com/x": { "get": { "operationId": "GetCampaigns" } },
        "/all/{id}": { "get": { "operationId": "GetUserShops" } },
        "/portals": { "post": { "operationId": "GetCustomerPortals" } }
    } }"#;
    let paths = Paths::of_openapi(text, &base).unwrap();
    assert_eq!(paths.of(Operation::TrackingDomain, "a/../b"), "/domains/a%2F%2E%2E%2Fb");
    assert_eq!(paths.of(Operation::Campaigns, ""), "/campaigns");
    assert_eq!(paths.of(Operation::Shops, ""), "/user_shops");
    assert_eq!(paths.of(Operation::Portals, ""), "/customer_portals");
    assert!(Paths::of_openapi("[]", &base).is_err() && Paths::of_openapi("{", &base).is_err());
}
